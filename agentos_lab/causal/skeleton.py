"""The skeleton: which variables are next to each other, because no others make them independent.

All pairs begin as neighbours. A pair parts when a test given 0, then 1, 2, … of their neighbours finds it independent;
what it was given is the pair's separating set. In the stable variant neighbours are those at the start of each round,
so that the order of the columns does not matter.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from itertools import combinations
from typing import Any

from .bit_graph import bits
from .independence_tests import Independence
from .orientation import Orientation

__all__ = ["TestLog", "find_skeleton"]

_SOURCE = "Colombo & Maathuis 2014, algorithm 4.1"


class TestLog:
    """Asks a test, once for each question, and writes down the answers.

    Args:
        nodes: The names.
        test: The test; instead of an `Independence` it may return a p-value, or whether they are independent.
        alpha: The p-value from which a pair counts as independent is above this.

    Attributes:
        tests: All answers, in order.
        separating_sets: For each pair that was found independent (the lower bit first) the test that did.
    """

    __test__ = False  # for pytest: this is no test

    def __init__(self, nodes: tuple[str, ...], test: Callable[..., Any], alpha: float) -> None:
        self.nodes, self.test, self.alpha = nodes, test, alpha
        self.tests: list[Independence] = []
        self.separating_sets: dict[tuple[int, int], Independence] = {}
        self._asked: set[tuple[int, int, int]] = set()
        self._strength: dict[tuple[int, int], tuple[float, float]] = {}

    def part(self, a: int, b: int, sets: Iterable[tuple[int, ...]]) -> Independence | None:
        """The first test among these sets that finds two nodes independent, if one does; known answers are skipped."""
        a, b = min(a, b), max(a, b)
        for given in sets:
            asked = (a, b, sum(1 << node for node in given))
            if asked in self._asked:
                continue
            self._asked.add(asked)
            outcome = self._ask(a, b, given)
            self.tests.append(outcome)
            if not given:
                self._strength[a, b] = (outcome.p_value, -abs(outcome.statistic))
            if outcome.p_value > self.alpha:
                self.separating_sets[a, b] = outcome
                return outcome
        return None

    def _ask(self, a: int, b: int, given: tuple[int, ...]) -> Independence:
        names = self.nodes[a], self.nodes[b], tuple(self.nodes[node] for node in sorted(given))
        answer = self.test(*names)
        if isinstance(answer, Independence):
            return answer
        asked = f"the test of {names[0]} and {names[1]} given {', '.join(names[2]) or 'nothing'} returned {answer!r}; "
        if answer is None:
            raise ValueError(f"{asked}a p-value, or whether they are independent, is expected: is there a return?")
        # A p-value, or anything that is true when the two are independent, such as a `Separation`.
        p_value = float(answer) if hasattr(answer, "__float__") else float(bool(answer))
        if not 0 <= p_value <= 1:
            raise ValueError(f"{asked}a p-value between 0 and 1 is expected")
        return Independence(*names, p_value)

    def strongest_first(self, node: int, others: int) -> list[int]:
        """The nodes of a mask, those that depend most on `node` first: they are likeliest to separate it."""

        def weakness(other: int) -> tuple[float, float]:
            return self._strength.get((min(node, other), max(node, other)), (1.0, 0.0))

        return sorted(bits(others), key=weakness)


def find_skeleton(state: Orientation, log: TestLog, max_condition: int | None = None) -> None:
    """Take away every edge whose ends are independent given some of their neighbours.

    Args:
        state: The graph to start from, usually complete.
        log: Asks the test.
        max_condition: The largest separating set that is tried; None for no limit.
    """
    size = 0
    limit = len(state.nodes) if max_condition is None else max_condition
    while size <= limit:
        near = list(state.adjacent)  # as it is at the start of the round: the "stable" variant
        if all(mask.bit_count() <= size for mask in near):
            return
        for a in range(len(near)):
            for b in bits(near[a] >> (a + 1) << (a + 1)):
                found = log.part(a, b, _sets(log, near, a, b, size))
                if found:
                    state.remove(a, b, str(found), _SOURCE, "they are independent given neighbours of one", found)
        size += 1


def _sets(log: TestLog, near: list[int], a: int, b: int, size: int) -> Iterator[tuple[int, ...]]:
    """The sets of this size among the neighbours of one end, then of the other."""
    if size == 0:
        yield ()
        return
    for node, other in ((a, b), (b, a)):
        yield from combinations(log.strongest_first(node, near[node] & ~(1 << other)), size)
