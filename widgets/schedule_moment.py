"""What the reader moves over the chart of a ScheduleView: a step, and a process; `schedule_moment.js` has the twins."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .picture import Picture
from .schedule_picture import Place, ticks_of
from .schedule_state import Bar, Chart, reading
from .text_metrics import fit

__all__ = ["draw_moment", "name_of", "slot_boxes"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}


def draw_moment(picture: Picture, state: Mapping[str, Any], chart: Chart, tick: int, selected: str) -> None:
    """The names, the chosen process, the line at a step, and what it says."""
    at, tick = Place(*state["place"]), min(tick, state["place"][-1])
    row = chart.pids.index(selected) if selected in chart.pids[: at.rows] else -1
    if row >= 0:
        picture.rect(16, at.top + at.row * row, picture.width - 32, at.row, fill="blue", opacity=0.1)
        picture.rect(11, at.top + at.row * row, 3, at.row, fill="blue")
        for x, y, wide, high in slot_boxes(at, chart.bars, row):
            picture.rect(x, y, wide, high, fill="none", stroke="blue", thickness=2, radius=2)
    if at.row >= 10:
        for index, name in enumerate(state["names"]):
            y, weight = at.top + at.row * (index + 0.5) + 4.5, 600 if index == row else None
            picture.text(18, y, name, size=13 if at.row >= 15 else 11, weight=weight)
    x = at.x(tick)
    for label in ticks_of(at):
        if abs(at.x(label) - x) > 26:
            picture.text(at.x(label), at.axis + 15, str(label), anchor="middle", **SMALL)
    picture.line(x, at.top - 5, x, at.axis + 3, stroke="ink", thickness=1.25)
    picture.rect(x - 17, at.axis + 2, 34, 18, fill="ink", radius=6)
    picture.text(x, at.axis + 15, str(tick), size=11, weight=600, fill="ground", anchor="middle")
    words = reading(chart, state["moments"], tick, row, picture.width - 34)
    picture.text(16, at.line, [(style, text) for style, text in words])


def slot_boxes(at: Place, bars: Sequence[Bar], row: int) -> list[tuple[float, float, float, float]]:
    """Where a process stands in the rows of the slots."""
    return [
        (
            at.x(bar.start) + 1,
            at.slot_top + at.slot * bar.slot + 1,
            max(1, at.x(bar.end) - at.x(bar.start) - 2),
            at.slot - 2,
        )
        for bar in bars
        if bar.row == row and bar.slot >= 0
    ]


def name_of(name: str, at: Place) -> str:
    """A process's name as long as there is room for it."""
    return fit(name, at.left - 32, 13 if at.row >= 15 else 11, bold=True)
