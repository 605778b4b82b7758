"""Formulas as pictures: fractions, sums, indices, bars, laid out in Python, drawn alike here and in the browser.

A `Formula` is a box with a baseline: so wide, so far up, so far down, and the marks in it, with the baseline's left
end at (0, 0). Boxes are put together by `beside`, `fraction`, `with_index` and so on; `state()` is what travels to
the browser, where `formula.js` draws it; `draw_formula` draws it in a static picture::

    half = fraction(word("1"), word("2"))
    formula = beside(symbol("x"), word(" = "), half)
    draw_formula(picture, 16, 40, formula.state(), room=300)

Widths come from a table (`formula_metrics`), never from a canvas.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from .formula_metrics import SERIF_FACE, serif_width
from .picture import Picture, number

__all__ = [
    "Formula",
    "beside",
    "bracketed",
    "draw_formula",
    "fit_scale",
    "fraction",
    "in_lines",
    "independence_sign",
    "space",
    "sum_sign",
    "symbol",
    "with_bar",
    "with_index",
    "word",
]

SIZE = 15.0  # pixels
AXIS = 0.25  # how far above the baseline a fraction's line runs, in font sizes
THIN = 0.07  # thickness of lines, in font sizes

# ("text", x, y, size, text, italic, colour) with the baseline at y, or ("line", x1, y1, x2, y2, thickness, colour)
Mark = tuple[Any, ...]


@dataclass(frozen=True)
class Formula:
    """A box of marks about a baseline.

    Attributes:
        width: Pixels from left to right.
        up, down: Pixels above and below the baseline.
        marks: What is drawn, with the left end of the baseline at (0, 0).
    """

    width: float
    up: float
    down: float
    marks: tuple[Mark, ...] = ()

    def state(self, spoken: str = "") -> dict[str, Any]:
        """The formula as JSON, for the browser and for `draw_formula`.

        Args:
            spoken: The formula in plain text, for those who do not see it.
        """
        marks = [[round(part, 2) if isinstance(part, float) else part for part in mark] for mark in self.marks]
        size = {"width": round(self.width, 2), "up": round(self.up, 2), "down": round(self.down, 2)}
        return {**size, "marks": marks, "spoken": spoken}

    def moved(self, x: float, y: float) -> tuple[Mark, ...]:
        """The marks with the baseline's left end at (x, y)."""
        return tuple(_moved(mark, x, y) for mark in self.marks)


def word(text: str, size: float = SIZE, *, italic: bool = False, colour: str = "ink") -> Formula:
    """Upright text: brackets, digits, names that are words. Blanks at its ends take room."""
    width = serif_width(text, size, italic=italic)
    inner = text.strip()
    start = serif_width(text[: len(text) - len(text.lstrip())], size, italic=italic)
    marks: tuple[Mark, ...] = (("text", start, 0.0, size, inner, italic, colour),) if inner else ()
    return Formula(width, 0.7 * size, 0.22 * size, marks)


def symbol(text: str, size: float = SIZE, *, colour: str = "ink") -> Formula:
    """A variable or a function: a letter in italics."""
    return word(text, size, italic=True, colour=colour)


def space(width: float) -> Formula:
    """So many pixels of nothing."""
    return Formula(width, 0.0, 0.0)


def beside(*boxes: Formula) -> Formula:
    """Boxes on one baseline, from left to right."""
    marks: list[Mark] = []
    x = 0.0
    for box in boxes:
        marks += box.moved(x, 0)
        x += box.width
    up, down = max((box.up for box in boxes), default=0.0), max((box.down for box in boxes), default=0.0)
    return Formula(x, up, down, tuple(marks))


def in_lines(boxes: Sequence[Formula], room: float, *, indent: float = 0.0, size: float = SIZE) -> Formula:
    """Boxes from left to right, in a new line where the next would reach beyond `room`; later lines are indented."""
    lines: list[list[Formula]] = [[]]
    used = 0.0
    for box in boxes:
        if lines[-1] and used + box.width > room:
            lines.append([space(indent)])
            used = indent
        lines[-1].append(box)
        used += box.width
    rows = [beside(*line) for line in lines]
    marks, y = list(rows[0].marks), 0.0
    for above, below in pairwise(rows):
        y += above.down + 0.35 * size + below.up
        marks += below.moved(0, y)
    return Formula(max(row.width for row in rows), rows[0].up, y + rows[-1].down, tuple(marks))


def fraction(above: Formula, below: Formula, size: float = SIZE, *, colour: str = "ink") -> Formula:
    """One box over another, with a line between."""
    pad, gap, axis = 0.14 * size, 0.2 * size, AXIS * size
    width = max(above.width, below.width) + 2 * pad
    y_above, y_below = -axis - gap - above.down, -axis + gap + below.up
    line = ("line", 0.0, -axis, width, -axis, THIN * size, colour)
    marks = (
        *above.moved((width - above.width) / 2, y_above),
        line,
        *below.moved((width - below.width) / 2, y_below),
    )
    margin = 0.1 * size  # between a fraction and its neighbours
    shifted = Formula(0, 0, 0, marks).moved(margin, 0)
    return Formula(width + 2 * margin, above.up - y_above, y_below + below.down, shifted)


def with_index(base: Formula, index: Formula, size: float = SIZE) -> Formula:
    """A box with an index below right; make the index smaller, by 0.7."""
    drop = 0.28 * size
    marks = (*base.marks, *index.moved(base.width + 0.03 * size, drop))
    up, down = max(base.up, index.up - drop), max(base.down, drop + index.down)
    return Formula(base.width + index.width + 0.06 * size, up, down, marks)


def sum_sign(over: Formula, size: float = SIZE, *, colour: str = "ink") -> Formula:
    """A summation sign with what it runs over as its index, and a thin space behind it."""
    large = 1.3 * size
    sign = word("∑", large, colour=colour)
    sign = Formula(sign.width, 0.85 * size, 0.3 * size, sign.moved(0, 0.13 * size))
    return beside(with_index(sign, over, 1.5 * size), space(0.14 * size))


def with_bar(box: Formula, size: float = SIZE, *, below: bool = False, colour: str = "ink") -> Formula:
    """A box with a line over it (edges into it are cut), or below it (edges out of it are cut)."""
    y = box.down if below else -box.up - 0.12 * size
    bar = ("line", 0.04 * size, y, box.width - 0.02 * size, y, THIN * size, colour)
    return Formula(box.width, box.up + (0 if below else 0.2 * size), box.down + 0.08 * size, (*box.marks, bar))


def independence_sign(size: float = SIZE, *, holds: bool = True, colour: str = "ink") -> Formula:
    """The sign of independence as three lines, which no face holds reliably; crossed out where it does not hold."""
    left, right, top, foot = 0.44 * size, 0.62 * size, -0.66 * size, -0.02 * size
    strokes = [(left, top, left, foot), (right, top, right, foot), (0.24 * size, foot, 0.82 * size, foot)]
    if not holds:
        strokes.append((0.26 * size, 0.1 * size, 0.8 * size, -0.76 * size))
    marks = tuple(("line", *stroke, THIN * size, colour) for stroke in strokes)
    return Formula(1.06 * size, 0.7 * size, 0.1 * size, marks)


def bracketed(box: Formula, size: float = SIZE, *, colour: str = "ink") -> Formula:
    """A box in square brackets that are as tall as it is."""
    top, foot, arm, margin = -box.up - 0.08 * size, box.down + 0.05 * size, 0.18 * size, 0.1 * size
    end = box.width + 2 * (arm + margin)
    marks: list[Mark] = [*box.moved(arm + margin, 0)]
    for x, tip in ((margin, margin + arm), (end - margin, end - margin - arm)):
        for stroke in ((x, top, x, foot), (x, top, tip, top), (x, foot, tip, foot)):
            marks.append(("line", *stroke, THIN * size, colour))
    return Formula(end, -top, foot, tuple(marks))


def fit_scale(formula: Mapping[str, Any], room: float) -> float:
    """By how much a formula's state must shrink to be no wider than `room`; 1 where it fits."""
    return min(1.0, room / formula["width"]) if formula["width"] else 1.0


def draw_formula(picture: Picture, x: float, y: float, formula: Mapping[str, Any], *, room: float = 1e9) -> None:
    """Draw a formula's state with its baseline at y; if it is wider than `room`, smaller."""
    scale = fit_scale(formula, room)
    shrink = f" scale({scale:.3f})" if scale < 1 else ""
    with picture.group(transform=f"translate({number(x)} {number(y)}){shrink}"):
        for kind, *rest in formula["marks"]:
            if kind == "line":
                x1, y1, x2, y2, thickness, colour = rest
                picture.line(x1, y1, x2, y2, stroke=colour, thickness=thickness)
            else:
                at, baseline, size, text, italic, colour = rest
                slant = "italic" if italic else None
                picture.text(at, baseline, text, size=size, fill=colour, slant=slant, font_family=SERIF_FACE)


def _moved(mark: Mark, x: float, y: float) -> Mark:
    kind, one, two, *rest = mark
    if kind == "line":
        three, four, *look = rest
        return (kind, one + x, two + y, three + x, four + y, *look)
    return (kind, one + x, two + y, *rest)
