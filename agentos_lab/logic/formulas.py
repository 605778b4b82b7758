"""Formulas of first-order logic, as immutable values that can be taken apart by pattern matching.

``match formula: case ForAll(x, Implies(Atom("Man", (y,)), conclusion)): …``. They print themselves; `parse` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .terms import Function, Substitution, Term, Variable, substitute

__all__ = [
    "FALSE",
    "TRUE",
    "And",
    "Atom",
    "Equal",
    "Exists",
    "Falsity",
    "ForAll",
    "Formula",
    "Iff",
    "Implies",
    "Not",
    "Or",
    "Truth",
    "atoms",
    "conjunction",
    "disjunction",
    "replace_terms",
]


class Formula:
    """What all formulas can do."""

    @cached_property
    def free(self) -> frozenset[Variable]:
        """The variables that no quantifier binds."""
        match self:
            case Atom(_, args):
                return frozenset().union(*(arg.variables for arg in args))
            case Equal(left, right):
                return left.variables | right.variables
            case Not(part):
                return part.free
            case And(parts) | Or(parts):
                return frozenset().union(*(part.free for part in parts))
            case Implies(left, right) | Iff(left, right):
                return left.free | right.free
            case ForAll(variable, body) | Exists(variable, body):
                return body.free - {variable}
        return frozenset()

    def __str__(self) -> str:
        from .formula_text import formula_text

        return formula_text(self)

    def latex(self) -> str:
        """The formula as LaTeX mathematics, without dollar signs."""
        from .formula_text import formula_latex

        return formula_latex(self)

    def tptp(self) -> str:
        """The formula in the syntax of TPTP (FOF)."""
        from .formula_text import formula_tptp

        return formula_tptp(self)

    def _repr_latex_(self) -> str:
        return f"${self.latex()}$"


@dataclass(frozen=True)
class Atom(Formula):
    """A predicate of some terms: Man(Socrates). Without terms: a proposition."""

    predicate: str
    args: tuple[Term, ...] = ()

    __str__ = Formula.__str__


@dataclass(frozen=True)
class Equal(Formula):
    """left = right."""

    left: Term
    right: Term


@dataclass(frozen=True)
class Not(Formula):
    """¬ part."""

    part: Formula


@dataclass(frozen=True)
class And(Formula):
    """The conjunction of two or more parts."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Or(Formula):
    """The disjunction of two or more parts."""

    parts: tuple[Formula, ...]


@dataclass(frozen=True)
class Implies(Formula):
    """If `left` then `right`."""

    left: Formula
    right: Formula


@dataclass(frozen=True)
class Iff(Formula):
    """`left` if and only if `right`."""

    left: Formula
    right: Formula


@dataclass(frozen=True)
class ForAll(Formula):
    """∀ variable: body."""

    variable: Variable
    body: Formula


@dataclass(frozen=True)
class Exists(Formula):
    """∃ variable: body."""

    variable: Variable
    body: Formula


@dataclass(frozen=True)
class Truth(Formula):
    """⊤, which always holds."""


@dataclass(frozen=True)
class Falsity(Formula):
    """⊥, which never holds."""


TRUE = Truth()  # ⊤
FALSE = Falsity()  # ⊥


def conjunction(parts: list[Formula]) -> Formula:
    """All of the parts; of none: ⊤, of one: itself."""
    return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else TRUE


def disjunction(parts: list[Formula]) -> Formula:
    """At least one of the parts; of none: ⊥, of one: itself."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts)) if parts else FALSE


def atoms(formula: Formula) -> Iterator[Atom | Equal]:
    """Every atom in a formula, from left to right."""
    match formula:
        case Atom() | Equal():
            yield formula
        case Not(part) | ForAll(_, part) | Exists(_, part):
            yield from atoms(part)
        case And(parts) | Or(parts):
            for part in parts:
                yield from atoms(part)
        case Implies(left, right) | Iff(left, right):
            yield from atoms(left)
            yield from atoms(right)


def replace_terms(formula: Formula, substitution: Substitution) -> Formula:
    """The formula with free variables replaced by terms; a bound variable that stands in the way is renamed."""
    match formula:
        case Atom(predicate, args):
            return Atom(predicate, tuple(substitute(arg, substitution) for arg in args))
        case Equal(left, right):
            return Equal(substitute(left, substitution), substitute(right, substitution))
        case Not(part):
            return Not(replace_terms(part, substitution))
        case And(parts) | Or(parts):
            return type(formula)(tuple(replace_terms(part, substitution) for part in parts))
        case Implies(left, right) | Iff(left, right):
            return type(formula)(replace_terms(left, substitution), replace_terms(right, substitution))
        case ForAll(variable, body) | Exists(variable, body):
            inside = {old: new for old, new in substitution.items() if old is not variable and old in body.free}
            arriving = frozenset().union(*(new.variables for new in inside.values()))
            if variable in arriving:
                fresh = fresh_variable(variable, arriving | body.free)
                inside[variable], variable = fresh, fresh
            return type(formula)(variable, replace_terms(body, inside)) if inside else formula
    return formula


def fresh_variable(variable: Variable, taken: frozenset[Variable]) -> Variable:
    """A variable named like this one with primes, that is not taken."""
    while variable in taken:
        variable = Variable(variable.name + "'")
    return variable


def is_constant(term: Term) -> bool:
    """Whether a term is a constant."""
    return isinstance(term, Function) and not term.args
