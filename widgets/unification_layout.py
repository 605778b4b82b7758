"""Where the parts of a UnificationStepper stand; `unification_layout.js` computes the same."""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["place", "window"]


def place(measures: Mapping[str, float], width: float) -> dict[str, float]:
    """Columns for a width of the view: the steps, the trees, and under the trees what waits and what is bound."""
    steps = measures["steps"] * width
    left = 16 + steps + 24
    half = (width - 16 - left - measures["between"]) / 2
    return {
        "steps_width": steps,
        "equation": 16 + measures["rule"],
        "equation_width": steps - measures["rule"],
        "left": left,
        "half": half,
        "right": left + half + measures["between"],
    }


def window(measures: Mapping[str, float], count: int, step: int) -> tuple[int, int]:
    """The first step that is shown, and the one after the last."""
    rows = int(measures["rows"])
    first = max(0, min(step - rows // 2, count - rows))
    return first, min(count, first + rows)
