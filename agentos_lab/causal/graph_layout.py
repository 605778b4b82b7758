"""Where the nodes of a causal graph stand in a picture: causes to the left of their effects, few crossings.

Layers from left to right, as in Sugiyama, Tagawa & Toda 1981: a node stands one layer to the right of its last cause,
a node without causes just before its first effect; within a layer nodes are sorted by the mean height of their
neighbours. The same graph gives the same places.
"""

from __future__ import annotations

from .bit_graph import bits
from .graph import CausalGraph

__all__ = ["layout"]

_SWEEPS = 8  # from left to right and back; small graphs settle in a few


def layout(graph: CausalGraph) -> dict[str, tuple[float, float]]:
    """The place of each node, in units of one layer (x, to the right) and one row (y, down; 0 in the middle)."""
    layers = _layers(graph)
    height = {node: row - (len(layer) - 1) / 2 for layer in layers for row, node in enumerate(layer)}
    for sweep in range(_SWEEPS):
        for layer in layers if sweep % 2 == 0 else reversed(layers):
            wanted = {node: _mean_height(graph, node, height) for node in layer}
            layer.sort(key=wanted.__getitem__)
            height |= {node: row - (len(layer) - 1) / 2 for row, node in enumerate(layer)}
    return {graph.nodes[node]: (float(x), height[node]) for x, layer in enumerate(layers) for node in layer}


def _layers(graph: CausalGraph) -> list[list[int]]:
    """The nodes by layer, from the left."""
    layer: dict[int, int] = {}
    for node in graph.order:
        layer[node] = max((layer[parent] + 1 for parent in bits(graph.parent_masks[node])), default=0)
    for node in graph.order:
        if not graph.parent_masks[node]:
            layer[node] = min((layer[child] - 1 for child in bits(graph.child_masks[node])), default=0)
    return [[node for node in graph.order if layer[node] == each] for each in sorted(set(layer.values()))]


def _mean_height(graph: CausalGraph, node: int, height: dict[int, float]) -> float:
    """Where the neighbours of a node are, on average; where it is itself if it has none."""
    near = graph.parent_masks[node] | graph.child_masks[node] | graph.sibling_masks[node]
    places = [height[other] for other in bits(near)]
    return sum(places) / len(places) if places else height[node]
