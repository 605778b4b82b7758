"""Literal selection: which literals of a clause take part in inferences, so that far fewer are made.

A clause with negative literals uses one of them only, the selected one: it has to be resolved away in any case. Other
clauses use their maximal literals. Both restrictions keep the search complete.

Source: Bachmair & Ganzinger 2001, "Resolution theorem proving", section 4 (Handbook of Automated Reasoning).
"""

from __future__ import annotations

from .clauses import ANSWER, Clause, Literal
from .ordering import larger, larger_multiset
from .strategy import Strategy
from .terms import Term

__all__ = ["eligible_literals", "maximal_literals", "selected_literal"]


def eligible_literals(clause: Clause, strategy: Strategy) -> tuple[int, ...]:
    """The numbers of the literals that take part in inferences."""
    usable = tuple(number for number, (_, atom) in enumerate(clause.literals) if atom.name != ANSWER)
    if strategy.set_of_support:  # both restrictions together with a set of support would lose proofs
        return usable
    if strategy.selection == "negative":
        selected = selected_literal(clause)
        if selected is not None:
            return (selected,)
    return maximal_literals(clause, usable) if strategy.ordered else usable


def selected_literal(clause: Clause) -> int | None:
    """The heaviest negative literal, the first of them; None where all literals are positive."""
    literals = clause.literals
    negative = [number for number, literal in enumerate(literals) if not literal.positive]
    return max(negative, key=lambda number: (literals[number].atom.size, -number), default=None)


def maximal_literals(clause: Clause, usable: tuple[int, ...]) -> tuple[int, ...]:
    """Those of the usable literals that no other usable one is larger than."""
    literals = clause.literals
    if len(usable) == 1:
        return usable
    return tuple(
        number for number in usable if not any(_larger_literal(literals[other], literals[number]) for other in usable)
    )


def _larger_literal(one: Literal, other: Literal) -> bool:
    if one.is_equation or other.is_equation:
        return larger_multiset(_weighed(one), _weighed(other))
    return larger(one.atom, other.atom) or (one.atom is other.atom and other.positive and not one.positive)


def _weighed(literal: Literal) -> list[Term]:
    """A literal as a multiset of terms: an equation is its two sides, and a negation is larger than what it negates."""
    terms = list(literal.atom.args) if literal.is_equation else [literal.atom]
    return terms if literal.positive else terms * 2
