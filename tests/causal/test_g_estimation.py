"""G-estimation: what it solves for, in closed form and by search; effects that differ."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from causal_studies import CONFOUNDED, confounded
from sklearn.linear_model import LogisticRegression

from agentos_lab.causal import estimate_effect


def test_with_the_effect_taken_away_the_outcome_says_nothing_about_treatment():
    """Hernán & Robins' search: in a logit of treatment on covariates and H(ψ), the coefficient of H(ψ) is 0."""
    data = confounded(0)
    psi = estimate_effect(data, CONFOUNDED, "x", "y", "g_estimation").value
    features = np.column_stack([np.ones(len(data)), data["z"], data["c"] == "low", data["c"] == "middle"])
    for shift, sign in ((0.0, 0), (-0.5, 1), (0.5, -1)):
        untreated = data["y"] - (psi + shift) * data["x"]
        fit = sm.Logit(data["x"], np.column_stack([features, untreated])).fit(disp=False)
        assert abs(fit.params.iloc[-1]) < 1e-6 if sign == 0 else np.sign(fit.params.iloc[-1]) == sign


def test_an_effect_that_differs_is_found_with_its_modifier():
    found = estimate_effect(confounded(1, 6000, varying=1.0), CONFOUNDED, "x", "y", "g_estimation", terms=["x:z"])
    psi = dict(part.rsplit(" ", 1) for part in found.diagnostics["psi"].split(", "))
    assert float(psi["x"]) == pytest.approx(2, abs=0.2) and float(psi["x:z"]) == pytest.approx(1, abs=0.2)


@pytest.mark.parametrize("method", ["g_estimation", "ipw"])
def test_weights_mend_censoring_that_depends_on_the_outcomes_causes(method):
    data = confounded(3, 6000, varying=1.0)
    lost = np.random.default_rng(0).random(6000) < 1 / (1 + np.exp(2 - 2 * data["z"]))  # who has a large z goes
    data = data.assign(lost=lost * 1, y=data["y"].where(~lost))
    terms = ["x:z"] if method == "g_estimation" else []
    found = estimate_effect(data, CONFOUNDED, "x", "y", method, censored="lost", terms=terms)
    left = estimate_effect(data[~lost], CONFOUNDED, "x", "y", "ipw")
    assert abs(found.value - 2) < 4 * found.std_error and found.n == (~lost).sum()
    assert left.value < 1.85


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"lost": 0}, "column 'lost' must be 1 where the outcome was not seen"),
        ({"lost": 2}, "column 'lost' must be 1 where"),
        ({}, "the data has no column 'lost'"),
    ],
)
def test_a_column_that_tells_no_censoring_is_refused(change, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(confounded(4).assign(**change), CONFOUNDED, "x", "y", "ipw", censored="lost")


def test_the_scores_of_an_object_are_taken_as_known():
    """The same scores give the same effect; without the logit's share the standard error is larger, not smaller."""
    data, free = confounded(0), LogisticRegression(C=1e8, max_iter=5000)
    by_logit = estimate_effect(data, CONFOUNDED, "x", "y", "g_estimation")
    by_object = estimate_effect(data, CONFOUNDED, "x", "y", "g_estimation", propensity_model=free)
    assert by_object.value == pytest.approx(by_logit.value, abs=1e-3)
    assert by_object.std_error > by_logit.std_error
