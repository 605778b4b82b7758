"""Columns of numbers, checked for algorithms that work with their correlations."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .contingency import enough_rows
from .data_columns import read_columns
from .linear_regression import first_dependent_column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_numbers"]


def read_numbers(data: pd.DataFrame) -> dict[str, np.ndarray]:
    """Columns of numbers (N,) that vary and do not follow from each other.

    Raises:
        ValueError: Text, missing values, a constant column, one that others determine, too few rows.
    """
    columns = read_columns(data, getattr(data, "columns", ()))
    enough_rows(len(data))
    for name, values in columns.items():
        if values.dtype.kind != "f":
            raise ValueError(
                f"column {name!r} must hold numbers, not {values[0]!r}; for categories take the test 'g2' or the score "
                "'bdeu', with all columns cut into few classes"
            )
    dependent = first_dependent_column(columns)
    if dependent is not None:
        raise ValueError(
            f"column {dependent!r} follows exactly from the columns before it (or there are too few rows), so that its "
            "partial correlations are not defined; leave it out"
        )
    return columns
