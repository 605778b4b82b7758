"""Diagnostics of an estimate: do treated and untreated overlap, how heavy are the weights, are the groups alike?

Balance is judged by standardised mean differences, which, unlike p-values, do not shrink with the sample.
"""

from __future__ import annotations

import html
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .study import Study

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Balance", "Overlap", "WeightSummary", "covariate_balance", "overlap", "weight_summary"]

_EXTREME = 0.01  # a propensity score nearer than this to 0 or 1 makes a weight of more than a hundred


@dataclass(frozen=True, eq=False)
class Overlap:
    """The propensity scores of treated and untreated.

    Attributes:
        scores: (N,).
        treatment: (N,), 0 or 1.
    """

    scores: np.ndarray
    treatment: np.ndarray

    @property
    def extreme(self) -> int:
        """How many rows have a score within 0.01 of 0 or 1."""
        return int(((self.scores < _EXTREME) | (self.scores > 1 - _EXTREME)).sum())

    def __str__(self) -> str:
        treated, untreated = self.scores[self.treatment == 1], self.scores[self.treatment == 0]
        near = f"; {self.extreme} within {_EXTREME} of 0 or 1" if self.extreme else ""
        return (
            f"scores of the treated {treated.min():.4f} to {treated.max():.4f}, mean {treated.mean():.4f}; of the "
            f"untreated {untreated.min():.4f} to {untreated.max():.4f}, mean {untreated.mean():.4f}{near}"
        )

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """Both groups' scores as histograms."""
        from agentos_lab.figures import COLOURS, axes_for

        figure, axes = axes_for(ax, "Propensity scores", f"Histograms of propensity scores: {self}")
        edges = np.linspace(0, 1, 41).tolist()
        for value, label, colour in ((0, "untreated", "grey"), (1, "treated", "blue")):
            scores = self.scores[self.treatment == value]
            axes.hist(scores, edges, density=True, alpha=0.6, label=label, color=COLOURS[colour])
        axes.set_xlabel("propensity score")
        axes.set_ylabel("density")
        axes.legend(frameon=False)
        return figure


@dataclass(frozen=True)
class WeightSummary:
    """How uneven a set of weights is.

    Attributes:
        lowest, mean, highest: Of the weights.
        effective: The effective sample size (Σw)² / Σw² (Kish 1965).
        largest_share: The share of the heaviest row in the sum of all weights.
    """

    lowest: float
    mean: float
    highest: float
    effective: float
    largest_share: float

    def __str__(self) -> str:
        return (
            f"{self.lowest:.2f} to {self.highest:.2f}, mean {self.mean:.3f}; effective sample size {self.effective:.0f}"
        )

    __repr__ = __str__


@dataclass(frozen=True)
class Balance:
    """Standardised mean differences between treated and untreated, before and after weighting or matching.

    Attributes:
        names: The covariates' columns.
        before, after: A difference for each, in standard deviations.
    """

    names: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row per covariate."""
        import pandas as pd

        return pd.DataFrame({"before": self.before, "after": self.after}, index=pd.Index(self.names, name="covariate"))

    def __str__(self) -> str:
        if not self.names:
            return "no covariates"
        return (
            f"largest standardised difference {max(map(abs, self.before)):.3f} before, "
            f"{max(map(abs, self.after)):.3f} after (below 0.1 is usually called balanced)"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(name)}</th><td>{before:.3f}</td><td>{after:.3f}</td></tr>"
            for name, before, after in zip(self.names, self.before, self.after, strict=True)
        )
        head = "<tr><th style='text-align:left'>covariate</th><th>before</th><th>after</th></tr>"
        return f"<table><thead>{head}</thead><tbody>{rows}</tbody></table>"

    def plot(self, ax: Axes | None = None) -> Figure:
        """The love plot: each covariate's absolute difference before and after."""
        from agentos_lab.figures import COLOURS, axes_for

        figure, axes = axes_for(ax, "Balance of the covariates", str(self))
        places = range(len(self.names))
        axes.scatter(np.abs(self.before), places, color=COLOURS["vermilion"], label="before", marker="x")
        axes.scatter(np.abs(self.after), places, color=COLOURS["blue"], label="after")
        axes.axvline(0.1, color=COLOURS["grey"], linewidth=0.8, linestyle="--")
        axes.set_yticks(list(places), self.names)
        axes.invert_yaxis()  # the first covariate on top
        axes.set_xlim(left=0)
        axes.set_xlabel("absolute standardised mean difference")
        axes.legend(frameon=False)
        return figure


def overlap(study: Study, scores: np.ndarray) -> Overlap:
    """The propensity scores (N,) of a study, told by group."""
    return Overlap(scores, study.treatment)


def weight_summary(weights: np.ndarray) -> WeightSummary:
    """How uneven weights (N,) are; rows of weight 0 do not count."""
    used = weights[weights > 0]
    total = float(used.sum())
    effective, share = total**2 / float(used @ used), float(used.max()) / total
    return WeightSummary(float(used.min()), float(used.mean()), float(used.max()), effective, share)


def covariate_balance(study: Study, weights: np.ndarray) -> Balance:
    """Standardised mean differences with equal weights and with these (N,).

    Both are divided by the same spread, √((s₁² + s₀²) / 2) before weighting, so that they can be compared.

    Source: Austin & Stuart 2015, "Moving towards best practice when using inverse probability of treatment weighting".
    """
    treated, untreated = study.treatment == 1, study.treatment == 0
    before: list[float] = []
    after: list[float] = []
    for column in study.covariates().values():
        spread = float(np.sqrt((column[treated].var(ddof=1) + column[untreated].var(ddof=1)) / 2))
        for target, each in ((before, np.ones(len(study))), (after, weights)):
            means = [np.average(column[group], weights=each[group]) for group in (treated, untreated)]
            target.append(float(means[0] - means[1]) / spread if spread > 0 else 0.0)
    return Balance(tuple(study.covariates()), tuple(before), tuple(after))
