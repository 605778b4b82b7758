"""Finite models and countermodels, the smallest first.

"Not every group is commutative": what shows it is a group that is not. The search asks for a domain of one element,
then of two, and so on, each time as a question of propositional satisfiability (`grounding`) that Z3 decides; so the
first structure found is one of the smallest. It is checked by our own evaluation before anyone sees it.

Not finding any up to some size proves nothing, with one exception: formulas without functions and without ∃ below ∀
(the Bernays–Schönfinkel class) have a model with as many elements as they name, or none at all.

Source: McCune 2003, "Mace4 reference manual"; Bernays & Schönfinkel 1928, "Zum Entscheidungsproblem der mathematischen
Logik", section 2.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from .bernays_schoenfinkel import enough_elements
from .formulas import Formula, Not
from .grounding import Grounding, TooManyClauses, ground
from .miniscoping import narrowed
from .models import Structure
from .number_sorts import uses_numbers
from .parser import parse
from .signature import Signature
from .z3_solver import limited_solver, reason_for_giving_up

__all__ = ["Countermodel", "NoCountermodel", "NoModel", "find_countermodel", "find_model"]

_MAX_SIZE, _RLIMIT, _MAX_CLAUSES = 8, 20_000_000, 1_000_000


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
class Countermodel:
    """A structure in which every premise is true and the goal is false, with no smaller one.

    Attributes:
        structure: The structure.
        premises: The premises by name.
        goal: What does not follow.
        size: The number of its elements.
        tried: The sizes that were ruled out before.
    """

    structure: Structure
    premises: Mapping[str, Formula]
    goal: Formula
    size: int
    tried: tuple[int, ...] = ()

    def __str__(self) -> str:
        known = [f"true:  {premise}" for premise in self.premises.values()]
        head = f"A countermodel with {self.size} element{'s' * (self.size != 1)}; no smaller one exists."
        return "\n".join([head, str(self.structure), *known[:6], *["…"] * (len(known) > 6), f"false: {self.goal}"])

    def _repr_html_(self) -> str:
        import html

        words, picture = html.escape(str(self)), self.structure.svg()
        return f"<div style='display:flex;gap:2em;align-items:center'><div>{picture}</div><pre>{words}</pre></div>"


@dataclass(frozen=True)
class NoCountermodel:
    """No countermodel was found.

    Attributes:
        size: The largest size that was ruled out; 0 if none was.
        reason: What ended the search, in words.
        complete: Whether there is none at all, so that the goal follows.
    """

    size: int
    reason: str
    complete: bool = False

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        if self.complete:
            return f"No countermodel, of any size: the goal follows ({self.reason})."
        upto = f"No countermodel with up to {self.size} element{'s' * (self.size != 1)}"
        return f"{upto if self.size else 'No countermodel found'}; {self.reason}. That is no proof."


def find_countermodel(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula,
    *,
    max_size: int = _MAX_SIZE,
    rlimit: int = _RLIMIT,
    seconds: float | None = None,
    max_clauses: int = _MAX_CLAUSES,
) -> Countermodel | NoCountermodel:
    """A smallest finite structure in which the premises are true and the goal is false.

    Args:
        premises: Formulas or their texts, named or in order.
        goal: The formula to refute.
        max_size: The largest domain to try.
        rlimit: Z3's resource limit for each size.
        seconds: CPU time in all, as a second net; answers that depend on it do not repeat.
        max_clauses: The most clauses to make for one size.

    Raises:
        ValueError: A text is no formula, a formula has free variables, or a symbol is used in two ways.
    """
    named = named_formulas(premises)
    goal = parse(goal)
    found = find_model(
        [*named.values(), Not(goal)], max_size=max_size, rlimit=rlimit, seconds=seconds, max_clauses=max_clauses
    )
    if isinstance(found, NoModel):
        return NoCountermodel(found.size, found.reason, found.complete)
    return Countermodel(found, named, goal, found.size, tuple(range(1, found.size)))


def find_model(
    formulas: Sequence[str | Formula],
    *,
    min_size: int = 1,
    max_size: int = _MAX_SIZE,
    rlimit: int = _RLIMIT,
    seconds: float | None = None,
    max_clauses: int = _MAX_CLAUSES,
) -> Structure | NoModel:
    """A smallest finite structure in which all formulas are true.

    Args:
        formulas: Formulas or their texts.
        min_size, max_size: The smallest and the largest domain to try.
        rlimit, seconds, max_clauses: As for `find_countermodel`.

    Raises:
        ValueError: A text is no formula, a formula has free variables, or a symbol is used in two ways.
    """
    if not 1 <= min_size <= max_size:
        raise ValueError(f"sizes go from at least 1 upwards, got min_size={min_size}, max_size={max_size}")
    parsed = [parse(formula) for formula in formulas]
    signature = closed_signature(parsed)
    if uses_numbers(parsed):
        return NoModel(0, "the formulas speak of numbers, and no finite domain holds them all")
    narrow = [narrowed(formula) for formula in parsed]
    enough = enough_elements(narrow, signature)
    deadline = None if seconds is None else time.process_time() + seconds
    for size in range(min_size, max_size + 1):
        if deadline is not None and time.process_time() >= deadline:
            return NoModel(size - 1, f"the {seconds:g} s of CPU time ended")
        try:
            grounding = ground(narrow, size, max_clauses=max_clauses, deadline=deadline)
        except TooManyClauses as limit:
            return NoModel(size - 1, str(limit))
        verdict, true = _satisfied(grounding, rlimit, deadline)
        if verdict == "sat":
            structure = _structure(grounding, true, signature)
            for formula in parsed:  # trust no search: our own evaluation has the last word
                if not structure.holds(formula):
                    raise AssertionError(f"the structure found does not satisfy {formula}:\n{structure}")
            return structure
        if verdict != "unsat":
            return NoModel(size - 1, f"at size {size} {verdict}")
        if enough is not None and min_size <= enough <= size:
            return NoModel(size, _enough_reason(enough), min_size == 1)
    return NoModel(max_size, f"larger ones were not tried (max_size={max_size})")


def named_formulas(formulas: Mapping[str, str | Formula] | Iterable[str | Formula]) -> dict[str, Formula]:
    """Formulas by name; those without are named by their place: "premise 1", …

    Raises:
        ValueError: A text is no formula.
    """
    if isinstance(formulas, str | Formula):
        formulas = [formulas]
    if not isinstance(formulas, Mapping):
        formulas = {f"premise {number}": formula for number, formula in enumerate(formulas, 1)}
    return {str(name): parse(formula) for name, formula in formulas.items()}


def closed_signature(formulas: Iterable[Formula]) -> Signature:
    """The symbols of formulas without free variables.

    Raises:
        ValueError: A variable is free, or a symbol is used in two ways.
    """
    signature = Signature()
    for formula in formulas:
        if formula.free:
            names = ", ".join(sorted(variable.name for variable in formula.free))
            raise ValueError(f"{names} is free in {formula}; bind it by ∀ or ∃")
        signature.add(formula)
    return signature


def _satisfied(grounding: Grounding, rlimit: int, deadline: float | None) -> tuple[str, frozenset[int]]:
    """Z3's verdict on the clauses, "sat", "unsat" or why not, and the propositions that its model makes true."""
    import z3

    left = None if deadline is None else deadline - time.process_time()
    solver = limited_solver(z3.Context(), rlimit, left)
    lines = [f"p cnf {grounding.propositions} {len(grounding.clauses)}"]
    lines += [" ".join(map(str, clause)) + " 0" for clause in grounding.clauses]
    solver.from_string("\n".join(lines) + "\n")  # DIMACS: far quicker than an expression for each clause
    answer = solver.check()
    if answer == z3.sat:
        model = solver.model()
        return "sat", frozenset(int(d.name()[2:]) for d in model.decls() if z3.is_true(model[d]))  # k!17
    if answer == z3.unsat:
        return "unsat", frozenset()
    return reason_for_giving_up(solver), frozenset()


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
            constants[name] = value(name, ())
        else:
            functions[name] = {tuple(domain[arg] for arg in args): value(name, args) for args in tuples}
    arities = {name: arity for name, (kind, arity) in signature.symbols.items() if kind == "predicate"}
    return Structure(domain, constants, functions, predicates, arities)


def _enough_reason(enough: int) -> str:
    return f"without functions, {enough} element{'s' * (enough > 1)} would be enough for a model"
