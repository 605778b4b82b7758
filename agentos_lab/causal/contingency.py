"""Discrete data as contingency tables: how often the values of some columns occur together.

Values become codes 0, 1, …; a combination of values is one number, and one pass (`numpy.bincount`) counts them all.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from .data_columns import read_columns

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Levels", "enough_rows", "is_discrete", "read_levels"]

_MOST_VALUES = 20  # of a column that is taken to be discrete where nobody says so
_FEWEST_ROWS = 10


@dataclass(frozen=True, eq=False)
class Levels:
    """Discrete data as codes. Rows that are alike are kept once, with their number: N distinct rows.

    Attributes:
        codes: For each column its values as 0, 1, … (N,).
        cards: How many values each column has.
        counts: How often each distinct row occurs (N,); None where all rows are distinct.
        rows: The number of all rows.
    """

    codes: dict[str, np.ndarray]
    cards: dict[str, int]
    counts: np.ndarray | None
    rows: int

    def strata(self, names: Sequence[str]) -> tuple[np.ndarray, int]:
        """The combination of values of some columns, as a code (N,), and how many codes there are."""
        code, cells = np.zeros(1, dtype=np.int64), 1
        for place, name in enumerate(names):
            code = code * self.cards[name] + self.codes[name] if place else self.codes[name]
            cells *= self.cards[name]
            if cells > 4 * self.rows + 1000:  # most combinations never occur: number those that do
                seen, code = np.unique(code, return_inverse=True)
                cells = len(seen)
        return code, cells

    def counts_given(self, name: str, given: Sequence[str] = ()) -> np.ndarray:
        """Counts (S, A): of the values of one variable in each stratum of others."""
        stratum, strata = self.strata(given)
        return self._count(stratum * self.cards[name] + self.codes[name], (strata, self.cards[name]))

    def table(self, a: str, b: str, given: Sequence[str] = ()) -> np.ndarray:
        """Counts (S, A, B): of the values of `a` and `b` in each stratum of `given`."""
        stratum, strata = self.strata(given)
        shape = (strata, self.cards[a], self.cards[b])
        code = (stratum * shape[1] + self.codes[a]) * shape[2] + self.codes[b]
        return self._count(code, shape)

    def _count(self, code: np.ndarray, shape: tuple[int, ...]) -> np.ndarray:
        counted = np.bincount(code, self.counts, minlength=math.prod(shape))
        return (counted if self.counts is None else counted.astype(np.int64)).reshape(shape)


def read_levels(data: pd.DataFrame) -> Levels:
    """Discrete columns as codes.

    Raises:
        ValueError: Missing values, a constant column, a column with too many values, too few rows.
    """
    columns = read_columns(data, getattr(data, "columns", ()))
    enough_rows(len(data))
    codes, cards = {}, {}
    for name, values in columns.items():
        seen = {value: code for code, value in enumerate(dict.fromkeys(values.tolist()))}
        if len(seen) > max(_MOST_VALUES, len(data) // 10):
            raise ValueError(
                f"column {name!r} has {len(seen)} different values in {len(data)} rows, too many to count; for numbers "
                "take the test 'fisher_z' or the score 'bic', or cut the column into a few classes with pandas.cut"
            )
        codes[name] = np.fromiter(map(seen.__getitem__, values.tolist()), np.int64, len(values))
        cards[name] = len(seen)
    if math.prod(cards.values()) < 2**62:  # a whole row is one number
        row = np.zeros(len(data), dtype=np.int64)
        for name, code in codes.items():
            row = row * cards[name] + code
        _, first, counts = np.unique(row, return_index=True, return_counts=True)
        if 2 * len(counts) < len(data):  # worth it: tables are then counted over fewer rows
            distinct = {name: code[first] for name, code in codes.items()}
            return Levels(distinct, cards, counts.astype(float), len(data))
    return Levels(codes, cards, None, len(data))


def is_discrete(data: pd.DataFrame) -> bool:
    """Whether no column has more than 20 different values."""
    return all(data[name].nunique() <= _MOST_VALUES for name in data.columns)


def enough_rows(rows: int) -> None:
    """Make sure that there are rows enough to learn from.

    Raises:
        ValueError: There are fewer than 10.
    """
    if rows < _FEWEST_ROWS:
        raise ValueError(f"{rows} rows are too few to learn a graph from; at least {_FEWEST_ROWS}, better hundreds")
