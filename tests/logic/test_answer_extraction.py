"""Answer extraction: who it is, each with a proof; or one of several, without knowing which."""

from __future__ import annotations

import pytest

from agentos_lab.logic.answer_extraction import find_answers
from agentos_lab.logic.parser import parse
from agentos_lab.logic.problem import load_problem
from agentos_lab.logic.strategy import Limits


def told(premises: list[str], question: str, **arguments: object) -> list[str]:
    found = find_answers(premises, question, **arguments)
    assert all(answer.proved.proof.check() for answer in found)
    return [str(answer) for answer in found]


def test_every_answer_of_a_small_family_is_found():
    family = ["Parent(Ann, Bob)", "Parent(Bob, Cid)", "Parent(Cid, Dan)"]
    rules = ["∀x ∀y (Parent(x, y) → Ancestor(x, y))", "∀x ∀y ∀z (Parent(x, y) ∧ Ancestor(y, z) → Ancestor(x, z))"]
    assert sorted(told([*family, *rules], "∃x Ancestor(x, Dan)")) == ["x = Ann", "x = Bob", "x = Cid"]
    pairs = told([*family, *rules], "∃x ∃y Ancestor(x, y)")
    assert len(pairs) == 6
    assert "x = Ann, y = Dan" in pairs


def test_when_it_is_one_of_two_nobody_is_accused():
    found = find_answers(["Guilty(Ann) ∨ Guilty(Bob)"], "∃x Guilty(x)")
    assert len(found) == 0
    (group,) = found.alternatives
    assert sorted(str(one["x"]) for one in group) == ["Ann", "Bob"]


def test_equations_lead_to_answers_too():
    assert told(["father(Cid) = Bob", "Tall(father(Cid))"], "∃x Tall(x)")


def test_an_endless_number_of_answers_ends_at_the_number_that_was_asked_for():
    found = find_answers(["Even(0)", "∀x (Even(x) → Even(s(s(x))))"], "∃x Even(x)", most=3)
    assert [str(answer) for answer in found] == ["x = 0", "x = s(s(0))", "x = s(s(s(s(0))))"]
    assert not found.complete


def test_nobody_is_an_answer_too():
    found = find_answers(["P(a)"], "∃x Q(x)")
    assert len(found) == 0 and found.complete
    assert "There are no others." in str(found)


def test_a_limit_is_named():
    found = find_answers(["P(0)", "∀x (P(x) → P(s(x)))"], "∃x Q(x)", limits=Limits(given=20))
    assert not found.complete
    assert "20 given clauses" in found.reason


def test_contradictory_premises_are_told():
    assert "contradict" in find_answers(["P(a)", "¬P(a)"], "∃x Q(x)").reason


def test_a_question_that_asks_for_nothing_is_refused():
    with pytest.raises(ValueError, match="a question begins with ∃"):
        find_answers(["P(a)"], "P(a)")


def test_what_is_only_known_to_exist_is_an_answer_and_its_proof_says_that_it_exists():
    found = find_answers(["∃x (Owns(Nono, x) ∧ Missile(x))"], "∃y ∃z Owns(y, z)")
    (answer,) = found
    assert str(answer.objects["y"]) == "Nono" and answer.unnamed == (str(answer.objects["z"]),)
    assert answer.proved.goal == parse("∃z Owns(Nono, z)")
    assert answer.proved.proof.check()
    assert "only known to exist" in str(found)


def test_the_animals_of_the_steamroller_are_found():
    problem = load_problem("PEL47")
    answer = next(iter(find_answers(problem.premises, problem.goal, most=1)))
    assert len(answer.unnamed) == 2 and answer.proved.proof.check()


def test_a_premise_may_be_called_question():
    found = find_answers({"question": "P(a)", "question'": "P(b)"}, "∃x P(x)")
    assert [str(answer) for answer in found] == ["x = a", "x = b"]
    assert repr(found) == str(found)


@pytest.mark.parametrize("most", [0, -1, "3", 1.5, True])
def test_the_number_of_answers_is_a_number(most):
    with pytest.raises(ValueError, match="most is a number of answers from 1"):
        find_answers(["P(a)"], "∃x P(x)", most=most)
