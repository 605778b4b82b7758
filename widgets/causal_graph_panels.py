"""The answer beside the graph: the verdict, what can be adjusted for, and what stands where nothing is derived.

`causal_graph_panels.js` draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .causal_graph_layout import formula_room
from .formula import draw_formula, fit_scale
from .picture import Picture
from .text_metrics import fit, text_width, wrap

__all__ = ["CHECK", "CROSS", "draw_adjustment", "draw_instead", "draw_verdict"]

State = Mapping[str, Any]
Place = Mapping[str, float]
# SVG paths of a check mark and of a cross, 11 units wide.
CHECK = "M0 -4l4 4l7 -9"
CROSS = "M1 -9l8 8M9 -9l-8 8"  # beside CHECK


def draw_verdict(picture: Picture, at: Place, measures: Mapping[str, float], state: State) -> None:
    """Whether the effect can be computed, and the formula."""
    verdict = state["verdict"]
    with picture.group(at["right"], 0):
        if verdict is None:
            return
        wide = text_width(verdict["chip"], bold=True) + 38
        fill = "green-fill" if verdict["identified"] else "vermilion-fill"
        picture.rect(0, 0, wide, 24, fill=fill, radius=12)
        with picture.group(11, 17):
            d = CHECK if verdict["identified"] else CROSS
            picture.path(d, fill="none", stroke="on-fill", thickness=2, cap="round")
        picture.text(27, 16.5, verdict["chip"], weight=600, fill="on-fill")
        note = fit(verdict["note"], at["answer"] - wide - 10, 11)
        if note:
            picture.text(wide + 10, 16, note, size=11, fill="quiet")
        formula = verdict["formula"]
        room = formula_room(formula, at["answer"], measures["formula"])
        scale = fit_scale(formula, room)
        tall = (formula["up"] + formula["down"]) * scale
        baseline = 32 + (measures["formula"] - tall) / 2 + formula["up"] * scale
        draw_formula(picture, 0, baseline, formula, room=room)


def set_chips(state: State, wide: float) -> list[tuple[float, float, int]]:
    """Left end, width and number of the adjustment sets that fit into a row."""
    x, chips = text_width("Adjust for", 13) + 10, []
    for index, row in enumerate(state["adjustment"]["sets"]):
        width = (
            text_width(row["label"], bold=True) + (text_width(" best", 11) + 4 if row["kind"] == "optimal" else 0) + 18
        )
        if x + width > wide:
            break
        chips.append((x, width, index))
        x += width + 8
    return chips


def draw_adjustment(picture: Picture, at: Place, measures: Mapping[str, float], state: State) -> None:
    """The sets that can be adjusted for, or why there are none."""
    adjustment, wide = state["adjustment"], at["answer"]
    y = 40 + measures["formula"]
    if adjustment is None:
        return
    with picture.group(at["right"], y):
        picture.text(0, 14, "Adjust for", fill="quiet")
        start = text_width("Adjust for", 13) + 10
        if not adjustment["sets"]:
            told = adjustment["none"]
            picture.text(start, 14, fit(f"no set: {told}", wide - start, 11), size=11, fill="quiet")
        for x, width, index in set_chips(state, wide):
            draw_chip(picture, x, width, adjustment["sets"][index])
        picture.line(0, 26.5, wide, 26.5)


def draw_chip(picture: Picture, x: float, width: float, row: Mapping[str, Any]) -> None:
    """One adjustment set."""
    chosen = row["chosen"]
    picture.rect(
        x, -3, width, 24, fill="wash" if chosen else "ground", stroke="amber" if chosen else "hairline", radius=6
    )
    picture.text(x + 9, 14, row["label"], weight=600 if chosen else None)
    if row["kind"] == "optimal":
        picture.text(x + width - 9, 14, "best", size=11, fill="green-text", anchor="end")


def draw_instead(picture: Picture, state: State, wide: float) -> None:
    """What stands in place of a derivation."""
    y = 4.0
    for style, paragraph in state["instead"]:
        bold = style == "strong"
        for line in wrap(paragraph, wide, bold=bold):
            picture.text(0, y, line, weight=600 if bold else None, fill="quiet" if style == "quiet" else "ink")
            y += 18
        y += 4
    if state["worlds"]:
        draw_worlds(picture, state["worlds"], y + 16, wide)


def draw_worlds(picture: Picture, worlds: Mapping[str, Any], y: float, wide: float) -> None:
    """Two worlds: one probability that they answer differently, as bars from 0 to 1."""
    picture.line(0, y - 18.5, wide, y - 18.5)
    picture.text(0, y, "Two worlds with this graph", weight=600)
    picture.text(0, y + 18, fit(f"All that can be seen is the same in both: gap {worlds['gap']}.", wide))
    draw_formula(picture, 0, y + 44, worlds["formula"], room=0.34 * wide)
    left, long = 0.36 * wide, 0.64 * wide - 44
    for row, (value, printed) in enumerate(zip(worlds["values"], worlds["printed"], strict=True)):
        at = y + 30 + 22 * row
        picture.rect(left, at, long, 16, fill="wash", radius=3)
        picture.rect(left, at, max(long * value, 1), 16, fill=("blue", "vermilion")[row], radius=3)
        picture.text(left + long + 8, at + 12, printed)
    picture.text(0, y + 66, fit("in the one, in the other", 0.34 * wide, 11), size=11, fill="quiet")
