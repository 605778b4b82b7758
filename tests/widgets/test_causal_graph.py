"""CausalGraphExplorer in Python: what the state says, editing, refusals, the static picture."""

from __future__ import annotations

import json
import math
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph, check_adjustment, d_separated, derive, identify
from widgets import CausalGraphExplorer
from widgets.causal_graph_edit import connected, disconnected, new_name, renamed, with_node, without_node
from widgets.causal_graph_examples import EXAMPLES
from widgets.causal_graph_places import PANEL, bends_of, first_places, free_place, radius_of
from widgets.causal_graph_question import Question
from widgets.causal_graph_reading import read_question
from widgets.causal_graph_state import causal_graph_state

SVG = "{http://www.w3.org/2000/svg}"
NAPKIN = CausalGraph("W -> Z -> X -> Y; W <-> X; W <-> Y")
SEVEN = CausalGraph("A -> X -> Y; A -> Y; B -> A; B -> Y; C -> B; C -> X; D -> C; D -> Y; E -> D; E -> X")


def asked(graph, given=(), latent=()):
    return Question(CausalGraph(graph) if isinstance(graph, str) else graph, ("X",), ("Y",), given, latent)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@st.composite
def graphs(draw, most=6):
    names = [*"XYABCD"][: draw(st.integers(2, most))]
    pairs = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :]]
    order = draw(st.permutations(names))
    arrows = [
        pair if order.index(pair[0]) < order.index(pair[1]) else pair[::-1] for pair in pairs if draw(st.booleans())
    ]
    return CausalGraph(
        directed=arrows, bidirected=[pair for pair in pairs if draw(st.integers(0, 3)) == 0], nodes=names
    )


# --- what is said ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_verdict_of_every_example_is_the_engines(name):
    view = CausalGraphExplorer(name)
    assert view.state["verdict"]["identified"] == view.answer.identifiable
    assert view.sentence.startswith("Yes" if view.answer.identifiable else "No: ")
    assert json.dumps(view.state)


@settings(max_examples=25, deadline=None)
@given(graphs(most=4), st.sets(st.sampled_from("AB")))
def test_paths_are_told_as_the_engine_finds_them(graph, seen):
    given = tuple(name for name in graph.nodes if name in seen)
    read = read_question(asked(graph, given))
    separation = d_separated(graph, "X", "Y", given)
    assert sorted(path["route"] for path in read["paths"]) == sorted(
        path.route.replace("<->", "↔").replace("->", "→").replace("<-", "←") for path in separation.paths
    )
    assert any(path["open"] for path in read["paths"]) == (not separation)
    edges = {(a, "->", b) for a, b in graph.directed} | {(*sorted(pair),) for pair in graph.bidirected}
    for path in read["paths"]:
        assert all(tuple(e) in edges or (e[0], e[2]) in edges for e in path["edges"])
        blocking = [remark["node"] for remark in path["remarks"] if not remark["open"]]
        assert bool(blocking) == (not path["open"])


@settings(max_examples=25, deadline=None)
@given(graphs())
def test_every_adjustment_set_on_offer_is_valid(graph):
    read = read_question(asked(graph))
    for row in read["adjustment"]["sets"]:
        assert check_adjustment(graph, "X", "Y", row["names"])
    assert bool(read["adjustment"]["none"]) == (not read["adjustment"]["sets"])


def test_a_latent_variable_is_never_offered_for_adjustment():
    observed = read_question(asked("Z -> X -> Y; Z -> Y"))
    assert [row["label"] for row in observed["adjustment"]["sets"]] == ["{Z}"]
    hidden = read_question(asked("Z -> X -> Y; Z -> Y", latent=("Z",)))
    assert not hidden["adjustment"]["sets"] and not hidden["verdict"]["identified"]
    assert hidden["observed"] == [["X", "->", "Y"], ["X", "<->", "Y"]]


def test_seeing_opens_the_collider_and_the_remark_says_why():
    state = causal_graph_state(asked(NAPKIN, ("Z",)))
    opened = state["paths"][state["first_path"]]
    assert opened["route"] == "X ↔ W ↔ Y" and opened["note"] == "spurious, opened by Z"
    (remark,) = opened["remarks"]
    assert remark["head"] == "Opened at W" and "Z, which it causes, is given" in remark["why"]
    tones = {tuple(edge[:3]): edge[4] for edge in state["edges"]}
    assert tones["W", "<->", "X"] == "green" and tones["Z", "->", "X"] == "grey" and tones["X", "->", "Y"] == "ink"


def test_the_steps_are_those_of_the_short_derivation_and_hold():
    read = read_question(asked(NAPKIN))
    derivation = derive(NAPKIN, "P(Y | do(X))")
    assert read["searched"] and len(read["steps"]) == len(derivation)
    for shown, step in zip(read["steps"], derivation, strict=True):
        assert shown["formula"]["spoken"] == f"{step.part} = {step.into}"
        if shown["rule"]:
            kept = {(a, kind, b) for a, kind, b in shown["kept"]}
            assert {(a, b) for a, kind, b in kept if kind == "->"} == set(step.graph.directed)
            for *edge, end in shown["bars"]:
                assert tuple(edge) in kept and end in edge
    second = read["steps"][1]
    assert second["title"] == "an action becomes an observation" and second["why"].endswith("is blocked at W")
    assert read["check"] == {"holds": True, "models": 5, "worst": "below 10⁻¹²"}


def test_a_graph_too_large_for_the_search_shows_the_algorithms_own_steps():
    read = read_question(asked(SEVEN))
    found = identify(SEVEN, "P(Y | do(X))")
    assert not read["searched"] and len(read["steps"]) == len(found.derivation)
    assert read["steps"][0]["badge"] == "ID 4" and read["check"]["holds"]


def test_large_graphs_lose_their_derivation_and_then_their_picture():
    def chain(length):
        return "X -> " + " -> ".join(f"V{index}" for index in range(length - 2)) + " -> Y"

    large = CausalGraphExplorer(chain(14), "X", "Y")
    assert large.state["steps"] == [] and large.state["verdict"]["identified"] and large.svg()
    assert "Beyond 12 nodes" in large.state["instead"][0][1]
    huge = CausalGraphExplorer(chain(41), "X", "Y")
    assert huge.state["status"] == "too-large" and "41 nodes are too many" in huge.sentence and huge.svg()


def test_what_is_not_identified_shows_the_hedge():
    view = CausalGraphExplorer("Z -> X -> Y; X <-> Y", "X", "Y")
    hedge = view.answer.hedge
    assert view.state["hedge"]["outer"] == list(hedge.outer.nodes) == ["X", "Y"]
    assert "not identified" in texts(view.svg()) and "Why not: a hedge" in texts(view.svg())


def test_two_worlds_are_shown_on_demand_and_go_with_the_graph():
    view = CausalGraphExplorer("bow arc")
    assert view.state["worlds"] is None
    view.worlds = True
    one, other = view.state["worlds"]["values"]
    assert abs(one - other) > 0.01 and view.state["worlds"]["gap"] == "below 10⁻¹²"
    assert "Two worlds with this graph" in texts(view.svg())
    view.add_node()
    assert not view.worlds
    large = CausalGraphExplorer(f"{'; '.join('ABCDE')}; X -> Y; X <-> Y", "X", "Y")
    large.worlds = True
    assert large.state["status"] == "failed" and "at most 6 observed nodes" in large.sentence


@pytest.mark.parametrize(
    ("graph", "identified"), [("X -> Y; Z -> X; Z -> Y", True), ("X -> Z; Y -> Z", True), ("X, Z -> Y; X <-> Y", False)]
)
def test_what_is_given_may_belong_to_the_question(graph, identified):
    view = CausalGraphExplorer(graph, "X", "Y", "Z")
    assert str(view.answer.query) == "P(Y | do(X))" and view.state["adjustment"] and view.state["may_condition"]
    view.conditional = True
    assert view.answer.query == identify(graph, "P(Y | do(X), Z)").query and not view.state["adjustment"]
    assert view.state["verdict"]["identified"] == view.answer.identifiable == identified
    assert view.sentence.startswith("Yes, given Z" if identified else "No: ")
    assert view.state["title"].endswith("where Z is known?") and ElementTree.fromstring(view.svg()) is not None
    if identified:
        assert view.state["check"]["holds"]
    else:
        view.worlds = True
        one, other = view.state["worlds"]["values"]
        assert abs(one - other) > 0.01 and "Z=" in view.state["worlds"]["formula"]["spoken"]
    view.given = []
    assert str(view.answer.query) == "P(Y | do(X))" and not view.state["may_condition"]


def test_no_effect_and_nothing_asked_are_told():
    assert "so there is no effect at all" in CausalGraphExplorer("Y -> X", "X", "Y").sentence
    assert CausalGraphExplorer("A -> B").sentence.startswith("Choose a treatment and an outcome")
    assert CausalGraphExplorer("A -> B", "A").sentence.startswith("Choose an outcome")
    assert CausalGraphExplorer().sentence == "Draw two nodes and an arrow, or choose a graph."
    view = CausalGraphExplorer("X -> Y", outcome="Y", latent="X")
    assert view.sentence.startswith("Choose a treatment")


# --- editing -----------------------------------------------------------------------------------------------------


def test_a_cycle_is_refused_by_name_and_nothing_changes():
    view = CausalGraphExplorer("X -> M -> Y", "X", "Y")
    view.connect("Y", "->", "X")
    assert view.refused == "Y → X would close the cycle Y → X → M → Y: nothing can be its own cause."
    assert view.sentence.startswith("Not possible: Y → X") and view.graph == "X -> M -> Y"
    view.connect("X", "<->", "Y")
    assert view.refused == "" and view.graph == "X -> M -> Y; X <-> Y"
    view.connect("X", "->", "X")
    assert "to itself" in view.refused


def test_an_arrow_against_another_turns_it_round():
    assert connected(CausalGraph("X -> Y"), "Y", "->", "X") == CausalGraph("Y -> X")


@settings(max_examples=40, deadline=None)
@given(graphs(), st.data())
def test_an_edit_gives_a_graph_or_a_reason(graph, data):
    names = st.sampled_from(graph.nodes)
    a, b, kind = data.draw(names), data.draw(names), data.draw(st.sampled_from(["->", "<->"]))
    try:
        more = connected(graph, a, kind, b)
    except ValueError as error:
        assert "cycle" in str(error) or "itself" in str(error)
        if "cycle" in str(error):
            cycle = str(error).split("cycle ")[1].split(":")[0].split(" → ")
            assert cycle[:2] == [a, b] and cycle[-1] == a
            assert all(pair in graph.directed for pair in pairwise(cycle[1:]))
    else:
        edges = more.directed if kind == "->" else [frozenset(pair) for pair in more.bidirected]
        assert ((a, b) if kind == "->" else frozenset((a, b))) in edges
        gone = disconnected(more, a, kind, b)
        assert len(gone.directed) + len(gone.bidirected) == len(more.directed) + len(more.bidirected) - 1
        assert gone.nodes == graph.nodes
    assert without_node(with_node(graph, "new"), "new") == graph
    assert renamed(renamed(graph, a, "new"), "new", a) == graph


def test_new_nodes_have_letters_of_their_own_without_end():
    graph = CausalGraph()
    for _ in range(60):
        graph = with_node(graph, new_name(graph))
    assert len(set(graph.nodes)) == 60 and graph.nodes[:3] == ("X", "Y", "A") and "X1" in graph


def test_an_edit_leaves_everything_else_where_it_was():
    view = CausalGraphExplorer("X -> Z -> Y", "X", "Y", "Z")
    before = {node["name"]: (node["x"], node["y"]) for node in view.state["nodes"]}
    view.add_node("new", 0.3, 0.9)
    view.connect("X", "->", "new")
    now = {node["name"]: (node["x"], node["y"]) for node in view.state["nodes"]}
    assert now == before | {"new": (0.3, 0.9)}
    view.rename("Z", "Mediator")
    assert view.given == ["Mediator"] and view.places["Mediator"] == list(before["Z"])
    view.remove("X")
    assert view.treatment == [] and "X" not in view.places and view.sentence.startswith("Choose a treatment")


def test_setting_a_trait_asks_anew():
    view = CausalGraphExplorer("Z -> X -> Y; Z -> Y", "X", "Y")
    assert view.sentence.startswith("Yes, by adjusting for Z")
    view.given = ["Z"]
    assert view.sentence.startswith("Yes: adjust for Z")
    view.graph = "A -> B"  # the old roles are nobody's now
    assert view.sentence.startswith("Choose a treatment and an outcome")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CausalGraphExplorer("X -> Y", "Q", "Y"), "Q"),
        (lambda: CausalGraphExplorer("X -> Y", "X", "X"), "X is treatment and outcome"),
        (lambda: CausalGraphExplorer("X -> Y -> X"), "cycle"),
        (lambda: CausalGraphExplorer("X -> "), "expected|name"),
        (lambda: CausalGraphExplorer("X -> Y", "X").answer, "choose a treatment and an outcome first"),
    ],
)
def test_what_cannot_be_asked_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


# --- places ------------------------------------------------------------------------------------------------------


@settings(max_examples=30, deadline=None)
@given(graphs())
def test_nodes_stand_apart_inside_the_panel(graph):
    places = first_places(graph)
    points = [(x * PANEL[0], y * PANEL[1]) for x, y in places.values()]
    radius = radius_of(places)
    assert all(0 <= x <= 1 and 0 <= y <= 1 for x, y in places.values())
    for index, one in enumerate(points):
        assert all(math.dist(one, other) > 2 * radius for other in points[:index])
    x, y = free_place(places)
    assert all(math.dist((x * PANEL[0], y * PANEL[1]), point) > 2 * radius for point in points)


def test_an_arrow_and_a_two_headed_edge_between_the_same_nodes_part():
    edges = [("X", "->", "Y"), ("X", "<->", "Y")]
    bends = bends_of(edges, {"X": (0.2, 0.5), "Y": (0.8, 0.5)})
    assert bends[edges[0]] == 0 and abs(bends[edges[1]]) > 0.1


# --- the static picture ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["", *EXAMPLES])
@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_is_the_same_every_time_and_stays_inside_its_frame(name, width):
    view, again = (CausalGraphExplorer(name, width=width, step=1) for _ in range(2))
    drawn = view.svg()
    assert drawn == again.svg() and "nan" not in drawn
    document = ElementTree.fromstring(drawn)
    assert document.findtext(f"{SVG}title") == CausalGraphExplorer(name).sentence
    assert float(document.get("width")) == width and float(document.get("height")) <= 480


def test_the_picture_shows_graph_paths_verdict_and_the_chosen_step():
    view = CausalGraphExplorer("napkin", step=1)
    shown = texts(view.svg())
    for text in ("W", "identified", "Opened at W", "X ↔ W ↔ Y", "spurious, opened by Z", "rule 2", "step 2 of 9",
                 "an action becomes an observation", "the same for every value of Z"):  # fmt: skip
        assert text in shown, text
    view.step = 10**6
    assert "step 9 of 9" in texts(view.svg())


def test_a_moved_node_is_drawn_where_it_was_put():
    view = CausalGraphExplorer("X -> Y", "X", "Y", places={"X": [0.25, 0.75], "gone": [0, 0]})
    first = view.state["nodes"][0]
    assert (first["x"], first["y"]) == (0.25, 0.75)


def test_a_graph_that_is_none_is_told_and_mended():
    view = CausalGraphExplorer("X -> Y", "X", "Y")
    view.graph = "X -> Y -> X"
    assert view.state["status"] == "failed" and "cycle" in view.sentence and view.svg()
    view.connect("X", "->", "Y")  # nothing to edit: refused, not raised
    assert "cycle" in view.refused
    view.graph, view.refused = "X -> Y", ""
    assert view.sentence.startswith("Yes")


def test_an_example_that_is_none_is_refused_with_those_there_are():
    with pytest.raises(ValueError, match="no example 'bow'; there are confounder, "):
        CausalGraphExplorer().show("bow")
