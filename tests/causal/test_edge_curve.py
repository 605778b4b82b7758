"""Edges as curves: pieces of a curve lie on it, and a bend goes around what stands in the way."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal.edge_curve import Curve, Point, bent, choose_bend

POINTS = st.builds(Point, *[st.floats(-100, 100)] * 2)


@given(POINTS, POINTS, POINTS, st.floats(0, 1), st.floats(0, 1), st.floats(0, 1))
def test_a_part_of_a_curve_lies_on_it(p0, p1, p2, start, end, t):
    curve = Curve(p0, p1, p2)
    assert curve.part(start, end).at(t).distance(curve.at(start + (end - start) * t)) < 1e-9


def test_the_bend_is_where_the_middle_lies():
    assert bent(Point(0, 0), Point(100, 0), 0.2).at(0.5) == pytest.approx((50, -20))


def test_a_trimmed_curve_keeps_its_distance():
    curve = bent(Point(0, 0), Point(100, 0), 0.3)
    trimmed = curve.trimmed(20, 30)
    assert trimmed.p0.distance(curve.p0) == pytest.approx(20, abs=1e-3)
    assert trimmed.p2.distance(curve.p2) == pytest.approx(30, abs=1e-3)


def test_a_curve_is_straight_unless_something_is_in_the_way():
    start, end = Point(0, 0), Point(200, 0)
    assert choose_bend(start, end, (0.0, 0.3), [], [], 25).at(0.5).y == 0
    around = choose_bend(start, end, (0.0, 0.1, 0.3), [Point(100, 0)], [], 25)
    assert min(point.distance(Point(100, 0)) for point in around.samples()) >= 25
    along = choose_bend(start, end, (0.0, 0.3), [], bent(start, end, 0.0).samples(), 25)
    assert along.at(0.5).y != 0
