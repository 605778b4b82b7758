"""A graph's text: what may be written, what comes back, and where an error points."""

from __future__ import annotations

import pytest
from causal_graphs import graphs
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph
from agentos_lab.errors import ParseError


@pytest.mark.parametrize(
    ("text", "directed", "bidirected", "nodes"),
    [
        ("", [], [], []),
        ("X", [], [], ["X"]),
        ("X, Y", [], [], ["X", "Y"]),
        ("X -> Y", [("X", "Y")], [], ["X", "Y"]),
        ("X <- Y", [("Y", "X")], [], ["X", "Y"]),
        ("X <-> Y", [], [("X", "Y")], ["X", "Y"]),
        ("X → Y ↔ Z ← W", [("X", "Y"), ("W", "Z")], [("Y", "Z")], ["X", "Y", "Z", "W"]),
        ("A, B -> C, D", [("A", "C"), ("A", "D"), ("B", "C"), ("B", "D")], [], ["A", "B", "C", "D"]),
        ("X->Y;Y->Z;", [("X", "Y"), ("Y", "Z")], [], ["X", "Y", "Z"]),
        ("X -> Y  # the effect\n# nothing\n\n  Z -> Y", [("X", "Y"), ("Z", "Y")], [], ["X", "Y", "Z"]),
        ('"blood pressure" -> X', [("blood pressure", "X")], [], ["blood pressure", "X"]),
        (r'"say \"hi\" \\" -> X', [('say "hi" \\', "X")], [], ['say "hi" \\', "X"]),
        ("X' -> Y_1 -> β₂", [("X'", "Y_1"), ("Y_1", "β₂")], [], ["X'", "Y_1", "β₂"]),
    ],
)
def test_what_may_be_written(text, directed, bidirected, nodes):
    graph = CausalGraph(text)
    assert set(graph.directed) == set(directed)
    assert graph.bidirected == tuple(bidirected)
    assert list(graph.nodes) == nodes


@given(graphs(largest=7))
def test_a_graph_comes_back_from_its_text(graph):
    assert CausalGraph(str(graph)) == graph


@given(st.lists(st.text(min_size=1), min_size=2, max_size=4, unique=True))
def test_any_name_comes_back_from_its_text(names):
    graph = CausalGraph(directed=[(names[0], names[1])], nodes=names)
    assert CausalGraph(str(graph)) == graph
    assert eval(repr(graph)) == graph


def test_the_text_is_written_in_chains():
    graph = CausalGraph("Z -> Y; X -> Z; Y <-> X; W; X -> Y")
    assert str(graph) == "X -> Z -> Y; X -> Y; Y <-> X; W"
    assert repr(graph) == "CausalGraph('X -> Z -> Y; X -> Y; Y <-> X; W')"


@pytest.mark.parametrize(
    ("text", "column", "message"),
    [
        ("X -> ", 6, "a name after '->'"),
        ("-> X", 1, "unexpected '->'"),
        ("X -> -> Y", 6, "unexpected '->'"),
        ("X Y", 3, "two names without an arrow"),
        ("X, ; Y", 4, "a name after ','"),
        ("X -- Y", 3, "no use for '-'"),
        ("dag { X }", 5, "no use for '{'"),
        ('X -> "Y', 6, "never closed"),
        ('X -> ""', 6, "cannot be empty"),
        ("blood-pressure", 6, "in quotes"),
    ],
)
def test_an_error_points_at_its_place(text, column, message):
    with pytest.raises(ParseError) as caught:
        CausalGraph(text)
    assert caught.value.column == column
    assert message in str(caught.value)
