"""What the explorer shows of a tokenizer's work agrees with the tokenizer, for any text."""

from __future__ import annotations

import json
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer as Engine
from tokenizers import decoders, models, pre_tokenizers

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.tokenizer import CharTokenizer
from widgets.runs import plain
from widgets.tokenizer_picture import merge_tree
from widgets.tokenizer_state import LONGEST, Tables, segments, tokenizer_state

STORY = "the cat sat on the mat, then the cat sat on the hat; naïve cafés serve the cat. नमस्ते 🙂 " * 3
PAIRS = BytePairTokenizer.train(STORY, 330)
LETTERS = CharTokenizer.from_text(STORY)
TEXTS = st.text(st.characters(blacklist_categories=["Cs"]) | st.sampled_from("theca sno"), min_size=1, max_size=40)


def state_of(text, tokenizer=PAIRS, **more):
    return tokenizer_state({"it": tokenizer, **more}, text, "it", next(iter(more), ""))


def joined(state, chips):
    return "".join(state["bytes"][2 * chip["at"] : 2 * (chip["at"] + chip["size"])] for chip in chips)


@given(TEXTS)
def test_the_chips_are_the_tokens_of_the_text(text):
    state = state_of(text)
    chips = state["strips"][0]["chips"]
    assert [chip["id"] for chip in chips] == PAIRS.encode(text)
    assert bytes.fromhex(joined(state, chips)).decode() == text


@given(TEXTS)
def test_after_every_step_the_chips_cover_the_text_and_after_the_last_they_are_the_tokens(text):
    state = state_of(text)
    for step, sentence in enumerate(state["steps"]):
        chips = segments(state, step)
        assert joined(state, chips) == state["bytes"]
        assert all(PAIRS.token_bytes(chip["id"]).hex() == joined(state, [chip]) for chip in chips)
        count = f"{len(chips):,} token{'' if len(chips) == 1 else 's'}"
        assert plain(sentence).endswith(f" {count}.")
    if state["steps"]:
        last = segments(state, len(state["steps"]) - 1)
        assert [chip["id"] for chip in last] == PAIRS.encode(text)


@given(TEXTS)
def test_the_steps_are_the_merges_that_the_tokenizer_says_it_makes(text):
    state = state_of(text)
    told = sum(len(PAIRS.encode_steps(word)) for word in PAIRS.words(text))
    assert len(state["joins"]) == told
    steps = [step for _, _, step in state["joins"]]
    assert steps == sorted(steps) and all(two - one <= 1 for one, two in pairwise([0, *steps]))


@given(TEXTS)
def test_the_tree_of_a_word_ends_in_its_tokens_and_has_a_box_for_each_merge(text):
    state = state_of(text)
    for at, size in state["words"]:
        nodes = merge_tree(state, at, size)
        roots = sorted((node["at"], node["size"]) for node in nodes if node["root"])
        tokens = [(c["at"], c["size"]) for c in state["strips"][0]["chips"] if at <= c["at"] < at + size]
        assert roots == tokens
        assert sum(node["step"] > 0 for node in nodes) == sum(at <= place < at + size for place, _, _ in state["joins"])


@given(TEXTS)
def test_the_state_is_plain_data(text):
    state = state_of(text)
    assert json.loads(json.dumps(state)) == state


def test_the_sentence_counts_characters_bytes_and_tokens():
    assert plain(state_of("the cat")["sentence"]) == "7 characters become 2 tokens (3.5 characters each)."
    assert plain(state_of("é")["sentence"]).startswith("1 character (2 bytes) becomes ")
    both = state_of("the cat", letters=LETTERS)
    assert plain(both["sentence"]).endswith(" 2 tokens (3.5 characters each) with it, 7 with letters.")


def test_a_merge_is_told_with_its_rule_and_its_count():
    state = state_of("the cat")
    assert plain(state["steps"][0]) == "Before the first merge every byte is a token: 7 tokens."
    rule = PAIRS.merges[0]
    assert state["rules"][0]["rank"] == "1" and f"seen {rule.count:,} times" in state["rules"][0]["made"]
    assert f"by rule 1 of {len(PAIRS.merges)}" in state["rules"][0]["made"]


def test_characters_are_named_as_unicode_names_them():
    names = state_of("न \n🙂")["characters"]
    assert names["न"]["name"] == "U+0928 Devanagari letter na"
    assert names["\n"]["name"] == "U+000A Line feed"
    assert names["🙂"]["name"] == "U+1F642 Slightly smiling face"


def test_a_tokenizer_that_does_not_merge_has_chips_and_no_steps():
    state = state_of("the cat", LETTERS)
    assert (state["joins"], state["steps"], len(state["strips"][0]["chips"])) == ([], [], 7)
    assert [node["size"] for node in merge_tree(state, *state["words"][1])] == [1, 1, 1, 1]


def test_a_text_that_cannot_be_written_is_told_in_its_strip():
    state = state_of("caffè", LETTERS)
    assert "'è' (U+00E8) at position 4" in state["strips"][0]["problem"]
    assert plain(state["sentence"]).startswith("it cannot write this text: ")
    compared = state_of("caffè", other=LETTERS)
    assert compared["strips"][1]["problem"] and compared["strips"][0]["chips"]


def test_no_text_and_too_much_text_are_told_with_what_to_do():
    assert state_of("")["status"] == "empty"
    long = state_of("x" * (LONGEST + 1))
    assert long["status"] == "too-large" and f"keep {LONGEST:,} or fewer" in plain(long["sentence"])
    assert long["entry"] == "x" * (LONGEST + 1)  # so that it can be shortened


def test_the_word_to_begin_with_is_the_one_with_the_most_merges():
    state = state_of("a then b")
    at, size = state["words"][state["word"]]
    assert bytes.fromhex(state["bytes"])[at : at + size] == b" then"


class WordTokenizer:
    """A tokenizer of another kind: words from a library, blanks left out."""

    special: dict[str, int] = {}  # noqa: RUF012
    vocab_size = 3

    def __init__(self) -> None:
        self.engine = Engine(models.WordLevel({"<?>": 0, "the": 1, "cat": 2}, unk_token="<?>"))
        self.engine.pre_tokenizer = pre_tokenizers.Whitespace()
        self.engine.decoder = decoders.WordPiece()

    def token_bytes(self, id):
        return (b"", b"the", b"cat")[id]

    def pieces(self, text):
        from agentos_lab.lm.tokenizer import Piece

        found = self.engine.encode(text)
        where = zip(found.ids, found.tokens, found.offsets, strict=True)
        return tuple(Piece(id, name, self.token_bytes(id), start, end) for id, name, (start, end) in where)


def test_a_tokenizer_that_leaves_blanks_out_and_knows_few_words_is_shown_as_well():
    state = state_of("the  dog, the cat", WordTokenizer())
    chips = state["strips"][0]["chips"]
    assert [chip["id"] for chip in chips] == [1, 0, 0, 1, 2]
    assert [bytes.fromhex(joined(state, [chip])).decode() for chip in chips] == ["the", "dog", ",", "the", "cat"]


def test_tables_know_the_first_of_two_tokens_with_the_same_bytes():
    class Twice:
        vocab_size = 3
        token_bytes = staticmethod([b"a", b"b", b"a"].__getitem__)

    assert Tables.of(Twice()).numbers == {b"a": 0, b"b": 1}


def test_a_pretrained_tokenizer_tells_its_merges(smollm2):
    text = "The sentence नमस्ते 🙂 is sent."
    state = state_of(text, smollm2.tokenizer)
    last = segments(state, len(state["steps"]) - 1)
    assert [chip["id"] for chip in last] == smollm2.tokenizer.encode(text)
    assert plain(state["steps"][1]).startswith("Merge 1 of ")


@pytest.mark.parametrize("step", [None, 0, 3, 999])
def test_a_step_beyond_the_last_is_the_last(step):
    state = state_of("the cat sat")
    assert joined(state, segments(state, step)) == state["bytes"]
