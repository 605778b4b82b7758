"""Separation in hundreds of random graphs: networkx's verdicts, by paths, and in mutilated graphs."""

from __future__ import annotations

import networkx
from causal_graphs import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph, d_separated
from agentos_lab.causal.d_separation import separated


def explicit(graph: CausalGraph) -> networkx.DiGraph:
    """The DAG with one latent node for each two-headed edge."""
    dag = networkx.DiGraph(graph.directed)
    dag.add_nodes_from(graph.nodes)
    for a, b in graph.bidirected:
        dag.add_edges_from([(("latent", a, b), a), (("latent", a, b), b)])
    return dag


@st.composite
def questions(draw: st.DrawFn, largest: int = 7):
    """A graph and three sets that do not overlap, the first two not empty."""
    graph = draw(graphs(largest=largest))
    sides = draw(st.lists(st.sampled_from("ab|."), min_size=len(graph) - 2, max_size=len(graph) - 2))
    sets = {side: {node for node, own in zip(graph, ["a", "b", *sides], strict=True) if own == side} for side in "ab|"}
    return graph, sets["a"], sets["b"], sets["|"]


@settings(max_examples=300, deadline=None)
@given(questions())
def test_verdicts_are_those_of_networkx_with_explicit_latents(question):
    graph, a, b, seen = question
    assert d_separated(graph, a, b, seen).holds == networkx.is_d_separator(explicit(graph), a, b, seen)


@settings(max_examples=150, deadline=None)
@given(questions(), st.data())
def test_separation_in_a_mutilated_graph(question, data):
    graph, a, b, seen = question
    cut_in, cut_out = data.draw(st.integers(0, graph.all_mask)), data.draw(st.integers(0, graph.all_mask))
    mutilated = graph.cut_incoming(graph.names(cut_in)).cut_outgoing(graph.names(cut_out))
    masks = graph.mask(a), graph.mask(b), graph.mask(seen)
    assert separated(graph, *masks, cut_in, cut_out) == d_separated(mutilated, a, b, seen).holds


@settings(max_examples=150, deadline=None)
@given(questions(largest=6))
def test_sets_are_separated_when_no_path_is_open(question):
    separation = d_separated(*question)
    assert separation.holds == all(not path.open for path in separation.paths)
    assert separation.holds == (separation.open_path is None)
    if separation.open_path is not None:
        assert separation.paths[0].open and separation.open_path in separation.paths
