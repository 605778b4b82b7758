"""The static picture of training runs; `training.js` draws the same, with the same names, in the browser."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .picture import Picture
from .text_metrics import fit, text_width, wrap
from .training_reading import reading
from .view import unpack

__all__ = ["Place", "draw_table", "draw_training", "place"]

State = Mapping[str, Any]
Points = Sequence[tuple[float, float]]


@dataclass(frozen=True)
class Place:
    """Where things stand: the left and right edge of the panels, the table's edge and width, the whole height."""

    left: float
    right: float
    table: float
    side: float
    height: float


def place(measures: Mapping[str, float], width: float) -> Place:
    """The layout for a width."""
    side = min(measures["side"], 0.34 * width)
    height = sum(measures[name] for name in ("heading", "loss", "between", "rate", "axis"))
    return Place(16 + measures["left"], width - side - 16 - measures["gap"], width - 16 - side, side, height)


def draw_training(
    picture: Picture, measures: Mapping[str, float], state: State, cursor: int | None, chosen: int
) -> float:
    """Panels and table; returns the height."""
    at = place(measures, picture.width)
    top = 0.0
    for panel in state["panels"]:
        draw_panel(picture, measures, at, state, panel, top, cursor)
        top += measures["heading"] + measures[panel["name"]] + measures["between"] - measures["heading"]
    bottom = at.height - measures["axis"]
    picture.text(16, bottom + 16, "step", size=11, fill="quiet")
    for value, text in state["ticks"]:
        x = step_x(at, state, value)
        anchor = "end" if value == state["span"] else "middle"
        picture.text(x, bottom + 16, text, size=11, fill="quiet", anchor=anchor)
    draw_table(picture, at, state, cursor, chosen)
    return at.height


def draw_panel(
    picture: Picture,
    measures: Mapping[str, float],
    at: Place,
    state: State,
    panel: State,
    top: float,
    cursor: int | None,
) -> None:
    """One panel under its heading, whose keys stand at the right."""
    head, height = top + measures["heading"], measures[panel["name"]]
    picture.text(16, top + 14, panel["title"], weight=600)
    x = at.right
    for key in reversed(panel["keys"]):
        x -= text_width(key["label"], 11)
        picture.text(x, top + 14, key["label"], size=11)
        x -= 24
        draw_key(picture, key, x, top + 10.5)
        x -= 14
    start = 24 + text_width(panel["title"], bold=True)
    picture.text(start, top + 14, fit(panel["unit"], x - start, 11), size=11, fill="quiet")
    for value, text in panel["ticks"]:
        y = value_y(panel, head, height, value)
        picture.line(at.left, y, at.right, y)
        picture.text(at.left - 8, y + 4, text, size=11, fill="quiet", anchor="end")
    for line in panel["lines"]:
        y = value_y(panel, head, height, line["value"])
        picture.line(at.left, y, at.right, y, stroke="grey", thickness=1.5, dash="2 3")
        middle = (at.left + at.right) / 2
        picture.text(middle, y - 6, line["label"], size=11, fill="quiet", anchor="middle")
    for curve in panel["curves"]:
        points = points_of(state, panel, curve, at, head, height)
        draw_curve(picture, curve, points)
    for step, text in panel["marks"]:
        x = step_x(at, state, step)
        picture.text(x, head + 12, text, weight=600, fill="vermilion-text", anchor="middle")
    if panel["above"]:
        picture.text(at.right, head + 10, panel["above"], size=11, fill="vermilion-text", anchor="end")
    if cursor is not None:
        draw_cursor(picture, at, state, panel, head, height, cursor)


def draw_cursor(
    picture: Picture, at: Place, state: State, panel: State, head: float, height: float, cursor: int
) -> None:
    """The step that is looked at: a line through the panel, and a dot on each curve."""
    x = step_x(at, state, min(cursor, state["span"]))
    picture.line(x, head, x, head + height, stroke="quiet")
    for curve in panel["curves"]:
        reached = state["runs"][curve["run"]]["done"] >= cursor
        points = points_of(state, panel, curve, at, head, height) if curve["look"] == "line" and reached else []
        passed = [point for point in points if point[0] <= x + 0.01]
        if passed:
            picture.circle(*passed[-1], 3.5, fill=curve["colour"], stroke="ground", thickness=1.5)


def draw_key(picture: Picture, key: State, x: float, y: float) -> None:
    """A short piece of a curve, as it looks, with one ring at most."""
    line, ring = [(x, y), (x + 18, y)], [(x + 9, y)]
    if key["look"] != "rings":
        draw_curve(picture, {"look": "line", "colour": key["colour"]}, line)
    if key["look"] != "line":
        draw_curve(picture, {"look": "rings", "colour": key["colour"]}, ring)


def draw_curve(picture: Picture, curve: State, points: Points) -> None:
    """A curve in its look: a line, a faint one, a dotted one, rings alone, or dots: a line with rings."""
    look, colour = curve["look"], curve["colour"]
    if points and look != "rings":
        picture.path(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
            fill="none",
            stroke=colour,
            thickness={"faint": 1, "line": 2, "dots": 1.5, "dotted": 1.5}[look],
            join="round",
            dash="1.5 3" if look == "dotted" else None,
            opacity=0.35 if look == "faint" else None,
        )
    if look in ("rings", "dots"):
        for x, y in points:
            picture.circle(x, y, 3 if len(points) <= 60 else 1.5, fill="ground", stroke=colour, thickness=1.5)


def draw_table(picture: Picture, at: Place, state: State, cursor: int | None, chosen: int) -> None:
    """The numbers of one step, and what the model wrote by then."""
    run = state["runs"][chosen]
    read = reading(run, state["rows"], cursor)
    x, right = at.table, picture.width - 16
    picture.line(x - 12.5, 2, x - 12.5, at.height - 8)
    title = f"After step {read['step']:,}" if read["step"] else "Before the first step"
    picture.text(x, 14, title, weight=600)
    if len(state["runs"]) > 1:
        name = fit(run["name"], right - x - text_width(title, bold=True) - 26, 13)
        picture.text(right, 14, name, anchor="end")
        picture.rect(right - text_width(name) - 16, 4, 10, 10, fill=run["colour"], radius=2)
    for index, (label, value) in enumerate(read["rows"]):
        picture.text(x, 37 + 18 * index, label, fill="quiet")
        picture.text(right, 37 + 18 * index, value, anchor="end")
    top = 37 + 18 * len(read["rows"])
    picture.line(x, top - 5.5, right, top - 5.5)
    draw_samples(picture, at, run, read["samples"], top)


def draw_samples(picture: Picture, at: Place, run: State, samples: Sequence[Sequence[Any]], top: float) -> None:
    """The last sample at some length, and the beginnings of those before it."""
    x = at.table
    if not samples:
        picture.text(x, top + 14, "Sample", weight=600)
        for index, line in enumerate(wrap(run["no_sample"], at.side, 11)):
            picture.text(x, top + 33 + 15 * index, line, size=11, fill="quiet")
        return
    room = int((at.height - top - 26) // 15)
    step, text = samples[0]
    picture.text(x, top + 14, f"Sample after step {step:,}", weight=600)
    lines = sample_lines(text, at.side, room if len(samples) == 1 else max(2, room - 4))
    for index, line in enumerate(lines):
        picture.text(x, top + 34 + 15 * index, line, size=11, mono=True)
    below = len(lines) + 1  # the row of the heading of those before
    if len(samples) > 1 and below < room:
        picture.text(x, top + 34 + 15 * below - 7, "before", size=11, fill="quiet")
        for index, (step, text) in enumerate(samples[1 : room - below]):
            y = top + 34 + 15 * (below + 1 + index) - 7
            picture.text(x + 30, y, f"{step:,}", size=11, fill="quiet", anchor="end")
            start = fit(text.replace("\n", " "), at.side - 38, 11, mono=True)
            picture.text(x + 38, y, start, size=11, mono=True, fill="quiet")


def sample_lines(text: str, width: float, most: int) -> list[str]:
    """A sample in lines of the code face, the last one cut if there would be more."""
    lines = [fit(line, width, 11, mono=True) for row in text.split("\n") for line in wrap(row, width, 11, mono=True)]
    if len(lines) > most:
        lines[most - 1 :] = [fit(f"{lines[most - 1]} …", width, 11, mono=True)]
    return lines[:most]


def points_of(
    state: State, panel: State, curve: State, at: Place, head: float, height: float
) -> list[tuple[float, float]]:
    """The points of a curve that are numbers; what is too high lies on the edge."""
    run = state["runs"][curve["run"]]
    if curve["column"] == "plan":
        pairs = [(float(step), float(value)) for step, value in run["plan"]]
    else:
        steps, values = unpack(run["columns"]["step"]), unpack(run["columns"][curve["column"]])
        pairs = [(float(step), float(value)) for step, value in zip(steps, values, strict=True)]
    return [
        (step_x(at, state, step), value_y(panel, head, height, value)) for step, value in pairs if math.isfinite(value)
    ]


def step_x(at: Place, state: State, step: float) -> float:
    """Where a step stands."""
    return at.left + (at.right - at.left) * step / state["span"]


def value_y(panel: State, head: float, height: float, value: float) -> float:
    """Where a value stands."""
    return head + height * (1 - min(value, panel["high"]) / panel["high"])
