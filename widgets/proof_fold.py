"""Which steps of a long proof are folded away: lemmas, each with all that serves only to prove it."""

from __future__ import annotations

from collections.abc import Collection, Mapping

__all__ = ["folds", "only_for"]

AT_MOST = 14  # steps in one fold: a fold that hides nearly all would say nothing


def only_for(parents: Mapping[int, Collection[int]], number: int) -> frozenset[int]:
    """The ancestors of a step that serve nothing else: all ways from them to □ lead through it.

    Args:
        parents: The parents of each step, by number; each is smaller than its child.
        number: The step.
    """
    children: dict[int, set[int]] = {}
    for child, above in parents.items():
        for parent in above:
            children.setdefault(parent, set()).add(child)
    inside = {number}
    for earlier in range(number - 1, 0, -1):
        if children.get(earlier) and children[earlier] <= inside:
            inside.add(earlier)
    return frozenset(inside - {number})


def folds(
    parents: Mapping[int, Collection[int]],
    supposed: Collection[int],
    most: int,
    opened: Collection[int] = (),
) -> dict[int, frozenset[int]]:
    """Fold until at most so many steps are left to be drawn, the largest lemmas first.

    Args:
        parents: The parents of each step, by number.
        supposed: The steps that rest on the negated goal; they are folded last.
        most: How many steps may be drawn.
        opened: Steps that the reader has opened; they stay open.

    Returns:
        The steps that stand for others, each with what it hides.
    """
    last, visible = max(parents), len(parents)
    candidates = [(number, only_for(parents, number)) for number in parents if number != last]
    order = sorted(candidates, key=lambda each: (each[0] in supposed, -len(each[1]), each[0]))
    found: dict[int, frozenset[int]] = {}
    for number, hidden in order:
        if visible <= most:
            break
        taken = any(number in other or hidden & (other | {root}) for root, other in found.items())
        if 2 <= len(hidden) <= AT_MOST and number not in opened and not taken and not hidden & set(opened):
            found[number] = hidden
            visible -= len(hidden)
    return found
