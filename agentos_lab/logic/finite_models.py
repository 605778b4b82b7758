"""Finite models, the smallest first.

The search asks for a domain of one element, then of two, and so on, each time as a question of propositional
satisfiability (`grounding`) that Z3 decides; so the first structure found is one of the smallest. Our own evaluation
checks it before anyone sees it. Constants that are said to be different begin with an element each.

Not finding a model up to some size proves nothing, except in the Bernays–Schönfinkel class, where a size is known that
is enough. Without equality one question settles that case: a domain with one element for each name (Herbrand).

Source: McCune 2003, "Mace4 reference manual"; Claessen & Sörensson 2003, "New techniques that improve MACE-style finite
model finding".
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .bernays_schoenfinkel import enough_elements
from .clause_writer import GroundingTooLarge
from .formulas import And, Equal, Formula, Not, atoms
from .grounding import Grounding, ground, witness_name
from .miniscoping import narrowed
from .models import Structure
from .number_sorts import uses_numbers
from .parser import parse
from .premises import closed_signature
from .signature import Signature
from .terms import Function
from .z3_solver import LimitedSolver

__all__ = ["FoundModel", "ModelSearch", "NoModel", "find_model"]

MAX_SIZE, RLIMIT, MAX_LITERALS = 8, 10_000_000, 5_000_000
_EASY = 3  # up to this size models are looked for before a model with one element for each name is


@dataclass(frozen=True)
class NoModel:
    """No model was found.

    Attributes:
        size: The largest size that was ruled out; 0 if none was.
        reason: What ended the search, in words.
        complete: Whether there is no model at all, of any size, finite or not.
    """

    size: int
    reason: str
    complete: bool = False

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        if self.complete:
            return f"No model, of any size: {self.reason}."
        upto = f"No model with up to {self.size} element{'s' * (self.size != 1)}" if self.size else "No model found"
        return f"{upto}; {self.reason}. That is no proof that there is none."


@dataclass(frozen=True)
class FoundModel:
    """A structure in which the formulas are true, and whether every smaller size was ruled out."""

    structure: Structure
    minimal: bool


def find_model(
    formulas: Sequence[str | Formula],
    *,
    min_size: int = 1,
    max_size: int = MAX_SIZE,
    rlimit: int = RLIMIT,
    seconds: float | None = None,
    max_literals: int = MAX_LITERALS,
) -> Structure | NoModel:
    """A finite structure in which all formulas are true, a smallest one if the limits allow.

    Args:
        formulas: Formulas or their texts.
        min_size: The smallest domain to try.
        max_size: The largest domain to try. Where a size is known that is enough (no functions, no ∃ below ∀), larger
            ones are tried, too, up to that.
        rlimit: The most steps of Z3, in all.
        seconds: CPU time in all, as a second net; answers that depend on it do not repeat.
        max_literals: The most literals to write out for one size.

    Raises:
        ValueError: A text is no formula, a formula has free variables, or a symbol is used in two ways.
    """
    if not 1 <= min_size <= max_size:
        raise ValueError(f"sizes go from at least 1 upwards, got min_size={min_size}, max_size={max_size}")
    search = ModelSearch([parse(formula) for formula in formulas], rlimit, seconds, max_literals)
    found = search.run(min_size, max_size)
    return found.structure if isinstance(found, FoundModel) else found


class ModelSearch:
    """One search, with its formulas and what is left of its limits.

    Args:
        formulas: Without free variables.
        rlimit, seconds, max_literals: As for `find_model`.
    """

    def __init__(self, formulas: list[Formula], rlimit: int, seconds: float | None, max_literals: int) -> None:
        self.formulas, self.signature = formulas, closed_signature(formulas)
        self.narrow = [narrowed(formula) for formula in formulas]
        self.steps_left, self.max_literals, self.seconds = rlimit, max_literals, seconds
        self.deadline = None if seconds is None else time.process_time() + seconds

    def run(self, min_size: int, max_size: int) -> FoundModel | NoModel:
        """The smallest model there is from `min_size` on, or why none was found."""
        if uses_numbers(self.formulas):
            return NoModel(0, "the formulas speak of numbers, and no finite domain holds them all")
        enough = enough_elements(self.narrow, self.signature)
        max_size = max(max_size, enough or 0)
        equality = any(isinstance(atom, Equal) for formula in self.formulas for atom in atoms(formula))
        spare: Structure | str | None = ""  # a model that may not be the smallest
        different = _different_constants(self.narrow)
        for size in range(max(min_size, len(different)), max_size + 1):
            if enough is not None and _EASY < size <= enough and not equality and spare == "":
                spare = self.at_size(enough, self._herbrand())
                if spare is None:
                    return NoModel(enough, _enough_reason(enough), min_size == 1)
            found = self.at_size(size, different)
            if isinstance(found, Structure):
                return FoundModel(found, True)
            if found is not None:  # a limit was hit
                return FoundModel(spare, False) if isinstance(spare, Structure) else NoModel(size - 1, found)
            if enough is not None and min_size <= enough <= size:
                return NoModel(size, _enough_reason(enough), min_size == 1)
        ruled_out = max(max_size, len(different) - 1)
        return NoModel(ruled_out, f"larger ones were not tried (max_size={max_size})")

    def at_size(self, size: int, fixed: dict[str, int]) -> Structure | str | None:
        """A model of this size, None if there is none, or in words which limit was hit."""
        if self.deadline is not None and time.process_time() >= self.deadline:
            return f"the {self.seconds:g} s of CPU time ended"
        if self.steps_left <= 0:
            return "Z3's rlimit was used up"
        try:
            grounding = ground(self.narrow, size, fixed=fixed, max_literals=self.max_literals, deadline=self.deadline)
        except GroundingTooLarge as limit:
            return str(limit)
        verdict, true = self._satisfied(grounding)
        if verdict == "unsat":
            return None
        if verdict != "sat":
            return f"{verdict} at size {size}"
        structure = _structure(grounding, true, self.signature)
        for formula in self.formulas:  # trust no search: our own evaluation has the last word
            if not structure.holds(formula):
                raise AssertionError(f"the structure found does not satisfy {formula}:\n{structure}")
        return structure

    def _satisfied(self, grounding: Grounding) -> tuple[str, frozenset[int]]:
        """Z3's verdict on the clauses, and the propositions that its model makes true."""
        import z3

        seconds = None if self.deadline is None else max(0.001, self.deadline - time.process_time())
        limited = LimitedSolver(None, self.steps_left, seconds)
        lines = [f"p cnf {grounding.propositions} {len(grounding.clauses)}"]
        lines += [" ".join(map(str, clause)) + " 0" for clause in grounding.clauses]
        limited.solver.from_string("\n".join(lines) + "\n")  # DIMACS: far quicker than an expression for each clause
        verdict = limited.check()
        self.steps_left -= limited.spent
        if verdict != "sat":
            return verdict, frozenset()
        model = limited.solver.model()
        return verdict, frozenset(int(d.name()[2:]) for d in model.decls() if z3.is_true(model[d]))  # k!17

    def _herbrand(self) -> dict[str, int]:
        """An element for each constant and for each witness on the outside."""
        names = [name for name, (kind, _) in self.signature.symbols.items() if kind == "function"]
        enough = enough_elements(self.narrow, self.signature) or 1
        names += [witness_name(number) for number in range(enough - len(names))]
        return {name: number for number, name in enumerate(names[:enough])}


def _different_constants(narrow: list[Formula]) -> dict[str, int]:
    """Constants that the formulas say are all different, as many as are easily found, numbered from 0."""
    others: dict[str, set[str]] = {}
    for formula in narrow:
        for part in formula.parts if isinstance(formula, And) else (formula,):
            match part:
                case Not(Equal(Function(one, ()), Function(other, ()))) if one != other:
                    others.setdefault(one, set()).add(other)
                    others.setdefault(other, set()).add(one)
    chosen: list[str] = []
    for name in sorted(others, key=lambda name: (-len(others[name]), name)):
        if all(name in others[before] for before in chosen):
            chosen.append(name)
    return {name: number for number, name in enumerate(chosen)}


def _structure(grounding: Grounding, true: frozenset[int], signature: Signature) -> Structure:
    """The structure that the true propositions describe; what never came up is d1, or false."""
    domain = tuple(f"d{number}" for number in range(1, grounding.size + 1))

    def value(name: str, args: tuple[int, ...]) -> str:
        cell = grounding.cells.get((name, args), ())
        return domain[next((element for element, proposition in enumerate(cell) if proposition in true), 0)]

    constants, functions, predicates = {}, {}, {}
    for name, (kind, arity) in signature.symbols.items():
        tuples = list(product(range(grounding.size), repeat=arity))
        if kind == "predicate":
            holding = (args for args in tuples if grounding.predicates.get((name, args)) in true)
            predicates[name] = frozenset(tuple(domain[arg] for arg in args) for args in holding)
        elif arity == 0:
            constants[name] = domain[fixed] if (fixed := grounding.fixed.get(name)) is not None else value(name, ())
        else:
            functions[name] = {tuple(domain[arg] for arg in args): value(name, args) for args in tuples}
    arities = {name: arity for name, (kind, arity) in signature.symbols.items() if kind == "predicate"}
    return Structure(domain, constants, functions, predicates, arities)


def _enough_reason(enough: int) -> str:
    return f"without functions, {enough} element{'s' * (enough > 1)} would be enough for a model"
