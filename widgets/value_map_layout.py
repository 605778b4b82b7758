"""Where the parts of a ValueMap stand; `value_map_layout.js` computes the same."""

from __future__ import annotations

from collections.abc import Mapping
from math import floor

__all__ = ["hatch", "place"]


def place(measures: Mapping[str, float], width: float, rows: int, columns: int) -> dict[str, float]:
    """The layout for a width and a size of the grid."""
    left, top = 16 + measures["gutter"], 20.0
    room = 0.56 * width - left
    cell = max(8, floor(min(measures["cell"], measures["map"] / rows, room / columns)))
    inspected = max(columns * cell, min(measures["inspected"], 0.48 * width))
    right = left + inspected + measures["gap"] * (1 if width >= 760 else 0.6)
    inspector = top + rows * cell + 8
    small = floor(
        min(measures["small"], (width - 16 - right - measures["legend"]) / columns, 7 * measures["small"] / rows)
    )
    missing = max(rows * small, 116)  # the legend needs some height too
    chart = top + missing + 38
    curve = max(measures["chart"], inspector - chart)  # a high map leaves room for a high curve
    height = max(inspector + measures["inspector"], chart + curve + 38) + 8
    return {
        "left": left,
        "top": top,
        "cell": cell,
        "inspected": inspected,
        "inspector": inspector,
        "right": right,
        "small": small,
        "missing": missing,
        "chart": chart,
        "curve": curve,
        "chart_left": right + 38,
        "chart_right": width - 16 - 14,
        "height": height,
    }


def hatch(x: float, y: float, side: float, pitch: float) -> list[tuple[float, float, float, float]]:
    """Oblique lines across a square: (x1, y1, x2, y2) each; how a wall is told from a cell that is worth nothing."""
    lines = []
    along = pitch / 2
    while along < 2 * side:
        low, high = max(0.0, along - side), min(along, side)
        lines.append((x + low, y + high, x + high, y + low))
        along += pitch
    return lines
