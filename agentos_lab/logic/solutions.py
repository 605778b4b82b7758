"""All solutions of a puzzle: every way to give its unknowns values.

The unknowns are numbers (constants such as S, E, N, D) and propositions. Each solution that Z3 finds is forbidden by
one more clause, "not these values again", until nothing is left: then the list is complete, and a puzzle with one
solution has been shown to have no other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .arithmetic import true_for
from .formulas import Formula
from .premises import closed_signature, named_formulas
from .z3_models import value_text
from .z3_solver import LimitedSolver
from .z3_translation import Z3Language

__all__ = ["Solutions", "solutions"]

_RLIMIT = 50_000_000


@dataclass(frozen=True)
class Solutions(Sequence[Mapping[str, str]]):
    """Solutions, each with the value of every unknown: a numeral, "true" or "false".

    Attributes:
        found: The solutions, in the order in which they were found.
        complete: Whether these are all.
        reason: What ended the search, if they may not be all.
    """

    found: tuple[Mapping[str, str], ...]
    complete: bool
    reason: str = ""

    def __len__(self) -> int:
        return len(self.found)

    def __getitem__(self, index: Any) -> Any:
        return self.found[index]

    @property
    def only(self) -> Mapping[str, str]:
        """The one solution there is.

        Raises:
            ValueError: There is none, there are several, or perhaps more.
        """
        if len(self.found) != 1 or not self.complete:
            raise ValueError(f"expected exactly one solution. {self}")
        return self.found[0]

    def __str__(self) -> str:
        count = len(self.found)
        head = f"{count or 'No'} solution{'s' * (count != 1)}" + ("" if self.complete else f" so far: {self.reason}")
        lines = [", ".join(f"{name} = {value}" for name, value in solution.items()) for solution in self.found[:8]]
        return "\n".join([head + (":" if lines and self.complete else ""), *lines, *["…"] * (count > 8)])


def solutions(
    formulas: Mapping[str, str | Formula] | Iterable[str | Formula],
    over: Sequence[str] | None = None,
    *,
    limit: int | None = 1_000,
    rlimit: int | None = _RLIMIT,
    seconds: float | None = None,
) -> Solutions:
    """All solutions of formulas whose unknowns are numbers and propositions.

    Args:
        formulas: The conditions. Numerals make constants numbers: ``["x + y = 4", "1 <= x", "x < y"]``.
        over: The unknowns whose values tell solutions apart; by default all.
        limit: The most solutions to find.
        rlimit: The most steps of Z3 for one solution.
        seconds: The most time for one solution, as a second net.

    Raises:
        ValueError: There is nothing to vary: no number and no proposition, or one asked for is neither; or a text is
            no formula.
    """
    import z3

    parsed = list(named_formulas(formulas).values())
    closed_signature(parsed)
    language = Z3Language(parsed, z3.Context())
    limited = LimitedSolver(language.context, rlimit, seconds)
    for formula in parsed:
        limited.solver.add(language.formula(formula))
    unknowns = _unknowns(language)
    chosen = list(unknowns if over is None else over)
    strange = [name for name in chosen if name not in unknowns]
    if strange or not chosen:
        known = ", ".join(sorted(unknowns)) or "none"
        raise ValueError(
            f"expected numbers or propositions of the formulas ({known}), got {', '.join(strange) or 'none'}"
        )
    found: list[Mapping[str, str]] = []
    for model in _models(limited, [unknowns[name] for name in chosen]):
        if isinstance(model, str):
            return Solutions(tuple(found), not model, model)
        values = {name: value_text(model, unknown) for name, unknown in unknowns.items()}
        _check(parsed, values)
        found.append({name: values[name] for name in chosen})
        if len(found) == limit:
            break
    return Solutions(tuple(found), False, f"the limit of {limit} solutions was reached")


def _unknowns(language: Z3Language) -> dict[str, Any]:
    """The numbers and propositions, by name."""
    found = {name: symbol() for (_, name, arity), symbol in language.symbols.items() if arity == 0}
    return {name: found[name] for name in sorted(found) if found[name].sort() != language.individuals}


def _models(limited: LimitedSolver, unknowns: list[Any]) -> Iterator[Any]:
    """Z3's models, no two with the same values; at the end why there are no more: "" or what limit was hit."""
    import z3

    while (verdict := limited.check()) == "sat":
        model = limited.solver.model()
        yield model
        limited.solver.add(z3.Or([unknown != model.eval(unknown, model_completion=True) for unknown in unknowns]))
    yield "" if verdict == "unsat" else verdict


def _check(formulas: list[Formula], values: Mapping[str, str]) -> None:
    """Our own arithmetic has the last word, where it has one."""
    for formula in formulas:
        if true_for(formula, values) is False:
            raise AssertionError(f"Z3's solution {dict(values)} does not satisfy {formula}")
