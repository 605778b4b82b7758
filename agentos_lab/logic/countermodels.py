"""Countermodels: what shows that a goal does not follow.

"Every group is commutative": what refutes it is a group that is not, and the smallest has six elements. A countermodel
is a structure in which every premise is true and the goal false (`finite_models` finds it).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from .finite_models import MAX_LITERALS, MAX_SIZE, RLIMIT, ModelSearch, NoModel
from .formulas import Formula, Not
from .models import Structure
from .parser import parse
from .premises import named_formulas

__all__ = ["Countermodel", "NoCountermodel", "find_countermodel"]


@dataclass(frozen=True)
class Countermodel:
    """A structure in which every premise is true and the goal is false.

    Attributes:
        structure: The structure.
        premises: The premises by name.
        goal: What does not follow.
        size: The number of its elements.
        minimal: Whether every smaller size was ruled out.
    """

    structure: Structure
    premises: Mapping[str, Formula]
    goal: Formula
    size: int
    minimal: bool = True

    def __str__(self) -> str:
        known = [f"true:  {premise}" for premise in self.premises.values()]
        smaller = "no smaller one exists" if self.minimal else "a smaller one may exist"
        head = f"A countermodel with {self.size} element{'s' * (self.size != 1)}; {smaller}."
        return "\n".join([head, str(self.structure), *known[:6], *["…"] * (len(known) > 6), f"false: {self.goal}"])

    __repr__ = __str__

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
    max_size: int = MAX_SIZE,
    rlimit: int = RLIMIT,
    seconds: float | None = None,
    max_literals: int = MAX_LITERALS,
) -> Countermodel | NoCountermodel:
    """A finite structure in which the premises are true and the goal is false, a smallest one if the limits allow.

    Args:
        premises: Formulas or their texts, named or in order.
        goal: The formula to refute.
        max_size, rlimit, seconds, max_literals: The limits of `find_model`.

    Raises:
        ValueError: A text is no formula, a formula has free variables, or a symbol is used in two ways.
    """
    if max_size < 1:
        raise ValueError(f"a domain has at least one element, got max_size={max_size}")
    named, goal = named_formulas(premises), parse(goal)
    found = ModelSearch([*named.values(), Not(goal)], rlimit, seconds, max_literals).run(1, max_size)
    if isinstance(found, NoModel):
        return NoCountermodel(found.size, found.reason, found.complete)
    return Countermodel(found.structure, named, goal, found.structure.size, found.minimal)
