"""CountermodelView in Python: worlds, verdicts, steps, what is linked with what, the static picture."""

from __future__ import annotations

import doctest
import json
from itertools import product
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic import Atom, Not, Variable, find_countermodel, find_model, parse, prove
from widgets import CountermodelView, countermodel
from widgets.countermodel_reading import readings
from widgets.countermodel_steps import evaluated_rows, windowed
from widgets.countermodel_world import Vocabulary, changed, fact_text, parse_world, world_text, worlds

SVG = "{http://www.w3.org/2000/svg}"
EVERYONE, SOMEONE = "∀x ∃y Likes(x, y)", "∃y ∀x Likes(x, y)"
MIXED = ["∀x (Man(x) → Loves(x, mother(x)))", "Man(socrates) ∨ p", "¬∃x Between(x, x, x)"]
GROUP = {
    "associative": "∀x ∀y ∀z m(m(x, y), z) = m(x, m(y, z))",
    "identity": "∀x (m(x, e) = x ∧ m(e, x) = x)",
    "inverse": "∀x (m(x, i(x)) = e ∧ m(i(x), x) = e)",
}


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def likes(**given):
    return CountermodelView([EVERYONE], SOMEONE, names=["Ann", "Bob"], **given)


# --- worlds as texts -----------------------------------------------------------------------------------------------


@given(st.data(), st.integers(1, 3))
def test_a_world_and_its_text_say_the_same(data, size):
    vocabulary = Vocabulary.of([parse(each) for each in MIXED])
    domain = tuple(f"d{number}" for number in range(1, size + 1))
    world = parse_world("", vocabulary, domain)
    facts = vocabulary.facts(domain)
    for fact in data.draw(st.lists(st.sampled_from(facts), max_size=12)):
        world = changed(world, vocabulary, fact)
    assert parse_world(world_text(world, vocabulary), vocabulary, domain) == world
    fact = data.draw(st.sampled_from(facts))
    other = changed(world, vocabulary, fact)
    differ = [f for f in facts if fact_text(world, vocabulary, f) != fact_text(other, vocabulary, f)]
    assert differ == ([] if size == 1 and fact[0] not in vocabulary.predicates else [fact])


@pytest.mark.parametrize("formulas", [[EVERYONE], ["P(a)", "f(a) = a"], ["p → q"]])
@pytest.mark.parametrize("size", [1, 2])
def test_there_are_as_many_worlds_as_are_counted(formulas, size):
    vocabulary = Vocabulary.of([parse(each) for each in formulas])
    found = list(worlds(vocabulary, tuple("ab")[:size]))
    assert len(set(found)) == len(found) == vocabulary.count(size)


@pytest.mark.parametrize(
    ("text", "message"),
    [("Hates=0110", "do not speak of Hates"), ("Likes=011", "expected 4 digits"), ("Likes=0120", "one of 0, 1"),
     ("Likes", "should give a symbol its digits")],
)  # fmt: skip
def test_a_world_that_is_none_is_refused(text, message):
    with pytest.raises(ValueError, match=message):
        likes(world=text)


# --- verdicts ------------------------------------------------------------------------------------------------------


def test_the_world_of_the_article_refutes_the_swap_of_quantifiers():
    view = likes()
    assert view.sentence.startswith("No. In this world the premise is true and the conclusion is false. Step 8 of 10")
    assert view.structure.holds(EVERYONE) and not view.structure.holds(SOMEONE)
    shown = texts(view.svg())
    for text in (
        "2 countermodels",
        "7 both true",
        "7 both false",
        "0 the other way round: conclusion true, premise false",
        "All 16 worlds with 2 elements",
    ):
        assert text in shown, text


def test_a_changed_fact_is_evaluated_at_once_and_told():
    view = likes()
    view.world = "Likes=1110"
    assert view.sentence.startswith("Not a countermodel any more: the conclusion is true here.")
    view.world = "Likes=0010"
    assert view.sentence.startswith("Not a countermodel any more: the premise is false here.")
    view.world = "Likes=1001"
    assert view.sentence.startswith("No.")


@settings(max_examples=16, deadline=None)
@given(st.sampled_from(["".join(each) for each in product("01", repeat=4)]))
def test_what_is_said_of_a_world_is_what_its_formulas_say(digits):
    view = likes(world=f"Likes={digits}")
    premise, goal = view.structure.holds(EVERYONE), view.structure.holds(SOMEONE)
    assert view.state["kind"] == {(1, 0): "countermodel", (1, 1): "both true", (0, 0): "both false"}[premise, goal]
    assert view.sentence.startswith("No.") is (premise and not goal)


def test_another_size_is_searched_and_no_countermodel_is_no_proof():
    view = likes()
    for size in (1, 3, 4):
        view.size = size
        found = find_model([EVERYONE, Not(parse(SOMEONE))], min_size=size, max_size=size)
        assert (view.state["countermodels"] > 0) is bool(found)
        assert len(view.structure.domain) == size
    view.size = 1
    assert view.sentence.startswith("No world with 1 element is a countermodel, but one with 2 elements is.")
    assert view.structure.domain == ("Ann",)


def test_what_follows_has_no_countermodel_of_any_size_offered():
    view = CountermodelView([SOMEONE], EVERYONE)
    for size in (1, 2, 3):
        view.size = size
        assert view.state["countermodels"] == 0 and view.sentence.startswith("Yes. No world of any size")
        assert view.structure.holds(EVERYONE)


def test_where_no_size_is_enough_a_missing_countermodel_is_no_proof():
    view = CountermodelView(
        ["∀x ¬R(x, x)", "∀x ∃y R(x, y)"], "∃x ∃y ∃z (R(x, y) ∧ R(y, z) ∧ ¬R(x, z))"
    )  # infinite only
    for size in (1, 2, 3):
        view.size = size
        assert view.sentence.startswith("No world with") and "that is no proof" in view.sentence
    assert CountermodelView(["p → q", "p"], "q").sentence.startswith("Yes.")


def test_premises_keep_their_names():
    view = CountermodelView(
        {"all birds fly": "∀x (Bird(x) → Flies(x))"}, "∃x Flies(x)", world="Bird=10; Flies=00", size=2
    )
    assert "“all birds fly” is false here" in view.sentence and "all birds fly" in texts(view.svg())


def test_the_next_countermodel_goes_round_all_of_them():
    view = likes()
    seen = [view.state["present"]]
    for _ in range(view.state["countermodels"] - 1):
        view.world = view.state["another"]
        assert view.state["kind"] == "countermodel"
        seen.append(view.state["present"])
    assert len(set(seen)) == view.state["countermodels"] == 2 and view.state["another"] == seen[0]


def test_results_of_the_engine_are_shown_as_they_are():
    found = find_countermodel(GROUP, "∀x ∀y m(x, y) = m(y, x)")
    view = CountermodelView(found)
    assert view.structure == found.structure and view.state["elements"] == 6
    refuted = prove([EVERYONE], SOMEONE)
    assert CountermodelView(refuted).structure == refuted.countermodel.structure
    with pytest.raises(ValueError, match="premises and a goal"):
        CountermodelView([EVERYONE])
    with pytest.raises(ValueError, match="free"):
        CountermodelView([EVERYONE], Atom("P", (Variable("x"),)))
    with pytest.raises(ValueError, match="name of its own"):
        CountermodelView([EVERYONE], SOMEONE, names=["Ann", "Ann"])


def test_formulas_about_numbers_have_no_finite_world():
    with pytest.raises(ValueError, match="no finite world"):
        CountermodelView(["x > 2 → P(x)"], "P(3)")


def test_whether_a_smaller_world_would_do_is_said_where_it_is_known():
    assert likes().state["meta"] == "no smaller world is a countermodel"
    assert likes(size=3).state["meta"] == ""
    assert (
        CountermodelView(find_countermodel([EVERYONE], SOMEONE)).state["meta"] == "no smaller world is a countermodel"
    )
    assert likes(world="Likes=1111").state["meta"] == ""


def test_too_many_worlds_to_count_are_searched_around_the_found_one():
    view = CountermodelView(MIXED, "∀x Man(x)", size=3)
    assert "Countermodels that differ from the first in one fact" in texts(view.svg())
    assert view.state["countermodels"] >= 1 and view.state["kind"] == "countermodel"


# --- steps ---------------------------------------------------------------------------------------------------------


def test_a_step_is_linked_with_its_row_its_cell_and_its_arrow():
    view = likes(step=7)
    targets = view.state["targets"]
    (row,) = [each for each in targets if each.get("place", [""])[0] == "steps" and each["current"]]
    assert row["label"] == "Likes(Ann, Ann): false"
    (cell,) = [each for each in targets if each.get("place") == ["cells", 0, 0]]
    assert cell["send"]["world"] == "Likes=1110" and cell["label"].startswith("¬Likes(Ann, Ann)")
    arrows = [each for each in targets if "d" in each and each["label"] == cell["label"]]
    assert len(arrows) == 1 and arrows[0]["send"] == cell["send"]
    rings = [mark for mark in view.state["marks"] if mark[0] == "rect" and mark[2].get("thickness") == 2.5]
    assert len(rings) == 1
    x, y, *_ = cell["box"]
    assert rings[0][1][:2] == pytest.approx([x - 0.5, y - 0.5], abs=0.02)


def test_every_row_has_the_truth_value_of_its_formula():
    world = parse_world("Likes=0110", Vocabulary.of([parse(EVERYONE)]), ("a", "b"))
    rows = evaluated_rows(world, {"Premise": parse(EVERYONE), "Conclusion": parse(SOMEONE)})
    told = [(row.text, row.value) for row in rows if row.kind == "step"]
    assert told[:2] == [("x = a: take y = b", True), ("Likes(a, b)", True)]
    assert told[4:6] == [("y = a: not for x = a", False), ("Likes(a, a)", False)]
    for row in rows:
        for name, args in row.facts if row.text.startswith("Likes(") else ():
            assert (args in world.predicates[name]) is row.value


@given(st.integers(0, 300), st.integers(6, 20))
def test_a_window_of_a_long_evaluation_holds_the_chosen_step(step, capacity):
    vocabulary = Vocabulary.of([parse(each) for each in GROUP.values()])
    world = parse_world("", vocabulary, ("a", "b", "c"))
    rows = evaluated_rows(world, {name: parse(text) for name, text in GROUP.items()})
    step = min(step, max(row.step for row in rows))
    shown, above, below = windowed(rows, step, capacity)
    assert len(shown) <= capacity and any(row.step == step for row in shown) and min(above, below) >= 0


@given(
    st.sampled_from(["∀x ∃y R(x, y)", "∀x ∃y R(y, x)", "∃x ∀y R(x, y)", "∃x ∀y R(y, x)"]), st.integers(1, 4), st.data()
)
def test_what_is_read_off_rows_and_columns_is_the_truth_of_the_formula(text, size, data):
    formula, domain = parse(text), tuple("abcd")[:size]
    vocabulary = Vocabulary.of([formula])
    digits = "".join(data.draw(st.lists(st.sampled_from("01"), min_size=size**2, max_size=size**2)))
    world = parse_world(f"R={digits}", vocabulary, domain)
    (reading,) = readings([formula, parse("∀x R(x, x)")], world)["R"]
    assert reading.holds is world.holds(formula) and len(reading.lines) == size
    for element, (good, shows) in zip(domain, reading.lines, strict=True):
        assert bool(shows) is (good is not reading.full)  # a full line and one with nothing in it need no example
        if shows:
            pair = (element, shows) if reading.axis == "row" else (shows, element)
            assert (pair in world.predicates["R"]) is good


def test_the_reading_of_the_quantifiers_is_on_the_picture():
    shown = texts(likes().svg())
    for text in ("every row has one", "no column is full", "not Ann", "not Bob"):
        assert text in shown, text
    assert "a column is full" in texts(likes(world="Likes=1010").svg())


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(countermodel).failed == 0


# --- the picture ---------------------------------------------------------------------------------------------------

VIEWS = {
    "likes": lambda: likes(),
    "three": lambda: likes(size=3),
    "group": lambda: CountermodelView(find_countermodel(GROUP, "∀x ∀y m(x, y) = m(y, x)")),
    "mixed": lambda: CountermodelView(MIXED, "∀x Man(x)"),
    "valid": lambda: CountermodelView([], "P(a) ∨ ¬P(a)"),
    "propositions": lambda: CountermodelView(["p → q", "q"], "p"),
    "large": lambda: CountermodelView(["∀x ∀y (E(x, y) → E(y, x))"], "∃x E(x, x)", size=8),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_state_is_json_and_the_picture_the_same_every_time(name):
    view = VIEWS[name]()
    json.dumps(view.state)
    assert view.svg() == VIEWS[name]().svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
    assert repr(view) == f"CountermodelView: {view.sentence}"


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_stays_inside_its_frame(width, name):
    view = VIEWS[name]()
    view.width = width
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 500
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
    for each in view.state["targets"]:
        if "box" in each:
            x, y, wide, tall = each["box"]
            assert min(x, y) >= 0 and x + wide <= width and y + tall <= view.state["height"], each["label"]


# --- what is long ------------------------------------------------------------------------------------------------


def test_a_long_formula_is_written_out_on_several_lines():
    goal = "∃x ∃y (Person(x) ∧ Donkey(y) ∧ Beats(x, y) ∧ ¬Happy(y))"
    written = texts(CountermodelView(["∃x Person(x)"], goal).svg())
    start = next(place for place, text in enumerate(written) if text.startswith("∃x ∃y (Person"))
    assert " ".join(written[start : start + 2]) == goal
    endless = " ∧ ".join(f"(Person(a{number}) ∨ Donkey(a{number}))" for number in range(30))
    assert any(text.endswith("…") for text in texts(CountermodelView(["p"], endless).svg()))


def test_tables_that_stand_together_mark_their_cells_alike():
    shown = texts(CountermodelView(["∀x (Mensch(x) ∧ Sterblich(x))"], "p", size=2).svg())
    assert shown.count("✓") == 4 and shown.count("Mensch") == 1  # beside its cells, not in them
    shown = texts(CountermodelView(["∀x (Man(x) ∧ Wise(x))"], "p", size=2).svg())
    assert shown.count("✓") == 0 and shown.count("Man") == shown.count("Wise") == 3


def test_what_an_element_is_called_and_has_is_written_under_it_whole():
    shown = texts(CountermodelView(["Mensch(sokrates) ∧ Sterblich(sokrates)"], "p", size=2).svg())
    place = shown.index("sokrates, Mensch,")
    assert shown[place + 1] == "Sterblich"
