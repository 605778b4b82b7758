"""A causal model with every table written out: what an estimand is checked against.

Each variable has a conditional probability table given its parents; a bidirected edge X <-> Y is a latent variable that
is a parent of both. Then P(V), and P(V | do(X)) by the truncated factorisation, are sums of products of tables: no
identification is needed, so that identification can be tested.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from .expression import Probability
from .graph import CausalGraph, as_graph
from .observed import as_series, conditional
from .probability_table import Table, multiply

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DiscreteModel"]


@dataclass(frozen=True, eq=False)
class DiscreteModel:
    """A model over discrete variables with the causal structure `graph`.

    Attributes:
        graph: The causal graph of the observed variables.
        levels: The values of each observed variable.
        latents: Name of each latent variable, and the pair that it confounds.
        tables: For each variable, latent ones too, P(variable | its parents); the variable is the last axis.
    """

    graph: CausalGraph
    levels: dict[str, tuple[Hashable, ...]]
    latents: dict[str, tuple[str, str]]
    tables: dict[str, Table]
    _interventional: dict[frozenset[str], Table] = field(default_factory=dict, repr=False)

    @classmethod
    def random(
        cls,
        graph: CausalGraph | str,
        cards: int | Mapping[str, int] = 2,
        latent_card: int = 3,
        seed: int | np.random.Generator = 0,
    ) -> DiscreteModel:
        """A model with tables drawn at random, each row uniformly from the simplex mixed with 5 % of the uniform row.

        Args:
            graph: The structure.
            cards: How many values each variable takes: one number for all, or one by name.
            latent_card: How many values each latent variable takes. With 2 some unidentifiable effects look identified.
            seed: Of the random numbers, or their generator.

        Raises:
            ValueError: A variable without a number of values, or with fewer than one.
        """
        graph = as_graph(graph)
        generator = np.random.default_rng(seed)
        by_name = cards if isinstance(cards, Mapping) else dict.fromkeys(graph.nodes, int(cards))
        card = {name: by_name.get(name, 0) for name in graph.nodes}
        for name, count in [*card.items(), ("a latent variable", latent_card)]:
            if count < 1:
                raise ValueError(f"{name} needs at least one value, got {count} of them")
        latents = {f"U({a}, {b})": (a, b) for a, b in graph.bidirected}
        tables = {latent: Table((latent,), _random_rows(generator, (latent_card,))) for latent in latents}
        for name in graph.nodes:
            causes = _causes(graph, latents, name)
            shape = [card.get(cause, latent_card) for cause in causes]
            tables[name] = Table((*causes, name), _random_rows(generator, (*shape, card[name])))
        return cls(graph, {name: tuple(range(count)) for name, count in card.items()}, latents, tables)

    def __str__(self) -> str:
        values = ", ".join(f"{name} {len(levels)}" for name, levels in self.levels.items())
        return f"model of {self.graph} with tables (number of values: {values})"

    __repr__ = __str__

    def interventional(self, do: frozenset[str] | set[str] = frozenset()) -> Table:
        """P(V \\ X | do(X)) for every value of X: the product of all tables but those of X (Pearl 2009, eq. 3.10).

        Args:
            do: The names X that are set.

        Returns:
            A table over all observed variables. For each value of X it sums to 1 over the others.
        """
        key = frozenset(do)
        if key not in self._interventional:
            kept = [table for name, table in self.tables.items() if name not in key]
            # A treatment that feeds no table still needs its axis.
            kept += [Table((name,), np.ones(len(self.levels[name]))) for name in sorted(key)]
            self._interventional[key] = multiply(kept, sum_over=self.latents).transposed(self.graph.nodes)
        return self._interventional[key]

    def probability(self, term: Probability, undefined: float = np.nan) -> Table:
        """P(variables | do(do), given): by the truncated factorisation, latent variables and all."""
        distribution = self.interventional(frozenset(variable.name for variable in term.do))
        return conditional(distribution, term, self.levels, undefined)

    def joint(self) -> pd.Series:
        """P(V): what somebody who can only watch would know, as a Series."""
        return as_series(self.interventional(), self.levels, name="P(V)")


def _causes(graph: CausalGraph, latents: Mapping[str, tuple[str, str]], name: str) -> tuple[str, ...]:
    return graph.parents(name) + tuple(latent for latent, pair in latents.items() if name in pair)


def _random_rows(generator: np.random.Generator, shape: tuple[int, ...]) -> np.ndarray:
    """Random distributions along the last axis. The uniform part keeps every probability away from 0."""
    rows = generator.dirichlet(np.ones(shape[-1]), size=shape[:-1])
    return 0.95 * rows + 0.05 / shape[-1]
