"""A study: the columns of a data set that an estimator works on, checked, with the terms of its models.

An estimator asks a study for arrays: the treatment, the outcome, the covariates, and the outcome model's design
matrix as the data are or as they would be under another treatment.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from .data_columns import check_numbers, coded_treatment, read_columns
from .linear_regression import first_dependent_column
from .terms import Factor, Term, parse_terms

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Study", "make_study"]


@dataclass(frozen=True, eq=False)
class Study:
    """Checked data with their models' terms. N rows.

    Attributes:
        treatment_name, outcome_name: The two columns in question.
        adjusted_for: The variables that are held fixed.
        data: Each column's values (N,). A treatment of two values is coded 0 and 1.
        terms: How the covariates enter.
        effect_terms: The terms that hold the treatment, apart from the treatment itself.
        categories: The values of each variable that enters as categories.
        contrast: The two values of the treatment that are compared: control, treated.
        rows: The labels of the rows, for messages.
        weights: Weights (N,) that make up for censored rows; None when there are none.
    """

    treatment_name: str
    outcome_name: str
    adjusted_for: tuple[str, ...]
    data: Mapping[str, np.ndarray]
    terms: tuple[Term, ...]
    effect_terms: tuple[Term, ...]
    categories: Mapping[str, tuple[Hashable, ...]]
    contrast: tuple[float, float]
    rows: np.ndarray
    weights: np.ndarray | None = None

    def __len__(self) -> int:
        return len(self.rows)

    @property
    def treatment(self) -> np.ndarray:
        """The treatment (N,)."""
        return self.data[self.treatment_name]

    @property
    def outcome(self) -> np.ndarray:
        """The outcome (N,)."""
        return self.data[self.outcome_name]

    @property
    def is_binary(self) -> bool:
        """Whether the treatment is 0 or 1 everywhere."""
        return bool(np.isin(self.treatment, (0.0, 1.0)).all())

    def covariates(self) -> dict[str, np.ndarray]:
        """The columns of all that is adjusted for, by label, without an intercept."""
        return self._columns(self.terms, self.data)

    def covariate_matrix(self) -> np.ndarray:
        """Intercept and covariates (N, 1 + K)."""
        return _matrix(self.covariates(), len(self))

    def outcome_columns(
        self, treatment: float | None = None, at: Mapping[str, Any] | None = None
    ) -> dict[str, np.ndarray]:
        """The outcome model's columns: treatment, covariates, products with the treatment.

        Args:
            treatment: Everybody's treatment; None leaves it as it was.
            at: Values at which covariates are held.
        """
        data = dict(self.data)
        for name, value in {**({} if treatment is None else {self.treatment_name: treatment}), **(at or {})}.items():
            numeric = self.data[name].dtype.kind == "f"
            data[name] = np.full(len(self), value, dtype=float if numeric else object)
        return self._columns((Term((Factor(self.treatment_name),)), *self.terms, *self.effect_terms), data)

    def outcome_matrix(self, treatment: float | None = None, at: Mapping[str, Any] | None = None) -> np.ndarray:
        """The outcome model's design matrix (N, P), intercept first, treatment second; see `outcome_columns`."""
        return _matrix(self.outcome_columns(treatment, at), len(self))

    def take(self, rows: np.ndarray) -> Study:
        """The study on these rows (positions, which may repeat, or a mask)."""
        weights = None if self.weights is None else self.weights[rows]
        return replace(
            self,
            data={name: values[rows] for name, values in self.data.items()},
            rows=self.rows[rows],
            weights=weights,
        )

    def with_treatment(self, values: np.ndarray) -> Study:
        """The study with another treatment (N,)."""
        return replace(self, data={**self.data, self.treatment_name: values})

    def _columns(self, terms: Iterable[Term], data: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
        return {label: column for term in terms for label, column in term.columns(data, self.categories).items()}


def make_study(
    data: pd.DataFrame,
    treatment: str,
    outcome: str,
    adjusted_for: Sequence[str] = (),
    *,
    extra: Sequence[str] = (),
    terms: Iterable[str | Term] = (),
    levels: tuple[Hashable, Hashable] | None = None,
) -> Study:
    """Check the columns and put the models' terms together.

    Every variable that is adjusted for enters as it is (as categories, if it is text); `terms` come on top, except
    that ``C(education)`` replaces education.

    Args:
        data: One row per unit.
        treatment, outcome: Two columns of numbers; a treatment of two other values needs `levels`.
        adjusted_for: The columns to adjust for.
        extra: Further columns that the estimator needs: instruments, mediators.
        terms: Further terms over the treatment and what is adjusted for; see `parse_term`.
        levels: The treatment's values to compare: control, treated. Default 0 and 1.

    Raises:
        ValueError: A column that is missing, has gaps, is constant, or follows from others; a term over a variable that
            is neither treatment nor adjusted for.
    """
    names = [treatment, outcome, *adjusted_for, *extra]
    columns = read_columns(data, names)
    coded, contrast = coded_treatment(columns[treatment], treatment, levels)
    columns[treatment] = coded
    check_numbers(columns[outcome], outcome, "the outcome")
    parsed = parse_terms(terms)
    for term in parsed:
        for name in term.names:
            if name not in (treatment, *adjusted_for):
                raise ValueError(
                    f"the term {term} uses {name!r}, which is neither the treatment nor adjusted for "
                    f"({', '.join(adjusted_for) or 'nothing is'}); leave it out or add it to adjust_for"
                )
    as_category = {name for name in adjusted_for if columns[name].dtype.kind not in "biuf"}
    as_category |= {term.factors[0].name for term in parsed if len(term.factors) == 1 and term.factors[0].category}
    main = [Term((Factor(name, category=name in as_category),)) for name in adjusted_for]
    products = [_as_categories(term, as_category) for term in parsed]
    every: list[Term] = list(dict.fromkeys([*main, *products]))
    categories = {
        factor.name: tuple(sorted(set(columns[factor.name].tolist()), key=lambda value: (str(type(value)), value)))
        for term in every
        for factor in term.factors
        if factor.category
    }
    study = Study(
        treatment_name=treatment,
        outcome_name=outcome,
        adjusted_for=tuple(adjusted_for),
        data=columns,
        terms=tuple(term for term in every if treatment not in term.names),
        effect_terms=tuple(term for term in every if treatment in term.names and term.names != (treatment,))
        + tuple(term for term in every if term.names == (treatment,) and term.factors[0].power > 1),
        categories=categories,
        contrast=contrast,
        rows=np.asarray(data.index),
    )
    _check_design(study)
    return study


def _as_categories(term: Term, as_category: set[str]) -> Term:
    """The term, with text and all that was declared a category entering as categories."""
    return Term(tuple(replace(f, category=True) if f.name in as_category and f.power == 1 else f for f in term.factors))


def _check_design(study: Study) -> None:
    columns: dict[str, np.ndarray] = study.outcome_columns()
    if len(study) <= len(columns) + 1:
        raise ValueError(
            f"{len(study)} rows are too few for a model of {len(columns) + 1} coefficients; adjust for less, or "
            "merge categories"
        )
    label = first_dependent_column(columns)
    if label is not None:
        raise ValueError(
            f"the column {label!r} follows exactly from the treatment and the columns before it, so that their parts "
            "cannot be told apart; leave one of them out"
        )


def _matrix(columns: Mapping[str, Any], count: int) -> np.ndarray:
    return np.column_stack([np.ones(count), *columns.values()])
