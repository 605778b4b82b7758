"""Canonical models: each variable's noise picks one of all functions of its causes. An oracle for counterfactuals.

With the noise of one variable free and everything else fixed, all that experiments show, P(V | do(x)) for every x, and
each counterfactual probability are linear in the distribution of that noise (given the hidden causes). So a direction
in which no experiment changes, and a counterfactual does, is found by linear algebra; a step along it gives two models
that no experiment tells apart. Where the counterfactual is identifiable there is none. (Balke & Pearl 1994; Pearl 2009,
section 8.2; the enumeration knows nothing of twin networks and counterfactual graphs.)
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import product

import numpy as np

from agentos_lab.causal.counterfactual_query import CounterfactualQuery, Event
from agentos_lab.causal.graph import CausalGraph

__all__ = ["CanonicalModel", "two_canonical_models"]

MOST = 1_500  # states of all noises together that are counted out


@dataclass(frozen=True)
class CanonicalModel:
    """A model of a graph in which nothing is left out.

    Attributes:
        graph: The graph.
        cards: The number of values of each variable.
        hidden: For each two-headed edge the distribution of its hidden cause.
        noises: For each variable (values of the hidden causes at it …, functions): which function its noise picks.
    """

    graph: CausalGraph
    cards: Mapping[str, int]
    hidden: Mapping[tuple[str, str], np.ndarray]
    noises: Mapping[str, np.ndarray]

    @classmethod
    def random(
        cls, graph: CausalGraph, cards: Mapping[str, int], hidden_card: int = 4, seed: int = 0
    ) -> CanonicalModel:
        """Every distribution drawn from the simplex.

        Raises:
            ValueError: The model has too many states to be counted out.
        """
        generator = np.random.default_rng(seed)
        functions = {name: cards[name] ** int(np.prod([cards[p] for p in graph.parents(name)])) for name in graph}
        if np.prod([float(count) for count in functions.values()]) * hidden_card ** len(graph.bidirected) > MOST:
            raise ValueError(f"too many states: {functions}")
        hidden = {edge: generator.dirichlet(np.full(hidden_card, 3.0)) for edge in graph.bidirected}
        noises = {}
        for name, count in functions.items():
            shape = [hidden_card for edge in graph.bidirected if name in edge]
            noises[name] = generator.dirichlet(np.full(count, 2.0), size=shape or None)
        return cls(graph, cards, hidden, noises)

    @cached_property
    def chosen(self) -> np.ndarray:
        """The number of the function that each noise picks, (variables, states)."""
        return np.indices([self.noises[name].shape[-1] for name in self.graph]).reshape(len(self.graph), -1)

    def weights(self, free: str) -> np.ndarray:
        """(values of the hidden causes at `free`, states): the probability of each, without the factor of `free`."""
        edges, names = list(self.hidden), self.graph.nodes
        letter = {key: chr(97 + place) for place, key in enumerate([*edges, *names])}
        terms = [(self.hidden[edge], letter[edge]) for edge in edges]
        for name in names:
            at = "".join(letter[edge] for edge in edges if name in edge)
            if name == free:
                terms.append((np.ones(self.noises[name].shape[-1]), letter[name]))
            else:
                terms.append((self.noises[name], at + letter[name]))
        kept = "".join(letter[edge] for edge in edges if free in edge)
        into = kept + "".join(letter[name] for name in names)
        weights = np.einsum(",".join(axes for _, axes in terms) + "->" + into, *[values for values, _ in terms])
        sizes = [self.noises[name].shape[-1] for name in names]
        weights = np.broadcast_to(weights, [*weights.shape[: len(kept)], *sizes])
        return weights.reshape(-1, int(np.prod(sizes)))

    @cached_property
    def probabilities(self) -> np.ndarray:
        """The probability of each state."""
        last = self.graph.nodes[-1]
        weights = self.weights(last)
        return (weights * self.noises[last].reshape(len(weights), -1)[:, self.chosen[-1]]).sum(axis=0)

    @property
    def cells(self) -> int:
        """How many values all variables together have."""
        return int(np.prod([self.cards[name] for name in self.graph]))

    def answer(self, query: CounterfactualQuery) -> float:
        """The probability that a query asks for."""
        given = self.happens(query.given)
        both = given & self.happens(query.events)
        return float(self.probabilities[both].sum() / self.probabilities[given].sum())

    def shown(self) -> np.ndarray:
        """P(V | do(x)) for every x, (experiments, cells)."""
        return np.stack([np.bincount(cell, self.probabilities, self.cells) for cell in self.experiments])

    def values(self, do: Mapping[str, int]) -> dict[str, np.ndarray]:
        """What each variable comes to in each state, when some are set."""
        values: dict[str, np.ndarray] = {}
        for name in self.graph.topological_order():
            row = np.zeros(self.chosen.shape[1], dtype=int)
            for parent in self.graph.parents(name):
                row = row * self.cards[parent] + values[parent]
            card = self.cards[name]  # the function's number, written in base `card`, lists its values row by row
            values[name] = self.chosen[self.graph.nodes.index(name)] // card**row % card
            if name in do:
                values[name] = np.full(self.chosen.shape[1], do[name])
        return values

    def happens(self, events: Iterable[Event]) -> np.ndarray:
        """In which states all of these events happen, each in its own world."""
        truth = np.ones(self.chosen.shape[1], dtype=bool)
        for event in events:
            world = self.values({variable.name: variable.value for variable in event.variable.do})
            truth &= world[event.variable.name] == event.value.value
        return truth

    @cached_property
    def experiments(self) -> list[np.ndarray]:
        """For every way of setting variables, the cell of V that each state falls into."""
        found = []
        names = self.graph.nodes
        for setting in product(*[(None, *range(self.cards[name])) for name in names]):
            do = {name: value for name, value in zip(names, setting, strict=True) if value is not None}
            values = self.values(do)
            found.append(np.ravel_multi_index([values[name] for name in names], [self.cards[name] for name in names]))
        return found


def two_canonical_models(
    graph: CausalGraph, query: CounterfactualQuery, cards: Mapping[str, int], seed: int = 0
) -> tuple[float, float, float] | None:
    """Two models that no experiment tells apart and that answer a query differently.

    Returns:
        The largest difference between the two in any P(V | do(x)), and the two answers, both computed from the finished
        models; None where no direction was found.
    """
    model = CanonicalModel.random(graph, cards, seed=seed)
    best = None
    for free in graph:
        if other := _moved(model, query, free):
            found = (float(np.max(np.abs(model.shown() - other.shown()))), model.answer(query), other.answer(query))
            if best is None or abs(found[1] - found[2]) > abs(best[1] - best[2]):
                best = found
    return best


def _moved(model: CanonicalModel, query: CounterfactualQuery, free: str) -> CanonicalModel | None:
    """The model after the longest step of the noise of `free` that no experiment shows and the query feels."""
    weights, function = model.weights(free), model.chosen[model.graph.nodes.index(free)]
    noise = model.noises[free].reshape(len(weights), -1)  # (values of the hidden causes at it, functions)
    count = noise.shape[1]

    def slope(group: np.ndarray, groups: int) -> np.ndarray:
        """The derivative of the probability of each group of states by each entry of the noise."""
        found = [np.bincount(group * count + function, row, groups * count).reshape(groups, count) for row in weights]
        return np.stack(found, axis=1).reshape(groups, -1)

    fixed = [slope(cell, model.cells) for cell in model.experiments]
    fixed.append(np.kron(np.eye(len(weights)), np.ones(count)))  # each row of the noise still sums to 1
    _, sizes, rows = np.linalg.svd(np.unique(np.concatenate(fixed), axis=0), full_matrices=False)
    rows = rows[sizes > 1e-10 * sizes[0]]
    both = slope(model.happens(query.events + query.given).astype(int), 2)[1]
    below = slope(model.happens(query.given).astype(int), 2)[1]
    part = below @ noise.ravel()
    if part < 1e-9:
        return None
    gradient = (both - below * (both @ noise.ravel()) / part) / part
    direction = gradient - rows.T @ (rows @ gradient)
    if np.linalg.norm(direction) < 1e-9 * max(np.linalg.norm(gradient), 1e-3):
        return None
    falling = direction < 0
    step = 0.99 * np.min(noise.ravel()[falling] / -direction[falling])
    moved = (noise.ravel() + step * direction).reshape(model.noises[free].shape)
    return replace(model, noises={**model.noises, free: moved})
