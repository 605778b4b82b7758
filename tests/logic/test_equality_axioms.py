"""Equality by axioms proves the same as superposition, on small problems, and takes longer for it."""

from __future__ import annotations

import pytest

from agentos_lab.logic.parser import parse
from agentos_lab.logic.refutation import refute
from agentos_lab.logic.strategy import Limits, Strategy

AXIOMS = Strategy(equality="axioms")
PROBLEMS = [
    ({"a": "a = b", "b": "P(a)"}, "P(b)", True),
    ({"a": "a = b", "b": "b = c"}, "f(c) = f(a)", True),
    ({"a": "∀x f(f(x)) = x"}, "f(f(f(f(a)))) = a", True),
    ({"a": "a = b"}, "P(a) → P(b)", True),
    ({}, "∀x x = x", True),
    ({"a": "P(a)", "b": "¬P(b)"}, "a ≠ b", True),
    ({"a": "P(a)"}, "a = b", False),
]


@pytest.mark.parametrize(("premises", "goal", "follows"), PROBLEMS)
def test_both_ways_agree(premises, goal, follows):
    named = {name: parse(text) for name, text in premises.items()}
    limits = Limits(given=300, clauses=20_000)
    by_axioms = refute(named, parse(goal), AXIOMS, limits)
    built_in = refute(named, parse(goal), None, limits)
    assert (by_axioms.proof is not None) == (built_in.proof is not None) == follows
    if follows:
        assert by_axioms.proof.check() and built_in.proof.check()
        assert by_axioms.search.statistics.generated >= built_in.search.statistics.generated


def test_the_predicate_gets_a_name_that_is_free():
    named = {"a": parse("equal(a)"), "b": parse("a = b")}
    found = refute(named, parse("equal(b)"), AXIOMS, Limits(given=200))
    assert found.proof is not None
    assert "equality: congruent in argument 1 of equal" in found.proof.used
