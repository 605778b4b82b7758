"""Paths between variables, and why each is open or blocked at each of its inner nodes.

On a path ``X <- Z -> Y`` an inner node is a chain (one arrow in, one out), a fork (both out) or a collider (both
in). Seeing a chain's or a fork's middle blocks the path; a collider blocks it unless the collider or one of its
descendants is seen.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise, product
from typing import Literal

from .bit_graph import BitGraph, bits
from .graph import CausalGraph, Names, as_graph

__all__ = ["Path", "Reason", "find_paths", "open_path"]

_HEAD_AT_START, _HEAD_AT_END = ("<-", "<->"), ("->", "<->")


@dataclass(frozen=True)
class Reason:
    """What an inner node does on a path.

    Attributes:
        node: Its name.
        kind: ``"chain"``, ``"fork"`` or ``"collider"``.
        open: Whether it lets the path through.
        observed: The given node that decides: itself, or the descendant of a collider that is given; "" if none.
    """

    node: str
    kind: Literal["chain", "fork", "collider"]
    open: bool
    observed: str = ""

    def __str__(self) -> str:
        does = "opens" if self.open and self.kind == "collider" else "passes" if self.open else "blocks"
        if self.observed and self.observed != self.node:
            return f"{self.node} {does}: a collider whose descendant {self.observed} is given"
        unseen = "neither given nor above a given one" if self.kind == "collider" else "not given"
        return f"{self.node} {does}: a {self.kind}, {'given' if self.observed else unseen}"

    __repr__ = __str__


@dataclass(frozen=True)
class Path:
    """A path: each node once, joined by edges.

    Attributes:
        nodes: From one end to the other.
        edges: ``"->"``, ``"<-"`` or ``"<->"`` between each node and the next.
        reasons: One for each inner node.
    """

    nodes: tuple[str, ...]
    edges: tuple[str, ...]
    reasons: tuple[Reason, ...]

    @property
    def open(self) -> bool:
        """Whether every inner node lets it through."""
        return all(reason.open for reason in self.reasons)

    @property
    def blocked_at(self) -> tuple[str, ...]:
        """The inner nodes that block it."""
        return tuple(reason.node for reason in self.reasons if not reason.open)

    @property
    def is_causal(self) -> bool:
        """Whether all its arrows point away from its first node."""
        return set(self.edges) == {"->"}

    @property
    def route(self) -> str:
        """The path as a text, ``"X <- Z -> Y"``."""
        return self.nodes[0] + "".join(f" {edge} {node}" for edge, node in zip(self.edges, self.nodes[1:], strict=True))

    @property
    def why(self) -> str:
        """What its inner nodes do: those that block it, or all if it is open."""
        telling = [reason for reason in self.reasons if reason.open == self.open]
        return "; ".join(map(str, telling)) or "nothing stands between"

    def __str__(self) -> str:
        return f"{'open' if self.open else 'blocked'}  {self.route}  ({self.why})"

    __repr__ = __str__


def find_paths(graph: CausalGraph | str, a: Names, b: Names, given: Names = ()) -> Iterator[Path]:
    """All paths from `a` to `b`, the shortest first, found one by one as they are asked for.

    There can be exponentially many; each is found in polynomial time. A path ends at the first node of `b`, and
    does not come back to `a`.

    Args:
        graph: The graph.
        a, b, given: Sets of nodes that do not overlap; `given` decides which paths are open.

    Raises:
        ValueError: An unknown name, or one that is in both `a` and `b`.
    """
    graph = as_graph(graph)
    starts, ends, seen = graph.mask(a), graph.mask(b), graph.mask(given)
    if both := starts & ends:
        raise ValueError(f"{', '.join(graph.names(both))} is at both ends: a path joins two different nodes")
    return _all_paths(graph, starts, ends, seen)


def _all_paths(graph: CausalGraph, starts: int, ends: int, given: int) -> Iterator[Path]:
    """`find_paths` on masks."""
    near = [p | c | s for p, c, s in zip(graph.parent_masks, graph.child_masks, graph.sibling_masks, strict=True)]
    bound: int | None = 1
    while bound is not None:  # iterative deepening (Korf 1985): all paths of this length, then of the next there is
        longer: list[int] = []
        for start in bits(starts):
            for nodes in _routes(near, (start,), ends, graph.all_mask & ~starts, bound, longer):
                choices = [_edges(graph, x, y) for x, y in pairwise(nodes)]
                yield from (_path(graph, nodes, edges, given) for edges in product(*choices))
        bound = min(longer, default=None)


def _routes(
    near: list[int], walk: tuple[int, ...], ends: int, free: int, bound: int, longer: list[int]
) -> Iterator[tuple[int, ...]]:
    """The walks without repetition of exactly `bound` edges from `walk` to `ends`; notes the lengths beyond."""
    rest = _distance(near, walk[-1], ends, free)
    if rest is None:
        return  # the end is cut off by the walk itself
    if len(walk) - 1 + rest > bound:
        longer.append(len(walk) - 1 + rest)
        return
    for node in bits(near[walk[-1]] & free):
        if ends >> node & 1:
            if len(walk) == bound:
                yield (*walk, node)
            elif len(walk) > bound:
                longer.append(len(walk))
        else:
            yield from _routes(near, (*walk, node), ends, free & ~(1 << node), bound, longer)


def _distance(near: list[int], start: int, ends: int, free: int) -> int | None:
    """The least number of edges from a node to `ends` by way of free nodes; None when there is no way."""
    found = frontier = 1 << start
    steps = 0
    while frontier:
        if frontier & ends:
            return steps
        around = 0
        for node in bits(frontier):
            around |= near[node]
        frontier = around & free & ~found
        found |= frontier
        steps += 1
    return None


def open_path(graph: CausalGraph, a: int, b: int, given: int) -> Path | None:
    """A shortest open path between two sets, or None when they are separated; sets are masks, and do not overlap.

    A breadth-first search over pairs (node, whether the last edge points at it). A shortest open walk visits no node
    twice: where it did, leaving at the first visit the way it left at the last would be open and shorter.
    """
    above = graph.ancestor_mask(given)
    queue = [(node, False) for node in bits(a)]
    came_from: dict[tuple[int, bool], tuple[tuple[int, bool], str] | None] = dict.fromkeys(queue)
    for state in queue:
        node, by_head = state
        if b >> node & 1:
            return _retraced(graph, came_from, state, given)
        for edge, reached in _steps(graph, node):
            collider = by_head and edge in _HEAD_AT_START
            passes = above >> node & 1 if collider else not given >> node & 1
            for following in bits(reached) if passes else ():
                new = (following, edge in _HEAD_AT_END)
                if new not in came_from:
                    came_from[new] = (state, edge)
                    queue.append(new)
    return None


def _steps(graph: BitGraph, node: int) -> Iterator[tuple[str, int]]:
    """The edges that leave a node by their kind, with the nodes that they lead to."""
    yield "->", graph.child_masks[node]
    yield "<-", graph.parent_masks[node]
    yield "<->", graph.sibling_masks[node]


def _retraced(
    graph: CausalGraph,
    came_from: dict[tuple[int, bool], tuple[tuple[int, bool], str] | None],
    state: tuple[int, bool],
    given: int,
) -> Path:
    """The path that the search took to `state`."""
    nodes, edges = [state[0]], []
    while (step := came_from[state]) is not None:
        state, edge = step
        nodes.append(state[0])
        edges.append(edge)
    return _path(graph, tuple(reversed(nodes)), tuple(reversed(edges)), given)


def _edges(graph: BitGraph, a: int, b: int) -> list[str]:
    """The edges between two nodes, read from the first."""
    return [edge for edge, reached in _steps(graph, a) if reached >> b & 1]


def _path(graph: CausalGraph, nodes: tuple[int, ...], edges: tuple[str, ...], given: int) -> Path:
    """A path with the reason at each inner node."""
    inner = zip(nodes[1:-1], edges, edges[1:], strict=False)
    return Path(
        nodes=tuple(graph.nodes[node] for node in nodes),
        edges=edges,
        reasons=tuple(_reason(graph, node, before, after, given) for node, before, after in inner),
    )


def _reason(graph: CausalGraph, node: int, before: str, after: str, given: int) -> Reason:
    """What a node does between two edges of a path (Pearl 2009, definition 1.2.3)."""
    name, is_given = graph.nodes[node], bool(given >> node & 1)
    head_in, head_out = before in _HEAD_AT_END, after in _HEAD_AT_START
    if head_in and head_out:
        below = graph.descendant_mask(1 << node) & given
        observed = name if is_given else graph.nodes[next(bits(below))] if below else ""
        return Reason(name, "collider", bool(below), observed)
    return Reason(name, "chain" if head_in or head_out else "fork", not is_given, name if is_given else "")
