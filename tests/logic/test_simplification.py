"""Simplification: each rule does what it says, and a simplified clause says the same as before, given the units."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from small_clauses import clause, closed, made

from agentos_lab.logic.clauses import Literal
from agentos_lab.logic.simplification import Simplifier, condensed, without_certain_inequations
from agentos_lab.logic.terms import Function, Variable
from agentos_lab.logic.z3_backend import follows


def simplified(text: str, *units: str) -> str:
    simplifier = Simplifier()
    for number, unit in enumerate(units):
        made = clause(unit)
        made.number = number
        simplifier.add(made)
    return str(simplifier.simplified(clause(text)))


@pytest.mark.parametrize(
    ("text", "units", "expected"),
    [
        ("P(f(f(a)))", ["f(x) = x"], "P(a)"),
        ("P(g(a, b))", ["g(x, y) = g(y, x)"], "P(g(a, b))"),
        ("P(g(b, a))", ["g(x, y) = g(y, x)"], "P(g(a, b))"),
        ("P(a) ∨ Q(b)", ["¬P(x)"], "Q(b)"),
        ("a = b ∨ Q(b)", ["b ≠ a"], "Q(b)"),
        ("P(a)", ["¬P(a)"], "□"),
        ("a ≠ a ∨ Q(b)", [], "Q(b)"),
        ("x ≠ f(y) ∨ P(x) ∨ R(x, y)", [], "P(f(X0)) ∨ R(f(X0), X0)"),
        ("P(x) ∨ P(a)", [], "P(a)"),
        ("R(x, y) ∨ R(y, x)", [], "R(X0, X1) ∨ R(X1, X0)"),
        ("¬P(x) ∨ Q(x) ∨ ¬P(y) ∨ Q(y)", [], "Q(X0) ∨ ¬P(X0)"),
    ],
)
def test_clauses_become_simpler(text, units, expected):
    assert simplified(text, *units) == expected


def test_what_is_taken_out_simplifies_no_longer():
    simplifier = Simplifier()
    equation = clause("f(x) = x")
    simplifier.add(equation)
    simplifier.remove(equation)
    target = clause("P(f(a))")
    assert simplifier.simplified(target) is target


def test_each_kind_of_simplification_can_be_turned_off():
    target = clause("P(f(a)) ∨ P(x)")
    for switches in ({"demodulation": False}, {"shortening": False}):
        simplifier = Simplifier(**switches)
        simplifier.add(clause("f(x) = x"))
        assert len(simplifier.simplified(target)) == (2 if "shortening" in switches else 1)


X = [Variable("X0"), Variable("X1")]
TERMS = st.recursive(
    st.sampled_from([*X, Function("a"), Function("b")]),
    lambda inner: st.builds(Function, st.just("f"), inner),
    max_leaves=2,
)
ATOMS = st.one_of(
    st.builds(Function, st.just("P"), TERMS),
    st.builds(Function, st.just("R"), TERMS, TERMS),
    st.builds(Function, st.just("="), TERMS, TERMS),
)
LITERALS = st.builds(Literal, st.booleans(), ATOMS)


@settings(max_examples=80, deadline=None)
@given(st.lists(LITERALS, min_size=1, max_size=3), st.lists(LITERALS, max_size=2))
def test_a_simplified_clause_says_the_same_as_before_given_the_units(literals, units):
    simplifier = Simplifier()
    known = [made([unit]) for unit in units]
    for number, unit in enumerate(known):
        unit.number = number
        simplifier.add(unit)
    target = made(literals)
    simpler = simplifier.simplified(target)
    if simpler is not target:
        premises = [closed(unit.literals) for unit in known]
        assert follows([*premises, closed(target.literals)], closed(simpler.literals), rlimit=200_000) is not False
        assert follows([*premises, closed(simpler.literals)], closed(target.literals), rlimit=200_000) is not False


@settings(max_examples=60, deadline=None)
@given(st.lists(LITERALS, min_size=1, max_size=3))
def test_without_units_only_what_the_clause_says_itself_is_used(literals):
    target = made(literals)
    for simpler in (condensed(target), without_certain_inequations(target)):
        if simpler is not target:
            assert follows([closed(target.literals)], closed(simpler.literals), rlimit=200_000) is not False
            assert follows([closed(simpler.literals)], closed(target.literals), rlimit=200_000) is not False
