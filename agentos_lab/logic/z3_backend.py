"""Z3 as a judge: does the goal follow, and from which premises?

A goal follows if the premises and its negation cannot be true together. Each premise is asserted under its name, so
that Z3 can say which of them its contradiction used (the unsat core). "unknown" is an honest answer: first-order logic
is undecidable, and arithmetic with quantifiers is worse.

Source: de Moura & Bjørner 2008, "Z3: an efficient SMT solver".
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from .arithmetic import true_for
from .formulas import FALSE, Falsity, Formula, Not
from .models import Structure
from .parser import parse
from .premises import closed_signature, named_formulas
from .z3_models import read_structure, read_values
from .z3_solver import LimitedSolver
from .z3_translation import Z3Language

__all__ = ["Satisfiability", "Z3Answer", "entails", "follows", "satisfiable"]

_RLIMIT = 10_000_000  # some seconds


@dataclass(frozen=True)
class Z3Answer:
    """Whether a goal follows, by Z3.

    Attributes:
        status: "entailed", "not entailed" or "unknown".
        core: The premises that were used, if it is entailed.
        contradictory: Whether the goal played no part: the premises in the core contradict each other.
        model: If it is not entailed, a structure that shows it, checked by our own evaluation; None if Z3's model
            could not be written down as a finite structure.
        values: If it is not entailed and the formulas speak of numbers or propositions alone, their values.
        reason: What else there is to say, in words: why the answer is unknown, or why there is no structure.
    """

    status: Literal["entailed", "not entailed", "unknown"]
    core: tuple[str, ...] = ()
    contradictory: bool = False
    model: Structure | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def __bool__(self) -> bool:
        if self.status == "unknown":
            raise ValueError(f"Z3 does not know: {self.reason}. Ask for .status")
        return self.status == "entailed"

    def __str__(self) -> str:
        if self.status == "unknown":
            return f"Unknown: {self.reason}."
        if self.status == "entailed":
            used = f" from {', '.join(self.core)}" if self.core else ", from no premise"
            contradiction = f"The premises contradict each other: {', '.join(self.core)}."
            return contradiction if self.contradictory else f"Entailed{used}."
        return "Not entailed" + _shown(self)

    __repr__ = __str__


@dataclass(frozen=True)
class Satisfiability:
    """Whether formulas can be true together, by Z3.

    Attributes:
        status: "satisfiable", "contradictory" or "unknown".
        core: The formulas that contradict each other.
        model, values, reason: As in `Z3Answer`: what shows that they are satisfiable, or why that is not known.
    """

    status: Literal["satisfiable", "contradictory", "unknown"]
    core: tuple[str, ...] = ()
    model: Structure | None = None
    values: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    def __bool__(self) -> bool:
        if self.status == "unknown":
            raise ValueError(f"Z3 does not know: {self.reason}. Ask for .status")
        return self.status == "satisfiable"

    def __str__(self) -> str:
        if self.status == "unknown":
            return f"Unknown: {self.reason}."
        return f"Contradictory: {', '.join(self.core)}." if self.core else "Satisfiable" + _shown(self)

    __repr__ = __str__


def _shown(answer: Z3Answer | Satisfiability) -> str:
    values = ", ".join(f"{name} = {value}" for name, value in answer.values.items())
    shown = str(answer.model) if answer.model else values
    return (f"; {answer.reason}" if answer.reason else "") + (f":\n{shown}" if shown else ".")


def entails(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula,
    *,
    rlimit: int | None = _RLIMIT,
    seconds: float | None = None,
    minimize: bool = True,
) -> Z3Answer:
    """Whether a goal follows from premises, by Z3.

    Args:
        premises: Formulas or their texts, by name or in order ("premise 1", …).
        goal: What may follow; ⊥ asks whether the premises contradict each other.
        rlimit: The most steps of Z3: the same on every machine.
        seconds: The most time, as a second net.
        minimize: Whether to leave out of the core what is not needed, which may take longer.

    Raises:
        ValueError: A text is no formula, a variable is free, or a symbol is used in two ways.
    """
    import z3

    named = named_formulas(premises)
    goal = parse(goal)
    formulas = [*named.values(), Not(goal)]
    closed_signature(formulas)
    language = Z3Language(formulas, z3.Context())
    limited = LimitedSolver(language.context, rlimit, seconds)
    solver = limited.solver
    solver.set("smt.core.minimize", minimize)
    names = {f"premise {number}": name for number, name in enumerate(named)}  # a proposition may be called the same
    labels = [z3.Bool(f"{label}!", language.context) for label in (*names, "goal")]
    for label, formula in zip(labels, formulas, strict=True):
        solver.assert_and_track(language.formula(formula), label)
    verdict = limited.check()
    if verdict == "unsat":
        core = {str(label)[:-1] for label in solver.unsat_core()}
        contradictory = "goal" not in core or isinstance(goal, Falsity)
        return Z3Answer("entailed", tuple(n for label, n in names.items() if label in core), contradictory)
    if verdict != "sat":
        return Z3Answer("unknown", reason=verdict)
    return _not_entailed(solver.model(), language, formulas)


def _not_entailed(model: Any, language: Z3Language, formulas: list[Formula]) -> Z3Answer:
    """The answer "not entailed", with what can be read back and checked of Z3's model."""
    structure = read_structure(model, language)
    if structure is not None and all(structure.holds(formula) for formula in formulas):
        return Z3Answer("not entailed", model=structure)
    if structure is None and language.sorts.numbers:
        values = read_values(model, language)
        if all(true_for(formula, values) for formula in formulas):
            return Z3Answer("not entailed", values=values)
    return Z3Answer("not entailed", reason="Z3 says so; its model could not be read back and checked")


def satisfiable(
    formulas: Mapping[str, str | Formula] | Iterable[str | Formula],
    *,
    rlimit: int | None = _RLIMIT,
    seconds: float | None = None,
    minimize: bool = True,
) -> Satisfiability:
    """Whether formulas can be true together: whether ⊥ does not follow. Arguments and errors are those of `entails`."""
    answer = entails(formulas, FALSE, rlimit=rlimit, seconds=seconds, minimize=minimize)
    if answer.status == "unknown":
        return Satisfiability("unknown", reason=answer.reason)
    if answer.status == "entailed":
        return Satisfiability("contradictory", answer.core)
    return Satisfiability("satisfiable", (), answer.model, answer.values, answer.reason)


def follows(premises: Iterable[str | Formula], conclusion: str | Formula, *, rlimit: int = 1_000_000) -> bool | None:
    """Whether one step of an argument is right: True, False, or None if Z3 does not know within the limit."""
    answer = entails(list(premises), conclusion, rlimit=rlimit, minimize=False)
    return None if answer.status == "unknown" else answer.status == "entailed"
