"""Scores of a DAG: how well it fits, less what its arrows cost; the sum of one local score per variable and its causes.

BIC and BDeu give equivalent DAGs the same score, so that a search may go through classes (`ges`) instead of DAGs.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import numpy as np

from .contingency import is_discrete, read_levels
from .continuous_data import read_numbers

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["LocalScore", "bdeu", "bic", "discrete_bic", "gaussian_bic"]

# From a variable's name and its causes' names to a number; more is better.
LocalScore = Callable[[str, Sequence[str]], float]


def bic(data: pd.DataFrame) -> LocalScore:
    """`discrete_bic` where no column has more than 20 values, else `gaussian_bic`.

    Args:
        data: One row per unit.
    """
    return discrete_bic(data) if is_discrete(data) else gaussian_bic(data)


def gaussian_bic(data: pd.DataFrame) -> LocalScore:
    """The Bayesian information criterion of linear equations with normal noise: ln L − ½ ln N · (coefficients + 1).

    Args:
        data: Columns of numbers, one row per unit.

    Raises:
        ValueError: Text, missing values, a constant column, one that others determine, too few rows.

    Source: Schwarz 1978, "Estimating the dimension of a model"; constants that all DAGs share are left out.
    """
    columns = read_numbers(data)
    index = {name: place for place, name in enumerate(columns)}
    covariance = np.cov(np.array(list(columns.values())), bias=True)
    rows = len(data)

    def score(name: str, causes: Sequence[str]) -> float:
        own, places = index[name], [index[cause] for cause in causes]
        left = covariance[own, own]  # the variance that the causes leave unexplained
        if places:
            with_own = covariance[places, own]
            left -= with_own @ np.linalg.solve(covariance[np.ix_(places, places)], with_own)
        return -rows / 2 * math.log(left) - math.log(rows) / 2 * (len(places) + 1)

    return score


def discrete_bic(data: pd.DataFrame) -> LocalScore:
    """The Bayesian information criterion of conditional probability tables: ln L − ½ ln N · (free probabilities).

    Args:
        data: Discrete columns, one row per unit.

    Raises:
        ValueError: Missing values, a constant column, one with too many values, too few rows.

    Source: Schwarz 1978, "Estimating the dimension of a model".
    """
    levels = read_levels(data)

    def score(name: str, causes: Sequence[str]) -> float:
        counts = levels.counts_given(name, causes)  # (S, A)
        free = (levels.cards[name] - 1) * math.prod(levels.cards[cause] for cause in causes)
        likelihood = _n_log_n(counts) - _n_log_n(counts.sum(axis=1))
        return likelihood - math.log(levels.rows) / 2 * free

    return score


def bdeu(data: pd.DataFrame, equivalent_sample_size: float = 1.0) -> LocalScore:
    """The logarithm of the data's probability when all tables are equally likely a priori (Dirichlet, uniform).

    Args:
        data: Discrete columns, one row per unit.
        equivalent_sample_size: How many imagined rows the prior weighs; more of them, more arrows.

    Raises:
        ValueError: As `discrete_bic`; a sample size that is not positive.

    Source: Heckerman, Geiger & Chickering 1995, "Learning Bayesian networks", equation 28 with the prior of section 7.
    """
    if not equivalent_sample_size > 0:
        raise ValueError(f"the equivalent sample size must be positive, not {equivalent_sample_size!r}")
    levels = read_levels(data)
    tables: dict[float, np.ndarray] = {}

    def rising(alpha: float, counts: np.ndarray) -> float:
        """Σ ln(Γ(α + n) / Γ(α)): for whole n the sum of ln(α + i) for i < n, from a table."""
        if alpha not in tables:
            tables[alpha] = np.concatenate([[0.0], np.cumsum(np.log(alpha + np.arange(levels.rows)))])
        return float(tables[alpha][counts].sum())

    def score(name: str, causes: Sequence[str]) -> float:
        counts = levels.counts_given(name, causes)
        in_stratum = equivalent_sample_size / math.prod(levels.cards[cause] for cause in causes)
        return rising(in_stratum / levels.cards[name], counts) - rising(in_stratum, counts.sum(axis=1))

    return score


def _n_log_n(counts: np.ndarray) -> float:
    return float((counts * np.log(np.maximum(counts, 1))).sum())
