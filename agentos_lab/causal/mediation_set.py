"""What must be held fixed to tell direct from indirect effects, and when nothing will do.

A set W serves when the treatment changes none of it, when adjusting for it gives the joint effect of treatment and
mediators on the outcome, and also that of the treatment on the mediators. A cause of mediator and outcome that the
treatment changes spoils it: no set serves then.
"""

from __future__ import annotations

from .adjustment import AdjustmentSet, NoAdjustment, adjustment_set, check_adjustment
from .graph import CausalGraph, Names

__all__ = ["choose_mediation_set"]


def choose_mediation_set(
    graph: CausalGraph, treatment: str, mediators: tuple[str, ...], outcome: str, names: Names | None = None
) -> tuple[tuple[str, ...], str]:
    """The set to hold fixed, with a sentence about it.

    Args:
        graph: Over the observed variables.
        treatment, mediators, outcome: Whose effect, through whom, on whom.
        names: A set to check; None finds one.

    Raises:
        ValueError: A mediator that carries nothing; no set serves, or not this one, with the reason.

    Source: Pearl 2001, theorem 2; Imai, Keele & Yamamoto 2010, "Identification, inference and sensitivity analysis for
    causal mediation effects".
    """
    for name in mediators:
        if name in (treatment, outcome):
            raise ValueError(f"{name!r} is the treatment or the outcome and cannot be a mediator")
        if name not in graph.descendants(treatment) or name not in graph.ancestors(outcome):
            raise ValueError(f"{name!r} carries nothing from {treatment} to {outcome} in this graph: it is no mediator")
    if names is not None:
        chosen = graph.names(graph.mask(names))
        if reason := _refusal(graph, treatment, mediators, outcome, chosen):
            raise ValueError(f"adjusting for {', '.join(chosen) or 'nothing'} does not do: {reason}")
        return chosen, f"adjusted for {', '.join(chosen) or 'nothing'} (as asked; the graph agrees)"
    reasons = []
    for candidate in _candidates(graph, treatment, mediators, outcome):
        reason = _refusal(graph, treatment, mediators, outcome, candidate)
        if not reason:
            return candidate, f"adjusted for {', '.join(candidate) or 'nothing'} (chosen by the graph)"
        reasons.append(reason)
    raise ValueError(
        f"natural effects through {', '.join(mediators)} cannot be had by adjustment: {reasons[-1]}. Measure more, or "
        f"take the variables that {treatment} changes into the mediators"
    )


def _candidates(graph: CausalGraph, treatment: str, mediators: tuple[str, ...], outcome: str) -> list[tuple[str, ...]]:
    """Sets to try: none, what the joint effect needs, the same with what the first part needs, all there is."""
    changed = set(graph.descendants(treatment))
    free = [name for name in graph.nodes if name not in changed and name != outcome]
    joint = adjustment_set(graph, [treatment, *mediators], outcome, allowed=free)
    first = adjustment_set(graph, treatment, mediators, allowed=free)
    found: list[set[str]] = [set()]
    if isinstance(joint, AdjustmentSet):
        found.append(set(joint.names))
    if isinstance(joint, AdjustmentSet) and isinstance(first, AdjustmentSet):
        found.append(set(joint.names) | set(first.names))
    found.append(set(free) & set(graph.ancestors([treatment, *mediators, outcome])))
    return [graph.names(graph.mask(names)) for names in found]


def _refusal(
    graph: CausalGraph, treatment: str, mediators: tuple[str, ...], outcome: str, names: tuple[str, ...]
) -> str:
    """Why a set does not serve; empty when it does."""
    changed = [name for name in names if name in graph.descendants(treatment)]
    if changed:
        return f"{changed[0]} is changed by {treatment}"
    for sources, targets in (([treatment, *mediators], [outcome]), ([treatment], list(mediators))):
        verdict = check_adjustment(graph, sources, targets, names)
        if isinstance(verdict, NoAdjustment):
            return verdict.reason
    return ""
