from __future__ import annotations

import os
import signal
import threading
from itertools import combinations

import pytest
from finite_structures import X, formulas, is_true, structures
from hypothesis import given, settings
from propositional_problems import pigeonhole

from agentos_lab.logic import Atom, Equal, Function, NoModel, Structure, Variable, find_model

GROUP = ["∀x y z (m(m(x,y),z) = m(x,m(y,z)))", "∀x (m(e,x) = x)", "∀x (m(i(x),x) = e)"]
ORDER = ["∀x ∃y Greater(y,x)", "∀x ¬Greater(x,x)", "∀x y z (Greater(x,y) ∧ Greater(y,z) → Greater(x,z))"]


def different(names: list[str]) -> list[str]:
    return [f"{one} != {other}" for one, other in combinations(names, 2)]


def too_many_pigeons(holes: int) -> list[str]:
    clauses = pigeonhole(holes + 1, holes)
    return [" | ".join(f"{'~' * (literal < 0)}p{abs(literal)}" for literal in clause) for clause in clauses]


@given(formulas(functions=False, equality=False))
@settings(max_examples=40)
def test_without_functions_no_model_of_any_size_means_none_of_the_small_sizes(formula):
    found = find_model([formula], max_size=4)
    if isinstance(found, NoModel) and found.complete:
        assert not any(is_true(formula, s) for size in (1, 2) for s in structures(size, functions=False))


@pytest.mark.parametrize(
    ("laws", "sizes"),
    [
        # Steiner triple systems: 1 or 3 modulo 6 points (Kirkman 1847).
        (["∀x (t(x,x) = x)", "∀x y (t(x,y) = t(y,x))", "∀x y (t(x,t(x,y)) = y)"], [1, 3, 7]),
        (["∀x (f(f(x)) = x)", "∀x (f(x) != x)"], [2, 4, 6, 8]),
    ],
)
def test_models_exist_at_the_sizes_that_are_known(laws, sizes):
    for size in range(1, 9):
        found = find_model(laws, min_size=size, max_size=size)
        assert isinstance(found, Structure) == (size in sizes), size


def test_the_smallest_group_that_does_not_commute_has_six_elements():
    found = find_model([*GROUP, "∃x y (m(x,y) ≠ m(y,x))"])
    assert found.size == 6
    own_inverse = Equal(Function("i", X), X)
    assert sum(found.holds(own_inverse, {"x": element}) for element in found.domain) == 4  # that of S₃, the only one


def test_twenty_constants_that_differ_take_twenty_elements():
    names = [f"c{number}" for number in range(20)]
    found = find_model([*different(names), "∀x y z (E(x,y) ∧ E(y,z) → E(x,z))"], max_size=20)
    assert found.size == 20 and len(set(found.constants.values())) == 20


def test_a_chain_of_facts_is_decided_by_one_element_for_each_name():
    facts = [f"E(c{number},c{number + 1})" for number in range(20)]
    found = find_model([*facts, "∀x y z (E(x,y) ∧ E(y,z) → E(x,z))", "¬E(c0,c20)"])
    assert found.complete and "21 elements would be enough" in found.reason


def test_only_infinite_models_means_none_up_to_the_size_tried():
    found = find_model(ORDER, max_size=5)
    assert (found.size, found.complete) == (5, False)
    assert str(found) == (
        "No model with up to 5 elements; larger ones were not tried (max_size=5). That is no proof that there is none."
    )


def test_each_limit_is_named():
    assert "rlimit was used up" in find_model(too_many_pigeons(9), rlimit=100_000).reason
    assert "CPU time ended" in find_model(ORDER, seconds=0).reason
    names = " ".join(f"x{number}" for number in range(12))
    links = " | ".join(f"~R(x{i},x{j})" for i in range(12) for j in range(i))
    found = find_model([f"forall {names}. ({links})", "exists x y (x != y)"], max_literals=10_000)
    assert found.reason == "size 2 takes more than 10,000 literals" and found.size == 1


def test_the_same_question_has_the_same_answer():
    answers = {str(find_model([*GROUP, "a != b", "m(a,b) = c"])) for _ in range(3)}
    assert len(answers) == 1
    reasons = {find_model(too_many_pigeons(8), rlimit=50_000).reason for _ in range(2)}
    assert len(reasons) == 1


def test_numbers_have_no_finite_domain():
    assert "numbers" in find_model(["n < 3"]).reason


@pytest.mark.parametrize(
    ("questions", "message"),
    [
        ([Atom("P", (Variable("x"),))], "x is free in P"),
        (["P(a)", "P(a,b)"], "P is a predicate of 2 arguments here"),
        (["P(a"], "never closed|ends too early"),
    ],
)
def test_bad_formulas_are_refused(questions, message):
    with pytest.raises(ValueError, match=message):
        find_model(questions)


def test_bad_sizes_are_refused():
    with pytest.raises(ValueError, match="min_size=0"):
        find_model(["p"], min_size=0)
    with pytest.raises(ValueError, match="max_size=2"):
        find_model(["p"], min_size=3, max_size=2)


@pytest.mark.skipif(os.name == "nt", reason="Windows sends no SIGINT to itself")
def test_ctrl_c_ends_a_search():
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGINT)).start()
    with pytest.raises(KeyboardInterrupt):
        find_model(too_many_pigeons(12), rlimit=10**9, seconds=60)
