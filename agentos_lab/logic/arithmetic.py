"""Truth of formulas about numbers and propositions whose values are known: 9567 + 1085 = 10652.

The check of what a solver says about numbers: exact, by fractions, without the solver. There is no quantifier in it,
for numbers do not end.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from fractions import Fraction

from .formulas import And, Atom, Equal, Falsity, Formula, Iff, Implies, Not, Or, Truth
from .number_sorts import is_number
from .parser import parse
from .terms import Term

__all__ = ["number_value", "true_for"]

_OPERATIONS: Mapping[str, Callable[[Fraction, Fraction], Fraction]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
_COMPARISONS: Mapping[str, Callable[[Fraction, Fraction], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def true_for(formula: str | Formula, values: Mapping[str, str | int | Fraction | bool]) -> bool | None:
    """Whether a formula is true for these values of its constants and propositions.

    Args:
        formula: A formula, or its text.
        values: A number for each constant, true or false for each proposition, as themselves or as text.

    Returns:
        None if it holds a quantifier, a function or predicate without a fixed meaning, a name without a value that can
        be written down, or a division by zero.

    Raises:
        ValueError: The text is no formula.
    """
    formula = parse(formula)
    try:
        return _truth(formula, values)
    except (LookupError, ValueError, ZeroDivisionError):
        return None


def _truth(formula: Formula, values: Mapping[str, str | int | Fraction | bool]) -> bool:
    match formula:
        case Atom(predicate, ()):
            return str(values[predicate]).lower() == "true"
        case Atom(predicate, (left, right)):
            return _COMPARISONS[predicate](number_value(left, values), number_value(right, values))
        case Equal(left, right):
            return number_value(left, values) == number_value(right, values)
        case Not(part):
            return not _truth(part, values)
        case And(parts):
            return all(_truth(part, values) for part in parts)
        case Or(parts):
            return any(_truth(part, values) for part in parts)
        case Implies(left, right):
            return _truth(right, values) if _truth(left, values) else True
        case Iff(left, right):
            return _truth(left, values) == _truth(right, values)
        case Truth() | Falsity():
            return isinstance(formula, Truth)
    raise LookupError(f"{formula} has no fixed meaning")


def number_value(term: Term, values: Mapping[str, str | int | Fraction | bool]) -> Fraction:
    """The number that a term without variables denotes.

    Raises:
        LookupError: A name without a value, or a function that is not arithmetic.
    """
    if not term.args:
        return Fraction(term.name) if is_number(term.name) else Fraction(str(values[term.name]))
    if len(term.args) != 2:
        raise LookupError(f"{term} is no operation on two numbers")
    return _OPERATIONS[term.name](number_value(term.args[0], values), number_value(term.args[1], values))
