"""Meek's rules: which edges of a CPDAG have one direction in all DAGs of the class, once its colliders are known.

An edge ``A - B`` is directed where the other direction would make a new collider or a directed cycle.
"""

from __future__ import annotations

from .bit_graph import bits
from .marked_graph import ARROW, TAIL
from .orientation import Orientation

__all__ = ["apply_meek_rules"]

_SOURCE = "Meek 1995, section 2.1.2"


def apply_meek_rules(state: Orientation) -> None:
    """Apply the rules R1 to R4 until none applies; every edge that gets a direction is a step.

    R4 is needed only where some directions come from elsewhere (background knowledge), not from colliders.

    Source: Meek 1995, "Causal inference and causal explanation with background knowledge".
    """
    changed = True
    while changed:
        changed = False
        for a in range(len(state.nodes)):
            for b in bits(state.undirected(a)):
                found = _reason(state, a, b)
                if found and not state.leads_to(b, a):
                    rule, reason = found
                    changed |= state.put([(a, b, TAIL), (b, a, ARROW)], rule, _SOURCE, reason)


def _reason(state: Orientation, a: int, b: int) -> tuple[str, str] | None:
    """The rule that makes ``a - b`` an arrow a -> b, and why; None if none does."""
    names, adjacent = state.nodes, state.adjacent
    for c in bits(state.parents(a) & ~adjacent[b] & ~(1 << b)):
        return "Meek R1", f"{names[b]} -> {names[a]} would make a new collider {names[c]} -> {names[a]} <- {names[b]}"
    for c in bits(state.children(a) & state.parents(b)):
        return "Meek R2", f"{names[b]} -> {names[a]} would close the cycle {names[a]} -> {names[c]} -> {names[b]}"
    between = state.undirected(a) & state.parents(b)
    for c in bits(between):
        for d in bits(between & ~adjacent[c] & ~(1 << c)):
            return "Meek R3", (
                f"with {names[b]} -> {names[a]}, {names[c]} and {names[d]} would both have to point at {names[a]}: "
                "a new collider"
            )
    for d in bits(state.undirected(a)):  # a - d -> c -> b, with c next to a and d not next to b
        for c in bits(state.children(d) & state.parents(b) & adjacent[a]):
            if not adjacent[b] >> d & 1:
                return "Meek R4", (
                    f"{names[b]} -> {names[a]} would make {names[d]} -> {names[a]} by the cycle through {names[c]}, "
                    "and so a new collider"
                )
    return None
