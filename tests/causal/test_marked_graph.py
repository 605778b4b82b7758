"""Graphs with marks: their text, their neighbours, their picture."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal.marked_graph import ARROW, CIRCLE, TAIL, Edge, MarkedGraph


@st.composite
def marked_graphs(draw: st.DrawFn) -> MarkedGraph:
    names = draw(st.lists(st.sampled_from(["A", "B", "C", "x_1", "blood pressure", "o"]), min_size=1, unique=True))
    pairs = [(a, b) for place, a in enumerate(names) for b in names[place + 1 :]]
    marks = st.sampled_from([ARROW, TAIL, CIRCLE])
    edges = [Edge(a, draw(marks), draw(marks), b) for a, b in pairs if draw(st.booleans())]
    return MarkedGraph(nodes=names, edges=edges)


@given(marked_graphs())
def test_a_graphs_text_is_read_back_as_the_same_graph(graph: MarkedGraph) -> None:
    assert MarkedGraph(str(graph)) == graph
    assert hash(MarkedGraph(str(graph))) == hash(graph)


@given(marked_graphs())
def test_the_picture_shows_each_mark(graph: MarkedGraph) -> None:
    root = ET.fromstring(graph.plot().svg)
    space = "{http://www.w3.org/2000/svg}"
    marks = [mark for edge in graph.edges for mark in (edge.mark_a, edge.mark_b)]
    assert len(root.findall(f"{space}polygon")) == marks.count(ARROW)
    assert len(root.findall(f"{space}circle")) == len(graph) + marks.count(CIRCLE)
    assert len(root.findall(f"{space}path")) == len(graph.edges)


def test_neighbours_are_told_apart_by_their_marks() -> None:
    graph = MarkedGraph("A -> B; C <- A; A - D; A <-> E; A o-> F; G o-o A; H")
    assert graph.directed == (("A", "B"), ("A", "C")) and graph.undirected == (("A", "D"),)
    assert graph.bidirected == (("A", "E"),)
    a = graph.mask("A")
    assert graph.names(graph.circle_masks[0]) == ("F", "G") and graph.names(graph.head_masks[0]) == ("E",)
    assert graph.parent_masks[graph.nodes.index("B")] == a
    assert graph.edge("F", "A") == Edge("F", ">", "o", "A") and str(graph.edge("F", "A")) == "A o-> F"
    assert str(graph.edge("A", "H")) == "A, H: no edge"
    assert str(graph) == "A -> B; A -> C; A - D; A <-> E; A o-> F; A o-o G; H"


def test_graphs_are_equal_by_their_edges_not_by_their_order() -> None:
    assert MarkedGraph("A o-> B; C") == MarkedGraph("C; B <-o A")
    assert MarkedGraph("A o-> B") != MarkedGraph("A -> B") != MarkedGraph("A - B")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("A -> A", "two different nodes"),
        ("A -> B; B -> A", "two edges"),
        ("A ->", "a chain of names"),
        ("A->B", "with spaces around"),
        ("A -> -> B", "a chain of names"),
        ("A => B", "a chain of names"),
    ],
)
def test_a_text_that_is_no_graph_is_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        MarkedGraph(text)


def test_an_edge_of_an_unknown_node_is_refused() -> None:
    with pytest.raises(ValueError, match="no node 'C'"):
        MarkedGraph("A -> B").edge("A", "C")
    with pytest.raises(ValueError, match="read from a text"):
        MarkedGraph(5)  # type: ignore[arg-type]


def test_an_unknown_node_is_answered_with_its_neighbours() -> None:
    with pytest.raises(ValueError, match="did you mean smoke"):
        MarkedGraph("smoke - lung").mask("smoking")


def test_a_picture_of_a_graph_with_a_cycle_is_drawn_too() -> None:
    graph = MarkedGraph("A -> B -> C -> A")
    assert "Graph with marks: A -> B" in graph.plot().alt and np.char.count(graph.plot().svg, "<polygon") == 3
