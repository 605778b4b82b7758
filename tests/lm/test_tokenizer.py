import json

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.byte_pair_encoding import BytePairTokenizer
from agentos_lab.lm.tokenizer import CharTokenizer, Tokenizer, load_tokenizer

TEXT = "the cat sat on the mat — ça va? 世界 🙂\n"


@given(st.text(alphabet=TEXT))
def test_decoding_gives_the_text_back(text):
    tokenizer = CharTokenizer.from_text(TEXT)
    assert tokenizer.decode(tokenizer.encode(text)) == text


def test_tokens_are_numbered_in_the_order_of_unicode():
    tokenizer = CharTokenizer.from_text("hello")
    assert tokenizer.alphabet == "ehlo"
    assert tokenizer.encode("hole") == [1, 3, 2, 0]
    assert tokenizer.vocab_size == 4
    assert [tokenizer.token_text(id) for id in range(4)] == ["e", "h", "l", "o"]


def test_a_given_alphabet_keeps_its_order():
    assert CharTokenizer("zyx").encode("xyz") == [2, 1, 0]


def test_an_unknown_character_is_named_with_its_position_and_the_remedy():
    with pytest.raises(ValueError, match=r"'é' \(U\+00E9\) at position 3 .*4 characters.*from_text"):
        CharTokenizer.from_text("caf ").encode("cafés")


@pytest.mark.parametrize(
    ("alphabet", "why"),
    [("", "empty"), ("abca", "'a' twice"), ("a\ud800", "surrogate")],
    ids=["", "twice", "surrogate"],
)
def test_an_impossible_alphabet_is_refused(alphabet, why):
    with pytest.raises(ValueError, match=why):
        CharTokenizer(alphabet)


def test_special_tokens_come_after_the_alphabet_and_leave_it_as_it_is():
    plain, masked = CharTokenizer.from_text(TEXT), CharTokenizer.from_text(TEXT, special=("mask", "pad"))
    assert masked.special == {"mask": plain.vocab_size, "pad": plain.vocab_size + 1}
    assert masked.vocab_size == plain.vocab_size + 2
    assert masked.encode(TEXT) == plain.encode(TEXT)


def test_text_never_becomes_a_special_token_unless_asked_to():
    tokenizer = CharTokenizer.from_text("the <mask> sat", special=("mask",))
    text, mask = "the <mask> sat", tokenizer.special["mask"]
    assert mask not in tokenizer.encode(text)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    ids = tokenizer.encode(text, allow_special=True)
    assert ids.count(mask) == 1
    assert len(ids) == len("the ") + 1 + len(" sat")
    assert tokenizer.decode(ids) == "the  sat"
    assert tokenizer.decode(ids, show_special=True) == text
    assert tokenizer.token_text(mask) == "<mask>"
    assert tokenizer.token_bytes(mask) == b""


def test_special_tokens_can_be_written_as_one_likes():
    tokenizer = CharTokenizer.from_text("ab", special={"eos": "[END]"})
    assert tokenizer.encode("ab[END]", allow_special=True) == [0, 1, 2]
    assert tokenizer.special == {"eos": 2}


def test_special_tokens_written_alike_are_refused():
    with pytest.raises(ValueError, match="different"):
        CharTokenizer("ab", special={"eos": "<x>", "bos": "<x>"})


def test_decode_takes_a_tensor_and_refuses_a_batch():
    tokenizer = CharTokenizer.from_text("hello")
    assert tokenizer.decode(torch.tensor([1, 0, 2, 2, 3])) == "hello"
    with pytest.raises(ValueError, match="row by row"):
        tokenizer.decode(torch.tensor([[1, 0]]))


@pytest.mark.parametrize(
    ("ids", "message"),
    [(3, r"got 3; a single one is given as \[number\]"), ("hello", "got 'hello'"), ([0.5], r"whole numbers, got 0\.5")],
)
def test_what_is_no_sequence_of_numbers_is_not_decoded(ids, message):
    with pytest.raises(ValueError, match=message):
        CharTokenizer.from_text("hello").decode(ids)


@pytest.mark.parametrize("text", [["he", "lo"], b"hello", None, 5])
def test_what_is_no_text_is_not_encoded(text):
    for tokenizer in (CharTokenizer.from_text("hello"), BytePairTokenizer(())):
        with pytest.raises(ValueError, match=f"one text, got {type(text).__name__}; several are encoded one by one"):
            tokenizer.encode(text)


@pytest.mark.parametrize("id", [4, -1])
def test_a_number_outside_the_vocabulary_is_refused(id):
    tokenizer = CharTokenizer.from_text("hello")
    with pytest.raises(ValueError, match=rf"token number {id} at position 1 .* 0 … 3"):
        tokenizer.decode([0, id])
    with pytest.raises(ValueError, match=f"token number {id}"):
        tokenizer.token_bytes(id)


@pytest.mark.parametrize(
    "tokenizer",
    [
        CharTokenizer.from_text(TEXT, special=("mask",)),
        BytePairTokenizer.train(TEXT * 3, 300, special={"eos": "<|endoftext|>"}),
    ],
    ids=repr,
)
def test_a_saved_tokenizer_comes_back_the_same(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "tokenizer.json")
    for again in (type(tokenizer).load(tmp_path / "tokenizer.json"), load_tokenizer(tmp_path / "tokenizer.json")):
        assert again == tokenizer
        assert again.encode(TEXT) == tokenizer.encode(TEXT)
        assert again.special == tokenizer.special
    assert [path.name for path in tmp_path.iterdir()] == ["tokenizer.json"]


def test_every_tokenizer_follows_the_protocol():
    assert isinstance(CharTokenizer("ab"), Tokenizer)
    assert isinstance(BytePairTokenizer(()), Tokenizer)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"kind": "characters"}',
        '{"kind": "characters", "alphabet": "aa", "special": {}}',
        "\udcff",
    ],
    ids=["empty", "cut", "a list", "no kind", "no alphabet", "bad alphabet", "no UTF-8"],
)
def test_a_damaged_file_is_refused_by_name(content, tmp_path):
    path = tmp_path / "tokenizer.json"
    path.write_bytes(content.encode("utf-8", "surrogateescape"))
    for load in (CharTokenizer.load, load_tokenizer):
        with pytest.raises(ValueError, match=r"tokenizer\.json .*again"):
            load(path)


def test_a_file_of_another_kind_is_refused(tmp_path):
    CharTokenizer("ab").save(tmp_path / "a.json")
    with pytest.raises(ValueError, match="'characters', expected 'byte pairs'"):
        BytePairTokenizer.load(tmp_path / "a.json")
    (tmp_path / "b.json").write_text(json.dumps({"kind": "words"}))
    with pytest.raises(ValueError, match="'words', expected 'characters' or"):
        load_tokenizer(tmp_path / "b.json")
