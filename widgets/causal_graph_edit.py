"""Editing a causal graph: what a reader's gesture makes of it, or the reason why it cannot be done."""

from __future__ import annotations

from itertools import count
from string import ascii_uppercase

from agentos_lab.causal import CausalGraph

__all__ = ["connected", "disconnected", "new_name", "renamed", "with_node", "without_node"]


def with_node(graph: CausalGraph, name: str) -> CausalGraph:
    """The graph with one more node.

    Raises:
        ValueError: It has one of this name, or the name is empty.
    """
    _check_new(graph, name)
    return CausalGraph(directed=graph.directed, bidirected=graph.bidirected, nodes=[*graph.nodes, name])


def without_node(graph: CausalGraph, name: str) -> CausalGraph:
    """The graph without a node and its edges."""
    graph.mask(name)  # tells an unknown name
    return graph.subgraph([node for node in graph.nodes if node != name])


def renamed(graph: CausalGraph, old: str, new: str) -> CausalGraph:
    """The graph with another name for one of its nodes.

    Raises:
        ValueError: The new name is empty or taken.
    """
    graph.mask(old)
    if new == old:
        return graph
    _check_new(graph, new)

    def name(node: str) -> str:
        return new if node == old else node

    return CausalGraph(
        directed=[(name(a), name(b)) for a, b in graph.directed],
        bidirected=[(name(a), name(b)) for a, b in graph.bidirected],
        nodes=[name(node) for node in graph.nodes],
    )


def connected(graph: CausalGraph, a: str, kind: str, b: str) -> CausalGraph:
    """The graph with one more edge; an arrow against one that is there turns that round.

    Args:
        graph: The graph.
        a, b: Its ends.
        kind: ``"->"`` or ``"<->"``.

    Raises:
        ValueError: It would join a node to itself, or close a directed cycle, which the message names.
    """
    graph.mask([a, b])
    if a == b:
        raise ValueError(f"An edge from {a} to itself says nothing: a cause comes before its effect.")
    if kind == "<->":
        return CausalGraph(directed=graph.directed, bidirected=[*graph.bidirected, (a, b)], nodes=graph.nodes)
    kept = [edge for edge in graph.directed if edge != (b, a)]
    bare = CausalGraph(directed=kept, bidirected=graph.bidirected, nodes=graph.nodes)
    if a in bare.descendants(b):
        way = " → ".join([a, *_way(bare, b, a)])
        raise ValueError(f"{a} → {b} would close the cycle {way}: nothing can be its own cause.")
    return CausalGraph(directed=[*kept, (a, b)], bidirected=graph.bidirected, nodes=graph.nodes)


def disconnected(graph: CausalGraph, a: str, kind: str, b: str) -> CausalGraph:
    """The graph without an edge."""
    gone = {(a, b)} if kind == "->" else {(a, b), (b, a)}
    arrows = [edge for edge in graph.directed if kind != "->" or edge not in gone]
    twoheaded = [edge for edge in graph.bidirected if kind != "<->" or edge not in gone]
    return CausalGraph(directed=arrows, bidirected=twoheaded, nodes=graph.nodes)


def new_name(graph: CausalGraph) -> str:
    """A letter that is no node yet: X and Y first, which most questions are about."""
    letters = "XY" + ascii_uppercase.replace("X", "").replace("Y", "").replace("U", "") + "U"
    rounds = (f"{letter}{number or ''}" for number in count() for letter in letters)
    return next(name for name in rounds if name not in graph)


def _way(graph: CausalGraph, start: str, end: str) -> list[str]:
    """A shortest directed way; there must be one."""
    came_from = {start: ""}
    waiting = [start]
    for node in waiting:  # grows while it is read: breadth first
        for child in graph.children(node):
            if child not in came_from:
                came_from[child] = node
                waiting.append(child)
    way = [end]
    while came_from[way[0]]:
        way.insert(0, came_from[way[0]])
    return way


def _check_new(graph: CausalGraph, name: str) -> None:
    if not name.strip():
        raise ValueError("A node needs a name of at least one character.")
    if name in graph:
        raise ValueError(f"There is a node {name} already.")
