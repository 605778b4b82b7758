"""Looking ahead in a block of quantifiers changes no answer."""

from __future__ import annotations

from finite_structures import X, Y, Z, formulas, is_true, structure
from hypothesis import given, settings

from agentos_lab.logic import And, Atom, Exists, ForAll, Function, Or


@given(formulas(depth=3), formulas(depth=3), structure(2))
@settings(max_examples=30)
def test_looking_ahead_changes_no_answer(one, other, s):
    links = [Atom("R", (X, Y)), Atom("R", (Y, Z)), Atom("P", (Function("f", Z),))]
    for body in (
        Or((*links, one)),
        And((links[0], Or((links[1], other)), links[2])),
        Or((And((*links[:2], one)), other)),
    ):
        for kind in (ForAll, Exists):
            formula = kind(X, kind(Y, kind(Z, body)))
            assert s.holds(formula) == is_true(formula, s)
