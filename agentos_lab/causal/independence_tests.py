"""Tests of conditional independence: is ``a`` independent of ``b`` given some others, as far as these data can tell?

A test is called with names and answers with an `Independence`: its statistic and p-value. Discrete data are tested by
G² or χ², numbers by Fisher's z; `d_separation_oracle` answers from a known graph, as endless data would.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .contingency import read_levels
from .continuous_data import read_numbers
from .d_separation import separated
from .graph import CausalGraph, Names, as_graph
from .tail_probability import chi_square_tail, normal_tail

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "Independence",
    "IndependenceTest",
    "chi_square",
    "d_separation_oracle",
    "fisher_z",
    "g_square",
]


@dataclass(frozen=True)
class Independence:
    """The outcome of one test. The hypothesis is that `a` and `b` are independent given `given`.

    Attributes:
        a, b, given: What was tested.
        p_value: How often independence gives a statistic like this or larger; small values speak against it. NaN where
            the test can tell nothing, since given the others one of the two does not vary.
        statistic: NaN where the test has none.
        degrees_of_freedom: 0 where there are none.
        symbol: What the statistic is called.
    """

    a: str
    b: str
    given: tuple[str, ...]
    p_value: float
    statistic: float = math.nan
    degrees_of_freedom: int = 0
    symbol: str = ""

    @property
    def statement(self) -> str:
        """The hypothesis, ``"X ⊥⊥ Y | Z"``."""
        return f"{self.a} ⊥⊥ {self.b}" + (f" | {', '.join(self.given)}" if self.given else "")

    def __str__(self) -> str:
        if math.isnan(self.p_value):
            return f"{self.statement} (nothing varies: no verdict)"
        details = f"{self.symbol} = {self.statistic:.2f}, " if not math.isnan(self.statistic) else ""
        freedom = f"df = {self.degrees_of_freedom}, " if self.degrees_of_freedom else ""
        return f"{self.statement} ({details}{freedom}p = {self.p_value:.3g})"

    __repr__ = __str__


def _check_names(asked: tuple[str, ...], known: Mapping[str, object]) -> None:
    """Refuse a question that is not about different columns of the data."""
    names = set(asked)
    if len(names) < len(asked) or not known.keys() >= names:
        unknown = next((name for name in asked if name not in known), None)
        twice = next((name for name in asked if asked.count(name) > 1), None)
        what = (
            f"the data has no column {unknown!r}" if unknown is not None else f"{twice!r} stands twice in the question"
        )
        raise ValueError(f"{what}; a test asks about two of {', '.join(known)}, given a list of others")


# From the names of a, b and a sequence of others to an outcome.
IndependenceTest = Callable[[str, str, Sequence[str]], Independence]


def g_square(data: pd.DataFrame) -> IndependenceTest:
    """The likelihood-ratio test of conditional independence in a contingency table.

    G² = 2 Σ N_abs ln(N_abs N_s / (N_as N_bs)). Where a row or column of a stratum s is empty it cannot vary, and the
    degrees of freedom are fewer; with none left there is no verdict (the p-value is NaN), so that a variable that is
    a function of others is not parted from its effects.

    Args:
        data: Discrete columns, one row per unit.

    Raises:
        ValueError: Missing values, a constant column, one with nearly as many values as rows, or fewer than 10 rows;
            each named. The test itself refuses a name that is no column, or that stands twice.

    Source: Spirtes, Glymour & Scheines 2000, "Causation, Prediction, and Search", section 5.5.
    """
    levels = read_levels(data)
    # n ln n for every possible count: a table of counts is then looked up instead of taking its logarithms.
    counts = np.arange(levels.rows + 1)
    n_log_n = counts * np.log(np.maximum(counts, 1))

    def test(a: str, b: str, given: Sequence[str] = ()) -> Independence:
        _check_names((a, b, *given), levels.codes)
        table = levels.table(a, b, given)  # (S, A, B): a stratum for each value of what is given
        in_a, in_b = table.sum(axis=2), table.sum(axis=1)
        in_s = in_a.sum(axis=1)
        half = n_log_n[table].sum() - n_log_n[in_a].sum() - n_log_n[in_b].sum() + n_log_n[in_s].sum()
        return _contingency_outcome(a, b, given, max(0.0, 2 * float(half)), in_a, in_b, "G²")

    return test


def chi_square(data: pd.DataFrame) -> IndependenceTest:
    """Pearson's χ² = Σ (N_abs − E_abs)² / E_abs with E_abs = N_as N_bs / N_s; otherwise as `g_square`.

    Args:
        data: Discrete columns, one row per unit.

    Raises:
        ValueError: As `g_square`.
    """
    levels = read_levels(data)

    def test(a: str, b: str, given: Sequence[str] = ()) -> Independence:
        _check_names((a, b, *given), levels.codes)
        table = levels.table(a, b, given)
        in_a, in_b = table.sum(axis=2), table.sum(axis=1)
        in_s = np.maximum(in_a.sum(axis=1), 1)
        expected = in_a[:, :, None] * in_b[:, None, :] / in_s[:, None, None]
        terms = (table - expected) ** 2 / np.where(expected > 0, expected, 1)
        return _contingency_outcome(a, b, given, float(terms.sum()), in_a, in_b, "χ²")

    return test


def fisher_z(data: pd.DataFrame) -> IndependenceTest:
    """The test of zero partial correlation, exact in the limit for jointly normal variables.

    z = sqrt(N − |given| − 3) · artanh(r) is standard normal if the partial correlation is 0.

    Args:
        data: Columns of numbers, one row per unit.

    Raises:
        ValueError: Missing values, a constant column, one that is no number or follows from others, too few rows.

    Source: Fisher 1924, "The distribution of the partial correlation coefficient".
    """
    columns = read_numbers(data)
    index = {name: place for place, name in enumerate(columns)}
    correlation = np.corrcoef(np.array(list(columns.values())))
    rows = len(data)

    def test(a: str, b: str, given: Sequence[str] = ()) -> Independence:
        _check_names((a, b, *given), index)
        if rows <= len(given) + 3:
            raise ValueError(f"{rows} rows are too few to test given {len(given)} variables; set max_condition")
        places = [index[name] for name in (a, b, *given)]
        if not given:
            r = correlation[places[0], places[1]]
        else:
            precision = np.linalg.inv(correlation[np.ix_(places, places)])
            r = -precision[0, 1] / math.sqrt(precision[0, 0] * precision[1, 1])
        z = math.sqrt(rows - len(given) - 3) * math.atanh(min(max(float(r), -1 + 1e-15), 1 - 1e-15))
        return Independence(a, b, tuple(given), normal_tail(z), z, 0, "z")

    return test


def d_separation_oracle(graph: CausalGraph | str, selected: Names = ()) -> IndependenceTest:
    """A test that is never wrong: it looks the answer up in the true graph (p = 1 if separated, else 0).

    Args:
        graph: The true graph; it may have more nodes than are asked about, and two-headed edges.
        selected: Nodes that decided who came into the sample: they are given, always.
    """
    graph = as_graph(graph)
    always = graph.mask(selected)

    def test(a: str, b: str, given: Sequence[str] = ()) -> Independence:
        holds = separated(graph, graph.mask(a), graph.mask(b), graph.mask(given) | always)
        return Independence(a, b, tuple(given), float(holds))

    test.__name__ = "d-separation"
    return test


def _contingency_outcome(
    a: str, b: str, given: Sequence[str], statistic: float, in_a: np.ndarray, in_b: np.ndarray, symbol: str
) -> Independence:
    """The outcome with its degrees of freedom: in each stratum (values of a that occur − 1) (values of b − 1)."""
    free_a = np.maximum((in_a > 0).sum(axis=1) - 1, 0)
    free_b = np.maximum((in_b > 0).sum(axis=1) - 1, 0)
    freedom = int(free_a @ free_b)
    # Where nothing varies (one of the two follows from what is given) nothing can be said.
    p_value = chi_square_tail(statistic, freedom) if freedom else math.nan
    return Independence(a, b, tuple(given), p_value, statistic, freedom, symbol)
