"""The curves of edges between nodes of a picture: bent as little as possible, around the nodes in between.

A curve is a quadratic Bézier curve: it leaves p0 towards the control point p1 and arrives at p2 from there.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import NamedTuple

__all__ = ["Curve", "Point", "bent", "choose_bend"]


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
    start: Point, end: Point, bends: Sequence[float], obstacles: Sequence[Point], curves: Sequence[Curve], clear: float
) -> Curve:
    """The first of the curves with the given bends that comes nearest to no node and runs along no other curve.

    Args:
        start, end: The nodes' centres.
        bends: What may be tried, the most wanted first.
        obstacles: The centres of all other nodes.
        curves: Those that are drawn already.
        clear: Pixels to keep from an obstacle.
    """

    def trouble(curve: Curve) -> float:
        points = curve.samples()
        hit = sum(max(0.0, clear - min(point.distance(node) for point in points)) for node in obstacles)
        inner = [point for point in points if point.distance(start) > 0.6 * clear and point.distance(end) > 0.6 * clear]
        along = sum(1 for other in curves for q in other.samples() if any(point.distance(q) < 5 for point in inner))
        return 10 * hit + 4 * along

    tried = [bent(start, end, bend) for bend in bends]
    return min(tried, key=lambda curve: (round(trouble(curve), 3), tried.index(curve)))
