"""LiNGAM: linear equations with noise that is *not* normal; then even the direction of a single arrow shows.

If X causes Y, what is left of Y after a regression on X is independent of X; the other way round it is only
uncorrelated. DirectLiNGAM finds the variable that is least dependent on what it leaves of the others, calls it the
first cause, takes its part out of the others, and goes on with them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from agentos_lab.results import Derivation

from .continuous_data import read_numbers
from .discovery_result import Discovered, check_names
from .linear_regression import linear_regression
from .marked_graph import ARROW, TAIL, MarkedGraph
from .orientation import Orientation
from .tail_probability import chi_square_tail, normal_tail

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LinearDiscovery", "lingam"]

_SOURCE = "Shimizu et al. 2011"
_NORMAL = 0.05  # p-value of the test of normality above which noise may be normal


@dataclass(frozen=True, eq=False, repr=False)
class LinearDiscovery(Discovered):
    """A DAG of linear equations.

    Attributes:
        order: The variables, causes before effects.
        coefficients: The direct effect of each arrow (cause, effect).
        normal_noise: The variables whose noise may well be normal. With two or more the order of these is a guess.
    """

    order: tuple[str, ...] = ()
    coefficients: dict[tuple[str, str], float] = field(default_factory=dict)
    normal_noise: tuple[str, ...] = ()

    def _details(self) -> list[str]:
        lines = [f"  order: {', '.join(self.order)}"]
        arrows = [f"{a} -> {b} {value:.3g}" for (a, b), value in list(self.coefficients.items())[:8]]
        lines += [f"  effects: {', '.join(arrows)}{', …' if len(self.coefficients) > 8 else ''}"] if arrows else []
        if len(self.normal_noise) > 1:
            lines.append(f"  beware: the noise of {', '.join(self.normal_noise)} looks normal; their order is a guess")
        return lines


def lingam(data: pd.DataFrame, alpha: float = 0.01) -> LinearDiscovery:
    """Learn a DAG of linear equations with non-normal noise and without unobserved common causes, by DirectLiNGAM.

    Args:
        data: Columns of numbers, one row per unit.
        alpha: Arrows stay whose coefficient has a smaller p-value, beside the others that stay.

    Returns:
        The DAG with its order, its coefficients, and each choice as a step.

    Raises:
        ValueError: Text, missing values, a constant column, one that others determine, too few rows: each named.

    Source: Shimizu et al. 2011, "DirectLiNGAM", algorithm 1; the measure of independence is that of Hyvärinen & Smith
    2013, "Pairwise likelihood ratios for estimation of non-Gaussian structural equation models", equation 15.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha is a p-value between 0 and 1, such as 0.01, not {alpha!r}")
    if hasattr(data, "columns"):
        check_names(data.columns)
    columns = read_numbers(data)
    names = tuple(columns)
    start = MarkedGraph.complete(names, TAIL)
    state = Orientation(start)
    order = _causal_order(np.array(list(columns.values())), state)
    coefficients, normal = _prune(columns, [names[node] for node in order], alpha, state)
    goal = f"Which of {', '.join(names)} cause which, in linear equations with noise that is not normal?"
    return LinearDiscovery(
        f"DirectLiNGAM on {len(names)} variables",
        state.graph,
        Derivation(goal, tuple(state.steps)),
        start,
        order=tuple(names[node] for node in order),
        coefficients=coefficients,
        normal_noise=normal,
    )


def _causal_order(values: np.ndarray, state: Orientation) -> list[int]:
    """The variables, causes first; each choice directs the edges to all that are left.

    Args:
        values: (V, N).
        state: A graph in which all are neighbours.
    """
    rest = (values - values.mean(axis=1, keepdims=True)) / values.std(axis=1, keepdims=True)
    left, order = list(range(len(values))), []
    while len(left) > 1:
        dependence = _dependence_on_residuals(rest[left])
        place = int(np.argmin(dependence))
        first = left.pop(place)
        order.append(first)
        others = np.delete(dependence, place)
        reason = (
            f"{state.nodes[first]} is the least dependent on what it leaves of the others "
            f"({dependence[place]:.2g}; the next {others.min():.2g})"
        )
        arrows = [end for other in left for end in ((first, other, TAIL), (other, first, ARROW))]
        state.put(arrows, "first cause of those left", _SOURCE, reason)
        for other in left:
            residual = rest[other] - (rest[first] @ rest[other] / (rest[first] @ rest[first])) * rest[first]
            rest[other] = residual / residual.std()
    return order + left


def _dependence_on_residuals(values: np.ndarray) -> np.ndarray:
    """For each row of `values` (V, N), standardised, how much it looks like an effect of one of the others: (V,).

    The difference of mutual information between the two directions is one of entropies: H(j) + H(i less its part of
    j) − H(i) − H(j less its part of i). Below 0 it speaks against i as the cause.
    """
    correlation = values @ values.T / values.shape[1]
    own = np.array([_entropy(row) for row in values])
    total = np.zeros(len(values))
    for i in range(len(values)):
        for j in range(i):
            r = correlation[i, j]
            scale = math.sqrt(1 - r * r)
            residuals = _entropy((values[i] - r * values[j]) / scale) - _entropy((values[j] - r * values[i]) / scale)
            for_i = own[j] - own[i] + residuals
            total[i] += min(0.0, for_i) ** 2
            total[j] += min(0.0, -for_i) ** 2
    return total


def _entropy(u: np.ndarray) -> float:
    """The entropy of a standardised variable, from two moments that tell it from a normal one.

    Source: Hyvärinen 1998, "New approximations of differential entropy"; constants as in Hyvärinen & Smith 2013.
    """
    from_tails = np.mean(np.logaddexp(u, -u)) - math.log(2) - 0.37457  # E log cosh u, 0.37457 for a normal u
    from_skew = np.mean(u * np.exp(-(u**2) / 2))
    return (1 + math.log(2 * math.pi)) / 2 - 79.047 * float(from_tails) ** 2 - 7.4129 * float(from_skew) ** 2


def _prune(
    columns: dict[str, np.ndarray], order: list[str], alpha: float, state: Orientation
) -> tuple[dict[tuple[str, str], float], tuple[str, ...]]:
    """Take away the arrows that the data can do without; the coefficients of the others, and who has normal noise."""
    coefficients: dict[tuple[str, str], float] = {}
    normal = []
    for place, name in enumerate(order):
        causes = order[:place]
        while True:
            design = np.column_stack([np.ones(len(columns[name])), *(columns[cause] for cause in causes)])
            fit = linear_regression(design, columns[name])
            z = fit.coefficients[1:] / fit.std_errors[1:]
            weakest = int(np.argmin(np.abs(z))) if causes else -1
            if weakest < 0 or normal_tail(z[weakest]) < alpha:
                break
            reason = f"the coefficient may be 0: z = {z[weakest]:.2f}, p = {normal_tail(z[weakest]):.3g}"
            cause = causes.pop(weakest)
            state.remove(state.nodes.index(cause), state.nodes.index(name), "coefficient near 0", _SOURCE, reason)
        coefficients |= {(cause, name): float(b) for cause, b in zip(causes, fit.coefficients[1:], strict=True)}
        if _normality(fit.residuals) > _NORMAL:
            normal.append(name)
    return coefficients, tuple(normal)


def _normality(residuals: np.ndarray) -> float:
    """The p-value of skewness and kurtosis as those of a normal variable (Jarque & Bera 1980)."""
    u = (residuals - residuals.mean()) / residuals.std()
    statistic = len(u) / 6 * (np.mean(u**3) ** 2 + (np.mean(u**4) - 3) ** 2 / 4)
    return chi_square_tail(float(statistic), 2)
