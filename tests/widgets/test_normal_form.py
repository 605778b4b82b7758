"""NormalFormStepper in Python: lines and marks, worlds, words, refusals, the static picture."""

from __future__ import annotations

import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.logic import parse, to_cnf
from agentos_lab.logic.formulas import subformulas
from widgets.normal_form import EXAMPLES, NormalFormStepper
from widgets.normal_form_layout import clipped, place, runs_of, window
from widgets.normal_form_lines import lines_of, span
from widgets.normal_form_words import row_rule
from widgets.normal_form_worlds import interpretation, symbols_of, worlds_of

SVG = "{http://www.w3.org/2000/svg}"
LOVED = EXAMPLES["loved animals"]
FORMULAS = [*EXAMPLES.values(), "((a → b) → c) → d", "(p ↔ q) ↔ r", "∀x x ≠ c ∧ ¬¬¬p", "¬(p ↔ (q ∧ ¬q))", "p"]


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


# --- lines -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_a_part_is_marked_where_it_is_printed(text):
    formula = parse(text)
    for path, part in subformulas(formula):
        start, end = span(formula, path)
        assert str(formula)[start:end] == str(part) or "≠" in str(formula)[start:end]


@pytest.mark.parametrize("text", FORMULAS)
def test_each_line_is_the_one_above_with_its_marked_part_replaced(text):
    lines, small = lines_of(to_cnf(text))
    assert small
    for above, line in pairwise(lines[:-1]):
        (start, end), (first, last) = line.before, line.marked
        assert parse(above.text[start:end]) == line.was or line.was.free
        assert str(line.part) == line.text[first:last]


def test_the_loved_animals_are_rewritten_by_these_rules():
    lines, _ = lines_of(to_cnf(LOVED))
    assert [row_rule(line) for line in lines] == [
        "given", "replace →", "replace →", "push ¬ past ∀", "push ¬ past ∨", "drop ¬¬", "rename y", "Skolemise y",
        "Skolemise y2", "drop ∀x", "distribute ∨", "split at ∧",
    ]  # fmt: skip
    assert [line.bracket for line in lines] == ["", *["NNF"] * 5, *["Skolem"] * 3, *["CNF"] * 3]
    assert lines[-1].text == "{Animal(sk1(x)), Loves(sk2(x), x)}  {¬Loves(x, sk1(x)), Loves(sk2(x), x)}"


# --- worlds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", FORMULAS)
def test_rules_without_new_names_keep_every_world_and_new_names_keep_satisfiability(text):
    lines, _ = lines_of(to_cnf(text))
    worlds = worlds_of(parse(text))
    shares = [worlds.shares(line.formula) for line in lines]
    for above, now, line in zip(shares[:-1], shares[1:], lines[1:], strict=True):
        assert now.tried == now.choices
        if line.new_names:
            assert [value > 0 for value in above.values] == [value > 0 for value in now.values]
        else:
            assert above == now


def test_the_worlds_of_the_loved_animals_are_the_known_ones():
    lines, _ = lines_of(to_cnf(LOVED))
    worlds = worlds_of(parse(LOVED))
    shares = [worlds.shares(line.formula) for line in lines]
    assert (worlds.total, len(worlds.places)) == (64, 64)
    assert shares[0].count == 53 and shares[7].count == 53 and shares[8].count == 53
    # In so many of the 64 · 4 · 4 structures with both functions a line agrees with the one above.
    agreements = []
    for above, line in pairwise(lines[6:9]):
        new = [symbol for symbol in symbols_of(lines[8].formula) if symbol not in worlds.symbols]
        structures = [interpretation(worlds.symbols, place, new, choice) for place in range(64) for choice in range(16)]
        agreements.append(sum(s.holds(above.formula) == s.holds(line.formula) for s in structures))
    assert agreements == [904, 730]


def test_many_worlds_are_sampled_and_numbers_have_none():
    worlds = worlds_of(parse("∀x ∀y ∀z (R(x, y) ∧ R(y, z) → R(x, z) ∨ P(f(x, y)))"))
    assert len(set(worlds.places)) == 64 < worlds.total == 2**4 * 2**2 * 2**4
    assert "numbers" in worlds_of(parse("∀x x < 3"))
    assert "arguments" in worlds_of(parse("R(a, a, a, a, a, a)"))
    view = NormalFormStepper("∀x ∀y (R(x, y) → R(y, x) ∨ S(x, y))", step=1)
    assert view.state["steps"][1]["grid"]["title"] == "64 of 256 worlds" and "that were tried" in view.sentence


# --- layout ------------------------------------------------------------------------------------------------------


@given(st.integers(1, 60), st.data())
def test_the_chosen_line_is_in_sight(count, data):
    step = data.draw(st.integers(0, count - 1))
    first, last = window(NormalFormStepper.measures, count, step)
    assert 0 <= first <= step < last <= count and last - first == min(count, NormalFormStepper.measures["rows"])


@given(st.text("ab ∀", min_size=1, max_size=60), st.integers(2, 40), st.data())
def test_the_runs_of_a_line_are_its_text_as_far_as_it_fits(text, room, data):
    start = data.draw(st.integers(0, len(text)))
    mark = (start, data.draw(st.integers(start, len(text))))
    first, last = clipped(text, mark, room)
    joined = "".join(part for _, part in runs_of(text, [mark, (0, 0)], room))
    assert last - first == min(len(text), room) == len(joined)
    assert joined[1:-1] == text[first:last][1:-1] and (joined == text) >= (len(text) <= room)


# --- the view ----------------------------------------------------------------------------------------------------


def test_the_sentence_follows_the_step():
    view = NormalFormStepper()
    assert "as it was given" in view.sentence
    view.step = 1
    assert view.sentence.endswith("it is true in the same 53 of 64 worlds.")
    view.step = 7
    assert view.sentence.startswith("Step 7 of 11: ∃y is replaced by sk1(x). The new line is satisfiable exactly when")
    view.step = 99
    assert view.sentence.startswith("Step 11 of 11")
    assert repr(view) == f"NormalFormStepper: {view.sentence}"


def test_a_text_that_is_no_formula_keeps_the_last_one_and_shows_the_place():
    with pytest.raises(ParseError):
        NormalFormStepper("∀x (P(x")
    view = NormalFormStepper("∃x P(x)")
    view.formula = "∃x (P(x) ∧"
    assert view.state["lines"][0]["text"] == "∃x P(x)"
    assert view.state["problem"]["caret"] == 10 and view.sentence.startswith("Not a formula yet")
    assert "^" in texts(view.svg()) and "∃x (P(x) ∧" in texts(view.svg())
    view.formula = " ∧ ".join(["Mortal(socrates)"] * 20) + " $"
    shown, caret = (view.state["problem"][name] for name in ("text", "caret"))
    assert shown.startswith("…") and shown[caret] == "$"
    view.formula = "∃x (P(x) ∧ Q(x))"
    assert view.state["problem"] is None and len(view.form) == 2


def test_every_rewriting_is_checked_and_a_free_variable_is_refused():
    assert NormalFormStepper("(p ↔ p) ∧ q").state["meta"] == "1 clause · every step checked"
    assert NormalFormStepper("p → p").state["meta"] == "0 clauses · every step checked"
    with pytest.raises(ValueError, match="x is free"):
        NormalFormStepper(parse("∀x P(x)").body)


@pytest.mark.parametrize("text", ["⊤", "¬" * 150 + "p", " ∧ ".join(f"p{n}" for n in range(200)), "R(a, a, a, a, a, a)"])
def test_extreme_formulas_are_shown(text):
    view = NormalFormStepper(text, step=1)
    assert view.svg() and len(json.dumps(view.state)) < 400_000


def test_where_all_choices_are_too_many_some_are_tried_and_it_says_so():
    view = NormalFormStepper("∀X ∀Y (Q(X, Y) ↔ ∀Z (F(Z, X) ↔ F(Z, Y)))", step=99)
    grid = view.state["steps"][-1]["grid"]
    assert "choices of sk1" in grid["note"] and "tried" in grid["note"] and "at least" in grid["captions"][1]


def test_a_long_derivation_is_told_in_phases():
    view = NormalFormStepper(" ∧ ".join(f"¬(a{n} → (b{n} ∧ c{n}))" for n in range(30)))
    assert "whole phase" in view.state["meta"] and len(view.state["lines"]) < 10 and view.svg()


@pytest.mark.parametrize("text", FORMULAS)
def test_the_state_is_json_and_the_picture_the_same_every_time(text):
    view = NormalFormStepper(text)
    json.dumps(view.state)
    for step in range(len(view.state["lines"])):
        view.step = step
        assert view.svg() == NormalFormStepper(text, step=step).svg()
        assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence


@settings(max_examples=20, deadline=None)
@given(st.sampled_from(FORMULAS), st.integers(0, 12), st.sampled_from([640, 860, 1200]))
def test_the_picture_stays_inside_its_frame(text, step, width):
    document = ElementTree.fromstring(NormalFormStepper(text, step=step, width=width).svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 500
    at = place(NormalFormStepper.measures, width)
    assert at["trees_width"] > 100 and at["why_width"] > 100 and at["characters"] >= 36
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
