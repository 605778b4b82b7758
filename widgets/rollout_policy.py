"""The static strip of the policy: how likely the actions were, and which were taken."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np

from .palette import mix
from .picture import Picture
from .rollout_bars import Place, bars_path, draw_name, draw_tick, extremes, marks_path, stride_of, upright
from .rollout_state import printed
from .text_metrics import fit
from .view import unpack

__all__ = ["draw_policy"]

Data = Mapping[str, Any]


def draw_policy(picture: Picture, measures: Mapping[str, float], at: Place, state: Data, data: Data) -> None:
    """How likely the actions were, and which were taken."""
    top, height = measures["policy_top"], measures["policy"]
    actions = unpack(data["action"])[:, 0]
    kind, steps = data["policy"], data["steps"]
    stride = stride_of(at, steps)
    if kind == "two":
        draw_two(picture, at, top, height, state, data)
    elif kind == "rows":
        draw_rows(picture, at, top, height, state, data)
    elif kind == "chosen":
        draw_name(picture, top + 11, "Policy", "probability", "of the action")
        chances = extremes(unpack(data["chance"]), stride)
        bars = [(start, top + height * (1 - value), top + height) for start, value in chances]
        picture.path(bars_path(at, steps, stride, bars), fill="blue")
        picture.line(at.left, top + height, at.right, top + height, stroke="quiet")
        draw_tick(picture, at, top + 8, "1")
        draw_tick(picture, at, top + height + 3, "0")
    else:
        largest = float(np.abs(actions).max()) or 1.0
        middle = top + height / 2
        draw_name(picture, top + 11, "Action", "first number" if unpack(data["action"]).shape[1] > 1 else "as sampled")
        bars = [
            upright(start, middle, middle - value / largest * height / 2) for start, value in extremes(actions, stride)
        ]
        picture.path(bars_path(at, steps, stride, bars), fill="blue")
        picture.line(at.left, middle, at.right, middle, stroke="quiet")
        draw_tick(picture, at, top + 8, printed(largest, 1, signed=True))
        draw_tick(picture, at, top + height + 3, printed(-largest, 1))


def draw_two(picture: Picture, at: Place, top: float, height: float, state: Data, data: Data) -> None:
    """Two actions: bars about one half, and marks at the rim for what was taken."""
    names, steps = state["scene"]["actions"] or ["action 0", "action 1"], data["steps"]
    stride, middle, half = stride_of(at, steps), top + height / 2, height / 2 - 7
    chances = unpack(data["probabilities"])[:, 1] - 0.5
    actions = unpack(data["action"])[:, 0]
    bars = extremes(chances, stride)
    draw_name(picture, top + 9, "Policy", "bar: probability", "mark: action")
    for sign, colour in ((1, "blue"), (-1, "sky")):
        chosen = [upright(start, middle, middle - 2 * half * value) for start, value in bars if value * sign > 0]
        picture.path(bars_path(at, steps, stride, chosen), fill=colour, opacity=0.7 if sign > 0 else None)
        y = top if sign > 0 else top + height - 4
        marks = [s for s in range(0, steps, stride) if ((actions[s : s + stride] > 0.5) == (sign > 0)).any()]
        picture.path(marks_path(at, steps, stride, marks, y), fill=colour)
    picture.line(at.left, middle, at.right, middle, stroke="quiet")
    draw_tick(picture, at, top + 6, fit(names[1], 34, 11))
    draw_tick(picture, at, top + height, fit(names[0], 34, 11))
    picture.text(at.right + 6, middle + 4, "½", size=11, fill="quiet")


def draw_rows(picture: Picture, at: Place, top: float, height: float, state: Data, data: Data) -> None:
    """A row for each action: the bluer the likelier, with a mark where it was taken."""
    about, steps = state["scene"], data["steps"]
    chances = None if data["probabilities"] is None else unpack(data["probabilities"])
    count = len(about["actions"]) if chances is None else chances.shape[1]
    stride, pitch = stride_of(at, steps), height / count
    actions = unpack(data["action"])[:, 0].astype(int)
    draw_name(picture, top + 9, "Policy", "colour: chance" if chances is not None else "", "mark: action")
    labels = about.get("arrows") or about["actions"] or [str(action) for action in range(count)]
    for action in range(count):
        y = top + action * pitch
        draw_tick(picture, at, y + pitch / 2 + 4, fit(labels[action], 30, 11))
        if chances is not None:
            shown = dict(extremes(chances[:, action], stride))
            for level in range(1, 9):  # eight shades, one path each
                bars = [(start, y, y + pitch - 1) for start, p in shown.items() if math.ceil(8 * p - 0.05) == level]
                if bars:
                    picture.path(bars_path(at, steps, stride, bars), fill=mix("blue", 0.09 * level))
        middle = y + (pitch - 1) / 2
        marks = [start for start in range(0, steps, stride) if action in actions[start : start + stride]]
        if marks:
            picture.path(marks_path(at, steps, stride, marks, middle - 2), fill="ink")
