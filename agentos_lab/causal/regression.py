"""Outcome regression: the effect as the treatment's coefficient, or at chosen values of what it interacts with."""

from __future__ import annotations

from collections.abc import Mapping
from numbers import Real
from typing import Any

import numpy as np

from .effect_estimate import Estimated
from .linear_regression import linear_regression
from .study import Study

__all__ = ["difference_of_means", "outcome_regression"]


def outcome_regression(study: Study, *, at: Mapping[str, Any] | None = None, errors: str = "classical") -> Estimated:
    """The effect in a linear model of the outcome, by least squares.

    Without products with the treatment it is the treatment's coefficient. With them it differs between units: `at`
    asks for the effect at given values, otherwise it is the average over the rows.

    Args:
        study: The data.
        at: Values of covariates, e.g. ``{"smokeintensity": 5}``.
        errors: ``"classical"`` or ``"HC0"`` to ``"HC3"``.

    Raises:
        ValueError: `at` names what is not adjusted for, or a value that it cannot have; an unknown kind of errors.

    Source: Hernán & Robins 2020, "Causal Inference: What If", section 15.1.
    """
    for name, level in (at or {}).items():
        if name not in study.adjusted_for:
            raise ValueError(
                f"at names {name!r}, which is not adjusted for: {', '.join(study.adjusted_for) or 'nothing is'}"
            )
        if name in study.categories and level not in study.categories[name]:
            known = ", ".join(map(repr, study.categories[name]))
            raise ValueError(f"at asks for {name}={level!r}; its values are {known}")
        if name not in study.categories and not isinstance(level, Real):
            raise ValueError(f"at asks for {name}={level!r}, but its values are numbers")
    fit = linear_regression(study.outcome_matrix(), study.outcome, study.weights, errors)
    control, treated = study.contrast
    contrast = (study.outcome_matrix(treated, at) - study.outcome_matrix(control, at)).mean(axis=0)  # (P,)
    value = float(contrast @ fit.coefficients)
    std_error = float(np.sqrt(contrast @ fit.covariance @ contrast))
    where = ", ".join(f"{name}={level}" for name, level in (at or {}).items())
    settings = f"{errors} standard errors" + (f", at {where}" if where else "")
    return Estimated(value, std_error, settings, {"degrees of freedom": fit.degrees_of_freedom})


def difference_of_means(study: Study, *, errors: str = "HC2") -> Estimated:
    """The mean outcome of the treated minus that of the untreated.

    Args:
        study: The data; nothing is adjusted for.
        errors: ``"HC2"`` is Neyman's: √(s₁²/n₁ + s₀²/n₀).
    """
    treated, untreated = study.outcome[study.treatment == 1], study.outcome[study.treatment == 0]
    features = np.column_stack([np.ones(len(study)), study.treatment])
    fit = linear_regression(features, study.outcome, errors=errors)
    found = {"means": f"treated {treated.mean():.4f} (n = {len(treated)}), untreated {untreated.mean():.4f} "
             f"(n = {len(untreated)})"}  # fmt: skip
    return Estimated(float(fit.coefficients[1]), float(fit.std_errors[1]), f"{errors} standard errors", found)
