"""The passive clauses: those that wait to be taken up, the lightest first, and now and then the oldest.

Light clauses are closer to □. But a search that always takes the lightest can go on for ever beside a proof that needs
a heavy clause; taking the oldest at fixed intervals reaches every clause in the end, and keeps the search complete.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from .clauses import Clause

__all__ = ["ClauseQueue"]


class ClauseQueue:
    """Clauses in two orders at once.

    Args:
        weight_to_age: How many in a row are taken by weight, and how many then by age.
    """

    def __init__(self, weight_to_age: tuple[int, int]) -> None:
        self.by_weight, self.by_age = weight_to_age
        self._light: list[tuple[float, int, Clause]] = []
        self._old: list[tuple[int, Clause]] = []
        self._waiting: set[int] = set()  # numbers; a clause that was taken from one heap is still in the other
        self._taken = 0

    def __len__(self) -> int:
        return len(self._waiting)

    def put(self, clause: Clause, weight: float) -> None:
        """Add a clause."""
        self._waiting.add(clause.number)
        heappush(self._light, (weight, clause.number, clause))
        heappush(self._old, (clause.number, clause))

    def take(self) -> Clause:
        """The next clause.

        Raises:
            IndexError: None is left.
        """
        light = self._taken % (self.by_weight + self.by_age) < self.by_weight
        self._taken += 1
        while True:
            clause = heappop(self._light)[-1] if light else heappop(self._old)[-1]
            if clause.number in self._waiting:
                self._waiting.remove(clause.number)
                return clause

    def remove_all(self, unwanted: Callable[[Clause], bool]) -> list[Clause]:
        """Take out all clauses of a kind; they are handed back, the oldest first."""
        found = [clause for number, clause in sorted(self._old) if number in self._waiting and unwanted(clause)]
        self._waiting -= {clause.number for clause in found}
        return found
