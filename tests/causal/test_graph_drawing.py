"""The picture of a graph: every node and edge is there, roles show, and the same graph gives the same bytes."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from xml.etree import ElementTree

import pytest
from causal_graphs import graphs
from hypothesis import given, settings

from agentos_lab.causal import CausalGraph, graph_drawing
from agentos_lab.causal.graph_drawing import draw_graph
from agentos_lab.figures import COLOURS

SVG = "{http://www.w3.org/2000/svg}"


def parts(picture, tag):
    return ElementTree.fromstring(picture.svg).findall(f"{SVG}{tag}")


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_every_node_and_edge_is_drawn(graph):
    picture = draw_graph(graph)
    assert sorted(text.text for text in parts(picture, "text")) == sorted(graph.nodes)
    shafts = parts(picture, "path")
    assert len(shafts) == len(graph.directed) + len(graph.bidirected)
    assert sum("stroke-dasharray" in shaft.attrib for shaft in shafts) == len(graph.bidirected)
    assert len(parts(picture, "polygon")) == len(graph.directed) + 2 * len(graph.bidirected)


def test_roles_show_as_colour_and_shape():
    graph = CausalGraph("U -> X -> Y; Z -> X")
    picture = draw_graph(graph, treatments="X", outcomes="Y", given="Z", latents="U")
    assert [shape.get("fill") for shape in parts(picture, "polygon")[-1:]] == [COLOURS["blue"]]
    assert [shape.get("fill") for shape in parts(picture, "rect")[1:]] == [COLOURS["amber"]]
    strokes = [(shape.get("stroke"), "stroke-dasharray" in shape.attrib) for shape in parts(picture, "circle")]
    assert strokes.count((COLOURS["vermilion"], False)) == 2 and (COLOURS["purple"], True) in strokes
    assert picture.alt == "Causal graph: U -> X -> Y; Z -> X (U latent; Z given; Y outcome; X treatment)"
    assert str(picture) == picture.alt and "aria-label" in picture.svg


def test_the_colours_are_those_of_the_figures():
    ours = {name: getattr(graph_drawing, f"_{name.upper()}") for name in ("ink", "grey", "blue", "vermilion", "amber")}
    assert ours == {name: COLOURS[name] for name in ours} and COLOURS["purple"] == graph_drawing._PURPLE


def test_cut_edges_are_pale_and_marked_ones_vermilion():
    graph = CausalGraph("Z -> X -> Y; X <-> Y")
    strokes = [path.get("stroke") for path in parts(draw_graph(graph, cut_incoming="X"), "path")]
    assert strokes == [COLOURS["grey"], COLOURS["ink"], COLOURS["grey"]]
    strokes = [path.get("stroke") for path in parts(draw_graph(graph, cut_outgoing="X"), "path")]
    assert strokes == [COLOURS["ink"], COLOURS["grey"], COLOURS["ink"]]
    strokes = [path.get("stroke") for path in parts(draw_graph(graph, marked=["X", "Y"]), "path")]
    assert strokes == [COLOURS["ink"], COLOURS["vermilion"], COLOURS["vermilion"]]


def test_an_edge_past_a_node_goes_around_it():
    picture = draw_graph(CausalGraph("X -> Z -> Y; X -> Y"))
    heights = [re.findall(r"[MQ ][\d.-]+ ([\d.-]+)", path.get("d")) for path in parts(picture, "path")]
    assert [len(set(each)) > 1 for each in heights] == [False, False, True]


def test_any_name_is_written_safely():
    picture = draw_graph(CausalGraph(directed=[("<b>&", 'a "long" name')]))
    assert [text.text for text in parts(picture, "text")] == ["<b>&", 'a "long" name']


def test_a_graph_shows_itself_without_matplotlib_and_alike_everywhere():
    code = (
        "import sys; from agentos_lab.causal import CausalGraph;"
        "print(CausalGraph('W -> Z -> X -> Y; W <-> X; W <-> Y')._repr_svg_());"
        "assert 'matplotlib' not in sys.modules"
    )
    drawn = {
        subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            encoding="utf-8",
            check=True,
        ).stdout.strip()
        for seed in ("1", "2")
    }
    assert drawn == {CausalGraph("W -> Z -> X -> Y; W <-> X; W <-> Y")._repr_svg_()}


def test_the_empty_graph_and_bad_names():
    assert parts(draw_graph(CausalGraph()), "text") == []
    with pytest.raises(ValueError, match="no node 'Q'"):
        CausalGraph("X -> Y").plot(treatments="Q")
