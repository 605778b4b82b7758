"""Moving quantifiers outwards, inwards and apart keeps the meaning."""

from __future__ import annotations

from hypothesis import given, settings
from random_formulas import FORMULAS, truth

from agentos_lab.logic import Exists, ForAll, Formula, negation_normal_form, parse, prenex
from agentos_lab.logic.formulas import subformulas
from agentos_lab.logic.prenex_form import quantifiers_inside, renamed_apart


def bound_names(formula: Formula) -> list[str]:
    return [part.variable.name for _, part in subformulas(formula) if isinstance(part, ForAll | Exists)]


@settings(max_examples=60)
@given(FORMULAS)
def test_prenex_form_means_the_same_and_has_its_quantifiers_in_front(formula: Formula) -> None:
    form = prenex(formula)
    assert truth(form) == truth(formula)
    while isinstance(form, ForAll | Exists):
        form = form.body
    assert bound_names(form) == []


@settings(max_examples=40)
@given(FORMULAS)
def test_quantifiers_pushed_inside_mean_the_same(formula: Formula) -> None:
    form = negation_normal_form(formula)
    assert truth(quantifiers_inside(form)) == truth(formula)


@settings(max_examples=40)
@given(FORMULAS)
def test_renaming_apart_means_the_same_and_binds_no_name_twice(formula: Formula) -> None:
    apart = renamed_apart(formula)
    assert truth(apart) == truth(formula)
    assert len(set(bound_names(apart))) == len(bound_names(apart))


def test_examples() -> None:
    assert prenex(parse("∀x P(x) ∧ ∃x Q(x)")) == parse("∀x ∃x2 (P(x) ∧ Q(x2))")
    assert prenex(parse("∃x P(x) → ∀y Q(y)")) == parse("∀x ∀y (¬P(x) ∨ Q(y))")
    assert quantifiers_inside(parse("∀x ∀y (P(x) ∨ Q(y))")) == parse("∀y Q(y) ∨ ∀x P(x)")
    assert quantifiers_inside(parse("∃x (P(x) ∧ p ∧ Q(x))")) == parse("p ∧ ∃x (P(x) ∧ Q(x))")


def test_a_free_variable_is_not_caught() -> None:
    free = parse("∀x (∃y R(x, y) ∧ P(x))").body  # x is free in it
    pulled = prenex(free)
    assert pulled.free == free.free
    clash = prenex(parse("∀x (P(x) ∧ ∃x Q(x))").body)
    assert str(clash) == "∃x2 (P(x) ∧ Q(x2))"
