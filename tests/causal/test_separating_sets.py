"""Separating sets: all minimal ones by trying every subset, one of them by two walks."""

from __future__ import annotations

from itertools import combinations

from causal_graphs import graphs, random_graph
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph
from agentos_lab.causal.bit_graph import bits
from agentos_lab.causal.d_separation import separated
from agentos_lab.causal.separating_sets import minimal_separator, minimal_separators


def subsets(mask):
    single = [1 << node for node in bits(mask)]
    return [sum(chosen) for size in range(len(single) + 1) for chosen in combinations(single, size)]


@settings(max_examples=200, deadline=None)
@given(graphs(smallest=3, largest=6), st.data())
def test_all_minimal_separators_are_found_and_one_at_once(graph, data):
    a, b = 0b01, 0b10
    allowed = data.draw(st.integers(0, graph.all_mask)) & ~(a | b)
    include = data.draw(st.integers(0, graph.all_mask)) & allowed
    separating = [z for z in subsets(allowed) if not include & ~z and separated(graph, a, b, z)]
    minimal = {z for z in separating if not any(other != z and not other & ~z for other in separating)}
    found = list(minimal_separators(graph, a, b, include, allowed))
    assert set(found) == minimal and len(found) == len(minimal)
    one = minimal_separator(graph, a, b, include, allowed)
    assert one in minimal if minimal else one is None


def test_the_separator_is_near_its_first_argument():
    graph = CausalGraph("A -> B -> C -> D -> E")
    first, last = graph.mask("A"), graph.mask("E")
    assert graph.names(minimal_separator(graph, first, last)) == ("B",)
    assert graph.names(minimal_separator(graph, last, first)) == ("D",)


def test_a_large_graph_has_its_separator_at_once():
    graph = random_graph(0, 300, directed=0.02, bidirected=0.01)
    a, b = 1 << graph.order[0], 1 << graph.order[-1]
    found = minimal_separator(graph, a, b)
    assert found is None or separated(graph, a, b, found)
