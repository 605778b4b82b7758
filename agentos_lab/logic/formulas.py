"""Formulas of first-order logic, as immutable values that can be taken apart by pattern matching.

``match formula: case ForAll(x, Implies(Atom("Man", (y,)), conclusion)): …``. They print themselves; `parse` reads them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from .terms import Substitution, Term, Variable, substitute

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
    "children",
    "conjunction",
    "disjunction",
    "rebuilt",
    "replace_terms",
    "subformulas",
]

MOST_NESTED = 200  # formulas inside formulas; every walk over them takes a few of Python's 1,000 calls for each


class Formula:
    """What all formulas can do.

    Attributes:
        depth: How deeply formulas are nested in this one; 1 for an atom. More than 200 is refused with a ValueError,
            so that no walk over a formula can run out of Python's stack. (A conjunction of 10,000 parts is flat.)
    """

    depth: int

    def __post_init__(self) -> None:
        deepest = 0
        for child in children(self):
            if not isinstance(child, Formula):
                raise ValueError(f"{type(self).__name__} is made of formulas, got {child!r}; parse() reads text")
            deepest = max(deepest, child.depth)
        if deepest >= MOST_NESTED:
            raise ValueError(
                f"a formula nested more than {MOST_NESTED} deep; And and Or take any number of parts side by side, "
                "and names for its parts make it flatter"
            )
        object.__setattr__(self, "depth", deepest + 1)

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

    def __post_init__(self) -> None:
        _check_terms(self.predicate, self.args)
        super().__post_init__()


@dataclass(frozen=True)
class Equal(Formula):
    """left = right."""

    left: Term
    right: Term

    def __post_init__(self) -> None:
        _check_terms("=", (self.left, self.right))
        super().__post_init__()


@dataclass(frozen=True)
class Not(Formula):
    """¬ part."""

    part: Formula


@dataclass(frozen=True)
class And(Formula):
    """The conjunction of two or more parts."""

    parts: tuple[Formula, ...]

    def __post_init__(self) -> None:
        _check_parts(self.parts, "conjunction")
        super().__post_init__()


@dataclass(frozen=True)
class Or(Formula):
    """The disjunction of two or more parts."""

    parts: tuple[Formula, ...]

    def __post_init__(self) -> None:
        _check_parts(self.parts, "disjunction")
        super().__post_init__()


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


def conjunction(parts: list[Formula]) -> Formula:
    """All of the parts; of none: ⊤, of one: itself."""
    return parts[0] if len(parts) == 1 else And(tuple(parts)) if parts else TRUE


def disjunction(parts: list[Formula]) -> Formula:
    """At least one of the parts; of none: ⊥, of one: itself."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts)) if parts else FALSE


def children(formula: Formula) -> tuple[Formula, ...]:
    """The formulas directly inside a formula, from left to right."""
    match formula:
        case And(parts) | Or(parts):
            return parts
        case Not(part) | ForAll(_, part) | Exists(_, part):
            return (part,)
        case Implies(left, right) | Iff(left, right):
            return (left, right)
    return ()


TRUE = Truth()  # ⊤
FALSE = Falsity()  # ⊥


def rebuilt(formula: Formula, parts: tuple[Formula, ...]) -> Formula:
    """The same kind of formula with other `children`."""
    match formula:
        case And() | Or():
            return type(formula)(parts)
        case ForAll(variable, _) | Exists(variable, _):
            return type(formula)(variable, *parts)
        case Not() | Implies() | Iff():
            return type(formula)(*parts)
    return formula


def subformulas(formula: Formula) -> Iterator[tuple[tuple[int, ...], Formula]]:
    """The formula and every one inside it, each with its position: the numbers of the children on the way, from 0."""
    waiting: list[tuple[tuple[int, ...], Formula]] = [((), formula)]
    while waiting:
        position, part = waiting.pop()
        yield position, part
        inside = children(part)
        waiting += [((*position, place), inside[place]) for place in reversed(range(len(inside)))]


def atoms(formula: Formula) -> Iterator[Atom | Equal]:
    """Every atom in a formula, from left to right."""
    return (part for _, part in subformulas(formula) if isinstance(part, Atom | Equal))


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


def _check_terms(name: str, terms: tuple[Term, ...]) -> None:
    if not isinstance(terms, tuple) or not all(isinstance(term, Term) for term in terms):
        raise ValueError(f"{name} takes a tuple of terms such as (Variable('x'), Function('a')), got {terms!r}")


def _check_parts(parts: tuple[Formula, ...], kind: str) -> None:
    if not isinstance(parts, tuple) or len(parts) < 2:
        raise ValueError(f"a {kind} has a tuple of two or more parts, got {parts!r}; {kind}([…]) takes any number")
