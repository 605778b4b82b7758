"""A structure as a small graph: elements are circles, relations arrows, functions dashed arrows, operations tables.

What has one argument stands beside the element, with the constants that name it; what has two is an arrow; a function
of two arguments is a table (row, then column); the rest is said in words underneath.
"""

from __future__ import annotations

from collections.abc import Collection
from math import cos, hypot, pi, sin
from typing import TYPE_CHECKING, Any

from .picture import INK, QUIET, SYMBOL_COLOURS, Arrow, Circle, Line, Picture, Point, Words

if TYPE_CHECKING:
    from .models import Structure

__all__ = ["graph", "picture", "plot", "svg"]

_RADIUS, _CELL, _MARGIN = 20, 26, 12
_MOST_ELEMENTS, _MOST_WORDS = 12, 60  # drawn; letters of a line


def svg(structure: Structure) -> str:
    """The structure as SVG."""
    return picture(structure).svg()


def plot(structure: Structure, ax: Any = None, mark: Collection[str] = ()) -> Any:
    """The structure drawn by matplotlib, on `ax` or in a new figure; `mark` names elements to colour."""
    from agentos_lab.figures import new_figure

    drawn = picture(structure, mark)
    if ax is None:
        title = f"A structure with {structure.size} element{'s' * (structure.size != 1)}"
        _, ax = new_figure(title, drawn.alt, width=max(3.2, drawn.width / 80), height=drawn.height / 80 + 0.5)
    drawn.draw(ax)
    return ax.get_figure(root=True)


def graph(structure: Structure) -> Any:
    """The structure as a `networkx.MultiDiGraph`; see `Structure.graph`."""
    import networkx

    made = networkx.MultiDiGraph()
    for element in structure.domain:
        made.add_node(element, constants=_constants(structure, element), predicates=_properties(structure, element))
    for symbol, kind, start, end in _edges(structure):
        made.add_edge(start, end, key=symbol, symbol=symbol, kind=kind)
    return made


def picture(structure: Structure, mark: Collection[str] = ()) -> Picture:
    """The structure laid out: the graph, the tables to its right, and what is left in words below."""
    alt = str(structure).replace("\n", "; ")
    if structure.size > _MOST_ELEMENTS:
        return _words_alone(structure, alt)
    edges = _edges(structure)
    colours = {symbol: SYMBOL_COLOURS[i % len(SYMBOL_COLOURS)] for i, symbol in enumerate(_symbols(edges))}
    ring = 0 if structure.size == 1 else max(52, structure.size * 24)
    labels = {e: _constants(structure, e) + _properties(structure, e) for e in structure.domain}
    widest = 7 * max(len(", ".join(label)) for label in labels.values())
    loops = {start for _, _, start, end in edges if start == end}
    around = _RADIUS + (46 if loops else 18)  # what stands around a circle: its loops, its labels
    half = (ring + around if structure.size > 1 else _RADIUS + 30) + widest
    centre = (_MARGIN + half, _MARGIN + (ring if structure.size > 2 else 0) + around)
    places = _around(structure.domain, centre, ring)
    shapes: list[Any] = [*_arrows(edges, places, centre, colours)]
    for element, place in places.items():
        marked = element in mark
        shapes.append(Circle(place, _RADIUS, "#d55e00" if marked else INK, "#fbe9df" if marked else "#ffffff"))
        shapes.append(Words(element, place, bold=True))
        if labels[element]:
            shapes.append(_label(", ".join(labels[element]), place, centre, element in loops))
    width, height = float(2 * centre[0]), float(2 * centre[1])
    tables, width, bottom = _tables(structure, width)
    legend, bottom = _legend(structure, edges, colours, max(height, bottom))
    shapes += [*tables, *legend]
    width = max([width, *(2 * _MARGIN + 7.2 * len(words.text) + 28 for words in legend if isinstance(words, Words))])
    return Picture(round(width), round(bottom + _MARGIN), shapes, alt)


def _words_alone(structure: Structure, alt: str) -> Picture:
    lines = [line if len(line) <= _MOST_WORDS else line[: _MOST_WORDS - 1] + "…" for line in str(structure).split("\n")]
    words = [Words(line, (_MARGIN, _MARGIN + 10 + 20 * row), anchor="start") for row, line in enumerate(lines)]
    return Picture(2 * _MARGIN + 8 * _MOST_WORDS, 2 * _MARGIN + 20 * len(lines), words, alt)


def _constants(structure: Structure, element: str) -> list[str]:
    return sorted(name for name, named in structure.constants.items() if named == element)


def _properties(structure: Structure, element: str) -> list[str]:
    return sorted(name for name, tuples in structure.predicates.items() if (element,) in tuples)


def _edges(structure: Structure) -> list[tuple[str, str, str, str]]:
    """(symbol, kind, start, end) for each pair of a binary predicate and each step of a unary function."""
    pairs = [
        (name, "predicate", *args)
        for name, tuples in sorted(structure.predicates.items())
        for args in sorted(tuples)
        if len(args) == 2
    ]
    steps = [
        (name, "function", *args, value)
        for name, table in sorted(structure.functions.items())
        for args, value in sorted(table.items())
        if len(args) == 1
    ]
    return [*pairs, *steps]


def _symbols(edges: list[tuple[str, str, str, str]]) -> list[str]:
    return list(dict.fromkeys(symbol for symbol, *_ in edges))


def _around(domain: tuple[str, ...], centre: Point, ring: float) -> dict[str, Point]:
    """Places on a circle: two side by side, more clockwise from the top."""
    count = len(domain)
    first = pi if count == 2 else -pi / 2
    angles = [first + 2 * pi * place / count for place in range(count)]
    return {e: (centre[0] + ring * cos(a), centre[1] + ring * sin(a)) for e, a in zip(domain, angles, strict=True)}


def _arrows(
    edges: list[tuple[str, str, str, str]], places: dict[str, Point], centre: Point, colours: dict[str, str]
) -> list[Arrow]:
    drawn: list[Arrow] = []
    used: dict[tuple[str, str], int] = {}
    pairs = {(start, end) for _, _, start, end in edges}
    for symbol, kind, start, end in edges:
        rank = used[start, end] = used.get((start, end), -1) + 1  # arrows between the same two bend more and more
        if start == end:
            points = _loop(places[start], centre, rank)
        else:
            bend = 0.0 if rank == 0 and (end, start) not in pairs else 0.16 + 0.14 * rank
            points = _bow(places[start], places[end], bend)
        drawn.append(Arrow(points, colours[symbol], kind == "function"))
    return drawn


def _bow(start: Point, end: Point, bend: float) -> tuple[Point, Point, Point, Point]:
    """A curve from circle to circle that leans to its left by `bend` of its length."""
    (x0, y0), (x1, y1) = start, end
    middle = ((x0 + x1) / 2 + 2 * bend * (y1 - y0) / 1.5, (y0 + y1) / 2 - 2 * bend * (x1 - x0) / 1.5)
    begin, finish = _towards(start, middle, _RADIUS), _towards(end, middle, _RADIUS + 1)
    return begin, _between(begin, middle), _between(finish, middle), finish


def _label(text: str, place: Point, centre: Point, looped: bool) -> Words:
    """What names and describes an element, on the side that looks away from the centre, beyond a loop."""
    dx, dy = _outwards(place, centre)
    distance = _RADIUS + (38 if looped else 12)
    anchor = "middle" if abs(dx) < 0.4 else "start" if dx > 0 else "end"
    return Words(text, (place[0] + distance * dx, place[1] + distance * dy), QUIET, anchor, 12)


def _loop(place: Point, centre: Point, rank: int) -> tuple[Point, Point, Point, Point]:
    """A loop on the side that looks away from the centre."""
    dx, dy = _outwards(place, centre)
    reach, spread = _RADIUS + 30 + 9 * rank, 0.55

    def turned(angle: float, distance: float) -> Point:
        x, y = dx * cos(angle) - dy * sin(angle), dx * sin(angle) + dy * cos(angle)
        return place[0] + distance * x, place[1] + distance * y

    return turned(-spread, _RADIUS), turned(-spread, reach), turned(spread, reach), turned(spread, _RADIUS + 1)


def _outwards(place: Point, centre: Point) -> Point:
    """The direction away from the centre; upwards from the centre itself."""
    distance = hypot(place[0] - centre[0], place[1] - centre[1])
    return (0.0, -1.0) if distance < 1 else ((place[0] - centre[0]) / distance, (place[1] - centre[1]) / distance)


def _towards(start: Point, end: Point, distance: float) -> Point:
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1.0
    return start[0] + distance * (end[0] - start[0]) / length, start[1] + distance * (end[1] - start[1]) / length


def _between(one: Point, other: Point) -> Point:
    return one[0] + (other[0] - one[0]) * 0.66, one[1] + (other[1] - one[1]) * 0.66


def _tables(structure: Structure, left: float) -> tuple[list[Any], float, float]:
    """The tables of the functions of two arguments, side by side; the right and the lower edge of all that."""
    shapes: list[Any] = []
    bottom, count = 0.0, structure.size
    for name, table in sorted(structure.functions.items()):
        if len(next(iter(table))) != 2:
            continue
        top, edge = _MARGIN + _CELL, left + _CELL
        shapes.append(Words(name, (left + _CELL / 2, top - _CELL / 2), bold=True))
        shapes += [
            Line((left, top), (edge + count * _CELL, top)),
            Line((edge, top - _CELL), (edge, top + count * _CELL)),
        ]
        for row, one in enumerate(structure.domain):
            y = top + (row + 0.5) * _CELL
            shapes.append(Words(one, (left + _CELL / 2, y), QUIET))
            shapes.append(Words(one, (edge + (row + 0.5) * _CELL, top - _CELL / 2), QUIET))
            for column, other in enumerate(structure.domain):
                shapes.append(Words(table[one, other], (edge + (column + 0.5) * _CELL, y)))
        left, bottom = edge + count * _CELL + 2 * _MARGIN, max(bottom, top + count * _CELL + _MARGIN)
    return shapes, left, bottom


def _legend(
    structure: Structure, edges: list[tuple[str, str, str, str]], colours: dict[str, str], top: float
) -> tuple[list[Any], float]:
    """Which arrow is which symbol, and in words what is neither circle nor arrow nor table; the lower edge of it."""
    shapes: list[Any] = []
    kinds = {symbol: kind for symbol, kind, *_ in edges}
    for symbol, colour in colours.items():
        y = top + 8
        curve = ((_MARGIN, y), (_MARGIN + 8, y), (_MARGIN + 14, y), (_MARGIN + 24, y))
        shapes.append(Arrow(curve, colour, kinds[symbol] == "function"))
        shapes.append(Words(symbol, (_MARGIN + 32, y), colour, "start", 12))
        top += 18
    for line in str(structure).split("\n")[1:]:
        symbol = line.split(" ")[0].split("(")[0]
        arity = structure.arity(symbol) if symbol in structure.predicates else None
        wordy = symbol in structure.predicates and (arity not in (1, 2) or not structure.predicates[symbol])
        if wordy or any(len(args) > 2 for args in list(structure.functions.get(symbol, ()))[:1]):
            shown = line if len(line) <= _MOST_WORDS else line[: _MOST_WORDS - 1] + "…"
            shapes.append(Words(shown, (_MARGIN, top + 8), QUIET, "start", 12))
            top += 18
    return shapes, top
