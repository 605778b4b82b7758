"""AIPW: right if either model is right, cross-fitting, learners from outside."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import CONFOUNDED, confounded
from sklearn.ensemble import RandomForestRegressor
from sklearn.linear_model import LinearRegression, LogisticRegression

from agentos_lab.causal import estimate_effect
from agentos_lab.causal.doubly_robust import aipw_influence


def world(seed, count=2000):
    """Treatment and outcome both depend on z and z²."""
    generator = np.random.default_rng(seed)
    z = generator.normal(size=count)
    x = (generator.random(count) < 1 / (1 + np.exp(-(0.5 * z + 0.6 * z**2 - 0.8)))).astype(int)
    return pd.DataFrame({"z": z, "x": x, "y": 2 * x + z + 2 * z**2 + generator.normal(size=count)})


class WithSquares:
    """A learner that sees the square of the last column."""

    def __init__(self, learner):
        self.learner = learner

    def fit(self, features, target):
        self.learner.fit(self.columns(features), target)

    def predict(self, features):
        return self.learner.predict(self.columns(features))

    def columns(self, features):
        return np.column_stack([features, features[:, -1] ** 2])


class WithSquaredOdds(WithSquares):
    """The same for probabilities."""

    def predict_proba(self, features):
        return self.learner.predict_proba(self.columns(features))


@pytest.mark.parametrize(
    ("models", "right"),
    [
        ({}, False),
        ({"outcome_model": WithSquares(LinearRegression())}, True),
        ({"propensity_model": WithSquaredOdds(LogisticRegression(C=1e6))}, True),
    ],
)
def test_it_is_right_if_either_model_is(models, right):
    found = [estimate_effect(world(seed), "z -> x -> y; z -> y", "x", "y", **models) for seed in range(10)]
    values = np.array([one.value for one in found])
    assert (abs(values.mean() - 2) < 4 * values.std(ddof=1) / np.sqrt(10)) == right


def test_cross_fitting_is_for_learners_that_remember():
    data = confounded(4, 400)
    assert "no cross-fitting" in estimate_effect(data, CONFOUNDED, "x", "y").settings
    forest = RandomForestRegressor(10, random_state=0)
    found = estimate_effect(data, CONFOUNDED, "x", "y", outcome_model=forest)
    assert "RandomForestRegressor and logit, cross-fitted in 5 folds" in found.settings
    assert not hasattr(forest, "estimators_"), "the model that was handed in stays unfitted"
    again = estimate_effect(data, CONFOUNDED, "x", "y", outcome_model=forest)
    assert again.value == found.value != estimate_effect(data, CONFOUNDED, "x", "y", outcome_model=forest, seed=1).value


def test_the_influence_function_has_mean_zero():
    generator = np.random.default_rng(0)
    y, control, treated = generator.normal(size=(3, 50))
    x, scores = generator.integers(0, 2, 50), generator.uniform(0.2, 0.8, 50)
    for target in ("ATE", "ATT"):
        value, influence = aipw_influence(y, x, scores, control, treated, target)
        assert abs(influence.mean()) < 1e-12 and np.isfinite(value)


def test_with_constant_models_it_is_the_difference_of_means():
    generator = np.random.default_rng(1)
    y, x = generator.normal(size=60), np.repeat([0, 1, 1], 20)
    value, _ = aipw_influence(y, x, np.full(60, 2 / 3), np.zeros(60), np.zeros(60))
    assert value == pytest.approx(y[x == 1].mean() - y[x == 0].mean())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"folds": 0}, "folds must lie between 1 and"),
        ({"folds": 10**6}, "folds must lie"),
        ({"target": "ATC"}, "swap the"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(confounded(5, 200), CONFOUNDED, "x", "y", **options)
