"""Latent projection is what its definition says: edges are paths through hidden nodes, and separation stays."""

from __future__ import annotations

from itertools import combinations, permutations

from causal_graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import d_separated, find_paths


@st.composite
def projections(draw: st.DrawFn):
    """A graph and some of its nodes, not all."""
    graph = draw(graphs(smallest=3, largest=6))
    hidden = draw(st.sets(st.sampled_from(graph.nodes), max_size=len(graph) - 2))
    return graph, hidden


@settings(max_examples=200, deadline=None)
@given(projections())
def test_edges_are_the_paths_through_latent_variables(example):
    graph, hidden = example
    observed = [node for node in graph if node not in hidden]
    directed, bidirected = set(), set()
    for a, b in permutations(observed, 2):
        for path in find_paths(graph, a, b):
            inner = all(node in hidden for node in path.nodes[1:-1])
            if inner and not any(reason.kind == "collider" for reason in path.reasons):
                if path.is_causal:
                    directed.add((a, b))
                elif path.edges[0] != "->" and path.edges[-1] != "<-":
                    bidirected.add(frozenset((a, b)))
    projection = graph.latent_projection(hidden)
    assert projection.nodes == tuple(observed)
    assert set(projection.directed) == directed
    assert set(map(frozenset, projection.bidirected)) == bidirected


@settings(max_examples=150, deadline=None)
@given(projections())
def test_what_is_separated_stays_separated_and_nothing_else(example):
    graph, hidden = example
    projection = graph.latent_projection(hidden)
    for a, b in combinations(projection, 2):
        others = [node for node in projection if node not in (a, b)]
        for size in range(len(others) + 1):
            for seen in combinations(others, size):
                assert d_separated(graph, a, b, seen).holds == d_separated(projection, a, b, seen).holds


@settings(max_examples=100, deadline=None)
@given(projections())
def test_one_after_the_other_in_any_order(example):
    graph, hidden = example
    stepwise = graph
    for node in sorted(hidden, reverse=True):
        stepwise = stepwise.latent_projection(node)
    assert stepwise == graph.latent_projection(hidden)
