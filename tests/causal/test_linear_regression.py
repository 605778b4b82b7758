"""Least squares against statsmodels, with every kind of standard error."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from agentos_lab.causal.linear_regression import ERRORS, first_dependent_column, linear_regression


def world(seed, count=200):
    generator = np.random.default_rng(seed)
    features = np.column_stack([np.ones(count), generator.normal(size=(count, 3)) * [1, 1e4, 1e-3]])
    outcome = features @ [1, 2, 3e-4, 4e3] + generator.normal(size=count) * (1 + np.abs(features[:, 1]))
    return features, outcome, generator.uniform(0.5, 2, count)


@pytest.mark.parametrize("errors", ERRORS)
def test_coefficients_and_errors_are_those_of_statsmodels(errors):
    features, outcome, weights = world(0)
    kind = "nonrobust" if errors == "classical" else errors
    for ours, theirs in (
        (linear_regression(features, outcome, errors=errors), sm.OLS(outcome, features).fit(cov_type=kind)),
        (linear_regression(features, outcome, weights, errors), sm.WLS(outcome, features, weights).fit(cov_type=kind)),
    ):
        np.testing.assert_allclose(ours.coefficients, theirs.params, rtol=1e-8)
        np.testing.assert_allclose(ours.std_errors, theirs.bse, rtol=1e-8)
        assert ours.degrees_of_freedom == theirs.df_resid


def test_an_unknown_kind_of_errors_is_refused():
    with pytest.raises(ValueError, match="errors must be one of classical, HC0, HC1, HC2, HC3, not 'HC9'"):
        linear_regression(*world(1)[:2], errors="HC9")


def test_a_column_that_follows_from_others_is_found():
    a, b = np.random.default_rng(2).normal(size=(2, 50))
    assert first_dependent_column({"a": a, "b": b}) is None
    assert first_dependent_column({"a": a, "b": b, "c": 1e6 * (a - 2 * b) + 3, "d": b}) == "c"
    assert first_dependent_column({"a": a, "one": np.ones(50)}) == "one"
    assert first_dependent_column({}) is None
