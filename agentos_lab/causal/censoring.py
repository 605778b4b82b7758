"""Censoring: when some outcomes were never seen, those that were are weighted for units like them that were not.

The weights are 1 / P(seen | treatment, covariates): the effect is that with nobody lost.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from .logistic_regression import logistic_regression
from .study import Study, make_study
from .terms import Term

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["with_censoring_weights"]


def with_censoring_weights(
    data: pd.DataFrame,
    treatment: str,
    outcome: str,
    adjusted_for: Sequence[str],
    censored: str,
    *,
    terms: Iterable[str | Term] = (),
    levels: tuple[Hashable, Hashable] | None = None,
) -> Study:
    """A study of all rows, in which the censored ones have weight 0 and the others make up for them.

    Args:
        data: One row per unit; the outcome may be missing where the row is censored.
        treatment, outcome, adjusted_for, terms, levels: As for `make_study`.
        censored: A column that is 1 where the outcome was not seen, else 0.

    Raises:
        ValueError: As for `make_study`; a column that is not 0 or 1; separation.

    Source: Hernán & Robins 2020, section 12.6.
    """
    if censored not in data.columns:
        raise ValueError(f"the data has no column {censored!r} that says whose outcome was not seen")
    if set(data[censored].tolist()) != {0, 1}:
        raise ValueError(
            f"column {censored!r} must be 1 where the outcome was not seen and 0 elsewhere, with both present"
        )
    lost = data[censored].to_numpy(dtype=float)
    filled = data.assign(**{outcome: data[outcome].where(lost == 0, data.loc[lost == 0, outcome].mean())})
    study = make_study(filled, treatment, outcome, adjusted_for, terms=terms, levels=levels)
    plain = replace(study, effect_terms=())
    seen = logistic_regression(plain.outcome_matrix(), 1 - lost, names=list(plain.outcome_columns()))
    return replace(study, weights=(1 - lost) / seen.probabilities)
