"""Subsumption against the definition tried by brute force, and the trap that loses proofs."""

from __future__ import annotations

from small_clauses import clause

from agentos_lab.logic.subsumption import subsumes


def test_a_general_clause_subsumes_what_says_less():
    assert subsumes(clause("P(x)"), clause("P(a) ∨ Q(b)"))
    assert subsumes(clause("P(x) ∨ Q(y)"), clause("Q(f(a)) ∨ R(c) ∨ P(b)"))
    assert not subsumes(clause("P(x) ∨ Q(x)"), clause("P(a) ∨ Q(b)"))
    assert not subsumes(clause("P(a)"), clause("P(x)"))
    assert not subsumes(clause("P(x)"), clause("¬P(a)"))


def test_a_clause_does_not_subsume_its_own_factor():
    """Otherwise the factor, which the refutation needs, would be thrown away."""
    assert not subsumes(clause("¬P(x) ∨ ¬P(y)"), clause("¬P(x)"))
    assert not subsumes(clause("¬P(x) ∨ Q(x) ∨ ¬P(y) ∨ Q(y)"), clause("¬P(a) ∨ Q(a) ∨ R(b) ∨ Q(c)"))


def test_an_equation_subsumes_its_mirror_image():
    assert subsumes(clause("f(x) = a"), clause("a = f(b) ∨ P(c)"))
