"""Separation: the verdicts of networkx where latent variables are explicit, and the paths that explain them."""

from __future__ import annotations

import networkx
import pytest
from causal_graphs import random_graph

from agentos_lab.causal import CausalGraph, d_separated


def explicit(graph: CausalGraph) -> networkx.DiGraph:
    """The DAG with one latent node for each two-headed edge."""
    dag = networkx.DiGraph(graph.directed)
    dag.add_nodes_from(graph.nodes)
    for a, b in graph.bidirected:
        dag.add_edges_from([(("latent", a, b), a), (("latent", a, b), b)])
    return dag


@pytest.mark.parametrize("size", [20, 80])
def test_large_graphs_are_decided_like_networkx(size):
    graph = random_graph(size, size, directed=3 / size, bidirected=1 / size)
    dag = explicit(graph)
    for first in range(0, size - 4, 5):
        a, b, *seen = graph.nodes[first : first + 5]
        assert d_separated(graph, a, b, seen).holds == networkx.is_d_separator(dag, {a}, {b}, set(seen))


def test_the_answer_prints_each_path_with_its_reason():
    graph = CausalGraph("X <- Z -> Y; X -> C <- Y; C -> D")
    assert str(d_separated(graph, "X", "Y", given="Z")).splitlines() == [
        "X ⊥⊥ Y | Z  (separated)",
        "  blocked  X <- Z -> Y  (Z blocks: a fork, given)",
        "  blocked  X -> C <- Y  (C blocks: a collider, neither given nor above a given one)",
    ]
    assert str(d_separated(graph, "X", "Y", given=["Z", "D"])).splitlines() == [
        "X not ⊥⊥ Y | Z, D  (not separated)",
        "  open  X -> C <- Y  (C opens: a collider whose descendant D is given)",
        "  blocked  X <- Z -> Y  (Z blocks: a fork, given)",
    ]
    assert str(d_separated(CausalGraph("X; Y"), "X", "Y")) == "X ⊥⊥ Y  (separated: no path joins them)"


def test_the_answer_shows_itself_as_a_table_and_as_a_picture():
    separation = d_separated(CausalGraph('X <- Z -> "a < b"'), "X", "a < b", given="Z")
    assert repr(separation) == str(separation)
    table = separation._repr_html_()
    assert "X &lt;- Z -&gt; a &lt; b" in table and "Z blocks: a fork, given" in table and table.count("<tr>") == 2
    assert "Z given" in separation.plot().alt


def test_the_answer_is_true_when_separation_holds():
    graph = CausalGraph("X -> Z -> Y")
    assert d_separated(graph, "X", "Y", "Z")
    assert not d_separated(graph, "X", "Y")
    assert d_separated(graph, "X", "Y", "Z") == d_separated(graph, ["X"], {"Y"}, ("Z",))


def test_a_dense_graph_shows_an_open_path_within_the_limit():
    graph = random_graph(3, 30, directed=0.6, bidirected=0.1)
    separation = d_separated(graph, "V1", "V2", ["V3", "V4"], limit=20)
    assert len(separation.paths) == 20
    assert separation.holds or separation.paths[0].open
    assert "… and 12 more" in str(separation)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("X", "Y", ["X"]), "X stands in two"),
        (("X", "X"), "X stands in two"),
        (("X", "Q"), "no node 'Q'"),
    ],
)
def test_bad_input_is_told_what_is_wrong(arguments, message):
    with pytest.raises(ValueError, match=message):
        d_separated(CausalGraph("X -> Y; Z"), *arguments)
