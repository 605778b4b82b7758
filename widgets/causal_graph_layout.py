"""Where the parts of a CausalGraphExplorer stand: the graph and its paths at the left, the answer at the right."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

__all__ = ["formula_room", "layout", "shown_paths", "shown_steps"]


def layout(measures: Mapping[str, float], width: float) -> dict[str, float]:
    """Left end and width of the two columns; `causal_graph_layout.js` computes the same."""
    inner = width - 32 - measures["gap"]
    left = round(min(0.5 * inner, inner - measures["answer"]))
    return {"left": 16, "graph": left, "right": 16 + left + measures["gap"], "answer": inner - left}


def shown_paths(measures: Mapping[str, float], count: int, chosen: int) -> tuple[int, int]:
    """First and last (excluded) of the rows of paths that there is room for, the chosen one among them."""
    return _window(int(measures["paths"]), count, chosen)


def shown_steps(measures: Mapping[str, float], steps: Sequence[object], chosen: int) -> tuple[int, int]:
    """First and last (excluded) of the steps that there is room for, the chosen one among them."""
    return _window(int(measures["steps"]), len(steps), chosen)


def formula_room(formula: Mapping[str, Any], wide: float, high: float) -> float:
    """The width at which a formula is neither too wide nor too high."""
    return float(min(wide, formula["width"] * high / max(formula["up"] + formula["down"], 1)))


def _window(room: int, count: int, chosen: int) -> tuple[int, int]:
    first = max(0, min(chosen - room // 2, count - room))
    return first, min(count, first + room)
