from __future__ import annotations

import pytest
import z3
from finite_structures import formulas
from hypothesis import given

from agentos_lab.logic import And, Atom, ForAll, Function, Variable, from_z3, parse, to_z3


@given(formulas())
def test_there_and_back_is_the_same_formula(formula):
    assert from_z3(to_z3(formula)) == formula


@pytest.mark.parametrize(
    "text",
    [
        "∀x (Man(x) → Mortal(x))",
        "∀x ∃y (Likes(x, y) ∧ ¬Likes(y, f(x)))",
        "p ∨ (q ∧ ¬r) ∨ ⊤ ∨ ⊥",
        "x + 2 * y - 3 <= 7",
        "x > 2.5 ∧ y >= 0.125",
        "∀n (n >= 0 → Even(2 * n))",
        "a + b < c",
    ],
)
def test_numbers_come_back_as_they_were(text):
    assert from_z3(to_z3(text)) == parse(text)


def test_a_constant_is_not_caught_by_a_variable_of_the_same_name():
    x = Variable("x")
    formula = ForAll(x, And((Atom("P", (x,)), Atom("Q", (Function("x"),)))))
    assert from_z3(to_z3(formula)) == formula


def test_what_z3_writes_for_itself_is_read():
    a, b, c = z3.Consts("a b c", z3.DeclareSort("U"))
    p, q = z3.Bools("p q")
    i = z3.Int("i")
    assert str(from_z3(z3.Distinct(a, b, c))) == "a ≠ b ∧ a ≠ c ∧ b ≠ c"
    assert str(from_z3(z3.Xor(p, q))) == "¬(p ↔ q)"
    assert str(from_z3(z3.Sum([i, i, z3.IntVal(-1)]) == -i)) == "i + i + -1 = 0 - i"
    assert str(from_z3(z3.And(p))) == "p" and str(from_z3(z3.And([]))) == "⊤" and str(from_z3(z3.Or([]))) == "⊥"


def test_a_fraction_without_end_is_a_quotient():
    x, y = z3.Reals("x y")
    assert from_z3(x + z3.Q(1, 3) < y).args[0].args[1] == Function("/", Function("1"), Function("3"))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: z3.BitVec("b", 8) == 3, "no term for"),
        (lambda: z3.ULT(z3.BitVec("b", 8), 3), "nothing for bvult"),
        (lambda: z3.If(z3.Bool("p"), z3.Int("i"), 2) == 3, "no term for if"),
        (lambda: z3.Int("i") + 1, "expected an expression of sort Bool"),
    ],
)
def test_what_the_formula_language_lacks_is_named(make, message):
    with pytest.raises(ValueError, match=message):
        from_z3(make())
