"""A causal graph as a sketch: a role is a colour and a shape, two-headed edges are dashed, cut ones pale with scissors.

Treatments are blue hexagons, outcomes vermilion double rings, what is given amber squares, what is imagined purple
rings, what is hidden dashed purple rings.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.edge_curve import Curve, Point, choose_bend
from agentos_lab.causal.graph_layout import layout

from .picture import number
from .sketch import Sketch
from .text_metrics import fit

__all__ = ["Places", "draw_edges", "draw_hull", "draw_nodes", "edge_curves", "edge_middle", "places_in"]

# Where each node of a graph stands on the sketch.
Places = Mapping[str, Point]
Edge = tuple[str, str, str]  # (one end, "->" or "<->", other end)
STRAIGHT_FIRST = (0.0, 0.14, -0.14, 0.22, -0.22, 0.3, -0.3, 0.42, -0.42)
BENT = (0.22, -0.22, 0.3, -0.3, 0.4, -0.4)
HEAD, GAP = 8.0, 2.5  # an arrowhead's length, and its distance from the node
LETTERS = 3  # longer names stand below their node


def places_in(graph: CausalGraph, left: float, top: float, width: float, height: float) -> dict[str, Point]:
    """A place for each node in a box, causes to the left of their effects."""
    found = layout(graph)
    xs, ys = [x for x, _ in found.values()] or [0.0], [y for _, y in found.values()] or [0.0]

    def spread(value: float, low: float, high: float, start: float, room: float) -> float:
        return start + (room / 2 if high == low else room * (value - low) / (high - low))

    flat = max(ys) == min(ys)
    bow = flat and len(found) > 2  # a chain is bent, so that edges past its inner nodes have room
    places = {}
    for name, (x, y) in found.items():
        down = spread(y, min(ys), max(ys), top, height)
        if bow:
            down = top + (height if x in (min(xs), max(xs)) else 0)
        places[name] = Point(round(spread(x, min(xs), max(xs), left, width), 2), round(down, 2))
    return places


def edge_curves(graph: CausalGraph, places: Places, radius: float) -> dict[Edge, Curve]:
    """A curve for each edge; short arrows choose first, two-headed edges last and always bent."""
    edges = [(a, "->", b) for a, b in graph.directed] + [(a, "<->", b) for a, b in graph.bidirected]
    edges.sort(key=lambda edge: (edge[1] == "<->", round(places[edge[0]].distance(places[edge[2]]), 3)))
    found: dict[Edge, Curve] = {}
    taken: list[Point] = []
    for a, kind, b in edges:
        start, end = places[a], places[b]
        least = 1.1 * radius / max(start.distance(end), 1.0)
        bends = STRAIGHT_FIRST if kind == "->" else [math.copysign(max(abs(bend), least), bend) for bend in BENT]
        others = [place for name, place in places.items() if name not in (a, b)]
        curve = choose_bend(start, end, bends, others, taken, radius + 6)
        found[a, kind, b] = curve
        taken += curve.samples()
    return found


def edge_middle(curve: Curve) -> Point:
    """The point half-way along an edge: where the scissors sit."""
    return curve.at(0.5)


def draw_edges(
    sketch: Sketch,
    curves: Mapping[Edge, Curve],
    radius: float,
    *,
    cut: Collection[Edge] = (),
    scissors: bool = True,
    colours: Mapping[Edge, str] | None = None,
) -> None:
    """Draw the edges; those that are cut pale and dashed, with scissors at their middle."""
    for edge, curve in curves.items():
        colour = (colours or {}).get(edge, "ink")
        _draw_edge(sketch, curve, radius, edge[1] == "<->", colour, edge in cut)
    for edge in cut if scissors else ():
        draw_scissors(sketch, edge_middle(curves[edge]))


def draw_scissors(sketch: Sketch, at: Point) -> None:
    """A pair of scissors on a disc of the ground."""
    x, y = at
    sketch.circle(x, y, 9, fill="ground")
    look = {"fill": "none", "stroke": "ink", "thickness": 1.5, "cap": "round"}
    sketch.path(f"M{number(x - 2.4)} {number(y + 1.6)}L{number(x + 7)} {number(y - 5)}", **look)
    sketch.path(f"M{number(x - 2.4)} {number(y - 1.6)}L{number(x + 7)} {number(y + 5)}", **look)
    for side in (-1, 1):
        sketch.circle(x - 4.4, y + 3.4 * side, 2.3, fill="none", stroke="ink", thickness=1.5)


def draw_nodes(
    sketch: Sketch,
    places: Places,
    roles: Mapping[str, str],
    radius: float,
    *,
    names: Mapping[str, str] | None = None,
    size: float | None = None,
) -> None:
    """Draw the nodes with their names; `roles` are "treatment", "outcome", "given", "latent", "imagined"."""
    for name, place in places.items():
        shown = (names or {}).get(name, name)
        role = roles.get(name, "")
        _draw_shape(sketch, place, role, radius)
        inks = {"treatment": "on-fill", "outcome": "ink", "given": "#1a1a1a", "latent": "purple-text"}
        ink = inks.get(role, "purple-text" if role == "imagined" else "ink")
        letters = size or 0.92 * radius
        if len(shown) <= LETTERS:
            sketch.text(
                place.x, place.y + 0.34 * letters, shown, serif=True, size=letters, slant="italic", anchor="middle",
                fill=ink,
            )  # fmt: skip
        else:
            sketch.text(place.x, place.y + radius + 13, fit(shown, 76, 11), size=11, anchor="middle")


def draw_hull(sketch: Sketch, nodes: Iterable[str], edges: Iterable[Curve], places: Places, reach: float, share: float
              ) -> None:  # fmt: skip
    """A soft outline about some nodes and the edges that join them, in the colour of a conflict."""
    d = "".join(
        f"M{number(c.p0.x)} {number(c.p0.y)}Q{number(c.p1.x)} {number(c.p1.y)} {number(c.p2.x)} {number(c.p2.y)}"
        for c in edges
    )
    d += "".join(f"M{number(places[name].x)} {number(places[name].y)}h0.01" for name in nodes)
    look = {"fill": "none", "cap": "round", "join": "round"}
    sketch.path(d, stroke="vermilion:0.75", thickness=2 * reach + 2.6, **look)
    sketch.path(d, stroke=f"vermilion:{share}", thickness=2 * reach, **look)


def _draw_shape(sketch: Sketch, place: Point, role: str, radius: float) -> None:
    x, y = place
    if role == "treatment":
        corners = [(x + 1.14 * radius * math.cos(k * math.pi / 3), y + 1.14 * radius * math.sin(k * math.pi / 3))
                   for k in range(6)]  # fmt: skip
        sketch.path(_polygon(corners), fill="blue-fill", stroke="blue-fill", thickness=1.5, join="round")
    elif role == "given":
        side = 1.76 * radius
        sketch.rect(x - side / 2, y - side / 2, side, side, radius=3, fill="amber", stroke="amber-text", thickness=1.4)
    elif role == "outcome":
        sketch.circle(x, y, radius, fill="ground", stroke="vermilion", thickness=1.6)
        sketch.circle(x, y, radius - 3.5, fill="none", stroke="vermilion", thickness=1.6)
    elif role == "latent":
        sketch.circle(x, y, radius, fill="ground", stroke="purple", thickness=1.6, dash="4 3")
    elif role == "imagined":
        sketch.circle(x, y, radius, fill="purple:0.18", stroke="purple", thickness=2)
    else:
        sketch.circle(x, y, radius, fill="ground", stroke="ink", thickness=1.5)


def _draw_edge(sketch: Sketch, curve: Curve, radius: float, two_headed: bool, colour: str, cut: bool) -> None:
    tip = radius + GAP + 1
    shaft = curve.trimmed(tip + HEAD - 2 if two_headed else radius, tip + HEAD - 2)
    look = {"stroke": colour, "thickness": 1.7, "dash": "6 4" if two_headed else None}
    if cut:
        colour, look = "grey", {"stroke": "grey", "thickness": 1.4, "dash": "3 4"}
    a, b, c = shaft
    d = f"M{number(a.x)} {number(a.y)}Q{number(b.x)} {number(b.y)} {number(c.x)} {number(c.y)}"
    sketch.path(d, fill="none", **look)
    whole = curve.trimmed(tip, tip)
    _draw_head(sketch, whole.p2, curve.trimmed(tip, tip + HEAD).p2, colour)
    if two_headed:
        _draw_head(sketch, whole.p0, curve.trimmed(tip + HEAD, tip).p0, colour)


def _draw_head(sketch: Sketch, tip: Point, base: Point, colour: str) -> None:
    length = max(tip.distance(base), 1e-9)
    across_x, across_y = -(tip.y - base.y) / length * HEAD * 0.45, (tip.x - base.x) / length * HEAD * 0.45
    corners = [tip, (base.x + across_x, base.y + across_y), (base.x - across_x, base.y - across_y)]
    sketch.path(_polygon(corners), fill=colour)


def _polygon(corners: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in corners) + "z"
