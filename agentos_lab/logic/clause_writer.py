"""Writing clauses that say what larger formulas say: each part gets a proposition as its name.

A name p for a ∨ b comes with three clauses, ¬p ∨ a ∨ b, p ∨ ¬a, p ∨ ¬b, which say that p is true exactly if a or b is.
So the clauses grow with the formula, and do not explode as they would by distribution. Literals are numbers: 7 is the
seventh proposition, −7 its negation.

Source: Tseitin 1968, "On the complexity of derivation in propositional calculus".
"""

from __future__ import annotations

import time
from collections.abc import Iterable

__all__ = ["Clause", "ClauseWriter", "GroundingTooLarge"]

TRUE = 1  # the proposition that the first clause makes true; FALSE is its negation
FALSE = -TRUE

Clause = tuple[int, ...]  # literals as numbers


class GroundingTooLarge(Exception):
    """The clauses became longer than the limit, or took too long to write out; the text says which."""


class ClauseWriter:
    """Clauses as they are written, up to a limit.

    Attributes:
        clauses: Each a tuple of literals; proposition 1 is always true.
        propositions: How many propositions there are.

    Args:
        max_literals: The most literals to write.
        deadline: The value of `time.process_time` at which to stop.
        what: What is written, for the message when a limit is hit.
    """

    def __init__(self, max_literals: int, deadline: float | None, what: str) -> None:
        self.max_literals, self.deadline, self.what = max_literals, deadline, what
        self.clauses: list[Clause] = [(TRUE,)]
        self.propositions = 1
        self._written = 0

    def add(self, *literals: int) -> None:
        """Add a clause; a true literal makes it superfluous, a false one is left out."""
        self.count_literals(len(literals))
        if TRUE not in literals:
            self.clauses.append(tuple(literal for literal in literals if literal != FALSE))

    def count_literals(self, literals: int) -> None:
        """Keep to the limits; superfluous literals count, too, for they take their time."""
        before, self._written = self._written, self._written + literals
        if self._written > self.max_literals:
            raise GroundingTooLarge(f"{self.what} takes more than {self.max_literals:,} literals")
        if self.deadline is not None and before // 4096 < self._written // 4096 and time.process_time() > self.deadline:
            raise GroundingTooLarge(f"the time ended at {self.what}")

    def new(self) -> int:
        """A proposition that was not used before."""
        self.propositions += 1
        return self.propositions

    def either(self, parts: Iterable[int]) -> int:
        """A name for a disjunction."""
        literals = []
        for part in parts:
            if part == TRUE or -part in literals:
                return TRUE
            if part != FALSE and part not in literals:
                literals.append(part)
        if len(literals) < 2:
            return literals[0] if literals else FALSE
        name = self.new()
        self.add(-name, *literals)
        for literal in literals:
            self.add(name, -literal)
        return name

    def same(self, one: int, other: int) -> int:
        """A name for "both or neither"."""
        if TRUE in (abs(one), abs(other)):
            known, rest = (one, other) if abs(one) == TRUE else (other, one)
            return rest if known == TRUE else -rest
        name = self.new()
        for a, b in ((one, other), (-one, -other)):
            self.add(-name, -a, b)
            self.add(name, a, b)
        return name

    def one_of(self, propositions: Clause) -> None:
        """Require that at most one of these is true."""
        for place, one in enumerate(propositions):
            for other in propositions[:place]:
                self.add(-one, -other)
