from __future__ import annotations

from math import hypot

import pytest

from agentos_lab.logic.picture import Arrow, Circle, Line, Picture, Words


def test_the_head_of_an_arrow_points_along_its_end():
    arrow = Arrow(((0, 0), (10, 0), (20, 0), (30, 0)), "#000000")
    tip, one, other = arrow.head(length=9, width=7)
    assert tip == (30, 0) and one == (21, 3.5) and other == (21, -3.5)


def test_an_arrow_without_length_still_has_a_head():
    corners = Arrow(((5, 5),) * 4, "#000000").head()
    assert all(hypot(x - 5, y - 5) < 12 for x, y in corners)


def test_svg_escapes_what_it_writes():
    drawn = Picture(100, 50, [Words("a < b & c", (10, 10)), Line((0, 0), (9, 9)), Circle((5, 5), 3)], "1 < 2")
    assert "a &lt; b &amp; c" in drawn.svg() and "<title>1 &lt; 2</title>" in drawn.svg()


def test_what_is_no_shape_is_refused():
    with pytest.raises(TypeError, match="expected a shape"):
        Picture(10, 10, ["line"]).svg()  # type: ignore[list-item]
