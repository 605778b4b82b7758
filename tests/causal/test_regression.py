"""Outcome regression: effects at chosen values, and laws that every estimator obeys."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.formula.api as smf
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect

WORLD = confounded(0, varying=0.7)


def regression(**options):
    return estimate_effect(WORLD, CONFOUNDED, "x", "y", "regression", **options)


@pytest.mark.parametrize("errors", ["classical", "HC3"])
def test_terms_mean_what_a_formula_means(errors):
    found = regression(terms=["z^2", "x:z", "z:c"], at={"z": 1.5}, errors=errors)
    kind = "nonrobust" if errors == "classical" else errors
    fit = smf.ols("y ~ x + z + I(z**2) + C(c) + x:z + z:C(c)", WORLD).fit(cov_type=kind)
    theirs = fit.t_test("x + 1.5 * x:z = 0")
    assert (found.value, found.std_error) == pytest.approx((theirs.effect[0], theirs.sd[0, 0]))


def test_an_effect_at_a_category():
    fit = smf.ols("y ~ x * C(c) + z", WORLD).fit()
    low = regression(terms=["x:c"], at={"c": "low"})
    assert low.value == pytest.approx(fit.params["x"] + fit.params["x:C(c)[T.low]"])
    assert regression(terms=["x:c"], at={"c": "high"}).value == pytest.approx(fit.params["x"])
    assert "at c=low" in low.settings


def test_numbers_can_be_categories():
    data = WORLD.assign(c=WORLD["c"].map({"low": 1, "middle": 2, "high": 7}))
    as_words = regression().value
    assert estimate_effect(data, CONFOUNDED, "x", "y", "regression", terms=["C(c)"]).value == pytest.approx(as_words)
    assert estimate_effect(data, CONFOUNDED, "x", "y", "regression").value != pytest.approx(as_words)


def test_without_products_the_average_is_the_coefficient():
    assert regression().value == pytest.approx(smf.ols("y ~ x + z + C(c)", WORLD).fit().params["x"])


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"at": {"age": 3}}, "at names 'age', which is not adjusted for: z, c"),
        ({"at": {"c": "lowest"}}, "at asks for c='lowest'; its values are 'high', 'low', 'middle'"),
        ({"errors": "HC7"}, "errors must be one of"),
    ],
)
def test_what_cannot_be_asked_is_refused(options, message):
    with pytest.raises(ValueError, match=message):
        regression(**options)


METHODS = ["aipw", "ipw", "matching", "g_formula", "g_estimation", "regression"]


@pytest.mark.parametrize("method", METHODS)
def test_another_unit_of_the_outcome_is_another_unit_of_the_effect(method):
    before = estimate_effect(WORLD, CONFOUNDED, "x", "y", method)
    after = estimate_effect(WORLD.assign(y=3 - 1000 * WORLD["y"]), CONFOUNDED, "x", "y", method)
    assert (after.value, after.std_error) == pytest.approx((-1000 * before.value, 1000 * before.std_error), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_another_unit_of_a_covariate_changes_nothing(method):
    before = estimate_effect(WORLD, CONFOUNDED, "x", "y", method)
    after = estimate_effect(WORLD.assign(z=50 - 1e6 * WORLD["z"]), CONFOUNDED, "x", "y", method)
    assert (after.value, after.std_error) == pytest.approx((before.value, before.std_error), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_the_order_of_the_rows_changes_nothing(method):
    mixed = WORLD.iloc[np.random.default_rng(0).permutation(len(WORLD))]
    before, after = (estimate_effect(data, CONFOUNDED, "x", "y", method) for data in (WORLD, mixed))
    assert (after.value, after.std_error) == pytest.approx((before.value, before.std_error), rel=1e-6)


@pytest.mark.parametrize("method", METHODS)
def test_treated_and_untreated_exchanged_turn_the_sign(method):
    before, after = (estimate_effect(WORLD, CONFOUNDED, "x", "y", method, levels=two) for two in ((0, 1), (1, 0)))
    assert (after.value, after.std_error) == pytest.approx((-before.value, before.std_error), rel=1e-6)
