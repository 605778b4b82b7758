import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from agentos_lab.errors import ParseError
from agentos_lab.lm.pattern_parser import parse
from agentos_lab.lm.regular_language import compile_expression

CHARACTERS = "ab1_ é€😀\n-]"
ATOMS = [
    "[a-c]", "[^ab]", "[^é-€]", "[]a-]", r"[\d_]", r"[^\W1]", ".", r"\d", r"\D", r"\w", r"\W", r"\s", r"\S", r"\x61",
    r"\u20ac", r"\U0001f600", r"\n",
]  # fmt: skip
QUANTIFIERS = ["*", "+", "?", "{2}", "{1,}", "{0,2}", "{1,3}", "{,2}"]

atoms = st.sampled_from(ATOMS) | st.sampled_from(CHARACTERS).map(re.escape)
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map("".join),
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"({'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(QUANTIFIERS)).map(lambda pair: f"(?:{pair[0]}){pair[1]}"),
    ),
    max_leaves=8,
)


def matches(pattern: str, text: str) -> bool:
    return compile_expression(parse(pattern)).accepts(text.encode())


@given(patterns, st.text(CHARACTERS, max_size=6))
def test_a_text_matches_exactly_when_python_says_so(pattern, text):
    assert matches(pattern, text) == bool(re.fullmatch(pattern, text, re.ASCII))


@given(st.data())
def test_texts_made_to_match_do_and_so_do_near_misses_as_python_says(data):
    pattern = data.draw(patterns)
    text = data.draw(st.from_regex(re.compile(pattern, re.ASCII), fullmatch=True))
    assert matches(pattern, text)
    assume(len(text) < 9)  # Python's own search takes exponential time where repetitions nest
    place, insert = data.draw(st.integers(0, len(text))), data.draw(st.sampled_from(["", *CHARACTERS]))
    changed = text[:place] + insert + text[place + 1 :]
    assert matches(pattern, changed) == bool(re.fullmatch(pattern, changed, re.ASCII))


@given(patterns, st.text(CHARACTERS, max_size=5), st.sampled_from(["{}", "^{}", "{}$", "^{}$", "b|^{}", "{}$|b"]))
def test_a_search_matches_anywhere_that_the_anchors_allow(pattern, text, around):
    pattern = around.format(pattern)
    found = compile_expression(parse(pattern, search=True)).accepts(text.encode())
    assert found == bool(re.search(pattern.replace("$", r"\Z"), text, re.ASCII))


@pytest.mark.parametrize("text", ["a", "ab", "", "b"])
def test_anchors_around_the_whole_change_nothing(text):
    assert matches("^ab*$|^$", text) == matches("ab*|", text)


@pytest.mark.parametrize(
    ("pattern", "position", "part"),
    [
        ("a**", 2, "repetition of a repetition"),
        ("ab+?", 3, "lazy"),
        ("a++", 2, "possessive"),
        ("*a", 0, "nothing to repeat"),
        ("a|?", 2, "nothing to repeat"),
        ("x{a}", 1, "repetition count"),
        ("x{,}", 1, "repetition count"),
        ("x{3,2}", 1, "exceeds"),
        ("(ab", 0, "never closed"),
        ("ab)", 2, "closes nothing"),
        ("x[ab", 1, "never closed"),
        ("[b-a]", 1, "in order"),
        (r"[\d-z]", 1, "single characters"),
        ("(?=a)", 0, "lookaround"),
        ("(?P<n>a)", 0, "named groups"),
        (r"(a)\1", 3, "not supported"),
        (r"a\b", 1, "not supported"),
        (r"\p{L}", 0, "not supported"),
        ("a\\", 1, "not supported"),
        (r"a\x4", 1, "incomplete"),
        (r"\ud800", 0, "no character"),
        (r"\U00110000", 0, "no character"),
        ("\ud800", 0, "surrogate"),
        ("a^b", 1, "anchor"),
        ("(a$)", 2, "anchor"),
        ("a$b", 1, "anchor"),
        ("(" * 101 + ")" * 101, 101, "inside each other"),
    ],
)
def test_what_is_not_supported_is_refused_with_a_caret_under_it(pattern, position, part):
    with pytest.raises(ParseError, match=part) as error:
        parse(pattern)
    assert error.value.position == position
    assert str(error.value).split("\n")[-1] == "    " + " " * position + "^"
