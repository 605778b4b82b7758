import gc
from dataclasses import dataclass
from weakref import ref

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from small_vocabularies import FakeTokenizer

from agentos_lab.lm.pattern_parser import parse
from agentos_lab.lm.regular_language import compile_expression
from agentos_lab.lm.token_trie import TokenTrie, vocabulary_trie

tokens = st.lists(st.text("ab", max_size=5).map(str.encode), min_size=1, max_size=20)
DFA = compile_expression(parse("(ab|b{3}|a(a|b)a)*"))


def read(state: int, text: bytes) -> int:
    for byte in text:
        state = DFA.table[state, byte] if state >= 0 else -1
    return int(state)


@given(tokens, st.lists(st.integers(0, len(DFA) - 1), min_size=1, max_size=4))
def test_a_walk_finds_the_tokens_that_fit_one_by_one_and_where_they_lead(pieces, states):
    trie = TokenTrie(pieces)
    walks, nodes, reached = trie.walk(DFA.table, np.array(states, np.int32), np.zeros(len(states), np.int32))
    where, found = trie.ending(nodes)
    result = {(walks[i], token): reached[i] for i, token in zip(where, found.tolist(), strict=True)}
    expected = {
        (walk, token): after
        for walk, state in enumerate(states)
        for token, piece in enumerate(pieces)
        if piece and (after := read(state, piece)) >= 0
    }
    assert result == expected


@given(tokens)
def test_there_is_a_node_for_every_beginning_of_a_token(pieces):
    assert len(TokenTrie(pieces)) == len({piece[:end] for piece in [*pieces, b""] for end in range(len(piece) + 1)})


def test_tokens_with_the_same_bytes_share_a_node():
    trie = TokenTrie([b"ab", b"", b"ab", b"a"])
    _, nodes, _ = trie.walk(DFA.table, np.array([0], np.int32), np.array([0], np.int32))
    assert sorted(trie.ending(nodes)[1].tolist()) == [0, 2, 3]


def test_the_trie_of_a_tokenizer_is_built_once_and_goes_with_it():
    tokenizer = FakeTokenizer([b"a"])
    trie = vocabulary_trie(tokenizer)
    assert vocabulary_trie(tokenizer) is trie and vocabulary_trie(FakeTokenizer([b"a"])) is not trie
    watched = ref(trie)
    del tokenizer, trie
    gc.collect()
    assert watched() is None


def test_a_tokenizer_of_any_kind_will_do():
    @dataclass(slots=True)  # neither hashable nor weakly referable
    class Plain:
        vocab_size: int = 2

        def token_bytes(self, id: int) -> bytes:
            return b"ab"[id : id + 1]

    assert len(vocabulary_trie(Plain())) == 3


def test_a_vocabulary_of_special_tokens_alone_is_a_bare_root():
    assert len(TokenTrie([b"", b""])) == 1
