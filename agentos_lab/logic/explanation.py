"""Why a fact holds: each fact that it goes back to, with the rule that gave it and the premises of that rule."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from .formulas import Atom

__all__ = ["Explanation", "ExplanationStep", "explanation"]

_MOST_LINES = 40  # shown
_Key = TypeVar("_Key", bound=Hashable)


@dataclass(frozen=True)
class ExplanationStep:
    """A fact, the name of the rule that gave it, and where in the explanation its premises stand (from 0)."""

    fact: Atom
    rule: str
    premises: tuple[int, ...]


@dataclass(frozen=True)
class Explanation:
    """Steps in an order in which premises come before what they are premises of; the last one is the fact itself."""

    steps: tuple[ExplanationStep, ...]

    @property
    def fact(self) -> Atom:
        """What is explained."""
        return self.steps[-1].fact

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[ExplanationStep]:
        return iter(self.steps)

    def __str__(self) -> str:
        width = len(str(len(self.steps)))
        facts = [str(step.fact) for step in self.steps]
        column = min(max(map(len, facts)), 48)
        lines = []
        for number, (step, fact) in enumerate(zip(self.steps, facts, strict=True), 1):
            source = f" from {', '.join(str(place + 1) for place in step.premises)}" if step.premises else ""
            lines.append(f"{number:>{width}}. {fact:<{column}}  {step.rule}{source}")
        if len(lines) > _MOST_LINES:
            lines[_MOST_LINES // 2 : -_MOST_LINES // 2] = [f"… {len(lines) - _MOST_LINES} more steps"]
        return "\n".join(lines)

    __repr__ = __str__


def explanation(root: _Key, because: Callable[[_Key], tuple[Atom, str, tuple[_Key, ...]]]) -> Explanation:
    """Collect what a fact goes back to.

    Args:
        root: The fact's key.
        because: From a key to the fact, the rule's name, and the keys of the premises; without a cycle.
    """
    steps: list[ExplanationStep] = []
    places: dict[_Key, int] = {}
    waiting = [(root, False)]
    while waiting:
        key, premises_done = waiting.pop()
        if key in places:
            continue
        fact, rule, premises = because(key)
        if premises_done:
            places[key] = len(steps)
            steps.append(ExplanationStep(fact, rule, tuple(places[premise] for premise in premises)))
        else:
            waiting.append((key, True))
            waiting += [(premise, False) for premise in reversed(premises)]
    return Explanation(tuple(steps))
