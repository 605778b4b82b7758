"""Where the panels and charts of an InterventionLab stand; `intervention_layout.js` computes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["outline", "panels", "to_x", "to_y"]

Panel = Mapping[str, float]


def panels(measures: Mapping[str, float], width: float) -> list[dict[str, float]]:
    """The three panels, each with its chart."""
    gap = measures["gap"] if width >= 760 else 14
    wide = (width - 32 - 2 * gap) / 3
    found = []
    for index in range(3):
        left = 16 + index * (wide + gap)
        found.append({
            "gap": gap,
            "left": left,
            "width": wide,
            "x0": left + 26,
            "x1": left + wide - 6,
            "y0": measures["chart_top"],
            "y1": measures["chart_foot"],
        })  # fmt: skip
    return found


def to_x(panel: Panel, state: Mapping[str, Any], value: float) -> float:
    """Where a value of the treatment stands in a chart."""
    axis = state["x_axis"]
    share = (value - axis["low"]) / (axis["high"] - axis["low"])
    return panel["x0"] + (panel["x1"] - panel["x0"]) * min(1.0, max(0.0, share))


def to_y(panel: Panel, state: Mapping[str, Any], value: float) -> float:
    """Where a value of the outcome stands in a chart."""
    axis = state["y_axis"]
    share = (value - axis["low"]) / (axis["high"] - axis["low"])
    return panel["y1"] - (panel["y1"] - panel["y0"]) * min(1.0, max(0.0, share))


def outline(panel: Panel, state: Mapping[str, Any], x: float, density: Sequence[float], reach: float
            ) -> list[list[float]]:  # fmt: skip
    """A distribution at x: points of its outline, or for a discrete outcome [x, y, width, height] of its bars."""
    way = -1 if x + reach + 2 > panel["x1"] else 1
    levels = state["y_axis"]["levels"]
    if levels:
        bars = []
        for level, share in zip(levels, density, strict=True):
            y, wide = to_y(panel, state, level), reach * share
            bars.append([x if way > 0 else x - wide, y - 6, wide, 12])
        return bars
    step = (panel["y1"] - panel["y0"]) / len(density)
    return [[x + way * reach * share, panel["y1"] - step * (index + 0.5)] for index, share in enumerate(density)]
