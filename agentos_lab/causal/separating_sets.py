"""Sets that separate two others: a minimal one in linear time, and all minimal ones, one after the other.

Separation in a causal graph is ordinary separation in an undirected one, the augmented graph of the ancestors
(where all that meet in one district are joined). There the minimal separators are the borders between a connected
part that holds `a` and one that holds `b`.
"""

from __future__ import annotations

from collections.abc import Iterator

from .bit_graph import BitGraph, bits
from .d_separation import reach

__all__ = ["augmented_graph", "minimal_separator", "minimal_separators"]


def minimal_separator(graph: BitGraph, a: int, b: int, include: int = 0, allowed: int = -1) -> int | None:
    """A set that separates `a` from `b` and no subset of which does, near `a`; None when there is none.

    Two walks: from `a` to the first allowed nodes on each way, then from `b` to the first of these.

    Args:
        graph: The graph.
        a, b: Sets that do not overlap.
        include: Nodes that must be in the set.
        allowed: Nodes that may be in it; `a` and `b` never are.

    Source: van der Zander & Liśkiewicz 2020, "Finding minimal d-separators in linear time and applications".
    """
    ancestral = graph.ancestor_mask(a | b | include)
    candidates = allowed & ancestral & ~(a | b) | include
    reached, met_from_a = reach(graph, a, candidates, ancestral)
    if reached & b:
        return None
    _, met_from_b = reach(graph, b, met_from_a | include, ancestral)
    return met_from_b | include


def minimal_separators(graph: BitGraph, a: int, b: int, include: int = 0, allowed: int = -1) -> Iterator[int]:
    """All sets that separate `a` from `b` and no subset of which does, found one by one; arguments as above.

    Between two answers lies polynomial time. The search splits the answers by one node of the border at a time:
    those with the node on the side of `a`, and those without.

    Source: Takata 2010, "Space-optimal, backtracking algorithms to list the minimal vertex separators of a graph";
    van der Zander, Liśkiewicz & Textor 2014, "Constructing separators and adjustment sets in ancestral graphs".
    """
    ancestral = graph.ancestor_mask(a | b | include)
    free = ancestral & ~include
    near = augmented_graph(graph, ancestral)
    for node in bits(free & ~(a | b | allowed)):  # what may not be in a set is no border: its neighbours meet in it
        _eliminate(near, node)
        free &= ~(1 << node)
    waiting = [(a, 0)]  # the side of a, and nodes that are not to join it
    while waiting:
        side, refused = waiting.pop()
        closest = _closest_border(near, side, b, free)
        if closest is None or closest[0] & refused:
            continue
        side, border = closest
        choices = border & ~refused
        if not choices:
            yield border | include
            continue
        node = choices & -choices
        waiting.append((side | node, refused))
        waiting.append((side, refused | node))


def augmented_graph(graph: BitGraph, ancestral: int) -> list[int]:
    """Neighbours of each node in the augmented graph of an ancestral set (Richardson 2003)."""
    near = [0] * len(graph.parent_masks)
    for district in graph.district_masks(ancestral):
        meeting = district
        for node in bits(district):
            meeting |= graph.parent_masks[node] & ancestral
        for node in bits(meeting):
            near[node] |= meeting & ~(1 << node)
    return near


def _eliminate(near: list[int], node: int) -> None:
    """Take a node out of an undirected graph and join its neighbours with each other."""
    around = near[node]
    for other in bits(around):
        near[other] = (near[other] | around) & ~(1 << node | 1 << other)
    near[node] = 0


def _closest_border(near: list[int], side: int, b: int, free: int) -> tuple[int, int] | None:
    """The minimal separator that is closest to a connected side, with that side grown up to it; None if b is next."""
    border = _around(near, side, free)
    if (border | side) & b:
        return None
    beyond = _grown(near, b, free & ~border)
    border = _around(near, beyond, free)
    return _grown(near, side, free & ~border), border


def _around(near: list[int], part: int, free: int) -> int:
    """The neighbours of a set."""
    found = 0
    for node in bits(part):
        found |= near[node]
    return found & free & ~part


def _grown(near: list[int], part: int, free: int) -> int:
    """A set with everything that is connected with it by way of free nodes."""
    found = frontier = part
    while frontier:
        low = frontier & -frontier
        new = near[low.bit_length() - 1] & free & ~found
        found |= new
        frontier = (frontier ^ low) | new
    return found
