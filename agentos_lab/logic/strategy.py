"""The switches of the search: each can be turned by itself, to see what it buys."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields

__all__ = ["Limits", "Strategy", "checked_seconds", "given_limits", "given_strategy"]


@dataclass(frozen=True)
class Strategy:
    """How the prover searches. The defaults are those that solve most.

    Attributes:
        selection: "negative": where a clause has a negative literal, use only the heaviest one; "none": use the
            maximal literals.
        ordered: Use only literals that no other literal of the clause is larger than.
        weight_to_age: Of so many given clauses in a row all are the lightest, but one is the oldest. (1, 0) is
            pure weight, (0, 1) first in, first out.
        goal_weight: Clauses without the negated goal among their ancestors count as heavier by this factor.
        equality: "superposition", or "axioms" for comparison.
        demodulation: Rewrite by equations, new clauses and old ones.
        shortening: Delete literals: by unit clauses, inequations that are certain, and condensation.
        subsumption: Drop clauses that others make superfluous, new ones and old ones.
        tautology_deletion: Drop clauses that always hold.
        definitions: Name parts of formulas where distribution would explode.
        set_of_support: Every step uses the goal or what came of it (Wos, Robinson & Carson 1965).
    """

    selection: str = "negative"
    ordered: bool = True
    weight_to_age: tuple[int, int] = (5, 1)
    goal_weight: float = 1.5
    equality: str = "superposition"
    demodulation: bool = True
    shortening: bool = True
    subsumption: bool = True
    tautology_deletion: bool = True
    definitions: bool = True
    set_of_support: bool = False

    @property
    def complete(self) -> bool:
        """Whether nothing left to do means that there is no proof. A set of support is complete only without equality
        and only if the premises do not contradict each other, which nobody knows beforehand."""
        return not self.set_of_support

    def __post_init__(self) -> None:
        """Refuse what is no strategy.

        Raises:
            ValueError: A switch with a value that it does not have.
        """
        if self.selection not in ("negative", "none"):
            raise ValueError(f'selection is "negative" or "none", got {self.selection!r}')
        if self.equality not in ("superposition", "axioms"):
            raise ValueError(f'equality is "superposition" or "axioms", got {self.equality!r}')
        pair = tuple(self.weight_to_age) if isinstance(self.weight_to_age, tuple | list) else ()
        if len(pair) != 2 or not all(type(part) is int and part >= 0 for part in pair) or sum(pair) < 1:
            raise ValueError(
                f"weight_to_age is two whole numbers, not both 0, as in (5, 1); got {self.weight_to_age!r}"
            )
        object.__setattr__(self, "weight_to_age", pair)  # a list becomes a tuple, so that strategies can be keys
        if not (_is_number(self.goal_weight) and 0 < self.goal_weight < math.inf):
            raise ValueError(f"goal_weight is a number larger than 0, got {self.goal_weight!r}")
        for field in fields(self):
            if isinstance(field.default, bool) and not isinstance(getattr(self, field.name), bool):
                raise ValueError(f"{field.name} is True or False, got {getattr(self, field.name)!r}")


@dataclass(frozen=True)
class Limits:
    """When the prover gives up. A limit of steps ends the same search at the same place on every machine.

    Attributes:
        given: Clauses taken up.
        clauses: Clauses made, most of which are dropped at once.
        seconds: Of the processor; None: no limit.

    Raises:
        ValueError: A number of clauses that is negative or not whole, or a time that is not larger than 0.
    """

    given: int = 20_000
    clauses: int = 500_000
    seconds: float | None = None

    def __post_init__(self) -> None:
        for name in ("given", "clauses"):
            number = getattr(self, name)
            if type(number) is not int or number < 0:
                raise ValueError(f"{name} is a whole number of clauses, 0 or more, got {number!r}")
        checked_seconds(self.seconds)


def given_strategy(strategy: Strategy | None) -> Strategy:
    """The strategy that was given, or the default where none was.

    Raises:
        ValueError: Something else than a strategy.
    """
    if strategy is not None and not isinstance(strategy, Strategy):
        raise ValueError(f"strategy is a Strategy, such as Strategy(weight_to_age=(0, 1)), got {strategy!r}")
    return strategy or Strategy()


def given_limits(limits: Limits | None) -> Limits:
    """The limits that were given, or the default where none were.

    Raises:
        ValueError: Something else than limits.
    """
    if limits is not None and not isinstance(limits, Limits):
        raise ValueError(f"limits are Limits, such as Limits(given=500), got {limits!r}")
    return limits or Limits()


def checked_seconds(seconds: float | None) -> float | None:
    """A time, or None for no limit.

    Raises:
        ValueError: No finite number larger than 0.
    """
    if seconds is not None and not (_is_number(seconds) and 0 < seconds < math.inf):
        raise ValueError(f"seconds is a finite number larger than 0, or None for no limit of time, got {seconds!r}")
    return seconds


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
