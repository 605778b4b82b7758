"""The curves of edges between nodes of a picture: bent as little as possible, around the nodes in between.

A curve is a quadratic Bézier curve: it leaves p0 towards the control point p1 and arrives at p2 from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

__all__ = ["Curve", "Point", "bent", "choose_bend"]

_ALONG = 5.0  # pixels: two curves that are nearer than this over a stretch look like one


class Point(NamedTuple):
    """A place in the picture, in pixels to the right and down."""

    x: float
    y: float

    def distance(self, other: Point) -> float:
        """Pixels to another point."""
        return math.hypot(self.x - other.x, self.y - other.y)


class Curve(NamedTuple):
    """A quadratic Bézier curve."""

    p0: Point
    p1: Point
    p2: Point

    def at(self, t: float) -> Point:
        """The point at `t` between 0 (start) and 1 (end)."""
        a, b, c = (1 - t) ** 2, 2 * t * (1 - t), t * t
        return Point(*(a * u + b * v + c * w for u, v, w in zip(self.p0, self.p1, self.p2, strict=True)))

    def samples(self, count: int = 24) -> list[Point]:
        """Points along the curve, both ends included."""
        return [self.at(step / count) for step in range(count + 1)]

    def part(self, start: float, end: float) -> Curve:
        """The piece between two values of t (de Casteljau)."""
        first, last = self.at(start), self.at(end)
        # The control point of the piece: the blossom of the curve at (start, end).
        middle = (
            (1 - start) * (1 - end) * u + ((1 - start) * end + start * (1 - end)) * v + start * end * w
            for u, v, w in zip(self.p0, self.p1, self.p2, strict=True)
        )
        return Curve(first, Point(*middle), last)

    def trimmed(self, start: float, end: float) -> Curve:
        """The curve without the parts nearer than `start` pixels to its start and `end` pixels to its end."""
        begin = _crossing(lambda t: self.at(t).distance(self.p0) >= start)
        stop = 1 - _crossing(lambda t: self.at(1 - t).distance(self.p2) >= end)
        return self.part(begin, max(begin, stop))


def _crossing(reached: Callable[[float], bool]) -> float:
    """The least t in [0, 1/2] from which on a condition holds, by bisection."""
    low, high = 0.0, 0.5
    for _ in range(24):
        middle = (low + high) / 2
        low, high = (low, middle) if reached(middle) else (middle, high)
    return high


def bent(start: Point, end: Point, bend: float) -> Curve:
    """The curve between two points whose middle lies `bend` times their distance to the left of the straight line."""
    dx, dy = end.x - start.x, end.y - start.y
    middle = Point((start.x + end.x) / 2 + 2 * bend * dy, (start.y + end.y) / 2 - 2 * bend * dx)
    return Curve(start, middle, end)


def choose_bend(
    start: Point, end: Point, bends: Sequence[float], obstacles: Sequence[Point], taken: Sequence[Point], clear: float
) -> Curve:
    """The first of the curves with the given bends that is in least trouble: near a node, or along another curve.

    Args:
        start, end: The nodes' centres.
        bends: What may be tried, the most wanted first.
        obstacles: The centres of all other nodes.
        taken: Points on the curves that are drawn already.
        clear: Pixels to keep from an obstacle.
    """
    nodes, drawn = np.array(obstacles).reshape(-1, 2), np.array(taken).reshape(-1, 2)
    ends = np.array([start, end])
    best, least = bent(start, end, bends[0]), math.inf
    for bend in bends:
        curve = bent(start, end, bend)
        points = np.array(curve.samples())
        too_near = np.clip(clear - _distances(points, nodes).min(axis=0, initial=math.inf), 0, None).sum()
        inner = points[_distances(points, ends).min(axis=1) > 0.6 * clear]  # all edges of a node meet near its rim
        low, high = points.min(axis=0) - _ALONG, points.max(axis=0) + _ALONG
        around = drawn[((drawn >= low) & (drawn <= high)).all(axis=1)]
        beside = (_distances(inner, around).min(axis=0, initial=math.inf) < _ALONG).sum()
        trouble = round(10 * too_near + 4 * beside, 3)
        if trouble < least:
            best, least = curve, trouble
        if not trouble:
            break
    return best


def _distances(a: NDArray[np.float64], b: NDArray[np.float64]) -> NDArray[np.float64]:
    """Pixels between each point of `a` (A, 2) and each of `b` (B, 2): (A, B)."""
    return np.sqrt(((a[:, None] - b[None]) ** 2).sum(axis=-1))
