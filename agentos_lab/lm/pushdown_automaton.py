"""Pushdown automata: finite automata that may call each other, so that brackets can nest without limit.

A schema that mentions itself (a tree whose children are trees) is beyond finite automata: they cannot count
how many brackets are open. The cure is one finite automaton per rule, and a stack: entering a rule pushes the
state to return to, and a rule that has reached a final state may pop. This is a recursive transition network.

A configuration is a tuple of states, the innermost automaton's last, and () when all is read. Two ways of
reading the same bytes can coexist ("12" may end there or go on), so we keep a set of configurations.

Source: Woods 1970, "Transition network grammars for natural language analysis", CACM 13(10).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .regular_expression import Expression
from .regular_language import NOWHERE, compile_expression

__all__ = ["PushdownAutomaton", "Stack"]

Stack = tuple[int, ...]  # a configuration: where each open rule goes on, the innermost last


@dataclass(frozen=True, eq=False)
class PushdownAutomaton:
    """The automata of all rules, their states numbered through in one table. Without calls: an ordinary DFA.

    Attributes:
        table: (states, 256) int32; the next state of the same rule, or -1.
        final: (states,) bool; may this rule end here?
        calls: For each state the rules that may be entered there: (first state of the rule, state to return to).
        rules: Name of each rule and its first state; the first rule is where reading begins.
    """

    table: NDArray[np.int32]
    final: NDArray[np.bool_]
    calls: tuple[tuple[tuple[int, int], ...], ...]
    rules: Mapping[str, int]

    @cached_property
    def calling(self) -> NDArray[np.bool_]:
        """(states,) bool: may another rule be entered in this state?"""
        return np.array([bool(entered) for entered in self.calls])

    @cached_property
    def returning(self) -> NDArray[np.bool_]:
        """(states,) bool: may the rule end here, and has it a caller to go on with?"""
        called = {first for entered in self.calls for first, _ in entered}
        starts = sorted(self.rules.values())
        rule = np.searchsorted(starts, np.arange(len(self.final)), side="right") - 1
        return self.final & np.isin(np.array(starts)[rule], list(called))

    @classmethod
    def from_rules(cls, rules: Mapping[str, Expression]) -> PushdownAutomaton:
        """Compile a grammar: each rule's expression may hold a `Call` of any rule; the first is the start.

        Raises:
            ValueError: A call of an unknown rule; or a rule that calls before it reads, or that may be empty
                while it is called: then calls could go round without end.
        """
        automata = {name: compile_expression(expression) for name, expression in rules.items()}
        starts, total = {}, 0
        for name, dfa in automata.items():
            starts[name] = total
            total += len(dfa)
        calls: list[tuple[tuple[int, int], ...]] = []
        for name, dfa in automata.items():
            if dfa.calls[0]:
                raise ValueError(f"rule {name!r} calls {dfa.calls[0][0][0]!r} before it reads a byte")
            for entered in dfa.calls:
                for callee, _ in entered:
                    if callee not in starts:
                        raise ValueError(f"rule {name!r} calls {callee!r}, which is none of {list(rules)}")
                    if automata[callee].final[0]:
                        raise ValueError(f"rule {callee!r} may be empty, so it must not be called")
                calls.append(tuple((starts[callee], starts[name] + back) for callee, back in entered))
        tables = [np.where(dfa.table == NOWHERE, NOWHERE, dfa.table + starts[name]) for name, dfa in automata.items()]
        final = np.concatenate([dfa.final for dfa in automata.values()])
        return cls(np.concatenate(tables).astype(np.int32), final, tuple(calls), starts)

    @property
    def start(self) -> Stack:
        """The configuration in which reading begins."""
        return (next(iter(self.rules.values())),)

    def settle(self, stack: Stack) -> Iterator[Stack]:
        """All configurations reachable without reading: by entering a rule, or by leaving a finished one."""
        todo, seen = [stack], {stack}
        while todo:
            here = todo.pop()
            yield here
            if not here:
                continue
            moves = [(*here[:-1], back, first) for first, back in self.calls[here[-1]]]
            if self.final[here[-1]]:
                moves.append(here[:-1])
            fresh = [move for move in moves if move not in seen]
            seen.update(fresh)
            todo += fresh

    def read(self, stacks: Iterable[Stack], text: bytes) -> set[Stack]:
        """All configurations after reading `text`; the empty set when it does not fit."""
        current = set(stacks)
        for byte in text:
            following = set()
            for stack in current:
                for here in self.settle(stack):
                    state = int(self.table[here[-1], byte]) if here else NOWHERE
                    if state != NOWHERE:
                        following.add((*here[:-1], state))
            current = following
        return current

    def accepts(self, text: bytes) -> bool:
        """Is `text` in the language?"""
        return any(() in self.settle(stack) for stack in self.read([self.start], text))

    def __str__(self) -> str:
        if not any(self.calls):
            return f"finite automaton with {len(self.final):,} states"
        return f"pushdown automaton with {len(self.final):,} states in {len(self.rules)} rules that call each other"

    __repr__ = __str__
