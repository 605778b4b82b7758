"""A structural model fitted to data: an equation and a noise for each node of a causal graph.

What varies continuously becomes a line plus normal noise. What takes few values becomes a table: the noise is a rank
between 0 and 1, and the value is the one at which the observed frequencies, given the causes, reach that rank. Other
noises give the same frequencies; in this one whoever has a higher rank never has a lower value. Observations and
interventions do not depend on that choice. Counterfactuals do, and no data can test it (Pearl 2009, section 1.4.4).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from .data_columns import read_columns
from .equation import Equation
from .graph import CausalGraph, as_graph
from .linear_regression import first_dependent_column, linear_regression
from .noise import Categorical, Noise, Normal
from .structural_model import StructuralCausalModel

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fit_model"]

MOST_LEVELS = 10  # a column with more different values is continuous


def fit_model(graph: CausalGraph | str, data: pd.DataFrame) -> StructuralCausalModel:
    """Fit an equation to every node of a graph without two-headed edges.

    Args:
        graph: The causal graph; each node is a column.
        data: One row per unit. A column of words, or of at most 10 different values, is discrete.

    Returns:
        The model; the noise of Y is called ``U_Y``.

    Raises:
        ValueError: A two-headed edge; a column that is missing, constant or has gaps; a discrete variable with a
            continuous cause; causes whose values never occur together.
    """
    graph = as_graph(graph)
    if not graph.is_dag:
        a, b = graph.bidirected[0]
        raise ValueError(
            f"{a} <-> {b} stands for a common cause that is in no column, so that nothing can be fitted to it; measure "
            "it and draw it as a node, or ask identify() what follows without it"
        )
    numbers = read_columns(data, graph.nodes)
    columns = {name: data[name].to_numpy() for name in graph.nodes}
    discrete = {name for name in graph.nodes if _is_discrete(numbers[name])}
    equations: dict[str, Equation] = {}
    noise: dict[str, Noise] = {}
    for name in graph.topological_order():
        causes = graph.parents(name)
        called = f"U_{name}"
        while called in graph:
            called += "_"
        if name not in discrete:
            equations[name], noise[called] = _line(name, causes, numbers, called)
        elif continuous := [cause for cause in causes if cause not in discrete]:
            raise ValueError(
                f"{name} takes few values and its cause {continuous[0]} many; cut that into classes, for example with "
                f"pandas.cut(data[{continuous[0]!r}], 5, labels=False)"
            )
        else:
            equations[name], noise[called] = _table(name, causes, columns, called)
    return StructuralCausalModel(equations, noise)


def _is_discrete(values: np.ndarray) -> bool:
    return values.dtype.kind != "f" or len(np.unique(values)) <= MOST_LEVELS


def _line(name: str, causes: Sequence[str], columns: dict[str, np.ndarray], noise: str) -> tuple[Equation, Normal]:
    """Least squares; the noise is normal, with the standard deviation of the residuals."""
    for cause in causes:
        if columns[cause].dtype.kind != "f":
            raise ValueError(
                f"{cause} is a cause of {name} and must hold numbers, not {columns[cause][0]!r}; code it 0, 1"
            )
    if (dependent := first_dependent_column({cause: columns[cause] for cause in causes})) is not None:
        raise ValueError(f"{dependent} follows from the other causes of {name}; leave one of them out")
    design = np.column_stack([np.ones(len(columns[name])), *(columns[cause] for cause in causes)])
    if len(design) <= design.shape[1]:
        raise ValueError(
            f"{len(design)} rows are too few for the equation of {name} with {design.shape[1]} coefficients; take more "
            "rows, or fewer causes"
        )
    found = linear_regression(design, columns[name])
    start, *slopes = found.coefficients.tolist()
    spread = float(np.sqrt(np.sum(found.residuals**2) / found.degrees_of_freedom))
    told = [f"{start:.4g}", *(f"{slope:.4g}*{cause}" for slope, cause in zip(slopes, causes, strict=True)), noise]

    def line(*values: Any) -> Any:
        return start + sum(slope * value for slope, value in zip(slopes, values[:-1], strict=True)) + values[-1]

    return Equation((*causes, noise), " + ".join(told).replace("+ -", "- "), line), Normal(0.0, spread)


def _table(
    name: str, causes: Sequence[str], columns: dict[str, np.ndarray], noise: str
) -> tuple[Equation, Categorical]:
    """Frequencies given the causes; the noise says between which of their sums the rank lies."""
    levels = {each: np.array(sorted(set(columns[each].tolist()))) for each in (*causes, name)}
    places = {each: np.searchsorted(levels[each], columns[each]) for each in levels}
    shape = [len(levels[each]) for each in levels]
    counts = np.zeros(shape)
    np.add.at(counts, tuple(places.values()), 1)
    rows = counts.sum(axis=-1, keepdims=True)
    if not rows.all():
        setting = next(where for where in product(*map(range, shape[:-1])) if not rows[where])
        told = ", ".join(f"{cause}={levels[cause][place]}" for cause, place in zip(causes, setting, strict=True))
        raise ValueError(f"no row has {told}, so that {name} has no value there; merge rare values")
    reached = np.cumsum(counts / rows, axis=-1)
    cuts = np.unique(np.round(np.append(reached, 0.0), 12))  # equal but for rounding errors: one cut
    middles = (cuts[1:] + cuts[:-1]) / 2
    chosen = (middles[:, None] > reached[..., None, :] + 1e-12).sum(axis=-1)  # (causes …, ranks): place of the value

    def value(*given: Any) -> Any:
        where = [_places(cause, levels[cause], each) for cause, each in zip(causes, given[:-1], strict=True)]
        return levels[name][chosen[(*where, np.searchsorted(middles, np.asarray(given[-1]) - 1e-15))]]

    ranks = Categorical(tuple(middles.tolist()), tuple((np.diff(cuts) / np.diff(cuts).sum()).tolist()))
    return Equation((*causes, noise), f"table({', '.join((*causes, noise))})", value), ranks


def _places(cause: str, levels: np.ndarray, values: Any) -> np.ndarray:
    """Where values stand among the levels that were seen."""
    given = np.asarray(values)
    places = np.minimum(np.searchsorted(levels, given), len(levels) - 1)
    if (strange := levels[places] != given).any():
        unseen = given[strange].ravel()[0] if given.ndim else given
        raise ValueError(f"{cause} is never {unseen} in the data that the model was fitted to")
    return places
