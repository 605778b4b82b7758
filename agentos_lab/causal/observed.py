"""What has been observed: a joint distribution P(V), asked for any conditional probability of its variables."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .expression import Probability, Variable
from .probability_table import Table, divide

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Observed", "as_series", "conditional"]

_ROUNDING = 1e-6  # how far the sum of a joint distribution may be from 1


@dataclass(frozen=True, eq=False)
class Observed:
    """A joint distribution over discrete variables.

    Attributes:
        joint: One axis for each variable; the values sum to 1.
        levels: For each variable the values that it takes, in the order of its axis.
    """

    joint: Table
    levels: dict[str, tuple[Hashable, ...]]

    @classmethod
    def from_series(cls, joint: pd.Series) -> Observed:
        """Read P(V) from a pandas Series whose index levels are named by the variables; a missing row counts as 0.

        Raises:
            ValueError: An index without names, a row that stands twice, a negative or missing number, a sum that is
                not 1.
        """
        names = _checked_names(joint)
        index = joint.index if joint.index.nlevels > 1 else joint.index.to_frame().set_index(names).index
        if index.has_duplicates:
            raise ValueError(f"the row {index[index.duplicated()][0]} stands twice in the joint distribution")
        levels, positions = {}, []
        for number, name in enumerate(names):
            values = index.get_level_values(number)
            levels[name] = tuple(sorted(values.unique(), key=_comparable))
            position = {value: place for place, value in enumerate(levels[name])}
            positions.append(np.array([position[value] for value in values]))
        values = np.zeros([len(levels[name]) for name in names])
        values[tuple(positions)] = _checked_probabilities(joint)
        return cls(Table(tuple(names), values), levels)

    @classmethod
    def from_data(cls, data: pd.DataFrame, names: Sequence[str]) -> Observed:
        """The relative frequencies of the columns `names` in the rows of a table of data.

        Raises:
            ValueError: A column that is not there, or one with missing values.
        """
        for name in names:
            if name not in data.columns:
                raise ValueError(
                    f"the data has no column {name!r}; its columns are {', '.join(map(str, data.columns))}"
                )
            if missing := int(data[name].isna().sum()):
                raise ValueError(f"column {name!r} has {missing} missing values; drop or impute these rows first")
        if not len(data):
            raise ValueError("the data has no rows")
        return cls.from_series(data.groupby(list(names), observed=True).size() / len(data))

    def probability(self, term: Probability, undefined: float = np.nan) -> Table:
        """P(variables | given); `undefined` where the condition never happens.

        Raises:
            ValueError: A term with do(): no table of observations answers it. A variable or value that is not there.
        """
        if term.do:
            raise ValueError(f"{term} asks what an intervention would do; an observed distribution knows P(V) alone")
        return conditional(self.joint, term, self.levels, undefined)


def conditional(
    joint: Table, term: Probability, levels: dict[str, tuple[Hashable, ...]], undefined: float = np.nan
) -> Table:
    """P(variables | given) of a term, out of a joint table over at least these names.

    Args:
        joint: The joint distribution; axes named by variables. Axes of `term.do` are kept.
        term: What is asked; its primes become the names of the axes, its fixed values select.
        levels: The values of each variable, in the order of its axis.
        undefined: What stands where the condition has probability 0.

    Returns:
        A table over the free indices of the term.
    """
    asked = term.variables + term.given + term.do
    for variable in asked:
        if variable.name not in joint.axes:
            raise ValueError(
                f"{term}: the distribution has no variable {variable.name!r}, only {', '.join(joint.axes)}"
            )
    _check_names_differ(asked, term)
    together = joint.marginal([variable.name for variable in asked])
    if term.given:
        together = divide(together, together.sum_out([variable.name for variable in term.variables]), undefined)
    fixed = {v.name: _position(v, levels, term) for v in asked if v.value is not None}
    return together.select(fixed).renamed({v.name: v.symbol for v in asked if v.value is None})


def as_series(table: Table, levels: dict[str, tuple[Hashable, ...]], name: str = "") -> pd.Series:
    """A table as a pandas Series: one index level per axis, in the order of the axes."""
    import pandas as pd

    if not table.axes:
        return pd.Series([float(table.values)], name=name)
    index = pd.MultiIndex.from_product([levels[axis] for axis in table.axes], names=table.axes)
    return pd.Series(table.values.ravel(), index=index, name=name)


def _check_names_differ(asked: tuple[Variable, ...], term: Probability) -> None:
    names = [variable.name for variable in asked]
    if len(set(names)) < len(names):
        raise ValueError(f"{term} speaks of one variable under two indices; this probability cannot be looked up")


def _position(variable: Variable, levels: dict[str, tuple[Hashable, ...]], term: Probability) -> int:
    values = levels[variable.name]
    if variable.value not in values:
        shown = ", ".join(map(str, values))
        raise ValueError(f"{term}: {variable.name} is never {variable.value!r}; its values are {shown}")
    return values.index(variable.value)


def _checked_names(joint: pd.Series) -> list[str]:
    import pandas as pd

    if not isinstance(joint, pd.Series):
        raise ValueError(f"expected a pandas Series of probabilities, got {type(joint).__name__}")
    names = list(joint.index.names)
    for number, name in enumerate(names):
        if not isinstance(name, str):
            raise ValueError(f"index level {number} of the joint distribution has no name; name it by its variable")
        if names.count(name) > 1:
            raise ValueError(f"two index levels of the joint distribution are called {name!r}")
    return names


def _checked_probabilities(joint: pd.Series) -> np.ndarray:
    values = joint.to_numpy(dtype=float)
    if not len(values):
        raise ValueError("the joint distribution has no rows")
    wrong = ~(np.isfinite(values) & (values >= 0))
    if wrong.any():
        row = int(np.argmax(wrong))
        raise ValueError(f"a probability must be a number ≥ 0, got {values[row]} in row {joint.index[row]}")
    if abs(values.sum() - 1) > _ROUNDING:
        raise ValueError(f"the joint distribution must sum to 1, got {values.sum():.6g}; divide counts by their sum")
    return values


def _comparable(value: Hashable) -> tuple[str, object]:
    """A sort key for levels: numbers by size, everything else by its text."""
    number = isinstance(value, (int, float, np.number)) and not isinstance(value, bool)
    return ("", value) if number else (type(value).__name__, str(value))
