"""Algebra on probability expressions: building them without clutter, substituting, keeping bound names apart."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from operator import is_

from .expression import ONE, ZERO, Expression, Fraction, Probability, Product, Sum, Variable, Zero

__all__ = [
    "factors_of",
    "fraction",
    "map_probabilities",
    "probabilities",
    "product",
    "substitute",
    "total",
    "variables",
    "with_fresh_names",
]


def variables(names: Iterable[str]) -> tuple[Variable, ...]:
    """An index for each name."""
    return tuple(Variable(name) for name in names)


def product(*factors: Expression) -> Expression:
    """The product, with products inside it opened, ones dropped, and a single factor left as it is."""
    flat: list[Expression] = []
    for factor in factors:
        if isinstance(factor, Zero):
            return ZERO
        flat += factors_of(factor)
    return flat[0] if len(flat) == 1 else Product(tuple(flat))


def total(over: Iterable[Variable], body: Expression) -> Expression:
    """The sum of `body` over the indices `over`; over none of them, `body` itself."""
    bound = tuple(over)
    return Sum(bound, body) if bound and not isinstance(body, Zero) else body


def fraction(numerator: Expression, denominator: Expression) -> Expression:
    """Numerator over denominator; over 1, the numerator itself."""
    return numerator if denominator == ONE or isinstance(numerator, Zero) else Fraction(numerator, denominator)


def factors_of(expression: Expression) -> tuple[Expression, ...]:
    """What is multiplied in it; itself where it is no product."""
    return expression.factors if isinstance(expression, Product) else (expression,)


def probabilities(expression: Expression) -> Iterator[Probability]:
    """The probabilities that an expression is made of, from left to right."""
    match expression:
        case Probability():
            yield expression
        case Product(factors):
            for factor in factors:
                yield from probabilities(factor)
        case Fraction(numerator, denominator):
            yield from probabilities(numerator)
            yield from probabilities(denominator)
        case Sum(_, body):
            yield from probabilities(body)


def map_probabilities(expression: Expression, change: Callable[[Probability], Expression]) -> Expression:
    """The expression with each of its probabilities, from left to right, replaced by what `change` makes of it."""
    match expression:
        case Probability():
            return change(expression)
        case Product(factors):
            return product(*[map_probabilities(factor, change) for factor in factors])
        case Fraction(numerator, denominator):
            return fraction(map_probabilities(numerator, change), map_probabilities(denominator, change))
        case Sum(over, body):
            return total(over, map_probabilities(body, change))
    return expression


def substitute(expression: Expression, replacements: Mapping[str, Variable]) -> Expression:
    """The expression with free indices replaced: by another index, or by a fixed value.

    Args:
        expression: Any expression.
        replacements: Maps the index to what replaces it, e.g. ``{"X": Variable("X", value=1)}``.

    Returns:
        The new expression. A bound index keeps its meaning: it is renamed where a replacement would fall under its sum.
    """
    if expression.free.isdisjoint(replacements):
        return expression
    match expression:
        case Probability(changed, given, do, population):
            changed, given, do = (_replaced(part, replacements) if part else () for part in (changed, given, do))
            return Probability(changed, given, do, population)
        case Product(factors):
            return product(*[substitute(factor, replacements) for factor in factors])
        case Fraction(numerator, denominator):
            return fraction(substitute(numerator, replacements), substitute(denominator, replacements))
        case Sum(over, body):
            bound = {variable.symbol for variable in over}
            inside = {index: new for index, new in replacements.items() if index not in bound and index in body.free}
            arriving = {new.symbol for new in inside.values() if new.value is None}
            taken = arriving | body.free | bound
            renamed = {v.symbol: _fresh(v, taken) for v in over if v.symbol in arriving}
            new_over = tuple(renamed.get(variable.symbol, variable) for variable in over)
            return total(new_over, substitute(body, {**inside, **renamed}))
    return expression


def with_fresh_names(expression: Expression) -> Expression:
    """The same expression with primes on every bound index whose name means something else around its sum.

    Afterwards no index of a sum is also free in the expression, or bound by a sum around it.
    """

    def visit(part: Expression, taken: frozenset[str]) -> Expression:
        match part:
            case Product(factors):
                visited = [f if isinstance(f, Probability) else visit(f, taken) for f in factors]
                return part if all(map(is_, visited, factors)) else product(*visited)
            case Fraction(numerator, denominator):
                return fraction(visit(numerator, taken), visit(denominator, taken))
            case Sum(over, body):
                around = set(taken)
                renamed = {}
                for variable in over:
                    fresh = _fresh(variable._replace(primes=0) if variable.primes else variable, around)
                    around.add(fresh.symbol)
                    if fresh != variable:
                        renamed[variable.symbol] = fresh
                new_over = tuple([renamed.get(variable.symbol, variable) for variable in over]) if renamed else over
                return total(new_over, visit(substitute(body, renamed), frozenset(around)))
        return part

    return visit(expression, expression.free)


def _replaced(part: tuple[Variable, ...], replacements: Mapping[str, Variable]) -> tuple[Variable, ...]:
    return tuple([
        variable if value is not None else replacements.get(name + "'" * primes if primes else name, variable)
        for variable in part
        for name, value, primes in (variable,)
    ])  # fmt: skip


def _fresh(variable: Variable, taken: Iterable[str]) -> Variable:
    """The index over the same variable with the fewest primes that is not taken."""
    while variable.symbol in taken:
        variable = variable._replace(primes=variable.primes + 1)
    return variable
