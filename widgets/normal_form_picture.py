"""The stage of a NormalFormStepper: the ledger above, the panels of the chosen step below.

`normal_form_picture.js` draws the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .normal_form_layout import MONO, SIZE, clipped, place, runs_of, window
from .picture import Picture, number
from .sketch import draw_sketch, paint
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_normal_form"]

State = Mapping[str, Any]
Place = Mapping[str, float]
SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}


def draw_normal_form(picture: Picture, measures: Mapping[str, float], state: State, step: int) -> float:
    """Draw the stage; returns its height."""
    at = place(measures, picture.width)
    first, last = window(measures, len(state["lines"]), step)
    draw_heads(picture, measures, at, state, first, last)
    draw_brackets(picture, measures, state, first, last)
    for index in range(first, last):
        draw_line(picture, measures, at, state, index, step, row_top(measures, index - first))
    top = row_top(measures, measures["rows"]) + 8
    picture.line(16, top, picture.width - 16, top)
    with picture.group(0, top):
        if state["problem"]:
            draw_problem(picture, state["problem"])
        else:
            draw_trees(picture, at, state, step)
            draw_why(picture, at, state, step)
            draw_worlds(picture, measures, at, state, step)
    return top + measures["panel"]


def row_top(measures: Mapping[str, float], row: float) -> float:
    """The upper edge of a row of the ledger."""
    return measures["head"] + measures["pitch"] * row


def draw_heads(picture: Picture, measures: Mapping[str, float], at: Place, state: State, first: int, last: int) -> None:
    """The names of the columns, and how many lines are out of sight."""
    hidden = [f"{first} above" if first else "", f"{n} below" if (n := len(state["lines"]) - last) else ""]
    more = ", ".join(filter(None, hidden))
    picture.text(measures["formula"], 11, f"formula ({more})" if more else "formula", **SMALL)
    picture.text(at["rule"], 11, "rule", **SMALL)
    picture.text(picture.width - 16, 11, "meaning", anchor="end", **SMALL)


def draw_brackets(picture: Picture, measures: Mapping[str, float], state: State, first: int, last: int) -> None:
    """What each group of lines works for."""
    for name, start, end in state["brackets"]:
        low, high = max(start, first), min(end, last - 1)
        if low > high:
            continue
        top = row_top(measures, low - first) + 2
        foot = row_top(measures, high - first + 1) - 2
        picture.path(f"M75 {number(top)}h-5V{number(foot)}h5", fill="none", stroke="grey", thickness=1.2)
        picture.text(64, (top + foot) / 2 + 4.5, name, weight=600, anchor="end")


def draw_line(
    picture: Picture, measures: Mapping[str, float], at: Place, state: State, index: int, step: int, top: float
) -> None:
    """A line of the ledger: number, formula with its marks, rule, meaning."""
    line, high, chosen = state["lines"][index], measures["pitch"], index == step
    if chosen:
        picture.rect(79, top, picture.width - 79 - 10, high, fill=paint("blue:0.1"), radius=4)
        picture.rect(78, top, 3, high, fill="blue")
    spans = marks_of(state, index, step)
    room = int(at["characters"])
    first, last = clipped(line["text"], spans[0][0], room)
    for (start, end), kind in reversed(spans):  # the dashes over the tints
        low, after = max(start, first) - first, min(end, last) - first
        if after > low:
            draw_mark(picture, measures["formula"] + MONO * low, top, MONO * (after - low), high, kind)
    ink, base = ("ink" if index <= step else "quiet"), top + high - 6
    weight = 600 if chosen else None
    picture.text(93, base, str(index), size=11, anchor="end", fill="blue-text" if chosen else "quiet", weight=weight)
    for x, text in runs_of(line["text"], [span for span, _ in spans], room):
        wide = number(MONO * len(text))
        look: dict[str, Any] = {"size": SIZE, "textLength": wide, "lengthAdjust": "spacing"}
        picture.text(measures["formula"] + x, base, text, mono=True, fill=ink, **look)
    rule = fit(line["rule"], measures["rule"] - 8, bold=chosen)
    picture.text(at["rule"], base, rule, fill=ink, weight=weight)
    draw_meaning(picture, line["meaning"], top, high)


def marks_of(state: State, index: int, step: int) -> list[tuple[tuple[int, int], str]]:
    """The marked parts of a line, with their looks: what will change in it, and what has changed."""
    line = state["lines"][index]
    start, end = line["marked"] if line["meaning"] else (0, 0)
    marked = [((start, end), "chosen" if index == step and line["meaning"] else "grey")]
    if index == step - 1:
        start, end = state["lines"][step]["before"]
        return [((start, end), "before"), *marked]
    return marked


def draw_mark(picture: Picture, x: float, top: float, wide: float, high: float, look: str) -> None:
    """The ground of a marked part: dashed where it is about to change, tinted where it has changed."""
    if look == "before":
        frame: dict[str, Any] = {"fill": "none", "stroke": "blue", "dash": "4 3", "thickness": 1.6}
        picture.rect(x - 2, top + 1, wide + 4, high - 2, radius=4, **frame)
        return
    picture.rect(x, top + 2, wide, high - 4, fill=paint("blue:0.28" if look == "chosen" else "grey:0.15"), radius=3)
    if look == "chosen":
        picture.rect(x, top + high - 3, wide, 2, fill="blue")


def draw_meaning(picture: Picture, meaning: str, top: float, high: float) -> None:
    """Whether the line means the same as the one above."""
    right, base = picture.width - 16, top + high - 6
    if meaning == "same":
        picture.text(right, base, "≡ same", anchor="end", fill="green-text")
    elif meaning == "new":
        wide = text_width("≈ new name", 13, bold=True) + 12
        picture.rect(right - wide + 6, top + 1.5, wide, high - 3, fill=paint("amber:0.25"), radius=5)
        picture.text(right, base, "≈ new name", anchor="end", weight=600, fill="amber-text")


def draw_trees(picture: Picture, at: Place, state: State, step: int) -> None:
    """The part that changes as a tree, before and after."""
    trees, room, high = state["steps"][step]["trees"], at["trees_width"], 100.0
    picture.text(16, 19, f"Step {step}: what changes" if len(trees) > 1 else f"Line {step} as a tree", weight=600)
    scale = scale_of(trees, room, high)
    if scale < 0.55:
        trees = trees[-1:]
        scale = scale_of(trees, room, high)
    x = 16.0
    for index, tree in enumerate(trees):
        if index:
            y = 30 + min(high, scale * tree["height"]) / 2
            picture.path(f"M{number(x + 6)} {number(y)}h22m-6 -5l6 5l-6 5", fill="none", stroke="ink", thickness=1.6)
            x += 36
        with picture.group(transform=f"translate({number(x)} 30) scale({scale:.3f})"):
            draw_sketch(picture, tree["marks"])
        x += scale * tree["width"]


def scale_of(trees: list[Mapping[str, Any]], room: float, high: float) -> float:
    """By how much trees side by side must shrink."""
    free = room - 36 * (len(trees) - 1)
    return min(1.0, free / sum(tree["width"] for tree in trees), high / max(tree["height"] for tree in trees))


def draw_why(picture: Picture, at: Place, state: State, step: int) -> None:
    """Why the rule may do this."""
    shown = state["steps"][step]
    picture.text(at["why"], 19, fit(shown["heading"], at["why_width"], bold=True), weight=600)
    for row, line in enumerate(wrap(shown["why"], at["why_width"])[:7]):
        picture.text(at["why"], 39 + 16 * row, line)


def draw_worlds(picture: Picture, measures: Mapping[str, float], at: Place, state: State, step: int) -> None:
    """In which worlds the line above and this one are true."""
    grid, x, columns = state["steps"][step]["grid"], at["grids"], state["columns"]
    picture.text(x, 19, grid["title"], weight=600)
    shown = [max(0, step - 1), step][-len(grid["captions"]) :] if grid["captions"] else []
    pitch = measures["grid"] / columns
    for nth, (caption, line) in enumerate(zip(grid["captions"], shown, strict=True)):
        left = x + nth * (measures["grid"] + 16)
        picture.text(left, 34, fit(caption, measures["grid"] + 14, 11), **SMALL)
        for index, share in enumerate(state["lines"][line]["shares"]):
            column, row = index % columns, index // columns
            look: dict[str, Any] = {"fill": paint(shade(share)), "stroke": "hairline" if share == 0 else None}
            side = pitch - 1.6
            picture.rect(left + pitch * column, 40 + pitch * row, side, side, radius=1.5, **look)
    base = 40 + measures["grid"] + 13 if shown else 37
    for row, words in enumerate(wrap(grid["note"], measures["grids"], 11)):
        picture.text(x, base + 14 * row, words, **SMALL)


def shade(share: float) -> str:
    """The fill of a world: full where the line is true for every choice, paler where for some."""
    return "ground" if share == 0 else "blue" if share == 1 else f"blue:{0.2 + 0.4 * share:.2f}"


def draw_problem(picture: Picture, problem: Mapping[str, Any]) -> None:
    """What is wrong with the text, with a caret under the place."""
    picture.text(16, 19, "Not a formula yet", weight=600, fill="vermilion-text")
    picture.text(16, 46, problem["text"], mono=True, size=SIZE)
    picture.text(16 + MONO * problem["caret"], 60, "^", mono=True, weight=600, fill="vermilion-text")
    picture.text(16, 84, fit(problem["told"], picture.width - 32))
    picture.text(16, 104, fit(problem["expected"], picture.width - 32), fill="quiet")
