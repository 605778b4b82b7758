"""An estimand: the formula that turns the observed distribution into the answer of a causal query."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .evaluation import evaluate
from .expression import Expression
from .observed import Observed, as_series
from .probability_table import Table
from .query import Query

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Estimand"]


@dataclass(frozen=True)
class Estimand:
    """`query` equals `expression`, which speaks of observed probabilities only.

    Attributes:
        query: What was asked.
        expression: The formula. It may have free indices that the query lacks: any value of them gives the same answer.
    """

    query: Query
    expression: Expression

    def __str__(self) -> str:
        return f"{self.query} = {self.expression}"

    __repr__ = __str__

    def latex(self) -> str:
        """The formula as LaTeX, without dollar signs and without the query."""
        return self.expression.latex()

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.query.latex()} = {self.latex()}$"

    def evaluate(self, joint: pd.Series) -> pd.Series:
        """The answer for every value of the variables, from the distribution of the observed variables.

        Args:
            joint: P(V) as a Series; its index levels are named by the variables. A row that is missing counts as 0.

        Returns:
            A Series indexed by outcomes, treatments, conditions, and then what else stays free in the formula.

        Raises:
            ValueError: `joint` is no distribution, lacks a variable, or has no rows for a condition that the formula
                needs (no overlap).
        """
        return self._answer(Observed.from_series(joint), name=str(self.query))

    def estimate(self, data: pd.DataFrame) -> pd.Series:
        """The plug-in estimate: the formula applied to the relative frequencies in a table of data.

        Args:
            data: One row per unit, one column per variable; all columns of the formula discrete. For a standard error
                and an interval see `estimate_effect(..., method="plugin")`.

        Returns:
            A Series as from `evaluate`.

        Raises:
            ValueError: A column that is missing or has missing values, or no overlap.
        """
        return self._answer(Observed.from_data(data, self.names), name=str(self.query))

    @property
    def names(self) -> tuple[str, ...]:
        """The variables that the query and the formula mention, in order of appearance."""
        asked = self.query.outcomes + self.query.treatments + self.query.conditions
        return tuple(dict.fromkeys([variable.name for variable in asked] + list(self.expression.names)))

    def _answer(self, observed: Observed, name: str) -> pd.Series:
        table = evaluate(self.expression, observed)
        asked = self.query.outcomes + self.query.treatments + self.query.conditions
        asked_names = [variable.name for variable in asked if variable.value is None]
        axes = tuple(dict.fromkeys(asked_names + sorted(table.axes, key=self.names.index)))
        for axis in axes:
            if axis not in observed.levels:
                raise ValueError(f"the joint distribution lacks the variable {axis!r} of the query {self.query}")
        shape = [len(observed.levels[axis]) for axis in axes]
        values = np.broadcast_to(table.expanded(axes), shape)  # the effect of a treatment that does nothing is constant
        if np.isnan(values).any():
            raise ValueError(self._no_overlap(Table(axes, values), observed))
        return as_series(Table(axes, values), observed.levels, name)

    def _no_overlap(self, answer: Table, observed: Observed) -> str:
        cell = np.argwhere(np.isnan(answer.values))[0]
        where = ", ".join(
            f"{axis}={observed.levels[axis][place]}" for axis, place in zip(answer.axes, cell, strict=True)
        )
        return (
            f"no overlap: {self.expression} cannot be computed at {where}, because a condition in it has no rows; "
            "merge rare values, or ask about values that occur together"
        )
