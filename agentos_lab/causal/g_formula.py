"""The g-formula by standardisation: predict everybody's outcome treated, then untreated, and average the difference.

For one treatment it is Σ_l E[Y | a, l] P(l), with the sum over l as the mean over the rows.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from .effect_estimate import Estimated
from .linear_regression import linear_regression
from .logistic_regression import logistic_regression
from .nuisance import fit_regressor
from .study import Study
from .weighting import TARGETS, target_rows

__all__ = ["g_formula"]


def g_formula(study: Study, *, outcome_model: Any = "linear", target: str = "ATE") -> Estimated:
    """Standardisation over the covariates' distribution in the data.

    Args:
        study: The data.
        outcome_model: ``"linear"``, ``"logit"`` (outcomes 0 and 1), or an object with scikit-learn's ``fit`` and
            ``predict``, which gets the columns of treatment, covariates and products.
        target: Average over everybody (``"ATE"``), the treated (``"ATT"``) or the untreated (``"ATC"``).

    Returns:
        The estimate; with a standard error for the first two models, which counts the fitted coefficients and the
        rows as random.

    Raises:
        ValueError: An unknown target or model.

    Source: Robins 1986; Hernán & Robins 2020, chapter 13. Standard error: Stefanski & Boos 2002, "The calculus of
    M-estimation".
    """
    control, treated = (study.outcome_matrix(level) for level in study.contrast)
    chosen = target_rows(study, target)
    if not isinstance(outcome_model, str):
        predict = fit_regressor(outcome_model, study.outcome_matrix(), study.outcome)
        difference = predict(treated) - predict(control)
        name = type(outcome_model).__name__
        return Estimated(float(difference[chosen].mean()), None, f"{TARGETS[target]}, {name}")
    features = study.outcome_matrix()
    if outcome_model == "linear":
        fit = linear_regression(features, study.outcome)
        difference = (treated - control) @ fit.coefficients
        slope, bread, residuals = (treated - control)[chosen].mean(axis=0), fit.bread, fit.residuals
    elif outcome_model == "logit":
        logit = logistic_regression(features, study.outcome, names=list(study.outcome_columns()))
        one, other, seen = logit.predict(treated), logit.predict(control), logit.probabilities
        difference = one - other
        slopes = treated * (one * (1 - one))[:, None] - control * (other * (1 - other))[:, None]
        slope, residuals = slopes[chosen].mean(axis=0), study.outcome - seen
        bread = np.linalg.pinv((features.T * (seen * (1 - seen))) @ features)
    else:
        raise ValueError(
            f"an outcome model is 'linear', 'logit' or an object with fit and predict, not {outcome_model!r}"
        )
    value = float(difference[chosen].mean())
    from_rows = np.where(chosen, difference - value, 0.0) / chosen.mean()
    from_coefficients = (features * residuals[:, None]) @ (bread @ slope) * len(study)
    influence = from_rows + from_coefficients  # (N,)
    return Estimated(value, float(influence.std() / np.sqrt(len(study))), f"{TARGETS[target]}, {outcome_model} model")
