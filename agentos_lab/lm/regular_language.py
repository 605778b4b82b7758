"""Regular languages: from a regular expression to a finite automaton that reads one byte at a time.

Two classical steps. *Thompson's construction* turns the expression into a nondeterministic automaton (NFA),
one small piece per operator. The *subset construction* makes it deterministic (DFA): a state of the DFA is the
set of states in which the NFA could be. Reading a byte is then one look into a table, and that is what makes
it cheap enough to be asked about each of 49,152 tokens before each step of a language model.

Sources: Thompson 1968 (CACM 11(6)); Rabin & Scott 1959 (IBM J. Res. Dev. 3(2)), for both the subsets and the
product of automata.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .regular_expression import (
    Alternation,
    Byte,
    Call,
    Concatenation,
    Expression,
    Intersection,
    Listing,
    Repetition,
)

__all__ = ["DFA", "NFA", "compile_expression", "determinize", "intersect"]

MOST_STATES = 50_000  # beyond this an automaton costs seconds and megabytes: the counts in it are too large
NOWHERE = -1  # in a table: no transition


@dataclass(frozen=True, eq=False)
class DFA:
    """A deterministic finite automaton over bytes; state 0 is the start.

    Attributes:
        table: (states, 256) int32; the next state, or -1 when the byte is not allowed.
        final: (states,) bool; may the text end here?
        calls: For each state the rules of a grammar that may be entered there, each with the state to return
            to; empty for all states of a regular language.
    """

    table: NDArray[np.int32]
    final: NDArray[np.bool_]
    calls: tuple[tuple[tuple[str, int], ...], ...]

    def accepts(self, text: bytes) -> bool:
        """Is `text` in the language? (For automata without calls.)"""
        state = 0
        for byte in text:
            state = int(self.table[state, byte])
            if state == NOWHERE:
                return False
        return bool(self.final[state])

    def __len__(self) -> int:
        return len(self.final)

    def __str__(self) -> str:
        arrows = int((self.table != NOWHERE).sum())
        return f"DFA: {len(self)} states ({int(self.final.sum())} final), {arrows} transitions on bytes"

    __repr__ = __str__


@dataclass
class NFA:
    """A nondeterministic automaton under construction: states are numbers, built from the end backwards.

    `enter(expression, target)` adds what is needed to read `expression` and then be in `target`, and returns
    where to start. Building backwards lets alternatives share what follows them.
    """

    edges: list[list[tuple[int, int, int]]] = field(default_factory=list)  # (low byte, high byte, target)
    free: list[list[int]] = field(default_factory=list)  # targets reached without reading anything
    calls: list[list[tuple[str, int]]] = field(default_factory=list)

    def add(self, *free: int) -> int:
        """A new state with free moves to the given ones."""
        if len(self.edges) >= MOST_STATES:
            raise ValueError(
                f"this language needs an automaton of more than {MOST_STATES:,} states; "
                "lower the counts in {m,n}, maxLength or maxItems"
            )
        self.edges.append([])
        self.free.append(list(free))
        self.calls.append([])
        return len(self.edges) - 1

    def enter(self, node: Expression, target: int) -> int:
        """Thompson's construction for one node of the expression."""
        if isinstance(node, Byte):
            state = self.add()
            self.edges[state].append((node.low, node.high, target))
            return state
        if isinstance(node, Concatenation):
            for part in reversed(node.parts):
                target = self.enter(part, target)
            return target
        if isinstance(node, Alternation):
            return self.add(*[self.enter(option, target) for option in node.options])
        if isinstance(node, Repetition):
            return self._repeat(node, target)
        if isinstance(node, Listing):
            return self._list(node, target)
        if isinstance(node, Intersection):
            both = intersect(compile_expression(node.left), compile_expression(node.right))
            return self._embed(both, target)
        if isinstance(node, Call):
            state = self.add()
            self.calls[state].append((node.rule, target))
            return state
        raise TypeError(f"not an expression: {node!r}")

    def _repeat(self, node: Repetition, target: int) -> int:
        if node.maximum == 0:
            return target
        again = self.add(target)  # after one more part: stop, or (if unbounded) read the separator and another
        start = self.enter(node.part, again)
        if node.maximum is None:
            self.free[again].append(self.enter(node.separator, start))
        needed, most = max(node.minimum, 1), node.maximum or max(node.minimum, 1)
        for copy in range(most - 1, 0, -1):  # the copies before, the last one first
            follow = self.enter(node.separator, start)
            start = self.enter(node.part, follow if copy < needed else self.add(follow, target))
        return start if node.minimum else self.add(start, target)

    def _list(self, node: Listing, target: int) -> int:
        # Two rows of states: something is written already (a separator is due), or nothing yet.
        written = fresh = target
        for part, required in reversed(node.parts):
            here = self.enter(part, written)
            due = self.enter(node.separator, here)
            written = due if required else self.add(due, written)
            fresh = here if required else self.add(here, fresh)
        return fresh

    def _embed(self, dfa: DFA, target: int) -> int:
        states = [self.add(*([target] if final else [])) for final in dfa.final]
        for state, row in zip(states, dfa.table, strict=True):
            starts = [0, *(np.flatnonzero(np.diff(row)) + 1).tolist(), 256]  # stretches with one target
            for low, high in pairwise(starts):
                if row[low] != NOWHERE:
                    self.edges[state].append((low, high - 1, states[row[low]]))
        return states[0]

    def closures(self) -> list[frozenset[int]]:
        """For each state the states reachable by free moves, of which only those that can act are kept.

        A state acts when it reads a byte, calls a rule, or is state 0 (the end). Dropping the others makes
        many subsets equal and so the DFA smaller.
        """
        result = []
        for state in range(len(self.edges)):
            seen, todo = {state}, [state]
            while todo:
                fresh = set(self.free[todo.pop()]) - seen
                seen |= fresh
                todo += fresh
            result.append(frozenset(s for s in seen if s == 0 or self.edges[s] or self.calls[s]))
        return result


def compile_expression(expression: Expression) -> DFA:
    """The deterministic automaton of an expression.

    Raises:
        ValueError: It would have more than 50,000 states.
    """
    nfa = NFA()
    end = nfa.add()
    return determinize(nfa, nfa.enter(expression, end))


def determinize(nfa: NFA, start: int) -> DFA:
    """Subset construction (Rabin & Scott 1959); the NFA's state 0 is the end."""
    closures = nfa.closures()
    subsets = [closures[start]]  # grows while it is walked: number of a DFA state -> set of NFA states
    numbers = {subsets[0]: 0}
    rows, calls = [], []

    def number(targets: Iterable[int]) -> int:
        subset = frozenset().union(*(closures[t] for t in targets))
        if subset not in numbers:
            if len(subsets) >= MOST_STATES:
                raise ValueError(
                    f"this language needs a deterministic automaton of more than {MOST_STATES:,} states; "
                    "lower its counts, or avoid long optional parts before a fixed one"
                )
            numbers[subset] = len(subsets)
            subsets.append(subset)
        return numbers[subset]

    for subset in subsets:
        row = np.full(256, NOWHERE, dtype=np.int32)
        for low, high, targets in _disjoint([edge for state in subset for edge in nfa.edges[state]]):
            row[low:high] = number(targets)
        rows.append(row)
        entered: dict[str, set[int]] = {}
        for state in subset:
            for rule, target in nfa.calls[state]:
                entered.setdefault(rule, set()).add(target)
        calls.append(tuple((rule, number(entered[rule])) for rule in sorted(entered)))
    return DFA(np.stack(rows), np.array([0 in subset for subset in subsets]), tuple(calls))


def _disjoint(edges: list[tuple[int, int, int]]) -> Iterator[tuple[int, int, set[int]]]:
    """Cut overlapping byte ranges into disjoint ones (low, high exclusive), each with all its targets."""
    cuts = sorted({low for low, _, _ in edges} | {high + 1 for _, high, _ in edges})
    for low, high in pairwise(cuts):
        targets = {target for first, last, target in edges if first <= low <= last}
        if targets:
            yield low, high, targets


def intersect(left: DFA, right: DFA) -> DFA:
    """The automaton of what both accept: the product construction (Rabin & Scott 1959)."""
    pairs = [(0, 0)]
    numbers = {pairs[0]: 0}
    rows = []
    for a, b in pairs:  # grows while it is walked
        row = np.full(256, NOWHERE, dtype=np.int32)
        for byte in np.flatnonzero((left.table[a] != NOWHERE) & (right.table[b] != NOWHERE)):
            pair = (int(left.table[a, byte]), int(right.table[b, byte]))
            if pair not in numbers:
                if len(pairs) >= MOST_STATES:
                    raise ValueError(f"the intersection needs more than {MOST_STATES:,} states; lower the counts")
                numbers[pair] = len(pairs)
                pairs.append(pair)
            row[byte] = numbers[pair]
        rows.append(row)
    final = np.array([bool(left.final[a] and right.final[b]) for a, b in pairs])
    return DFA(np.stack(rows), final, ((),) * len(pairs))
