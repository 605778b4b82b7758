"""Checking that clauses contradict each other, without trusting the solver that says so.

A learned clause follows from the clauses before it when supposing all its literals false leads to a false clause by
unit propagation alone: then it is RUP (reverse unit propagation). A proof is a list of such clauses that ends in the
empty one. The check shares no code with the solver: it only propagates.

Source: Goldberg & Novikov 2003, "Verification of proofs of unsatisfiability for CNF formulas".
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

__all__ = ["RupCheck", "check_rup"]


@dataclass(frozen=True)
class RupCheck:
    """Whether a proof of unsatisfiability is right. As a bool: whether it is.

    Attributes:
        valid: Whether each clause follows, and the empty one is among them.
        checked: How many clauses of the proof were checked, the wrong one included.
        reason: What is wrong; empty where nothing is.
    """

    valid: bool
    checked: int
    reason: str

    def __bool__(self) -> bool:
        return self.valid

    def __str__(self) -> str:
        if self.valid:
            if self.checked == 1:
                return "right: 1 learned clause, the empty one, by unit propagation"
            return f"right: {self.checked:,} learned clauses, each by unit propagation, the last one empty"
        return f"wrong: {self.reason}"

    __repr__ = __str__


def check_rup(clauses: Iterable[Sequence[int]], learned: Iterable[Sequence[int]]) -> RupCheck:
    """Check a proof that clauses cannot hold together.

    Args:
        clauses: The problem: sequences of signed numbers (a `CNF`'s `clauses`).
        learned: The proof: each clause should follow from the problem and the clauses before it.
    """
    propagation = _Propagation()
    for clause in clauses:
        propagation.add(clause)
    for number, clause in enumerate(learned, 1):
        if not propagation.refutes(clause):
            shown = " ".join(map(str, clause)) or "the empty clause"
            return RupCheck(False, number, f"learned clause {number} ({shown}) does not follow by unit propagation")
        if not clause:
            return RupCheck(True, number, "")
        propagation.add(clause)
    return RupCheck(False, propagation.added, "the proof does not end in the empty clause")


class _Propagation:
    """Clauses, and what follows from them by unit propagation."""

    def __init__(self) -> None:
        self.watching: defaultdict[int, list[list[int]]] = defaultdict(list)  # by literal: clauses that watch it
        self.fixed: set[int] = set()  # the literals that hold for good
        self.contradiction = False  # among those
        self.added = 0

    def add(self, clause: Sequence[int]) -> None:
        """One more clause, which holds from here on."""
        self.added += 1
        # Open literals come first, so that the two watched ones are open where there are two.
        literals = sorted(set(clause), key=lambda literal: (-literal in self.fixed, literal))
        for literal in literals[:2] if len(literals) > 1 else ():
            self.watching[literal].append(literals)
        if sum(-literal not in self.fixed for literal in literals) < 2:
            first = [literal for literal in literals[:1] if -literal not in self.fixed]
            self.contradiction = self.contradiction or not first or self._contradicts(first, self.fixed)

    def refutes(self, clause: Sequence[int]) -> bool:
        """Whether supposing that every literal of the clause is false leads to a contradiction."""
        return self.contradiction or self._contradicts([-literal for literal in clause], set(self.fixed))

    def _contradicts(self, waiting: list[int], true: set[int]) -> bool:
        """Propagate literals into the set of true ones; whether a clause becomes false."""
        while waiting:
            literal = waiting.pop()
            if literal in true:
                continue
            if -literal in true:
                return True
            true.add(literal)
            watching, kept = self.watching[-literal], []
            for clause in watching:
                other = clause[1] if clause[0] == -literal else clause[0]
                place = next((k for k in range(2, len(clause)) if -clause[k] not in true), None)
                if other not in true and place is not None:
                    # Another literal is open: it is watched from now on.
                    clause[:2] = [other, clause[place]]
                    clause[place] = -literal
                    self.watching[clause[1]].append(clause)
                    continue
                kept.append(clause)
                if other not in true:
                    waiting.append(other)
            self.watching[-literal] = kept
        return False
