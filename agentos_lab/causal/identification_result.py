"""The two answers to "can this effect be computed from what is observed?"."""

from __future__ import annotations

import html
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from agentos_lab.errors import IdentificationError

from .causal_step import CausalDerivation
from .estimand import Estimand
from .graph import CausalGraph
from .hedge import Hedge
from .query import Query

if TYPE_CHECKING:
    from .graph_drawing import GraphPicture
    from .two_worlds import TwoWorlds

__all__ = ["Identified", "NotIdentifiable"]


@dataclass(frozen=True)
class Identified:
    """Yes: the query equals the estimand, in every model of the graph.

    Attributes:
        query: What was asked.
        graph: Of which graph.
        estimand: The formula, in observed probabilities only.
        write: Writes the derivation, from the notes that the algorithm took.
    """

    query: Query
    graph: CausalGraph
    estimand: Estimand
    write: Callable[[], CausalDerivation] = field(repr=False, compare=False)

    @cached_property
    def derivation(self) -> CausalDerivation:
        """How it was found, a step for each line of the algorithm that was used. `check_derivation` tests it."""
        return self.write()

    def __getstate__(self) -> dict[str, Any]:
        """What a copy or a pickle takes along: the derivation itself, for notes do not travel."""
        return {"query": self.query, "graph": self.graph, "estimand": self.estimand, "derivation": self.derivation}

    @property
    def identifiable(self) -> bool:
        """True."""
        return True

    def __str__(self) -> str:
        return f"identified: {self.estimand}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return self.estimand._repr_latex_()


@dataclass(frozen=True)
class NotIdentifiable:
    """No: two models of the graph agree on everything observed and disagree on the query; `counterexample` builds them.

    Attributes:
        query: What was asked.
        graph: Of which graph.
        hedge: The part of the graph that makes it impossible.
    """

    query: Query
    graph: CausalGraph
    hedge: Hedge

    @property
    def identifiable(self) -> bool:
        """False."""
        return False

    @property
    def estimand(self) -> Estimand:
        """There is none.

        Raises:
            IdentificationError: Always.
        """
        raise IdentificationError(
            f"{self.query} has no estimand: it is not identifiable in {self.graph}, because of {self.hedge}"
        )

    def counterexample(self, seed: int = 0) -> TwoWorlds:
        """Two explicit models of the graph with the same P(V) and different answers to the query."""
        from .two_worlds import two_worlds

        return two_worlds(self.graph, self.query, self.hedge, seed=seed)

    def __str__(self) -> str:
        return f"not identifiable: {self.query}, because of {self.hedge}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<p>{html.escape(str(self))}</p>"

    def plot(self) -> GraphPicture:
        """The graph with the treatments, the outcomes, and the hedge in vermilion."""
        return self.graph.plot(
            treatments=[variable.name for variable in self.query.treatments],
            outcomes=[variable.name for variable in self.query.outcomes],
            marked=self.hedge.outer.nodes,
        )
