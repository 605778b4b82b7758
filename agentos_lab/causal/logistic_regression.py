"""Logistic regression by Newton's method: scaled inside, checked for convergence and for separation.

On columns of very different size (age³ beside a dummy) an optimizer that does not scale can stop early without a word,
far from the maximum. Newton's steps on standardised columns take about ten rounds, and say so when they fail.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

__all__ = ["LogisticFit", "logistic_regression", "logistic_regressions"]

_CONVERGED = 1e-8  # the largest change of any row's log-odds in the last step
_MOST_STEPS = 30
_LARGEST_LOG_ODDS = 500.0
_RIDGE = 1e-12  # keeps the curvature of a column that is constant in a sample from being exactly 0


@dataclass(frozen=True, eq=False)
class LogisticFit:
    """A fitted logit.

    Attributes:
        coefficients: (P,), for the columns as they were given.
        probabilities: The fitted probability of a 1 in each row, (N,).
        steps: Newton steps that were needed.
        change: The largest change of a row's log-odds in the last step.
    """

    coefficients: np.ndarray
    probabilities: np.ndarray
    steps: int
    change: float

    def predict(self, features: np.ndarray) -> np.ndarray:
        """The probability of a 1 for other rows (N, P) -> (N,)."""
        return _probability(features @ self.coefficients)


def logistic_regression(
    features: np.ndarray, labels: np.ndarray, weights: np.ndarray | None = None, names: Sequence[str] = ()
) -> LogisticFit:
    """Maximum likelihood of P(label = 1 | features) = 1 / (1 + exp(−features · coefficients)).

    Args:
        features: (N, P); the first column is the intercept.
        labels: (N,), 0 or 1.
        weights: (N,); None weighs all rows alike.
        names: Of the columns after the intercept, for messages.

    Raises:
        ValueError: Labels of one kind only; separation (the columns tell the two apart without error, and the maximum
            lies at infinity).

    Source: McCullagh & Nelder 1989, section 2.5; Albert & Anderson 1984, "On the existence of maximum likelihood
    estimates in logistic regression models" (separation).
    """
    if not np.isin(labels, (0.0, 1.0)).all() or labels.min() == labels.max():
        raise ValueError(f"a logit needs labels 0 and 1, both present; here they are {np.unique(labels)[:5]}")
    weights = np.ones(len(labels)) if weights is None else weights
    scaled, back, kept = _standardized(features)
    coefficients, log_odds = np.zeros(scaled.shape[1]), np.zeros(len(labels))
    step = np.zeros_like(coefficients)
    change = np.inf
    for steps in range(1, _MOST_STEPS + 1):
        probabilities = _probability(log_odds)
        gradient = scaled.T @ (weights * (labels - probabilities))
        curvature = (scaled.T * (weights * probabilities * (1 - probabilities))) @ scaled
        try:
            step = np.linalg.solve(curvature, gradient)
        except np.linalg.LinAlgError:
            break  # the curvature has vanished: no step is determined
        length, before = 1.0, _likelihood(log_odds, labels, weights)
        while _likelihood(scaled @ (coefficients + length * step), labels, weights) < before - 1e-9 and length > 1e-4:
            length /= 2  # Newton overshot
        coefficients = coefficients + length * step
        change = float(np.abs(scaled @ (length * step)).max())
        log_odds = scaled @ coefficients
        if change < _CONVERGED:
            return LogisticFit(back @ coefficients, _probability(log_odds), steps, change)
    raise ValueError(_separated(step, [names[column - 1] for column in kept] if names else ()))


def logistic_regressions(
    features: np.ndarray, labels: np.ndarray, weights: np.ndarray, start: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Many logits of the same rows under different weights at once, as a bootstrap needs them.

    All Newton steps are matrix products: the products of each two columns are computed once for all.

    Args:
        features: (N, P), the first column the intercept.
        labels: (N,), 0 or 1.
        weights: One row of weights for each fit, (B, N).
        start: Coefficients of the fit to the data as they are, (P,).

    Returns:
        Probabilities (B, N), and for each fit whether it converged (B,).
    """
    scaled, back, _ = _standardized(features)
    columns = scaled.shape[1]
    upper = np.triu_indices(columns)
    products = scaled[:, upper[0]] * scaled[:, upper[1]]  # (N, P (P + 1) / 2)
    begin = np.linalg.lstsq(back, start, rcond=None)[0]
    coefficients = np.tile(begin, (len(weights), 1))  # (B, P)
    target = (weights * labels) @ scaled  # (B, P)
    active = np.arange(len(weights))
    converged = np.zeros(len(weights), dtype=bool)
    for _ in range(_MOST_STEPS):
        probabilities = _probability(coefficients[active] @ scaled.T)  # (b, N)
        weighted = weights[active] * probabilities
        gradient = target[active] - weighted @ scaled
        curvature = np.empty((len(active), columns, columns))
        curvature[:, upper[0], upper[1]] = curvature[:, upper[1], upper[0]] = (
            weighted * (1 - probabilities)
        ) @ products
        curvature += _RIDGE * weighted.sum(axis=1)[:, None, None] * np.eye(columns)  # a sample may lack a category
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        coefficients[active] += step
        done = np.abs(step).max(axis=1) < _CONVERGED
        converged[active[done]] = True
        active = active[~done]
        if not len(active):
            break
    return _probability(coefficients @ scaled.T), converged


def _standardized(features: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Columns of mean 0 and spread 1, the matrix back to the coefficients, and which columns are not constant."""
    mean, spread = features.mean(axis=0), features.std(axis=0)
    varies = spread > 1e-12 * np.maximum(np.abs(mean), 1e-300)
    varies[0] = False
    kept = np.flatnonzero(varies)
    scaled = np.column_stack([np.ones(len(features)), (features[:, kept] - mean[kept]) / spread[kept]])
    back = np.zeros((features.shape[1], len(kept) + 1))
    back[0, 0] = 1.0
    back[kept, np.arange(1, len(kept) + 1)] = 1 / spread[kept]
    back[0, 1:] = -mean[kept] / spread[kept]
    return scaled, back, kept


def _probability(log_odds: np.ndarray) -> np.ndarray:
    return 1 / (1 + np.exp(-np.clip(log_odds, -_LARGEST_LOG_ODDS, _LARGEST_LOG_ODDS)))


def _likelihood(log_odds: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    return float(weights @ (labels * log_odds - np.logaddexp(0, log_odds)))


def _separated(step: np.ndarray, names: Sequence[str]) -> str:
    """Which column's coefficient runs away."""
    culprit = int(np.abs(step[1:]).argmax()) if len(step) > 1 else 0
    name = f"most of all the column {names[culprit]!r}" if culprit < len(names) else "the columns together"
    return (
        f"separation: {name} tells some treated from untreated without error, so that there is no overlap and the "
        f"logit did not converge in {_MOST_STEPS} steps; merge its rare values, keep the rows where both occur, "
        "leave it out if the graph allows, or give a propensity_model that is regularised"
    )
