"""Probability expressions: P(y | do(x), z), products, sums and fractions, as immutable values that write themselves.

An estimand is such an expression. `evaluate` (in `evaluation`) turns it into numbers, given anything that knows the
probabilities: an observed table, or a model that can also be intervened on.

Names are scoped as in mathematics: the sum in Σ_{X'} P(Y | X', Z) P(X') binds X', which is another index than the X
outside, although both range over the values of the same variable. The prime says so.
"""

from __future__ import annotations

import re
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

__all__ = ["ONE", "ZERO", "Expression", "Fraction", "Probability", "Product", "Sum", "Variable", "Zero"]


class Variable(NamedTuple):
    """An index over the values of one variable, or one fixed value of it.

    Attributes:
        name: The variable of the graph, the column of the data.
        value: None for an index that runs over all values; else the fixed value, as in P(Y=1).
        primes: Tells indices over the same variable apart: X (0), X' (1), X'' (2).
    """

    name: str
    value: Hashable | None = None
    primes: int = 0

    @property
    def symbol(self) -> str:
        """The name of the axis that this index stands for, e.g. ``"X'"``."""
        return self.name + "'" * self.primes if self.primes else self.name

    def __str__(self) -> str:
        return self.symbol if self.value is None else f"{self.symbol}={self.value}"

    def latex(self) -> str:
        r"""The index as LaTeX: ``X_{1}'`` for X1', ``\mathrm{Smoking}`` for a word, ``Y=1`` for a fixed value."""
        short = re.fullmatch(r"([^\W\d_])_?(\d*)", self.name)
        if short:
            letter, digits = short.groups()
            written = f"{letter}_{{{digits}}}" if digits else letter
        else:
            written = _upright(self.name)
        written += "'" * self.primes
        if self.value is None:
            return written
        return f"{written}={_upright(self.value) if isinstance(self.value, str) else self.value}"


class Expression:
    """What all expressions can do; the kinds are `Probability`, `Product`, `Sum`, `Fraction` and `Zero`."""

    @cached_property
    def free(self) -> frozenset[str]:
        """The indices that the value depends on: those that no sum binds and no value fixes."""
        return frozenset()

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The variables that the expression speaks of, each once, in order of appearance."""
        return ()

    def latex(self) -> str:
        """The expression as LaTeX mathematics, without dollar signs."""
        raise NotImplementedError

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.latex()}$"


@dataclass(frozen=True)
class Probability(Expression):
    """P(variables | do(do), given), in the population named by `population` (a mark such as ``"*"``; empty: ours).

    Raises:
        ValueError: An index that stands twice in the term, or a term about no variable.
    """

    variables: tuple[Variable, ...]
    given: tuple[Variable, ...] = ()
    do: tuple[Variable, ...] = ()
    population: str = ""

    def __post_init__(self) -> None:
        if not self.variables:
            raise ValueError("P() speaks about no variable: name at least one before the bar")
        everything = self.variables + self.given + self.do
        indices = [name + "'" * primes if primes else name for name, _, primes in everything]
        free = frozenset(indices)
        if len(free) < len(indices):
            twice = next(index for index in indices if indices.count(index) > 1)
            raise ValueError(f"{twice} stands twice in one probability; each variable may stand there once")
        if fixed := [variable.symbol for variable in everything if variable[1] is not None]:
            free = free.difference(fixed)
        self.__dict__["free"] = free  # known at this point, and asked of nearly every term

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([variable.name for variable in self.variables + self.given + self.do]))

    def __str__(self) -> str:
        conditions = [f"do({_listed(self.do)})"] if self.do else []
        conditions += [_listed(self.given)] if self.given else []
        bar = f" | {', '.join(conditions)}" if conditions else ""
        return f"P{self.population}({_listed(self.variables)}{bar})"

    __repr__ = __str__

    def latex(self) -> str:
        conditions = [rf"\mathrm{{do}}({_latex_list(self.do)})"] if self.do else []
        conditions += [variable.latex() for variable in self.given]
        bar = rf" \mid {', '.join(conditions)}" if conditions else ""
        population = f"^{{{self.population}}}" if self.population else ""
        return f"P{population}({_latex_list(self.variables)}{bar})"


@dataclass(frozen=True)
class Product(Expression):
    """The product of its factors; of none: the number 1."""

    factors: tuple[Expression, ...]

    @cached_property
    def free(self) -> frozenset[str]:
        return frozenset().union(*[factor.free for factor in self.factors])

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys([name for factor in self.factors for name in factor.names]))

    def __str__(self) -> str:
        if not self.factors:
            return "1"
        # A sum reaches to the end of its line: brackets stop it, except where the line ends anyway.
        ends = len(self.factors) - 1
        bracketed = [isinstance(f, Fraction) or (isinstance(f, Sum) and i < ends) for i, f in enumerate(self.factors)]
        return " ".join(f"[{f}]" if stop else str(f) for f, stop in zip(self.factors, bracketed, strict=True))

    __repr__ = __str__

    def latex(self) -> str:
        if not self.factors:
            return "1"
        *first, last = self.factors
        texts = [rf"\left({factor.latex()}\right)" if isinstance(factor, Sum) else factor.latex() for factor in first]
        return r"\,".join([*texts, last.latex()])


@dataclass(frozen=True)
class Sum(Expression):
    """The sum of `body` over all values of the indices `over`, which it binds."""

    over: tuple[Variable, ...]
    body: Expression

    @cached_property
    def free(self) -> frozenset[str]:
        return self.body.free.difference([variable.symbol for variable in self.over])

    @cached_property
    def names(self) -> tuple[str, ...]:
        return self.body.names

    def __str__(self) -> str:
        return f"Σ_{{{_listed(self.over)}}} {self.body}"

    __repr__ = __str__

    def latex(self) -> str:
        return rf"\sum_{{{_latex_list(self.over)}}} {self.body.latex()}"


@dataclass(frozen=True)
class Fraction(Expression):
    """Numerator over denominator."""

    numerator: Expression
    denominator: Expression

    @cached_property
    def free(self) -> frozenset[str]:
        return self.numerator.free | self.denominator.free

    @cached_property
    def names(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(self.numerator.names + self.denominator.names))

    def __str__(self) -> str:
        above, below = (str(f) if isinstance(f, Probability) else f"({f})" for f in (self.numerator, self.denominator))
        return f"{above} / {below}"

    __repr__ = __str__

    def latex(self) -> str:
        return rf"\frac{{{self.numerator.latex()}}}{{{self.denominator.latex()}}}"


@dataclass(frozen=True)
class Zero(Expression):
    """The number 0: the probability of what cannot be."""

    def __str__(self) -> str:
        return "0"

    __repr__ = __str__

    def latex(self) -> str:
        return "0"


ONE = Product(())  # the number 1
ZERO = Zero()  # the number 0


def _listed(variables: tuple[Variable, ...]) -> str:
    return ", ".join([name if value is None and not primes else str(Variable(name, value, primes))
                      for name, value, primes in variables])  # fmt: skip


def _upright(word: str) -> str:
    r"""A word as LaTeX: inside \mathrm a bare space is lost, and the other marks are errors."""
    escaped = re.sub(r"([_ &%#$])", r"\\\1", word)
    return rf"\mathrm{{{escaped}}}"


def _latex_list(variables: tuple[Variable, ...]) -> str:
    return ", ".join(variable.latex() for variable in variables)
