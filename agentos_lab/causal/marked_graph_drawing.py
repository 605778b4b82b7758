"""A marked graph as a small picture: arrowheads, open circles, and nothing for a tail; see `graph_drawing`."""

from __future__ import annotations

from collections.abc import Iterator

from .edge_curve import Curve, Point, choose_bend
from .graph import CausalGraph
from .graph_drawing import RADIUS, GraphPicture, arrowhead, framed, node_places, node_shapes
from .marked_graph import ARROW, CIRCLE, MarkedGraph

__all__ = ["draw_marked_graph"]

_INK = "#1a1a1a"
_GAP, _HEAD, _RING = 3.0, 11.0, 4.0  # pixels: node to mark, an arrowhead's length, a circle's radius
_BENDS = (0.0, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.34, -0.34, 0.46, -0.46)
_ROOM = {ARROW: _GAP + _HEAD - 2, CIRCLE: _GAP + 2 * _RING}  # what a mark takes from the shaft


def draw_marked_graph(graph: MarkedGraph) -> GraphPicture:
    """Draw a graph with marks; ``<->`` is dashed, as in the picture of a `CausalGraph`."""
    places = node_places(_one_way(graph))
    curves: dict[tuple[str, str], Curve] = {}
    taken: list[Point] = []
    shapes: list[str] = []
    for edge in sorted(graph.edges, key=lambda edge: round(places[edge.a].distance(places[edge.b]), 3)):
        others = [place for name, place in places.items() if name not in (edge.a, edge.b)]
        curve = choose_bend(places[edge.a], places[edge.b], _BENDS, others, taken, RADIUS + 9)
        taken += curve.samples()
        curves[edge.a, edge.b] = curve
        shapes += _edge(curve, edge.mark_a, edge.mark_b)
    for name, place in places.items():
        shapes += node_shapes(name, place, "", _INK)
    alt = f"Graph with marks: {graph}"
    return GraphPicture(framed(shapes, places, list(curves.values()), alt), alt)


def _one_way(graph: MarkedGraph) -> CausalGraph:
    """A DAG with the same neighbours, for the layout: edges without a direction run from the earlier node on."""
    placed: list[str] = []
    waiting = list(graph.nodes)
    while waiting:  # whoever has no arrow from those that wait comes next; on a cycle the first
        late = {b for a, b in graph.directed if a in waiting}
        name = next((name for name in waiting if name not in late), waiting[0])
        waiting.remove(name)
        placed.append(name)
    place = {name: number for number, name in enumerate(placed)}
    pairs = [(edge.a, edge.b) for edge in graph.edges]
    arrows = [(a, b) if place[a] < place[b] else (b, a) for a, b in pairs]
    return CausalGraph(directed=arrows, nodes=graph.nodes)


def _edge(curve: Curve, mark_a: str, mark_b: str) -> Iterator[str]:
    """A shaft and its marks."""
    shaft = curve.trimmed(RADIUS + _ROOM.get(mark_a, 0), RADIUS + _ROOM.get(mark_b, 0))
    (x0, y0), (x1, y1), (x2, y2) = shaft
    dash = ' stroke-dasharray="7 4"' if mark_a == mark_b == ARROW else ""
    path = f"M{x0:.1f} {y0:.1f}Q{x1:.1f} {y1:.1f} {x2:.1f} {y2:.1f}"
    yield f'<path d="{path}" fill="none" stroke="{_INK}" stroke-width="1.8"{dash}/>'
    backwards = Curve(curve.p2, curve.p1, curve.p0)
    for line, mark in ((backwards, mark_a), (curve, mark_b)):
        if mark == ARROW:
            tip = line.trimmed(0, RADIUS + _GAP).p2
            yield arrowhead(tip, line.trimmed(0, RADIUS + _GAP + _HEAD).p2, _INK)
        elif mark == CIRCLE:
            centre = line.trimmed(0, RADIUS + _GAP + _RING).p2
            yield (
                f'<circle cx="{centre.x:.1f}" cy="{centre.y:.1f}" r="{_RING:g}" fill="#ffffff" stroke="{_INK}" '
                'stroke-width="1.6"/>'
            )
