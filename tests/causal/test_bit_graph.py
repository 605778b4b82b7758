"""Sets of nodes as integers: closures agree with the mutilated graph, drawn as a graph of its own."""

from __future__ import annotations

import networkx
import pytest
from causal_graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.bit_graph import bits


def test_bits_lists_the_ones_from_the_lowest():
    assert list(bits(0b1010)) == [1, 3]
    assert list(bits(0)) == []
    assert list(bits(1 << 200)) == [200]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.data())
def test_closures_in_a_mutilated_part_are_those_of_the_mutilated_graph(graph, data):
    within, start, cut_in, cut_out = (data.draw(st.integers(0, graph.all_mask)) for _ in range(4))
    start &= within
    part = networkx.DiGraph()
    part.add_nodes_from(graph.names(within))
    gone_in, gone_out = set(graph.names(cut_in)), set(graph.names(cut_out))
    part.add_edges_from(
        (a, b) for a, b in graph.subgraph(graph.names(within)).directed if b not in gone_in and a not in gone_out
    )
    above = set(graph.names(start)).union(*(networkx.ancestors(part, node) for node in graph.names(start)))
    below = set(graph.names(start)).union(*(networkx.descendants(part, node) for node in graph.names(start)))
    assert set(graph.names(graph.ancestor_mask(start, within, cut_in, cut_out))) == above
    assert set(graph.names(graph.descendant_mask(start, within, cut_in, cut_out))) == below


@settings(max_examples=100, deadline=None)
@given(graphs(), st.data())
def test_districts_are_the_components_of_the_two_headed_edges(graph, data):
    within = data.draw(st.integers(0, graph.all_mask))
    part = networkx.Graph(graph.subgraph(graph.names(within)).bidirected)
    part.add_nodes_from(graph.names(within))
    found = graph.district_masks(within)
    assert {frozenset(graph.names(mask)) for mask in found} == set(map(frozenset, networkx.connected_components(part)))
    assert list(found) == sorted(found, key=lambda mask: mask & -mask)


@given(graphs())
def test_the_order_puts_causes_before_effects(graph):
    place = {node: position for position, node in enumerate(graph.topological_order())}
    assert sorted(place) == sorted(graph.nodes)
    assert all(place[a] < place[b] for a, b in graph.directed)


@pytest.mark.parametrize("size", [1, 80, 200])
def test_a_long_chain_is_walked_from_end_to_end(size):
    graph = CausalGraph(directed=[(f"V{i}", f"V{i + 1}") for i in range(size)])
    assert graph.ancestor_mask(1 << size) == graph.all_mask
    assert graph.order == tuple(range(size + 1))
