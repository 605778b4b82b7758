"""Stages that Python lays out: marks and places as data, widths, what is cut where there is no room."""

from __future__ import annotations

import json
from typing import Any
from xml.etree import ElementTree

import pytest

from widgets.sketch_stage import Stage, StageView, fitting
from widgets.text_metrics import text_width
from widgets.view import header


class Line(StageView):
    """A line as wide as the stage."""

    javascript = "export default lab.view({ stage: () => [] });"
    settings = ("width", "room")

    def state_for(self, width: float) -> dict[str, Any]:
        stage = Stage(width)
        stage.line(0, 8, width, 8)
        stage.head((width, 8), (0, 8), "ink")
        stage.target((0, 0, width, 16), "the line", {"room": 0}, ("lines", 0, 0), current=True)
        return header("A line", f"It is {width:g} pixels long.") | stage.state(16)


def ends(view):
    lines = ElementTree.fromstring(view.svg()).iter("{http://www.w3.org/2000/svg}line")
    return [float(line.get("x2")) for line in lines]


def test_the_stage_is_laid_out_for_the_room_that_the_browser_has():
    view = Line()
    assert view.state["drawn_for"] == 860
    view.room = 700
    assert view.state["drawn_for"] == 700 and view.state["targets"][0]["box"] == [0, 0, 700, 16]
    view.width = 640
    assert view.state["drawn_for"] == 640
    view.room = 1400
    assert view.state["drawn_for"] == 640


def test_the_static_picture_has_all_of_its_width():
    view = Line(room=700)
    assert view.state["drawn_for"] == 700 and ends(view) == [860]


def test_a_place_says_what_it_is_and_what_it_sends():
    stage = Stage(300)
    stage.target((1.234, 2, 3, 4), "a cell", {"world": "P=1"}, ("cells", 2, 1))
    stage.track("M0 0h9", "an arrow", {"world": "P=0"})
    cell, arrow = json.loads(json.dumps(stage.state(50)))["targets"]
    assert cell == {"box": [1.23, 2, 3, 4], "label": "a cell", "send": {"world": "P=1"}, "place": ["cells", 2, 1],
                    "current": False}  # fmt: skip
    assert arrow == {"d": "M0 0h9", "label": "an arrow", "send": {"world": "P=0"}}


@pytest.mark.parametrize(("width", "shown"), [(400, "a long sentence"), (60, "short"), (20, "s…")])
def test_the_longest_text_that_fits_is_taken(width, shown):
    assert fitting(width, "a long sentence", "short") == shown
    assert text_width(shown, 11) <= width
