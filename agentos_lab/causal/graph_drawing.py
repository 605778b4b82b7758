"""A causal graph as a small picture (SVG): a role is a colour and a shape, two-headed edges are dashed.

Treatments are blue hexagons, outcomes vermilion double rings, what is given amber squares, unobserved variables
dashed purple circles; cut edges are pale and dotted. The same graph gives the same bytes.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator
from dataclasses import dataclass

from .edge_curve import Curve, Point, choose_bend
from .graph import CausalGraph, Names
from .graph_layout import layout

__all__ = ["RADIUS", "GraphPicture", "arrowhead", "draw_graph", "framed", "node_places", "node_shapes"]

# The meaning colours of `agentos_lab.figures`, which loads matplotlib; and their dark twins for text.
_INK, _GREY = "#1a1a1a", "#999999"
_BLUE, _VERMILION, _AMBER, _PURPLE = "#0072b2", "#d55e00", "#e69f00", "#cc79a7"
_DARK_AMBER, _DARK_VERMILION, _DARK_PURPLE = "#7a5300", "#a84a00", "#9c4678"

RADIUS = 20.0  # of a node, in pixels
_COLUMN, _ROW, _MARGIN = 104.0, 88.0, 16.0  # pixels
_HEAD, _GAP = 11.0, 3.0  # an arrowhead's length, and its distance from the node
_STRAIGHT_FIRST = (0.0, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.34, -0.34, 0.46, -0.46)
_BENT = (0.2, -0.2, 0.26, -0.26, 0.34, -0.34, 0.46, -0.46)
_LEAST_SAG = 34.0  # pixels between the middle of a two-headed edge and the straight line
_LETTER = 0.56  # mean advance of a letter, in font sizes; nothing is measured, so that all machines draw alike


@dataclass(frozen=True)
class GraphPicture:
    """A picture that shows itself in a notebook.

    Attributes:
        svg: The picture as SVG text.
        alt: What it shows, in words.
    """

    svg: str
    alt: str

    def _repr_svg_(self) -> str:
        return self.svg

    def __str__(self) -> str:
        return self.alt

    __repr__ = __str__


def draw_graph(
    graph: CausalGraph,
    *,
    treatments: Names = (),
    outcomes: Names = (),
    given: Names = (),
    latents: Names = (),
    marked: Names = (),
    cut_incoming: Names = (),
    cut_outgoing: Names = (),
) -> GraphPicture:
    """Draw a graph.

    Args:
        graph: The graph.
        treatments, outcomes, given, latents: The nodes' roles, at most one each.
        marked: Nodes to be drawn, with the edges between them, as a conflict (vermilion): a hedge, a path.
        cut_incoming, cut_outgoing: Nodes whose incoming or outgoing edges are drawn as cut.

    Raises:
        ValueError: An unknown name.
    """
    roles: dict[str, str] = {}
    named = {"latent": latents, "given": given, "outcome": outcomes, "treatment": treatments}
    for role, names in named.items():
        roles |= dict.fromkeys(graph.names(graph.mask(names)), role)
    in_conflict = set(graph.names(graph.mask(marked)))
    places = node_places(graph)
    left = _Left(set(graph.names(graph.mask(cut_incoming))), set(graph.names(graph.mask(cut_outgoing))))

    curves = _curves(graph, places)
    shapes: list[str] = []
    for (a, kind, b), curve in curves.items():
        conflict = a in in_conflict and b in in_conflict
        shapes += _edge(curve, kind, _VERMILION if conflict else _INK, left.has(a, kind, b))
    for name, place in places.items():
        shapes += node_shapes(name, place, roles.get(name, ""), _VERMILION if name in in_conflict else _INK)
    told = "; ".join(f"{', '.join(graph.names(graph.mask(names)))} {role}" for role, names in named.items() if names)
    alt = f"Causal graph: {graph}" + (f" ({told})" if told else "")
    return GraphPicture(framed(shapes, places, list(curves.values()), alt), alt)


def node_places(graph: CausalGraph) -> dict[str, Point]:
    """Where the nodes' centres are, in pixels; columns are as wide as the names need."""
    column = max([_COLUMN, *(_width(name, 13) + 24 for name in graph if not _size(name))])
    return {name: Point(x * column, y * _ROW) for name, (x, y) in layout(graph).items()}


@dataclass(frozen=True)
class _Left:
    """Which edges are left after cutting."""

    no_incoming: set[str]
    no_outgoing: set[str]

    def has(self, a: str, kind: str, b: str) -> bool:
        """Whether the edge from `a` to `b` stays."""
        if kind == "<->":
            return not {a, b} & self.no_incoming
        return a not in self.no_outgoing and b not in self.no_incoming


def _curves(graph: CausalGraph, places: dict[str, Point]) -> dict[tuple[str, str, str], Curve]:
    """A curve for each edge; the shortest edges choose first, arrows before two-headed edges."""
    edges = [(a, "->", b) for a, b in graph.directed] + [(a, "<->", b) for a, b in graph.bidirected]
    edges.sort(key=lambda edge: (edge[1] == "<->", round(places[edge[0]].distance(places[edge[2]]), 3)))
    found: dict[tuple[str, str, str], Curve] = {}
    taken: list[Point] = []
    for a, kind, b in edges:
        others = [place for name, place in places.items() if name not in (a, b)]
        least = _LEAST_SAG / max(places[a].distance(places[b]), 1.0)
        bends = _STRAIGHT_FIRST if kind == "->" else [math.copysign(max(abs(bend), least), bend) for bend in _BENT]
        found[a, kind, b] = choose_bend(places[a], places[b], bends, others, taken, RADIUS + 9)
        taken += found[a, kind, b].samples()
    return found


def _edge(curve: Curve, kind: str, colour: str, stays: bool) -> Iterator[str]:
    """A shaft and its heads."""
    tip = RADIUS + _GAP
    two_headed = kind == "<->"
    shaft = curve.trimmed(tip + _HEAD - 2 if two_headed else RADIUS, tip + _HEAD - 2)
    dash = ' stroke-dasharray="7 4"' if two_headed else ""
    style = f'stroke="{colour}" stroke-width="1.8"{dash}'
    if not stays:
        colour, style = _GREY, f'stroke="{_GREY}" stroke-width="1.4" stroke-dasharray="2 4"'
    (x0, y0), (x1, y1), (x2, y2) = shaft
    path = f"M{_n(x0)} {_n(y0)}Q{_n(x1)} {_n(y1)} {_n(x2)} {_n(y2)}"
    yield f'<path d="{path}" fill="none" {style}/>'
    whole = curve.trimmed(tip, tip)
    yield arrowhead(whole.p2, curve.trimmed(tip, tip + _HEAD).p2, colour)
    if two_headed:
        yield arrowhead(whole.p0, curve.trimmed(tip + _HEAD, tip).p0, colour)


def arrowhead(tip: Point, base: Point, colour: str) -> str:
    """An arrowhead from the middle of its base to its tip."""
    length = max(tip.distance(base), 1e-9)
    across_x, across_y = -(tip.y - base.y) / length * _HEAD * 0.42, (tip.x - base.x) / length * _HEAD * 0.42
    corners = [tip, Point(base.x + across_x, base.y + across_y), Point(base.x - across_x, base.y - across_y)]
    return f'<polygon points="{_points(corners)}" fill="{colour}"/>'


def node_shapes(name: str, place: Point, role: str, ink: str) -> Iterator[str]:
    """A node's shape, and its name in it or, if that is long, under it."""
    x, y, r = _n(place.x), _n(place.y), _n(RADIUS)
    colour = _INK
    if role == "treatment":
        wide = RADIUS * 1.12
        corners = [
            Point(place.x + wide * math.cos(k * math.pi / 3), place.y + wide * math.sin(k * math.pi / 3))
            for k in range(6)
        ]
        colour = "#ffffff"
        rim = _BLUE if ink == _INK else ink
        yield f'<polygon points="{_points(corners)}" fill="{_BLUE}" stroke="{rim}" stroke-width="2"/>'
    elif role == "outcome":
        colour = _DARK_VERMILION
        yield f'<circle cx="{x}" cy="{y}" r="{r}" fill="#ffffff" stroke="{_VERMILION}" stroke-width="1.8"/>'
        yield f'<circle cx="{x}" cy="{y}" r="{_n(RADIUS - 4)}" fill="none" stroke="{_VERMILION}" stroke-width="1.8"/>'
    elif role == "given":
        side = RADIUS * 1.8
        corner = (
            f'x="{_n(place.x - side / 2)}" y="{_n(place.y - side / 2)}" width="{_n(side)}" height="{_n(side)}" rx="3"'
        )
        yield f'<rect {corner} fill="{_AMBER}" stroke="{_DARK_AMBER if ink == _INK else ink}" stroke-width="1.6"/>'
    elif role == "latent":
        colour = _DARK_PURPLE
        dash = 'stroke-dasharray="4 3"'
        yield f'<circle cx="{x}" cy="{y}" r="{r}" fill="#ffffff" stroke="{_PURPLE}" stroke-width="1.8" {dash}/>'
    else:
        yield f'<circle cx="{x}" cy="{y}" r="{r}" fill="#ffffff" stroke="{ink}" stroke-width="1.6"/>'
    text = html.escape(name)
    size = _size(name)
    if not size:
        below = _n(place.y + RADIUS + 15)
        # A ground-coloured rim keeps the name readable where an edge passes.
        yield (
            f'<text x="{x}" y="{below}" font-size="13" text-anchor="middle" fill="{_INK}" stroke="#ffffff" '
            f'stroke-width="4" paint-order="stroke">{text}</text>'
        )
    else:
        yield (
            f'<text x="{x}" y="{_n(place.y + 0.34 * size)}" font-family="Georgia, serif" font-style="italic" '
            f'font-size="{size}" text-anchor="middle" fill="{colour}">{text}</text>'
        )


def framed(shapes: list[str], places: dict[str, Point], curves: list[Curve], alt: str) -> str:
    """The shapes on a white ground that holds them all."""
    points = [point for curve in curves for point in curve.samples()] or [Point(0, 0)]
    xs, ys = [point.x for point in points], [point.y for point in points]
    for name, place in places.items():
        half = max(RADIUS * 1.12, 0 if _size(name) else _width(name, 13) / 2)
        xs += [place.x - half, place.x + half]
        ys += [place.y - RADIUS, place.y + RADIUS + (0 if _size(name) else 20)]
    x, y = min(xs) - _MARGIN, min(ys) - _MARGIN
    width, height = max(xs) + _MARGIN - x, max(ys) + _MARGIN - y
    told = html.escape(alt)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{_n(x)} {_n(y)} {_n(width)} {_n(height)}" '
        f'width="{_n(width)}" height="{_n(height)}" role="img" aria-label="{html.escape(alt, quote=True)}" '
        f'font-family="system-ui, sans-serif"><title>{told}</title>'
        f'<rect x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}" rx="6" fill="#ffffff"/>'
        f"{''.join(shapes)}</svg>"
    )


def _size(name: str) -> int:
    """The font size at which a name fits into its node; 0 when it must stand below it."""
    return next((size for size in (17, 14) if _width(name, size) <= 2 * RADIUS - 8), 0)


def _width(text: str, size: float) -> float:
    return len(text) * size * _LETTER


def _points(corners: list[Point]) -> str:
    return " ".join(f"{_n(corner.x)},{_n(corner.y)}" for corner in corners)


def _n(number: float) -> str:
    """A number with at most one decimal, never "-0"."""
    return f"{round(number, 1) + 0.0:g}"
