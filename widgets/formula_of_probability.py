"""Probability expressions as formulas: P(Y | do(X), Z), sums, fractions, independences, mutilated graphs."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from agentos_lab.causal.causal_step import SeparationClaim
from agentos_lab.causal.expression import Expression, Fraction, Probability, Product, Sum, Variable

from .formula import (
    SIZE,
    Formula,
    beside,
    bracketed,
    fraction,
    in_lines,
    independence_sign,
    space,
    sum_sign,
    symbol,
    with_bar,
    with_index,
    word,
)

__all__ = ["claim_formula", "equation_formula", "expression_formula", "mutilated_formula", "name_formula"]

SMALL = 0.72  # an index, in sizes of what it belongs to


def expression_formula(expression: Expression, size: float = SIZE, *, moved: Collection[str] = ()) -> Formula:
    """An expression as mathematics.

    Args:
        expression: Any expression of `agentos_lab.causal`.
        size: Font size in pixels.
        moved: Symbols to be shown in blue behind the bar: what a rule of the do-calculus has moved.
    """
    return beside(*_factors(expression, size, moved))


def equation_formula(left: Expression, right: Expression, size: float, room: float) -> Formula:
    """Two equal expressions; where they do not fit into a line, the right one is broken between its factors."""
    start = [expression_formula(left, size), word(" = ", size)]
    return in_lines([beside(*start), *_factors(right, size, ())], room, indent=1.4 * size, size=size)


def claim_formula(claim: SeparationClaim, size: float = SIZE, *, holds: bool = True) -> Formula:
    """(Y ⊥⊥ X | Z)."""
    bar = [_bar(size), _names(claim.given, size)] if claim.given else []
    sign = independence_sign(size, holds=holds)
    return beside(word("(", size), _names(claim.a, size), sign, _names(claim.b, size), *bar, word(")", size))


def mutilated_formula(cut_incoming: Sequence[str], cut_outgoing: Sequence[str], size: float = SIZE) -> Formula:
    """G with what was cut as its index: a bar over the nodes that nothing points at, one under those without effect."""
    index = size * SMALL
    parts = [
        with_bar(_names(names, index), index, below=below)
        for names, below in ((cut_incoming, False), (cut_outgoing, True))
        if names
    ]
    between = [space(0.25 * index)] * (len(parts) - 1)
    return with_index(symbol("G", size), beside(*parts[:1], *between, *parts[1:]), size)


def name_formula(variable: Variable | str, size: float = SIZE, *, colour: str = "ink") -> Formula:
    """A variable: a letter in italics, with its digits as an index; a word upright."""
    given = Variable(variable) if isinstance(variable, str) else variable
    short = re.fullmatch(r"([^\W\d_])_?(\d*)", given.name)
    primes = "′" * given.primes
    if not short:
        name = word(given.name + primes, size, colour=colour)
    else:
        letter, digits = short.groups()
        name = symbol(letter, size, colour=colour)
        name = with_index(name, word(digits, SMALL * size, colour=colour), size) if digits else name
        name = beside(name, word(primes, size, colour=colour)) if primes else name
    return name if given.value is None else beside(name, word(f" = {given.value}", size, colour=colour))


def _factors(expression: Expression, size: float, moved: Collection[str]) -> list[Formula]:
    """The boxes between which an expression may be broken."""
    match expression:
        case Probability():
            return [_probability(expression, size, moved)]
        case Product(factors):
            if not factors:
                return [word("1", size)]
            last = len(factors) - 1
            boxes: list[Formula] = []
            for place, factor in enumerate(factors):
                inner = _factors(factor, size, moved)
                stops = isinstance(factor, Sum) and place < last  # else the sum would reach over what follows
                boxes += [bracketed(beside(*inner), size)] if stops else inner
                boxes[-1] = beside(boxes[-1], space(0.18 * size if place < last else 0))
            return boxes
        case Sum(over, body):
            first, *rest = _factors(body, size, moved)
            sign = sum_sign(_listed([name_formula(v, SMALL * size) for v in over], SMALL * size), size)
            return [beside(sign, first), *rest]
        case Fraction(numerator, denominator):
            above, below = (beside(*_factors(half, size, moved)) for half in (numerator, denominator))
            return [fraction(above, below, size)]
    return [word(str(expression), size)]


def _probability(term: Probability, size: float, moved: Collection[str]) -> Formula:
    def colour(variable: Variable) -> str:
        return "blue-text" if variable.symbol in moved else "ink"

    done = [name_formula(v, size, colour=colour(v)) for v in term.do]
    # Where all that is done has moved, its "do( )" has moved as well.
    of_do = "blue-text" if term.do and all(v.symbol in moved for v in term.do) else "ink"
    conditions = [
        beside(word("do(", size, colour=of_do), _listed(done, size), word(")", size, colour=of_do)),
    ] * bool(term.do)
    conditions += [name_formula(v, size, colour=colour(v)) for v in term.given]
    bar = [_bar(size), _listed(conditions, size)] if conditions else []
    variables = _listed([name_formula(v, size) for v in term.variables], size)
    letter = beside(symbol("P", size), word(term.population, size)) if term.population else symbol("P", size)
    return beside(letter, word("(", size), variables, *bar, word(")", size))


def _names(names: Sequence[str], size: float) -> Formula:
    return _listed([name_formula(name, size) for name in names], size)


def _listed(boxes: Sequence[Formula], size: float) -> Formula:
    """Boxes with commas between them."""
    parts = [part for box in boxes for part in (word(", ", size), box)]
    return beside(*parts[1:])


def _bar(size: float) -> Formula:
    """The bar of a condition."""
    bar = ("line", 0.25 * size, -0.72 * size, 0.25 * size, 0.2 * size, 0.06 * size, "ink")
    return Formula(0.5 * size, 0.72 * size, 0.2 * size, (bar,))
