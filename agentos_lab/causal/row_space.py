"""Identifiability without any algorithm on graphs: does the query move when the model moves and P(V) stands still?

Write a model of the graph with free parameters θ. To first order, a change of θ that leaves P(V) alone lies in the null
space of the Jacobian ∂P(V)/∂θ. A query is identifiable exactly when no such change moves it: when each row of ∂query/∂θ
is a combination of the rows of ∂P(V)/∂θ. This test knows nothing of districts and hedges, and decides both ways.

A no is certain: it comes with the direction in which to move. A yes holds for latent variables of so many values. With
two, some unidentifiable queries look identified; three are the default and nearly always enough, but of 1,500 random
queries on at most five nodes one needed four. So before you believe a yes that `identify` denies, ask again with
``latent_card=4``, as `benchmarks/causal.py` does.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .discrete_model import DiscreteModel
from .expression import Probability
from .graph import CausalGraph, as_graph
from .probability_table import Table, multiply
from .query import Query, parse_query

__all__ = ["joint_jacobian", "logits", "query_jacobian", "row_space_residual", "with_logits"]


def row_space_residual(graph: CausalGraph | str, query: Query | str, seed: int = 0, latent_card: int = 3) -> float:
    """How far ∂query/∂θ lies from the row space of ∂P(V)/∂θ, at a random model.

    Args:
        graph: The graph; keep it small, the Jacobian has a row for each value of all observed variables.
        query: Such as ``"P(Y | do(X), Z)"``.
        seed: Of the random model. The result is the same for almost all of them.
        latent_card: Values of each latent variable. With too few a query may look identifiable that is not.

    Returns:
        The largest distance of a row, relative to its length: below 1e-9 the query is identifiable, above 1e-6 it is
        not (nothing in between has been seen).
    """
    graph = as_graph(graph)
    asked_term = parse_query(query).term
    graph.mask(asked_term.names)  # refuses unknown names
    model = DiscreteModel.random(graph, 2, latent_card, seed)
    observed = joint_jacobian(model)
    asked = query_jacobian(model, asked_term)
    outside = asked - asked @ _row_projector(observed)
    lengths = np.linalg.norm(asked, axis=1)
    return float(np.max(np.linalg.norm(outside, axis=1) / np.maximum(lengths, np.finfo(float).tiny), initial=0.0))


def logits(model: DiscreteModel) -> np.ndarray:
    """θ: the logarithms of all tables in one vector; each row of a table is the softmax of its part."""
    return np.concatenate([np.log(table.values).ravel() for table in model.tables.values()])


def with_logits(model: DiscreteModel, theta: np.ndarray) -> DiscreteModel:
    """The model with the parameters θ."""
    tables, start = {}, 0
    for name, table in model.tables.items():
        part = theta[start : start + table.values.size].reshape(table.values.shape)
        start += table.values.size
        weights = np.exp(part - part.max(axis=-1, keepdims=True))
        tables[name] = Table(table.axes, weights / weights.sum(axis=-1, keepdims=True))
    return replace(model, tables=tables, _interventional={})


def joint_jacobian(model: DiscreteModel, do: frozenset[str] = frozenset()) -> np.ndarray:
    """∂P(V | do)/∂θ, (cells of V, parameters): P is linear in each table, so that the others' product is the slope."""
    return np.hstack([_slope(model, name, do) for name in model.tables])


def query_jacobian(model: DiscreteModel, term: Probability) -> np.ndarray:
    """∂P(variables | do, given)/∂θ, one row for each value of all its variables."""
    do = frozenset(variable.name for variable in term.do)
    asked = [variable.name for variable in term.variables]
    condition = [variable.name for variable in term.do + term.given]
    joint = model.interventional(do)
    slopes = joint_jacobian(model, do).reshape(*joint.values.shape, -1)
    both, below = (_summed(joint, slopes, names) for names in (condition + asked, condition))
    # Quotient rule for P(condition, asked) / P(condition); the first axes of `both` are those of `below`.
    shape = (*below[0].shape, *[1] * len(asked))
    part, part_slope = below[0].reshape(shape)[..., None], below[1].reshape(*shape, -1)
    slope = (both[1] * part - both[0][..., None] * part_slope) / part**2
    return slope.reshape(-1, slope.shape[-1])


def _summed(joint: Table, slopes: np.ndarray, names: list[str]) -> tuple[np.ndarray, np.ndarray]:
    """A joint distribution and its slopes, with all but the axes `names` summed out, in this order."""
    order = [joint.axes.index(name) for name in names]
    rest = [axis for axis in range(len(joint.axes)) if axis not in order]
    values = joint.values.transpose(order + rest).sum(axis=tuple(range(len(order), len(joint.axes))))
    moved = slopes.transpose([*order, *rest, len(joint.axes)])
    return values, moved.sum(axis=tuple(range(len(order), len(joint.axes))))


def _slope(model: DiscreteModel, name: str, do: frozenset[str]) -> np.ndarray:
    """∂P(V | do)/∂(logits of one table): (cells of V, entries of the table)."""
    table = model.tables[name]
    nodes = model.graph.nodes
    cells = int(np.prod([len(model.levels[node]) for node in nodes]))
    if name in do:
        return np.zeros((cells, table.values.size))
    hidden = [axis for axis in table.axes if axis in model.latents]
    others = [other for key, other in model.tables.items() if key != name and key not in do]
    others += [Table((axis,), np.ones(model.tables[axis].values.shape[-1])) for axis in (*nodes, *hidden)]
    weight = multiply(others, sum_over=set(model.latents) - set(hidden)).transposed((*nodes, *hidden))
    # Entry (c, h) of the table touches the cells of V that show its observed part c: a row of ones among zeros.
    places = np.indices(table.values.shape).reshape(len(table.axes), -1)
    grid = np.indices([len(model.levels[node]) for node in nodes]).reshape(len(nodes), -1)
    shown = np.ones((cells, table.values.size), dtype=bool)
    for axis, place in zip(table.axes, places, strict=True):
        if axis not in model.latents:
            shown &= grid[nodes.index(axis)][:, None] == place
    at = tuple(places[table.axes.index(axis)] for axis in hidden)
    by_cell = weight.values.reshape(cells, *weight.values.shape[len(nodes) :])[(slice(None), *at)].reshape(cells, -1)
    by_row = np.where(shown, by_cell, 0.0).reshape(cells, *table.values.shape)
    # Chain rule of the softmax along the last axis.
    return (table.values * (by_row - (by_row * table.values).sum(axis=-1, keepdims=True))).reshape(cells, -1)


def _row_projector(matrix: np.ndarray) -> np.ndarray:
    """The orthogonal projector onto the row space of a matrix."""
    _, sizes, rows = np.linalg.svd(matrix, full_matrices=False)
    kept = rows[sizes > 1e-10 * sizes[0]]
    return kept.T @ kept
