"""The static panels of a RolloutPlayer: the curve along the training, and one step as a sum."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .picture import Picture, number
from .rollout_bars import Place
from .rollout_state import printed, step_rows
from .text_metrics import fit, text_width

__all__ = ["draw_panels"]

Data = Mapping[str, Any]
TOP, BOTTOM, TRACK = 36, 118, 134  # of the curve, and of the slider under it


def draw_panels(
    picture: Picture, measures: Mapping[str, float], at: Place, state: Data, snapshot: int, data: Data, step: int
) -> None:
    """Training and one step, one above the other."""
    picture.line(at.panel - 8.5, 2, at.panel - 8.5, measures["height"] - 8)
    trained = len(state["training"]["steps"]) > 1
    if trained:
        draw_training(picture, at, state["training"], snapshot, data)
    else:
        draw_episode(picture, at, data)
    y = 186.0 if trained else 118.0
    picture.line(at.panel, y - 21.5, at.end, y - 21.5)
    picture.text(at.panel, y - 2, "This step", weight=600)
    for label, value, look in step_rows(state, data, step):
        y += measures["row"] + (5 if look == "rule" else 0)
        if look == "rule":
            picture.line(at.panel, y - 14.5, at.end, y - 14.5)
        if "sum" in look:
            picture.line(at.end - 64, y - 12.5, at.end, y - 12.5, stroke="ink")
        bold = look not in ("", "rule")
        weight = 600 if bold else None
        tone = look.removeprefix("sum ") if "sum" in look else "ink"
        room = at.end - at.panel - text_width(value, bold=bold) - 6
        picture.text(at.panel, y, fit(label, room, bold=bold), fill="ink" if bold else "quiet", weight=weight)
        picture.text(at.end, y, value, fill=tone, anchor="end", weight=weight)


def draw_episode(picture: Picture, at: Place, data: Data) -> None:
    """In the place of the curve when there is one snapshot alone."""
    picture.text(at.panel, 14, "This episode", weight=600)
    rows = [("sum of rewards", printed(data["total"], 1)), ("steps", f"{data['steps']:,}"), ("end", data["ending"])]
    for index, (label, value) in enumerate(rows):
        picture.text(at.panel, 38 + 18 * index, label, fill="quiet")
        picture.text(at.end, 38 + 18 * index, fit(value, at.end - at.panel - 30), anchor="end")


def draw_training(picture: Picture, at: Place, training: Data, snapshot: int, data: Data) -> None:
    """Return against steps of training: mean and range of each snapshot, and which one is chosen."""
    steps, means = training["steps"], training["mean"]
    left = at.panel + 8 + max(text_width(label, 11) for _, label in training["axis"]["ticks"])
    low, high = training["axis"]["ends"]

    def x_of(count: float) -> float:
        return left + (at.end - 8 - left) * (count - steps[0]) / (steps[-1] - steps[0])

    def y_of(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    ranges = training["low"] != training["high"]
    picture.text(at.panel, 14, "Training", weight=600)
    told = "return: mean, range" if ranges else "return of the episode"
    picture.text(at.end, 14, told, size=11, fill="quiet", anchor="end")
    for value, label in training["axis"]["ticks"]:
        picture.line(left, y_of(value), at.end, y_of(value))
        picture.text(left - 6, y_of(value) + 4, label, size=11, fill="quiet", anchor="end")

    def points(values: list[float], count: int) -> list[str]:
        pairs = zip(steps[:count], values[:count], strict=True)
        return [f"{number(x_of(when))} {number(y_of(value))}" for when, value in pairs]

    every = len(steps)
    if ranges:
        band = [*points(training["low"], every), *reversed(points(training["high"], every))]
        picture.path(f"M{'L'.join(band)}Z", fill="grey", opacity=0.22)
    picture.path(f"M{'L'.join(points(means, every))}", fill="none", stroke="quiet", thickness=1.5, join="round")
    until = points(means, snapshot + 1)
    picture.path(f"M{'L'.join(until)}", fill="none", stroke="blue", thickness=2.5, join="round")
    x, y = x_of(steps[snapshot]), y_of(means[snapshot])
    picture.line(x, y, x, TRACK, stroke="blue", thickness=1.25)
    picture.circle(x, y, 4.5, fill="blue", stroke="ground", thickness=1.5)
    label = printed(means[snapshot], 0 if abs(means[snapshot]) >= 10 else 1)
    right = x - text_width(label, 11, bold=True) - 8 < left
    picture.text(x + (8 if right else -8), max(y - 6, TOP - 4), label, size=11, weight=600, fill="blue-text",
                 anchor="start" if right else "end")  # fmt: skip
    picture.line(left, TRACK, at.end - 8, TRACK, thickness=2)
    picture.line(left, TRACK, x, TRACK, stroke="blue", thickness=2)
    for index, when in enumerate(steps):
        picture.line(x_of(when), TRACK - 4, x_of(when), TRACK + 4, stroke="blue" if index <= snapshot else "grey")
    picture.circle(x, TRACK, 7, fill="blue", stroke="ground", thickness=1.5)
    words = f"after {steps[snapshot]:,} {training['unit']}"
    picture.text(at.panel, 156, words, size=11, weight=600)
    end = fit(data["ending"], at.end - at.panel - text_width(words, 11, bold=True) - 10, 11)
    picture.text(at.end, 156, end, size=11, fill="quiet", anchor="end")
