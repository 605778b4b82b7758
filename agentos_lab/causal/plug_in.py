"""The plug-in estimate of any identified effect: its formula, applied to relative frequencies.

Where neither adjustment nor a front door serves, the identification algorithm may still find a formula; all of them
are estimated in the same way, with a bootstrap for the error.
"""

from __future__ import annotations

from collections.abc import Hashable
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from .bootstrap import bootstrap
from .effect_estimate import Estimated
from .estimand import Estimand

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

__all__ = ["plug_in"]

_MOST_CELLS = 2_000_000
_MOST_VALUES = 50  # of a variable that is not the outcome


def plug_in(
    data: pd.DataFrame,
    estimand: Estimand,
    *,
    levels: tuple[Hashable, Hashable],
    replicates: int = 200,
    seed: int = 0,
    executor: Executor | None = None,
) -> tuple[Estimated, np.ndarray]:
    """E[Y | do(treated)] − E[Y | do(control)] by the estimand's formula.

    Args:
        data: One row per unit; all columns of the formula discrete, the outcome numeric.
        estimand: Of P(outcome | do(treatment)).
        levels: Control and treated.
        replicates, seed, executor: Of the bootstrap.

    Returns:
        The estimate, and the bootstrap's values.

    Raises:
        ValueError: Too many cells (a column is not discrete); a condition without rows (no overlap).
    """
    names = list(estimand.names)
    for name in names:
        if name != estimand.query.outcomes[0].name and data[name].nunique() > _MOST_VALUES:
            raise ValueError(
                f"the plug-in estimate counts in cells, and {name!r} has {data[name].nunique()} values; cut it into a "
                f"few classes, for example with pandas.cut(data[{name!r}], 5, labels=False)"
            )
    sizes = {name: int(data[name].nunique()) for name in names}
    if np.prod([float(size) for size in sizes.values()]) > _MOST_CELLS:
        worst = max(sizes, key=lambda name: sizes[name])
        raise ValueError(
            f"the plug-in estimate counts in cells, and these columns have too many ({sizes}); cut {worst!r} into a "
            f"few classes, for example with pandas.cut(data[{worst!r}], 5)"
        )
    counts = data.groupby(names, observed=True).size()
    value = _contrast(counts / counts.sum(), estimand, levels)
    # Drawing rows and counting cells is drawing the cells' counts: each row is replaced by the cell that it lies in.
    cells = np.repeat(np.arange(len(counts)), counts.to_numpy())
    values = bootstrap(
        partial(_resampled, cells, counts, estimand, levels),
        len(cells),
        replicates=replicates,
        seed=seed,
        executor=executor,
    )
    found = {"cells": f"{len(counts)} seen, the smallest with {int(counts.min())} rows"}
    return Estimated(value, float(values.std(ddof=1)), f"{replicates} bootstrap samples", found), values


def _resampled(
    cells: np.ndarray, counts: pd.Series, estimand: Estimand, levels: tuple[Hashable, Hashable], rows: np.ndarray
) -> float:
    drawn = np.bincount(cells[rows], minlength=len(counts))
    return _contrast((counts * 0 + drawn) / drawn.sum(), estimand, levels)


def _contrast(joint: pd.Series, estimand: Estimand, levels: tuple[Hashable, Hashable]) -> float:
    """The difference of the outcome's means under the two interventions."""
    outcome, treatment = estimand.query.outcomes[0].name, estimand.query.treatments[0].name
    answer = estimand.evaluate(joint)
    extra = [name for name in answer.index.names if name not in (outcome, treatment)]
    if extra:  # any value of what stays free gives the same truth; average what the sample makes of it
        answer = answer.groupby(level=[outcome, treatment]).mean()
    table = answer.unstack(treatment)
    for level in levels:
        if level not in table.columns:
            raise ValueError(
                f"no row has {treatment} = {level!r}; its values are {', '.join(map(str, table.columns))}: say which "
                "two to compare with levels=(control, treated)"
            )
    values = table.index.to_numpy(dtype=float)
    means = [float(values @ table[level].to_numpy()) for level in levels]
    return means[1] - means[0]
