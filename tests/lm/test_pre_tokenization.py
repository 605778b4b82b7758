import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import pre_tokenizers

from agentos_lab.lm.pre_tokenization import gpt2_pattern, unicode_classes

# Characters that have long been assigned: this Python's and the library's version of Unicode agree about them.
ASSIGNED = st.characters(exclude_categories=["Cn", "Cs"])
ORIGINAL = pre_tokenizers.ByteLevel(add_prefix_space=False)
WHITE_SPACE = {*map(chr, [*range(9, 14), 0x20, 0x85, 0xA0, 0x1680, *range(0x2000, 0x200B)])}
WHITE_SPACE |= {*map(chr, [0x2028, 0x2029, 0x202F, 0x205F, 0x3000])}


def original_words(text):
    return [text[start:end] for _, (start, end) in ORIGINAL.pre_tokenize_str(text)]


def test_the_classes_are_exactly_unicodes():
    everything = "".join(map(chr, [*range(0x33000), *range(0xE0000, 0xE0200)]))  # the rest is for private use
    category = [unicodedata.category(character)[0] for character in everything]
    letter, number, space = (set(re.findall(pattern, everything)) for pattern in unicode_classes())
    assert letter == {character for character, major in zip(everything, category, strict=True) if major == "L"}
    assert number == {character for character, major in zip(everything, category, strict=True) if major == "N"}
    assert space == WHITE_SPACE


@given(st.text(alphabet=ASSIGNED))
def test_words_are_those_of_the_tokenizers_library(text):
    assert re.findall(gpt2_pattern(), text) == original_words(text)


@given(st.text(alphabet="a é1½_!'sredtmv \t\n\x1c\xa0世"))
def test_words_are_those_of_the_library_where_classes_meet(text):
    assert re.findall(gpt2_pattern(), text) == original_words(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Hello world", ["Hello", " world"]),
        ("it's  two\n\nand you'll", ["it", "'s", " ", " two", "\n", "\n", "and", " you", "'ll"]),
        ("x²=½, snake_case!?", ["x", "²", "=", "½", ",", " snake", "_", "case", "!?"]),
        ("end  ", ["end", "  "]),
    ],
    ids=["words", "contractions and spaces", "numbers that are no digits", "spaces at the end"],
)
def test_words_of_a_worked_example(text, words):
    assert re.findall(gpt2_pattern(), text) == words


def test_a_word_of_many_letters_is_no_trouble():
    text = "aé" * 100_000
    assert re.findall(gpt2_pattern(), text) == [text]
