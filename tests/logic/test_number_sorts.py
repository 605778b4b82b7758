from __future__ import annotations

import pytest

from agentos_lab.logic import parse, uses_numbers
from agentos_lab.logic.number_sorts import NumberSorts, is_number, predicate_place, result_place


@pytest.mark.parametrize(("name", "yes"), [("3", True), ("-1", True), ("2.5", True), ("x3", False), ("", False)])
def test_numerals_are_told_from_names(name, yes):
    assert is_number(name) == yes


def test_signs_without_a_numeral_are_symbols_like_all_others():
    assert not uses_numbers([parse("∀x y (x + y = y + x)"), parse("a < b")])
    assert uses_numbers([parse("a < b"), parse("b < 3")])


def test_what_equals_a_number_is_one_and_the_rest_is_not():
    sorts = NumberSorts([parse("age(socrates) = n + 1"), parse("Man(socrates) & n < 70")])
    assert sorts.of(result_place("age")) == sorts.of(result_place("n")) == "Int"
    assert sorts.of(result_place("socrates")) == sorts.of(predicate_place("Man", 0)) == "U"


def test_a_decimal_makes_all_numbers_real():
    assert NumberSorts([parse("x = 2.5"), parse("y = 3")]).of(result_place("y")) == "Real"


def test_sorts_travel_through_variables():
    sorts = NumberSorts([parse("∀x (Even(x) → x + 1 > 0)"), parse("Even(k)")])
    assert sorts.of(result_place("k")) == "Int"
