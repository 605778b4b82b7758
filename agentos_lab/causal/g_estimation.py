"""G-estimation of a structural nested mean model: the effect that, taken away, leaves an outcome free of treatment.

H(ψ) = Y − ψ A is the outcome without treatment. Given the covariates it must say nothing about who was treated; the ψ
for which it says nothing is the estimate. With products A:V the effect may differ with V.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .effect_estimate import Estimated
from .propensity_score import propensity_scores
from .study import Study

__all__ = ["g_estimation"]


def g_estimation(study: Study, *, propensity_model: Any = "logit") -> Estimated:
    """Solve Σ w (A − e(L)) q (Y − B ψ) = 0, where B = (A, A V) and q = (1, V).

    It is where the coefficient of H(ψ) in a logit of A on L and H(ψ) vanishes: there the score of that coefficient is
    this sum.

    Args:
        study: The data; treatment 0 or 1. Its terms with the treatment make the effect differ; its weights make up for
            censored rows.
        propensity_model: ``"logit"``, or an object with ``fit`` and ``predict_proba`` (that takes ``sample_weight``,
            if rows are censored).

    Returns:
        The average effect over the rows; ψ itself is in the diagnostics. The standard error counts that the logit was
        fitted; the scores of an object are taken as known, which errs on the safe side (a bootstrap does not).

    Raises:
        ValueError: No overlap, separation.

    Source: Robins 1989; Hernán & Robins 2020, chapter 14 and technical point 14.2.
    """
    n, weights = len(study), study.weights if study.weights is not None else np.ones(len(study))
    scores = propensity_scores(study, propensity_model, study.weights)
    modifiers = study.outcome_matrix(1.0) - study.outcome_matrix(0.0)  # what the treatment adds to each column
    varies = np.abs(modifiers).max(axis=0) > 0
    blip = modifiers[:, varies]  # (N, Q): 1, V
    surprise = weights * (study.treatment - scores)  # (N,)
    effect = blip * study.treatment[:, None]
    matrix = (blip * surprise[:, None]).T @ effect / n
    psi = np.linalg.solve(matrix, (blip * surprise[:, None]).T @ study.outcome / n)
    features, untreated = study.covariate_matrix(), study.outcome - effect @ psi
    equations = blip * (surprise * untreated)[:, None]  # (N, Q)
    if isinstance(propensity_model, str):  # what the fitted logit takes away is a projection on its own equations
        tilt = (weights * scores * (1 - scores))[:, None] * features
        projection = np.linalg.lstsq(tilt.T @ features, tilt.T @ (blip * untreated[:, None]), rcond=None)[0]  # (K, Q)
        equations = equations - (features @ projection) * surprise[:, None]
    influence = equations @ np.linalg.inv(matrix).T  # (N, Q)
    average = blip.mean(axis=0)
    spread = influence @ average + blip @ psi - float(average @ psi)
    std_error = float(np.sqrt((spread**2).mean() / n))
    labels = [label for label, moves in zip(["", *study.outcome_columns()], varies, strict=True) if moves]
    found = {"psi": ", ".join(f"{label} {value:.4f}" for label, value in zip(labels, psi, strict=True))}
    censored = ", weighted for censoring" if study.weights is not None else ""
    return Estimated(float(average @ psi), std_error, f"structural nested mean model{censored}", found)
