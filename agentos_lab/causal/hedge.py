"""Hedges: the shape in a graph that makes an effect impossible to compute from observations.

A hedge for P(y | do(x)) is a pair of sets F ⊃ F' (Shpitser & Pearl 2006, definitions 5 and 6). In each, the
two-headed edges join all nodes, and arrows lead every node to the same roots R, from where the outcome is reached past
the treatment. F holds a treatment and F' none. Through the unobserved causes a model can then pass a message around F
that P(V) does not show, and that setting the treatment reveals (theorem 4). A single bow X -> Y with X <-> Y is the
smallest one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

from .bit_graph import bits
from .graph import CausalGraph

__all__ = ["Hedge", "minimal_hedge"]


@dataclass(frozen=True)
class Hedge:
    """A pair of C-forests F ⊃ F' with the same roots. Without any one of its nodes or edges it is no hedge any more.

    Attributes:
        outer: F as a graph: it holds at least one treatment.
        inner: F' as a graph: it holds none.
        roots: The nodes R that all arrows of F and F' lead to.
        treatments: The treatments in F.
        outcomes: The outcomes of the effect that it hedges.
    """

    outer: CausalGraph
    inner: CausalGraph
    roots: tuple[str, ...]
    treatments: tuple[str, ...]
    outcomes: tuple[str, ...]

    def __str__(self) -> str:
        return (
            f"the hedge F = {{{', '.join(self.outer.nodes)}}} around F' = {{{', '.join(self.inner.nodes)}}} "
            f"({self.outer})"
        )

    __repr__ = __str__


def minimal_hedge(
    graph: CausalGraph, outcomes: int, treatments: int, within: int | None = None, touching: int = -1
) -> Hedge:
    """A hedge for P(outcomes | do(treatments)) that has nothing to spare.

    Args:
        graph: The causal graph.
        outcomes, treatments: Masks of nodes.
        within: Look among these nodes only (a mask); default all of them.
        touching: F' is to hold one of these nodes (a mask); default any.

    Raises:
        ValueError: There is no hedge: the effect is identifiable.
    """
    reaching = graph.ancestor_mask(outcomes, cut_incoming=treatments)  # from here the outcome is reached past X
    search = _HedgeSearch(graph, reaching, treatments, touching)
    outer = graph.all_mask if within is None else within
    if not search.inner_of(outer):
        raise ValueError("there is no hedge here: the effect is identifiable")
    # Whatever holds a smaller set holds its hedges too, so that dropping nodes one by one ends in a minimal set.
    for node in bits(outer):
        if search.inner_of(outer & ~(1 << node)):
            outer &= ~(1 << node)
    inner = search.inner_of(outer)
    for node in bits(inner):
        smaller = inner & ~(1 << node)
        if smaller & touching and len(graph.district_masks(smaller)) == 1 and search.outer_of(smaller, outer) == outer:
            inner = smaller
    return _drawn(graph, outer, inner, treatments, outcomes)


class _HedgeSearch:
    """Which sets of nodes hold a hedge, for one graph and query."""

    def __init__(self, graph: CausalGraph, reaching: int, treatments: int, touching: int) -> None:
        self.graph, self.reaching, self.treatments, self.touching = graph, reaching, treatments, touching

    def outer_of(self, inner: int, nodes: int) -> int:
        """The largest F among `nodes` around F' = `inner`: joined to it by two-headed edges, led to it by arrows."""
        while True:
            district = next(found for found in self.graph.district_masks(nodes) if found & inner)
            led = self.graph.ancestor_mask(inner, within=district)
            if led == nodes:
                return nodes
            nodes = led

    def inner_of(self, nodes: int) -> int:
        """An F' whose F among `nodes` holds a treatment; 0 when there is none, and so no hedge among these nodes."""
        for inner in self.graph.district_masks(nodes & self.reaching & ~self.treatments):
            if inner & self.touching and self.outer_of(inner, nodes) & self.treatments:
                return inner
        return 0


def _drawn(graph: CausalGraph, outer: int, inner: int, treatments: int, outcomes: int) -> Hedge:
    """The hedge with just the edges it needs: one arrow from each node but the roots, a tree of two-headed edges."""
    arrows = _arrows_towards(graph, inner, outer)  # F' needs none: all its nodes are roots
    inner_tree = _joining_tree(graph, inner & -inner, inner)
    outer_tree = inner_tree + _joining_tree(graph, inner, outer)
    return Hedge(
        CausalGraph(directed=arrows, bidirected=outer_tree, nodes=graph.names(outer)),
        CausalGraph(bidirected=inner_tree, nodes=graph.names(inner)),
        graph.names(inner),
        graph.names(treatments & outer),
        graph.names(outcomes),
    )


def _arrows_towards(graph: CausalGraph, roots: int, nodes: int) -> list[tuple[str, str]]:
    """For each of the nodes outside the roots, the first arrow of a shortest way to them."""
    arrows, placed, waiting = [], roots, deque(bits(roots))
    while waiting:
        child = waiting.popleft()
        for parent in bits(graph.parent_masks[child] & nodes & ~placed):
            arrows.append((graph.nodes[parent], graph.nodes[child]))
            placed |= 1 << parent
            waiting.append(parent)
    return arrows


def _joining_tree(graph: CausalGraph, joined: int, nodes: int) -> list[tuple[str, str]]:
    """Two-headed edges, as few as possible, that join the other nodes to those that are joined already."""
    edges, waiting = [], deque(bits(joined))
    while waiting:
        member = waiting.popleft()
        for other in bits(graph.sibling_masks[member] & nodes & ~joined):
            edges.append((graph.nodes[member], graph.nodes[other]))
            joined |= 1 << other
            waiting.append(other)
    return edges
