"""The FCI algorithm ("fast causal inference"): PC without the assumption that all common causes are observed.

A pair may be separable only by sets that are no neighbours of either, so that a second search goes through the nodes
that a path of colliders and triangles reaches (the possible d-separating sets). The answer is a partial ancestral
graph.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import TYPE_CHECKING, Any

from .bit_graph import bits
from .discovery_result import Discovered, choose_test, discovered_by_tests
from .fci_rules import apply_fci_rules
from .marked_graph import CIRCLE, MarkedGraph
from .orientation import Orientation, orient_colliders
from .pc import check_settings
from .skeleton import TestLog, find_skeleton

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["fci", "possible_d_sep"]

_SOURCE = "Spirtes, Glymour & Scheines 2000, section 6.7"


def fci(
    data: pd.DataFrame | Iterable[str],
    alpha: float = 0.01,
    test: str | Callable[..., Any] = "auto",
    max_condition: int | None = None,
) -> Discovered:
    """Learn a partial ancestral graph (PAG): what is common to all graphs, with unobserved causes, that fit.

    Args:
        data, alpha, test, max_condition: As for `pc`. Without a limit to the condition the second search may be slow
            where there are many variables.

    Returns:
        The PAG: ``A -> B`` A causes B; ``A <-> B`` neither causes the other, they have an unobserved common cause;
        ``A o-> B`` B does not cause A; ``A - B`` both are causes of who came into the sample; a circle may be either.

    Raises:
        ValueError: As for `pc`.

    Source: Spirtes, Meek & Richardson 1995, "Causal inference in the presence of latent variables and selection bias";
    Zhang 2008, "On the completeness of orientation rules for causal discovery …".
    """
    check_settings(alpha, max_condition)
    names, chosen, label = choose_test(data, test)
    start = MarkedGraph.complete(names, CIRCLE)
    state, log = Orientation(start), TestLog(names, chosen, alpha)
    find_skeleton(state, log, max_condition)
    _search_again(state, log, len(names) if max_condition is None else max_condition)
    orient_colliders(state, log.separating_sets, _SOURCE, acyclic=False)
    apply_fci_rules(state, log.separating_sets)
    goal = f"What do all causal graphs over {', '.join(names)} with these independences have in common?"
    return discovered_by_tests(f"FCI ({label}, α = {alpha:g}) on {len(names)} variables", goal, start, state, log)


def possible_d_sep(state: Orientation, start: int) -> int:
    """The nodes that may be needed to separate `start` from others, as a mask (without itself).

    A node belongs to them if a path leads there on which each inner node is a collider, or its two neighbours on the
    path are adjacent.

    Source: Spirtes, Glymour & Scheines 2000, section 6.7.
    """
    found = state.adjacent[start]
    waiting = [(start, node) for node in bits(found)]
    seen = set(waiting)
    while waiting:
        before, node = waiting.pop()
        onward = state.adjacent[node] & ~(1 << before) & ~(1 << start)
        triangle = state.adjacent[before]
        collider = state.head_at[node] if state.head_at[node] >> before & 1 else 0
        for after in bits(onward & (triangle | collider)):
            found |= 1 << after
            if (node, after) not in seen:
                seen.add((node, after))
                waiting.append((node, after))
    return found


def _search_again(state: Orientation, log: TestLog, limit: int) -> None:
    """Part the neighbours that are independent given some of their possible d-separating sets."""
    trial = Orientation(state.graph)
    orient_colliders(trial, log.separating_sets, _SOURCE, acyclic=False)
    reachable = [possible_d_sep(trial, node) for node in range(len(state.nodes))]
    for a, near in enumerate(list(state.adjacent)):
        for b in bits(near >> (a + 1) << (a + 1)):
            found = log.part(a, b, _sets(log, reachable, a, b, limit))
            if found:
                reason = "they are independent given nodes that are no neighbours of either (possible d-sep)"
                state.remove(a, b, str(found), _SOURCE, reason, found)


def _sets(log: TestLog, reachable: list[int], a: int, b: int, limit: int) -> Iterator[tuple[int, ...]]:
    """The sets among what either end may need, the small ones first."""
    choices = [log.strongest_first(node, reachable[node] & ~(1 << other)) for node, other in ((a, b), (b, a))]
    for size in range(1, min(limit, max(map(len, choices))) + 1):
        for others in choices:
            yield from combinations(others, size)
