"""Standardisation: by hand, with a logit, and with a learner."""

from __future__ import annotations

import numpy as np
import pytest
from causal_studies import CONFOUNDED, confounded
from sklearn.linear_model import LinearRegression, LogisticRegression

from agentos_lab.causal import estimate_effect


def g_formula(data, **options):
    return estimate_effect(data, CONFOUNDED, "x", "y", "g_formula", **options)


def test_with_categories_and_their_products_it_is_standardisation_by_hand():
    data = confounded(0).drop(columns="z")
    found = estimate_effect(data, "c -> x -> y; c -> y", "x", "y", "g_formula", terms=["x:c"])
    means = data.groupby(["c", "x"])["y"].mean().unstack()
    assert found.value == pytest.approx((means[1] - means[0]) @ data["c"].value_counts(normalize=True))


def test_a_logit_is_the_one_of_scikit_learn():
    data = confounded(2).assign(y=lambda table: (table["y"] > 1) * 1)
    theirs = LogisticRegression(C=1e8, tol=1e-10, max_iter=1000)
    ours = g_formula(data, outcome_model="logit")
    assert ours.value == pytest.approx(g_formula(data, outcome_model=theirs, bootstrap=2).value, abs=1e-5)
    assert 0 < ours.value < 1


def test_a_learner_from_outside_gets_a_bootstrap():
    found = g_formula(confounded(3, 200), outcome_model=LinearRegression())
    assert found.value == pytest.approx(g_formula(confounded(3, 200)).value)
    assert "100 bootstrap samples" in found.settings and np.isfinite(found.std_error)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"outcome_model": "cubic"}, "an outcome model is 'linear', 'logit' or an object"),
        ({"target": "all"}, "target must"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        g_formula(confounded(4, 100), **options)
