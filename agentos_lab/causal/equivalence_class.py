"""Markov equivalence: DAGs that promise the same independences, which no data can tell apart, and their common graph.

Two DAGs are equivalent when they have the same neighbours and the same colliders between nodes that are not adjacent.
The CPDAG (also: essential graph) of the class has an arrow where all its DAGs agree, else an edge with two tails.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .bit_graph import bits
from .graph import CausalGraph, as_graph
from .marked_graph import ARROW, CIRCLE, TAIL, Edge, MarkedGraph
from .meek_rules import apply_meek_rules
from .orientation import Orientation

__all__ = ["check_class", "cpdag", "equivalence_class", "extension", "members"]


def equivalence_class(graph: CausalGraph | str) -> MarkedGraph:
    """The CPDAG of a DAG.

    Raises:
        ValueError: The graph has two-headed edges.

    Source: Verma & Pearl 1990, theorem 1; Meek 1995, theorem 3.
    """
    graph = as_graph(graph)
    if not graph.is_dag:
        a, b = graph.bidirected[0]
        raise ValueError(f"a CPDAG stands for DAGs, but {a} <-> {b} is a two-headed edge; fci finds such graphs")
    return cpdag(graph.nodes, graph.parent_masks)


def check_class(graph: MarkedGraph) -> None:
    """Make sure that a graph can stand for a class of DAGs: it has arrows and ``-`` alone.

    Raises:
        ValueError: It has a circle or an edge ``<->``, the first of which is named.
    """
    for edge in graph.edges:
        if CIRCLE in edge[1:3] or edge[1:3] == (ARROW, ARROW):
            raise ValueError(
                f"{edge} is no edge of a CPDAG: the graph stands for more than DAGs; pc and ges find CPDAGs"
            )


def cpdag(nodes: tuple[str, ...], parents: Sequence[int]) -> MarkedGraph:
    """`equivalence_class` of a DAG that is given by its parents as masks."""
    adjacent = list(parents)
    for node, mask in enumerate(parents):
        for parent in bits(mask):
            adjacent[parent] |= 1 << node
    none = [0] * len(nodes)
    state = Orientation(MarkedGraph.from_masks(nodes, none, adjacent, none))
    for node, mask in enumerate(parents):
        for parent in bits(mask):
            if mask & ~adjacent[parent] & ~(1 << parent):  # another parent that it is not joined to
                state.put([(node, parent, ARROW)], "collider", "", "")
    apply_meek_rules(state)
    return state.graph


def extension(graph: MarkedGraph) -> list[int] | None:
    """The parents, as masks, of a DAG with the arrows of a graph and no other colliders; None if there is none.

    Source: Dor & Tarsi 1992, "A simple algorithm to construct a consistent extension of a partially oriented graph".
    """
    parents, undirected = list(graph.parent_masks), graph.undirected_masks
    left = graph.all_mask
    while left:
        node = next((node for node in bits(left) if _is_sink(node, left, graph, undirected)), None)
        if node is None:
            return None
        parents[node] |= undirected[node] & left
        left ^= 1 << node
    return parents


def _is_sink(node: int, left: int, graph: MarkedGraph, undirected: Sequence[int]) -> bool:
    """Whether all edges of a node can point at it without a new collider, in the graph on the nodes that are left."""
    if graph.child_masks[node] & left:
        return False
    near = graph.adjacent_masks[node] & left
    return all(not near & ~graph.adjacent_masks[other] & ~(1 << other) for other in bits(undirected[node] & left))


def members(graph: MarkedGraph) -> Iterator[CausalGraph]:
    """All DAGs of the class that a CPDAG stands for, one after the other.

    Meek's rules say what follows from the arrows that are there; then an edge that is still open is given both
    directions in turn, which can both be had.
    """
    state = Orientation(graph)
    apply_meek_rules(state)
    closed = state.graph
    parents = extension(closed)
    if parents is None:
        return
    edge = next(iter(closed.undirected), None)
    if edge is None:
        yield CausalGraph.from_masks(graph.nodes, parents, [0] * len(parents))
        return
    for a, b in (edge, edge[::-1]):
        arrow = Edge(a, TAIL, ARROW, b)
        others = [other for other in closed.edges if {other.a, other.b} != {a, b}]
        yield from members(MarkedGraph(nodes=graph.nodes, edges=[*others, arrow]))
