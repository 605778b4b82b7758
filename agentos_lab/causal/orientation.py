"""Orientation: a graph whose marks are being found out, and the record of every move.

The rules of Meek (`meek_rules`) and of FCI (`fci_rules`) call `Orientation.put`; what they did is a list of steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from agentos_lab.results import Step

from .bit_graph import bits
from .independence_tests import Independence
from .marked_graph import ARROW, CIRCLE, TAIL, Edge, MarkedGraph

__all__ = ["DiscoveryStep", "Orientation", "SeparatingSets", "orient_colliders"]

# For a pair of nodes (the lower bit first) the test that found them independent.
SeparatingSets = Mapping[tuple[int, int], Independence]


@dataclass(frozen=True)
class DiscoveryStep(Step):
    """One move: an edge goes, comes, or gets a mark. `before` and `after` are an `Edge` (without marks: no edge).

    Attributes:
        reason: Why, in one sentence.
        test: The test that the move rests on; None where it rests on others.
    """

    reason: str = ""
    test: Independence | None = None


class Orientation:
    """A graph under construction; every change is recorded.

    Attributes:
        nodes: The names; bit i of a mask is ``nodes[i]``.
        adjacent: For each node its neighbours, a mask.
        head_at, tail_at, circle_at: For each node the neighbours whose edge has that mark *at the node*.
        head_from, tail_from, circle_from: For each node the neighbours whose edge has that mark *at the neighbour*.
        steps: The moves so far.
    """

    def __init__(self, graph: MarkedGraph) -> None:
        self.nodes = graph.nodes
        self.adjacent = list(graph.adjacent_masks)
        self.head_at, self.head_from = list(graph.head_masks), _turned(graph.head_masks)
        self.tail_at, self.tail_from = list(graph.tail_masks), _turned(graph.tail_masks)
        self.circle_at, self.circle_from = list(graph.circle_masks), _turned(graph.circle_masks)
        self._by_mark = {
            ARROW: (self.head_at, self.head_from),
            TAIL: (self.tail_at, self.tail_from),
            CIRCLE: (self.circle_at, self.circle_from),
        }
        self.steps: list[DiscoveryStep] = []

    @property
    def graph(self) -> MarkedGraph:
        """The graph as it is now."""
        return MarkedGraph.from_masks(self.nodes, self.head_at, self.tail_at, self.circle_at)

    def parents(self, node: int) -> int:
        """The nodes with an arrow ``-> node``."""
        return self.head_at[node] & self.tail_from[node]

    def children(self, node: int) -> int:
        """The nodes with an arrow from `node`."""
        return self.tail_at[node] & self.head_from[node]

    def undirected(self, node: int) -> int:
        """The nodes joined to `node` by an edge with two tails."""
        return self.tail_at[node] & self.tail_from[node]

    def edge(self, a: int, b: int) -> Edge:
        """The edge between two nodes as it is now."""
        return Edge(self.nodes[a], self.mark(a, b), self.mark(b, a), self.nodes[b])

    def mark(self, node: int, other: int) -> str:
        """The mark at `node` of its edge with `other`; "" if there is none."""
        return next((kind for kind, (at, _) in self._by_mark.items() if at[node] >> other & 1), "")

    def remove(self, a: int, b: int, rule: str, source: str, reason: str, test: Independence | None = None) -> None:
        """Take an edge away."""
        before = self.edge(a, b)
        for at, far in self._by_mark.values():
            for node, other in ((a, b), (b, a)):
                at[node] &= ~(1 << other)
                far[node] &= ~(1 << other)
        self.adjacent[a] &= ~(1 << b)
        self.adjacent[b] &= ~(1 << a)
        self.steps.append(DiscoveryStep(rule, source, before, self.edge(a, b), reason, test))

    def put(
        self,
        marks: Iterable[tuple[int, int, str]],
        rule: str,
        source: str,
        reason: str,
        test: Independence | None = None,
    ) -> bool:
        """Put marks at the ends of edges, and record a step for each edge that is not as it was.

        Args:
            marks: Triples (node, other, mark): the mark at `node` of its edge with `other`.
            rule, source, reason, test: What the steps say.

        Returns:
            Whether anything has changed.
        """
        wanted = list(marks)
        pairs = dict.fromkeys((min(node, other), max(node, other)) for node, other, _ in wanted)
        before = {pair: self.edge(*pair) for pair in pairs}
        for node, other, mark in wanted:
            for kind, (at, far) in self._by_mark.items():
                if kind == mark:
                    at[node] |= 1 << other
                    far[other] |= 1 << node
                else:
                    at[node] &= ~(1 << other)
                    far[other] &= ~(1 << node)
        changed = [(old, self.edge(*pair)) for pair, old in before.items()]
        new = [DiscoveryStep(rule, source, old, now, reason, test) for old, now in changed if old != now]
        self.steps += new
        return bool(new)

    def reset(self) -> None:
        """Make all marks circles again, without a step for each."""
        for node in range(len(self.nodes)):
            self.head_at[node] = self.head_from[node] = self.tail_at[node] = self.tail_from[node] = 0
            self.circle_at[node] = self.circle_from[node] = self.adjacent[node]

    def leads_to(self, start: int, end: int) -> bool:
        """Whether a path of arrows goes from one node to another."""
        found = frontier = 1 << start
        while frontier and not found >> end & 1:
            low = frontier & -frontier
            new = self.children(low.bit_length() - 1) & ~found
            found |= new
            frontier = (frontier ^ low) | new
        return bool(found >> end & 1)


def orient_colliders(state: Orientation, separating_sets: SeparatingSets, source: str, *, acyclic: bool) -> None:
    """Orient a *-* c *-* b as a *-> c <-* b where c is not in the set that separates a and b.

    The colliders whose separation is the surest (the largest p-value) come first.

    Args:
        state: The skeleton.
        separating_sets: What separated the pairs that are not adjacent.
        source: Where the method is described.
        acyclic: Whether <-> and directed cycles must not arise (no unobserved causes). A collider that would make one
            contradicts a surer one; it is recorded and left out.
    """
    certain_first = sorted(separating_sets.items(), key=lambda found: -found[1].p_value)
    index = {name: place for place, name in enumerate(state.nodes)}
    for (a, b), test in certain_first:
        given = sum(1 << index[name] for name in test.given)
        for middle in bits(state.adjacent[a] & state.adjacent[b] & ~given):
            name = state.nodes[middle]
            reason = f"{test.statement}, and {name} was not needed to separate them: as a cause of either it would be"
            against = [end for end in (a, b) if state.head_at[end] >> middle & 1 or state.leads_to(middle, end)]
            if acyclic and against:
                reason = f"{name} would be a collider, but surer tests say that it causes {state.nodes[against[0]]}"
                edge = state.edge(against[0], middle)
                state.steps.append(DiscoveryStep("conflict: collider left out", source, edge, edge, reason, test))
            else:
                state.put([(middle, a, ARROW), (middle, b, ARROW)], "collider", source, reason, test)


def _turned(masks: Iterable[int]) -> list[int]:
    """The masks read from the other end: for each node those that have it."""
    given = list(masks)
    found = [0] * len(given)
    for node, mask in enumerate(given):
        for other in bits(mask):
            found[other] |= 1 << node
    return found
