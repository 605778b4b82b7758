"""The propensity score: the probability of treatment given the covariates, e(L) = P(A = 1 | L).

Units of equal score are comparable (Rosenbaum & Rubin 1983). Where it is 0 or 1 nobody can be compared: no overlap.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .nuisance import Predictor, fit_classifier
from .study import Study

__all__ = ["check_overlap", "fit_propensity", "propensity_scores"]


def propensity_scores(study: Study, model: Any = "logit", weights: np.ndarray | None = None) -> np.ndarray:
    """The propensity score of each row (N,).

    Args:
        study: Its treatment must be 0 or 1.
        model: ``"logit"`` or any object with scikit-learn's ``fit`` and ``predict_proba``.
        weights: Of the rows (N,).

    Raises:
        ValueError: Separation, or a score of 0 or 1: no overlap.
    """
    scores = fit_propensity(study, model, weights)(study.covariate_matrix())
    check_overlap(scores, study)
    return scores


def fit_propensity(study: Study, model: Any = "logit", weights: np.ndarray | None = None) -> Predictor:
    """The model of the treatment, fitted: from covariates (N, 1 + K) to scores (N,)."""
    return fit_classifier(model, study.covariate_matrix(), study.treatment, weights, list(study.covariates()))


def check_overlap(scores: np.ndarray, study: Study) -> None:
    """Refuse scores that leave nobody to compare with.

    Raises:
        ValueError: A score that is not strictly between 0 and 1; the message names the row.
    """
    bad = ~((scores > 0) & (scores < 1))
    if bad.any():
        first = int(bad.argmax())
        raise ValueError(
            f"no overlap: {int(bad.sum())} rows have a propensity score of 0 or 1, the first is row "
            f"{study.rows[first]} ({scores[first]:.3g}): nobody like that was treated otherwise. Keep the rows where "
            "both occur, adjust for less, or take a smoother propensity_model"
        )
