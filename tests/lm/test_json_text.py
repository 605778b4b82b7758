import json
import math
import re
from decimal import Decimal
from fractions import Fraction
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.lm import json_text
from agentos_lab.lm.regular_language import DFA, compile_expression

STRING, NUMBER = compile_expression(json_text.STRING), compile_expression(json_text.NUMBER)

decimals = st.decimals(-1000, 1000, places=3, allow_nan=False).map(lambda value: value or Decimal(0))  # no minus nought
bounds = st.none() | decimals.map(Fraction)


def is_json_string(data: bytes) -> bool:
    """Python's reader as the judge; it lets halves of surrogate pairs pass, which UTF-8 then cannot write."""
    try:
        value = json.loads(data)
        return isinstance(value, str) and value.encode("utf-8") is not None and data[:1] == b'"' == data[-1:]
    except (UnicodeError, ValueError):
        return False


pieces = ["\\", '"', "\\u", "d8", "D800", "dC00", "00", "e9", "n", "/", "x", "\n", "\x7f", "é", "😀"]


@given(st.lists(st.sampled_from(pieces), max_size=8).map(lambda parts: f'"{"".join(parts)}"'))
def test_a_string_is_what_json_reads_as_one(text):
    assert STRING.accepts(text.encode()) == is_json_string(text.encode())


@given(st.lists(st.sampled_from([0x22, 0x5C, 0x75, 0x30, 0x64, 0x38, 0xC3, 0xA9, 0xF0, 0x9F, 0x98, 0x80]), max_size=9))
def test_no_bytes_but_those_of_a_valid_string_are_accepted(data):
    whole = b'"' + bytes(data) + b'"'
    assert STRING.accepts(whole) == is_json_string(whole)


@settings(max_examples=15)  # automata; each is tried on many texts
@given(st.lists(st.text(max_size=8), min_size=1, max_size=9), st.integers(0, 5), st.integers(0, 5))
def test_the_length_of_a_string_is_counted_in_characters(texts, least, spare):
    dfa = compile_expression(json_text.string(least, least + spare))
    for text in texts:
        for ascii_only in (True, False):
            found = dfa.accepts(json.dumps(text, ensure_ascii=ascii_only).encode())
            assert found == (least <= len(text) <= least + spare), text


@cache
def like(pattern: str, *lengths: int) -> DFA:
    return compile_expression(json_text.string_like(pattern, *lengths))


@given(st.sampled_from(["a+", "^a", "b$", '^["\\\\]*$', "^.$", "[^a]", "^\\s|é"]), st.text('ab"\\é\n\x01', max_size=5))
def test_a_pattern_speaks_of_the_characters_and_not_of_their_escapes(pattern, text):
    dfa = like(pattern)
    found = re.search(pattern.replace("$", r"\Z"), text, re.ASCII) is not None
    assert dfa.accepts(json.dumps(text, ensure_ascii=False).encode()) == found


@given(st.text("ab", max_size=6))
def test_a_pattern_and_a_length_hold_together(text):
    assert like("^(ab)+$", 3, 5).accepts(json.dumps(text).encode()) == (text == "abab")


names = st.text('ab"é', max_size=3)


@settings(max_examples=15)
@given(st.lists(names, max_size=4), st.lists(names, max_size=6))
def test_a_string_other_than_some_names_is_any_other(forbidden, others):
    dfa = compile_expression(json_text.string_other_than(forbidden))
    for text in (*forbidden, *others):
        assert dfa.accepts(json.dumps(text, ensure_ascii=False).encode()) == (text not in forbidden), text


@given(st.text("-+.0eE19", max_size=8))
def test_a_number_is_what_json_reads_as_one(text):
    try:
        is_number = isinstance(json.loads(text), int | float) and not re.search(r"[eE][+-]?\d{3}", text)
    except ValueError:
        is_number = False
    assert NUMBER.accepts(text.encode()) == is_number  # of the largest exponents no use is made


def between(low, high, strict, value):
    above = low is None or value > low or (value == low and not strict[0])
    below = high is None or value < high or (value == high and not strict[1])
    return above and below


@settings(max_examples=25)
@given(bounds, bounds, st.tuples(st.booleans(), st.booleans()), st.lists(st.integers(-1100, 1100), max_size=5))
def test_an_integer_lies_between_its_bounds(low, high, strict, drawn):
    dfa = compile_expression(json_text.integer(low, high, strict))
    near = [math.floor(bound) + step for bound in (low, high) if bound is not None for step in (-1, 0, 1, 2)]
    for value in (*near, *drawn):
        assert dfa.accepts(str(value).encode()) == between(low, high, strict, value), value


@settings(max_examples=25)
@given(bounds, bounds, st.tuples(st.booleans(), st.booleans()), st.lists(decimals, max_size=5))
def test_a_number_lies_between_its_bounds(low, high, strict, drawn):
    if low is None and high is None:
        return
    dfa = compile_expression(json_text.number(low, high, strict))
    near = [bound + step for bound in (low, high) if bound is not None for step in (-1, Fraction(-1, 1000), 0, 1)]
    for value in (*near, *drawn):
        long = f"{float(value):.3f}"
        long = "0.000" if long == "-0.000" else long
        for text in (long, long.rstrip("0").rstrip(".")):  # 1.500 and 1.5, 2.000 and 2
            assert dfa.accepts(text.encode()) == between(low, high, strict, value), text


@pytest.mark.parametrize("text", ["-0", "007", "1.", ".5", "+1", "", "-", "1e5", "0x1"])
def test_bounded_numbers_are_written_plainly(text):
    assert not compile_expression(json_text.number(Fraction(-10), Fraction(10))).accepts(text.encode())
    assert not compile_expression(json_text.integer(None, None)).accepts(text.encode())


@pytest.mark.parametrize(
    ("low", "high", "strict", "yes", "no"),
    [
        (0.1, None, (False, False), ["0.1", "0.10", "7"], ["0.0999999999", "0"]),
        (0, 1, (True, True), ["0.00000000000001", "0.99999999999999"], ["0", "1", "0.0", "1.0"]),
        (-2.5, -1, (False, True), ["-2.5", "-1.01", "-2"], ["-1", "-1.0", "-2.51", "0", "2"]),
        (0.25, 0.25, (False, False), ["0.25", "0.250"], ["0.2", "0.26", "0.2500001"]),
    ],
)
def test_bounds_of_numbers_by_example(low, high, strict, yes, no):
    low, high = (None if bound is None else Fraction(Decimal(str(bound))) for bound in (low, high))
    dfa = compile_expression(json_text.number(low, high, strict))
    assert [dfa.accepts(text.encode()) for text in yes] == [True] * len(yes)
    assert [dfa.accepts(text.encode()) for text in no] == [False] * len(no)


def test_very_large_bounds_are_kept_exactly():
    dfa = compile_expression(json_text.integer(Fraction(10**18), Fraction(10**18 + 5)))
    assert [n - 10**18 for n in range(10**18 - 3, 10**18 + 9) if dfa.accepts(str(n).encode())] == list(range(6))
