"""Exchange: what other programs write is read, and what is written comes back as the same graph."""

from __future__ import annotations

import networkx
import pytest
from causal_graphs import graphs
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph
from agentos_lab.errors import ParseError


@given(graphs())
def test_a_graph_comes_back_from_every_format(graph):
    assert CausalGraph.from_dagitty(graph.to_dagitty()) == graph
    assert CausalGraph.from_dot(graph.to_dot()) == graph
    assert CausalGraph.from_networkx(graph.to_networkx()) == graph
    assert CausalGraph.from_dagitty(graph.to_dagitty()).nodes == graph.nodes


@given(st.lists(st.text(min_size=1), min_size=2, max_size=4, unique=True))
def test_any_name_comes_back(names):
    graph = CausalGraph(directed=[names[:2]], bidirected=[names[-2:]], nodes=names)
    assert CausalGraph.from_dagitty(graph.to_dagitty()) == graph
    assert CausalGraph.from_dot(graph.to_dot()) == graph
    assert CausalGraph.from_networkx(graph.to_networkx()) == graph


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("dag { X -> Y }", "X -> Y"),
        ("dag{X->Y X<->Y}", "X -> Y; X <-> Y"),
        ("dag { U [latent]; X <- U -> Y; X -> Y }", "X -> Y; X <-> Y"),
        ('dag {\nbb="-2,-2,2,2"\nX [exposure,pos="-1.2,0.3"]\nY [outcome,pos="1,0"]\nX -> Y [beta=0.3]\n}', "X -> Y"),
        ("dag { X -> {A B} -> Y ; Z }", "X -> A -> Y; X -> B -> Y; Z"),
        ('dag "my graph" { "blood pressure" -> Y // a note\n /* more */ }', '"blood pressure" -> Y'),
        ("mag { A <-> B }", "A <-> B"),
    ],
)
def test_what_dagitty_writes(text, graph):
    assert CausalGraph.from_dagitty(text) == CausalGraph(graph)


@pytest.mark.parametrize(
    ("text", "graph"),
    [
        ("digraph { X -> Z -> Y; X -> Y [dir=both]; }", "X -> Z -> Y; X <-> Y"),
        ("strict digraph G { X -> Y [dir=back] }", "Y -> X"),
        ('digraph { U [label="Unobserved", observed="no"]; U -> X; U -> Y; X -> Y; }', "X -> Y; X <-> Y"),
        ("digraph { U [latent=true] U -> {X Y} }", "X <-> Y"),
        ("digraph { graph [rankdir=LR]; node [shape=box] edge [color=red]; rankdir=LR; A:n -> B:s:w }", "A -> B"),
        ("digraph { subgraph cluster { A -> B } -> C }", "A -> B -> C; A -> C"),
        ("digraph { U [latent=false] U -> X; 1 -> 2.5 }", 'U -> X; "1" -> "2.5"'),
        (
            "digraph { A -> B; edge [dir=both]; B -> C; { edge [dir=back] C -> D } E -> F [dir=forward] }",
            "A -> B; B <-> C; D -> C; E -> F",
        ),
        ("digraph { { node [latent=true] U V [latent=false] } U -> {X Y} V -> X }", "V -> X; X <-> Y"),
    ],
)
def test_what_graphviz_and_others_write(text, graph):
    assert CausalGraph.from_dot(text) == CausalGraph(graph)


def test_the_roles_go_to_dagitty():
    text = CausalGraph("X -> Y; X <-> Y; W").to_dagitty(treatments="X", outcomes="Y")
    assert text == "dag {\n  X [exposure]\n  Y [outcome]\n  W\n  X -> Y\n  X <-> Y\n}"


def test_networkx_gets_explicit_latents():
    made = CausalGraph("X -> Y; X <-> Y").to_networkx()
    assert set(made.edges) == {("X", "Y"), ("U(X, Y)", "X"), ("U(X, Y)", "Y")}
    assert [node for node, latent in made.nodes(data="latent") if latent] == ["U(X, Y)"]
    by_dowhy = networkx.DiGraph([("U", "X"), ("U", "Y")])
    by_dowhy.nodes["U"]["observed"] = "no"
    assert CausalGraph.from_networkx(by_dowhy) == CausalGraph("X <-> Y")
    assert CausalGraph.from_networkx(networkx.MultiDiGraph([("X", "Y"), ("X", "Y")])) == CausalGraph("X -> Y")


@pytest.mark.parametrize(
    ("read", "text", "column", "message"),
    [
        (CausalGraph.from_dagitty, "X -> Y", 1, "dag or mag or admg"),
        (CausalGraph.from_dagitty, "pdag { X -- Y }", 1, "dag or mag"),
        (CausalGraph.from_dagitty, "dag { X -- Y }", 9, "without a direction"),
        (CausalGraph.from_dagitty, "dag { X -> }", 12, "a name"),
        (CausalGraph.from_dagitty, "dag { X -> Y", 13, "ends too early"),
        (CausalGraph.from_dagitty, "dag { X } Y", 11, "the end of the text"),
        (CausalGraph.from_dagitty, 'dag { "X }', 7, "never closed"),
        (CausalGraph.from_dot, "graph { X -- Y }", 1, "digraph"),
        (CausalGraph.from_dot, "digraph { X -> Y [dir=none] }", 13, "without a direction"),
        (CausalGraph.from_dot, "digraph { X -> Y [dir", 22, "an attribute"),
        (CausalGraph.from_dot, "digraph { X % Y }", 13, "unexpected '%'"),
    ],
)
def test_an_error_points_at_its_place(read, text, column, message):
    with pytest.raises(ParseError) as caught:
        read(text)
    assert message in str(caught.value)
    assert caught.value.column == column


@pytest.mark.parametrize(
    ("read", "given", "message"),
    [
        (CausalGraph.from_dagitty, "dag { X -> Y -> X }", "no directed cycle"),
        (CausalGraph.from_networkx, networkx.Graph([("X", "Y")]), "a networkx.DiGraph is expected"),
        (CausalGraph.from_networkx, networkx.DiGraph([(0, 1)]), "not 0"),
        (CausalGraph.from_networkx, "X -> Y", "a networkx.DiGraph is expected"),
    ],
)
def test_bad_input_is_told_what_is_wrong(read, given, message):
    with pytest.raises(ValueError, match=message):
        read(given)
