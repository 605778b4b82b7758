"""Shorter formulas for the same number: four identities, applied until none fits.

1. P(b | a, c) P(a | c) = P(a, b | c)            (chain rule)
2. Σ_a P(a, b | c) = P(b | c), Σ_a P(a | c) = 1   (marginalisation)
3. P(a, b | c) / P(b | c) = P(a | b, c)           (definition of a conditional probability)
   P(a, b | c) / P(b | a, c) = P(a | c)
4. factors that stand in numerator and denominator cancel; a factor without the summed index leaves the sum

All of them hold for every distribution, so that a simplified estimand needs no graph to be checked.
"""

from __future__ import annotations

from .expression import ONE, Expression, Fraction, Probability, Product, Sum, Variable
from .expression_algebra import factors_of, fraction, product, total

__all__ = ["conditioned", "simplify"]


def simplify(expression: Expression) -> Expression:
    """The expression made shorter by the identities above.

    Args:
        expression: One in which no index has two meanings (see `with_fresh_names`).
    """
    match expression:
        case Probability():
            return expression
        case Product(factors):
            return _multiplied(_chained(list(factors_of(product(*[simplify(factor) for factor in factors])))))
        case Sum(over, body):
            return _summed(over, simplify(body))
        case Fraction(numerator, denominator):
            return _divided(simplify(numerator), simplify(denominator))
    return expression


def _chained(factors: list[Expression]) -> Expression:
    """Identity 1, wherever two factors of a product fit together."""
    by_size: dict[int, list[int]] = {}  # places by the number of conditions: sets are compared only where it is right
    for place, factor in enumerate(factors):
        if isinstance(factor, Probability):
            by_size.setdefault(len(factor.given), []).append(place)
    for place, first in enumerate(factors):
        if isinstance(first, Probability):
            for fitting in reversed(by_size.get(len(first.variables) + len(first.given), ())):
                second = factors[fitting]
                assert isinstance(second, Probability)
                wanted = frozenset(first.variables + first.given), first.do, first.population
                if _condition(second) == wanted:
                    joined = Probability(first.variables + second.variables, first.given, first.do, first.population)
                    return _chained([joined if i == place else f for i, f in enumerate(factors) if i != fitting])
    return product(*factors)


def _condition(term: Probability) -> tuple[frozenset[Variable], tuple[Variable, ...], str]:
    """What must be the same where P(b | a, c) is to follow P(a | c)."""
    return frozenset(term.given), term.do, term.population


def _summed(over: tuple[Variable, ...], body: Expression) -> Expression:
    """Identity 2 for each index, then identity 4: what no sum touches stands in front."""
    factors, left = list(factors_of(body)), []
    for variable in over:
        symbol = variable.symbol
        touched = [factor for factor in factors if symbol in factor.free]
        if len(touched) == 1 and isinstance(touched[0], Probability) and variable in touched[0].variables:
            factors[factors.index(touched[0])] = _marginal(touched[0], variable)
        else:
            left.append(variable)
    if len(left) < len(over):  # something was summed out: more may fit together now
        return _summed(tuple(left), simplify(product(*factors)))
    names = {variable.symbol for variable in left}
    outside = [factor for factor in factors if not factor.free & names]
    inside = [factor for factor in factors if factor.free & names]
    return product(*outside, total(left, product(*inside)))


def _marginal(term: Probability, variable: Variable) -> Expression:
    rest = tuple(other for other in term.variables if other != variable)
    return Probability(rest, term.given, term.do, term.population) if rest else ONE


def _multiplied(expression: Expression) -> Expression:
    """Identities 3 and 4 between a fraction in a product and the other factors."""
    factors = factors_of(expression)
    for factor in factors:
        if isinstance(factor, Fraction) and len(factors) > 1:
            above, below = _cancelled([other for other in factors if other is not factor], factor.denominator)
            if product(*below) != factor.denominator:
                return simplify(product(*above, fraction(factor.numerator, product(*below))))
    return expression


def _divided(numerator: Expression, denominator: Expression) -> Expression:
    """Identities 4 and 3."""
    above, below = _cancelled(list(factors_of(numerator)), denominator)
    return fraction(product(*above), product(*below))


def _cancelled(above: list[Expression], denominator: Expression) -> tuple[list[Expression], list[Expression]]:
    """The factors of a numerator and of its denominator, after all that divides has been divided."""
    below = list(factors_of(denominator))
    for low in list(below):
        if low in above:
            above.remove(low)
            below.remove(low)
    for low in list(below):
        for place, high in enumerate(above):
            if quotient := conditioned(high, low):
                above[place] = quotient
                below.remove(low)
                break
    return above, below


def conditioned(joint: Expression, part: Expression) -> Probability | None:
    """Identity 3: P(a, b | c) over P(b | c) or over P(b | a, c), as one probability; None where it does not fit."""
    if not (isinstance(joint, Probability) and isinstance(part, Probability)):
        return None
    if joint.do != part.do or joint.population != part.population or not set(part.variables) < set(joint.variables):
        return None
    rest = tuple(variable for variable in joint.variables if variable not in part.variables)
    if set(part.given) == set(joint.given):
        return Probability(rest, part.variables + joint.given, joint.do, joint.population)
    if set(part.given) == set(joint.given) | set(rest):
        return Probability(rest, joint.given, joint.do, joint.population)
    return None
