"""Algebra on probability expressions: building them without clutter, substituting, keeping bound names apart."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from .expression import ONE, ZERO, Expression, Fraction, Probability, Product, Sum, Variable, Zero

__all__ = ["fraction", "product", "substitute", "total", "variables", "with_fresh_names"]


def variables(names: Iterable[str]) -> tuple[Variable, ...]:
    """An index for each name."""
    return tuple(Variable(name) for name in names)


def product(*factors: Expression) -> Expression:
    """The product, with products inside it opened, ones dropped, and a single factor left as it is."""
    flat: list[Expression] = []
    for factor in factors:
        if isinstance(factor, Zero):
            return ZERO
        flat += factor.factors if isinstance(factor, Product) else [factor]
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def total(over: Iterable[Variable], body: Expression) -> Expression:
    """The sum of `body` over the indices `over`; over none of them, `body` itself."""
    bound = tuple(over)
    return Sum(bound, body) if bound and not isinstance(body, Zero) else body


def fraction(numerator: Expression, denominator: Expression) -> Expression:
    """Numerator over denominator; over 1, the numerator itself."""
    return numerator if denominator == ONE or isinstance(numerator, Zero) else Fraction(numerator, denominator)


def substitute(expression: Expression, replacements: Mapping[str, Variable]) -> Expression:
    """The expression with free indices replaced: by another index, or by a fixed value.

    Args:
        expression: Any expression.
        replacements: Maps the index to what replaces it, e.g. ``{"X": Variable("X", value=1)}``.

    Returns:
        The new expression. A bound index keeps its meaning: it is renamed where a replacement would fall under its sum.
    """
    match expression:
        case Probability():
            parts = (expression.variables, expression.given, expression.do)
            changed, given, do = (tuple(_replaced(variable, replacements) for variable in part) for part in parts)
            return Probability(changed, given, do, expression.population)
        case Product(factors):
            return product(*(substitute(factor, replacements) for factor in factors))
        case Fraction(numerator, denominator):
            return fraction(substitute(numerator, replacements), substitute(denominator, replacements))
        case Sum(over, body):
            bound = {variable.index for variable in over}
            inside = {index: new for index, new in replacements.items() if index not in bound and index in body.free}
            arriving = {new.index for new in inside.values() if new.value is None}
            taken = arriving | body.free | bound
            renamed = {v.index: _fresh(v, taken) for v in over if v.index in arriving}
            new_over = tuple(renamed.get(variable.index, variable) for variable in over)
            return total(new_over, substitute(body, {**inside, **renamed}))
    return expression


def with_fresh_names(expression: Expression) -> Expression:
    """The same expression with primes on every bound index whose name has another meaning somewhere in it.

    Afterwards no index is both free and bound, or bound twice, so that sums can be moved out of products.
    """
    taken = set(expression.free)

    def visit(part: Expression) -> Expression:
        match part:
            case Product(factors):
                return product(*(visit(factor) for factor in factors))
            case Fraction(numerator, denominator):
                return fraction(visit(numerator), visit(denominator))
            case Sum(over, body):
                renamed: dict[str, Variable] = {}
                for variable in over:
                    renamed[variable.index] = _fresh(Variable(variable.name), taken)
                    taken.add(renamed[variable.index].index)
                return total(tuple(renamed.values()), visit(substitute(body, renamed)))
        return part

    return visit(expression)


def _replaced(variable: Variable, replacements: Mapping[str, Variable]) -> Variable:
    return variable if variable.value is not None else replacements.get(variable.index, variable)


def _fresh(variable: Variable, taken: Iterable[str]) -> Variable:
    """The index over the same variable with the fewest primes that is not taken."""
    while variable.index in taken:
        variable = replace(variable, primes=variable.primes + 1)
    return variable
