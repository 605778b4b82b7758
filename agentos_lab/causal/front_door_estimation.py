"""Front-door estimation: the treatment's effect on its mediators, times the mediators' effect on the outcome.

Σ_m P(m | a) Σ_a' E[Y | a', m] P(a'): in cells, or with linear models as a product of coefficients.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from .data_columns import check_numbers
from .effect_estimate import Estimated
from .linear_regression import linear_regression
from .study import Study

__all__ = ["front_door"]

_MOST_VALUES = 10  # of one variable, for cells
_MOST_CELLS = 200


def front_door(study: Study, *, mediators: Sequence[str], model: str = "auto") -> Estimated:
    """The effect through mediators that carry all of it.

    Args:
        study: The data; it holds the mediators' columns.
        mediators: Their names.
        model: ``"cells"`` for discrete columns, without a further assumption; ``"linear"``; ``"auto"`` takes cells
            where the values are few.

    Raises:
        ValueError: A cell without rows (no overlap), an unknown model.

    Source: Pearl 1995, "Causal diagrams for empirical research", theorem 2; Fulcher et al. 2020, "Robust inference on
    population indirect causal effects: the generalized front door criterion" (influence function).
    """
    columns = [study.data[name] for name in mediators]
    sizes = [len(set(column.tolist())) for column in [study.treatment, *columns]]
    if model == "auto":
        model = "cells" if max(sizes) <= _MOST_VALUES and np.prod(sizes) <= _MOST_CELLS else "linear"
    if model not in ("cells", "linear"):
        raise ValueError(f"model must be 'cells', 'linear' or 'auto', not {model!r}")
    if not mediators:
        return Estimated(0.0, 0.0, "the front-door set is empty: there is no effect")
    value, influence = (_cells if model == "cells" else _linear)(study, mediators)
    std_error = float(np.sqrt((influence**2).mean() / len(study)))
    return Estimated(value, std_error, f"through {', '.join(mediators)}, {model}")


def _cells(study: Study, mediators: Sequence[str]) -> tuple[float, np.ndarray]:
    """By the means in the cells of treatment and mediators, with its influence function (N,)."""
    treatments, a = np.unique(study.treatment, return_inverse=True)
    labels: dict[tuple[object, ...], int] = {}
    rows = zip(*(study.data[name].tolist() for name in mediators), strict=True)
    m = np.array([labels.setdefault(row, len(labels)) for row in rows])
    counts, sums = np.zeros((len(treatments), len(labels))), np.zeros((len(treatments), len(labels)))
    np.add.at(counts, (a, m), 1)
    np.add.at(sums, (a, m), study.outcome)
    if not (counts > 0).all():
        empty_a, empty_m = np.argwhere(counts == 0)[0]
        cell = ", ".join(
            f"{name}={v:g}" if isinstance(v, float) else f"{name}={v}"
            for name, v in zip(mediators, list(labels)[empty_m], strict=True)
        )
        raise ValueError(
            f"no overlap: no row has {study.treatment_name}={treatments[empty_a]:g}, {cell}; merge rare values, or use "
            "model='linear'"
        )
    mean = sums / counts  # E[Y | a, m]
    share = counts.sum(axis=1) / len(study)  # P(a)
    of_mediator = counts / counts.sum(axis=1, keepdims=True)  # P(m | a)
    onward = share @ mean  # Σ_a' E[Y | a', m] P(a')
    places = [int(np.flatnonzero(treatments == level)[0]) for level in _present(study, treatments)]
    shift = of_mediator[places[1]] - of_mediator[places[0]]
    value = float(shift @ onward)
    influence = (study.outcome - mean[a, m]) * shift[m] / of_mediator[a, m]
    influence += mean[a] @ shift - value
    for place, sign in ((places[1], 1), (places[0], -1)):
        influence += sign * (a == place) * (onward[m] - of_mediator[place] @ onward) / share[place]
    return value, influence


def _present(study: Study, treatments: np.ndarray) -> tuple[float, float]:
    for level in study.contrast:
        if level not in treatments:
            raise ValueError(f"no row has {study.treatment_name} = {level:g}; say which values to compare with levels=")
    return study.contrast


def _linear(study: Study, mediators: Sequence[str]) -> tuple[float, np.ndarray]:
    """By Σ_k a_k b_k, with its influence function (N,)."""
    for name in mediators:
        check_numbers(study.data[name], name, "a mediator of a linear model")
    columns = np.column_stack([study.data[name] for name in mediators])
    first = np.column_stack([np.ones(len(study)), study.treatment])
    second = np.column_stack([first, columns])
    outcome = linear_regression(second, study.outcome)
    onward = outcome.coefficients[2:]
    moves, influence = [], np.zeros(len(study))
    for column, slope in zip(columns.T, onward, strict=True):
        fit = linear_regression(first, column)
        moves.append(float(fit.coefficients[1]))
        influence += slope * len(study) * (first @ fit.bread[1]) * fit.residuals
    influence += len(study) * (second @ outcome.bread[:, 2:] @ np.array(moves)) * outcome.residuals
    step = study.contrast[1] - study.contrast[0]
    return float(onward @ moves) * step, influence * step
