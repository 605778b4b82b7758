"""Where the parts of a HedgeExplorer stand; `hedge_layout.js` computes the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["SEGMENTS", "place", "segments", "strip_x"]

# From left to right, the types of a row with their index in `TYPES`: those with Y = 1 first, as the data fix it.
SEGMENTS = ((("always", 0), ("harmed", 2), ("helped", 1), ("never", 3)),
            (("always", 0), ("helped", 1), ("harmed", 2), ("never", 3)))  # fmt: skip


def place(measures: Mapping[str, float], width: float) -> dict[str, float]:
    """Left edges and widths of the columns, and the ends of the strip, for a width of the view."""
    wide = width >= 760
    gap = measures["gap"] * (1 if wide else 0.6)
    graph = measures["graph"] * (1 if wide else 0.88)
    rest = width - 32 - graph - 3 * gap
    mechanism, data = 0.5 * rest, 0.225 * rest
    x = 16 + graph + gap
    return {
        "gap": gap,
        "graph": graph,
        "mechanism": x,
        "mechanism_width": mechanism,
        "data": x + mechanism + gap,
        "data_width": data,
        "effect": x + mechanism + data + 2 * gap,
        "effect_width": rest - mechanism - data,
        "rows": x + measures["row_label"],
        "rows_width": mechanism - measures["row_label"],
        "strip": 16 + measures["strip_label"] * (1 if wide else 0.95),
        "strip_end": width - 16 - 26,
    }


def segments(at: Mapping[str, float], types: Sequence[Sequence[float]], row: int) -> list[tuple[Any, ...]]:
    """The segments of a row of the mechanism: (type, share of the row, left edge, width)."""
    total = sum(types[row])
    found, x = [], at["rows"]
    for name, index in SEGMENTS[row]:
        share = types[row][index] / total
        found.append((name, share, x, share * at["rows_width"]))
        x += share * at["rows_width"]
    return found


def strip_x(at: Mapping[str, float], strip: Mapping[str, Any], value: float) -> float:
    """Where a value stands on the strip."""
    low, high = strip["span"]
    return at["strip"] + (at["strip_end"] - at["strip"]) * (value - low) / (high - low)
