"""The view of the search in the static picture: for each strategy its curves, and one round in clauses."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .picture import Picture, number
from .sketch import paint
from .text_metrics import fit, text_width

__all__ = ["draw_search"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
CHART = (40.0, 96.0)  # top and height of the curves
LIST = 190.0  # where the clauses begin


def draw_search(picture: Picture, measures: Mapping[str, float], state: Mapping[str, Any], chosen: int) -> float:
    """Draw the recorded searches with one round chosen (−1: the last); returns the height."""
    runs = state["runs"]
    wide = (picture.width - 32 - 24 * (len(runs) - 1)) / len(runs)
    for place, run in enumerate(runs):
        x = 16 + place * (wide + 24)
        if place:
            picture.line(x - 12, 4, x - 12, measures["height"] - 8)
        at = len(run["rounds"]) - 1 if chosen < 0 else min(chosen, len(run["rounds"]) - 1)
        draw_curves(picture, state, run, x, wide, at)
        if run["rounds"]:
            draw_round(picture, run["texts"], run["rounds"][at], x, wide)
    return measures["height"]


def draw_curves(picture: Picture, state: Mapping[str, Any], run: Any, x: float, wide: float, at: int) -> None:
    """How many clauses wait and how many are active, by round; both searches on the same axes."""
    top, high = CHART
    picture.text(x, 18, fit(run["name"], wide - 110, bold=True), weight=600)
    chip = text_width(run["verdict"], 11, bold=True) + 16
    picture.rect(x + wide - chip, 5, chip, 19, radius=9.5, fill=f"{run['tone']}-fill")
    picture.text(x + wide - chip / 2, 18, run["verdict"], size=11, weight=600, fill="on-fill", anchor="middle")
    plot, base = wide - 34, top + high
    left, step = x + 34, plot / max(1, state["last"] - 1)
    for told, share in state["ticks"]:
        picture.line(left, base - share * high, x + wide, base - share * high)
        picture.text(left - 6, base - share * high + 4, told, anchor="end", **SMALL)
    for name, colour, dash in (("passive", "sky", "4 2"), ("active", "blue", None)):
        points = [f"{number(left + step * k)} {number(base - high * v)}" for k, v in enumerate(run[name])]
        if points:
            picture.path("M" + "L".join(points), fill="none", stroke=colour, thickness=2, dash=dash)
    for index in run["needed"]:
        picture.circle(left + step * index, base + 9, min(2.5, max(1.0, step / 2)), fill="green")
    if run["needed"]:
        told = "● given clauses that the proof needs" if wide > 330 else "● the proof needs"
        picture.text(x + wide, base + 28, told, anchor="end", size=11, fill="green-text")
    picture.text(left, base + 28, "passive ╌  active ─", **SMALL)
    if at >= 0:
        picture.line(left + step * at, top - 4, left + step * at, base + 14, stroke="ink", thickness=1.5)


def draw_round(picture: Picture, texts: Sequence[str], seen: Mapping[str, Any], x: float, wide: float) -> None:
    """The clauses of a round: the given one, what came of it, what it made superfluous, the newest active ones."""
    y = LIST
    picture.text(x, y, fit(seen["counts"], wide, 11), **SMALL)
    picture.rect(x, y + 8, wide, 24, fill=paint("blue:0.12"), radius=4)
    picture.text(x + 8, y + 24.5, "given", size=11, fill="blue-text", weight=600)
    picture.text(x + 50, y + 24.5, fit(texts[seen["given"]], wide - 58, bold=True), weight=600)
    half = y + 52
    picture.text(x, half, "new, to passive", **SMALL)
    more = [f"… {seen['more']} more"] if seen["more"] else []
    for line, text in enumerate(
        [*(texts[each] for each in seen["new"][: 9 - len(more)]), *more] or ["nothing that is not known"]
    ):
        picture.text(
            x + 12, half + 18 + 16 * line, fit(text, wide / 2 - 20, 11), size=11, fill="ink" if seen["new"] else "quiet"
        )
    middle = x + wide / 2
    picture.text(middle, half, "active, newest first", **SMALL)
    for line, text in enumerate(texts[each] for each in seen["now"]):
        picture.text(middle + 12, half + 18 + 16 * line, fit(text, wide / 2 - 12, 11), size=11)
    if seen["gone"]:
        told = f"dropped: {'; '.join(texts[each] for each in seen['dropped'])}" + (
            f" and {seen['gone'] - 2} more" if seen["gone"] > 2 else ""
        )
        picture.text(x, half + 176, fit(told, wide, 11), size=11, fill="vermilion-text")
