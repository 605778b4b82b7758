"""The answer to a counterfactual query, with what each of its three stages found."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from .structural_model import StructuralCausalModel

__all__ = ["Counterfactual", "agrees", "told"]

_SHOWN = 5e-5  # what prints as 0.0000 is left out
_MOST_BARS = 12  # values that are drawn as bars


@dataclass(frozen=True, eq=False)
class Counterfactual:
    """The distribution of a variable in an imagined world, for the units that show the evidence.

    Attributes:
        query: The variable asked about.
        evidence, do: What was seen, what is imagined.
        model: The model after the action.
        noise: Abduction: for each noise variable its values in the worlds that agree with the evidence.
        weights: The probability of each of these worlds; they sum to 1.
        factual, imagined: The query in each world as it was, and as it would have been.
        method: "exact (counted out)", "exact (linear, normal)" or "particles".
        std_error: Of the mean, through the number of particles; 0 where the answer is exact.
        evidence_probability: The probability (or density) of the evidence; None where it was not computed.
        moments: The exact mean and standard deviation, where the worlds are only draws from an exact distribution.
    """

    query: str
    evidence: Mapping[str, Any]
    do: Mapping[str, Any]
    model: StructuralCausalModel
    noise: Mapping[str, np.ndarray]
    weights: np.ndarray
    factual: np.ndarray
    imagined: np.ndarray
    method: str
    std_error: float = 0.0
    evidence_probability: float | None = None
    moments: tuple[float, float] | None = None

    @cached_property
    def mean(self) -> float:
        """The expected value of the query in the imagined world.

        Raises:
            ValueError: Its values are no numbers.
        """
        if not self._is_number:
            raise ValueError(f"the values of {self.query} are no numbers and have no mean; look at .distribution")
        return self.moments[0] if self.moments else float(self.weights @ self.imagined)

    @cached_property
    def sd(self) -> float:
        """How much it still varies between units that show the same evidence."""
        if self.moments:
            return self.moments[1]
        return float(np.sqrt(self.weights @ (self.imagined - self.mean) ** 2))

    @property
    def _is_number(self) -> bool:
        return bool(np.issubdtype(self.imagined.dtype, np.number))

    @property
    def distribution(self) -> pd.Series:
        """The probability of each value in the imagined world."""
        import pandas as pd

        return pd.Series(self.weights).groupby(pd.Series(self.imagined, name=self.query)).sum()

    @property
    def abduction(self) -> pd.DataFrame:
        """The worlds that agree with the evidence: their noise and their probability, the likeliest first."""
        import pandas as pd

        table = pd.DataFrame({**self.noise, "probability": self.weights})
        return table.sort_values("probability", ascending=False, kind="stable", ignore_index=True)

    def probability(self, value: Hashable) -> float:
        """The probability that the query would have had this value."""
        return float(self.weights[agrees(self.imagined, value)].sum())

    @property
    def _question(self) -> str:
        had = f" had {told(self.do)}" if self.do else ""
        return f"{self.query}{had}, given {told(self.evidence) or 'nothing'}"

    def __str__(self) -> str:
        question = self._question
        if not self._is_number:
            shares = ", ".join(f"{value} {share:.4f}" for value, share in self.distribution.items())
            return f"{question}: {shares}  ({self.method})"
        spread = f", sd {self.sd:.4f}" if self.sd >= _SHOWN else ""
        error = f" ± {self.std_error:.4f}" if self.std_error >= _SHOWN else ""
        return f"{question}: mean {self.mean:.4f}{error}{spread}  ({self.method})"

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """The query in the world as it was, and in the imagined one: their two distributions."""
        from agentos_lab.figures import COLOURS, axes_for

        figure, axes = axes_for(ax, self._question, f"Distributions of {self.query}: {self}")
        was, would = (np.round(each, 9) if self._is_number else each for each in (self.factual, self.imagined))
        different = {*was.tolist(), *would.tolist()}
        values = sorted(different) if self._is_number else sorted(different, key=str)
        worlds = ((was, "as it was", "grey"), (would, "as it would have been", "purple"))
        if len(values) <= _MOST_BARS or not self._is_number:
            for side, (world, label, colour) in enumerate(worlds):
                shares = [self.weights[world == value].sum() for value in values]
                axes.bar(np.arange(len(values)) + 0.4 * side - 0.2, shares, 0.38, color=COLOURS[colour], label=label)
            axes.set_xticks(range(len(values)), [f"{v:g}" if self._is_number else str(v) for v in values])
        else:
            edges = np.linspace(values[0], values[-1], 41).tolist()
            for world, label, colour in worlds:
                axes.hist(world, edges, weights=self.weights, color=COLOURS[colour], alpha=0.6, label=label)
        axes.set_xlabel(self.query)
        axes.set_ylabel("probability")
        axes.legend(frameon=False)
        return figure


def agrees(values: np.ndarray, value: Any, within: float | None = None) -> np.ndarray:
    """Which of the values are this one, as a mask: decimal numbers up to rounding, since 0.1 + 0.2 is not quite 0.3.

    Args:
        values: (N,).
        value: What is looked for.
        within: The difference that counts as rounding; None for a billionth of the largest finite value.
    """
    if np.issubdtype(values.dtype, np.floating):
        largest = np.abs(values[np.isfinite(values)]).max(initial=0.0)
        rounding = 1e-9 * largest if within is None else within
        return np.isclose(values, float(value), rtol=1e-9, atol=rounding)
    return np.asarray(values == value, dtype=bool)


def told(values: Mapping[str, Any]) -> str:
    """Values by name, as text: ``"X=1, Y=0"``."""
    short = {name: float(f"{value:.6g}") if isinstance(value, float) else value for name, value in values.items()}
    return ", ".join(f"{name}={value}" for name, value in short.items())
