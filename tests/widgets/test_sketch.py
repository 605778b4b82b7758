"""Sketches: drawings as data."""

from __future__ import annotations

import json
from xml.etree import ElementTree

from agentos_lab.causal import CausalGraph
from widgets.formula import word
from widgets.graph_sketch import draw_edges, draw_hull, draw_nodes, edge_curves, places_in
from widgets.picture import Picture
from widgets.sketch import Sketch, draw_sketch, paint

SVG = "{http://www.w3.org/2000/svg}"


def drawn(sketch):
    picture = Picture(200)
    draw_sketch(picture, json.loads(json.dumps(sketch.marks)))
    return ElementTree.fromstring(str(picture))


def test_a_sketch_draws_what_a_picture_would():
    sketch, picture = Sketch(), Picture(200)
    for canvas in (sketch, picture):
        canvas.rect(1, 2, 30, 4, fill="blue", radius=3)
        canvas.circle(5, 5, 2, stroke="ink")
        canvas.line(0, 0, 9, 9, dash="2 2")
        canvas.path("M0 0h9", fill="none")
        canvas.text(3, 4, "Z", size=11)
    other = Picture(200)
    draw_sketch(other, sketch.marks)
    assert str(other) == str(picture)


def test_a_thinned_colour_lies_between_the_ground_and_the_colour():
    assert paint("blue:0") == "#ffffff" and paint("blue:1") == "#0072b2" and paint("blue") == "blue"
    assert paint("blue:0", dark=True) == "#111111" and paint(3) == 3


def test_formulas_and_serif_letters_are_drawn():
    sketch = Sketch()
    sketch.formula(4, 20, word("P").state())
    sketch.text(4, 40, "X", serif=True)
    texts = list(drawn(sketch).iter(f"{SVG}text"))
    assert [text.text for text in texts] == ["P", "X"]
    assert all("Serif" in text.get("font-family") for text in texts)


def test_the_nodes_of_a_graph_stand_in_their_box_and_apart():
    for text in ("X -> Y; X <-> Y", "X -> Z -> Y; X <-> Y", "W -> Z -> X -> Y; W <-> X; W <-> Y", "X"):
        places = places_in(CausalGraph(text), 10, 20, 100, 60)
        assert all(10 <= x <= 110 and 20 <= y <= 80 for x, y in places.values())
        assert len(set(places.values())) == len(places)


def test_every_edge_and_every_node_is_drawn_and_a_cut_edge_has_scissors():
    graph = CausalGraph("X -> Z -> Y; X <-> Y")
    places = places_in(graph, 20, 20, 160, 80)
    curves = edge_curves(graph, places, 14)
    sketch = Sketch()
    draw_hull(sketch, ("X", "Y"), [curves["X", "<->", "Y"]], places, 20, 0.1)
    draw_edges(sketch, curves, 14, cut=[("X", "->", "Z")])
    draw_nodes(sketch, places, {"X": "treatment", "Y": "outcome", "Z": "given"}, 14)
    tree = drawn(sketch)
    assert [text.text for text in tree.iter(f"{SVG}text")] == ["X", "Z", "Y"]
    shafts = [path for path in tree.iter(f"{SVG}path") if "Q" in path.get("d") and path.get("stroke-linecap") is None]
    assert len(shafts) == 3 and sum(path.get("stroke-dasharray") == "3 4" for path in shafts) == 1
    assert sum(path.get("stroke-linecap") == "round" for path in tree.iter(f"{SVG}path")) == 4  # two hulls, two blades


def test_a_long_name_stands_below_its_node():
    graph = CausalGraph('"blood pressure" -> Y')
    places = places_in(graph, 20, 20, 100, 40)
    sketch = Sketch()
    draw_nodes(sketch, places, {}, 12)
    long, short = (mark[1] for mark in sketch.marks if mark[0] == "text")
    assert long[1] == places["blood pressure"].y + 25 and short[2] == "Y"
