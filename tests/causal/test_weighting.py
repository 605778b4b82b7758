"""Inverse probability weighting against weighted regression in statsmodels, and its three kinds of errors."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm
from causal_studies import CONFOUNDED, confounded
from sklearn.linear_model import LogisticRegression

from agentos_lab.causal import estimate_effect, weighting
from agentos_lab.causal.propensity_score import propensity_scores
from agentos_lab.causal.study import make_study
from agentos_lab.causal.weighting import bootstrap_ipw, inverse_probability_weights

WORLD = confounded(1, 500)
STUDY = make_study(WORLD, "x", "y", ("z", "c"))
SCORES = propensity_scores(STUDY)


def ipw(**options):
    return estimate_effect(WORLD, CONFOUNDED, "x", "y", "ipw", **options)


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC"])
def test_it_is_the_weighted_regression_with_robust_errors(target):
    weights = inverse_probability_weights(STUDY.treatment, SCORES, target)
    fit = sm.WLS(WORLD["y"], sm.add_constant(WORLD["x"]), weights).fit(cov_type="HC0")
    found = ipw(target=target)
    assert (found.value, found.std_error) == pytest.approx((fit.params["x"], fit.bse["x"]))


def test_without_normalisation_it_is_the_mean_of_weighted_outcomes():
    t, y = STUDY.treatment, STUDY.outcome
    assert ipw(normalize=False).value == pytest.approx(np.mean(t * y / SCORES - (1 - t) * y / (1 - SCORES)))
    att = np.sum(t * y - (1 - t) * y * SCORES / (1 - SCORES)) / t.sum()
    assert ipw(normalize=False, target="ATT").value == pytest.approx(att)


def test_weights_balance_the_covariates():
    balance = ipw().diagnostics["balance"]
    assert max(map(abs, balance.after)) < 0.15 < 0.4 < max(map(abs, balance.before))
    exact = ipw(target="ATT").diagnostics["balance"]
    assert exact.names == ("z", "c[low]", "c[middle]")


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC"])
def test_the_sandwich_agrees_with_the_bootstrap(target):
    drawn = ipw(target=target, bootstrap=400)
    assert ipw(target=target, errors="sandwich").std_error == pytest.approx(drawn.std_error, rel=0.15)
    assert drawn.replicates.shape == (400,) and drawn.interval[0] < drawn.value < drawn.interval[1]


@pytest.mark.parametrize(
    "options", [{}, {"normalize": False}, {"target": "ATT"}, {"normalize": False, "target": "ATC"}]
)
def test_the_bootstrap_of_all_samples_at_once_is_the_one_by_one(options):
    together = bootstrap_ipw(STUDY, replicates=5, seed=3, **options)
    counts = np.random.default_rng(3).multinomial(500, np.full(500, 1 / 500), size=5)
    for value, drawn in zip(together, counts, strict=True):
        sample = WORLD.iloc[np.repeat(np.arange(500), drawn)].reset_index(drop=True)
        assert estimate_effect(sample, CONFOUNDED, "x", "y", "ipw", **options).value == pytest.approx(value, rel=1e-6)


def test_a_bootstrap_in_small_portions_is_the_same(monkeypatch):
    whole = bootstrap_ipw(STUDY, replicates=7, seed=1)
    monkeypatch.setattr(weighting, "_WEIGHTS_AT_ONCE", 1100)
    np.testing.assert_allclose(bootstrap_ipw(STUDY, replicates=7, seed=1), whole)


def test_a_classifier_of_scikit_learn_serves():
    theirs = ipw(propensity_model=LogisticRegression(C=1e8, tol=1e-10, max_iter=1000))
    assert theirs.value == pytest.approx(ipw().value, rel=1e-4)


def test_trimming_says_whom_it_leaves_out():
    found = ipw(trim=(0.3, 0.7))
    kept = (SCORES > 0.3) & (SCORES < 0.7)
    assert found.n == kept.sum() and f"{(~kept).sum()} rows were trimmed" in found.notes[0]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"trim": (0.49, 0.491)}, "there are not both kinds"),
        ({"target": "LATE"}, "target must be one of ATE, ATT, ATC"),
        ({"errors": "HC0"}, "errors must be 'robust' or 'sandwich'"),
        ({"errors": "sandwich", "trim": (0.1, 0.9)}, "use bootstrap=200"),
        ({"propensity_model": "probit"}, "'logit' or an object with predict_proba, not 'probit'"),
        ({"propensity_model": object()}, "needs the methods fit and predict_proba"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        ipw(**options)


def test_a_learner_that_leaves_no_overlap_is_refused_by_row():
    from sklearn.tree import DecisionTreeClassifier

    with pytest.raises(ValueError, match=r"no overlap: 500 rows have a propensity score of 0 or 1, the first is row 0"):
        ipw(propensity_model=DecisionTreeClassifier(random_state=0))
