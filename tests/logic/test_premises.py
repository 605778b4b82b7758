from __future__ import annotations

import re

import pytest

from agentos_lab.logic import Atom, Variable, clause_set, load_problem, parse, prove, refute
from agentos_lab.logic.premises import closed_signature, goal_formula, named_formulas


def test_premises_without_names_are_counted():
    assert named_formulas(["p", "q"]) == {"premise 1": parse("p"), "premise 2": parse("q")}
    assert named_formulas({"rain": "p"}) == {"rain": parse("p")}
    assert named_formulas("p") == named_formulas(parse("p")) == {"premise 1": parse("p")}


def test_all_formulas_share_one_signature():
    assert closed_signature([parse("P(a)"), parse("R(a,b)")]).symbols["R"] == ("predicate", 2)
    with pytest.raises(ValueError, match="P is a predicate of 2 arguments here"):
        closed_signature([parse("P(a)"), parse("P(a,b)")])
    with pytest.raises(ValueError, match=r"x is free in P\(x\); bind it"):
        closed_signature([Atom("P", (Variable("x"),))])


@pytest.mark.parametrize(
    ("premises", "message"),
    [
        (None, "premises are a list of formulas, or a mapping from names to formulas, got NoneType"),
        (5, "got int"),
        (b"P", "got bytes"),
        (Variable("x"), "got Variable"),
        (load_problem("PEL24"), "got Problem; meant was its .premises"),
        (["P", None], "premise 2: expected a formula or its text, got NoneType"),
        ({"rain": ["P"]}, "rain: expected a formula or its text, got list"),
        ({1: "P", "1": "Q"}, "a name is a text with at least one character, got 1"),
        ({" ": "P"}, "a name is a text"),
        ({"negated goal": "P"}, "'negated goal' is what proofs call the negation of the goal"),
    ],
)
def test_what_cannot_be_premises_is_refused_with_its_place(premises, message):
    for read in (named_formulas, lambda given: prove(given, "P"), lambda given: clause_set(given, parse("P"))):
        with pytest.raises(ValueError, match=re.escape(message)):
            read(premises)


def test_a_goal_is_one_formula():
    assert goal_formula("P") == goal_formula(parse("P")) == parse("P")
    assert goal_formula(None) is None
    for search in (prove, refute):
        with pytest.raises(ValueError, match=r"the goal is one formula or its text, got list; the premises come first"):
            search("P", ["P", "P → Q"])


def test_the_names_of_the_prover_itself_are_not_taken_for_predicates():
    with pytest.raises(ValueError, match='the predicate "=" of "="\\(a, b\\) would be taken for equality'):
        prove(['"="(a, b)', "R(a)"], "R(b)")
    with pytest.raises(ValueError, match="the predicate with which the prover collects answers"):
        prove(['"answer!"(a)'], '"answer!"(a)')
