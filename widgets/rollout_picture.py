"""The static strips of a RolloutPlayer: policy, reward, value and TD error over the steps."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from .picture import Picture, number
from .rollout_bars import Place, Values, bars_path, draw_name, draw_tick, extremes, step_x, stride_of, upright
from .rollout_policy import draw_policy
from .rollout_state import printed, shown_track
from .text_metrics import text_width
from .view import unpack

__all__ = ["draw_strips"]

Data = Mapping[str, Any]


def draw_strips(
    picture: Picture,
    measures: Mapping[str, float],
    at: Place,
    state: Data,
    data: Data,
    step: int,
    surprise: str,
) -> None:
    """All strips, the axis of steps, how it ends, and the line at the present step."""
    draw_policy(picture, measures, at, state, data)
    draw_reward(picture, measures, at, data, step)
    draw_value(picture, measures, at, data, step)
    draw_error(picture, measures, at, data, surprise)
    draw_axis(picture, measures, at, state, data, step)


# --- reward, value, TD error ----------------------------------------------------------------------------------


def draw_reward(picture: Picture, measures: Mapping[str, float], at: Place, data: Data, step: int) -> None:
    """Bars from zero; those to come are paler."""
    top, height, steps = measures["reward_top"], measures["reward"], data["steps"]
    low, high = data["reward_axis"]["low"], data["reward_axis"]["high"]
    draw_name(picture, top + 11, "Reward")
    span, stride = (high - low) or 1.0, stride_of(at, steps)
    zero = top + height * (high / span if high - low else 1)
    for sign, colour in ((1, "grey"), (-1, "vermilion")):
        bars = []
        for start, value in extremes(unpack(data["reward"]), stride):
            if value * sign > 0:
                length = max(1.5, abs(value) / span * height)
                bars.append((start, zero - length, zero) if sign > 0 else (start, zero, zero + length))
        if bars:
            picture.path(bars_path(at, steps, stride, bars), fill=colour)
    x = step_x(at, steps, step + 0.5)
    picture.rect(x, top - 2, at.right - x, height + 4, fill="ground", opacity=0.5)
    picture.line(at.left, zero, at.right, zero)
    largest = high if high >= -low else low
    digits = 0 if largest == round(largest) else 1 if abs(largest) >= 10 else 2
    draw_tick(picture, at, top + 11, printed(largest, digits, signed=True))


def value_y(measures: Mapping[str, float], data: Data, value: float) -> float:
    """Where a value stands in its strip."""
    low, high = data["value_axis"]["ends"]
    return measures["value_top"] + measures["value"] * (high - value) / (high - low)


def line_points(at: Place, data: Data, values: Values, y_of: Callable[[float], float]) -> list[str]:
    """The points of a curve over the steps, one for each bar's worth of steps."""
    stride = stride_of(at, data["steps"])
    return [
        f"{number(step_x(at, data['steps'], t))} {number(y_of(float(values[t])))}"
        for t in range(0, data["steps"], stride)
    ]


def draw_value(picture: Picture, measures: Mapping[str, float], at: Place, data: Data, step: int) -> None:
    """What the value function promises, what came, and the wedge between them; at the right what the end is worth."""
    top = measures["value_top"]

    def y_of(value: float) -> float:
        return value_y(measures, data, value)

    for value, label in data["value_axis"]["ticks"]:
        picture.line(at.left, y_of(value), at.right, y_of(value))
        draw_tick(picture, at, y_of(value) + 4, label)
    came = line_points(at, data, unpack(data["returns"]), y_of)
    draw_name(picture, top + 9, "Value" if data["has_value"] else "Return")
    if data["has_value"]:
        expected = line_points(at, data, unpack(data["value"]), y_of)
        wedge = "L".join([*expected, *reversed(came)])
        picture.path(f"M{wedge}Z", fill="vermilion", opacity=0.15)
        picture.path(f"M{'L'.join(expected)}", fill="none", stroke="blue", thickness=2, join="round")
        picture.line(16, top + 20, 25, top + 20, stroke="blue", thickness=2)
        picture.text(29, top + 24, "V expected", size=11, fill="blue-text")
    y = top + (37 if data["has_value"] else 23)
    picture.path(f"M{'L'.join(came)}", fill="none", stroke="ink", thickness=1.5, dash="4 3")
    picture.line(16, y - 4, 25, y - 4, stroke="ink", thickness=1.5, dash="4 1.5")
    picture.text(29, y, "G came", size=11)
    draw_end(picture, at.right + 12, y_of(end_value(data)), data["end"])
    x = step_x(at, data["steps"], step)
    for name, colour in (("returns", "ink"), ("value", "blue")):
        value = float(unpack(data[name])[step])
        if math.isfinite(value):
            picture.circle(x, y_of(value), 4, fill=colour, stroke="ground", thickness=1.5)


def end_value(data: Data) -> float:
    """What the last state is worth: 0 after a terminal one, and where nobody knows."""
    last = float(unpack(data["next_value"])[-1])
    return last if math.isfinite(last) else 0.0


def draw_end(picture: Picture, x: float, y: float, end: str) -> None:
    """✕ for a terminal state, ⊣ for a cut, a ring for an episode that was left."""
    if end == "terminated":
        d = f"M{number(x - 4)} {number(y - 4)}l8 8m0 -8l-8 8"
        picture.path(d, fill="none", stroke="vermilion", thickness=2.5)
    elif end == "truncated":
        d = f"M{number(x - 7)} {number(y)}h9m0 -6v12"
        picture.path(d, fill="none", stroke="amber", thickness=2.5)
    else:
        picture.circle(x, y, 3.5, fill="ground", stroke="quiet", thickness=1.5)


def draw_error(picture: Picture, measures: Mapping[str, float], at: Place, data: Data, surprise: str) -> None:
    """Bars about zero; what is beyond the axis ends in an arrow, and the farthest is printed."""
    top, height, steps = measures["error_top"], measures["error"], data["steps"]
    track = shown_track(data, surprise)
    name, told = {"td_error": ("TD error", "surprise δ"), "advantage": ("Advantage", "better than V")}[
        track or surprise
    ]
    stride = stride_of(at, steps)
    draw_name(picture, top + 11, name, told, *([f"extreme of {stride}"] if stride > 1 else []))
    if track is None:
        words = "no value function was asked: play(policy, env, value=…)"
        picture.text((at.left + at.right) / 2, top + height / 2 + 4, words, size=11, fill="quiet", anchor="middle")
        return
    limit, middle = data["limits"][track], top + height / 2
    decimals = 0 if limit >= 3 else 1 if limit >= 0.2 else 2 if limit >= 0.02 else 3
    for value in (limit, -limit):
        y = middle - value / limit * height / 2
        picture.line(at.left, y, at.right, y)
        draw_tick(picture, at, y + 4, printed(value, decimals, signed=True))
    bars = extremes(unpack(data[track]), stride)
    for sign, colour in ((1, "blue"), (-1, "vermilion")):
        chosen = [
            upright(start, middle, middle - max(-1.0, min(1.0, value / limit)) * height / 2)
            for start, value in bars
            if value * sign > 0
        ]
        if chosen:
            picture.path(bars_path(at, steps, stride, chosen), fill=colour, opacity=0.85)
    picture.line(at.left, middle, at.right, middle, stroke="quiet")
    beyond = [(start, value) for start, value in bars if abs(value) > limit * 1.001]
    for start, value in beyond:
        draw_beyond(picture, step_x(at, steps, start + (stride - 1) / 2), middle, height, value)
    if beyond:
        start, value = max(beyond, key=lambda bar: abs(bar[1]))
        draw_farthest(picture, at, step_x(at, steps, start + (stride - 1) / 2), middle, height, value)


def draw_beyond(picture: Picture, x: float, middle: float, height: float, value: float) -> None:
    """The head of a bar that goes beyond the axis."""
    way = -1 if value > 0 else 1
    y = middle + way * height / 2
    d = f"M{number(x)} {number(y + way * 6)}l-4 {number(-way * 7)}h8Z"
    picture.path(d, fill="blue" if value > 0 else "vermilion")


def draw_farthest(picture: Picture, at: Place, x: float, middle: float, height: float, value: float) -> None:
    """The number of the bar that goes farthest beyond the axis, on whichever side there is room."""
    label = printed(value, 1, signed=True)
    left = x - 9 - text_width(label, 11, bold=True) > at.left
    y = middle + (-1 if value > 0 else 1) * (height / 2 - 5) + (4 if value > 0 else 0)
    tone = "blue-text" if value > 0 else "vermilion-text"
    anchor = "end" if left else "start"
    picture.text(x + (-9 if left else 9), y, label, size=11, weight=600, fill=tone, anchor=anchor)


# --- the axis and the present step ----------------------------------------------------------------------------


def ticks_of(steps: int) -> list[int]:
    """Round steps for the axis, at most eight."""
    power = 10 ** max(0, int(math.log10(max(steps, 1))) - 1)
    pitch = next(size * power for size in (1, 2, 5, 10, 20, 50) if steps / (size * power) <= 8)
    return list(range(0, steps, pitch))


def draw_axis(picture: Picture, measures: Mapping[str, float], at: Place, state: Data, data: Data, step: int) -> None:
    """Steps, how the episode ends, and the line through all strips with its number."""
    y, steps, x = measures["axis"], data["steps"], step_x(at, data["steps"], step)
    picture.text(16, y + 14, "time step", size=11, fill="quiet")
    for tick in ticks_of(steps):
        place = step_x(at, steps, tick)
        if abs(place - x) > 26:
            picture.line(place, y, place, y + 4, stroke="quiet")
            picture.text(place, y + 15, f"{tick}", size=11, fill="quiet", anchor="middle")
    draw_end(picture, at.right + 24, y + 11, data["end"])  # clear of the last step's number
    top = measures["film_top"] - 4 if state["scene"]["film"] else measures["policy_top"] - 6
    picture.line(x, top, x, y + 2, stroke="ink", thickness=1.25)
    picture.path(f"M{number(x - 5)} {number(top - 4)}h10l-5 6Z", fill="ink")
    picture.rect(x - 17, y + 2, 34, 18, fill="ink", radius=6)
    picture.text(x, y + 15, f"{step}", size=11, weight=600, fill="ground", anchor="middle")
