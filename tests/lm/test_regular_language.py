import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.pattern_parser import parse
from agentos_lab.lm.regular_expression import (
    EMPTY,
    Alternation,
    Byte,
    Concatenation,
    Intersection,
    Listing,
    Repetition,
    literal,
)
from agentos_lab.lm.regular_language import DFA, compile_expression, intersect

PATTERNS = ["(ab?)*", "a{2,4}b*", "[ab]*abb", "(a|bb){1,3}", "", "a*b?a*", "(a*b*){0,2}c"]
texts = st.text("abc", max_size=8)


@given(st.sampled_from(PATTERNS), st.sampled_from(PATTERNS), texts)
def test_an_intersection_accepts_what_both_accept(left, right, text):
    both = intersect(compile_expression(parse(left)), compile_expression(parse(right)))
    assert both.accepts(text.encode()) == all(re.fullmatch(pattern, text) is not None for pattern in (left, right))


@given(st.sampled_from(PATTERNS), texts)
def test_an_intersection_can_stand_inside_an_expression(pattern, text):
    inside = Intersection(parse(pattern), parse("[ab]{0,3}"))
    dfa = compile_expression(Concatenation((literal("c"), Repetition(inside, 1, 2, literal("c")))))
    part = f"(?={pattern}(?:c|$))[ab]{{0,3}}"
    assert dfa.accepts(text.encode()) == bool(re.fullmatch(f"c{part}(c{part})?", text))


@pytest.mark.parametrize(("minimum", "maximum"), [(low, high) for low in range(4) for high in (None, *range(low, 6))])
def test_a_repetition_counts_its_parts_and_separates_them(minimum, maximum):
    dfa = compile_expression(Repetition(literal("a"), minimum, maximum, literal(",")))
    for count in range(8):
        text = b",".join([b"a"] * count)
        assert dfa.accepts(text) == (count >= minimum and (maximum is None or count <= maximum))
        assert not dfa.accepts(text + b",")


@given(st.lists(st.booleans(), max_size=5), st.lists(st.integers(0, 4), max_size=6))
def test_a_listing_keeps_its_order_and_its_required_parts(required, chosen):
    parts = tuple((literal("abcde"[i]), needed) for i, needed in enumerate(required))
    dfa = compile_expression(Listing(parts, literal(",")))
    in_order = chosen == sorted(set(chosen)) and all(i < len(required) for i in chosen)
    complete = all(i in chosen for i, needed in enumerate(required) if needed)
    assert dfa.accepts(",".join("abcde"[i] for i in chosen).encode()) == (in_order and complete)


def test_a_listing_of_many_optional_parts_stays_linear():
    sizes = [len(compile_expression(Listing(((literal("ab"), False),) * n, literal(",")))) for n in (40, 80, 160)]
    assert sizes[2] - sizes[1] == 2 * (sizes[1] - sizes[0])


def test_nothing_is_not_the_empty_string():
    nothing, empty = compile_expression(Alternation(())), compile_expression(EMPTY)
    assert not nothing.accepts(b"") and empty.accepts(b"") and not empty.accepts(b"a")


def test_overlapping_ranges_are_cut_into_disjoint_ones():
    dfa = compile_expression(Alternation((Concatenation((Byte(0, 100), literal("x"))), Byte(50, 255))))
    assert [dfa.accepts(bytes([b])) for b in (0, 49, 50, 100, 101, 255)] == [False, False, True, True, True, True]
    assert [dfa.accepts(bytes([b]) + b"x") for b in (0, 49, 50, 100, 101, 255)] == [True] * 4 + [False] * 2


@pytest.mark.parametrize("pattern", ["(a{300}){300}", "(a|b)*a(a|b){20}"])
def test_an_automaton_that_would_be_huge_is_refused(pattern):
    with pytest.raises(ValueError, match="50,000 states"):
        compile_expression(parse(pattern))


def test_the_automaton_of_the_textbook_example_has_the_least_possible_states():
    dfa = compile_expression(parse("(a|b)*abb"))
    assert len(dfa) == 4 and dfa.final.sum() == 1
    assert str(dfa) == "DFA: 4 states (1 final), 8 transitions on bytes"


def test_a_table_read_by_hand():
    table = np.full((2, 256), -1, dtype=np.int32)
    table[0, ord("a")], table[1, ord("b")] = 1, 0
    dfa = DFA(table, np.array([True, False]), ((), ()))
    assert dfa.accepts(b"") and dfa.accepts(b"abab") and not dfa.accepts(b"aba") and not dfa.accepts(b"b")
