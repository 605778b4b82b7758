"""The counterfactual graph: all worlds of a query in one graph, with variables that must be equal made one.

Worlds share their noise. So a variable is the same in two worlds when its causes have the same values in both: because
they are the same variables, or because both are set or observed at the same value. What is left are the variables whose
joint distribution the query really asks about.

Source: Shpitser & Pearl 2008, "Complete identification methods for the causal hierarchy", figure 8 and lemma 24.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from .counterfactual_query import CounterfactualVariable, Event
from .expression import Variable
from .graph import CausalGraph

__all__ = ["CounterfactualGraph", "counterfactual_graph"]

World = tuple[Variable, ...]


@dataclass(frozen=True)
class CounterfactualGraph:
    """The counterfactual graph of some events.

    Attributes:
        graph: Over the variables of all worlds that matter, named as they print, e.g. ``"Y_{X=1}"``. Two copies of one
            variable share their noise and have a two-headed edge.
        variables: The counterfactual variable that each name stands for.
        values: The value that the events give to a name; names without one are summed over.
        settings: For each name what is set among its causes in its world.
    """

    graph: CausalGraph
    variables: Mapping[str, CounterfactualVariable]
    values: Mapping[str, Variable]
    settings: Mapping[str, tuple[Variable, ...]]


def counterfactual_graph(graph: CausalGraph, events: Iterable[Event]) -> CounterfactualGraph | None:
    """Build the counterfactual graph.

    Args:
        graph: The causal graph.
        events: The events of a query, of all worlds.

    Returns:
        The graph, or None when the events contradict each other: their probability is 0.
    """
    wanted = list(events)
    worlds: list[World] = sorted({event.variable.do for event in wanted}, key=lambda do: (len(do), str(do)))
    known = {(event.variable.name, event.variable.do): event.value for event in wanted}
    same: dict[tuple[str, World], tuple[str, World]] = {}  # each variable in each world -> the one that stands for it
    values: dict[tuple[str, World], Variable] = {}
    for name in graph.topological_order():
        for place, world in enumerate(worlds):
            if any(variable.name == name for variable in world):
                continue
            here = (name, world)
            same[here] = next(
                (same[name, other] for other in worlds[:place]
                 if (name, other) in same and _same_causes(graph, name, world, other, same, values)),
                here,
            )  # fmt: skip
            if here in known:
                value = values.setdefault(same[here], known[here])
                if value != known[here] and value.value is not None and known[here].value is not None:
                    return None
    return _drawn(graph, {same[event.variable.name, event.variable.do] for event in wanted}, same, values)


def _same_causes(
    graph: CausalGraph, name: str, world: World, other: World,
    same: Mapping[tuple[str, World], tuple[str, World]], values: Mapping[tuple[str, World], Variable],
) -> bool:  # fmt: skip
    """Whether each cause of a variable has the same value in two worlds."""
    for cause in graph.parents(name):
        one, another = (same.get((cause, place)) for place in (world, other))
        if one is not None and one == another:
            continue
        sides = [
            _set_to(cause, place) if node is None else values.get(node)
            for node, place in ((one, world), (another, other))
        ]
        if sides[0] is None or sides[0] != sides[1]:
            return False
    return True


def _set_to(name: str, world: World) -> Variable | None:
    return next((variable for variable in world if variable.name == name), None)


def _drawn(
    graph: CausalGraph, roots: set[tuple[str, World]], same: Mapping[tuple[str, World], tuple[str, World]],
    values: Mapping[tuple[str, World], Variable],
) -> CounterfactualGraph:  # fmt: skip
    """The graph over what the events descend from."""
    arrows: list[tuple[str, str]] = []
    nodes: dict[tuple[str, World], str] = {}
    settings: dict[str, tuple[Variable, ...]] = {}
    waiting = sorted(roots, key=str)
    while waiting:
        node = waiting.pop()
        if node in nodes:
            continue
        name, world = node
        nodes[node] = str(CounterfactualVariable(name, world))
        fixed = []
        for cause in graph.parents(name):
            # Where one merged world sets a cause and another observes it at that value, the observed one counts.
            merged = [place for (copy, place), chief in same.items() if chief == node and copy == name]
            causes = [same[cause, place] for place in merged if (cause, place) in same]
            if causes:
                arrows.append((str(CounterfactualVariable(*causes[0])), nodes[node]))
                waiting.append(causes[0])
            else:
                value = _set_to(cause, world)
                assert value is not None
                fixed.append(value)
        settings[nodes[node]] = tuple(fixed)
    order = {name: place for place, name in enumerate(graph.topological_order())}
    ordered = sorted(nodes, key=lambda node: (order[node[0]], str(node[1])))
    drawn = CausalGraph(directed=arrows, bidirected=_two_headed(graph, nodes), nodes=[nodes[node] for node in ordered])
    return CounterfactualGraph(
        drawn,
        {text: CounterfactualVariable(*node) for node, text in nodes.items()},
        {text: values[node] for node, text in nodes.items() if node in values},
        settings,
    )


def _two_headed(graph: CausalGraph, nodes: Mapping[tuple[str, World], str]) -> list[tuple[str, str]]:
    """Copies of one variable share their noise; copies of two that a two-headed edge joins, their hidden cause."""
    return [
        (text, other_text)
        for (node, text), (other, other_text) in combinations(nodes.items(), 2)
        if node[0] == other[0] or other[0] in graph.siblings(node[0])
    ]
