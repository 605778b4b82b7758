"""The stage of an EffectForest in the static picture: estimates at the left, and what the chosen one rests on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .effect_forest_state import PANEL
from .picture import Picture, number
from .sketch import draw_sketch, paint
from .text_metrics import fit, text_width

__all__ = ["draw_forest", "place"]

State = Mapping[str, Any]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}


def place(measures: Mapping[str, float], width: float, state: State) -> dict[str, float]:
    """Where the columns stand; `effect_forest_picture.js` computes the same."""
    inner = width - 32
    scale = min(1.25, max(0.83, 0.36 * inner / PANEL[0]))
    panel = width - 16 - scale * PANEL[0]
    labels = max(text_width(row["label"], 13, bold=True) for row in state["rows"])
    left = 16 + min(labels, 0.18 * inner) + 16
    numbers = max(text_width(f"{row['shown']}  {row['interval']}", 11, bold=True) for row in state["rows"])
    wide = width >= 760
    end = panel - 28 - (numbers if wide else 0) - 16
    step = min(measures["row"], measures["rows"] / len(state["rows"]))
    return {"scale": scale, "panel": panel, "left": left, "end": end, "step": step, "top": 30, "wide": float(wide)}


def draw_forest(picture: Picture, measures: Mapping[str, float], state: State, order: Sequence[int], row: int) -> float:
    """Draw the rows in an order, and the diagnostics of the chosen one; returns the height."""
    at = place(measures, picture.width, state)
    foot = at["top"] + at["step"] * len(order)
    draw_axis(picture, at, state, foot)
    for line, index in enumerate(order):
        draw_row(picture, at, state["rows"][index], at["top"] + at["step"] * (line + 0.5), state, index == row)
    draw_legend(picture, at, state, foot + 42)
    picture.line(at["panel"] - 16, 4, at["panel"] - 16, measures["height"] - 12)
    with picture.group(transform=f"translate({number(at['panel'])} 0) scale({number(at['scale'])})"):
        draw_sketch(picture, state["rows"][row]["panel"])
    return max(measures["height"], foot + 60, at["scale"] * PANEL[1] + 8)


def to_x(at: Mapping[str, float], state: State, value: float) -> float:
    """Where an effect stands on the axis."""
    axis = state["axis"]
    return at["left"] + (at["end"] - at["left"]) * (value - axis["low"]) / (axis["high"] - axis["low"])


def draw_axis(picture: Picture, at: Mapping[str, float], state: State, foot: float) -> None:
    """The axis with its ticks; zero is a stronger line."""
    picture.text(16, 14, "Method", **SMALL)
    picture.text(at["left"], 14, f"effect, {state['unit']}", **SMALL)
    for value, label in state["axis"]["ticks"]:
        x = to_x(at, state, value)
        zero = value == 0
        picture.line(x, at["top"], x, foot, stroke="ink" if zero else "hairline", thickness=1.4 if zero else 1)
        picture.text(x, foot + 15, label, anchor="middle", **SMALL)


def draw_row(
    picture: Picture, at: Mapping[str, float], row: Mapping[str, Any], y: float, state: State, chosen: bool
) -> None:
    """One estimate: dot and interval, the published figure as a ring."""
    if chosen:
        wide = at["panel"] - 28 - 8
        picture.rect(8, y - at["step"] / 2 + 1, wide, at["step"] - 2, fill=paint("blue:0.1"), radius=4)
        picture.rect(8, y - at["step"] / 2 + 1, 3, at["step"] - 2, fill="blue")
    weight = 600 if chosen else None
    picture.text(16, y + 4.5, fit(row["label"], at["left"] - 30, 13, bold=True), weight=weight)
    low, high, middle = (to_x(at, state, row[name]) for name in ("low", "high", "value"))
    if row["published"]:
        draw_published(picture, at, state, row, y)
    picture.line(low, y, high, y, stroke="blue", thickness=2.4)
    for end in (low, high):
        picture.line(end, y - 4, end, y + 4, stroke="blue", thickness=1.6)
    picture.circle(middle, y, 5, fill="blue", stroke="ground", thickness=1)
    if at["wide"]:
        shown = f"{row['shown']}  {row['interval']}"
        picture.text(at["panel"] - 34, y + 4, shown, size=11, anchor="end", weight=weight)


def draw_published(picture: Picture, at: Mapping[str, float], state: State, row: Mapping[str, Any], y: float) -> None:
    """The published figure as a ring, its interval as a thin line below."""
    value, *ends = row["published"]
    x = to_x(at, state, value)
    if ends:
        low, high = (to_x(at, state, end) for end in ends)
        picture.line(low, y + 7, high, y + 7, stroke="vermilion", thickness=1.4)
    picture.circle(x, y, 9, fill="none", stroke="vermilion", thickness=2)
    if row["agrees"]:
        tick = f"M{number(x + 9)} {number(y - 9)}l3 3l6 -7"
        picture.path(tick, fill="none", stroke="green-text", thickness=2)


def draw_legend(picture: Picture, at: Mapping[str, float], state: State, y: float) -> None:
    """What the signs say."""
    picture.circle(22, y - 4, 5, fill="blue")
    picture.text(34, y, "estimate", **SMALL)
    if state["legend"]:
        x = 40 + text_width("estimate", 11) + 14
        picture.circle(x, y - 4, 7, fill="none", stroke="vermilion", thickness=2)
        picture.text(x + 14, y, "published", **SMALL)
        x += 14 + text_width("published", 11) + 16
        picture.path(f"M{number(x)} {number(y - 5)}l3 3l6 -7", fill="none", stroke="green-text", thickness=2)
        picture.text(x + 16, y, "equal in all printed digits", **SMALL)
