"""The layout: causes stand to the left of their effects, nobody stands on somebody else."""

from __future__ import annotations

from itertools import combinations

from causal_graphs import graphs
from hypothesis import given

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.graph_layout import layout


@given(graphs(largest=7))
def test_causes_stand_to_the_left_and_nobody_stands_on_another(graph):
    places = layout(graph)
    assert set(places) == set(graph)
    assert all(places[a][0] < places[b][0] for a, b in graph.directed)
    assert all(max(abs(a[0] - b[0]), abs(a[1] - b[1])) >= 1 for a, b in combinations(places.values(), 2))


def test_neighbours_stand_at_the_same_height():
    places = layout(CausalGraph(nodes=["B", "A"], directed=[("A", "C"), ("B", "D")]))
    assert places["A"][1] == places["C"][1] and places["B"][1] == places["D"][1]


def test_a_cause_without_causes_stands_beside_its_effect():
    places = layout(CausalGraph("A -> B -> C -> D; E -> D"))
    assert places["E"][0] == places["C"][0]
