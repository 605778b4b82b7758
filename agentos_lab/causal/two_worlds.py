"""Two worlds: models of one graph that agree on everything observed and differ on the effect.

No amount of data tells them apart, so that no formula can compute the effect: the proof, in numbers, that it is not
identifiable. They are found by walking along the level set of P(V): a step in the direction that moves the effect and
leaves P(V) alone to first order (see `row_space`), then Newton's correction back to P(V).
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .bit_graph import bits
from .discrete_model import DiscreteModel
from .expression import Probability, Variable
from .graph import CausalGraph, as_graph
from .hedge import Hedge
from .probability_table import Table
from .query import Query, parse_query
from .row_space import joint_jacobian, logits, query_jacobian, with_logits

__all__ = ["TwoWorlds", "two_worlds"]

_STEP = 0.25  # length of a step in the space of logits
_STEPS = 40  # in each direction
_EQUAL = 1e-13  # how far P(V) may be off after the correction
_ENOUGH = 0.02  # a difference in the effect that needs no second try


@dataclass(frozen=True, eq=False)
class TwoWorlds:
    """A pair of models with the same P(V) and different answers to a query, and the walk between them.

    Attributes:
        query: The query that they answer differently.
        path: Models with one and the same P(V), from the first world to the second; the slider of `HedgeExplorer`.
    """

    query: Query
    path: tuple[DiscreteModel, ...]

    @property
    def first(self) -> DiscreteModel:
        """One end of the walk."""
        return self.path[0]

    @property
    def second(self) -> DiscreteModel:
        """The other end."""
        return self.path[-1]

    @cached_property
    def observed_gap(self) -> float:
        """The largest difference in P(V): rounding errors only."""
        return float(np.max(np.abs(self.first.interventional().values - self.second.interventional().values)))

    @cached_property
    def effect_gap(self) -> float:
        """The largest difference in the query, over all values of its variables."""
        return float(np.max(np.abs(_answer(self.first, self.query).values - _answer(self.second, self.query).values)))

    def __str__(self) -> str:
        cell, one, other = self._widest()
        return (
            f"two models with the same P(V) (largest difference {self.observed_gap:.0e}):\n"
            f"  {cell} is {one:.4f} in the first and {other:.4f} in the second"
        )

    __repr__ = __str__

    def _widest(self) -> tuple[Probability, float, float]:
        one, other = (_answer(model, self.query) for model in (self.first, self.second))
        place = np.unravel_index(np.argmax(np.abs(one.values - other.values)), one.values.shape)
        value = {axis: self.first.levels[axis][index] for axis, index in zip(one.axes, place, strict=True)}
        parts = (self.query.outcomes, self.query.conditions, self.query.treatments)
        shown, given, do = (tuple(Variable(v.name, value[v.name]) for v in part) for part in parts)
        return Probability(shown, given, do), float(one.values[place]), float(other.values[place])


def two_worlds(graph: CausalGraph | str, query: Query | str, hedge: Hedge, seed: int = 0) -> TwoWorlds:
    """Build two models of the graph that P(V) cannot tell apart, and the query can.

    Args:
        graph: The graph.
        query: A query that is not identifiable.
        hedge: Why it is not; the walk begins with the smallest part of the graph that shows it.
        seed: Of the random model that the walk starts from.

    Raises:
        ValueError: The hedge is not in the graph, or the walk found no difference: the query is identifiable.
    """
    graph, query = as_graph(graph), parse_query(query)
    if not _holds(graph, hedge.outer):
        raise ValueError(f"{hedge} is no part of the graph {graph}")
    general = Query(
        *(tuple(Variable(v.name) for v in part) for part in (query.outcomes, query.treatments, query.conditions))
    )
    best: TwoWorlds | None = None
    for part in (_around_hedge(graph, general, hedge), _ancestral(graph, general)):
        for attempt in range(3):
            found = _walk(part, _restricted(general, part), np.random.default_rng([seed, attempt]))
            pair = found and TwoWorlds(general, tuple(_on_whole_graph(model, graph) for model in found))
            if pair and (best is None or pair.effect_gap > best.effect_gap):
                best = pair
            if best and best.effect_gap > _ENOUGH:
                return best
    if best is None or best.effect_gap < 1e-6:
        raise ValueError(f"no two models were found that differ in {query}; is it identifiable?")
    return best


def _holds(graph: CausalGraph, part: CausalGraph) -> bool:
    two_headed = {frozenset(edge) for edge in graph.bidirected}
    return set(part.directed) <= set(graph.directed) and {frozenset(edge) for edge in part.bidirected} <= two_headed


def _around_hedge(graph: CausalGraph, query: Query, hedge: Hedge) -> CausalGraph:
    """The hedge, and a shortest way from each of its roots to what the query asks about and sees."""
    targets = graph.mask([variable.name for variable in query.outcomes + query.conditions])
    treated = graph.mask([variable.name for variable in query.treatments])
    arrows = list(hedge.outer.directed)
    reached, waiting = targets, [*bits(targets)]
    towards: dict[int, int] = {}
    while waiting:  # backwards from the targets, past the treatment
        child = waiting.pop(0)
        for parent in bits(graph.parent_masks[child] & ~reached & ~treated):
            towards[parent] = child
            reached |= 1 << parent
            waiting.append(parent)
    for root in bits(graph.mask(hedge.roots)):
        while root in towards:
            arrows.append((graph.nodes[root], graph.nodes[towards[root]]))
            root = towards[root]
    return CausalGraph(directed=dict.fromkeys(arrows), bidirected=hedge.outer.bidirected, nodes=hedge.outer.nodes)


def _ancestral(graph: CausalGraph, query: Query) -> CausalGraph:
    return graph.subgraph(graph.ancestors([v.name for v in query.outcomes + query.conditions + query.treatments]))


def _restricted(query: Query, part: CausalGraph) -> Query | None:
    """The query on a part of the graph: what lies outside it is noise there, and can be left out."""
    kept = [
        tuple(v for v in variables if v.name in part)
        for variables in (query.outcomes, query.treatments, query.conditions)
    ]
    return Query(*kept) if kept[0] and kept[1] else None


def _walk(graph: CausalGraph, query: Query | None, generator: np.random.Generator) -> list[DiscreteModel] | None:
    """Models along the level set of P(V), the effect moving one way all along; None where it cannot move."""
    if query is None:
        return None
    start = DiscreteModel.random(graph, 2, 3, generator)
    theta = logits(start)
    free = _null_projected(query_jacobian(start, query.term), joint_jacobian(start))
    lengths = np.linalg.norm(free, axis=1)
    cell = int(np.argmax(lengths))  # the value of the query that can move fastest
    if lengths[cell] < 1e-9:
        return None
    up, down = (_one_way(start, theta, query, cell, sign) for sign in (1, -1))
    return [*reversed(down), start, *up]


def _one_way(start: DiscreteModel, theta: np.ndarray, query: Query, cell: int, sign: int) -> list[DiscreteModel]:
    target = start.interventional().values.ravel()
    found: list[DiscreteModel] = []
    model = start
    for _ in range(_STEPS):
        free = sign * _null_projected(query_jacobian(model, query.term), joint_jacobian(model))[cell]
        if np.linalg.norm(free) < 1e-7:
            break
        moved = _corrected(model, theta + _STEP * free / np.linalg.norm(free), target)
        if moved is None:
            break
        theta, model = moved
        found.append(model)
    return found


def _corrected(model: DiscreteModel, theta: np.ndarray, target: np.ndarray) -> tuple[np.ndarray, DiscreteModel] | None:
    """Newton's method back to P(V) = target; None where it does not arrive."""
    for _ in range(8):
        model = with_logits(model, theta)
        missing = target - model.interventional().values.ravel()
        if np.max(np.abs(missing)) < _EQUAL:
            return theta, model
        theta = theta + np.linalg.lstsq(joint_jacobian(model), missing, rcond=1e-10)[0]
    return None


def _null_projected(rows: np.ndarray, matrix: np.ndarray) -> np.ndarray:
    """What is left of some rows when their part in the row space of a matrix is taken away."""
    _, sizes, basis = np.linalg.svd(matrix, full_matrices=False)
    kept = basis[sizes > 1e-10 * sizes[0]]
    return rows - (rows @ kept.T) @ kept


def _on_whole_graph(model: DiscreteModel, graph: CausalGraph) -> DiscreteModel:
    """The model as one of a larger graph: edges that it lacks have no influence, nodes that it lacks are fair coins."""
    whole = DiscreteModel.random(graph, 2, 3)
    tables = {}
    for name, table in whole.tables.items():
        known = model.tables.get(name)
        if known is None:
            values = np.full(table.values.shape, 1 / table.values.shape[-1])
        else:
            values = np.broadcast_to(known.expanded(table.axes), table.values.shape)
        tables[name] = Table(table.axes, values)
    return replace(whole, tables=tables, _interventional={})


def _answer(model: DiscreteModel, query: Query) -> Table:
    return model.probability(query.term)
