import re
from pydoc_data.topics import topics

import pytest
import tokenizers
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import decoders, models, pre_tokenizers

from agentos_lab.errors import ParseError
from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer, Merge
from agentos_lab.lm.token_spelling import byte_letters

ENGLISH = "".join(topics.values())
ASSIGNED = st.characters(exclude_categories=["Cn", "Cs"])  # both versions of Unicode know these


@pytest.fixture(scope="module")
def trained():
    return BytePairTokenizer.train(ENGLISH[:200_000], 1000, special={"eos": "<|endoftext|>"})


@pytest.fixture(scope="module")
def library(trained):
    """The same merges in the library `tokenizers`, which spells bytes as letters."""

    def spelled(token):
        return "".join(byte_letters()[value] for value in token)

    vocabulary = {spelled(token): id for id, token in enumerate(trained.tokens) if token}
    merges = [(spelled(merge.left), spelled(merge.right)) for merge in trained.merges]
    tokenizer = tokenizers.Tokenizer(models.BPE(vocabulary, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


@given(st.text())
def test_decoding_gives_any_unicode_back(trained, text):
    assert trained.decode(trained.encode(text)) == text


@given(st.text(alphabet=ASSIGNED))
def test_tokens_of_any_unicode_are_those_of_the_library(trained, library, text):
    assert trained.encode(text) == library.encode(text).ids


@given(st.text(alphabet="theandis '12\n_.é"))
def test_tokens_of_near_english_are_those_of_the_library(trained, library, text):
    assert trained.encode(text) == library.encode(text).ids


def test_tokens_of_english_are_those_of_the_library(trained, library):
    assert trained.encode(ENGLISH) == library.encode(ENGLISH).ids


@given(st.lists(st.integers(0, 999)))
def test_decoding_any_numbers_is_reading_their_bytes_as_utf8(trained, library, ids):
    text = trained.decode(ids)
    assert text == b"".join(map(trained.token_bytes, ids)).decode("utf-8", "replace")
    assert text == library.decode([id for id in ids if id != trained.special["eos"]])


def test_a_cut_character_decodes_to_the_replacement_character():
    tokenizer = BytePairTokenizer(())
    assert tokenizer.decode(tokenizer.encode("a€")[:-1]) == "a\ufffd"
    assert tokenizer.token_text("€".encode()[0]) == r"\xe2"


def test_the_first_tokens_are_the_bytes_then_come_the_merges_then_the_special_ones(trained):
    assert [trained.token_bytes(value) for value in range(256)] == [bytes([value]) for value in range(256)]
    assert [trained.token_bytes(256 + i) for i in range(743)] == [merge.token for merge in trained.merges]
    assert trained.special == {"eos": 999}
    assert trained.vocab_size == 1000


def test_training_gives_the_same_merges_again(trained):
    assert BytePairTokenizer.train(ENGLISH[:200_000], 1000, special={"eos": "<|endoftext|>"}) == trained


def test_the_training_can_be_read_step_by_step():
    tokenizer = BytePairTokenizer.train("the cat, the hat, the bat", vocab_size=260)
    assert str(tokenizer.derivation).splitlines()[:3] == [
        "256 bytes and 4 merges",
        "  1. 'a' + 't' → 'at' (count 3)    merge the most frequent pair  [Sennrich, Haddow & Birch 2016, algorithm 1]",
        "  2. 'h' + 'e' → 'he' (count 3)    merge the most frequent pair  [Sennrich, Haddow & Birch 2016, algorithm 1]",
    ]
    assert [step.after for step in tokenizer.derivation] == [*tokenizer.merges]


def test_the_steps_of_a_word_end_in_its_tokens(trained):
    steps = trained.encode_steps(" statement")
    assert [*steps.result.parts] == [trained.token_bytes(id) for id in trained.encode(" statement")]
    assert len(steps) > 2
    with pytest.raises(ValueError, match="one word, got 2"):
        trained.encode_steps("two words")


def test_no_merge_crosses_the_border_of_a_word(trained):
    assert not [str(merge) for merge in trained.merges if re.search(rb"\S\s|[a-z][^a-z]", merge.token)]
    across = BytePairTokenizer.train(ENGLISH[:20_000], 600, pattern="(?s).+")
    assert b"of the " in across.tokens


def test_text_without_enough_pairs_makes_a_smaller_vocabulary():
    tokenizer = BytePairTokenizer.train("abc", 1000)
    assert tokenizer.vocab_size == 258
    assert BytePairTokenizer.train("", 1000).vocab_size == 256


def test_a_vocabulary_without_room_for_the_bytes_is_refused():
    with pytest.raises(ValueError, match="vocab_size=256 is too small: 256 bytes and 1 special tokens make 257"):
        BytePairTokenizer.train("abc", 256, special=("eos",))


@pytest.mark.parametrize("text", [["the", "cat"], 300, None])
def test_only_a_text_can_be_learnt_from(text):
    with pytest.raises(ValueError, match=f"from one text, got {type(text).__name__}; .*join"):
        BytePairTokenizer.train(text, 300)


def test_special_tokens_in_the_training_text_are_not_learnt():
    text = "a<|end|>" * 9
    tokenizer = BytePairTokenizer.train(text, 300, special=("<|end|>",))
    assert tokenizer.merges == ()
    end = tokenizer.special["<|end|>"]
    assert tokenizer.encode("a<|end|>b", allow_special=True) == [ord("a"), end, ord("b")]


def test_text_never_becomes_a_special_token_unless_asked_to(trained):
    text, eos = "one<|endoftext|>two", trained.special["eos"]
    assert eos not in trained.encode(text)
    assert trained.decode(trained.encode(text)) == text
    ids = trained.encode(text, allow_special=True)
    assert ids == [*trained.encode("one"), eos, *trained.encode("two")]
    assert trained.decode(ids) == "onetwo"
    assert trained.decode(ids, show_special=True) == text


def test_half_a_surrogate_pair_is_refused(trained):
    with pytest.raises(ValueError, match=r"U\+D800\) at position 4"):
        trained.encode("text\ud800")


@pytest.mark.parametrize("pattern", [r"(?s).+", r"\w", r"x*", r"(a)|(b)"])
@given(text=st.text())
def test_any_pattern_gives_the_text_back(pattern, text):
    tokenizer = BytePairTokenizer([(b"a", b"b")], pattern=pattern)
    assert "".join(tokenizer.words(text)) == text
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_a_merge_of_unknown_tokens_is_refused():
    with pytest.raises(ValueError, match=r"merge 2 .* uses 'ab', which no earlier merge made"):
        BytePairTokenizer([Merge(b"b", b"c"), Merge(b"ab", b"c")])


def test_two_merges_that_make_the_same_bytes_make_one_token():
    tokenizer = BytePairTokenizer([(b"a", b"b"), (b"b", b"c"), (b"a", b"bc"), (b"ab", b"c")])
    assert tokenizer.vocab_size == 259
    assert tokenizer.encode("abc") == [258]


def test_pieces_touch_the_characters_they_come_from(trained):
    text = "Statements: €5"
    pieces = trained.pieces(text)
    assert [piece.id for piece in pieces] == trained.encode(text)
    assert b"".join(piece.data for piece in pieces) == text.encode()
    euro = [piece for piece in pieces if piece.start <= text.index("€") < piece.end]
    assert len(euro) > 1
    assert all(text[piece.start : piece.end] == piece.text for piece in pieces if piece not in euro)
    assert [piece.text for piece in trained.pieces("a<|endoftext|>", allow_special=True)] == ["a", "<|endoftext|>"]


def test_a_pattern_that_is_none_points_at_the_mistake():
    with pytest.raises(ParseError, match=r"not a regular expression: unterminated character set at line 1, column 3"):
        BytePairTokenizer.train("text", 300, pattern="ab[c")
