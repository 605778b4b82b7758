"""Tests of independence on many samples: uniform p-values, and strata that never occur."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from agentos_lab.causal.independence_tests import chi_square, fisher_z, g_square


def test_many_strata_that_never_occur_change_nothing() -> None:
    generator = np.random.default_rng(0)
    data = pd.DataFrame(generator.integers(0, 12, (300, 7)), columns=list("abcdefg"))
    together = data[list("cdefg")].astype(str).agg("".join, axis=1)
    few = data[["a", "b"]].assign(s=pd.factorize(together)[0] % 300)
    one, other = g_square(data)("a", "b", tuple("cdefg")), _strata_by_hand(few)
    assert one.statistic == pytest.approx(other)


def _strata_by_hand(data: pd.DataFrame) -> float:
    total = 0.0
    for _, part in data.groupby("s"):
        counts = pd.crosstab(part["a"], part["b"]).to_numpy()
        expected = np.outer(counts.sum(1), counts.sum(0)) / counts.sum()
        total += 2 * float((counts * np.log(np.where(counts > 0, counts / expected, 1))).sum())
    return total


@pytest.mark.parametrize("make", [g_square, chi_square, fisher_z])
def test_p_values_of_independent_variables_are_uniform(make: Callable) -> None:
    generator = np.random.default_rng(2)
    found = []
    for _ in range(200):
        numbers = generator.normal(size=(300, 3))
        data = pd.DataFrame(numbers if make is fisher_z else numbers > 0, columns=list("abc"))
        found.append(make(data)("a", "b", ("c",)).p_value)
    assert stats.kstest(found, "uniform").pvalue > 0.001
