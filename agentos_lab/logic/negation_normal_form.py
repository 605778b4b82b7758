"""Negation normal form: only ∧, ∨, ∀, ∃, and ¬ in front of atoms.

→ and ↔ are written out, and each ¬ is moved inwards by De Morgan's laws and past quantifiers, which it turns over. The
result means the same as the formula.
"""

from __future__ import annotations

from .formulas import And, Exists, ForAll, Formula, Iff, Implies, Not, Or, children, subformulas
from .rewriting import SIMPLIFY, Change, Rule, rewritten

__all__ = ["ARROWS", "NEGATIONS", "literal_count", "negation_normal_form", "without_arrows"]

_MOST_LITERALS = 100_000


def negation_normal_form(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """The formula with every ¬ at an atom, and without → and ↔.

    Args:
        formula: The formula.
        changes: Where each change is written down, if anywhere.

    Raises:
        ValueError: It would have more than 100,000 literals, because each ↔ doubles what is inside.
    """
    _check_size(formula)
    return rewritten(formula, (*ARROWS, *NEGATIONS), (SIMPLIFY,), changes)


def without_arrows(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """The formula without → and ↔; ValueError as `negation_normal_form`."""
    _check_size(formula)
    return rewritten(formula, ARROWS, (), changes)


def _check_size(formula: Formula) -> None:
    if any(isinstance(part, Iff) for _, part in subformulas(formula)) and literal_count(formula) > _MOST_LITERALS:
        raise ValueError(
            f"written out, the ↔ of this formula would make {literal_count(formula):,} literals, "
            f"more than {_MOST_LITERALS:,}; to_cnf gives names to parts instead"
        )


def literal_count(formula: Formula) -> int:
    """How many literals the negation normal form has, repetitions included: each ↔ writes both of its sides twice."""
    inside = sum(literal_count(part) for part in children(formula))
    return 2 * inside if isinstance(formula, Iff) else inside or 1


def _iff(formula: Formula, positive: bool) -> Formula | None:
    match formula:
        case Iff(a, b) if positive:
            return And((Or((Not(a), b)), Or((Not(b), a))))
        case Iff(a, b):  # its negation has fewer clauses if it is written so
            return Or((And((a, b)), And((Not(a), Not(b)))))
    return None


def _implies(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case Implies(a, b):
            return Or((Not(a), b))
    return None


def _double(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case Not(Not(a)):
            return a
    return None


def _de_morgan(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case Not(And(parts)):
            return Or(tuple(Not(part) for part in parts))
        case Not(Or(parts)):
            return And(tuple(Not(part) for part in parts))
    return None


def _quantifier(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case Not(ForAll(variable, body)):
            return Exists(variable, Not(body))
        case Not(Exists(variable, body)):
            return ForAll(variable, Not(body))
    return None


def _negated_arrow(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case Not(Implies(a, b)):
            return And((a, Not(b)))
        case Not(Iff(a, b)):
            return And((Or((a, b)), Or((Not(a), Not(b)))))
    return None


# What → and ↔ are short for.
ARROWS = (
    Rule("eliminate ↔", "a ↔ b: both directions", _iff),
    Rule("eliminate →", "a → b: ¬a ∨ b", _implies),
)
# How ¬ moves inwards.
NEGATIONS = (
    Rule("double negation", "¬¬a: a", _double),
    Rule("De Morgan", "¬(a ∧ b): ¬a ∨ ¬b; ¬(a ∨ b): ¬a ∧ ¬b", _de_morgan),
    Rule("¬ past a quantifier", "¬∀x a: ∃x ¬a; ¬∃x a: ∀x ¬a", _quantifier),
    Rule("negated arrow", "¬(a → b): a ∧ ¬b; ¬(a ↔ b): one of the two alone", _negated_arrow),
)
