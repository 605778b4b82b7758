"""Structural Hamming distance: how many pairs of nodes have another edge in one graph than in the other.

It compares what is drawn, mark by mark. Two graphs that are near may still give very different effects; for that see
`structural_intervention_distance`.
"""

from __future__ import annotations

from dataclasses import dataclass

from .graph import CausalGraph
from .marked_graph import ARROW, TAIL, Edge, MarkedGraph

__all__ = ["StructuralHammingDistance", "as_marked_graph", "structural_hamming_distance"]


@dataclass(frozen=True)
class StructuralHammingDistance:
    """The pairs of nodes in which two graphs differ.

    Attributes:
        extra: Edges that only the first graph has.
        missing: Edges that only the second graph has.
        turned: Pairs that are neighbours in both, with other marks: the edge of the first graph, and of the second.
    """

    extra: tuple[Edge, ...]
    missing: tuple[Edge, ...]
    turned: tuple[tuple[Edge, Edge], ...]

    def __int__(self) -> int:
        return len(self.extra) + len(self.missing) + len(self.turned)

    def __str__(self) -> str:
        turned = [f"{one} instead of {other}" for one, other in self.turned]
        kinds = {"too many": self.extra, "missing": self.missing, "other marks": turned}
        told = [f"  {kind}: {'; '.join(map(str, found))}" for kind, found in kinds.items() if found]
        return "\n".join([f"structural Hamming distance {int(self)}", *told])

    __repr__ = __str__


def structural_hamming_distance(
    found: MarkedGraph | CausalGraph | str, truth: MarkedGraph | CausalGraph | str
) -> StructuralHammingDistance:
    """Compare two graphs over the same nodes, pair by pair.

    A pair counts once, whatever is wrong with it. To judge what an algorithm learnt from data compare it with what data
    can tell: the class of the true DAG (`equivalence_class`), not the DAG.

    Args:
        found, truth: DAGs, CPDAGs or PAGs; the text of a `MarkedGraph` will do. ``int`` of the result is the number.

    Raises:
        ValueError: The graphs have different nodes, or one has two edges between the same two.

    Source: Tsamardinos, Brown & Aliferis 2006, "The max-min hill-climbing Bayesian network structure learning
    algorithm", algorithm 4.
    """
    one, other = as_marked_graph(found), as_marked_graph(truth)
    if apart := set(one.nodes) ^ set(other.nodes):
        raise ValueError(f"the graphs must have the same nodes; only one of them has {', '.join(sorted(apart))}")
    pairs = dict.fromkeys((edge.a, edge.b) for edge in one.edges)
    pairs |= dict.fromkeys((edge.a, edge.b) for edge in other.edges if (edge.b, edge.a) not in pairs)
    both = [(one.edge(a, b), other.edge(a, b)) for a, b in pairs]
    return StructuralHammingDistance(
        extra=tuple(edge for edge, true in both if not true.mark_a),
        missing=tuple(true for edge, true in both if not edge.mark_a),
        turned=tuple((edge, true) for edge, true in both if edge.mark_a and true.mark_a and edge != true),
    )


def as_marked_graph(graph: MarkedGraph | CausalGraph | str) -> MarkedGraph:
    """A graph with marks at its edges' ends: ``->`` and ``<->`` of a causal graph have theirs.

    Raises:
        ValueError: The causal graph has both ``->`` and ``<->`` between two nodes; a text that is no graph.
    """
    if isinstance(graph, MarkedGraph):
        return graph
    if not isinstance(graph, CausalGraph):
        return MarkedGraph(graph)
    edges = [Edge(a, TAIL, ARROW, b) for a, b in graph.directed]
    edges += [Edge(a, ARROW, ARROW, b) for a, b in graph.bidirected]
    return MarkedGraph(edges=edges, nodes=graph.nodes)
