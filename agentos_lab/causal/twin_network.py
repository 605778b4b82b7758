"""Twin networks: the world as it is and the world as it would have been, in one graph.

Each variable gets a copy for the imagined world; a variable and its copy share their noise, and so do variables that a
two-headed edge joins. In the copy the intervention has cut its arrows. Separations in the twin network are
independences between what is and what would have been, such as Y* ⊥⊥ X | Z, which adjustment rests on.

Source: Balke & Pearl 1994; Pearl 2009, section 7.1.4.
"""

from __future__ import annotations

from .graph import CausalGraph, Names, as_graph

__all__ = ["twin_network"]


def twin_network(graph: CausalGraph | str, do: Names) -> CausalGraph:
    """The twin network of a graph for an imagined intervention.

    Args:
        graph: The causal graph.
        do: The variables that are set in the imagined world.

    Returns:
        A graph over the variables, their copies ``"Y*"``, and the noise ``"U(Y)"`` that both depend on. A variable
        that the intervention cannot change is the same in both worlds and has no copy.

    Raises:
        ValueError: An unknown name.
    """
    graph = as_graph(graph)
    changed = set(graph.descendants(do))
    fixed = set(graph.names(graph.mask(do)))

    def copy(name: str) -> str:
        return f"{name}*" if name in changed else name

    arrows = list(graph.directed)
    for name in graph.nodes:
        if name in changed and name not in fixed:
            arrows += [(copy(parent), copy(name)) for parent in graph.parents(name)]
            arrows += [(f"U({name})", name), (f"U({name})", copy(name))]
    for one, other in graph.bidirected:
        confounder = f"U({one}, {other})"
        arrows += [(confounder, name) for name in (one, other)]
        arrows += [(confounder, copy(name)) for name in (one, other) if name in changed and name not in fixed]
    names = [*graph.nodes, *(copy(name) for name in graph.nodes if name in changed)]
    return CausalGraph(directed=arrows, nodes=names)
