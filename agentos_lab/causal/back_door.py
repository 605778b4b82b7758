"""Causal paths and back doors: which nodes carry the effect of X on Y, and the graph with the effect taken out."""

from __future__ import annotations

from .bit_graph import bits
from .graph import CausalGraph, Names

__all__ = [
    "causal_nodes",
    "causal_path",
    "forbidden_nodes",
    "others",
    "proper_back_door_graph",
    "search_space",
    "sides",
]


def sides(graph: CausalGraph, treatments: Names, outcomes: Names) -> tuple[int, int]:
    """Treatments and outcomes as masks.

    Raises:
        ValueError: An unknown name, none at all, or one that is both.
    """
    x, y = graph.mask(treatments), graph.mask(outcomes)
    if not x or not y:
        raise ValueError(f"at least one {'treatment' if not x else 'outcome'} is needed")
    if x & y:
        raise ValueError(f"{', '.join(graph.names(x & y))} cannot be treatment and outcome at once")
    return x, y


def others(graph: CausalGraph, names: Names, taken: int, cannot: str) -> int:
    """A set of nodes as a mask.

    Args:
        graph: The graph.
        names: The set.
        taken: Treatments and outcomes, which must not be among them.
        cannot: What those cannot be, for the message.

    Raises:
        ValueError: An unknown name, or a treatment or an outcome in the set.
    """
    chosen = graph.mask(names)
    if both := chosen & taken:
        raise ValueError(f"{', '.join(graph.names(both))} is a treatment or an outcome: it cannot be {cannot}")
    return chosen


def search_space(
    graph: CausalGraph, treatments: Names, outcomes: Names, include: Names, allowed: Names | None, cannot: str
) -> tuple[int, int, int, int]:
    """Where sets are looked for: treatments, outcomes, what must and what may be in a set, as masks.

    Raises:
        ValueError: As `sides` and `others`.
    """
    x, y = sides(graph, treatments, outcomes)
    must = others(graph, include, x | y, cannot)
    may = graph.all_mask if allowed is None else graph.mask(allowed) | must
    return x, y, must, may & ~(x | y)


def causal_nodes(graph: CausalGraph, x: int, y: int) -> int:
    """The nodes, treatments excepted, on a directed path from `x` to `y` that meets `x` in its first node only."""
    below = graph.descendant_mask(x, cut_incoming=x) & ~x
    return below & graph.ancestor_mask(y, cut_outgoing=x)


def forbidden_nodes(graph: CausalGraph, x: int, y: int) -> int:
    """What carries the effect, and all that it changes: never to be adjusted for.

    Source: Perković et al. 2018, "Complete graphical characterization and construction of adjustment sets in Markov
    equivalence classes of ancestral graphs".
    """
    return graph.descendant_mask(causal_nodes(graph, x, y))


def proper_back_door_graph(graph: CausalGraph, x: int, y: int) -> CausalGraph:
    """The graph without the first edge of each causal path from `x` to `y`: what still joins them is not causal.

    Source: van der Zander, Liśkiewicz & Textor 2014, "Constructing separators and adjustment sets in ancestral
    graphs".
    """
    carriers = causal_nodes(graph, x, y)
    parents = (mask & ~x if carriers >> node & 1 else mask for node, mask in enumerate(graph.parent_masks))
    return CausalGraph.from_masks(graph.nodes, parents, graph.sibling_masks)


def causal_path(graph: CausalGraph, x: int, y: int, avoid: int = 0) -> tuple[str, ...] | None:
    """The nodes of a shortest directed path from `x` to `y` that avoids some nodes, or None."""
    came_from: dict[int, int | None] = dict.fromkeys(bits(x))
    queue = list(came_from)
    for node in queue:
        if y >> node & 1:
            route: list[str] = []
            step: int | None = node
            while step is not None:
                route.append(graph.nodes[step])
                step = came_from[step]
            return tuple(reversed(route))
        for child in bits(graph.child_masks[node] & ~avoid):
            if child not in came_from:
                came_from[child] = node
                queue.append(child)
    return None
