"""The logit against statsmodels and scikit-learn; separation; many fits at once."""

from __future__ import annotations

import numpy as np
import pytest
import statsmodels.api as sm

from agentos_lab.causal.logistic_regression import logistic_regression, logistic_regressions


def world(seed, count=400):
    generator = np.random.default_rng(seed)
    age = generator.uniform(17, 60, count)
    features = np.column_stack([np.ones(count), age, age**3, generator.integers(0, 2, count)])
    odds = -3 + 0.1 * age - 1.5e-5 * age**3 + features[:, 3]
    return features, (generator.random(count) < 1 / (1 + np.exp(-odds))).astype(float), generator


@pytest.mark.parametrize("seed", range(3))
def test_the_maximum_is_the_one_of_statsmodels_on_scaled_columns(seed):
    features, labels, generator = world(seed)
    weights = generator.uniform(0.2, 3, len(labels))
    scale = features.std(axis=0)
    scale[0] = 1
    for given in (None, weights):
        ours = logistic_regression(features, labels, given)
        theirs = sm.GLM(labels, features / scale, family=sm.families.Binomial(), freq_weights=given).fit(tol=1e-12)
        np.testing.assert_allclose(ours.coefficients, theirs.params / scale, rtol=1e-6)
        np.testing.assert_allclose(ours.predict(features), theirs.fittedvalues, rtol=1e-7)
        assert ours.steps < 12 and ours.change < 1e-8


def test_a_column_is_measured_in_any_unit():
    features, labels, _ = world(5)
    tiny = logistic_regression(features * [1, 1e-6, 1e9, 1], labels)
    np.testing.assert_allclose(tiny.probabilities, logistic_regression(features, labels).probabilities, atol=1e-10)


def test_separation_names_the_column():
    features, _, _ = world(6)
    with pytest.raises(ValueError, match=r"separation: most of all the column 'age' .* merge its rare values"):
        logistic_regression(features[:, [0, 1, 3]], (features[:, 1] > 40).astype(float), names=["age", "sex"])


def test_a_category_with_one_kind_only_is_separation():
    features, labels, _ = world(7)
    rare = (np.arange(len(labels)) % 50 == 0).astype(float)
    labels = np.where(rare == 1, 1.0, labels)
    with pytest.raises(ValueError, match="the column 'rare'"):
        logistic_regression(np.column_stack([features, rare]), labels, names=["age", "age^3", "sex", "rare"])


def test_labels_of_one_kind_are_refused():
    with pytest.raises(ValueError, match="needs labels 0 and 1, both present"):
        logistic_regression(np.ones((5, 1)), np.ones(5))


def test_many_weighted_fits_at_once_are_those_one_by_one():
    features, labels, generator = world(8)
    weights = generator.multinomial(len(labels), np.full(len(labels), 1 / len(labels)), size=7).astype(float)
    start = logistic_regression(features, labels).coefficients
    together, converged = logistic_regressions(features, labels, weights, start)
    assert converged.all()
    for row, each in zip(together, weights, strict=True):
        np.testing.assert_allclose(row, logistic_regression(features, labels, each).probabilities, atol=1e-7)


def test_a_sample_that_is_separated_is_told_from_the_others():
    features, labels, _ = world(9)
    weights = np.ones((2, len(labels)))
    weights[1] = (labels == (features[:, 3] == 1)).astype(float)
    start = logistic_regression(features, labels).coefficients
    assert logistic_regressions(features, labels, weights, start)[1].tolist() == [True, False]
