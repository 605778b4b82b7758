"""The implication graph of a SatTrail: which literals forced which, and the cut that a learned clause is read from."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from agentos_lab.logic import CNF, ImplicationGraph

from .picture import number
from .sat_trail_moment import Moment
from .sketch_stage import Stage
from .text_metrics import fit, text_width

__all__ = ["draw_implications", "graph_places"]

Point = tuple[float, float]
Box = tuple[float, float, float, float]
HIGH = 22  # of a node
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
MOST_DRAWN, MOST_LAYERS = 34, 13  # nodes, and rows of them


def shortened(graph: ImplicationGraph, moment: Moment) -> ImplicationGraph:
    """The graph; where it is too large to draw, what stands on or next to the conflict's side only."""
    if len(graph.entries) <= MOST_DRAWN:
        return graph
    near = moment.conflict_side | moment.frontier
    kept = [entry for entry in graph.entries if entry.literal in near] or list(graph.entries)
    return ImplicationGraph(graph.conflict, graph.level, tuple(kept[-MOST_DRAWN:]))


def edges_of(graph: ImplicationGraph) -> list[tuple[int, int]]:
    """The edges between literals that are drawn."""
    nodes = {entry.literal for entry in graph.entries} | {0}
    return [(one, other) for one, other in graph.edges if one in nodes and other in nodes]


def layers_of(graph: ImplicationGraph) -> list[list[int]]:
    """The literals in layers, 0 for the conflict: each below all that helped to force it, near the middle of them."""
    depth: dict[int, int] = {}
    into: dict[int, list[int]] = {}
    for one, other in edges_of(graph):
        into.setdefault(other, []).append(one)
    # A reason stands on the trail before what it forces, so one pass is enough.
    for node in [*(entry.literal for entry in graph.entries), *([0] if graph.conflict else [])]:
        depth[node] = max([depth[one] + 1 for one in into.get(node, []) if one in depth], default=0)
    level = {entry.literal: entry.level for entry in graph.entries} | {0: graph.level}
    layers: list[list[int]] = [[] for _ in range(max(depth.values(), default=-1) + 1)]
    for node, own in depth.items():
        layers[own].append(node)
    where: dict[int, float] = {}
    for layer in layers:
        layer.sort(key=lambda node: (_middle([where[one] for one in into.get(node, []) if one in where]), level[node]))
        where |= {node: (place + 0.5) / len(layer) for place, node in enumerate(layer)}
    return layers


def _middle(causes: list[float]) -> float:
    return sum(causes) / len(causes) if causes else 0.5


def graph_places(graph: ImplicationGraph, box: Box) -> dict[int, Point]:
    """Where each literal stands: a row for each layer, causes above what they force."""
    x, y, width, height = box
    layers = layers_of(graph)[-MOST_LAYERS:]
    pitch = min(46.0, height / max(len(layers), 1))
    top = y + (height - pitch * len(layers)) / 2
    places: dict[int, Point] = {}
    for row, layer in enumerate(layers):
        step = min(104.0, width / len(layer))
        for column, node in enumerate(layer):
            across = x + width / 2 + (column - (len(layer) - 1) / 2) * step
            places[node] = (across, top + (row + 0.5) * pitch)
    return places


def draw_implications(stage: Stage, box: Box, moment: Moment, cnf: CNF, assigned: Mapping[int, int]) -> None:
    """Draw the graph of a moment; a node leads to the event at which its literal became true."""
    graph = shortened(moment.graph, moment)
    places = graph_places(graph, box)
    graph = ImplicationGraph(
        graph.conflict, graph.level, tuple(entry for entry in graph.entries if entry.literal in places)
    )
    if not places:
        stage.text(box[0], box[1] + 24, "nothing has been forced yet", **SMALL)
        return
    side = moment.conflict_side
    edges = edges_of(graph)
    curves = {edge: curve(places[edge[0]], places[edge[1]]) for edge in edges}
    inner = [bent for (one, other), bent in curves.items() if {one, other} <= side]
    wide = node_width(graph, places, cnf)
    high = min(HIGH, 0.86 * height_of_row(places))
    if side:
        draw_cut(stage, [(*places[node], wide[node]) for node in places if node in side], inner, high + 13)
    for (one, other), bent in curves.items():
        crossing = other in side and one not in side
        colour = "blue" if crossing else "vermilion" if one in side or (other == 0 and not side) else "grey"
        draw_edge(stage, bent, (wide[other], high), colour, crossing)
    last = getattr(moment.event, "literal", None)
    decisions = {entry.literal for entry in graph.entries if entry.reason is None}
    levels = {entry.literal: entry.level for entry in graph.entries}
    row = {y: line for line, y in enumerate(sorted({place[1] for place in places.values()}))}
    for literal, (x, y) in places.items():
        half = wide[literal] / 2
        if literal == 0:
            stage.circle(x, y, 12, fill="vermilion-fill")
            stage.cross(x, y, "on-fill", reach=4.5)
            continue
        uip = bool(moment.learned) and literal in moment.frontier and levels[literal] == graph.level
        look = {"fill": "ground", "stroke": "grey", "thickness": 1.2}
        if uip:
            look = {"fill": "blue-fill", "stroke": "blue-fill", "thickness": 1.2}
        elif literal in moment.frontier or literal == last:
            look = {"fill": "ground", "stroke": "blue", "thickness": 2.4}
        elif literal in side:
            look = {"fill": "ground", "stroke": "vermilion", "thickness": 1.4}
        stage.rect(x - half, y - high / 2, 2 * half, high, radius=2 if literal in decisions else 11, **look)
        if literal in decisions:
            stage.line(x - half + 3, y + high / 2 - 3.5, x + half - 3, y + high / 2 - 3.5,
                       stroke="on-fill" if uip else "ink", thickness=1.2)  # fmt: skip
        text, bold = node_name(cnf, literal, levels[literal]), 600 if uip else None
        size = 13 if text_width(text, bold=uip) <= 2 * half - 6 else 11  # the level should not be what is cut off
        stage.text(x, y + 0.35 * size, fit(text, 2 * half - 6, size, bold=uip), size=size, anchor="middle",
                   fill="on-fill" if uip else "ink", weight=bold)  # fmt: skip
        if uip:
            left = x + half + 42 > box[0] + box[2]
            stage.text(x - half - 5 if left else x + half + 5, y + 4, "1-UIP", anchor="end" if left else None, size=11,
                       weight=600, fill="blue-text")  # fmt: skip
        if literal in assigned:
            told = f"{cnf.text(literal)}, level {levels[literal]}: go to where it became true"
            stage.target((x - half, y - high / 2, 2 * half, high), told, {"position": assigned[literal]},
                         ("graph", row[y], round(x)))  # fmt: skip


def node_width(graph: ImplicationGraph, places: Mapping[int, Point], cnf: CNF) -> dict[int, float]:
    """How wide each node is drawn: as its name needs, and as the others of its row allow."""
    rows: dict[float, list[float]] = {}
    for x, y in places.values():
        rows.setdefault(y, []).append(x)
    room = {y: min([b - a for a, b in pairwise(sorted(xs))], default=140.0) - 8 for y, xs in rows.items()}
    names = {entry.literal: node_name(cnf, entry.literal, entry.level) for entry in graph.entries}
    return {
        node: min(text_width(names[node], bold=True) + 16, room[y]) if node else 24.0 for node, (_, y) in places.items()
    }


def height_of_row(places: Mapping[int, Point]) -> float:
    """The distance between two rows."""
    rows = sorted({y for _, y in places.values()})
    return min([b - a for a, b in pairwise(rows)], default=float(HIGH) * 2)


def node_name(cnf: CNF, literal: int, level: int) -> str:
    """A literal with its level, as such graphs are labelled: x3@2."""
    return f"{cnf.text(literal)}@{level}"


def curve(start: Point, end: Point) -> tuple[Point, Point, Point]:
    """A quadratic curve; one that passes a row of nodes bows out of its way."""
    dx, dy = end[0] - start[0], end[1] - start[1]
    bow = (0.24 * dy if dx >= 0 else -0.24 * dy) if dy > 60 and abs(dx) < 30 else 0.0
    return start, ((start[0] + end[0]) / 2 + bow, (start[1] + end[1]) / 2), end


def draw_cut(
    stage: Stage, nodes: list[tuple[float, float, float]], inner: list[tuple[Point, Point, Point]], thick: float
) -> None:
    """A soft outline about the nodes on the conflict's side and the edges between them: its edge is the cut."""
    edges = (
        f"M{number(a[0])} {number(a[1])}Q{number(b[0])} {number(b[1])} {number(c[0])} {number(c[1])}"
        for a, b, c in inner
    )
    ends = ((x, y, max(0.01, wide / 2 - 8)) for x, y, wide in nodes)
    d = "".join([*edges, *(f"M{number(x - half)} {number(y)}h{number(2 * half)}" for x, y, half in ends)])
    look = {"fill": "none", "cap": "round", "join": "round"}
    stage.path(d, stroke="vermilion:0.7", thickness=thick + 2.6, **look)
    stage.path(d, stroke="vermilion:0.14", thickness=thick, **look)


def draw_edge(stage: Stage, bent: tuple[Point, Point, Point], size: Point, colour: str, strong: bool) -> None:
    """An edge that ends at the border of its node."""
    (x0, y0), (x1, y1), (x2, y2) = bent
    dx, dy = x2 - x1, y2 - y1
    reach = min(size[0] / 2 / abs(dx) if dx else 9e9, size[1] / 2 / abs(dy) if dy else 9e9, 0.95)
    tip = (x2 - reach * dx, y2 - reach * dy)
    d = f"M{number(x0)} {number(y0)}Q{number(x1)} {number(y1)} {number(tip[0])} {number(tip[1])}"
    stage.path(d, fill="none", stroke=colour, thickness=2 if strong else 1.3)
    stage.head(tip, (x1, y1), colour, size=7)
