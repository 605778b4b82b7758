"""Tests of independence against scipy's, stratum by stratum, and against regressions."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from causal_graphs import random_graph
from scipy import stats

from agentos_lab.causal.d_separation import d_separated
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.independence_tests import chi_square, d_separation_oracle, fisher_z, g_square


def discrete_data(rows: int = 400, seed: int = 0) -> pd.DataFrame:
    generator = np.random.default_rng(seed)
    c, d = generator.integers(0, 3, rows), generator.integers(0, 2, rows)
    a = (generator.random(rows) < 0.2 + 0.2 * c).astype(int)
    b = (c + d + generator.integers(0, 2, rows)) % 4
    return pd.DataFrame({"a": a, "b": np.array(["p", "q", "r", "s"])[b], "c": c, "d": d.astype(bool)})


@pytest.mark.parametrize(("make", "kind"), [(g_square, "log-likelihood"), (chi_square, "pearson")])
@pytest.mark.parametrize("rows", [400, 5000])  # the latter has fewer distinct rows than rows
@pytest.mark.parametrize("given", [(), ("c",), ("c", "d")])
def test_a_contingency_test_is_the_sum_of_scipys_over_the_strata(
    make: Callable, kind: str, rows: int, given: tuple[str, ...]
) -> None:
    data = discrete_data(rows)
    statistic = freedom = 0.0
    for _, part in data.groupby(list(given)) if given else [((), data)]:
        counts = pd.crosstab(part["a"], part["b"])
        found = stats.chi2_contingency(counts, correction=False, lambda_=kind)
        statistic, freedom = statistic + found.statistic, freedom + found.dof
    outcome = make(data)("a", "b", given)
    assert outcome.statistic == pytest.approx(statistic) and outcome.degrees_of_freedom == freedom
    assert outcome.p_value == pytest.approx(stats.chi2.sf(statistic, freedom))


@pytest.mark.parametrize("make", [g_square, chi_square])
def test_where_nothing_varies_there_is_no_verdict(make: Callable) -> None:
    data = discrete_data().assign(both=lambda data: data["c"] * 2 + data["d"])
    outcome = make(data)("both", "b", ("c", "d"))
    assert np.isnan(outcome.p_value) and str(outcome) == "both ⊥⊥ b | c, d (nothing varies: no verdict)"


def test_fishers_z_is_the_correlation_of_what_regressions_leave() -> None:
    generator = np.random.default_rng(1)
    data = pd.DataFrame(generator.normal(size=(200, 5)) @ generator.normal(size=(5, 5)), columns=list("abcde"))
    design = np.column_stack([np.ones(200), data[["c", "d", "e"]]])
    left = data[["a", "b"]].to_numpy() - design @ np.linalg.lstsq(design, data[["a", "b"]].to_numpy(), rcond=None)[0]
    r = stats.pearsonr(left[:, 0], left[:, 1]).statistic
    outcome = fisher_z(data)("a", "b", ("c", "d", "e"))
    assert outcome.statistic == pytest.approx(np.sqrt(200 - 3 - 3) * np.arctanh(r))
    assert outcome.p_value == pytest.approx(2 * stats.norm.sf(abs(outcome.statistic)))


def test_the_oracle_knows_what_d_separation_says_selection_included() -> None:
    for seed in range(20):
        graph = random_graph(seed, 5)
        a, b, *others = graph.nodes
        test = d_separation_oracle(graph, selected=others[-1:])
        assert test(a, b, others[:-1]).p_value == float(d_separated(graph, a, b, others).holds)


def test_an_outcome_prints_its_hypothesis_and_its_numbers() -> None:
    data = discrete_data()
    assert str(g_square(data)("a", "b", ("c",))).startswith("a ⊥⊥ b | c (G² = ")
    assert ", df = 6, p = " in str(g_square(data)("a", "b", ("c",)))
    assert str(d_separation_oracle(CausalGraph("a; b"))("a", "b", ())) == "a ⊥⊥ b (p = 1)"


@pytest.mark.parametrize(
    ("make", "column", "message"),
    [
        (g_square, ["x"] * 30, "'bad' is constant"),
        (fisher_z, [1.0] * 30, "'bad' is constant"),
        (g_square, [1, None] * 15, "'bad' has 15 missing"),
        (fisher_z, [1.5, None] * 15, "'bad' has 15 missing"),
        (fisher_z, ["x", "y"] * 15, "'bad' must hold numbers"),
        (fisher_z, list(range(30)), "'bad' follows exactly"),
        (g_square, [n / 7 for n in range(30)], "'bad' has 30 different values"),
    ],
)
def test_a_column_that_cannot_be_tested_is_named(make: Callable, column: list, message: str) -> None:
    data = pd.DataFrame({"good": range(30) if make is fisher_z else [0, 1, 1] * 10, "bad": column})
    with pytest.raises(ValueError, match=message):
        make(data)


@pytest.mark.parametrize("make", [g_square, chi_square, fisher_z])
def test_too_few_rows_are_refused(make: Callable) -> None:
    with pytest.raises(ValueError, match="4 rows are too few"):
        make(pd.DataFrame({"a": [0, 1, 0, 1], "b": [0, 1, 1, 0]}))


def test_more_conditions_than_rows_allow_are_refused() -> None:
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(10, 9)), columns=list("abcdefghi"))
    with pytest.raises(ValueError, match="too few to test given 7"):
        fisher_z(data)("a", "b", tuple("cdefghi"))


@pytest.mark.parametrize("make", [g_square, chi_square, fisher_z])
def test_a_question_about_no_column_or_twice_about_one_is_refused(make: Callable) -> None:
    test = make(pd.DataFrame(np.random.default_rng(0).integers(0, 2, (50, 3)), columns=["age", "sex", "income"]))
    with pytest.raises(ValueError, match="no column 'job'; a test asks about two of age, sex, income"):
        test("age", "job")
    with pytest.raises(ValueError, match=r"no column 'i'.*given a list of others"):
        test("age", "sex", "income")
    for question in (("age", "age", ()), ("age", "sex", ["age"])):
        with pytest.raises(ValueError, match="'age' stands twice"):
            test(*question)
