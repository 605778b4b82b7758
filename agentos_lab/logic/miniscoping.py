"""Miniscoping: quantifiers moved as far inside as they go.

∀x ∀y (P(x) ∨ Q(y)) becomes ∀x P(x) ∨ ∀y Q(y): n + n cases over n elements in place of n². It undoes what a prenex form
does, and is what makes formulas with many variables small enough to be written out over a finite domain.

Source: Nonnengart & Weidenbach 2001, "Computing small clause normal forms", section 3.
"""

from __future__ import annotations

from collections.abc import Callable

from .formulas import And, Exists, ForAll, Formula, Iff, Implies, Not, Or, conjunction, disjunction
from .terms import Variable

__all__ = ["narrowed"]


def narrowed(formula: Formula) -> Formula:
    """An equivalent formula without →, with ¬ only before atoms and quantifiers as far inside as they go."""
    return _narrowed(formula, True)


def _narrowed(formula: Formula, positive: bool) -> Formula:
    match formula:
        case Not(part):
            return _narrowed(part, not positive)
        case Implies(left, right):
            return _narrowed(Or((Not(left), right)), positive)
        case Iff(left, right):
            return Iff(_narrowed(left, positive), _narrowed(right, True))
        case And(parts) | Or(parts):
            join = conjunction if isinstance(formula, And) == positive else disjunction
            return _joined(join, [_narrowed(part, positive) for part in parts])
        case ForAll(variable, body) | Exists(variable, body):
            universal = isinstance(formula, ForAll) == positive
            return _pushed(ForAll if universal else Exists, [variable], _narrowed(body, positive))
    return formula if positive else Not(formula)


def _joined(join: Callable[[list[Formula]], Formula], parts: list[Formula]) -> Formula:
    """A junction without a junction of the same kind inside."""
    kind = And if join is conjunction else Or
    flat: list[Formula] = []
    for part in parts:
        flat += part.parts if isinstance(part, And | Or) and type(part) is kind else (part,)
    return join(flat)


def _pushed(quantifier: type[ForAll] | type[Exists], variables: list[Variable], body: Formula) -> Formula:
    """The quantifiers, all of one kind, over a narrowed body, as far inside as they go."""
    while isinstance(body, quantifier) and body.variable not in variables:  # a block, whose order is free
        variables, body = [*variables, body.variable], body.body
    variables = [variable for variable in variables if variable in body.free]
    if not isinstance(body, And | Or):
        return _closed(quantifier, variables, body)
    join = conjunction if isinstance(body, And) else disjunction
    if isinstance(body, And) == (quantifier is ForAll):  # ∀ goes through ∧ (and ∃ through ∨): each part has its own
        return _joined(join, [_pushed(quantifier, variables, part) for part in body.parts])
    # ∀ goes over ∨ to the parts that hold its variable, if fewer variables meet there (those that do go first), or if
    # it lets a quantifier out.
    widths = {v: len(_joined(join, [part for part in body.parts if v in part.free]).free) for v in variables}
    variable = min(variables, key=lambda v: widths[v], default=None)
    if variable is not None:
        inside = [part for part in body.parts if variable in part.free]
        outside = [part for part in body.parts if variable not in part.free]
        if widths[variable] < len(body.free) or any(isinstance(p, ForAll | Exists | And | Or) for p in outside):
            rest = [v for v in variables if v is not variable]
            inner = _pushed(quantifier, [variable], _joined(join, inside))
            return _pushed(quantifier, rest, _joined(join, [*outside, inner]))
    return _closed(quantifier, variables, body)


def _closed(quantifier: type[ForAll] | type[Exists], variables: list[Variable], body: Formula) -> Formula:
    for variable in reversed(variables):
        body = quantifier(variable, body)
    return body
