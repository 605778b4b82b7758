"""The static panels of a ReinforcementOfText: both curves over the updates, and one token's numbers as a sum."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

from .picture import Picture, number
from .reinforcement_of_text_layout import Layout
from .reinforcement_of_text_reading import Place, Token, token_rows, update_rows, verdict
from .rollout_state import printed
from .text_metrics import fit, text_width, wrap
from .view import unpack

__all__ = ["draw_curves", "draw_reading"]

Data = Mapping[str, Any]
UNMOVED = "Tokens may move all the same: all prompts share the parameters. Point at one."
TOP, BOTTOM, TRACK = 46, 122, 138  # of the curves, and of the slider under them
LOOKS: Mapping[str, Mapping[str, Any]] = {
    "mean_return": {"stroke": "blue", "thickness": 2.5},
    "success": {"stroke": "ink", "thickness": 1.75, "dash": "4 3"},
}


def draw_curves(picture: Picture, measures: Data, at: Layout, place: Place) -> None:
    """What was paid and what is true, over the updates."""
    run, chosen, updates = place.run, place.update, place.run["updates"]
    picture.line(at.panel - 12.5, 2, at.panel - 12.5, measures["height"] - 8)
    picture.text(at.panel, 14, "Training", weight=600)
    picture.text(at.end, 14, f"{len(updates):,} update{'' if len(updates) == 1 else 's'}", size=11, fill="quiet",
                 anchor="end")  # fmt: skip
    for index, curve in enumerate(curves(run)):
        draw_key(picture, at, index, len(curves(run)), curve, printed(float(unpack(run[curve[0]])[chosen]), 2))
    left, (low, high) = curve_left(at, run), run["axis"]["ends"]

    def x_of(update: float) -> float:
        span = updates[-1] - updates[0]
        return left + (at.end - 8 - left) * ((update - updates[0]) / span if span else 0.5)

    def y_of(value: float) -> float:
        return BOTTOM - (BOTTOM - TOP) * (value - low) / (high - low)

    for value, label in ends(run["axis"]["ticks"]):
        picture.line(left, y_of(value), at.end, y_of(value))
        picture.text(left - 6, y_of(value) + 4, label, size=11, fill="quiet", anchor="end")
    x = x_of(updates[chosen])
    picture.line(x, TOP, x, TRACK, stroke="quiet")
    for name, *_ in reversed(curves(run)):
        values = unpack(run[name]).tolist()
        points = [
            f"{number(x_of(update))} {number(y_of(value))}"
            for update, value in zip(updates, values, strict=True)
            if math.isfinite(value)
        ]
        look = LOOKS[name]
        picture.path(f"M{'L'.join(points)}", fill="none", join="round", **look)
        if math.isfinite(values[chosen]):
            picture.circle(x, y_of(values[chosen]), 4, fill=look["stroke"], stroke="ground", thickness=1.5)
    picture.line(left, TRACK, at.end - 8, TRACK, thickness=2)
    picture.line(left, TRACK, x, TRACK, stroke="blue", thickness=2)
    picture.circle(x, TRACK, 7, fill="blue", stroke="ground", thickness=1.5)
    picture.text(at.panel, 162, f"update {updates[chosen]:,}", size=11, weight=600)
    picture.text(at.end, 162, f"{run['dialogues'][chosen]:,} dialogues", size=11, fill="quiet", anchor="end")
    for index, (label, value) in enumerate(update_rows(place)):
        room = at.end - at.panel - text_width(value) - 6
        picture.text(at.panel, 182 + 17 * index, fit(label, room), fill="quiet")
        picture.text(at.end, 182 + 17 * index, value, anchor="end")


def curves(run: Data) -> list[tuple[str, str, str]]:
    """Name and label of each curve, and what is added where there is room; one alone where the true reward is paid."""
    if run["is_true"]:
        return [("mean_return", run["name"], " (the true one)")]
    return [("mean_return", run["name"], " (paid)"), ("success", "true", " success")]


def curve_left(at: Layout, run: Data) -> float:
    """Where the curves begin."""
    return at.panel + 8 + max(text_width(label, 11) for _, label in ends(run["axis"]["ticks"]))


def ends(ticks: list[list[Any]]) -> list[list[Any]]:
    """The first, the middle and the last of the ticks."""
    return [tick for index, tick in enumerate(ticks) if index in (0, len(ticks) - 1) or 2 * index == len(ticks) - 1]


def draw_key(picture: Picture, at: Layout, index: int, count: int, curve: tuple[str, str, str], value: str) -> None:
    """A short piece of a curve with its name and its number at the chosen update."""
    name, label, more = curve
    width = (at.end - at.panel) / count
    x = at.panel + index * width
    picture.line(x, 28, x + 14, 28, **LOOKS[name])
    room = width - 28 - text_width(value, 11, bold=True)
    shown = label + more if text_width(label + more, 11) <= room else fit(label, room, 11)
    picture.text(x + 18, 32, shown, size=11, fill="quiet")
    picture.text(x + 22 + text_width(shown, 11), 32, value, size=11, weight=600)


def draw_reading(picture: Picture, measures: Data, at: Layout, token: Token | None, title: str, judge: str) -> None:
    """One token's numbers."""
    y = measures["reading"]
    picture.line(at.panel, y - 21.5, at.end, y - 21.5)
    picture.text(at.panel, y, title, weight=600)
    if token is None:
        for index, line in enumerate(wrap(UNMOVED, at.end - at.panel, 11)):
            picture.text(at.panel, y + 18 + 16 * index, line, size=11, fill="quiet")
        return
    room = at.end - at.panel - text_width(title, bold=True) - 12
    picture.text(at.end, y, fit(token.word, room, 13, mono=True), anchor="end", mono=True)
    for label, value, look in token_rows(token, judge) if token.own else ():
        y += measures["line"] + (5 if look == "rule" else 0)
        if look == "rule":
            picture.line(at.panel, y - 14.5, at.end, y - 14.5)
        if look.startswith("sum"):
            picture.line(at.end - 64, y - 12.5, at.end, y - 12.5, stroke="ink")
        bold = 600 if look.startswith("sum") else None
        picture.text(at.panel, y, label, fill="ink" if bold else "quiet", weight=bold)
        picture.text(at.end, y, value, fill=look[4:] if bold else "ink", anchor="end", weight=bold)
    for line in wrap(verdict(token, judge), at.end - at.panel, 11):
        y += 16
        picture.text(at.panel, y + 2, line, size=11, fill="quiet")
