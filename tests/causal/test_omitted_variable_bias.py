"""Omitted-variable bias: exact for a variable that really was left out; the published figures for Darfur."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from agentos_lab.causal import omitted_variable_bias
from agentos_lab.causal.omitted_variable_bias import adjusted_effect, benchmark_strength, partial_r2, robustness_value

GRAPH = "z, w -> x -> y; z, w -> y"


def world(seed, count=400):
    generator = np.random.default_rng(seed)
    z, w, u = generator.normal(size=(3, count))
    x = 0.5 * z + 0.3 * w + 0.6 * u + generator.normal(size=count)
    return pd.DataFrame({"z": z, "w": w, "u": u, "x": x, "y": 1.5 * x + z + 0.5 * w + u + generator.normal(size=count)})


def test_the_formula_gives_the_regression_with_the_omitted_variable():
    data = world(0)
    found = omitted_variable_bias(data, GRAPH, "x", "y")
    ones = np.ones(len(data))
    others = np.column_stack([ones, data["z"], data["w"]])
    u = data[["u"]].to_numpy()
    with_treatment = partial_r2(others, u, data["x"].to_numpy())
    with_outcome = partial_r2(np.column_stack([others, data["x"]]), u, data["y"].to_numpy())
    freedom = found.estimate.diagnostics["degrees of freedom"]
    short = found.estimate
    value, error = adjusted_effect(short.value, short.std_error, freedom, with_treatment, with_outcome)
    full = sm.OLS(data["y"], np.column_stack([data["x"], others, u])).fit()
    assert (value, error) == pytest.approx((full.params.iloc[0], full.bse.iloc[0]))


def test_the_published_figures():
    """Cinelli & Hazlett 2020, table 1 and section 5: t = 4.184, 783 degrees of freedom; the covariate "female"."""
    assert round(robustness_value(4.18445, 783), 3) == 0.139
    assert round(robustness_value(4.18445, 783, confidence=0.95), 3) == 0.076
    for times, value in ((1, 0.075), (2, 0.053), (3, 0.030)):
        strength = benchmark_strength(0.009077, 0.10902, times)
        assert round(adjusted_effect(0.097316, 0.023257, 783, *strength)[0], 3) == value


def test_a_cause_as_strong_as_the_robustness_value_takes_all_away():
    found = omitted_variable_bias(world(1), GRAPH, "x", "y")
    freedom, short = found.estimate.diagnostics["degrees of freedom"], found.estimate
    value, _ = adjusted_effect(short.value, short.std_error, freedom, found.robustness_value, found.robustness_value)
    assert value == pytest.approx(0, abs=1e-10)
    assert 0 < found.robustness_of_interval < found.robustness_value
    assert robustness_value(1.0, 100, confidence=0.95) == 0


def test_a_benchmark_tells_what_a_cause_like_it_would_do():
    found = omitted_variable_bias(world(2), GRAPH, "x", "y", benchmark="w")
    assert list(found.table["times"]) == [1, 2, 3]
    assert (np.diff(found.table["estimate"]) < 0).all() and "2 times as strong as w" in str(found)


def test_a_cause_that_would_explain_more_than_all_of_the_outcome_is_said_to_explain_all():
    data = world(2)
    data = data.assign(y=data["y"] + 20 * data["w"])
    found = omitted_variable_bias(data, GRAPH, "x", "y", benchmark="w")
    assert (found.table["r2_outcome"] == 1).any() and "if it explains all of the outcome" in str(found)


def test_an_outcome_that_is_all_explained_leaves_nothing_to_ask() -> None:
    data = world(2)
    with pytest.raises(ValueError, match="the regression explains all of y"):
        omitted_variable_bias(data.assign(y=2 * data["x"] + data["z"] * 0), GRAPH, "x", "y")


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"benchmark": "u"}, "the benchmark 'u' must be one of what is adjusted for: z, w"),
        ({"benchmark": "z", "strengths": (50,)}, "nothing can be 50 times as strong"),
        ({"benchmark": "w", "strengths": (0,)}, "it is positive, not 0"),
        ({"terms": ["x:z"]}, "leave out x:z"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        omitted_variable_bias(world(3), GRAPH, "x", "y", **options)
