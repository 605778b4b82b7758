"""Formulas are values: made of formulas and terms only, of bounded depth, and careful with variables."""

from __future__ import annotations

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_formulas import OPEN_FORMULAS, truth

from agentos_lab.logic import (
    FALSE,
    TRUE,
    And,
    Atom,
    Exists,
    ForAll,
    Formula,
    Function,
    Implies,
    Not,
    Or,
    Variable,
    parse,
)
from agentos_lab.logic.formulas import atoms, conjunction, disjunction, replace_terms, subformulas

x, y = Variable("x"), Variable("y")
p = Atom("p")


def test_patterns_take_formulas_apart() -> None:
    match parse("∀x (Man(x) → Mortal(x))"):
        case ForAll(variable, Implies(Atom("Man", (argument,)), conclusion)):
            assert variable is argument is x and conclusion == Atom("Mortal", (x,))
        case _:
            raise AssertionError("the pattern should fit")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Not("p"), "Not is made of formulas, got 'p'; parse\\(\\) reads text"),
        (lambda: And((p, "q")), "And is made of formulas"),
        (lambda: And((p,)), r"a conjunction has a tuple of two or more parts.*conjunction\(\[…\]\)"),
        (lambda: Or([p, p]), "a disjunction has a tuple"),
        (lambda: Atom("P", ("x",)), "P takes a tuple of terms"),
        (lambda: Atom("P", x), "P takes a tuple of terms"),
    ],
)
def test_what_is_no_formula_is_refused(make, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        make()


def test_formulas_are_bounded_in_depth_and_not_in_width() -> None:
    formula: Formula = p
    for _ in range(199):
        formula = Not(formula)
    assert formula.depth == 200 and formula.free == frozenset()
    with pytest.raises(ValueError, match="nested more than 200 deep; And and Or take any number of parts"):
        Not(formula)
    assert And(tuple(Atom(f"p{i}") for i in range(10_000))).depth == 2
    assert pickle.loads(pickle.dumps(formula)) == formula


def test_joining_none_one_and_many() -> None:
    assert (conjunction([]), conjunction([p]), conjunction([p, p])) == (TRUE, p, And((p, p)))
    assert (disjunction([]), disjunction([p]), disjunction([p, p])) == (FALSE, p, Or((p, p)))


def test_free_variables_and_atoms() -> None:
    formula = Implies(ForAll(x, Atom("R", (x, y))), Exists(y, Atom("P", (x,))))
    assert formula.free == {x, y}
    assert [str(atom) for atom in atoms(formula)] == ["R(x, y)", "P(x)"]
    assert [path for path, _ in subformulas(formula)] == [(), (0,), (0, 0), (1,), (1, 0)]


def test_a_variable_that_comes_in_is_not_caught() -> None:
    formula = ForAll(y, Atom("R", (x, y)))
    assert str(replace_terms(formula, {x: Function("f", y)})) == "∀y' R(f(y), y')"
    assert replace_terms(formula, {y: x}) == formula  # a bound variable is nobody else's


@given(OPEN_FORMULAS, st.sampled_from([Function("a"), y, Function("f", y), Function("f", Function("a"))]))
def test_replacing_means_the_same_as_naming_the_value(formula: Formula, value) -> None:
    """For all y: the formula with x replaced holds when the formula holds for the x that has that value."""
    from agentos_lab.logic import Equal

    z = Variable("z")
    replaced = replace_terms(formula, {x: value})
    named = Exists(z, And((Equal(z, value), replace_terms(formula, {x: z}))))
    assert truth(ForAll(y, replaced)) == truth(ForAll(y, named))
