"""The vocabulary as a trie, on which an automaton is walked: which tokens fit, and where do they lead?

An automaton judges bytes, but a model chooses tokens of several bytes. Trying 49,152 tokens one by one repeats
the same work for "the", "then" and "there". In a trie they share their beginning, and a byte that does not fit
discards all tokens below it at once. The walk goes level by level, with all nodes of a level in one array.

Source: the walk of a vocabulary along an automaton: Willard & Louf 2023 (arXiv:2307.09702), section 3.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from weakref import ref

import numpy as np
from numpy.typing import NDArray

from .regular_language import NOWHERE
from .tokenizer import Tokenizer

__all__ = ["ROOT", "TokenTrie", "vocabulary_trie"]

ROOT = 0  # the node of the empty text
IntArray = NDArray[np.int32]


class TokenTrie:
    """All tokens of a vocabulary, arranged by their bytes; node 0 is the root.

    Args:
        pieces: The bytes of each token. Empty ones (special tokens) are left out; several tokens may have the
            same bytes.

    Attributes:
        pieces: The bytes of each token.
        byte: (nodes,) the byte on the way from the parent.
        first_child, children: (nodes,) number of the first child, and how many there are: their numbers are
            consecutive.
        endings: (nodes,) how many tokens end at a node.
    """

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces = tuple(pieces)
        lengths = np.array([len(piece) for piece in pieces], dtype=np.int32)
        text = np.frombuffer(b"".join(pieces), dtype=np.uint8)
        begins = np.cumsum(lengths) - lengths
        node = np.zeros(len(pieces), dtype=np.int64)  # the node that each token has reached so far
        byte, parent, size = [np.zeros(1, np.int64)], [np.full(1, -1)], 1
        for depth in range(int(lengths.max(initial=0))):
            going = np.flatnonzero(lengths > depth)
            step = node[going] * 256 + text[begins[going] + depth]
            unique, which = np.unique(step, return_inverse=True)
            node[going] = size + which
            parent.append(unique // 256)
            byte.append(unique % 256)
            size += len(unique)
        self.byte: IntArray = np.concatenate(byte).astype(np.int32)
        parents = np.concatenate(parent)[1:]  # ascending, so that siblings stand together
        self.children: IntArray = np.bincount(parents, minlength=size).astype(np.int32)
        self.first_child: IntArray = np.searchsorted(parents, np.arange(size)).astype(np.int32) + 1
        # Tokens ordered by their node, so that those which end at a node are consecutive as well.
        self._by_node: IntArray = np.argsort(node, kind="stable").astype(np.int32)
        self.endings: IntArray = np.bincount(node, minlength=size).astype(np.int32)
        self.endings[ROOT] = 0
        self._first_ending: IntArray = np.searchsorted(node[self._by_node], np.arange(size)).astype(np.int32)

    def __len__(self) -> int:
        return len(self.byte)

    def __repr__(self) -> str:
        return f"TokenTrie({len(self.pieces):,} tokens, {len(self):,} nodes)"

    def walk(self, table: IntArray, states: IntArray, nodes: IntArray) -> tuple[IntArray, IntArray, IntArray]:
        """All nodes at or below the given ones whose bytes the automaton can read, each with the state it is then in.

        Args:
            table: (states, 256) transitions, -1 for none.
            states: (n,) the automaton's state at each of …
            nodes: (n,) … these nodes, from which as many walks are taken side by side.

        Returns:
            Three arrays (m,): which walk (0 … n - 1), node, state. The first n entries are where the walks began.
        """
        walks = np.arange(len(nodes), dtype=np.int32)
        levels = [(walks, nodes, states)]
        while len(nodes):
            parent, nodes = _ranges(self.first_child[nodes], self.children[nodes])
            states = table[states[parent], self.byte[nodes]]
            alive = np.flatnonzero(states != NOWHERE)
            walks, nodes, states = walks[parent[alive]], nodes[alive], states[alive]
            levels.append((walks, nodes, states))
        walks, nodes, states = map(np.concatenate, zip(*levels, strict=True))
        return walks, nodes, states

    def ending(self, nodes: IntArray) -> tuple[IntArray, IntArray]:
        """The tokens that end at the given nodes: (index into `nodes`, token), each (m,)."""
        where, position = _ranges(self._first_ending[nodes], self.endings[nodes])
        return where, self._by_node[position]


_TRIES: dict[int, tuple[ref[Tokenizer], TokenTrie]] = {}  # by the identity of the tokenizer


def vocabulary_trie(tokenizer: Tokenizer) -> TokenTrie:
    """The trie of a tokenizer's tokens; built once for each tokenizer and kept as long as that lives."""
    key = id(tokenizer)
    if key in _TRIES and _TRIES[key][0]() is tokenizer:
        return _TRIES[key][1]
    trie = TokenTrie([tokenizer.token_bytes(token) for token in range(tokenizer.vocab_size)])
    with suppress(TypeError):  # an object whose end cannot be watched: its trie is not kept
        _TRIES[key] = ref(tokenizer, lambda _: _TRIES.pop(key, None)), trie
    return trie


def _ranges(starts: IntArray, counts: IntArray) -> tuple[IntArray, IntArray]:
    """All numbers of the ranges starts[i] … starts[i] + counts[i] - 1, each with its i."""
    which = np.repeat(np.arange(len(starts), dtype=np.int32), counts)
    before = np.cumsum(counts) - counts
    return which, (np.arange(len(which)) + (starts - before)[which]).astype(np.int32)
