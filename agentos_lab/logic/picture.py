"""A picture of circles, arrows, lines and words, written as SVG or drawn by matplotlib.

The layout is worked out once; both show the same. Lengths are pixels, y grows downwards.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass, field
from math import hypot
from typing import Any

__all__ = ["Arrow", "Circle", "Line", "Picture", "Words"]

INK, QUIET, HAIRLINE = "#1a1a1a", "#5f5f5f", "#d9d9d9"
SYMBOL_COLOURS = ("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9")  # Okabe & Ito 2008

Point = tuple[float, float]


@dataclass(frozen=True)
class Circle:
    """A circle, outlined."""

    centre: Point
    radius: float
    colour: str = INK
    fill: str = "#ffffff"


@dataclass(frozen=True)
class Arrow:
    """A curved arrow along a cubic Bézier curve; `dashed` for functions, whole for relations."""

    points: tuple[Point, Point, Point, Point]
    colour: str
    dashed: bool = False

    def head(self, length: float = 9.0, width: float = 7.0) -> tuple[Point, Point, Point]:
        """The corners of the arrow's head, its tip first."""
        (x0, y0), (x1, y1) = self.points[2], self.points[3]
        distance = hypot(x1 - x0, y1 - y0) or 1.0
        dx, dy = (x1 - x0) / distance, (y1 - y0) / distance
        back = (x1 - length * dx, y1 - length * dy)
        side = (-dy * width / 2, dx * width / 2)
        return (x1, y1), (back[0] + side[0], back[1] + side[1]), (back[0] - side[0], back[1] - side[1])


@dataclass(frozen=True)
class Line:
    """A thin straight line."""

    start: Point
    end: Point
    colour: str = HAIRLINE


@dataclass(frozen=True)
class Words:
    """One line of text; `place` is the middle of its left end, its middle or its right end."""

    text: str
    place: Point
    colour: str = INK
    anchor: str = "middle"  # "start", "middle" or "end"
    size: int = 13
    bold: bool = False


@dataclass(frozen=True)
class Picture:
    """Shapes on a sheet of `width` × `height` pixels, drawn in order; `alt` says in words what they show."""

    width: float
    height: float
    shapes: Sequence[Circle | Arrow | Line | Words]
    alt: str = ""
    font: str = field(default="system-ui, sans-serif", repr=False)

    def svg(self) -> str:
        """The picture as an SVG document."""
        inside = "".join(_svg(shape) for shape in self.shapes)
        w, h = f"{self.width:g}", f"{self.height:g}"
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{w}" height="{h}" viewBox="0 0 {w} {h}" role="img"'
            f' font-family="{self.font}"><title>{html.escape(self.alt)}</title>'
            f'<rect width="{w}" height="{h}" rx="6" fill="#ffffff"/>{inside}</svg>'
        )

    def draw(self, axes: Any) -> None:
        """Draw the picture on matplotlib axes, in pixels."""
        axes.set(xlim=(0, self.width), ylim=(self.height, 0), aspect="equal")
        axes.set_axis_off()
        for layer, shape in enumerate(self.shapes, 1):
            _draw(axes, shape, layer)


def _svg(shape: Circle | Arrow | Line | Words) -> str:
    match shape:
        case Circle((x, y), radius, colour, fill):
            return (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}" stroke="{colour}" stroke-width="2"/>'
            )
        case Line((x0, y0), (x1, y1), colour):
            return f'<path d="M{x0:.1f} {y0:.1f}L{x1:.1f} {y1:.1f}" stroke="{colour}"/>'
        case Words(text, (x, y), colour, anchor, size, bold):
            weight = ' font-weight="600"' if bold else ""
            return (
                f'<text x="{x:.1f}" y="{y + 0.36 * size:.1f}" font-size="{size}" fill="{colour}"'
                f' text-anchor="{anchor}"{weight}>{html.escape(text)}</text>'
            )
        case Arrow((a, b, c, d), colour, dashed):
            curve = f"M{a[0]:.1f} {a[1]:.1f}C" + " ".join(f"{x:.1f} {y:.1f}" for x, y in (b, c, d))
            dashes = ' stroke-dasharray="5 3"' if dashed else ""
            corners = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.head())
            return (
                f'<path d="{curve}" fill="none" stroke="{colour}" stroke-width="1.75"{dashes}/>'
                f'<polygon points="{corners}" fill="{colour}"/>'
            )
    raise TypeError(f"expected a shape, got {type(shape).__name__}")


def _draw(axes: Any, shape: Circle | Arrow | Line | Words, layer: int) -> None:
    from matplotlib import patches
    from matplotlib.path import Path

    match shape:
        case Circle(centre, radius, colour, fill):
            axes.add_patch(
                patches.Circle(centre, radius, facecolor=fill, edgecolor=colour, linewidth=1.5, zorder=layer)
            )
        case Line(start, end, colour):
            axes.plot([start[0], end[0]], [start[1], end[1]], color=colour, linewidth=0.8, zorder=layer)
        case Words(text, place, colour, anchor, size, bold):
            alignment = {"start": "left", "middle": "center", "end": "right"}[anchor]
            weight = "bold" if bold else "normal"
            axes.text(
                *place, text, color=colour, ha=alignment, va="center", fontsize=0.7 * size, weight=weight, zorder=layer
            )
        case Arrow(points, colour, dashed):
            path = Path(points, [Path.MOVETO, Path.CURVE4, Path.CURVE4, Path.CURVE4])
            style = (0, (4, 2.5)) if dashed else "solid"
            line = patches.PathPatch(path, fill=False, edgecolor=colour, linewidth=1.2, linestyle=style, zorder=layer)
            axes.add_patch(line)
            axes.add_patch(patches.Polygon(shape.head(), closed=True, color=colour, linewidth=0, zorder=layer))
