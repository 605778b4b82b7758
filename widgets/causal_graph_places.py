"""Where the nodes of a drawn graph stand, how its edges bend, and where there is room for a remark at a node.

Places are shares of the panel, so that they survive another width; bends are shares of an edge's length.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.edge_curve import Curve, Point, bent, choose_bend
from agentos_lab.causal.graph_layout import layout

__all__ = [
    "PANEL",
    "RADIUS",
    "WIDTHS",
    "Edge",
    "Obstacles",
    "bends_of",
    "curve_of",
    "first_places",
    "free_place",
    "radius_of",
]

Edge = tuple[str, str, str]  # (one end, "->" or "<->", other end)
Place = Sequence[float]
PANEL = (404.0, 246.0)  # pixels of the panel for which bends are chosen
WIDTHS = (260.0, 404.0, 572.0)  # pixels: remarks are placed for each, and drawn as for the nearest
RADIUS = 20.0  # of a node, at most
SMALLEST = 9.0
STRAIGHT_FIRST = (0.0, 0.12, -0.12, 0.18, -0.18, 0.25, -0.25, 0.34, -0.34)
BENT = (0.16, -0.16, 0.22, -0.22, 0.3, -0.3, 0.4, -0.4)
LEAST_SAG = 26.0  # pixels between the middle of a two-headed edge and the straight line
RINGS = (RADIUS + 7, RADIUS + 20, RADIUS + 36)  # how far from a node's centre a remark may stand
WAYS = 8  # in how many directions


def first_places(graph: CausalGraph) -> dict[str, tuple[float, float]]:
    """A place for each node, causes to the left, spread over the whole panel."""
    found = layout(graph)
    xs, ys = [x for x, _ in found.values()] or [0.0], [y for _, y in found.values()] or [0.0]
    flat = max(ys) == min(ys) and len(found) > 2  # all in one row: an arc, or zigzag where they are many

    def share(value: float, low: float, high: float) -> float:
        return 0.5 if high == low else 0.1 + 0.8 * (value - low) / (high - low)

    places = {}
    for name, (x, y) in found.items():
        across = share(x, min(xs), max(xs))
        down = _in_arc(across, len(found)) if flat else share(y, min(ys), max(ys))
        places[name] = (round(across, 4), round(down, 4))
    return places


def _in_arc(across: float, count: int) -> float:
    """How far down a node stands that is so far across, among so many in one row."""
    if count <= 5:
        return 0.4 + 0.9 * (across - 0.5) ** 2
    rows = 2 if count <= 7 else 3
    return 0.2 + 0.6 * (round((across - 0.1) / 0.8 * (count - 1)) % rows) / (rows - 1)


def radius_of(places: Mapping[str, Place]) -> float:
    """How large nodes may be that nowhere touch."""
    points = [in_panel(place) for place in places.values()]
    nearest = min((a.distance(b) for a, b in combinations(points, 2)), default=PANEL[0])
    return round(min(RADIUS, max(SMALLEST, 0.36 * nearest)), 1)


def free_place(places: Mapping[str, Place]) -> tuple[float, float]:
    """A place far from all others, for a new node."""
    spots = [(column / 8, row / 6) for row in range(1, 6) for column in range(1, 8)]

    def nearest(spot: Place) -> float:
        return min((math.hypot(spot[0] - x, spot[1] - y) for x, y in places.values()), default=0.0)

    return max(spots, key=lambda spot: (round(nearest(spot), 6), -abs(spot[0] - 0.5) - abs(spot[1] - 0.5)))


def bends_of(edges: Iterable[Edge], places: Mapping[str, Place]) -> dict[Edge, float]:
    """How much each edge bends, to the left of its way; short edges choose first, arrows before two-headed ones."""
    points = {name: in_panel(place) for name, place in places.items()}

    def order(edge: Edge) -> tuple[bool, float]:
        return edge[1] == "<->", round(points[edge[0]].distance(points[edge[2]]), 3)

    found: dict[Edge, float] = {}
    taken: list[Point] = []
    for a, kind, b in sorted(edges, key=order):
        start, end = points[a], points[b]
        long = max(start.distance(end), 1.0)
        least = LEAST_SAG / long
        bends = STRAIGHT_FIRST if kind == "->" else [math.copysign(max(abs(bend), least), bend) for bend in BENT]
        others = [point for name, point in points.items() if name not in (a, b)]
        curve = choose_bend(start, end, bends, others, taken, RADIUS + 9)
        found[a, kind, b] = next(bend for bend in bends if bent(start, end, bend) == curve)
        taken += curve.samples()
    return found


def curve_of(a: Place, b: Place, bend: float, width: float, height: float) -> Curve:
    """The curve of an edge in a panel of that size."""
    return bent(Point(a[0] * width, a[1] * height), Point(b[0] * width, b[1] * height), bend)


class Obstacles:
    """What a remark must keep clear of in a panel: nodes, and points along the edges.

    Args:
        places, bends: Of the whole graph.
        width: Pixels of the panel.
    """

    def __init__(self, places: Mapping[str, Place], bends: Mapping[Edge, float], width: float) -> None:
        self.panel = (width, PANEL[1])
        self.centres = {name: (place[0] * width, place[1] * PANEL[1]) for name, place in places.items()}
        curves = [curve_of(places[a], places[b], bend, *self.panel) for (a, _, b), bend in bends.items()]
        self.nodes = np.array(list(self.centres.values())).reshape(-1, 2)
        self.drawn = np.array([point for curve in curves for point in curve.samples(12)]).reshape(-1, 2)

    def room_for(self, name: str, wide: float, high: float) -> tuple[float, float]:
        """Where a remark of that size has most room about a node: its top left corner, seen from the node's centre."""
        far, angle = (grid.ravel() for grid in np.meshgrid(RINGS, 2 * math.pi * np.arange(WAYS) / WAYS, indexing="ij"))
        x, y = np.round(np.cos(angle), 6), np.round(np.sin(angle), 6)
        dx = x * far - np.where(x > 0.1, 0, np.where(x < -0.1, wide, wide / 2))
        dy = y * far - np.where(y > 0.1, 0, np.where(y < -0.1, high, high / 2))
        left, top = self.centres[name][0] + dx, self.centres[name][1] + dy
        right, foot = left + wide, top + high
        boxes = np.stack([left, top, right, foot], axis=1)
        beyond = np.stack([4 - left, right - self.panel[0], -top, foot - self.panel[1]])
        trouble = (
            15 * np.clip(beyond, 0, None).sum(axis=0)
            + 60 * (gaps(boxes, self.nodes) < RADIUS + 5).sum(axis=1)
            + 12 * (gaps(boxes, self.drawn) < 9).sum(axis=1)
            + far / 8
        )
        best = int(np.argmin(np.round(trouble, 3)))
        return round(float(dx[best]), 1), round(float(dy[best]), 1)


def gaps(boxes: NDArray[np.float64], points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels between each box (left, top, right, foot) and each point: (boxes, points)."""
    left, top, right, foot = (side[:, None] for side in boxes.T)
    x, y = points[:, 0], points[:, 1]
    across = np.maximum(np.maximum(left - x, x - right), 0)
    down = np.maximum(np.maximum(top - y, y - foot), 0)
    return np.hypot(across, down)


def in_panel(place: Place) -> Point:
    """A place in pixels."""
    return Point(place[0] * PANEL[0], place[1] * PANEL[1])
