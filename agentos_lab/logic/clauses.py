"""Clauses: disjunctions of literals, as the prover holds them.

An atom is a term here, P(x) the function P of x, and s = t the function "=" of s and t. The variables of every clause
are called X0, X1, …, in order of appearance, so that clauses that differ in names only are equal.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from .formulas import Atom, Equal, Falsity, Formula, Not, Or, disjunction
from .terms import Function, Term, Variable, substitute

if TYPE_CHECKING:
    from .inference import Inference

__all__ = ["Clause", "Literal", "clause_of", "formula_of", "named_canonically"]

Feature = tuple[bool, str]  # a sign and a symbol
ANSWER = "answer!"  # the predicate that collects what an existential goal is true of; no premise may use it
EQUALITY = "="  # the predicate that is written between its arguments
DEEPEST, LONGEST = 200, 5_000  # nested symbols, and symbols in all, of the clauses that a search keeps
_VARIABLES = [Variable(f"X{number}") for number in range(64)]  # and more when they are needed
_APART = {variable: Variable("Y" + variable.name[1:]) for variable in _VARIABLES}


class Literal(NamedTuple):
    """An atom, or its negation.

    Attributes:
        positive: Whether it is the atom itself.
        atom: The atom as a term.
    """

    positive: bool
    atom: Term

    @property
    def is_equation(self) -> bool:
        """Whether it says that two terms are equal, or different."""
        return self.atom.name == EQUALITY and len(self.atom.args) == 2

    def __str__(self) -> str:
        return str(_literal_formula(self))


class Clause:
    """A disjunction of literals, and where it comes from.

    Attributes:
        literals: The literals; of none: the empty clause □, which never holds.
        inference: The rule and the parents that gave it.
        number: In the order in which the clauses were kept.
        from_goal: Whether the negated goal is among its ancestors.
    """

    __slots__ = ("__dict__", "from_goal", "inference", "literals", "number")

    def __init__(self, literals: tuple[Literal, ...], inference: Inference, from_goal: bool = False) -> None:
        self.literals = literals
        self.inference = inference
        self.from_goal = from_goal
        self.number = 0

    @cached_property
    def apart(self) -> tuple[Literal, ...]:
        """The literals with variables Y0, Y1, … that no other clause has."""
        return tuple(Literal(sign, substitute(atom, _APART)) for sign, atom in self.literals)

    @cached_property
    def size(self) -> int:
        """The number of symbols."""
        return sum(atom.size for _, atom in self.literals)

    @cached_property
    def features(self) -> frozenset[Feature]:
        """Every symbol together with the sign of a literal that it is in."""
        found: set[Feature] = set()
        for sign, atom in self.literals:
            waiting = [atom]
            while waiting:
                part = waiting.pop()
                if not isinstance(part, Variable):
                    found.add((sign, part.name))
                    waiting += part.args
        return frozenset(found)

    def __len__(self) -> int:
        return len(self.literals)

    def __bool__(self) -> bool:
        return True  # □ has no literals, and is a clause all the same

    def __str__(self) -> str:
        return " ∨ ".join(str(literal) for literal in self.literals) or "□"

    def __repr__(self) -> str:
        return f"Clause({self})"


def named_canonically(literals: Iterable[Literal]) -> tuple[tuple[Literal, ...], dict[Variable, Term]]:
    """Literals with the variables X0, X1, … in order of appearance, each literal once; and how they were renamed."""
    renamed: dict[Variable, Term] = {}
    result: dict[Literal, None] = {}
    for sign, atom in literals:
        result[Literal(sign, _canonical(atom, renamed))] = None
    return tuple(result), renamed


def canonical_variable(number: int) -> Variable:
    """X0, X1, …"""
    while number >= len(_VARIABLES):
        new = Variable(f"X{len(_VARIABLES)}")
        _APART[new] = Variable(f"Y{len(_VARIABLES)}")
        _VARIABLES.append(new)
    return _VARIABLES[number]


def apart_of(variable: Variable) -> Variable:
    """Y0 for X0, and so on."""
    return _APART[variable]


def is_too_large(literals: Iterable[Literal]) -> bool:
    """Whether a clause is nested so deeply, or so long, that the search puts it aside."""
    literals = list(literals)
    deepest = max((atom.depth for _, atom in literals), default=0)
    return deepest > DEEPEST or sum(atom.size for _, atom in literals) > LONGEST


def clause_of(formula: Formula) -> tuple[Literal, ...]:
    """The literals of a formula that is a clause."""
    parts = formula.parts if isinstance(formula, Or) else () if isinstance(formula, Falsity) else (formula,)
    return tuple(_literal(part) for part in parts)


def formula_of(literals: Sequence[Literal]) -> Formula:
    """The disjunction of literals as a formula, its variables free."""
    return disjunction([_literal_formula(literal) for literal in literals])


def _canonical(term: Term, renamed: dict[Variable, Term]) -> Term:
    if term.ground:
        return term
    if isinstance(term, Variable):
        if term not in renamed:
            renamed[term] = canonical_variable(len(renamed))
        return renamed[term]
    return Function(term.name, *[_canonical(arg, renamed) for arg in term.args])


def _literal(formula: Formula) -> Literal:
    match formula:
        case Not(part):
            return Literal(False, _literal(part).atom)
        case Atom(predicate, args):
            if predicate == EQUALITY:  # as text: "="(s, t)
                raise ValueError(f'the predicate "=" of {formula} would be taken for equality; give it another name')
            return Literal(True, Function(predicate, *args))
        case Equal(left, right):
            return Literal(True, Function(EQUALITY, left, right))
    raise ValueError(f"{formula} is no literal; clauses come from to_cnf")


def _literal_formula(literal: Literal) -> Formula:
    atom = literal.atom
    formula: Formula = Equal(*atom.args) if literal.is_equation else Atom(atom.name, atom.args)
    return formula if literal.positive else Not(formula)
