from __future__ import annotations

from xml.etree import ElementTree

from agentos_lab.figures import COLOURS
from agentos_lab.logic import Structure, find_model
from agentos_lab.logic.picture import INK, QUIET, SYMBOL_COLOURS, Arrow, Circle, Words
from agentos_lab.logic.structure_drawing import picture

HOUSE = Structure(
    ("Ann", "Bob", "Cy"),
    {"boss": "Cy"},
    {"f": {("Ann",): "Bob", ("Bob",): "Bob", ("Cy",): "Ann"}},
    {
        "Likes": frozenset({("Ann", "Bob"), ("Bob", "Ann"), ("Cy", "Cy")}),
        "Man": frozenset({("Bob",)}),
        "Between": frozenset({("Ann", "Bob", "Cy")}),
        "rain": frozenset({()}),
    },
)


def words(structure):
    return [shape.text for shape in picture(structure).shapes if isinstance(shape, Words)]


def test_every_element_pair_and_step_is_drawn_once():
    shapes = picture(HOUSE).shapes
    arrows = [shape for shape in shapes if isinstance(shape, Arrow)]
    legend = 2  # Likes, f
    assert sum(isinstance(shape, Circle) for shape in shapes) == 3
    assert len(arrows) == 3 + 3 + legend and sum(arrow.dashed for arrow in arrows) == 3 + 1


def test_the_rest_is_said_in_words():
    said = words(HOUSE)
    assert {"Ann", "Bob", "Cy", "boss", "Man", "Likes", "f", "rain is true"} <= set(said)
    assert "Between holds for (Ann,Bob,Cy)" in said


def test_everything_stays_on_the_sheet():
    group = find_model(
        ["∀x y z (m(m(x,y),z) = m(x,m(y,z)))", "∀x (m(e,x) = x)", "∀x (m(i(x),x) = e)", "a != e", "P(a)"]
    )
    for structure in (HOUSE, group, Structure(("d1",), predicates={"R": frozenset({("d1", "d1")})})):
        drawn = picture(structure)
        for shape in drawn.shapes:
            points = shape.points if isinstance(shape, Arrow) else []
            points = [*points, shape.place] if isinstance(shape, Words) else points
            if isinstance(shape, Circle):
                (x, y), r = shape.centre, shape.radius
                points = [(x - r, y - r), (x + r, y + r)]
            assert all(0 <= x <= drawn.width and 0 <= y <= drawn.height for x, y in points), shape


def test_the_svg_is_xml_that_says_what_it_shows():
    root = ElementTree.fromstring(HOUSE.svg())
    assert root.tag.endswith("svg") and root.get("role") == "img"
    assert root[0].text.startswith("domain: Ann, Bob, Cy; boss is Cy")
    odd = Structure(("<a>", "b & c"), predicates={"R": frozenset({("<a>", "b & c")})})
    assert ElementTree.fromstring(odd._repr_svg_()) is not None


def test_an_operation_is_a_table():
    table = {("u", "u"): "v", ("u", "v"): "u", ("v", "u"): "u", ("v", "v"): "v"}
    said = words(Structure(("u", "v"), functions={"m": table}))
    assert said.count("m") == 1 and said.count("u") == 1 + 2 + 2 and said.count("v") == 1 + 2 + 2


def test_a_large_structure_is_told_in_words_alone():
    large = Structure(tuple(f"d{i}" for i in range(30)), predicates={"R": frozenset({("d1", "d2")})})
    assert not any(isinstance(shape, Circle) for shape in picture(large).shapes)
    assert "R holds for (d1,d2)" in words(large)


def test_the_graph_holds_names_properties_and_edges():
    graph = HOUSE.graph()
    assert graph.nodes["Cy"] == {"constants": ["boss"], "predicates": []}
    assert graph.nodes["Bob"]["predicates"] == ["Man"]
    edges = {(start, end, data["symbol"], data["kind"]) for start, end, data in graph.edges(data=True)}
    assert len(edges) == 6 and ("Cy", "Ann", "f", "function") in edges and ("Cy", "Cy", "Likes", "predicate") in edges


def test_the_colours_are_those_of_all_figures():
    assert {INK, QUIET, *SYMBOL_COLOURS} <= set(COLOURS.values())


def test_a_figure_shows_the_same_and_marks_what_is_asked_for():
    figure = HOUSE.plot(mark={"Bob"})
    marked = [shape.colour for shape in picture(HOUSE, {"Bob"}).shapes if isinstance(shape, Circle)]
    assert marked == [INK, COLOURS["vermilion"], INK]
    assert "boss is Cy" in figure.alt
    texts = {text.get_text() for text in figure.axes[0].texts}
    assert set(words(HOUSE)) == texts
    from agentos_lab.figures import new_figure

    mine, axes = new_figure("two", "two structures", columns=2)
    assert HOUSE.plot(ax=axes[1]) is mine and len(axes[1].patches) > 3 and not axes[0].patches
