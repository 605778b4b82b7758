"""Structural intervention distance: for how many effects a wrong graph leads to a wrong adjustment.

Who believes a DAG computes the effect of A on B by adjusting for A's parents in it. The distance counts the ordered
pairs (A, B) for which that is wrong in the true DAG. An arrow too many costs nothing here; one that is turned may cost
the effects on everything behind it.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import permutations

from .adjustment import AdjustmentSet, check_adjustment
from .graph import CausalGraph, as_graph

__all__ = ["StructuralInterventionDistance", "structural_intervention_distance"]

_SHOWN = 6  # pairs that print


@dataclass(frozen=True)
class StructuralInterventionDistance:
    """The effects that a DAG gets wrong.

    Attributes:
        wrong: The pairs (cause, effect).
        pairs: How many pairs there are in all.
    """

    wrong: tuple[tuple[str, str], ...]
    pairs: int

    def __int__(self) -> int:
        return len(self.wrong)

    def __str__(self) -> str:
        told = ", ".join(f"{a} on {b}" for a, b in self.wrong[:_SHOWN]) + (", …" if len(self.wrong) > _SHOWN else "")
        wrong = f"; wrong: {told}" if self.wrong else ""
        return f"structural intervention distance {len(self.wrong)} of {self.pairs} effects{wrong}"

    __repr__ = __str__


def structural_intervention_distance(
    found: CausalGraph | str, truth: CausalGraph | str
) -> StructuralInterventionDistance:
    """Count the effects that adjusting for the parents in one DAG gets wrong in another.

    It is not symmetric: the second graph is the true one. ``int`` of the result is the number.

    Args:
        found: A DAG. For a CPDAG take each of its `dags()`.
        truth: The true DAG.

    Raises:
        ValueError: The graphs have different nodes, or two-headed edges.

    Source: Peters & Bühlmann 2015, "Structural intervention distance for evaluating causal graphs", section 2.
    """
    found, truth = as_graph(found), as_graph(truth)
    if apart := set(found.nodes) ^ set(truth.nodes):
        raise ValueError(f"the graphs must have the same nodes; only one of them has {', '.join(sorted(apart))}")
    for graph in (found, truth):
        if not graph.is_dag:
            a, b = graph.bidirected[0]
            raise ValueError(f"two DAGs are compared, but {a} <-> {b} is a two-headed edge")
    wrong = tuple(pair for pair in permutations(truth.nodes, 2) if not _is_right(found, truth, *pair))
    return StructuralInterventionDistance(wrong, len(truth) * (len(truth) - 1))


def _is_right(found: CausalGraph, truth: CausalGraph, cause: str, effect: str) -> bool:
    """Whether the parents in `found` give the effect in `truth`; an effect on one of them is said to be none."""
    parents = found.parents(cause)
    if effect in parents:
        return effect not in truth.descendants(cause)
    return isinstance(check_adjustment(truth, cause, effect, parents), AdjustmentSet)
