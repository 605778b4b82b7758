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
THICKNESS = {"faint": 1, "line": 2, "dots": 1.5, "dotted": 1.5, "dashed": 1.5, "median": 1.25}
DASH = {"dotted": "1.5 3", "dashed": "6 3", "median": "4 3"}


@dataclass(frozen=True)
class Place:
    """Where things stand: the left and right edge of the panels, the table's edge and width, the whole height."""

    left: float
    right: float
    table: float
    side: float
    height: float


def place(measures: Mapping[str, float], width: float, state: State) -> Place:
    """The layout for a width."""
    side = min(measures["side"], 0.34 * width)
    panels = sum(measures[panel["name"]] + measures[state["spacing"]] for panel in state["panels"])
    height = measures["heading"] + panels - measures[state["spacing"]] + measures["axis"]
    return Place(16 + measures["left"], width - side - 16 - measures["gap"], width - 16 - side, side, height)


def draw_training(
    picture: Picture, measures: Mapping[str, float], state: State, cursor: int | None, chosen: int
) -> float:
    """Panels and table; returns the height."""
    at = place(measures, picture.width, state)
    top = 0.0
    for panel in state["panels"]:
        draw_panel(picture, measures, at, state, panel, top, cursor, chosen)
        top += measures[panel["name"]] + measures[state["spacing"]]
    bottom = at.height - measures["axis"]
    picture.text(16, bottom + 16, state["words"]["axis"], size=11, fill="quiet")
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
    chosen: int,
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
        if not is_drawn(curve, chosen):
            continue
        points = points_of(state, panel, curve, at, head, height)
        if curve["look"] == "band":
            draw_band(picture, curve, points, points_of(state, panel, upper(curve), at, head, height))
        else:
            draw_curve(picture, curve, points)
    for step, text, *quiet in panel["marks"]:
        x = step_x(at, state, step)
        if quiet:  # a remark that belongs to what comes after it
            picture.line(x, head, x, head + height, stroke="grey", dash="2 3")
            side = -4 if x > at.right - 90 else 4
            picture.text(x + side, head + 10, text, size=11, fill="quiet", anchor="end" if side < 0 else None)
        else:
            picture.text(x, head + 12, text, weight=600, fill="vermilion-text", anchor="middle")
    if panel["above"]:
        picture.text(at.right, head + 10, panel["above"], size=11, fill="vermilion-text", anchor="end")
    if cursor is not None:
        draw_cursor(picture, at, state, panel, head, height, cursor, chosen)


def is_drawn(curve: State, chosen: int) -> bool:
    """Whether a curve is there: some are only while their run is the chosen one."""
    return curve.get("only") != "chosen" or curve["run"] == chosen


def upper(curve: State) -> State:
    """The upper edge of a band, whose column is the lower one."""
    return {**curve, "column": curve["upper"]}


def draw_band(picture: Picture, curve: State, low: Points, high: Points) -> None:
    """What lies between two curves."""
    edge = "L".join(f"{x:.1f} {y:.1f}" for x, y in [*low, *reversed(high)])
    if edge:
        picture.path(f"M{edge}Z", fill=curve["colour"], opacity=0.18)


def draw_cursor(
    picture: Picture, at: Place, state: State, panel: State, head: float, height: float, cursor: int, chosen: int
) -> None:
    """The step that is looked at: a line through the panel, and a dot on each curve."""
    x = step_x(at, state, min(cursor, state["span"]))
    picture.line(x, head, x, head + height, stroke="quiet")
    for curve in panel["curves"]:
        if curve["look"] != "line" or not is_drawn(curve, chosen):
            continue
        reached = state["runs"][curve["run"]]["done"] >= cursor
        points = points_of(state, panel, curve, at, head, height) if reached else []
        passed = [point for point in points if point[0] <= x + 0.01]
        if passed:
            picture.circle(*passed[-1], 3.5, fill=curve["colour"], stroke="ground", thickness=1.5)


def draw_key(picture: Picture, key: State, x: float, y: float) -> None:
    """A short piece of a curve, as it looks, with one ring at most."""
    line, ring = [(x, y), (x + 18, y)], [(x + 9, y)]
    if key["look"] == "band":
        draw_band(picture, key, [(px, py + 5) for px, py in line], [(px, py - 5) for px, py in line])
    if key["look"] in ("band", "dashed"):
        draw_curve(picture, {"look": "median" if key["look"] == "band" else "dashed", "colour": key["colour"]}, line)
        return
    if key["look"] != "rings":
        draw_curve(picture, {"look": "line", "colour": key["colour"]}, line)
    if key["look"] != "line":
        draw_curve(picture, {"look": "rings", "colour": key["colour"]}, ring)


def draw_curve(picture: Picture, curve: State, points: Points) -> None:
    """A curve in its look: a line, a faint, dotted or dashed one, a median, rings alone, or dots: a line with rings."""
    look, colour = curve["look"], curve["colour"]
    if points and look != "rings":
        picture.path(
            "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points),
            fill="none",
            stroke=colour,
            thickness=THICKNESS[look],
            join="round",
            dash=DASH.get(look),
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
    words = state["words"]
    title = words["after"].replace("%", f"{read['step']:,}") if read["step"] else words["before"]
    picture.text(x, 14, title, weight=600)
    if len(state["runs"]) > 1:
        name = fit(run["name"], right - x - text_width(title, bold=True) - 26, 13)
        picture.text(right, 14, name, anchor="end")
        picture.rect(right - text_width(name) - 16, 4, 10, 10, fill=run["colour"], radius=2)
    for index, (label, value) in enumerate(read["rows"]):
        picture.text(x, 37 + 18 * index, label, fill="quiet")
        picture.text(right, 37 + 18 * index, value, anchor="end")
    top = 37 + 18 * len(read["rows"])
    if words["all"] and len(state["runs"]) > 1:
        picture.line(x, top - 5.5, right, top - 5.5)
        draw_all(picture, at, state, cursor, chosen, top)
    elif read["samples"] or run["no_sample"]:
        picture.line(x, top - 5.5, right, top - 5.5)
        draw_samples(picture, at, run, read["samples"], top, words["sample"])


def draw_all(picture: Picture, at: Place, state: State, cursor: int | None, chosen: int, top: float) -> None:
    """All runs at once: the first row of the table for each."""
    picture.text(at.table, top + 14, state["words"]["all"], weight=600)
    for box in boxes(at, [run["name"] for run in state["runs"]], top):
        run = state["runs"][box["run"]]
        (_, value), *_ = reading(run, state["rows"][:1], cursor)["rows"] or [("", "")]
        if box["run"] == chosen:
            picture.rect(box["x"] - 4, box["y"] - 12, box["width"] + 8, 17, fill="wash", radius=4)
        picture.rect(box["x"], box["y"] - 7, 7, 7, fill=run["colour"], radius=2)
        name = fit(run["name"], box["width"] - text_width(value, 11) - 20, 11)
        picture.text(box["x"] + 12, box["y"], name, size=11, weight=600 if box["run"] == chosen else None)
        picture.text(box["x"] + box["width"], box["y"], value, size=11, anchor="end")


def boxes(at: Place, names: Sequence[str], top: float) -> list[dict[str, Any]]:
    """Where each run of the overview stands: in two columns if the names are short; those for which there is room."""
    half = (at.side - 20) / 2
    across = 2 if max(text_width(name, 11, bold=True) for name in names) <= half - 62 else 1
    width = half if across == 2 else at.side
    rows = int((at.height - top - 30) // 17)
    return [
        {"run": index, "x": at.table + (index % across) * (half + 20), "y": top + 34 + 17 * (index // across)}
        | {"width": width}
        for index in range(min(len(names), across * rows))
    ]


def draw_samples(
    picture: Picture, at: Place, run: State, samples: Sequence[Sequence[Any]], top: float, heading: str
) -> None:
    """The last sample at some length, and the beginnings of those before it."""
    x = at.table
    if not samples:
        picture.text(x, top + 14, "Sample", weight=600)
        for index, line in enumerate(wrap(run["no_sample"], at.side, 11)):
            picture.text(x, top + 33 + 15 * index, line, size=11, fill="quiet")
        return
    room = int((at.height - top - 26) // 15)
    step, text = samples[0]
    picture.text(x, top + 14, heading.replace("%", f"{step:,}"), weight=600)
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
    """The points of a curve that are numbers; what is too high or too low lies on the edge."""
    run = state["bands"][curve["band"]] if "band" in curve else state["runs"][curve["run"]]
    if curve["column"] == "plan":
        pairs = [(float(step), float(value)) for step, value in run["plan"]]
    else:
        steps, values = unpack(run["columns"][curve.get("steps", "step")]), column_of(run, curve["column"])
        pairs = [(float(step), float(value)) for step, value in zip(steps, values, strict=True)]
    return [
        (step_x(at, state, step), value_y(panel, head, height, value)) for step, value in pairs if math.isfinite(value)
    ]


def column_of(run: State, name: str) -> Any:
    """A column of numbers; nothing of what was never recorded."""
    return unpack(run["columns"][name]) if name in run["columns"] else [math.nan] * len(unpack(run["columns"]["step"]))


def step_x(at: Place, state: State, step: float) -> float:
    """Where a step stands."""
    return at.left + (at.right - at.left) * step / state["span"]


def value_y(panel: State, head: float, height: float, value: float) -> float:
    """Where a value stands."""
    low, high = panel.get("low", 0.0), panel["high"]
    return head + height * (1 - (max(low, min(value, high)) - low) / (high - low))
