"""The rules R1 to R10 of FCI: which marks are the same in all ancestral graphs with the same independences.

R1 to R4 put arrowheads; R5 to R7 tails that only selection of the sample can make; R8 to R10 tails of causes. `*` is
any mark. A path is uncovered when no node on it is adjacent to the one after the next, and potentially directed when
no arrowhead points back along it and no tail stands at the far end of an edge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from .bit_graph import bits
from .marked_graph import ARROW, TAIL
from .orientation import Orientation, SeparatingSets

__all__ = ["apply_fci_rules"]

_SOURCE = "Zhang 2008, section 3"


def apply_fci_rules(state: Orientation, separating_sets: SeparatingSets) -> None:
    """Apply the rules until none applies; every mark that is found is a step.

    Args:
        state: The skeleton with its colliders.
        separating_sets: For each pair that is not adjacent (the lower bit first) the test that separated it.

    Source: Zhang 2008, "On the completeness of orientation rules for causal discovery in the presence of latent
    confounders and selection bias", Artificial Intelligence 172, theorems 2 to 4.
    """
    arrowheads = (_rule_1, _rule_2, _rule_3, lambda graph: _rule_4(graph, separating_sets))
    groups: tuple[tuple[Callable[[Orientation], bool], ...], ...] = (
        arrowheads,
        (_rule_5,),
        (_rule_6, _rule_7),
        (_rule_8, _rule_9, _rule_10),
    )
    changed = True
    while changed:
        changed = False
        for group in groups:
            changed |= _exhaust(state, group)


def _exhaust(state: Orientation, rules: tuple[Callable[[Orientation], bool], ...]) -> bool:
    """Apply some rules, all in turn, as long as one of them does anything."""
    before = len(state.steps)
    changed = True
    while changed:
        changed = False
        for rule in rules:
            changed |= rule(state)
    return len(state.steps) > before


def _put(state: Orientation, rule: str, reason: str, *marks: tuple[int, int, str]) -> bool:
    return state.put(marks, f"FCI {rule}", _SOURCE, reason)


def _rule_1(state: Orientation) -> bool:
    """a *-> b o-* c, a and c not adjacent: b -> c, or b would be a collider."""
    changed = False
    for b, name in enumerate(state.nodes):
        for a in bits(state.head_at[b]):
            for c in bits(state.circle_at[b] & ~state.adjacent[a] & ~(1 << a)):
                reason = f"{state.edge(a, b)}, and {name} is no collider between {state.nodes[a]} and {state.nodes[c]}"
                changed |= _put(state, "R1", reason, (b, c, TAIL), (c, b, ARROW))
    return changed


def _rule_2(state: Orientation) -> bool:
    """a -> b *-> c or a *-> b -> c, and a *-o c: a *-> c, or there would be a cycle."""
    changed = False
    for c in range(len(state.nodes)):
        for a in bits(state.circle_at[c]):
            through = state.head_from[a] & state.head_at[c] & (state.tail_at[a] | state.tail_from[c])
            for b in bits(through):
                reason = f"{state.edge(a, b)} and {state.edge(b, c)}: a tail at {state.nodes[c]} would close a cycle"
                changed |= _put(state, "R2", reason, (c, a, ARROW))
                break
    return changed


def _rule_3(state: Orientation) -> bool:
    """a *-> b <-* c, a *-o d o-* c, a and c not adjacent, d *-o b: d *-> b."""
    changed = False
    for b, name in enumerate(state.nodes):
        for d in bits(state.circle_at[b]):
            sides = state.head_at[b] & state.circle_at[d]
            for a in bits(sides):
                if sides & ~state.adjacent[a] & ~(1 << a):
                    reason = f"{state.nodes[d]} <- {name} would make a collider at {state.nodes[d]}, which is none"
                    changed |= _put(state, "R3", reason, (b, d, ARROW))
                    break
    return changed


def _rule_4(state: Orientation, separating_sets: SeparatingSets) -> bool:
    """A discriminating path d … a, b, c for b, and b o-* c: b -> c if b separated d and c, else a <-> b <-> c."""
    changed = False
    for c in range(len(state.nodes)):
        for b in bits(state.circle_from[c]):
            for a in bits(state.parents(c) & state.head_from[b]):
                start = _discriminating_path(state, a, b, c)
                test = None if start is None else separating_sets.get((min(start, c), max(start, c)))
                if start is None or test is None or not state.circle_at[b] >> c & 1:
                    continue
                path = f"on the discriminating path {state.nodes[start]} … {state.nodes[a]}, {state.nodes[b]}, "
                if state.nodes[b] in test.given:
                    reason = f"{path}{state.nodes[c]} the node {state.nodes[b]} is needed to separate"
                    changed |= _put(state, "R4", reason, (b, c, TAIL), (c, b, ARROW))
                else:
                    reason = f"{path}{state.nodes[c]} the node {state.nodes[b]} is a collider"
                    changed |= _put(state, "R4", reason, (b, a, ARROW), (b, c, ARROW), (c, b, ARROW))
    return changed


def _discriminating_path(state: Orientation, a: int, b: int, c: int) -> int | None:
    """The start d of a path d *-> … <-> a <-* b: not adjacent to c, all in between colliders and parents of c."""
    inner = state.parents(c)
    seen, waiting = 1 << a | 1 << b | 1 << c, [a]
    while waiting:
        node = waiting.pop(0)
        for before in bits(state.head_at[node] & ~seen):
            if not state.adjacent[c] >> before & 1:
                return before
            if inner >> before & 1 and state.head_at[before] >> node & 1:  # an arrowhead at both ends
                waiting.append(before)
                seen |= 1 << before
    return None


def _rule_5(state: Orientation) -> bool:
    """a o-o b, and an uncovered circle path a, c, …, d, b with a, d and c, b not adjacent: all its edges have tails."""
    changed = False
    circles = [at & far for at, far in zip(state.circle_at, state.circle_from, strict=True)]
    for a in range(len(state.nodes)):
        for b in bits(circles[a] >> (a + 1) << (a + 1)):
            for c in bits(circles[a] & ~state.adjacent[b] & ~(1 << b)):
                path = next(
                    (
                        path
                        for path in _uncovered(state, [a, c], 1 << b, lambda node: circles[node])
                        if not state.adjacent[a] >> path[-2] & 1
                    ),
                    None,
                )
                if path and state.circle_at[a] >> b & 1:
                    ring = list(zip(path, [*path[1:], a], strict=True))
                    told = " o-o ".join(state.nodes[node] for node in [*path, a])
                    marks = [mark for i, j in ring for mark in ((i, j, TAIL), (j, i, TAIL))]
                    changed |= _put(state, "R5", f"no node of the ring {told} is a collider", *marks)
    return changed


def _rule_6(state: Orientation) -> bool:
    """a - b o-* c: b -* c."""
    changed = False
    for b, name in enumerate(state.nodes):
        for a in bits(state.tail_at[b] & state.tail_from[b]):
            for c in bits(state.circle_at[b]):
                reason = f"{state.edge(a, b)}: nothing points at {name}, a cause of selection"
                changed |= _put(state, "R6", reason, (b, c, TAIL))
    return changed


def _rule_7(state: Orientation) -> bool:
    """a -o b o-* c, a and c not adjacent: b -* c."""
    changed = False
    for b, name in enumerate(state.nodes):
        for a in bits(state.circle_at[b] & state.tail_from[b]):
            for c in bits(state.circle_at[b] & ~state.adjacent[a] & ~(1 << a)):
                reason = f"{state.edge(a, b)}, and {name} is no collider between {state.nodes[a]} and {state.nodes[c]}"
                changed |= _put(state, "R7", reason, (b, c, TAIL))
    return changed


def _half_open(state: Orientation) -> Iterator[tuple[int, int]]:
    """The pairs with a o-> c, as they are at this moment."""
    for c in range(len(state.nodes)):
        for a in bits(state.head_at[c] & state.circle_from[c]):
            yield a, c


def _rule_8(state: Orientation) -> bool:
    """a -> b -> c or a -o b -> c, and a o-> c: a -> c."""
    changed = False
    for a, c in _half_open(state):
        for b in bits(state.tail_at[a] & (state.head_from[a] | state.circle_from[a]) & state.parents(c)):
            reason = f"{state.edge(a, b)} and {state.edge(b, c)}"
            changed |= _put(state, "R8", reason, (a, c, TAIL))
            break
    return changed


def _rule_9(state: Orientation) -> bool:
    """a o-> c, and an uncovered potentially directed path a, b, …, c with b and c not adjacent: a -> c."""
    changed = False
    for a, c in _half_open(state):
        for b in bits(_onward(state, a) & ~state.adjacent[c] & ~(1 << c)):
            path = next(_uncovered(state, [a, b], 1 << c, lambda node: _onward(state, node)), None)
            if path:
                told = ", ".join(state.nodes[node] for node in path)
                reason = f"along {told} no node is a collider: an arrowhead at {state.nodes[a]} would run round to it"
                changed |= _put(state, "R9", reason, (a, c, TAIL))
                break
    return changed


def _rule_10(state: Orientation) -> bool:
    """a o-> c, b -> c <- d, and such paths from a to b and to d whose first nodes differ and are not adjacent."""
    changed = False
    for a, c in _half_open(state):
        causes = state.parents(c) & ~(1 << a)
        firsts = [first for first in bits(_onward(state, a) & ~(1 << c)) if _reaches(state, a, first, causes)]
        for first in firsts:
            apart = next((other for other in firsts if not (state.adjacent[first] | 1 << first) >> other & 1), None)
            if apart is not None:
                reason = (
                    f"{state.nodes[a]} is no collider between {state.nodes[first]} and {state.nodes[apart]}, and from "
                    f"both the way leads on into {state.nodes[c]}"
                )
                changed |= _put(state, "R10", reason, (a, c, TAIL))
                break
    return changed


def _onward(state: Orientation, node: int) -> int:
    """Where a potentially directed path may go on: no arrowhead at `node`, no tail at the other end."""
    return state.adjacent[node] & ~state.head_at[node] & ~state.tail_from[node]


def _reaches(state: Orientation, a: int, first: int, goals: int) -> bool:
    """Whether an uncovered potentially directed path starts a, first and ends in one of the goals."""
    return next(_uncovered(state, [a, first], goals, lambda node: _onward(state, node)), None) is not None


def _uncovered(state: Orientation, path: list[int], goals: int, onward: Callable[[int], int]) -> Iterator[list[int]]:
    """The uncovered paths that begin with `path` (at least two nodes) and end in one of the goals."""
    if goals >> path[-1] & 1:
        yield path
        return
    visited = sum(1 << node for node in path)
    for after in bits(onward(path[-1]) & ~visited & ~state.adjacent[path[-2]]):
        yield from _uncovered(state, [*path, after], goals, onward)
