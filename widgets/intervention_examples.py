"""The model that an InterventionLab begins with."""

from __future__ import annotations

from typing import Any

from agentos_lab.causal import Normal, StructuralCausalModel

__all__ = ["EXERCISE", "exercise"]


def exercise(ageing: float = 0.12, noise: float = 0.32) -> StructuralCausalModel:
    """Age A, weekly hours of exercise X, cholesterol Y: older people exercise more and have more cholesterol.

    A constructed example: the numbers are chosen so that seeing and doing have opposite signs.

    Args:
        ageing: How much cholesterol a year of age adds, in mmol/L.
        noise: Standard deviation of what else moves cholesterol, in mmol/L.
    """
    return StructuralCausalModel(
        {
            "A": "U_A",
            "X": "0.12 * A - 1 + U_X",
            "Y": f"{4.8 - 50 * ageing:.4g} + {ageing:.4g} * A - 0.004 * A * X + U_Y",
        },
        noise={"U_A": Normal(50, 10), "U_X": Normal(0, 0.8), "U_Y": Normal(0, noise)},
    )


# Weekly exercise and cholesterol: the text of the sliders, names, units and the person that InterventionLab shows.
EXERCISE: dict[str, Any] = {
    "title": "Seeing, doing, imagining: weekly exercise X and cholesterol Y, confounded by age A",
    "names": {"A": "age", "X": "exercise", "Y": "cholesterol"},
    "units": {"X": "h", "Y": "mmol/L"},
    "sliders": {"ageing": (0.0, 0.2), "noise": (0.05, 1.0)},
    "person": {"name": "Ada", "A": 62, "X": 5.0, "Y": 5.2},
    "meta": "a constructed example",
    "x": 7.0,
}
