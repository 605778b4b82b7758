"""Propositional problems as clauses of numbers: 3 is the third proposition, -3 its negation, (1, -3) says p ∨ ¬r.

A formula gets there by definitions (Tseitin 1968): a part that is no literal gets a proposition of its own, d ↔ part.
So the clauses grow with the formula and not with its distribution.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .formulas import And, Atom, Equal, Exists, Falsity, ForAll, Formula, Iff, Implies, Not, Or, Truth, conjunction
from .parser import parse
from .signature import Signature

__all__ = ["CNF", "Clause", "PropositionalProblem", "propositional_clauses", "propositions", "truth_value"]

Clause = tuple[int, ...]  # literals as signed numbers of propositions, from 1


@dataclass(frozen=True)
class CNF:
    """Clauses that must all hold.

    Attributes:
        clauses: Each a disjunction of literals; without literals it never holds.
        names: What the propositions 1, 2, … are called.
        given: How many of the propositions, the first ones, stood in the problem; the others are definitions.
    """

    clauses: tuple[Clause, ...]
    names: tuple[str, ...]
    given: int

    def text(self, literal: int) -> str:
        """A literal by its name."""
        return ("¬" if literal < 0 else "") + self.names[abs(literal) - 1]

    def clause_text(self, clause: Iterable[int]) -> str:
        """A clause by the names of its literals; □ for the empty one."""
        return " ∨ ".join(self.text(literal) for literal in clause) or "□"

    def satisfied_by(self, literals: Iterable[int]) -> bool:
        """Whether every clause holds one of these literals."""
        true = set(literals)
        return all(not true.isdisjoint(clause) for clause in self.clauses)

    def __len__(self) -> int:
        return len(self.clauses)

    def __str__(self) -> str:
        new = len(self.names) - self.given
        defined = f", {new} of them definitions" if new else ""
        shown = [f"  {self.clause_text(clause)}" for clause in self.clauses[:8]]
        rest = [f"  … and {len(self.clauses) - 8} more"] if len(self.clauses) > 8 else []
        counts = f"{_counted(len(self.clauses), 'clause')} over {_counted(len(self.names), 'proposition')}"
        return "\n".join([counts + defined, *shown, *rest])

    __repr__ = __str__


# What the solvers take: a formula or its text, several of them that hold together, clauses of numbers, or a CNF.
PropositionalProblem = CNF | Formula | str | Iterable[Formula | str] | Iterable[Sequence[int]]


def propositional_clauses(problem: PropositionalProblem) -> CNF:
    """The clauses of a problem.

    Args:
        problem: A formula or its text; several of them, which must hold together; clauses of signed numbers; or a CNF,
            which is handed back. Ground atoms such as P(a) count as propositions.

    Returns:
        Clauses with the names of their propositions. Their models, cut down to the given propositions, are exactly
        the models of the problem.

    Raises:
        ParseError: A text that is no formula.
        ValueError: A quantifier, an equation or a free variable, which propositional logic cannot treat; or clauses
            with a 0 or something that is no whole number in them.

    Source: Tseitin 1968, "On the complexity of derivation in propositional calculus".
    """
    if isinstance(problem, CNF):
        return problem
    if isinstance(problem, str | Formula):
        return _Definitions(parse(problem)).cnf()
    if not isinstance(problem, Iterable) or isinstance(problem, Mapping):
        raise ValueError(f"expected a formula, formulas or clauses of numbers, got {type(problem).__name__}")
    parts = list(problem)
    formulas = [part for part in parts if isinstance(part, str | Formula)]
    if not formulas or len(formulas) < len(parts):
        return _numbered(parts)
    signature = Signature()
    return _Definitions(conjunction([parse(part, signature) for part in formulas])).cnf()


def _numbered(parts: Sequence[object]) -> CNF:
    clauses: list[Clause] = []
    for number, part in enumerate(parts, 1):
        if not isinstance(part, Iterable) or isinstance(part, str | Formula):
            raise ValueError(f"clause {number} should be a sequence of numbers such as (1, -2), got {part!r}")
        clause = tuple(part)
        for literal in clause:
            if type(literal) is not int or literal == 0:
                raise ValueError(f"clause {number} holds {literal!r}; a literal is 1, 2, … or its negative")
        clauses.append(clause)
    most = max((abs(literal) for clause in clauses for literal in clause), default=0)
    return CNF(tuple(clauses), tuple(f"x{number}" for number in range(1, most + 1)), most)


def propositions(formula: Formula) -> tuple[str, ...]:
    """The propositions of a formula by name, in the order in which they stand there.

    Raises:
        ValueError: The formula is not propositional; the message says where.
    """
    found: dict[str, None] = {}
    waiting = [formula]
    while waiting:
        part = waiting.pop()
        match part:
            case Atom():
                if part.free:
                    raise ValueError(f"{part} holds a variable; a proposition is an atom without variables")
                found[str(part)] = None
            case Not(inner):
                waiting.append(inner)
            case And(parts) | Or(parts):
                waiting += reversed(parts)
            case Implies(left, right) | Iff(left, right):
                waiting += (right, left)
            case ForAll() | Exists():
                raise ValueError(f"{part} has a quantifier; propositional logic has none: use prove() or entails()")
            case Equal():
                raise ValueError(f"{part} is an equation; propositional logic has none: use prove() or entails()")
    return tuple(found)


def truth_value(formula: Formula | str, assignment: Mapping[str, bool]) -> bool:
    """Whether a propositional formula holds.

    Args:
        formula: Without quantifiers and equations.
        assignment: The truth value of each proposition by name.

    Raises:
        ValueError: A proposition without a value, or a formula that is not propositional.
    """
    match parse(formula):
        case Truth():
            return True
        case Falsity():
            return False
        case Not(part):
            return not truth_value(part, assignment)
        case And(parts):
            return all(truth_value(part, assignment) for part in parts)
        case Or(parts):
            return any(truth_value(part, assignment) for part in parts)
        case Implies(left, right):
            return not truth_value(left, assignment) or truth_value(right, assignment)
        case Iff(left, right):
            return truth_value(left, assignment) == truth_value(right, assignment)
        case Atom() as atom if str(atom) in assignment:
            return bool(assignment[str(atom)])
        case other:
            propositions(other)  # says what is not propositional
            raise ValueError(f"{other} has no truth value; those given: {', '.join(assignment) or 'none'}")


class _Definitions:
    """The clauses of one formula; parts that stand there twice share their definition."""

    def __init__(self, formula: Formula) -> None:
        self.names = list(propositions(formula))
        self.given = len(self.names)
        self.taken = set(self.names)
        self.numbers = {name: number for number, name in enumerate(self.names, 1)}
        self.known: dict[Formula, int] = {}
        self.clauses: dict[Clause, None] = {}  # in order, each once
        self.always = 0  # the proposition for ⊤, where one is needed
        self._require(formula)

    def cnf(self) -> CNF:
        return CNF(tuple(self.clauses), tuple(self.names), self.given)

    def _add(self, *literals: int) -> None:
        clause = tuple(dict.fromkeys(literals))
        if not any(-literal in clause for literal in clause):
            self.clauses[clause] = None

    def _require(self, formula: Formula) -> None:
        """A formula that must hold needs no name: a conjunction is its parts, a disjunction is one clause."""
        match formula:
            case Truth():
                return
            case And(parts):
                for part in parts:
                    self._require(part)
            case Not(Or(parts)):
                for part in parts:
                    self._require(Not(part))
            case Not(Not(part)):
                self._require(part)
            case Not(Implies(left, right)):
                self._require(left)
                self._require(Not(right))
            case Iff(left, right):
                a, b = self._literal(left), self._literal(right)
                self._add(-a, b)
                self._add(a, -b)
            case _:
                self._add(*(self._literal(part) for part in _disjuncts(formula)))

    def _literal(self, formula: Formula) -> int:
        """A literal that holds exactly when the formula does."""
        if isinstance(formula, Atom):
            return self.numbers[str(formula)]
        if isinstance(formula, Not):
            return -self._literal(formula.part)
        if isinstance(formula, Truth | Falsity):
            if not self.always:
                self.always = self._new()
                self._add(self.always)
            return self.always if isinstance(formula, Truth) else -self.always
        if formula not in self.known:
            self.known[formula] = self._defined(formula)
        return self.known[formula]

    def _defined(self, formula: Formula) -> int:
        if isinstance(formula, Iff):
            a, b = self._literal(formula.left), self._literal(formula.right)
            d = self._new()
            for clause in ((-d, -a, b), (-d, a, -b), (d, a, b), (d, -a, -b)):
                self._add(*clause)
            return d
        sign = -1 if isinstance(formula, And) else 1  # a conjunction is the negated disjunction of the negations
        parts = formula.parts if isinstance(formula, And) else _disjuncts(formula)
        literals = [sign * self._literal(part) for part in parts]
        d = sign * self._new()
        self._add(-d, *literals)
        for literal in literals:
            self._add(d, -literal)
        return sign * d

    def _new(self) -> int:
        number = len(self.names) + 1 - self.given
        while f"d{number}" in self.taken:
            number += 1
        self.names.append(f"d{number}")
        self.taken.add(f"d{number}")
        return len(self.names)


def _disjuncts(formula: Formula) -> list[Formula]:
    """The parts of which one must hold; ⊥ is none."""
    match formula:
        case Or(parts):
            return [inner for part in parts for inner in _disjuncts(part)]
        case Implies(left, right):
            return [*_disjuncts(Not(left)), *_disjuncts(right)]
        case Not(And(parts)):
            return [inner for part in parts for inner in _disjuncts(Not(part))]
        case Not(Not(part)):
            return _disjuncts(part)
        case Falsity() | Not(Truth()):
            return []
    return [formula]


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' * (count != 1)}"
