"""The checks of notebook 42: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest

from agentos_lab.logic import GaveUp, Proved, Refuted, check_proof, clause_set, parse, prove
from agentos_lab.logic.resolution import resolvents
from agentos_lab.teaching import check


def opposite(literal):
    return literal[1:] if literal.startswith("~") else "~" + literal


def resolve(one, other):
    pairs = [(literal, opposite(literal)) for literal in one if opposite(literal) in other]
    return {frozenset(one - {a} | other - {b}) for a, b in pairs}


def resolve_all(one, other):
    both = one | other
    return {frozenset(x for x in both if opposite(x) not in both) for y in one if opposite(y) in other}


def contradictory(clauses, resolve):
    known = list(dict.fromkeys(clauses))
    for given in known:
        for partner in tuple(known):
            known += [new for new in resolve(given, partner) | resolve(partner, given) if new not in known]
    return frozenset() in known


def may_act(answer):
    if isinstance(answer, Refuted):
        return "refuse"
    sure = isinstance(answer, Proved) and not answer.contradictory and answer.proof is not None
    return "act" if sure and check_proof(answer.proof) else "ask a person"


def trusting(answer):
    if isinstance(answer, GaveUp):
        return "ask a person"
    return "act" if answer else "refuse"


def careful(answer):
    return trusting(answer) if not getattr(answer, "contradictory", False) else "ask a person"


def more_careful(answer):
    return careful(answer) if getattr(answer, "proof", "") is not None else "ask a person"


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("resolvent_counts", [1, 0, 2, 2]),
        ("resolvent_counts", (1, 0, 2, 2)),
        ("resolve", resolve),
        ("contradictory", contradictory),
        ("may_act", may_act),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"42.{name}", answer)


@pytest.mark.parametrize(
    ("one", "other", "number"),
    [
        ("∀x (P(x) ∨ Q(x))", "¬P(a) ∨ R(a)", 1),
        ("∀x P(x, x)", "∀y ¬P(y, f(y))", 0),
        ("P ∨ Q", "¬P ∨ ¬Q", 2),
        ("P(a) ∨ P(b)", "∀x ¬P(x)", 2),
    ],
)
def test_the_numbers_of_resolvents_are_those_of_the_library(one, other, number):
    left, right = clause_set({"one": parse(one), "other": parse(other)}, None).clauses
    found = {
        literals
        for at, (sign, _) in enumerate(left.literals)
        for place, (other_sign, _) in enumerate(right.literals)
        if sign != other_sign
        for literals, _ in resolvents(left, at, right, place)
    }
    assert len(found) == number


@pytest.mark.parametrize("text", ["P, ~P", "P Q, ~P ~Q", "P Q, P ~Q, ~P Q, ~P ~Q", "A, ~A B, ~B C, ~C", "A B, ~A C"])
def test_the_prover_of_the_exercise_agrees_with_the_library(text):
    clauses = [frozenset(clause.split()) for clause in text.split(",")]
    answer = prove([" ∨ ".join(sorted(clause)).replace("~", "¬") for clause in clauses])
    assert contradictory(clauses, resolve) == bool(answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("resolvent_counts", [0, 0, 2, 2], "x = a"),
        ("resolvent_counts", [2, 0, 2, 2], "no partner"),
        ("resolvent_counts", [1, 1, 2, 2], "occurs check"),
        ("resolvent_counts", [1, 0, 1, 2], "Two pairs"),
        ("resolvent_counts", [1, 0, 0, 2], "Tautologies"),
        ("resolvent_counts", [1, 0, 2, 1], "with P(a) and with P(b)"),
        ("resolvent_counts", [1, 0, 2, 0], "x may be b"),
        ("resolvent_counts", [1, 0, 2, 4], "How many pairs"),
        ("resolvent_counts", [1, 0, 2], "has 3 entries, expected 4"),
        ("resolvent_counts", ["1", "0", "2", "2"], "Entry 1 is '1'"),
        ("resolvent_counts", [True, False, 2, 2], "Entry 1 is True"),
        ("resolve", resolve_all, "All pairs"),
        ("resolve", lambda one, other: {one | other for x in one if opposite(x) in other}, "Nothing is left out"),
        (
            "resolve",
            lambda one, other: {(one | other) - {x, opposite(x)} for x in one if opposite(x) in other},
            "from `one` only",
        ),
        ("resolve", lambda one, other: set(), "missing"),
        ("contradictory", lambda clauses, resolve: not contradictory(clauses, resolve), "other way round"),
        (
            "contradictory",
            lambda clauses, resolve: (
                any(frozenset() in resolve(a, b) for a in clauses for b in clauses) or frozenset() in clauses
            ),
            "Conclusions must take part",
        ),
        ("contradictory", lambda clauses, resolve: True, "verdict"),
        ("may_act", lambda answer: "act" if answer else "refuse", "isinstance(answer, GaveUp)"),
        ("may_act", lambda answer: "act", "countermodel"),
        ("may_act", lambda answer: "refuse", "It is proved"),
        ("may_act", trusting, "everything follows"),
        ("may_act", careful, "is None"),
        ("may_act", more_careful, "check_proof"),
        ("may_act", 5, "A function was expected"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"42.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["resolvent_counts", "resolve", "contradictory", "may_act"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"42.{name}", ...).verdict == "open"
    if name != "resolvent_counts":
        assert check(f"42.{name}", lambda *arguments: ...).verdict == "open"
