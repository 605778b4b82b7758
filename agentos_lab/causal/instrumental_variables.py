"""Instrumental variables: what the instrument does to the outcome, divided by what it does to the treatment.

With one effect for all it is that effect; with effects that differ it is the average among the compliers, whom the
instrument moves, provided that it moves nobody the other way (Imbens & Angrist 1994).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from .data_columns import check_numbers
from .effect_estimate import Estimated
from .linear_regression import first_dependent_column, linear_regression, robust_covariance
from .study import Study

__all__ = ["two_stage_least_squares", "wald"]

_WEAK = 10.0  # Staiger & Stock 1997: below this F the interval is not to be trusted


def two_stage_least_squares(study: Study, *, instrument: Sequence[str], errors: str = "classical") -> Estimated:
    """Two-stage least squares.

    Args:
        study: The data; its covariates stand in both stages, and it holds the instruments' columns.
        instrument: Their names.
        errors: ``"classical"`` or ``"HC0"`` to ``"HC3"``.

    Raises:
        ValueError: An instrument that is no number, follows from the covariates, or says nothing about the
            treatment; products with the treatment.

    Source: Theil 1953; Wooldridge 2010, section 5.1.
    """
    if study.effect_terms:
        raise ValueError(f"two-stage least squares has no room for the term {study.effect_terms[0]}: leave it out")
    for name in instrument:
        check_numbers(study.data[name], name, "an instrument")
    columns = {**study.covariates(), **{name: study.data[name] for name in instrument}}
    if label := first_dependent_column(columns):
        raise ValueError(f"{label} follows exactly from what is held fixed or from another instrument; leave it out")
    exogenous = np.column_stack([study.covariate_matrix(), *(study.data[name] for name in instrument)])
    first = linear_regression(exogenous, study.treatment, errors=errors)
    count = len(instrument)
    moved = first.coefficients[-count:]
    strength = float(moved @ np.linalg.solve(first.covariance[-count:, -count:], moved)) / count
    if strength < 1e-8:
        raise ValueError(f"{', '.join(instrument)} does not move {study.treatment_name} at all in these data")
    features = study.outcome_matrix()  # intercept, treatment, covariates
    fitted = features.copy()
    fitted[:, 1] = study.treatment - first.residuals
    second = linear_regression(fitted, study.outcome)
    residuals = study.outcome - features @ second.coefficients  # of the treatment as it was, not as predicted
    covariance = robust_covariance(fitted, residuals, second.bread, errors)
    found: dict[str, Any] = {"first stage": ", ".join(
        f"{name} {coefficient:.4f} (standard error {error:.4f})"
        for name, coefficient, error in zip(instrument, moved, first.std_errors[-count:], strict=True)
    )}  # fmt: skip
    found["first stage F"] = round(strength, 4)
    if strength < _WEAK:
        found["notes"] = [f"the instrument is weak (F = {strength:.2f}): estimate and interval are not to be trusted"]
    std_error = float(np.sqrt(covariance[1, 1]))
    return Estimated(
        float(second.coefficients[1]), std_error, f"instrument {', '.join(instrument)}, {errors} errors", found
    )


def wald(study: Study, *, instrument: Sequence[str], errors: str = "classical") -> Estimated:
    """The Wald estimate: (E[Y | Z=1] − E[Y | Z=0]) / (E[A | Z=1] − E[A | Z=0]).

    Args:
        study: The data, without covariates.
        instrument: One column with two values.
        errors: As for two-stage least squares, of which this is the simplest case.

    Raises:
        ValueError: Covariates, several instruments, or one with other than two values.

    Source: Wald 1940; Hernán & Robins 2020, section 16.1.
    """
    if len(instrument) != 1 or study.adjusted_for:
        given = f" given {', '.join(study.adjusted_for)}" if study.adjusted_for else ""
        raise ValueError(f"Wald's ratio has one instrument and no covariates, not {', '.join(instrument)}{given}; "
                         "use method='2sls'")  # fmt: skip
    values = study.data[instrument[0]]
    levels = np.unique(values)
    if len(levels) != 2:
        raise ValueError(
            f"Wald's ratio needs an instrument with two values; {instrument[0]} has {len(levels)}: use method='2sls'"
        )
    on_outcome, on_treatment = (
        float(of[values == levels[1]].mean() - of[values == levels[0]].mean())
        for of in (study.outcome, study.treatment)
    )
    both = two_stage_least_squares(study, instrument=instrument, errors=errors)
    found = {"ratio": f"{on_outcome:.4f} / {on_treatment:.4f}", **both.diagnostics}
    return Estimated(on_outcome / on_treatment, both.std_error, both.settings, found)
