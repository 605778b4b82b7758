"""Where the tokens of a ReinforcementOfText stand: chips behind each other, in pages where a dialogue is too long."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from .text_metrics import text_width

__all__ = ["GAP", "Layout", "chip_width", "layout", "pages", "row_width", "rows_shown", "tail"]

GAP = 2.0  # between two chips
NARROWEST = 14.0
LARGE, SMALL = 13, 11  # letters, in pixels


class Layout(NamedTuple):
    """Where the chips begin and end, where the panels at the right do, and the size of the chips' letters."""

    left: float
    right: float
    panel: float
    end: float
    size: int


def layout(measures: Mapping[str, float], width: float, wide: float) -> Layout:
    """The places for a width; letters are large if most answers, up to `wide` pixels then, have room in a row."""
    side = min(measures["side"], 0.28 * width)
    end = width - 16
    left, right = measures["left"], end - side - measures["gap"]
    return Layout(left, right, end - side, end, LARGE if wide <= right - left else SMALL)


def chip_width(word: str, size: int) -> float:
    """Width of a token's chip in pixels."""
    return max(NARROWEST, text_width(word, size, mono=True) + 6)


def row_width(words: Sequence[str]) -> float:
    """Width of the chips of an answer behind each other, in large letters."""
    return sum(chip_width(word, LARGE) + GAP for word in words) - GAP


def pages(widths: Sequence[float], room: float) -> list[int]:
    """First chip of each page, as many on each as have room; a chip wider than that has a page of its own."""
    firsts, x = [0], 0.0
    for index, width in enumerate(widths):
        if index > firsts[-1] and x + width > room:
            firsts.append(index)
            x = 0.0
        x += width + GAP
    return firsts


def tail(widths: Sequence[float], room: float) -> int:
    """First of the last chips for which there is room, at least one."""
    x, first = -GAP, len(widths)
    while first > 0 and (first == len(widths) or x + GAP + widths[first - 1] <= room):
        first -= 1
        x += GAP + widths[first]
    return first


def rows_shown(first: int, last: int, most: int) -> tuple[list[int], int]:
    """Which dialogues of a prompt have a row (those of the largest and the smallest advantage), and how many have none.

    Args:
        first, last: Places of its dialogues, the last one excluded; the largest advantage comes first.
        most: For how many there is room.
    """
    every = list(range(first, last))
    if len(every) <= most:
        return every, 0
    return every[: most // 2] + every[len(every) - most + most // 2 :], len(every) - most
