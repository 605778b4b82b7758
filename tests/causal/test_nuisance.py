"""Nuisance models: ours, scikit-learn's, and what is none."""

from __future__ import annotations

import numpy as np
import pytest
from sklearn.linear_model import LinearRegression, LogisticRegression

from agentos_lab.causal.nuisance import fit_classifier, fit_regressor

GENERATOR = np.random.default_rng(0)
FEATURES = np.column_stack([np.ones(300), GENERATOR.normal(size=(300, 2))])
OUTCOME = FEATURES @ [1, 2, 3] + GENERATOR.normal(size=300)
LABELS = (OUTCOME > 1).astype(float)
WEIGHTS = GENERATOR.uniform(0.5, 2, 300)


@pytest.mark.parametrize("weights", [None, WEIGHTS])
def test_our_regressions_are_those_of_scikit_learn(weights):
    ours, theirs = (
        fit_regressor(model, FEATURES, OUTCOME, weights)(FEATURES) for model in ("linear", LinearRegression())
    )
    np.testing.assert_allclose(ours, theirs)
    learner = LogisticRegression(C=1e10, tol=1e-10, max_iter=1000)
    for fit in (fit_classifier, fit_regressor):
        ours, theirs = (fit(model, FEATURES, LABELS, weights)(FEATURES) for model in ("logit", learner))
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


@pytest.mark.parametrize(
    ("fit", "model", "message"),
    [
        (fit_classifier, "linear", "'logit' or an object with predict_proba, not 'linear'"),
        (fit_classifier, LinearRegression(), "LinearRegression has no predict_proba"),
        (fit_regressor, "spline", "'linear', 'logit' or an object with fit and predict"),
        (fit_regressor, 3, "needs the methods fit and predict; int has no fit"),
    ],
)
def test_what_is_no_model_is_refused(fit, model, message):
    with pytest.raises(ValueError, match=message):
        fit(model, FEATURES, LABELS)
