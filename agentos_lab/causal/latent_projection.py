"""Latent projection: the graph over the observed variables that says all that a graph with latent ones says.

A directed path through latent variables becomes an arrow, a latent common cause becomes a bidirected edge.
"""

from __future__ import annotations

from .bit_graph import BitGraph, bits

__all__ = ["project"]


def project(graph: BitGraph, latents: int) -> tuple[list[int], list[int]]:
    """Take latent nodes out of a graph, one after the other.

    Removing one node keeps what it passed on: its parents and siblings now reach its children themselves, and its
    children, which it made vary together, become siblings. The order of removal does not matter.

    Args:
        graph: Directed and bidirected edges.
        latents: The nodes to take out, as a mask.

    Returns:
        Parents and siblings of each node, as masks over the same bits (a removed node has none).

    Source: Verma & Pearl 1991, "Equivalence and synthesis of causal models".
    """
    parents, children, siblings = list(graph.parent_masks), list(graph.child_masks), list(graph.sibling_masks)
    for latent in bits(latents):
        gone = ~(1 << latent)
        above, below, beside = parents[latent], children[latent], siblings[latent]
        for child in bits(below):
            others = (below | beside) & ~(1 << child)
            parents[child] = (parents[child] | above) & gone
            siblings[child] |= others
            for other in bits(others):
                siblings[other] |= 1 << child
        for parent in bits(above):
            children[parent] = (children[parent] | below) & gone
        for sibling in bits(beside):
            siblings[sibling] &= gone
        parents[latent] = children[latent] = siblings[latent] = 0
    return parents, siblings
