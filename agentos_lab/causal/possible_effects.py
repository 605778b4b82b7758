"""Possible effects (IDA): what a cause may do when only the class of the causal graph is known, not the graph.

In each DAG of the class the effect of X on Y is what remains after adjusting for X's parents. Only these sets matter,
and they can be read off around X: the arrows into X, and any neighbours by ``-`` that could be parents without a new
collider. IDA stands for "intervention calculus when the DAG is absent".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

from .bit_graph import bits
from .data_columns import read_columns
from .effect_comparison import compare_effects
from .effect_estimate import EffectEstimate, Estimated, finished
from .effect_estimation import estimate_effect
from .equivalence_class import check_class
from .graph import CausalGraph
from .marked_graph import MarkedGraph

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["PossibleEffects", "possible_effects", "possible_parents"]


@dataclass(frozen=True)
class PossibleEffects:
    """An effect for each set of parents that the treatment may have.

    Attributes:
        treatment, outcome: Whose effect on whom.
        estimates: For each set of parents the effect after adjusting for it; 0 where the outcome is among them.
    """

    treatment: str
    outcome: str
    estimates: Mapping[tuple[str, ...], EffectEstimate]

    @property
    def bounds(self) -> tuple[float, float]:
        """The least and the greatest of the estimates; that each is an estimate is not counted in."""
        values = [one.value for one in self.estimates.values()]
        return min(values), max(values)

    @property
    def least(self) -> float:
        """The smallest size of the effect in any DAG of the class: a cause with a large one is worth an experiment."""
        return min(abs(one.value) for one in self.estimates.values())

    def __str__(self) -> str:
        low, high = self.bounds
        told = f"effect of {self.treatment} on {self.outcome}: {low:.4f} to {high:.4f}, by the parents it may have"
        return f"{told}\n{compare_effects(self._labelled)}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return compare_effects(self._labelled)._repr_html_()

    def plot(self, ax: Axes | None = None) -> Figure:
        """Each possible effect with its interval."""
        return compare_effects(self._labelled).plot(ax)

    @property
    def _labelled(self) -> dict[str, EffectEstimate]:
        return {f"parents {', '.join(names) or 'none'}": one for names, one in self.estimates.items()}


def possible_effects(
    data: pd.DataFrame, graph: MarkedGraph | str, treatment: str, outcome: str, *, confidence: float = 0.95
) -> PossibleEffects:
    """The effects that linear equations give in the DAGs of a class.

    Args:
        data: One row per unit; each node is a column of numbers.
        graph: The CPDAG, such as ``pc(data).graph`` or ``ges(data).graph``, or its text.
        treatment, outcome: Two of its nodes.
        confidence: Of each interval.

    Returns:
        One estimate for each set of parents: a regression of the outcome on treatment and parents.

    Raises:
        ValueError: A graph that is no CPDAG, an unknown name, treatment = outcome; data as for `estimate_effect`.

    Source: Maathuis, Kalisch & Bühlmann 2009, "Estimating high-dimensional intervention effects from observational
    data", section 3 (the local method; lemma 3.1).
    """
    graph = graph if isinstance(graph, MarkedGraph) else MarkedGraph(graph)
    graph.mask([treatment, outcome])
    if treatment == outcome:
        raise ValueError(f"{treatment!r} cannot be treatment and outcome at once")
    read_columns(data, graph.nodes)
    estimates = {
        parents: _effect(data, treatment, outcome, parents, confidence)
        for parents in possible_parents(graph, treatment)
    }
    return PossibleEffects(treatment, outcome, estimates)


def possible_parents(graph: MarkedGraph, node: str) -> Iterator[tuple[str, ...]]:
    """The sets of parents that a node has in the DAGs of a class, each once, the small ones first.

    Raises:
        ValueError: A circle or an edge ``<->``: the graph is no CPDAG.
    """
    check_class(graph)
    bit = graph.mask(node).bit_length() - 1
    always = graph.parent_masks[bit]
    open_ends = graph.names(graph.undirected_masks[bit])
    for size in range(len(open_ends) + 1):
        for chosen in combinations(open_ends, size):
            if _no_new_collider(graph, graph.mask(chosen), always):
                yield graph.names(graph.mask(chosen) | always)


def _no_new_collider(graph: MarkedGraph, chosen: int, always: int) -> bool:
    """Whether each of the chosen parents is next to all other parents."""
    parents = chosen | always
    return all(not parents & ~graph.adjacent_masks[one] & ~(1 << one) for one in bits(chosen))


def _effect(
    data: pd.DataFrame, treatment: str, outcome: str, parents: tuple[str, ...], confidence: float
) -> EffectEstimate:
    """The effect in the DAGs where the treatment has these parents."""
    if outcome in parents:
        return finished(
            Estimated(0.0, 0.0, f"{outcome} is a cause of {treatment}"), None, confidence, method="none needed",
            estimand=f"0, for {outcome} comes before {treatment}", treatment=treatment, outcome=outcome, n=len(data),
            contrast=f"E[{outcome} | do({treatment}=1)] − E[{outcome} | do({treatment}=0)]",
        )  # fmt: skip
    # All that the class says about this effect: the parents come before both, and are all that does.
    arrows = [(parent, end) for parent in parents for end in (treatment, outcome)]
    graph = CausalGraph(directed=[*arrows, (treatment, outcome)])
    return estimate_effect(data, graph, treatment, outcome, "regression", adjust_for=parents, confidence=confidence)
