"""Whether it follows: three answers, several engines, and no wrong verdict."""

from __future__ import annotations

import pytest

from agentos_lab.errors import ParseError
from agentos_lab.logic import proving
from agentos_lab.logic.answers import EngineDisagreement, GaveUp, Proved, Refuted
from agentos_lab.logic.problem import load_problem
from agentos_lab.logic.proof_check import check_proof
from agentos_lab.logic.proving import prove
from agentos_lab.logic.strategy import Limits, Strategy

SOCRATES = {"all men": "∀x (Man(x) → Mortal(x))", "a man": "Man(Socrates)", "beside the point": "Man(Plato)"}


@pytest.mark.parametrize("engine", proving.ENGINES)
def test_what_follows_is_proved_from_what_is_needed(engine):
    answer = prove(SOCRATES, "Mortal(Socrates)", engine=engine)
    assert isinstance(answer, Proved) and answer
    assert answer.used == ("all men", "a man")
    assert not answer.contradictory
    if engine != "z3":
        assert check_proof(answer.proof)


@pytest.mark.parametrize("engine", proving.ENGINES)
def test_what_does_not_follow_is_refuted_by_a_structure(engine):
    answer = prove(SOCRATES, "∀x Mortal(x)", engine=engine)
    assert isinstance(answer, Refuted) and not answer
    assert answer.countermodel is not None
    structure = answer.countermodel.structure
    assert all(structure.holds(premise) for premise in SOCRATES.values())
    assert not structure.holds("∀x Mortal(x)")


@pytest.mark.parametrize("engine", proving.ENGINES)
def test_contradictory_premises_prove_everything_and_are_named(engine):
    answer = prove(["P", "Q", "¬P"], "R", engine=engine)
    assert isinstance(answer, Proved)
    assert answer.contradictory
    assert answer.used == ("premise 1", "premise 3")
    assert "contradict each other" in str(answer)


def test_without_a_goal_the_premises_are_tried_for_a_contradiction():
    assert isinstance(prove(["P → Q", "P", "¬Q"]), Proved)
    assert isinstance(prove(["P → Q", "P"]), Refuted)


def test_numbers_are_left_to_z3():
    assert prove(["x > 2", "y > x"], "y > 3 ∨ y = 4")
    assert not prove(["x > 2"], "x > 3")
    assert (
        prove(["x > 2"], "x > 3", engine="resolution").reason
        == "resolution knows nothing of numbers, and found no proof without them"
    )


def test_giving_up_is_no_answer_and_names_the_limits():
    dense = [
        "∀x ¬R(x, x)",
        "∀x ∀y ∀z (R(x, y) ∧ R(y, z) → R(x, z))",
        "∀x ∃y R(x, y)",
        "∀x ∀y (R(x, y) → ∃z (R(x, z) ∧ R(z, y)))",
    ]
    answer = prove(dense, "∃x ∀y R(x, y)", limits=Limits(given=100, clauses=2_000), engine="resolution")
    assert isinstance(answer, GaveUp)
    assert "given clauses" in answer.reason
    with pytest.raises(ValueError, match="neither yes nor no"):
        bool(answer)


def test_the_same_question_gets_the_same_answer_without_a_clock():
    problem = load_problem("PEL47")
    one, other = (prove(problem.premises, problem.goal) for _ in range(2))
    assert str(one.proof) == str(other.proof)


def test_the_limit_that_was_given_is_the_limit_that_is_named():
    endless = ["P(0)", "∀x (P(x) → P(s(x)))"]
    answer = prove(endless, "∃x Q(x)", engine="resolution", strategy=Strategy(), limits=Limits(given=10**6, clauses=40))
    assert answer.reason == "resolution reached its limit of 40 clauses"


def test_a_predicate_that_no_premise_mentions_is_pointed_out_with_the_likely_one():
    refuted = prove(SOCRATES, "Mortl(Socrates)")
    assert isinstance(refuted, Refuted) and refuted.hint == "No premise mentions Mortl; did you mean Mortal?"
    assert str(refuted).splitlines()[1] == refuted.hint and refuted.hint in refuted._repr_html_()
    gave_up = prove(["P(0)", "∀x (P(x) → P(s(x)))"], "∃x Q(x)", engine="resolution", limits=Limits(clauses=40))
    assert isinstance(gave_up, GaveUp) and str(gave_up).splitlines()[1:] == ["No premise mentions Q."]


@pytest.mark.parametrize(
    ("premises", "goal"),
    [(SOCRATES, "Mortal(Aristotle)"), ([], "P"), (["P"], None), (["a < 3"], "a > 5"), (["a = b"], "a = c")],
)
def test_nothing_is_pointed_out_where_nothing_is_strange(premises, goal):
    answer = prove(premises, goal)
    assert isinstance(answer, Refuted) and answer.hint == "" and "No premise" not in str(answer)


def test_engines_that_contradict_each_other_are_reported(monkeypatch):
    monkeypatch.setattr(proving, "_z3", lambda task: Refuted(task.goal, None, "z3", "a mistake"))
    with pytest.raises(EngineDisagreement, match="One of them is wrong"):
        prove(SOCRATES, "Mortal(Socrates)", engine="both")


def test_resolution_searches_as_the_strategy_says():
    strategy = Strategy(equality="axioms", demodulation=False)
    answer = prove(["P(a)", "a = b"], "P(b)", engine="resolution", strategy=strategy)
    assert isinstance(answer, Proved)
    assert "equality: congruent in argument 1 of P" in answer.used
    assert check_proof(answer.proof)


THEOREMS = ("PEL18", "PEL24", "PEL47", "PEL55", "PEL56", "PEL62", "PEL66", "GRP_INV")


@pytest.mark.parametrize("name", THEOREMS)
def test_problems_of_the_collection_are_decided(name):
    problem = load_problem(name)
    answer = prove(problem.premises, problem.goal, seconds=10)
    assert isinstance(answer, Proved)
    if answer.proof is not None:
        assert check_proof(answer.proof)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"premises": ["P("], "goal": "P"}, ParseError, "line 1"),
        ({"premises": ["P(a)"], "goal": "P(a, b)"}, ValueError, "P is a predicate of 2 arguments"),
        ({"premises": [], "goal": "P", "engine": "prolog"}, ValueError, "engine is one of portfolio"),
        ({"premises": [], "goal": "P", "seconds": 0}, ValueError, "larger than 0"),
    ],
)
def test_bad_input_is_refused_with_the_reason(arguments, error, message):
    premises = arguments.pop("premises")
    goal = arguments.pop("goal")
    with pytest.raises(error, match=message):
        prove(premises, goal, **arguments)
