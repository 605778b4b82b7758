"""Refutation of random problems, held against all small structures and Z3: sound, and complete where it saturates."""

from __future__ import annotations

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agentos_lab.logic.parser import parse
from agentos_lab.logic.proof_check import check_proof
from agentos_lab.logic.refutation import clause_set, refute
from agentos_lab.logic.strategy import Limits, Strategy
from agentos_lab.logic.z3_backend import entails
from tests.finite_structures import formulas, is_true, structures

SMALL = Limits(given=60, clauses=2_000)
STRUCTURES = [s for size in (1, 2) for s in structures(size)][::7]
STRATEGIES = [
    Strategy(),
    Strategy(selection="none"),
    Strategy(selection="none", ordered=False, shortening=False),
    Strategy(equality="axioms"),
    Strategy(subsumption=False, demodulation=False),
]
RANDOM = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))


@RANDOM
@given(st.lists(formulas(depth=2), max_size=3), formulas(depth=2), st.sampled_from(STRATEGIES))
def test_a_proof_is_right_and_a_saturation_means_that_nothing_follows(premises, goal, strategy):
    named = {f"premise {number}": formula for number, formula in enumerate(premises)}
    found = refute(named, goal, strategy, SMALL)
    if found.proof is not None:
        assert check_proof(found.proof), check_proof(found.proof)
        for structure in STRUCTURES:
            assert not all(is_true(p, structure) for p in premises) or is_true(goal, structure), str(structure)
    if found.saturated:
        assert entails(named, goal, rlimit=300_000).status != "entailed"


@RANDOM
@given(formulas(depth=2))
def test_a_formula_follows_from_itself(formula):
    assert refute({"itself": formula}, formula, None, Limits(given=400, clauses=20_000)).proof is not None


@RANDOM
@given(formulas(depth=3))
def test_a_search_never_ends_before_a_larger_formula_follows_from_itself(formula):
    """One in some hundreds reaches the limit, but none may end with nothing left to do."""
    found = refute({"itself": formula}, formula, None, Limits(given=150, clauses=4_000))
    assert not found.saturated
    assert found.proof is None or check_proof(found.proof)


def test_the_clauses_know_where_they_come_from():
    from agentos_lab.logic.parser import parse

    problem = clause_set({"rule": parse("∀x (P(x) → Q(x))"), "fact": parse("P(a) ∧ P(b)")}, parse("Q(a)"))
    assert [clause.inference.name for clause in problem.clauses] == ["rule", "fact", "fact", "negated goal"]
    assert [clause.from_goal for clause in problem.clauses] == [False, False, False, True]


def test_texts_and_lists_will_do_as_for_prove():
    assert refute(["P → Q", "P"], "Q").proof is not None
    assert refute({"rule": "P → Q", "fact": parse("P")}, "Q").proof.used == ("rule", "fact")
    assert len(clause_set(["P → Q", "P"])) == 2


def test_a_refutation_and_its_clauses_print_in_words():
    assert str(clause_set(["P → Q", "P"], "Q")) == "¬P ∨ Q    premise 1\nP    premise 2\n¬Q    negated goal"
    assert str(clause_set([])) == "no clause: nothing can be refuted"
    assert repr(refute(["P → Q", "P"], "Q")).startswith("A proof of 5 steps (□ found: 3 given")
    assert repr(refute(["P → Q"], "Q")).startswith("There is no proof (nothing is left:")
    assert "its limit of 0 given clauses" in repr(refute(["P → Q", "P"], "Q", limits=Limits(given=0)))
