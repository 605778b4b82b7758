from __future__ import annotations

import pytest

from agentos_lab.logic import Equal, parse
from agentos_lab.logic.formula_comparison import (
    constant_names,
    differs_by_exchange,
    instantiating_term,
    same_formula,
)
from agentos_lab.logic.formulas import ForAll


@pytest.mark.parametrize(
    ("a", "b", "same"),
    [
        ("forall x P(x)", "forall y P(y)", True),
        ("forall x exists y R(x, y)", "forall y exists x R(y, x)", True),
        ("forall x exists y R(x, y)", "forall x exists y R(y, x)", False),
        ("forall x (P(x) & Q(a))", "forall y (P(y) & Q(a))", True),
        ("forall x P(x)", "exists x P(x)", False),
        ("p & q", "q & p", False),
        ("a = b", "b = a", False),
        ("~false", "~false", True),
    ],
)
def test_names_of_bound_variables_do_not_matter(a, b, same):
    assert same_formula(parse(a), parse(b)) is same


@pytest.mark.parametrize(
    ("general", "instance", "term"),
    [
        ("forall x R(x, x)", "R(f(a), f(a))", "f(a)"),
        ("forall x R(x, x)", "R(a, b)", None),
        ("forall x R(x, b)", "R(b, b)", "b"),
        ("forall x exists y R(x, y)", "exists z R(a, z)", "a"),
        ("forall x exists y R(x, y)", "exists y R(y, y)", None),
        ("forall x p", "p", "x"),
        ("forall x (x = a)", "b = a", "b"),
    ],
)
def test_an_instance_tells_its_term(general, instance, term):
    read = parse(general)
    assert isinstance(read, ForAll)
    found = instantiating_term(read.variable, read.body, parse(instance))
    assert (None if found is None else str(found)) == term


@pytest.mark.parametrize(
    ("before", "after", "exchanged"),
    [
        ("P(a, a)", "P(a, b)", True),
        ("P(a, a)", "P(b, b)", True),
        ("P(f(a))", "P(f(b))", True),
        ("P(b)", "P(a)", False),
        ("forall x R(x, a)", "forall y R(y, b)", True),
        ("P(a)", "P(c)", False),
    ],
)
def test_equals_may_be_exchanged_at_any_number_of_places(before, after, exchanged):
    equation = parse("a = b")
    assert isinstance(equation, Equal)
    assert differs_by_exchange(equation.left, equation.right, parse(before), parse(after)) is exchanged


def test_constants_are_named_and_variables_are_not():
    assert constant_names(parse("forall x R(x, f(a), 3)")) == {"a", "3"}
