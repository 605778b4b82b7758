"""Negation normal form means the same, and has ¬ at atoms alone."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from random_formulas import FORMULAS, truth

from agentos_lab.logic import And, Atom, Equal, Exists, ForAll, Formula, Iff, Not, Or, negation_normal_form, parse
from agentos_lab.logic.formulas import Falsity, Truth, subformulas
from agentos_lab.logic.negation_normal_form import literal_count, without_arrows


@settings(max_examples=60)
@given(FORMULAS)
def test_it_means_the_same_and_negates_atoms_only(formula: Formula) -> None:
    form = negation_normal_form(formula)
    assert truth(form) == truth(formula)
    for _, part in subformulas(form):
        assert isinstance(part, Atom | Equal | And | Or | ForAll | Exists | Not) or part is form
        if isinstance(part, Not):
            assert isinstance(part.part, Atom | Equal)
    assert form == negation_normal_form(form)


@settings(max_examples=40)
@given(FORMULAS)
def test_without_arrows_it_means_the_same(formula: Formula) -> None:
    assert truth(without_arrows(formula)) == truth(formula)


@given(FORMULAS)
def test_literals_are_counted_before_they_are_made(formula: Formula) -> None:
    count = sum(isinstance(part, Atom | Equal | Truth | Falsity) for _, part in subformulas(without_arrows(formula)))
    assert literal_count(formula) == count


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("~(p & ~q)", "~p | q"),
        ("~(p -> q)", "p & ~q"),
        ("~(p <-> q)", "(p | q) & (~p | ~q)"),
        ("~forall x. exists y. R(x, y)", "exists x. forall y. ~R(x, y)"),
        ("(p & (q & p)) | false", "p & q"),
        ("forall x. (p & true)", "p"),
        ("~~~p", "~p"),
        ("p -> true", "true"),
    ],
)
def test_the_laws(text: str, form: str) -> None:
    assert negation_normal_form(parse(text)) == parse(form)


def test_an_exploding_equivalence_is_refused_with_its_size() -> None:
    formula: Formula = Atom("p")
    for number in range(100):
        formula = Iff(Atom(f"p{number}"), formula)
    with pytest.raises(ValueError, match=r"would make [\d,]{30,} literals, more than 100,000; to_cnf gives names"):
        negation_normal_form(formula)
