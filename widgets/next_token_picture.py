"""The static picture of a next token: text and bars; `next_token.js` draws the same, with the same names, live."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import log
from typing import Any

from .next_token_state import Reshaped, chance, running
from .palette import mix
from .picture import Picture, number
from .runs import Runs
from .text_metrics import fit, text_width

__all__ = ["draw_bars", "draw_chips", "layout"]

State = Mapping[str, Any]
Measures = Mapping[str, float]

SCALES = (0.05, 0.1, 0.2, 0.35, 0.5, 0.7, 1.0)  # what a full bar may stand for


def layout(measures: Measures, width: float) -> dict[str, float]:
    """Where everything is at a width: bars on the left, roads on the right or, where it is narrow, below."""
    wide = width >= measures["narrow"]
    side = 296 + 0.25 * (width - 860) if wide else 400
    right = width - 16 - (side + 24 if wide else 0)  # where the bars end
    labels = max(66.0, 68 + 0.12 * (right - 524))
    first = 16 + labels + 8
    pitch = (right - 8 - measures["sum"] - first) / 2
    bottom = measures["top"] + measures["row"] * (measures["rows"] + 1)
    roads_height = measures["top"] - 55 + measures["knot"] * 5 + 3 * measures["row"]
    lens = bottom + 6 + (0 if wide else roads_height + 22)
    return {
        "width": width,
        "right": right,
        "first": first,
        "second": first + pitch,
        "third": first + 2 * pitch,
        "bar": pitch - 44,
        "bottom": bottom,
        "side": side,
        "roads": right + 23 if wide else 16,
        "roads_top": 55 if wide else bottom + 20,
        "wide": wide,
        "lens": lens,
        "height": lens + measures["lens"],
    }


# ---------------------------------------------------------------- the text so far


def draw_chips(picture: Picture, measures: Measures, state: State) -> None:
    """The text as chips, the drawn ones blue with the probability that the model gave them."""
    placed, hidden = placed_chips(state, picture.width)
    if hidden:
        picture.text(16, 16, "…", fill="quiet")
    for chip, x, width in placed:
        drawn = "given" in chip
        look = {"fill": mix("blue", 0.1)} if drawn else {"fill": "ground", "stroke": "hairline"}
        picture.rect(x + 0.5, 0.5, width - 1, measures["chip"] - 1, radius=4, **look)
        label: Runs = [(style, text) for style, text in chip["label"]]
        picture.text(x + width / 2, 16.5, label, anchor="middle")
        if drawn:
            picture.rect(x + 3, measures["chip"] - 2, width - 6, 2, fill="blue")
            picture.text(x + width / 2, 37, chance(chip["given"]), size=11, fill="quiet", anchor="middle")
    prompt = [(x, width) for chip, x, width in placed if "given" not in chip]
    if prompt:
        picture.text(sum(prompt[-1]), 37, "prompt", size=11, fill="quiet", anchor="end")
    end = sum(placed[-1][1:]) + 4
    picture.rect(end + 0.75, 0.75, 26.5, measures["chip"] - 1.5, radius=4, fill="none", stroke="blue", thickness=1.5,
                 dash="3 2")  # fmt: skip
    picture.text(end + 14, 16.5, "?", anchor="middle", weight=600, fill="blue-text")
    note = "what the model gave each of these"
    if state["drawn"] and end + text_width(note, 11) <= picture.width - 16:
        picture.text(end, 37, note, size=11, fill="quiet")


def placed_chips(state: State, width: float) -> tuple[list[tuple[dict[str, Any], float, float]], int]:
    """(chip, x, width) of the last chips that fit into one row, and how many before them do not."""
    chips = [*state["prompt"], *state["drawn"]]
    room = width - 32 - 28 - 18
    kept: list[tuple[dict[str, Any], float]] = []
    for chip in reversed(chips):
        size = chip_width(chip)
        if kept and size + 4 > room:
            break
        room -= size + 4
        kept.append((chip, size))
    hidden = len(chips) - len(kept)
    x, placed = 34.0 if hidden else 16.0, []
    for chip, size in reversed(kept):
        placed.append((chip, x, size))
        x += size + 4
    return placed, hidden


def chip_width(chip: State) -> float:
    """Wide enough for its label and for the probability under it."""
    label = text_width("".join(text for _, text in chip["label"]), 13, mono=True) + 12
    return max(label, text_width(chance(chip["given"]), 11) + 4 if "given" in chip else 0, 20)


# ---------------------------------------------------------------- one list read three ways


@dataclass(frozen=True)
class Bars:
    """What the three columns share.

    Attributes:
        picture, measures: Where to draw, and how large.
        at: From `layout`.
        shape: The distribution before and after.
        count: Tokens that have a row.
        top_k, top_p: The cuts in force.
    """

    picture: Picture
    measures: Measures
    at: Mapping[str, float]
    shape: Reshaped
    count: int
    top_k: int | None
    top_p: float | None

    @property
    def total(self) -> int:
        """Number of tokens V."""
        return len(self.shape.model)

    @property
    def bottom(self) -> float:
        """Where the last row ends; a small vocabulary fills fewer."""
        return self.row(min(self.total, self.count + 1))

    @property
    def cut(self) -> float:
        """Where the line under the last token kept is."""
        return self.height_of(self.shape.kept)

    def row(self, index: float) -> float:
        """Where a row begins."""
        return self.measures["top"] + self.measures["row"] * index

    def height_of(self, kept: int) -> float:
        """Where a line under so many tokens is; below the last token's row its place is logarithmic."""
        if kept <= self.count:
            return self.row(kept)
        return self.row(self.count + log(kept / self.count) / log(self.total / self.count))

    @property
    def words_above(self) -> bool:
        """Whether the words about the cut stand where the last row has its sum."""
        low = self.shape.kept >= self.count and self.cut + 13 > self.bottom
        return low and (self.shape.kept < self.total or self.total == self.count)


def draw_bars(
    picture: Picture,
    measures: Measures,
    at: Mapping[str, float],
    state: State,
    shape: Reshaped,
    top_k: int | None,
    top_p: float | None,
) -> None:
    """The likeliest tokens: what the model says, what is drawn from, and the running sum with its cut."""
    bars = Bars(picture, measures, at, shape, len(state["rows"]), top_k, top_p)
    if bars.cut < bars.bottom:
        picture.rect(16, bars.cut, at["right"] - 16, bars.bottom - bars.cut, fill="wash")
    for x, title, about in column_heads(bars):
        picture.text(x, 62, title, weight=600)
        picture.text(x, 76, about, size=11, fill="quiet")
    scale = at["bar"] / full_bar(bars)
    for index, token in enumerate(state["rows"]):
        y, kept = bars.row(index), index < shape.kept
        model, drawn = float(shape.model[index]), float(shape.drawn[index])
        draw_label(picture, at["first"] - 8, y + 13, token["label"], at["first"] - 24, kept)
        draw_bar(bars, "first", y, model * scale, chance(model), kept=kept)
        draw_bar(bars, "second", y, drawn * scale, chance(drawn), kept=kept, leads=index == 0, tick=model * scale)
    if bars.total > bars.count:
        draw_rest(bars, scale)
    for x in (at["first"], at["second"]):
        picture.line(x - 0.5, measures["top"], x - 0.5, bars.bottom, stroke="quiet")
    draw_sums(bars)
    draw_cut(bars)


def column_heads(bars: Bars) -> list[tuple[float, str, str]]:
    """(x, title, what it shows) of the three columns."""
    at, top_k = bars.at, bars.top_k
    among = f"running sum, top {top_k}" if top_k is not None and top_k < min(bars.total, 1000) else "running sum"
    return [
        (at["first"], "The model says", "probability"),
        (at["second"], "You draw from", "reshaped; tick: before"),
        (at["third"], "Adding up", among),
    ]


def full_bar(bars: Bars) -> float:
    """The probability that a full bar stands for: both columns have one scale."""
    longest = max(float(bars.shape.model[0]), float(bars.shape.drawn[0]))
    return next(scale for scale in SCALES if longest <= scale + 1e-9)


def draw_rest(bars: Bars, scale: float) -> None:
    """The row of all other tokens together, so that the tail stays honest."""
    count, y, first = bars.count, bars.row(bars.count), bars.at["first"]
    bars.picture.text(first - 8, y + 12.5, f"{bars.total - count:,} more", size=11, fill="quiet", anchor="end")
    rest, left = (float(each[count:].sum()) for each in (bars.shape.model, bars.shape.drawn))
    draw_bar(bars, "first", y, rest * scale, chance(rest), most=bars.at["bar"])
    draw_bar(bars, "second", y, left * scale, chance(left), kept=bars.shape.kept > count, most=bars.at["bar"])


def draw_label(picture: Picture, x: float, y: float, label: Sequence[Sequence[str]], room: float, kept: bool) -> None:
    """A token to the left of its bar, cut if it is too long."""
    text = "".join(part for _, part in label)
    if text_width(text, 13, mono=True) > room or not kept:
        shown = fit(text, room, 13, mono=True)
        picture.text(x, y, shown, mono=True, anchor="end", fill="ink" if kept else "quiet")
    else:
        picture.text(x, y, [(style, part) for style, part in label], anchor="end")


def draw_bar(
    bars: Bars,
    column: str,
    y: float,
    length: float,
    printed: str,
    *,
    kept: bool = False,
    leads: bool = False,
    tick: float | None = None,
    most: float | None = None,
) -> None:
    """A bar with its number; a tick shows how long it was before, a gap that it is longer than there is room."""
    picture, x, blue = bars.picture, bars.at[column], column == "second"
    shown = length if most is None else min(length, most)
    look: dict[str, Any] = {"fill": "blue" if blue else "grey", "opacity": None if kept else 0.5}
    picture.rect(x, y + 3, shown, bars.measures["bar"], **look)
    if shown < length:
        picture.path(f"M{number(x + shown - 12)} {number(y + 15)}l4 -13", stroke="ground", thickness=3)
    if tick is not None:
        picture.line(x + tick, y + 2, x + tick, y + 15, stroke="ink" if kept else "grey", thickness=1.5)
    end = x + max(shown, tick or 0) + 6
    ink = "ink" if kept and blue else "quiet"
    picture.text(end, y + 12.5, printed, size=11, fill=ink, weight=600 if leads else None)


def draw_sums(bars: Bars) -> None:
    """The running sum as stairs to 1, with what is kept under them tinted."""
    picture, shape, x, width = bars.picture, bars.shape, bars.at["third"], bars.measures["sum"]
    top, bottom, kept = bars.measures["top"], bars.bottom, min(shape.kept, bars.count)
    ends = [x + width * float(each) for each in shape.sums[: bars.count]]
    stairs = [f"H{number(end)}V{number(bars.row(index + 1))}" for index, end in enumerate(ends)]
    under = stairs[:kept] + ([f"H{number(x + width)}V{number(bars.cut)}"] if shape.kept > bars.count else [])
    stairs += [f"H{number(x + width)}V{number(bottom)}"] if bars.total > bars.count else []
    start = f"M{number(x)} {number(top)}"
    picture.path(f"{start}{''.join(under)}H{number(x)}Z", fill=mix("blue", 0.12))
    picture.line(x + width + 0.5, top, x + width + 0.5, bottom)
    picture.line(x - 0.5, top, x - 0.5, bottom, stroke="quiet")
    picture.path(start + "".join(stairs), fill="none", stroke="ink", thickness=1.5)
    for index in range(kept - bars.words_above):
        inside = ends[index] - x >= 44
        anchor = "end" if inside else None
        printed, at = running(float(shape.sums[index])), ends[index] + (-5 if inside else 6)
        picture.text(at, bars.row(index) + 12.5, printed, size=11, fill="quiet", anchor=anchor)


def draw_cut(bars: Bars) -> None:
    """The line under the last token kept, top-p as a dashed upright, and the ring where they meet."""
    picture, at, cut, kept = bars.picture, bars.at, bars.cut, bars.shape.kept
    x, width = at["third"], bars.measures["sum"]
    ring = x + width * float(bars.shape.sums[kept - 1])
    bold: dict[str, Any] = {"size": 11, "weight": 600, "fill": "vermilion-text"}
    if bars.top_p is not None:
        ring = x + width * bars.top_p
        top = bars.measures["top"]
        picture.line(ring, top - 7, ring, bars.bottom, stroke="vermilion", thickness=1.5, dash="4 3")
        picture.text(ring, top - 10, f"{bars.top_p:.2f}", anchor="middle", **bold)
    if bars.top_k is not None and kept < min(bars.top_k, bars.total):  # top-p bites first
        y = bars.height_of(min(bars.top_k, bars.total))
        picture.line(16, y, at["right"], y, stroke="vermilion", thickness=1, dash="4 3")
    picture.line(16, cut, at["right"], cut, stroke="vermilion", thickness=1.5)
    said = f"{kept:,} kept, rest cut" if kept < bars.total else "nothing is cut"
    y = cut + 12.5 if cut + 13 <= bars.bottom else cut - 6
    picture.text(ring - 9, y, said, anchor="end", **bold)
    picture.circle(ring, cut, 5, fill="ground", stroke="vermilion", thickness=2)
