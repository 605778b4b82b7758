"""Pictures: a small SVG writer for the static views, the same to the byte on every machine.

The drawing words (`rect`, `circle`, `line`, `path`, `text`, `group`) and their options have twins of the same names
in `shared.js`, so that the two drawings of a widget read the same line by line. Options are written once, in
`ATTRIBUTES`; colours are names of the palette.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from xml.sax.saxutils import escape

from .palette import colour
from .runs import Runs, rich

__all__ = ["ATTRIBUTES", "Picture", "number"]

# Drawing option -> SVG attribute; an option that is not listed is the attribute itself, `_` for `-`.
ATTRIBUTES: Mapping[str, str] = {
    "thickness": "stroke-width",
    "dash": "stroke-dasharray",
    "cap": "stroke-linecap",
    "join": "stroke-linejoin",
    "radius": "rx",
    "size": "font-size",
    "weight": "font-weight",
    "anchor": "text-anchor",
    "slant": "font-style",
}

UI_FACE = "'Liberation Sans', Arial, Helvetica, system-ui, sans-serif"  # the widths of `text_metrics`
CODE_FACE = "ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace"
# Characters that XML cannot hold at all; a token may be one.
FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")

Option = str | float | bool | None


def number(value: float) -> str:
    """A coordinate as text: at most two decimals, no trailing zeros, no minus zero."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


class Picture:
    """An SVG under construction, on a framed ground; set `height` at the end, `str(picture)` is the document.

    Args:
        width: Pixels.
        label: What the picture says, for those who do not see it (the header sentence of the widget).
        dark: Use the palette of the dark theme; static pictures are light.

    Every drawing method takes the options of `ATTRIBUTES` and any SVG attribute as keyword arguments.
    """

    def __init__(self, width: float, label: str = "", *, dark: bool = False) -> None:
        self.width, self.height, self.label, self.dark = width, 0.0, label, dark
        self._parts: list[str] = []

    def rect(self, x: float, y: float, width: float, height: float, **options: Option) -> None:
        """A rectangle; ``radius`` rounds its corners."""
        self._element("rect", {"x": x, "y": y, "width": width, "height": height}, options)

    def circle(self, x: float, y: float, r: float, **options: Option) -> None:
        """A circle about (x, y)."""
        self._element("circle", {"cx": x, "cy": y, "r": r}, options)

    def line(self, x1: float, y1: float, x2: float, y2: float, **options: Option) -> None:
        """A straight line; a hairline unless ``stroke`` and ``thickness`` say otherwise."""
        ends: dict[str, Option] = {"x1": x1, "y1": y1, "x2": x2, "y2": y2}
        look: dict[str, Option] = {"stroke": "hairline", "thickness": 1}
        self._element("line", ends, look | options)

    def path(self, d: str, **options: Option) -> None:
        """A path of SVG commands; write its numbers with `number`."""
        self._element("path", {"d": d}, options)

    def text(self, x: float, y: float, runs: Runs, *, mono: bool = False, **options: Option) -> None:
        """One line of text with its baseline at y; parts made by `strong` and `code` keep their style."""
        look: dict[str, Option] = {"fill": "ink", "size": 13, "font_family": CODE_FACE if mono else None}
        if isinstance(runs, str):
            self._element("text", {"x": x, "y": y}, look | options, runs)
            return
        spans = "".join(
            f"<tspan{self._attributes(_style(style))}{_kept_blanks(text)}>{_escaped(text)}</tspan>"
            for style, text in rich(runs)
        )
        self._parts.append(f"<text{self._attributes({'x': x, 'y': y} | look | options)}>{spans}</text>")

    @contextmanager
    def group(self, x: float = 0, y: float = 0, **options: Option) -> Iterator[None]:
        """Everything drawn inside is moved by (x, y) and shares the options."""
        moved = {"transform": f"translate({number(x)} {number(y)})"} if x or y else {}
        self._parts.append(f"<g{self._attributes(moved | options)}>")
        yield
        self._parts.append("</g>")

    def __str__(self) -> str:
        size = f'width="{number(self.width)}" height="{number(self.height)}"'
        box = f'viewBox="0 0 {number(self.width)} {number(self.height)}"'
        label = _escaped(self.label)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {box} role="img"'
            f' font-family="{UI_FACE}" font-size="13">'
            f"<title>{label}</title>{self._frame()}{''.join(self._parts)}</svg>"
        )

    def _frame(self) -> str:
        shape = {"x": 0.5, "y": 0.5, "width": self.width - 1, "height": self.height - 1, "radius": 6}
        return f"<rect{self._attributes({**shape, 'fill': 'ground', 'stroke': 'hairline'})}/>"

    def _element(self, tag: str, shape: Mapping[str, Option], options: Mapping[str, Option], text: str = "") -> None:
        attributes = self._attributes({**shape, **options})
        if text:
            self._parts.append(f"<{tag}{attributes}{_kept_blanks(text)}>{_escaped(text)}</{tag}>")
        else:
            self._parts.append(f"<{tag}{attributes}/>")

    def _attributes(self, options: Mapping[str, Option]) -> str:
        written = []
        for option, value in options.items():
            if value is None or value is False:
                continue
            name = ATTRIBUTES.get(option, option.replace("_", "-"))
            if isinstance(value, str):
                text = colour(value, dark=self.dark) if name in ("fill", "stroke") else value
            else:
                text = number(float(value))
            written.append(f' {name}="{_escaped(text)}"')
        return "".join(written)


def _style(style: str) -> dict[str, Option]:
    return {
        "weight": 600 if "strong" in style else None,
        "font_family": CODE_FACE if "code" in style else None,
        "fill": "quiet" if "quiet" in style else None,
    }


def _kept_blanks(text: str) -> str:
    """SVG joins and drops blanks unless told not to."""
    return ' xml:space="preserve"' if text != " ".join(text.split()) else ""


def _escaped(text: str) -> str:
    return escape(FORBIDDEN.sub("\ufffd", text), {'"': "&quot;"})
