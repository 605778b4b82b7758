from __future__ import annotations

import pytest
from finite_structures import formulas, is_true, structures
from hypothesis import given, settings

from agentos_lab.logic import Signature, parse
from agentos_lab.logic.bernays_schoenfinkel import enough_elements
from agentos_lab.logic.miniscoping import narrowed


def enough(*texts: str) -> int | None:
    signature = Signature()
    parsed = [parse(text, signature) for text in texts]
    return enough_elements([narrowed(formula) for formula in parsed], signature)


@pytest.mark.parametrize(
    ("texts", "size"),
    [
        (["p", "p -> q"], 1),
        (["forall x P(x)"], 1),
        (["P(a)", "~P(b)"], 2),
        (["exists x forall y R(x,y)", "P(a)"], 2),
        (["exists x P(x) | exists y Q(y)"], 2),
        (["~forall x y (R(x,y) -> P(x))"], 2),
        (["(exists x P(x)) -> P(a)"], 1),
        (["forall x exists y R(x,y)"], None),
        (["forall x P(f(x))"], None),
        (["p <-> exists x P(x)"], None),
        (["p <-> q"], 1),
        (["forall x (P(x) | exists y Q(y))"], 1),
    ],
)
def test_the_names_are_counted(texts, size):
    assert enough(*texts) == size


@given(formulas(functions=False, depth=3))
@settings(max_examples=40)
def test_a_formula_with_a_model_has_one_of_that_size(formula):
    signature = Signature()
    signature.add(formula)
    size = enough_elements([narrowed(formula)], signature)
    if size == 1 and any(is_true(formula, s) for s in structures(2, functions=False)):
        assert any(is_true(formula, s) for s in structures(1, functions=False))
