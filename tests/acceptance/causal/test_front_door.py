"""The front door: every subset of small random graphs, by its paths."""

from __future__ import annotations

from itertools import combinations

from causal_graphs import graphs
from hypothesis import given, settings

from agentos_lab.causal import (
    check_front_door,
    find_paths,
    front_door_set,
    front_door_sets,
)


def subsets(names):
    names = list(names)
    return [set(chosen) for size in range(len(names) + 1) for chosen in combinations(names, size)]


def holds_by_its_paths(graph, x, y, chosen):
    """Pearl's three conditions word by word, on the listed paths of each single member."""

    def back_doors(start, end, seen):
        return [path for path in find_paths(graph, start, end, seen) if path.edges[0] != "->"]

    intercepted = all(set(path.nodes) & chosen for path in find_paths(graph, x, y) if path.is_causal)
    first = not any(path.open for z in chosen for path in back_doors(x, z, ()))
    # A back-door path from z that leaves another member by an arrow is that member's causal path.
    second = not any(
        path.open
        for z in chosen
        for path in back_doors(z, y, x)
        if not any(
            (edge == "->" and a in chosen) or (edge == "<-" and b in chosen)
            for a, edge, b in zip(path.nodes, path.edges, path.nodes[1:], strict=False)
        )
    )
    return intercepted and first and second


@settings(max_examples=200, deadline=None)
@given(graphs(smallest=2, largest=6))
def test_all_front_door_sets_are_found(graph):
    x, y = graph.nodes[0], graph.nodes[-1]
    expected = {frozenset(z) for z in subsets(set(graph) - {x, y}) if holds_by_its_paths(graph, x, y, z)}
    found = [frozenset(chosen) for chosen in front_door_sets(graph, x, y)]
    assert len(found) == len(set(found)) and set(found) == expected
    for chosen in subsets(set(graph) - {x, y}):
        assert bool(check_front_door(graph, x, y, chosen)) == (chosen in expected)
    one = front_door_set(graph, x, y)
    assert bool(one) == bool(expected)
    assert not one or not any(other < set(one) for other in expected)
