"""Sketches: drawings that Python lays out once, as data, and that the static picture and the browser both show.

A `Sketch` has the drawing words of `Picture`, but remembers them instead of writing SVG. What it remembers travels in a
view's state; `draw_sketch` puts it into a picture, `sketch.js` onto the live stage. So a drawing that no hover and no
scrubbing changes is programmed once. A colour may be thinned: ``"vermilion:0.12"`` is 12 % of it on the ground.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .formula import draw_formula
from .formula_metrics import SERIF_FACE
from .palette import mix
from .picture import Picture

__all__ = ["Mark", "Sketch", "draw_sketch", "paint"]

Mark = list[Any]  # [word, [coordinates or text …], {option: value}]


class Sketch:
    """A drawing that remembers its marks; `marks` is JSON."""

    def __init__(self) -> None:
        self.marks: list[Mark] = []

    def rect(self, x: float, y: float, width: float, height: float, **options: Any) -> None:
        """A rectangle."""
        self._add("rect", [x, y, width, height], options)

    def circle(self, x: float, y: float, r: float, **options: Any) -> None:
        """A circle about (x, y)."""
        self._add("circle", [x, y, r], options)

    def line(self, x1: float, y1: float, x2: float, y2: float, **options: Any) -> None:
        """A straight line."""
        self._add("line", [x1, y1, x2, y2], options)

    def path(self, d: str, **options: Any) -> None:
        """A path of SVG commands."""
        self._add("path", [d], options)

    def text(self, x: float, y: float, text: str, *, serif: bool = False, **options: Any) -> None:
        """A line of text with its baseline at y; `serif` sets it in the face of formulas."""
        self._add("text", [x, y, text], options | ({"serif": True} if serif else {}))

    def formula(self, x: float, y: float, formula: Mapping[str, Any], room: float = 1e9) -> None:
        """A formula's state with its baseline at y, no wider than `room`."""
        self._add("formula", [x, y, dict(formula), room], {})

    def _add(self, word: str, place: list[Any], options: Mapping[str, Any]) -> None:
        rounded = [round(part, 2) if isinstance(part, float) else part for part in place]
        self.marks.append([word, rounded, {name: value for name, value in options.items() if value is not None}])


def draw_sketch(picture: Picture, marks: Iterable[Sequence[Any]]) -> None:
    """Draw what a sketch remembers."""
    for word, place, options in marks:
        if word == "formula":
            x, y, formula, room = place
            draw_formula(picture, x, y, formula, room=room)
            continue
        look = {name: paint(value, dark=picture.dark) for name, value in options.items() if name != "serif"}
        if options.get("serif"):
            look["font_family"] = SERIF_FACE
        getattr(picture, word)(*place, **look)


def paint(value: Any, *, dark: bool = False) -> Any:
    """An option's value; a thinned colour such as ``"blue:0.1"`` mixed into the ground."""
    if isinstance(value, str) and ":" in value:
        name, share = value.split(":")
        return mix(name, float(share), dark=dark)
    return value
