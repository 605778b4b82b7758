"""ProofExplorer in Python: the drawing's laws, words, verdicts, folds, recorded searches, the static picture."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from functools import cache
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.logic import GaveUp, Limits, Proof, Refuted, Strategy, load_problem, parse, prove
from widgets import ProofExplorer
from widgets.proof_fold import folds, only_for
from widgets.proof_graph import graph_state, rests_on_goal, windows
from widgets.proof_layout import Box, place_boxes, pooled
from widgets.proof_short_names import short_names
from widgets.proof_verdict import verdict
from widgets.proof_words import literal_parts, step_sentence
from widgets.runs import runs_width
from widgets.text_metrics import text_width

SVG = "{http://www.w3.org/2000/svg}"
NAMES = ("SOCRATES", "WEST", "PEL47", "LOS", "GRP_INV", "CURIOSITY")


@cache
def answer(name):
    problem = load_problem(name)
    return prove(problem.premises, problem.goal, engine="resolution")


@cache
def drawing(name, room=540.0):
    return graph_state(answer(name).proof, room, 370.0)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


# --- the drawing -------------------------------------------------------------------------------------------------


def with_numbers(graph):
    """The boxes with the places of their numbers: left, top, right, bottom."""
    label = {13: 22, 11: 19}[graph["size"]]
    return [(x - label, y, x + wide, y + high) for x, y, wide, high in (box["box"] for box in graph["boxes"])]


@pytest.mark.parametrize("room", [310.0, 540.0, 880.0])
@pytest.mark.parametrize("name", NAMES)
def test_no_box_lies_over_another_or_over_its_number(name, room):
    placed = with_numbers(drawing(name, room))
    for place, (left, top, right, bottom) in enumerate(placed):
        for other_left, other_top, other_right, other_bottom in placed[place + 1 :]:
            apart = right <= other_left or other_right <= left or bottom <= other_top or other_bottom <= top
            assert apart


@pytest.mark.parametrize("name", NAMES)
def test_no_line_passes_through_a_box(name):
    graph = drawing(name)
    for link in graph["links"]:
        ends = {link["from"], link["to"]}
        for _, path in link["pieces"]:
            for x, y in points_on(path):
                for place, box in enumerate(graph["boxes"]):
                    left, top, wide, high = box["box"]
                    inside = left < x < left + wide and top + 0.5 < y < top + high - 0.5
                    assert place in ends or not inside


def points_on(path):
    """Points along a path of M, V and one C."""
    numbers = [float(each) for each in re.findall(r"-?[\d.]+", path)]
    start_x, start_y = numbers[:2]
    lead = [numbers[2]] if "V" in path.split("C")[0] else []
    curve = numbers[2 + len(lead) :]
    y = lead[0] if lead else start_y
    (ax, ay, bx, by, x, end), tail = curve[:6], curve[6:]
    for share in range(11):
        yield start_x, start_y + (y - start_y) * share / 10
        t = share / 10
        weights = ((1 - t) ** 3, 3 * t * (1 - t) ** 2, 3 * t * t * (1 - t), t**3)
        yield (sum(w * v for w, v in zip(weights, (start_x, ax, bx, x), strict=True)),
               sum(w * v for w, v in zip(weights, (y, ay, by, end), strict=True)))  # fmt: skip
        for bottom in tail:
            yield x, end + (bottom - end) * share / 10


@pytest.mark.parametrize("name", NAMES)
def test_every_use_of_a_parent_is_a_line_downwards(name):
    graph, proof = drawing(name), answer(name).proof
    shown = graph["shown"]
    drawn = {(graph["boxes"][link["from"]]["step"], graph["boxes"][link["to"]]["step"]) for link in graph["links"]}
    wanted = {(shown[str(parent.step)], shown[str(step.number)]) for step in proof for parent in step.parents}
    assert {(one, other) for one, other in wanted if one != other} == drawn
    for link in graph["links"]:
        assert graph["boxes"][link["from"]]["row"] < graph["boxes"][link["to"]]["row"]


@given(st.data())
def test_boxes_of_any_proof_shape_keep_apart(data):
    boxes = {}
    for step in range(1, data.draw(st.integers(1, 18)) + 1):
        parents = data.draw(st.sets(st.integers(1, step - 1), max_size=2)) if step > 1 else set()
        wide, high = data.draw(st.integers(20, 200)), data.draw(st.integers(20, 70))
        boxes[step] = Box(step, wide, high, 20.0, tuple(sorted(parents)))
    used = {parent for box in boxes.values() for parent in box.parents}
    boxes[max(boxes) + 1] = Box(max(boxes) + 1, 32, 32, 20.0, tuple(sorted(set(boxes) - used)))  # □
    placed = place_boxes(boxes, 400.0)
    frames = [(box.x - box.left, box.y, box.x + box.width / 2, box.y + box.height) for box in placed.boxes]
    assert min(left for left, *_ in frames) >= -1e-6
    for place, one in enumerate(frames):
        for other in frames[place + 1 :]:
            assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]


@given(st.lists(st.floats(-500, 500), min_size=1, max_size=8), st.integers(0, 40))
def test_pooled_places_keep_their_distance_and_are_best(wanted, gap):
    gaps = [float(gap)] * len(wanted)
    found = pooled(wanted, gaps, -1e4, 1e4)
    assert all(b - a >= gap - 1e-6 for a, b in pairwise(found))
    cost = sum((a - b) ** 2 for a, b in zip(found, wanted, strict=True))
    for place in range(len(found)):  # a small move of one of them is either forbidden or no better
        for by in (-0.1, 0.1):
            moved = [x + by * (at == place) for at, x in enumerate(found)]
            if all(b - a >= gap for a, b in pairwise(moved)):
                assert sum((a - b) ** 2 for a, b in zip(moved, wanted, strict=True)) >= cost - 1e-6


def test_the_rest_on_the_supposition_is_marked():
    proof = answer("WEST").proof
    marked = rests_on_goal(proof)
    assert marked == {6, 14, 16, 18}
    assert {box["step"] for box in drawing("WEST")["boxes"] if box["supposed"]} == marked


def test_a_proof_that_is_too_high_is_shown_in_windows_that_hold_the_row():
    graph = drawing("LOS")
    for row, (first, last) in enumerate(graph["windows"]):
        assert first <= row <= last
        assert graph["rows"][last][0] + graph["rows"][last][1] - graph["rows"][first][0] <= 370
    assert drawing("SOCRATES")["windows"] == []
    assert windows(((0.0, 40.0), (50.0, 40.0), (100.0, 40.0)), 95) == [(0, 1), (0, 1), (1, 2)]


# --- folding -----------------------------------------------------------------------------------------------------


def test_what_serves_one_step_only_is_folded_with_it():
    parents = {1: (), 2: (), 3: (1, 2), 4: (), 5: (3, 4), 6: (5, 2)}
    assert only_for(parents, 3) == {1} and only_for(parents, 5) == {1, 3, 4}
    assert folds(parents, set(), 3) == {5: frozenset({1, 3, 4})}
    assert folds(parents, set(), 3, opened=[5]) == {} and folds(parents, set(), 6) == {}


def test_a_long_proof_is_folded_and_opens_again():
    proof = answer("PEL47").proof
    closed = graph_state(proof, 540.0, 370.0)
    steps = {box["step"] for box in closed["boxes"]}
    assert len(steps) < 0.6 * len(proof) and closed["folded"]
    assert set(closed["shown"]) == {str(step.number) for step in proof} and set(closed["shown"].values()) == steps
    root = next(box["step"] for box in closed["boxes"] if box["hides"])
    again = graph_state(proof, 540.0, 370.0, (root,))
    assert all(not box["hides"] for box in again["boxes"] if box["step"] == root)


# --- words and verdicts ------------------------------------------------------------------------------------------


def test_what_is_put_in_is_coloured_like_the_variable():
    step = answer("WEST").proof[12]
    parent = step.parents[1]
    literal = answer("WEST").proof[4].literals[parent.literal]
    tints = {variable: place for place, variable in enumerate(parent.changes)}
    assert literal_parts(literal, tints) == [
        ("¬Sells(", None), ("x", 0), (", ", None), ("y", 1), (", ", None), ("z", 2), (")", None)
    ]  # fmt: skip
    assert literal_parts(literal, tints, parent.substitution)[1::2] == [("west", 0), ("sk1", 1), ("nono", 2)]


@pytest.mark.parametrize("name", NAMES)
def test_the_pieces_of_a_literal_are_the_literal(name):
    for step in answer(name).proof:
        for literal in step.literals:
            assert "".join(text for text, _ in literal_parts(literal, {})) == str(literal)


def test_every_step_is_right_by_both_checks():
    for name in ("SOCRATES", "GRP_INV", "CURIOSITY"):
        proof = answer(name).proof
        assert {verdict(proof, step)["title"] for step in proof} == {"This step is right"}


def test_a_wrong_step_is_told_in_vermilion():
    proof = answer("SOCRATES").proof
    flipped = replace(proof[4], literals=(proof[4].literals[0]._replace(positive=False),))
    wrong = Proof(proof.premises, proof.goal, (*proof.steps[:3], flipped, proof[5]), proof.clausal_forms)
    view = ProofExplorer(wrong, step=4, asked=[4])
    assert view.state["verdicts"]["4"]["tone"] == "vermilion" and view.sentence.endswith("This step is wrong.")
    assert "¬Mortal(socrates) does not follow" in " ".join(view.state["verdicts"]["4"]["lines"])


def test_a_step_that_z3_does_not_decide_is_told_in_amber(monkeypatch):
    monkeypatch.setattr("widgets.proof_verdict.follows", lambda *_, **__: None)
    proof = answer("SOCRATES").proof
    found = verdict(proof, proof[4])
    assert found["tone"] == "amber" and "Z3 gave up" in " ".join(found["lines"])


def test_the_sentence_follows_the_step():
    view = ProofExplorer(answer("SOCRATES"))
    assert (
        view.sentence
        == "Step 5 of 5: Mortal(socrates) (4) and ¬Mortal(socrates) (3) cannot both hold: the goal is proved."
    )
    view.step = 3
    assert view.sentence == "Step 3 of 5: suppose that the goal is false; then ¬Mortal(socrates)."
    view.step = 4
    assert (
        "because ¬Man(x) ∨ Mortal(x) (1) and Man(socrates) (2), Mortal(socrates) follows by resolution" in view.sentence
    )
    assert repr(view) == f"ProofExplorer: {view.sentence}"
    view.asked = [4]
    assert view.sentence.endswith("by resolution. This step is right.")


def test_contradictory_premises_are_called_so():
    found = prove(["P(a)", "¬P(a)"], None, engine="resolution")
    assert "the premises contradict each other" in ProofExplorer(found).sentence


# --- without a proof ---------------------------------------------------------------------------------------------


def test_an_answer_without_a_proof_says_why():
    gave_up = ProofExplorer(GaveUp(parse("P(a)"), "resolution reached its limit of 300 given clauses; Z3: too hard"))
    assert gave_up.state["tone"] == "amber" and "neither a yes nor a no" in gave_up.sentence
    assert "· Z3: too hard" in texts(gave_up.svg())
    refuted = ProofExplorer(prove(["P(a)"], "P(b)"))
    assert refuted.state["tone"] == "vermilion" and "does not follow" in refuted.sentence and refuted.svg()
    assert isinstance(prove(["P(a)"], "P(b)"), Refuted)
    by_z3 = ProofExplorer(prove(["P(a)"], "P(a)", engine="z3"))
    assert by_z3.svg()
    assert ProofExplorer().state["status"] == "empty" and ProofExplorer().svg()
    with pytest.raises(ValueError, match=r"ProofExplorer\.search"):
        ProofExplorer(["P(a)"])


# --- the search --------------------------------------------------------------------------------------------------


def test_two_searches_are_recorded_on_the_same_axes():
    view = ProofExplorer.search(
        load_problem("CURIOSITY"), strategy=[Strategy(), Strategy(weight_to_age=(0, 1), subsumption=False)]
    )
    one, two = view.state["runs"]
    assert [one["name"], two["name"]] == ["default", "weight to age (0, 1), no subsumption"]
    assert view.state["last"] == max(len(one["rounds"]), len(two["rounds"])) and [
        one["texts"][each] for each in one["rounds"][-1]["new"]
    ] == ["□"]
    assert len(one["needed"]) <= len(one["rounds"]) and one["tone"] == "green"
    view.round = 0
    assert view.sentence.startswith("default: Round 1 of ")
    longer = max(one, two, key=lambda run: len(run["rounds"]))
    view.round = view.state["last"] - 1  # where the shorter search has ended already
    assert view.sentence.startswith(f"{longer['name']}: Round {view.state['last']} of {view.state['last']}")
    view.view = "graph"
    assert view.state["kind"] == "graph" and view.proof.check()
    view.run = two["name"]
    assert view.proof.check()


def test_a_search_that_gives_up_is_no_no():
    view = ProofExplorer.search(load_problem("PEL47"), limits=Limits(given=5))
    assert view.state["runs"][0]["tone"] == "amber" and "gives up" in view.sentence and "no No" in view.sentence
    view.view = "graph"
    assert view.state["kind"] == "words" and view.state["tone"] == "amber"
    assert "nothing left" in ProofExplorer.search(["P(a)"], "Q(a)").sentence


def test_the_search_behind_a_proof_is_made_when_it_is_looked_at():
    view = ProofExplorer(answer("SOCRATES"), view="search")
    assert view.state["runs"][0]["rounds"] and view.svg()


# --- states and pictures -----------------------------------------------------------------------------------------


def test_large_proofs_are_lists_and_latex_is_source():
    view = ProofExplorer(answer("PEL47"))
    assert view.state["kind"] == "list" and "unit deletion of 67, 3" in texts(view.svg())
    small = ProofExplorer(answer("SOCRATES"), latex=True)
    assert r"\begin{array}" in small.state["latex"] and any(r"\mathrm{Mortal}" in text for text in texts(small.svg()))
    with pytest.raises(traitlets.TraitError):
        small.view = "tree"


def test_where_clauses_would_be_cut_their_constants_have_short_names_with_a_key():
    def written(graph):
        return [text for box in graph["boxes"] for line in box["lines"] for text, _, _ in line]

    short = drawing("WEST")
    assert short["key"] == "a america · n nono · w west"
    assert "Hostile(n)" in written(short) and not any("…" in text for text in written(short))
    assert short["key"] in texts(ProofExplorer(answer("WEST")).svg())
    assert drawing("SOCRATES")["key"] == "" and "Mortal(socrates)" in written(drawing("SOCRATES"))


def test_a_short_name_is_the_beginning_of_nothing_else():
    premises = [
        "P(agatha) ∧ P(anna) ∧ P(bob) ∧ P(xerxes) ∧ P(yolanda) ∧ P(f(zoroaster))",
        "∀x ∀y (P(x) ∧ P(y) → Q(x, y))",
    ]
    constants = ("agatha", "anna", "bob", "xerxes", "yolanda", "zoroaster")
    goal = "Q(agatha, anna) ∧ Q(bob, xerxes) ∧ Q(yolanda, f(zoroaster))"
    proof = prove(premises, goal, engine="resolution").proof
    names = short_names(proof)
    variables = {variable.name for step in proof for literal in step.literals for variable in literal.atom.variables}
    assert "x" in variables and names["agatha"] == "ag" and names["anna"] == "an" and "bob" not in names
    for name, short in names.items():
        assert name.startswith(short) and short not in variables
        assert sum(other.startswith(short) for other in constants) == 1


@pytest.mark.parametrize("name", NAMES)
def test_the_sentence_of_a_step_and_the_verdict_on_it_share_one_line(name):
    proof = answer(name).proof
    verdict_told = text_width(" This step is right.", bold=True)
    longest = max(runs_width(step_sentence(proof, step)) for step in proof)
    assert longest + verdict_told <= 860 - 32


def test_a_premise_that_cannot_be_true_is_the_whole_proof():
    view = ProofExplorer(prove(["⊥"], "p"))
    assert view.sentence == "Step 1 of 1: premise 1 is false in every world: no more is needed."
    assert view.state["meta"].startswith("1 step from 1 premise")


def test_the_drawing_is_made_for_the_room_that_the_browser_has_and_the_picture_for_all_of_it():
    view, whole = (ProofExplorer(answer("WEST")) for _ in range(2))
    view.room = 720
    assert view.state["drawn_for"] == 720 and view.state["graph"]["space"] < whole.state["graph"]["space"]
    assert view.svg() == whole.svg()


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_is_the_same_every_time_and_stays_in_its_frame(name, width):
    view = ProofExplorer(answer(name), width=width, asked=[1])
    json.dumps([view.state, view.sheets])
    svg = view.svg()
    assert svg == ProofExplorer(answer(name), width=width, asked=[1]).svg()
    document = ElementTree.fromstring(svg)
    assert float(document.get("height")) <= 408 + 64 + 36
    assert document.findtext(f"{SVG}title") == view.sentence
    for number in range(1, len(answer(name).proof) + 1):
        view.step = number
        assert 0 < bottom_of(view.sheets[number - 1]) <= 408 - 84 + 4


def bottom_of(marks):
    return max(place[1] for word, place, _ in marks if word in ("text", "rect"))
