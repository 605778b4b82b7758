"""The graph of a CountermodelView: elements as circles, binary relations and unary functions as arrows between them."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from math import cos, hypot, pi, sin
from typing import Any

from agentos_lab.logic import Structure

from .countermodel_world import Fact, Vocabulary, fact_text
from .picture import number
from .sketch_stage import Stage
from .text_metrics import fit, text_width, wrap

__all__ = ["LOOKS", "arrow_looks", "draw_graph"]

Point = tuple[float, float]
Box = tuple[float, float, float, float]
# Colour and dashes of the first, second, … symbol that has arrows.
LOOKS = (("ink", None), ("purple-text", "7 3"), ("sky-text", "2 3"), ("amber-text", "9 3 2 3"))
MOST_GHOSTS = 3  # elements up to which arrows that are not there are shown, pale, to be clicked
MOST_ELEMENTS = 10


def arrow_looks(vocabulary: Vocabulary) -> dict[str, tuple[str, str | None]]:
    """The symbols that are drawn as arrows, each with its colour and dashes."""
    relations = [name for name, arity in vocabulary.predicates.items() if arity == 2]
    steps = [name for name, arity in vocabulary.functions.items() if arity == 1]
    return {name: LOOKS[place % len(LOOKS)] for place, name in enumerate([*relations, *steps])}


def draw_graph(
    stage: Stage,
    box: Box,
    world: Structure,
    vocabulary: Vocabulary,
    marked: Collection[Fact],
    flips: Mapping[Fact, Mapping[str, Any]],
) -> None:
    """Draw the graph into a box; arrows answer by what `flips` sends, those of `marked` facts stand out."""
    x, y, width, height = box
    if world.size > MOST_ELEMENTS:
        stage.text(x, y + 20, fit(f"{world.size} elements are too many to draw", width), fill="quiet")
        return
    places, radius = element_places(world.domain, box)
    centre = (x + width / 2, y + height / 2)
    looks = arrow_looks(vocabulary)
    ghosts = len(looks) == 1 and world.size <= MOST_GHOSTS
    looped = set()
    for rank, (name, look) in enumerate(looks.items()):
        for fact in (fact for fact in flips if fact[0] == name):
            there = name in vocabulary.functions or fact[1] in world.predicates[name]
            if not (there or ghosts or fact in marked):
                continue
            start = fact[1][0]
            end = world.functions[name][fact[1]] if name in vocabulary.functions else fact[1][1]
            if start == end:
                looped.add(start)
            curve = arrow_curve(places[start], places[end], centre, radius, rank, world.size)
            draw_arrow(stage, curve, look, there, fact in marked)
            stage.track(curve_path(curve), hint(world, vocabulary, fact), flips[fact])
    for element, place in places.items():
        mine = any(element in args and len(args) == 1 and name in vocabulary.predicates for name, args in marked)
        named = any(not args and world.constants.get(name) == element for name, args in marked)
        stage.circle(*place, radius, fill="ground", stroke="blue" if mine or named else "ink",
                     thickness=3 if mine or named else 1.8)  # fmt: skip
        stage.text(place[0], place[1] + 4.5, fit(element, 2 * radius - 4), anchor="middle", weight=600)
        apart = min((hypot(place[0] - a, place[1] - b) for a, b in places.values() if (a, b) != place), default=0.0)
        room = max(96.0, min(apart, width / 2) - 8) if apart else width
        draw_label(stage, box, world, element, place, centre, radius, element in looped, room)


def hint(world: Structure, vocabulary: Vocabulary, fact: Fact) -> str:
    """What a place says of itself: the fact, and what a click does."""
    does = "change" if fact[0] in vocabulary.predicates else "next element"
    return f"{fact_text(world, vocabulary, fact)}: {does}"


def element_places(domain: tuple[str, ...], box: Box) -> tuple[dict[str, Point], float]:
    """Places on a ring, two side by side, and the radius of their circles."""
    x, y, width, height = box
    count = len(domain)
    radius = 26.0 if count <= 3 else 20.0 if count <= 5 else 15.0
    outside = 1.75 * radius + (18 if count > 2 else 4)
    across, down = max(24.0, width / 2 - outside), max(24.0, height / 2 - outside)
    if count == 1:
        across = down = 0.0
    first = pi if count == 2 else -pi / 2
    angles = [first + 2 * pi * place / count for place in range(count)]
    ring = min(across, down * 1.25)
    if count == 2:
        ring = min(across, 90.0)
    middle = (x + width / 2, y + height / 2 + (8 if count == 3 else 0))
    places = {
        e: (middle[0] + ring * cos(a), middle[1] + ring * 0.95 * sin(a)) for e, a in zip(domain, angles, strict=True)
    }
    return places, radius


def arrow_curve(start: Point, end: Point, centre: Point, radius: float, rank: int, size: int) -> tuple[Point, ...]:
    """The four points of an arrow's cubic curve, from circle to circle; a loop looks away from the centre."""
    if start == end:
        dx, dy = outwards(start, centre)
        reach, spread = radius * 2.5 + 10 * rank, 0.5

        def turned(angle: float, distance: float) -> Point:
            return (start[0] + distance * (dx * cos(angle) - dy * sin(angle)),
                    start[1] + distance * (dx * sin(angle) + dy * cos(angle)))  # fmt: skip

        return turned(-spread, radius), turned(-0.75, reach), turned(0.75, reach), turned(spread, radius + 1)
    dx, dy = end[0] - start[0], end[1] - start[1]
    length = hypot(dx, dy)
    bend = (0.34 if size == 2 else 0.16) + 0.16 * rank
    middle = ((start[0] + end[0]) / 2 + bend * dy, (start[1] + end[1]) / 2 - bend * dx)
    begin, finish = on_circle(start, middle, radius), on_circle(end, middle, radius + 1)
    share = 0.6 if length > 0 else 0
    return begin, between(begin, middle, share), between(finish, middle, share), finish


def outwards(place: Point, centre: Point) -> Point:
    """The direction away from the centre; upwards from the centre itself."""
    distance = hypot(place[0] - centre[0], place[1] - centre[1])
    return (0.0, -1.0) if distance < 12 else ((place[0] - centre[0]) / distance, (place[1] - centre[1]) / distance)


def on_circle(about: Point, towards: Point, radius: float) -> Point:
    """The point of a circle that lies towards another point."""
    length = hypot(towards[0] - about[0], towards[1] - about[1]) or 1.0
    return (about[0] + radius * (towards[0] - about[0]) / length, about[1] + radius * (towards[1] - about[1]) / length)


def between(one: Point, other: Point, share: float) -> Point:
    """A point on the way from one to the other."""
    return one[0] + share * (other[0] - one[0]), one[1] + share * (other[1] - one[1])


def curve_path(curve: tuple[Point, ...]) -> str:
    """The curve as an SVG path."""
    a, b, c, d = (f"{number(x)} {number(y)}" for x, y in curve)
    return f"M{a}C{b} {c} {d}"


def draw_arrow(stage: Stage, curve: tuple[Point, ...], look: tuple[str, str | None], there: bool, chosen: bool) -> None:
    """An arrow that is there, or the dashed ghost of one that is not; chosen ones in blue, or crossed out."""
    colour, dash = look
    if not there:
        colour, dash = ("vermilion", "3 4") if chosen else ("grey", "3 4")
    elif chosen:
        colour = "blue"
    thickness = 3.0 if there and chosen else 2.0 if there or chosen else 1.2
    stage.path(
        curve_path(curve),
        fill="none",
        stroke=colour,
        thickness=thickness,
        dash=dash,
        opacity=1 if there or chosen else 0.7,
    )
    if there:
        stage.head(curve[3], curve[2], colour, size=10)
    elif chosen:
        a, b, c, d = curve
        middle = ((a[0] + 3 * b[0] + 3 * c[0] + d[0]) / 8, (a[1] + 3 * b[1] + 3 * c[1] + d[1]) / 8)
        stage.circle(*middle, 8, fill="ground")
        stage.cross(*middle, reach=5)


def draw_label(
    stage: Stage,
    box: Box,
    world: Structure,
    element: str,
    place: Point,
    centre: Point,
    radius: float,
    looped: bool,
    room: float,
) -> None:
    """The constants that name an element and the properties that it has, beside it."""
    names = sorted(name for name, named in world.constants.items() if named == element and name != element)
    names += sorted(name for name, tuples in world.predicates.items() if (element,) in tuples)
    if not names:
        return
    lines = wrap(", ".join(names), room, 11) if world.size <= MOST_GHOSTS else [", ".join(names)]
    lines = [fit(line, room, 11) for line in [*lines[:1], " ".join(lines[1:])] if line]
    dx, dy = outwards(place, centre)
    sideways = abs(dx) > 0.9
    x = place[0]
    beyond = 1.85 * radius if looped and not sideways else radius
    y = place[1] - beyond + 7 - 13 * len(lines) if dy < -0.3 and not sideways else place[1] + beyond + 15
    wide = max(text_width(line, 11) for line in lines)
    x = min(max(x, box[0] + wide / 2), box[0] + box[2] - wide / 2)
    for row, line in enumerate(lines):
        stage.text(x, y + 13 * row, line, size=11, fill="quiet", anchor="middle")
