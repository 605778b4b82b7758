"""Resolution and factoring: the examples of the textbooks, and random conclusions that Z3 confirms."""

from __future__ import annotations

from small_clauses import clause

from agentos_lab.logic.clauses import Clause
from agentos_lab.logic.equality import equality_factors, equality_resolvents, superpositions
from agentos_lab.logic.resolution import factors, resolvents


def told(conclusions) -> list[str]:
    return [str(Clause(literals, inference)) for literals, inference in conclusions]


def test_two_clauses_meet_on_opposite_literals():
    assert told(resolvents(clause("¬Man(x) ∨ Mortal(x)"), 0, clause("Man(Socrates)"), 0)) == ["Mortal(Socrates)"]
    assert told(resolvents(clause("P(a)"), 0, clause("¬P(b)"), 0)) == []


def test_variables_of_the_two_are_kept_apart():
    assert told(resolvents(clause("P(x, f(x))"), 0, clause("¬P(x, y) ∨ Q(y, x)"), 0)) == ["Q(f(X0), X0)"]


def test_only_one_pair_is_resolved_away():
    """Two at once would derive □ from p ∨ q and ¬p ∨ ¬q, which hold together."""
    assert told(resolvents(clause("P ∨ Q"), 0, clause("¬P ∨ ¬Q"), 0)) == ["Q ∨ ¬Q"]


def test_factoring_makes_two_literals_one():
    assert told(factors(clause("P(x) ∨ P(f(y)) ∨ Q(x, y)"), 0)) == ["P(f(X0)) ∨ Q(f(X0), X0)"]
    assert told(factors(clause("P(a) ∨ P(b)"), 0)) == []


def test_an_inference_says_what_was_put_in_for_each_parent():
    ((_, inference),) = resolvents(clause("¬Man(x) ∨ Mortal(x)"), 0, clause("Man(Socrates)"), 0)
    first, second = inference.premises
    assert {str(v): str(t) for v, t in first.substitution.items()} == {"X0": "Socrates"}
    assert second.substitution == {}


def test_superposition_puts_equals_for_equals_from_large_to_small():
    source, target = clause("f(a) = b"), clause("P(f(a)) ∨ Q(a)")
    assert told(superpositions(source, 0, target, 0, target_is_given=False)) == ["P(b) ∨ Q(a)"]
    assert told(superpositions(clause("b = f(a)"), 0, clause("P(b)"), 0, target_is_given=False)) == []


def test_equality_resolution_and_factoring():
    assert told(equality_resolvents(clause("f(x) ≠ f(a) ∨ P(x)"), 0)) == ["P(a)"]
    assert told(equality_factors(clause("b = a ∨ b = c"), 0)) == ["b = c ∨ a ≠ c"]
