import json
import random
import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from small_vocabularies import BYTES, FakeTokenizer, random_merges

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.constraint import Constraint, State, choices, json_schema, literal, regex
from agentos_lab.lm.tokenizer import CharTokenizer

PATTERNS = ["(ab|ba)*c{2,3}", "a{3}|b+", "[ab]*c", "(a|bc){2,5}", "a?b?c?", "(abc)*"]


def write(constraint: Constraint, budget: int, seed: int) -> list[int]:
    """Tokens chosen by random scores among those allowed, as a model without any sense would."""
    draw = np.random.default_rng(seed)
    state, tokens = constraint.start(), []
    while len(tokens) < budget:
        allowed = constraint.allowed(state, budget - len(tokens)).numpy()
        if not allowed.any():
            break
        token = int(np.where(allowed, draw.normal(size=len(allowed)), -np.inf).argmax())
        if token == constraint.eos:
            break
        tokens.append(token)
        state = constraint.advance(state, token)
    assert constraint.is_final(state)
    return tokens


@given(st.sampled_from(PATTERNS), st.integers(0, 200), st.integers(0, 6), st.booleans())
def test_whatever_the_vocabulary_and_the_budget_the_text_matches(pattern, seed, spare, eos):
    tokenizer = random_merges("abc", seed, count=6, missing=0.3)
    tokenizer = tokenizer if eos else FakeTokenizer(tokenizer.tokens[:-1], eos=False)
    try:
        constraint = regex(pattern, tokenizer)
    except ValueError as impossible:
        assert "can be written with this vocabulary" in str(impossible)
        return
    budget = constraint.shortest + spare
    tokens = write(constraint, budget, seed)
    assert len(tokens) <= budget
    assert re.fullmatch(pattern, tokenizer.text(tokens).decode())


@pytest.mark.parametrize("pattern", PATTERNS[:2])
def test_a_budget_below_the_shortest_text_is_refused_at_once(pattern):
    constraint = regex(pattern, BYTES)
    with pytest.raises(ValueError, match=f"at least {constraint.shortest} are needed; raise max_new_tokens"):
        constraint.allowed(constraint.start(), budget=constraint.shortest - 1)
    assert constraint.allowed(constraint.start(), budget=constraint.shortest).any()


def test_end_of_text_is_allowed_exactly_where_the_text_may_end():
    constraint = regex("ab?", BYTES)
    state = constraint.start()
    for byte, final in ((None, False), (b"a", True), (b"b", True)):
        state = state if byte is None else constraint.advance(state, byte[0])
        assert constraint.is_final(state) == final
        assert bool(constraint.allowed(state)[constraint.eos]) == final
        assert constraint.is_complete(state) == (byte == b"b")
    assert constraint.allowed(state).sum() == 1  # nothing may follow "ab"


def test_after_end_of_text_nothing_but_end_of_text_is_allowed():
    constraint = regex("a*", BYTES)
    state = constraint.advance(constraint.start(), constraint.eos)
    assert constraint.is_final(state) and constraint.distance(state) == 0
    assert constraint.allowed(state).nonzero().flatten().tolist() == [constraint.eos]
    assert constraint.advance(state, constraint.eos) == state


def test_in_a_vocabulary_without_end_of_text_a_complete_text_allows_nothing():
    constraint = literal("a", FakeTokenizer([b"a", b"b"], eos=False))
    state = constraint.advance(constraint.start(), 0)
    assert constraint.is_complete(state) and not constraint.allowed(state).any()


@pytest.mark.parametrize("token", [98, 256, -1, 300])
def test_a_token_that_is_not_allowed_is_refused(token):
    constraint = literal("a", BYTES)
    with pytest.raises(ValueError, match=rf"token {token} .* is not allowed here by one of 'a'; 1 tokens are"):
        constraint.advance(constraint.start(), token)


def test_states_are_values_that_can_be_kept_compared_and_returned_to():
    constraint = regex("(a|b)c*", BYTES)
    start = constraint.start()
    left, right = constraint.advance(start, ord("a")), constraint.advance(start, ord("b"))
    assert left == right and hash(left) == hash(right) and left != start
    assert len({start, left, right}) == 2
    assert constraint.start() == start and constraint.allowed(start).sum() == 2


def test_a_mask_belongs_to_whoever_asked_for_it():
    constraint = regex("a|b", BYTES)
    mask = constraint.allowed(constraint.start())
    assert mask.dtype == torch.bool and mask.shape == (BYTES.vocab_size,)
    mask.fill_(True)
    assert constraint.allowed(constraint.start()).sum() == 2


def test_characters_that_the_vocabulary_cannot_write_are_avoided_from_afar():
    # After "x" only "é" could follow, and its second byte has no token.
    tokenizer = FakeTokenizer([b"x", b"y", b"\xc3", b"z"])
    constraint = regex("xé|yz", tokenizer)
    assert constraint.allowed(constraint.start()).nonzero().flatten().tolist() == [1]
    with pytest.raises(ValueError, match="bytes that it needs are missing"):
        literal("xé", tokenizer)


@given(st.lists(st.text("abé€", max_size=5), min_size=1, max_size=6))
def test_choices_are_the_texts_themselves_and_no_others(texts):
    constraint = choices(texts, BYTES)
    assert {constraint.accepts(text) for text in texts} == {True}
    for text in texts:
        assert constraint.accepts(text + "a") == (text + "a" in texts)
    for seed in range(5):
        assert BYTES.text(write(constraint, 20, seed)).decode() in texts


@pytest.mark.parametrize("texts", [[], "yes", [1, 2], ["a", None]])
def test_choices_need_a_list_of_texts(texts):
    with pytest.raises(ValueError, match="a list of at least one text"):
        choices(texts, BYTES)


def test_every_spelling_of_a_text_is_allowed():
    tokenizer = FakeTokenizer([b"a", b"b", b"ab", b"ab", b"abc"])
    constraint = literal("ab", tokenizer)
    assert constraint.allowed(constraint.start()).nonzero().flatten().tolist() == [0, 2, 3]
    assert constraint.allowed(constraint.start(), budget=1).nonzero().flatten().tolist() == [2, 3]


def test_masking_is_local_and_not_the_distribution_given_that_the_text_is_valid():
    # The model of the module's docstring: it likes "a" first, and then hardly ever "b".
    first, then = {"a": 0.9, "b": 0.1}, {"a": {"a": 0.99, "b": 0.01}, "b": {"a": 0.99, "b": 0.01}}
    constraint = choices(["ab", "ba"], BYTES)

    def renormalised(state: State, chances: dict[str, float], wanted: str) -> float:
        allowed = constraint.allowed(state)
        return chances[wanted] / sum(chance for text, chance in chances.items() if allowed[ord(text)])

    start = constraint.start()
    masked = renormalised(start, first, "a") * renormalised(constraint.advance(start, ord("a")), then["a"], "b")
    joint = {text: first[text[0]] * then[text[0]][text[1]] for text in ("ab", "ba")}
    assert masked == pytest.approx(0.9)
    assert joint["ab"] / sum(joint.values()) == pytest.approx(0.083, abs=0.001)


def test_character_and_byte_pair_tokenizers_write_what_is_asked():
    text = 'she said: {"name": "Ada", "age": 36}. They were 12 years old, 7 of them {"a":1} and so on. ' * 5
    schema = {
        "type": "object",
        "properties": {"name": {"enum": ["Ada", "They"]}, "age": {"type": "integer", "minimum": 0, "maximum": 199}},
        "required": ["name", "age"],
    }
    for tokenizer in (
        CharTokenizer.from_text(text, special=("eos",)),
        BytePairTokenizer.train(text, 320, special=("eos",)),
    ):
        constraint = json_schema(schema, tokenizer)
        for seed in range(20):
            value = json.loads(tokenizer.decode(write(constraint, constraint.shortest + seed, seed)))
            assert value["name"] in ("Ada", "They") and 0 <= value["age"] < 200
        encoded = tokenizer.encode('{"name":"Ada","age":36}')
        assert constraint.shortest <= len(encoded)
        state = constraint.start()
        for token in encoded:
            assert constraint.allowed(state)[token]
            state = constraint.advance(state, token)
        assert constraint.is_final(state)


def test_a_constraint_says_what_it_is():
    shown = str(regex(r"\d{2}", BYTES)).split("\n")
    assert shown == [
        "Constraint: the pattern \\d{2}",
        "  finite automaton with 3 states",
        "  vocabulary of 257 tokens (trie of 257 nodes), end-of-text token 256",
        "  shortest valid text: 2 tokens",
    ]
    assert str(choices(list("abcd"), BYTES)).startswith("Constraint: one of 'a', 'b', 'c', …\n")
    assert "end-of-text" in str(literal("a", FakeTokenizer([b"a"], eos=False)))


def test_hostile_scores_that_only_open_brackets_are_made_to_close_them():
    constraint = json_schema(True, BYTES)
    state, tokens, budget = constraint.start(), [], 400
    while len(tokens) < budget:
        allowed = constraint.allowed(state, budget - len(tokens))
        token = ord("[") if allowed[ord("[")] else random.Random(0).choice(allowed.nonzero().flatten().tolist())
        if token == constraint.eos:
            break
        tokens.append(token)
        state = constraint.advance(state, token)
    text = bytes(tokens).decode()
    assert json.loads(text) is not None and text.startswith("[" * 199)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda tokenizer: regex(tokenizer, "a+"), "a pattern and then a tokenizer, got CharTokenizer first"),
        (lambda tokenizer: json_schema('{"type": "integer"}', tokenizer), r"is a text; .*json\.loads"),
    ],
)
def test_arguments_that_were_mixed_up_are_told_apart(make, message):
    with pytest.raises(ValueError, match=message):
        make(CharTokenizer("ab"))
