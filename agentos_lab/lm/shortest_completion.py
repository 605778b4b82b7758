"""How many tokens are still needed? Shortest completions of a text under an automaton, counted in tokens.

A mask that only asks "does this token fit?" can walk into a dead end (the vocabulary may lack the bytes that
must follow) or run out of tokens in the middle. Both are one question: the distance, in tokens of this very
vocabulary, from a state to the end; infinity is a dead end.

In a finite automaton that is a breadth-first search from the final states. With rules that call each other a
token may end one rule and go on in its caller (`"}]` closes three things at once), so the distance to leave
a rule depends on *where in the token* it is left: we compute, for each state and trie node, the least
number of tokens completed before the rule is left at each node. These numbers satisfy equations of the form
"least over the moves", whose least solution we reach by relaxing until nothing improves.

Sources: Knuth 1977, "A generalization of Dijkstra's algorithm" (shortest derivations of a grammar); Koo, Liu
& He 2024 (arXiv:2407.08103), composing an automaton with the tokens of a vocabulary.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .pushdown_automaton import PushdownAutomaton
from .token_trie import ROOT, IntArray, TokenTrie

__all__ = ["Completions", "Moves", "shortest_completions", "tokens_inside"]

Entry = tuple[int, int]  # a state of the automaton, and the trie node that the token being written has come to


@dataclass(frozen=True)
class Moves:
    """What the token being written can do inside the rule in which it is.

    Attributes:
        successors: States in which it can end inside the rule.
        exits: Nodes at which it can leave the rule and go on in the caller.
        calls: Nodes at which it can enter another rule: (node, that rule's first state, state to return to).
    """

    successors: tuple[int, ...]
    exits: tuple[int, ...]
    calls: tuple[tuple[int, int, int], ...]


@dataclass(frozen=True)
class Completions:
    """The moves of all entries that can occur, and what it costs to leave their rules.

    Attributes:
        moves: By entry.
        costs: ``costs[state][node][exit]`` is the least number of tokens completed from (state, node) until the rule
            is left with a token that has then come to the node `exit` (the root: it has not begun).
    """

    moves: dict[Entry, Moves]
    costs: dict[int, dict[int, dict[int, int]]]


def tokens_inside(automaton: PushdownAutomaton, trie: TokenTrie, entry: Entry) -> tuple[IntArray, IntArray]:
    """The tokens that can be finished inside the rule, and the state after each: two arrays (n,)."""
    _, nodes, states = trie.walk(automaton.table, *_arrays([entry]))
    where, tokens = trie.ending(nodes[1:])
    return tokens, states[1:][where]


def moves_inside(automaton: PushdownAutomaton, trie: TokenTrie, entries: Sequence[Entry]) -> list[Moves]:
    """The moves of several entries, by walks through the trie side by side."""
    walks, nodes, states = trie.walk(automaton.table, *_arrays(entries))
    start = np.arange(len(walks)) < len(entries)
    ended = (trie.endings[nodes] > 0) & ~start  # a token that ends where a walk begins was counted before
    reached = np.zeros((len(entries), len(automaton.final)), dtype=bool)
    reached[walks[ended], states[ended]] = True
    going_on = trie.children[nodes] > 0  # at a leaf the token is over: that is a matter of the state after it
    leaving = going_on & np.where(start, automaton.final[states], automaton.returning[states])
    exits: list[list[int]] = [[] for _ in entries]
    for i in np.flatnonzero(leaving):
        exits[walks[i]].append(int(nodes[i]))
    calls: list[list[tuple[int, int, int]]] = [[] for _ in entries]
    for i in np.flatnonzero(going_on & automaton.calling[states]):
        calls[walks[i]] += [(int(nodes[i]), first, back) for first, back in automaton.calls[states[i]]]
    successors = [np.flatnonzero(row).tolist() for row in reached]
    return [Moves(tuple(s), tuple(e), tuple(c)) for s, e, c in zip(successors, exits, calls, strict=True)]


def shortest_completions(automaton: PushdownAutomaton, trie: TokenTrie) -> Completions:
    """Everything about the ends of texts: for each entry that can occur the least tokens to leave its rule."""
    moves: dict[Entry, Moves] = {}
    costs: dict[Entry, dict[int, int]] = {}
    users: dict[Entry, set[Entry]] = {}  # whose costs rest on these
    todo = {(automaton.start[0], ROOT): None}  # a set that keeps its order

    def cost_of(entry: Entry, user: Entry) -> dict[int, int]:
        users.setdefault(entry, set()).add(user)
        if entry not in costs:
            todo.setdefault(entry)
        return costs.get(entry, {})

    while todo:
        current, todo = list(todo), {}
        fresh = [entry for entry in current if entry not in moves]
        for begin in range(0, len(fresh), _SIDE_BY_SIDE):
            batch = fresh[begin : begin + _SIDE_BY_SIDE]
            moves.update(zip(batch, moves_inside(automaton, trie, batch), strict=True))
        for entry in current:
            best = dict.fromkeys(moves[entry].exits, 0)
            for state in moves[entry].successors:
                _relax(best, cost_of((state, ROOT), entry), 1)
            for node, first, back in moves[entry].calls:
                for middle, cost in cost_of((first, node), entry).items():
                    _relax(best, cost_of((back, middle), entry), cost)
            if best != costs.get(entry):
                costs[entry] = best
                todo.update(dict.fromkeys(users.get(entry, ())))
    by_state: dict[int, dict[int, dict[int, int]]] = {}
    for (state, node), exits in costs.items():
        by_state.setdefault(state, {})[node] = exits
    return Completions(moves, by_state)


def _relax(best: dict[int, int], onward: dict[int, int], paid: int) -> None:
    for node, cost in onward.items():
        if node not in best or paid + cost < best[node]:
            best[node] = paid + cost


def _arrays(entries: Sequence[Entry]) -> tuple[IntArray, IntArray]:
    states, nodes = np.array(entries, dtype=np.int32).T
    return states, nodes


_SIDE_BY_SIDE = 16  # walks at once: enough to keep NumPy busy, few enough to stay in the processor's cache
