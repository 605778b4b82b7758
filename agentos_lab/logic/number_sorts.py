"""Which terms are numbers and which are other things.

Formulas say nothing of sorts; their use does. Numerals, sums and comparisons are numbers; what equals a number is one;
and what stands at the same place of the same symbol is of the same sort, everywhere. All else is of one other sort U.
Without any numeral the signs +, *, < are symbols like all others (a group may be written with +), and there are no
numbers. With a decimal among the numerals, or a division, all numbers are real; else they are integers.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from .formulas import And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, atoms
from .terms import Term, Variable, subterms

__all__ = ["NumberSorts", "is_number", "uses_numbers"]

ARITHMETIC = ("+", "-", "*", "/")
COMPARISONS = ("<", "<=", ">", ">=")

Place = tuple[object, ...]  # a place where a term can stand: an argument, a result, a variable
_NUMBER: Place = ("number",)


def is_number(name: str) -> bool:
    """Whether a constant is a numeral, such as 3, -1 or 2.5."""
    return re.fullmatch(r"-?\d+(\.\d+)?", name) is not None


def uses_numbers(formulas: Iterable[Formula]) -> bool:
    """Whether formulas speak of numbers: whether a numeral occurs in them."""
    return any(is_number(name) for name in _function_names(formulas))


class NumberSorts:
    """The sort of each place in some formulas: "U", or "Int" or "Real" for numbers.

    Args:
        formulas: All the formulas that are used together.
    """

    def __init__(self, formulas: Iterable[Formula]) -> None:
        self.formulas = list(formulas)  # kept alive: their quantifiers are known by identity
        names = set(_function_names(self.formulas))
        self.numbers = any(is_number(name) for name in names)
        self.real = self.numbers and ("/" in names or any(is_number(name) and "." in name for name in names))
        self._above: dict[Place, Place] = {}
        if self.numbers:
            for formula in self.formulas:
                self._visit(formula, {})

    def of(self, place: Place) -> str:
        """The sort of a place: "U", "Int" or "Real"."""
        if not self.numbers or self._top(place) != self._top(_NUMBER):
            return "U"
        return "Real" if self.real else "Int"

    def interprets(self, name: str, count: int) -> bool:
        """Whether a function or predicate has a fixed meaning: arithmetic, comparison."""
        return self.numbers and count == 2 and name in (*ARITHMETIC, *COMPARISONS)

    def _top(self, place: Place) -> Place:
        while place in self._above:
            place = self._above[place]
        return place

    def _same(self, one: Place, other: Place) -> None:
        one, other = self._top(one), self._top(other)
        if one != other:
            self._above[one] = other

    def _visit(self, formula: Formula, bound: dict[Variable, Place]) -> None:
        match formula:
            case Atom(predicate, args):
                for number, arg in enumerate(args):
                    fixed = self.interprets(predicate, len(args))
                    self._same(self._term(arg, bound), _NUMBER if fixed else predicate_place(predicate, number))
            case Equal(left, right):
                self._same(self._term(left, bound), self._term(right, bound))
            case Not(part):
                self._visit(part, bound)
            case And(parts) | Or(parts):
                for part in parts:
                    self._visit(part, bound)
            case Implies(left, right) | Iff(left, right):
                self._visit(left, bound)
                self._visit(right, bound)
            case ForAll(variable, body) | Exists(variable, body):
                self._visit(body, {**bound, variable: variable_place(formula)})

    def _term(self, term: Term, bound: dict[Variable, Place]) -> Place:
        if isinstance(term, Variable):
            return bound.get(term, ("free", term.name))
        fixed = self.interprets(term.name, len(term.args))
        for number, arg in enumerate(term.args):
            self._same(self._term(arg, bound), _NUMBER if fixed else argument_place(term.name, number))
        return _NUMBER if fixed or (not term.args and is_number(term.name)) else result_place(term.name)


def predicate_place(predicate: str, number: int) -> Place:
    """An argument of a predicate, counted from 0."""
    return ("predicate", predicate, number)


def argument_place(function: str, number: int) -> Place:
    """An argument of a function, counted from 0."""
    return ("argument", function, number)


def result_place(function: str) -> Place:
    """The value of a function or constant."""
    return ("result", function)


def variable_place(quantifier: Formula) -> Place:
    """The variable that a quantifier binds."""
    return ("variable", id(quantifier))


def _function_names(formulas: Iterable[Formula]) -> Iterable[str]:
    for formula in formulas:
        for atom in atoms(formula):
            for term in (atom.left, atom.right) if isinstance(atom, Equal) else atom.args:
                for _, part in subterms(term):
                    if not isinstance(part, Variable):
                        yield part.name
