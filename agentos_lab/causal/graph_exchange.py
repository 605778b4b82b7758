"""Causal graphs for other programs and from them: dagitty's text, Graphviz's DOT, networkx.

Where the other side knows unobserved nodes, they are projected out on the way in (`CausalGraph.latent_projection`).
Colours, positions and weights are not kept.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from .dot_text import is_latent, parse_dot, quoted_in_dot
from .graph import CausalGraph, Names

if TYPE_CHECKING:
    import networkx

__all__ = ["from_dagitty", "from_dot", "from_networkx", "to_dagitty", "to_dot", "to_networkx"]


def from_dagitty(text: str) -> CausalGraph:
    """The graph of a text from dagitty.net or from R's dagitty: ``dag { X <- U -> Y; U [latent] }``.

    Raises:
        ParseError: Not that language, or an edge without a direction; the message points at the character.
        ValueError: A directed cycle.
    """
    edges, latents = parse_dot(text, ("dag", "mag", "admg"))
    return CausalGraph(nodes=edges.nodes, directed=edges.directed, bidirected=edges.bidirected).latent_projection(
        latents
    )


def to_dagitty(graph: CausalGraph, treatments: Names = (), outcomes: Names = ()) -> str:
    """The graph as dagitty reads it.

    Args:
        graph: The graph.
        treatments, outcomes: Nodes to mark as exposure and outcome.
    """
    x, y = graph.names(graph.mask(treatments)), graph.names(graph.mask(outcomes))
    roles = {**dict.fromkeys(y, " [outcome]"), **dict.fromkeys(x, " [exposure]")}
    lines = [f"{quoted_in_dot(name)}{roles.get(name, '')}" for name in graph]
    lines += [f"{quoted_in_dot(a)} -> {quoted_in_dot(b)}" for a, b in graph.directed]
    lines += [f"{quoted_in_dot(a)} <-> {quoted_in_dot(b)}" for a, b in graph.bidirected]
    return "dag {\n" + "".join(f"  {line}\n" for line in lines) + "}"


def from_dot(text: str) -> CausalGraph:
    """The graph of a DOT text; ``dir=both`` is a two-headed edge, ``latent=true`` or ``observed=no`` hides a node.

    Raises:
        ParseError: Not a digraph in DOT, or an edge without a direction; the message points at the character.
        ValueError: A directed cycle.
    """
    edges, latents = parse_dot(text, ("digraph",))
    return CausalGraph(nodes=edges.nodes, directed=edges.directed, bidirected=edges.bidirected).latent_projection(
        latents
    )


def to_dot(graph: CausalGraph) -> str:
    """The graph in DOT, two-headed edges dashed."""
    lines = [quoted_in_dot(name) for name in graph]
    lines += [f"{quoted_in_dot(a)} -> {quoted_in_dot(b)}" for a, b in graph.directed]
    lines += [f"{quoted_in_dot(a)} -> {quoted_in_dot(b)} [dir=both, style=dashed]" for a, b in graph.bidirected]
    return "digraph {\n" + "".join(f"  {line};\n" for line in lines) + "}"


def from_networkx(graph: networkx.DiGraph) -> CausalGraph:
    """The graph of a networkx DiGraph whose nodes are names; nodes with ``latent=True`` are projected out.

    Raises:
        ValueError: An undirected graph, a node that is no text, a directed cycle.
    """
    if not getattr(graph, "is_directed", lambda: False)():
        raise ValueError(f"a networkx.DiGraph is expected, not {type(graph).__name__}: causes have a direction")
    attributes = {name: {key: str(value).lower() for key, value in data.items()} for name, data in graph.nodes.items()}
    latents = [name for name, options in attributes.items() if is_latent(options)]
    return CausalGraph(nodes=list(graph), directed=[(a, b) for a, b, *_ in graph.edges]).latent_projection(latents)


def to_networkx(graph: CausalGraph) -> networkx.DiGraph:
    """The graph as a networkx DiGraph; each two-headed edge becomes a node ``U(X, Y)`` with ``latent=True``."""
    import networkx

    made = networkx.DiGraph()
    made.add_nodes_from(graph.nodes, latent=False)
    made.add_edges_from(graph.directed)
    for a, b in graph.bidirected:
        latent = f"U({a}, {b})"
        while latent in made:
            latent += "'"
        made.add_node(latent, latent=True)
        made.add_edges_from([(latent, a), (latent, b)])
    return made
