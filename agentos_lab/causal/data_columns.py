"""Columns of a data frame, checked before anything is computed: present, complete, finite, not constant, numeric."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from numbers import Real
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["check_numbers", "coded_treatment", "read_columns"]

_LEAST_SPREAD = 1e-10  # of a column beside its largest value, for the arithmetic of regressions
# pandas' own types of numbers, which may have gaps
_NULLABLE = {"boolean", "Float32", "Float64"} | {f"{sign}Int{size}" for sign in ("", "U") for size in (8, 16, 32, 64)}


def read_columns(data: pd.DataFrame, names: Iterable[str]) -> dict[str, np.ndarray]:
    """Columns of a data frame as arrays (N,); numbers become floats.

    Raises:
        ValueError: A column that is not there, has missing or infinite values, is constant or nearly so; no rows.
    """
    if not hasattr(data, "columns"):
        raise ValueError(f"the data must be a pandas DataFrame, one row per unit, not {type(data).__name__}")
    if not len(data):
        raise ValueError("the data has no rows")
    found = {}
    for name in names:
        if name not in data.columns:
            raise ValueError(f"the data has no column {name!r}; its columns are {', '.join(map(str, data.columns))}")
        column = data[name]
        if column.ndim > 1:
            raise ValueError(f"the data has several columns named {name!r}; give each its own name")
        if (missing := column.isna().to_numpy()).any():
            first = data.index[int(missing.argmax())]
            raise ValueError(
                f"column {name!r} has {int(missing.sum())} missing values, the first in row {first}; drop these rows "
                f"with data.dropna(subset=[{name!r}]) if they are missing at random, or impute them"
            )
        values = column.to_numpy()
        category = str(column.dtype) == "category"  # pandas' own categories stay categories, also when they are numbers
        if (not category and values.dtype.kind in "biuf") or str(column.dtype) in _NULLABLE:
            values = column.to_numpy(dtype=float)
            if not np.isfinite(values).all():
                row = data.index[int(np.argmin(np.isfinite(values)))]
                raise ValueError(f"column {name!r} is infinite in row {row}; correct it or drop the row")
        else:
            values = np.asarray(column, dtype=object)
        if len(set(values[:100].tolist())) == 1 and len(set(values.tolist())) == 1:
            raise ValueError(
                f"column {name!r} is constant: it is {values[0]} in every row, so that nothing can be learnt about it; "
                "leave it out, or use data in which it varies"
            )
        if values.dtype.kind == "f" and np.ptp(values) < _LEAST_SPREAD * np.abs(values).max():
            raise ValueError(
                f"column {name!r} varies by no more than {np.ptp(values):.3g} around {values.mean():.6g}, which is "
                f"lost in rounding; subtract its mean: data[{name!r}] - data[{name!r}].mean()"
            )
        found[name] = values
    return found


def coded_treatment(
    values: np.ndarray, name: str, levels: tuple[Hashable, Hashable] | None
) -> tuple[np.ndarray, tuple[float, float]]:
    """The treatment as numbers, and the two values to compare: control, treated.

    Args:
        values: The column (N,).
        name: Of the column, for messages.
        levels: The two values; None takes 0 and 1. A column of two values is then coded 0 and 1.

    Raises:
        ValueError: A treatment that is no number and has no levels; levels that do not occur.
    """
    present = sorted(set(values.tolist()), key=str)
    if levels is None:
        told = ", ".join(map(repr, present[:4]))
        role = f"the treatment, whose values are {told}; say which two to compare with levels=(control, treated);"
        check_numbers(values, name, role)
        return values, (0.0, 1.0)
    if not isinstance(levels, (tuple, list)) or len(levels) != 2 or levels[0] == levels[1]:
        raise ValueError(f"levels must be two values of {name!r}, control and treated, not {levels!r}")
    if len(present) > 2 and values.dtype.kind == "f":
        if not all(isinstance(level, Real) for level in levels):
            raise ValueError(f"levels must be two numbers, as the values of {name!r} are, not {levels!r}")
        return values, (float(levels[0]), float(levels[1]))  # type: ignore[arg-type]
    for level in levels:
        if level not in present:
            raise ValueError(f"no row has {name} = {level!r}; its values are {', '.join(map(repr, present[:8]))}")
    if len(present) > 2:
        raise ValueError(
            f"{name!r} has {len(present)} values; keep the two that are compared: "
            f"data[data[{name!r}].isin({list(levels)!r})]"
        )
    return (values == levels[1]).astype(float), (0.0, 1.0)


def check_numbers(values: np.ndarray, name: str, role: str) -> None:
    """Refuse a column that does not hold numbers.

    Raises:
        ValueError: With the column's name and its role.
    """
    if values.dtype.kind != "f":
        raise ValueError(f"column {name!r} is {role} and must hold numbers, not {values[0]!r}")
