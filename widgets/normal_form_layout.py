"""Where the parts of a NormalFormStepper stand; `normal_form_layout.js` computes the same."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

__all__ = ["MONO", "SIZE", "clipped", "place", "runs_of", "window"]

SIZE = 12  # pixels of the formulas’ letters: a long line has to fit
MONO = 0.602 * SIZE  # pixels of a character of the code face
# A line's text is cut into runs at the ends of its marked parts, so that each run has exactly its room.
Place = Mapping[str, float]


def place(measures: Mapping[str, float], width: float) -> dict[str, float]:
    """Columns of the ledger and of the panels under it, for a width of the view."""
    rule = width - 16 - measures["meaning"] - measures["rule"]
    grids = width - 16 - measures["grids"]
    why_width = min(measures["why"], 0.24 * width)
    return {
        "rule": rule,
        "characters": int((rule - 6 - measures["formula"]) / MONO),
        "grids": grids,
        "why": grids - 24 - why_width,
        "why_width": why_width,
        "trees_width": grids - 24 - why_width - 24 - 16,
    }


def window(measures: Mapping[str, float], count: int, step: int) -> tuple[int, int]:
    """The first line that is shown, and the one after the last."""
    rows = int(measures["rows"])
    first = max(0, min(step - rows // 2, count - rows))
    return first, min(count, first + rows)


def clipped(text: str, span: tuple[int, int], room: int) -> tuple[int, int]:
    """Which characters of a text are shown where only so many fit: some around the beginning of the marked part."""
    if len(text) <= room:
        return 0, len(text)
    start = max(0, min(span[0] - 6, len(text) - room)) if span[1] > room else 0
    return start, start + room


def runs_of(text: str, spans: list[tuple[int, int]], room: int) -> list[tuple[float, str]]:
    """A line's text in runs, each with its x: cut at the ends of the marks, … where the text goes on."""
    first, last = clipped(text, spans[0], room)
    letters = list(text[first:last])
    letters[:1] = ["…"] if first else letters[:1]
    letters[-1:] = ["…"] if last < len(text) else letters[-1:]
    shown = "".join(letters)
    ends = sorted({0, last - first, *(min(max(end - first, 0), last - first) for span in spans for end in span)})
    return [(MONO * start, shown[start:end]) for start, end in pairwise(ends)]
