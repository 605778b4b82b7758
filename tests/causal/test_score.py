"""Scores of DAGs against their definitions, and their promise to treat equivalent DAGs alike."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from scipy import special, stats

from agentos_lab.causal.equivalence_class import equivalence_class
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.score import LocalScore, bdeu, bic, discrete_bic, gaussian_bic
from tests.causal.test_independence_tests import discrete_data


def numbers(rows: int = 300) -> pd.DataFrame:
    generator = np.random.default_rng(0)
    return pd.DataFrame(generator.normal(size=(rows, 4)) @ generator.normal(size=(4, 4)), columns=list("abcd"))


def total(score: LocalScore, graph: CausalGraph) -> float:
    return sum(score(name, graph.parents(name)) for name in graph)


@pytest.mark.parametrize("make", [discrete_bic, bdeu, gaussian_bic])
def test_equivalent_dags_have_the_same_score(make: Callable) -> None:
    score = make(numbers() if make is gaussian_bic else discrete_data())
    dags = list(equivalence_class(CausalGraph("a -> b -> c; a -> c; c -> d")).dags())
    assert len(dags) > 3
    np.testing.assert_allclose([total(score, dag) for dag in dags], total(score, dags[0]), rtol=1e-12)


def test_the_gaussian_score_is_the_likelihood_less_half_the_coefficients_by_the_logarithm_of_the_rows() -> None:
    data, score = numbers(), gaussian_bic(numbers())
    design = np.column_stack([np.ones(300), data[["a", "b"]]])
    left = data["c"] - design @ np.linalg.lstsq(design, data["c"], rcond=None)[0]
    gain = stats.norm.logpdf(left, 0, left.std(ddof=0)).sum() - stats.norm.logpdf(
        data["c"], data["c"].mean(), data["c"].std(ddof=0)
    ).sum()  # fmt: skip
    assert score("c", ["a", "b"]) - score("c", []) == pytest.approx(gain - math.log(300))


def test_the_discrete_score_is_the_likelihood_less_half_the_probabilities_by_the_logarithm_of_the_rows() -> None:
    data = discrete_data()
    share = data.groupby(["c", "d"])["b"].value_counts(normalize=True)
    likelihood = sum(math.log(share[c, d, b]) for b, c, d in zip(data["b"], data["c"], data["d"], strict=True))
    assert discrete_bic(data)("b", ["c", "d"]) == pytest.approx(likelihood - math.log(400) / 2 * 3 * 3 * 2)


@pytest.mark.parametrize("size", [1.0, 10.0])
def test_bdeu_is_the_ratio_of_gamma_functions(size: float) -> None:
    data = discrete_data()
    counts = pd.crosstab([data["c"], data["d"]], data["b"]).to_numpy()
    row, cell = size / 6, size / 24
    wanted = special.gammaln(row) - special.gammaln(row + counts.sum(axis=1))
    wanted = wanted.sum() + (special.gammaln(cell + counts) - special.gammaln(cell)).sum()
    assert bdeu(data, size)("b", ["c", "d"]) == pytest.approx(wanted)


def test_the_kind_of_bic_follows_from_the_data() -> None:
    discrete, continuous = discrete_data(), numbers()
    assert bic(discrete)("b", ["c"]) == discrete_bic(discrete)("b", ["c"])
    assert bic(continuous)("b", ["c"]) == gaussian_bic(continuous)("b", ["c"])


def test_a_prior_of_no_rows_is_refused() -> None:
    with pytest.raises(ValueError, match="must be positive"):
        bdeu(discrete_data(), 0)
