from __future__ import annotations

from fractions import Fraction

import pytest

from agentos_lab.logic import true_for
from agentos_lab.logic.arithmetic import number_value
from agentos_lab.logic.terms import Function


@pytest.mark.parametrize(
    ("formula", "verdict"),
    [
        ("x + 2 * y = 11", True),
        ("x - y < 0 & y >= 4", True),
        ("x * y = 13 | p", False),
        ("p -> x = 17", True),
        ("(x < y) <-> p", False),
        ("true & ~false", True),
        ("x = z", None),
        ("∀n (n = n) & x = 3", None),
        ("f(x) = 3", None),
        ("Odd(x)", None),
    ],
)
def test_formulas_are_evaluated_where_they_have_a_fixed_meaning(formula, verdict):
    assert true_for(formula, {"x": "3", "y": 4, "p": "false"}) is verdict


def test_fractions_are_exact():
    third = {"t": "1/3", "u": Fraction(1, 3)}
    assert true_for("t + u + t = 1", third) is True
    assert number_value(Function("/", Function("1"), Function("4")), {}) == Fraction(1, 4)


def test_division_by_zero_has_no_value():
    from agentos_lab.logic import Equal

    assert true_for(Equal(Function("/", Function("1"), Function("0")), Function("1")), {}) is None
