"""Causal paths: the nodes that carry an effect, and the graph without it."""

from __future__ import annotations

import pytest
from causal_graphs import graphs
from hypothesis import given, settings

from agentos_lab.causal import CausalGraph, find_paths
from agentos_lab.causal.back_door import causal_nodes, causal_path, forbidden_nodes, proper_back_door_graph, sides


@settings(max_examples=200, deadline=None)
@given(graphs(smallest=3, largest=6))
def test_the_nodes_on_causal_paths(graph):
    *treatments, outcome = graph.nodes[:3]
    x, y = graph.mask(treatments), graph.mask(outcome)
    causal = [path for path in find_paths(graph, treatments, outcome) if path.is_causal]
    carriers = {node for path in causal for node in path.nodes[1:]}
    assert set(graph.names(causal_nodes(graph, x, y))) == carriers
    assert set(graph.names(forbidden_nodes(graph, x, y))) == set(graph.descendants(carriers))
    cut = set(graph.directed) - set(proper_back_door_graph(graph, x, y).directed)
    assert cut == {path.nodes[:2] for path in causal}
    route = causal_path(graph, x, y)
    assert route in {path.nodes for path in causal} if causal else route is None
    assert route is None or len(route) == min(len(path.nodes) for path in causal)


def test_a_causal_path_avoids_what_it_must():
    graph = CausalGraph("X -> A -> Y; X -> B -> C -> Y")
    x, y = sides(graph, "X", "Y")
    assert causal_path(graph, x, y) == ("X", "A", "Y")
    assert causal_path(graph, x, y, avoid=graph.mask("A")) == ("X", "B", "C", "Y")
    assert causal_path(graph, x, y, avoid=graph.mask(["A", "C"])) is None


def test_treatment_and_outcome_must_be_there_and_differ():
    graph = CausalGraph("X -> Y")
    with pytest.raises(ValueError, match="at least one outcome"):
        sides(graph, "X", ())
    with pytest.raises(ValueError, match="X cannot be treatment and outcome"):
        sides(graph, "X", ["X", "Y"])
