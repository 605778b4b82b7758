"""Paths: all of them, in order of length, and what each inner node does."""

from __future__ import annotations

from itertools import islice, pairwise, product

import networkx
import pytest
from causal_graphs import graphs, random_graph
from hypothesis import given, settings

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.paths import find_paths


@settings(max_examples=150, deadline=None)
@given(graphs(largest=6))
def test_all_paths_are_found_the_shortest_first(graph):
    start, *_, end = graph.nodes
    joined = networkx.Graph([*graph.directed, *graph.bidirected])
    joined.add_nodes_from(graph.nodes)
    expected = set()
    for nodes in networkx.all_simple_paths(joined, start, end):
        kinds = [
            [e for e, pairs in (("->", graph.directed), ("<->", graph.bidirected)) if pair in pairs]
            + [e for e, pairs in (("<-", graph.directed), ("<->", graph.bidirected)) if pair[::-1] in pairs]
            for pair in pairwise(nodes)
        ]
        expected |= {(tuple(nodes), edges) for edges in product(*kinds)}
    found = list(find_paths(graph, start, end))
    assert {(path.nodes, path.edges) for path in found} == expected
    assert len(found) == len(expected)
    assert [len(path.nodes) for path in found] == sorted(len(path.nodes) for path in found)


def test_paths_between_sets_neither_come_back_nor_go_through():
    graph = CausalGraph("A -> B -> C -> D; A -> E -> D")
    assert [path.route for path in find_paths(graph, ["A", "B"], ["C", "D"])] == ["B -> C", "A -> E -> D"]


@pytest.mark.parametrize(
    ("text", "seen", "kinds", "is_open"),
    [
        ("X -> M -> Y", "", ["chain"], True),
        ("X <- M <- Y", "M", ["chain"], False),
        ("X <- M -> Y", "", ["fork"], True),
        ("X <- M -> Y", "M", ["fork"], False),
        ("X -> M <- Y", "", ["collider"], False),
        ("X -> M <- Y", "M", ["collider"], True),
        ("X -> M <- Y; M -> D -> E", "E", ["collider"], True),
        ("X <-> M <-> Y", "M", ["collider"], True),
        ("X <-> M -> Y", "", ["chain"], True),
        ("X <-> M -> Y", "M", ["chain"], False),
        ("X <-> M <- N -> Y", "M", ["collider", "fork"], True),
        ("X <-> M <- N -> Y", "M, N", ["collider", "fork"], False),
    ],
)
def test_what_an_inner_node_does(text, seen, kinds, is_open):
    (path,) = find_paths(CausalGraph(text), "X", "Y", [name for name in seen.split(", ") if name])
    assert [reason.kind for reason in path.reasons] == kinds
    assert path.open == is_open
    assert (path.blocked_at == ()) == is_open


def test_a_path_tells_its_route_and_whether_it_is_causal():
    confounded, causal = find_paths(CausalGraph("X -> Z -> Y; X <-> Y"), "X", "Y", given="Z")
    assert str(causal) == "blocked  X -> Z -> Y  (Z blocks: a chain, given)" and causal.is_causal
    assert str(confounded) == "open  X <-> Y  (nothing stands between)" and not confounded.is_causal


def test_the_first_paths_of_very_many_come_at_once():
    graph = random_graph(0, 60, directed=0.5, bidirected=0.2)
    assert len(list(islice(find_paths(graph, "V0", "V1"), 500))) == 500


def test_a_thicket_beside_the_way_is_not_searched():
    thicket = random_graph(1, 40, directed=0.9, bidirected=0.0)
    graph = CausalGraph(directed=[*thicket.directed, ("X", "V0"), ("X", "Z"), ("Z", "Y")])
    assert [path.route for path in find_paths(graph, "X", "Y")] == ["X -> Z -> Y"]


def test_a_path_joins_two_different_nodes_and_a_wrong_question_is_refused_at_once():
    with pytest.raises(ValueError, match="X is at both ends"):
        find_paths(CausalGraph("X -> Y"), "X", ["X", "Y"])
    with pytest.raises(ValueError, match="no node 'Q'"):
        find_paths("X -> Y", "X", "Q")
