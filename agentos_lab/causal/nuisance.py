"""Nuisance models: what an estimator must predict on the way to an effect, by our regressions or by anybody's.

Any object with scikit-learn's ``fit`` and ``predict`` (or ``predict_proba``) will do. It is copied before it is
fitted, so that the same object serves again.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from .linear_regression import linear_regression
from .logistic_regression import logistic_regression

__all__ = ["Predictor", "fit_classifier", "fit_regressor"]

Predictor = Callable[[np.ndarray], np.ndarray]  # features (N, P), intercept first -> predictions (N,)


def fit_classifier(
    model: Any, features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None, names: Sequence[str] = ()
) -> Predictor:
    """Fit the probability of a label 1.

    Args:
        model: ``"logit"``, or an object with ``fit(X, y)`` and ``predict_proba(X)``; it gets no intercept column.
        features: (N, P), intercept first.
        labels: (N,), 0 or 1.
        weights: (N,).
        names: Of the columns after the intercept, for messages.

    Raises:
        ValueError: No such model; separation; labels of one kind only.
    """
    if isinstance(model, str):
        if model != "logit":
            raise ValueError(f"a model of a probability is 'logit' or an object with predict_proba, not {model!r}")
        return logistic_regression(features, labels, weights, names).predict
    fitted = _fit(model, "predict_proba", features, labels, weights)
    if len(getattr(fitted, "classes_", (0, 1))) != 2:
        raise ValueError(f"{type(model).__name__} needs both labels in what it learns from")
    return lambda rows: np.asarray(fitted.predict_proba(rows[:, 1:]), dtype=float)[:, 1]


def fit_regressor(
    model: Any, features: np.ndarray, outcome: np.ndarray, weights: np.ndarray | None = None
) -> Predictor:
    """Fit the mean of the outcome.

    Args:
        model: ``"linear"``, ``"logit"`` for outcomes 0 and 1, or an object with ``fit(X, y)`` and ``predict(X)``; from
            a classifier the probability is taken.
        features, outcome, weights: As for `fit_classifier`.

    Raises:
        ValueError: No such model.
    """
    if model == "logit":
        return fit_classifier("logit", features, outcome, weights)
    if isinstance(model, str):
        if model != "linear":
            raise ValueError(f"an outcome model is 'linear', 'logit' or an object with fit and predict, not {model!r}")
        coefficients = linear_regression(features, outcome, weights).coefficients
        return lambda rows: rows @ coefficients
    if hasattr(model, "predict_proba"):
        return fit_classifier(model, features, outcome, weights)
    fitted = _fit(model, "predict", features, outcome, weights)
    return lambda rows: np.asarray(fitted.predict(rows[:, 1:]), dtype=float)


def _fit(model: Any, needed: str, features: np.ndarray, target: np.ndarray, weights: np.ndarray | None) -> Any:
    for method in ("fit", needed):
        if not callable(getattr(model, method, None)):
            raise ValueError(
                f"a nuisance model needs the methods fit and {needed}; {type(model).__name__} has no {method}"
            )
    fitted = copy.deepcopy(model)
    fitted.fit(features[:, 1:], target, **({} if weights is None else {"sample_weight": weights}))
    return fitted
