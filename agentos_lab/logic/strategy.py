"""The switches of the search: each can be turned by itself, to see what it buys."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["Limits", "Strategy"]


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
        if self.selection not in ("negative", "none"):
            raise ValueError(f'selection is "negative" or "none", got {self.selection!r}')
        if self.equality not in ("superposition", "axioms"):
            raise ValueError(f'equality is "superposition" or "axioms", got {self.equality!r}')
        if min(self.weight_to_age) < 0 or sum(self.weight_to_age) < 1:
            raise ValueError(f"weight_to_age is two numbers, not both 0, got {self.weight_to_age}")
        if not self.goal_weight > 0:
            raise ValueError(f"goal_weight is larger than 0, got {self.goal_weight}")


@dataclass(frozen=True)
class Limits:
    """When the prover gives up. A limit of steps ends the same search at the same place on every machine.

    Attributes:
        given: Clauses taken up.
        clauses: Clauses made, most of which are dropped at once.
        seconds: Of the processor; None: no limit.
    """

    given: int = 20_000
    clauses: int = 500_000
    seconds: float | None = None
