"""The stage of a UnificationStepper: its steps, both trees, what waits and what is bound.

`unification_picture.js` draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .picture import Picture
from .sketch import draw_sketch, paint
from .text_metrics import fit
from .unification_layout import place, window

__all__ = ["draw_unification"]

State = Mapping[str, Any]
Place = Mapping[str, float]
MONO = 0.602 * 13
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
INKS = {"": "ink", "good": "green-text", "bad": "vermilion-text"}
LEGEND: list[tuple[float, dict[str, Any], str]] = [
    (14, {"fill": "green:0.26"}, "agrees"),
    (72, {"fill": "ground", "stroke": "blue", "dash": "4 3", "thickness": 1.6}, "in question"),
    (152, {"fill": "blue:0.26"}, "put in"),
    (206, {"fill": "vermilion:0.15", "stroke": "vermilion", "thickness": 1.6}, "fails"),
]
SIGNS = {"≟": "quiet", "=": "green-text", "≠": "vermilion-text"}


def draw_unification(picture: Picture, measures: Mapping[str, float], state: State, step: int) -> float:
    """Draw the stage; returns its height."""
    at, frames = place(measures, picture.width), state["frames"]
    first, last = window(measures, len(frames), step)
    draw_heads(picture, at, len(frames), first, last)
    for index in range(first, last):
        draw_step(
            picture, measures, at, frames[index], index, step, measures["head"] + measures["pitch"] * (index - first)
        )
    draw_legend(picture, measures)
    picture.line(at["left"] - 12, 4, at["left"] - 12, measures["height"] - 8)
    draw_trees(picture, measures, at, frames[step])
    y = measures["lists"]
    picture.line(at["left"], y, picture.width - 16, y)
    with picture.group(0, y):
        if state["problem"]:
            draw_problem(picture, at, state["problem"])
        else:
            draw_waiting(picture, at, frames[step])
            draw_bindings(picture, at, frames[step])
    return measures["height"]


def draw_heads(picture: Picture, at: Place, count: int, first: int, last: int) -> None:
    """The names of the columns of the steps, and how many are out of sight."""
    hidden = [f"{first} above" if first else "", f"{count - last} below" if count > last else ""]
    more = ", ".join(filter(None, hidden))
    picture.text(42, 11, f"step ({more})" if more else "step", **SMALL)
    if not more:
        picture.text(at["equation"], 11, "equation", **SMALL)


def draw_step(
    picture: Picture,
    measures: Mapping[str, float],
    at: Place,
    frame: Mapping[str, Any],
    index: int,
    step: int,
    top: float,
) -> None:
    """A row: number, rule, the equation that it was applied to."""
    chosen, high = index == step, measures["pitch"]
    if chosen:
        picture.rect(14, top, at["steps_width"] + 2, high, fill=paint("blue:0.1"), radius=4)
        picture.rect(13, top, 3, high, fill="blue")
    base, weight = top + high - 6, 600 if chosen or frame["look"] else None
    ink = INKS[frame["look"]] if frame["look"] else "ink" if index <= step else "quiet"
    picture.text(34, base, str(index), size=11, anchor="end", fill="blue-text" if chosen else "quiet")
    picture.text(42, base, frame["rule"], fill=ink, weight=weight)
    equation = fit(frame["equation"], at["equation_width"] - 4, 12, mono=True)
    picture.text(at["equation"], base, equation, mono=True, size=12, fill="ink" if index <= step else "quiet")


def draw_legend(picture: Picture, measures: Mapping[str, float]) -> None:
    """What the looks of the nodes say."""
    y = measures["height"] - 12
    for x, look, told in LEGEND:
        picture.rect(x, y - 9, 12, 12, radius=3, **{name: paint(value) for name, value in look.items()})
        picture.text(x + 17, y + 1, told, **SMALL)


def draw_trees(picture: Picture, measures: Mapping[str, float], at: Place, frame: Mapping[str, Any]) -> None:
    """Both terms as trees, with the sign between them."""
    room = measures["lists"] - 42
    scale = min(
        1.2,
        *(at["half"] / frame[side]["width"] for side in ("left", "right")),
        *(room / frame[side]["height"] for side in ("left", "right")),
    )
    for side, text in zip(("left", "right"), frame["texts"], strict=True):
        shown = fit(text, at["half"], 12, mono=True)
        picture.text(at[side] + at["half"] / 2, 14, shown, mono=True, size=12, anchor="middle", fill="quiet")
        x = at[side] + (at["half"] - scale * frame[side]["width"]) / 2
        with picture.group(transform=f"translate({x:.2f} 30) scale({scale:.3f})"):
            draw_sketch(picture, frame[side]["marks"])
    middle = at["left"] + at["half"] + measures["between"] / 2
    picture.text(middle, 18, frame["sign"], size=20, weight=600, anchor="middle", fill=SIGNS[frame["sign"]])


def draw_waiting(picture: Picture, at: Place, frame: Mapping[str, Any]) -> None:
    """The equations that are still to be solved."""
    x, waiting = at["left"], frame["waiting"]
    picture.text(x, 19, "Equations waiting", weight=600)
    for row, equation in enumerate(waiting):
        shown = fit(equation, at["half"], 12, mono=True)
        picture.text(x, 39 + 18 * row, shown, mono=True, size=12, fill="ink" if row == 0 else "quiet")
    if frame["more"]:
        picture.text(x, 39 + 18 * len(waiting), f"… and {frame['more']} more", **SMALL)
    if not waiting:
        picture.text(x, 39, "none is left", fill="quiet")


def draw_bindings(picture: Picture, at: Place, frame: Mapping[str, Any]) -> None:
    """What the variables are bound to; the newest is tinted."""
    x = at["right"]
    picture.text(x, 19, frame["bound"], weight=600)
    if frame["earlier"]:
        picture.text(x + 76, 19, f"{frame['earlier']} earlier", **SMALL)
    for row, (variable, term, new) in enumerate(frame["bindings"]):
        text = fit(f"{variable} ↦ {term}", at["half"], 12, mono=True)
        if new:
            picture.rect(x - 5, 26 + 18 * row, at["half"] + 8, 18, fill=paint("blue:0.2"), radius=4)
        picture.text(x, 39 + 18 * row, text, mono=True, size=12)
    if not frame["bindings"]:
        picture.text(x, 39, "none yet" if frame["bound"] == "Bindings" else "nothing needs to change", fill="quiet")


def draw_problem(picture: Picture, at: Place, problem: Mapping[str, Any]) -> None:
    """What is wrong with a text, with a caret under the place."""
    x, wide = at["left"], picture.width - 16 - at["left"]
    picture.text(x, 19, f"The {problem['side']} one is not a term yet", weight=600, fill="vermilion-text")
    picture.text(x, 43, problem["text"], mono=True)
    picture.text(x + MONO * problem["caret"], 57, "^", mono=True, weight=600, fill="vermilion-text")
    picture.text(x, 81, fit(problem["told"], wide))
    picture.text(x, 101, fit(problem["expected"], wide), fill="quiet")
