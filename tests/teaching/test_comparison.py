"""A comparison finds every difference, and says which it is."""

from __future__ import annotations

import re
from fractions import Fraction

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays

from agentos_lab.teaching.comparison import Problem, compare, compare_calls, require_law, require_list, require_number

VALUES = st.recursive(
    st.integers(-5, 5) | st.booleans() | st.text(max_size=3) | st.floats(-5, 5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=2), inner, max_size=3),
    max_leaves=8,
)


@given(VALUES)
def test_a_value_equals_itself(value):
    assert compare(value, value) is None


@given(arrays(np.float64, array_shapes(max_dims=3, max_side=4), elements=st.floats(-9, 9)), st.data())
def test_one_changed_entry_is_found_and_named(right, data):
    place = tuple(data.draw(st.integers(0, side - 1)) for side in right.shape)
    yours = right.copy()
    yours[place] += 1
    problem = compare(yours, right)
    assert problem is not None and f"1 of {right.size} entries" in problem.message
    numbers = [str(index) for index in place]
    assert all(number in problem.message for number in numbers)
    assert compare(torch.tensor(yours), torch.tensor(right)) is not None


@pytest.mark.parametrize(
    "yours, expected, said",
    [
        (3, 4, "is 3, expected 4"),
        (0.1 + 0.2, 0.3, None),
        (torch.tensor(4.0), 4.0, None),
        ([1, 2], [1, 2, 3], r"shape \(2,\), expected \(3,\)"),
        ([[1], [2, 3]], [[1, 2], [2, 3]], "rows of different lengths"),
        ([[1], [2, 3]], [[1], [2, 4]], r"Item 1 of the result differs .* in 1 of 2 entries, first at position 1"),
        (["a", "b"], ["a", "c"], "Item 1 of the result"),
        ("cat", "dog", "not the expected"),
        ({"a": 1}, {"a": 1, "b": 2}, "'b' missing"),
        ({"a": 1, "b": 3}, {"a": 1, "b": 2}, r"The result\['b'\] is 3, expected 2"),
        ({1, 2}, {1}, "2 too many"),
        ("cat", 3, "of type str, expected int"),
        (None, 3, "return"),
        ([1.0], torch.ones(1), "of type list, expected Tensor"),
        (torch.ones(2, 2), torch.ones(2, 2, dtype=torch.bool), "expected True and False"),
        (torch.ones(2), torch.ones(2, dtype=torch.long), "expected whole ones"),
        (torch.tensor([1.0, float("nan")]), torch.ones(2), "infinite or not a number"),
        (torch.tensor([[1.0, 2], [3, 4]]), torch.tensor([[1.0, 3], [2, 4]]), "transposed"),
        (torch.tensor([2.0, 4, 7]), torch.tensor([1.0, 3, 6]), "off by the same 1"),
        (torch.tensor([3.0, 6, 0]), torch.tensor([1.0, 2, 0]), "3 times the expected"),
        (torch.tensor([True, False]), torch.tensor([False, True]), "other way round"),
        (False, True, "is False, expected True.$"),
        (1, True, "is the number 1, expected True or False"),
        (True, 1, "is True, expected a number"),
        ([True, False], [1.0, 0.0], "holds True and False, expected numbers"),
        (torch.tensor([2.0]), 2.0, r"shape \(1,\), expected a single value"),
        (100_001, 100_000, "is 100001, expected 100000"),
        ([1, "2"], [1, 2], "holds '2', of type str, expected numbers"),
        ([True, None], [True, False], "holds None, of type NoneType, expected True and False"),
    ],
)
def test_each_kind_of_difference_has_its_sentence(yours, expected, said):
    problem = compare(yours, expected)
    if said is None:
        assert problem is None
    else:
        assert problem is not None and re.search(said, problem.message), problem


def test_named_parts_of_a_tuple_are_named_in_the_message():
    problem = compare((1.0, torch.ones(2)), (1.0, torch.zeros(2)), parts=("the output", "the weights"))
    assert problem is not None and problem.message.startswith("The weights differ from")


@pytest.mark.parametrize("answer", [np.zeros(2), torch.zeros(3), 0, "x", {}])
def test_anything_else_than_an_expected_none_is_a_difference(answer):
    assert compare(None, None) is None
    assert compare(answer, None).expected == "None"


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([1, 0], None),
        ((1, 5), None),
        ([1], "The list has 1 entry, expected 2."),
        ([1, 0, 1], "The list has 3 entries, expected 2."),
        ([1, "0"], "Entry 2 is '0'. Each is a whole number."),
        ("10", "A list with 2 entries was expected, each a whole number; this is of type str."),
    ],
)
def test_the_form_of_a_list_is_looked_at_and_its_right_entries_are_not_told(answer, said):
    problem = require_list(answer, 2, lambda entry: isinstance(entry, int), "a whole number")
    assert (problem and problem.message) == said
    assert problem is None or not problem.expected


@pytest.mark.parametrize("answer", [..., [1, ...]])
def test_a_list_that_is_not_filled_in_is_not_attempted(answer):
    with pytest.raises(NotImplementedError):
        require_list(answer, 2, lambda entry: True, "anything")


@pytest.mark.parametrize("answer", [2.5, np.float32(2.5), torch.tensor([2.5]), Fraction(5, 2), 2.50001])
def test_the_right_number_passes_in_any_form(answer):
    assert require_number(answer, 2.5) is None


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ("2.5", "of type str. Write it without quotes"),
        (True, "of type bool"),
        (None, "of type NoneType"),
        ([2.5], "of type list"),
        (np.zeros(2), "of type ndarray"),
        (float("nan"), "finite"),
        (-2.5, "The size is right, the sign is not"),
        (5.0, "You have doubled it"),
        (7, "The share is not 7: this is too large"),
        (0, "too small"),
        (2.49, "look at the rounding"),
    ],
)
def test_a_wrong_number_is_told_why_and_the_right_one_is_not_told(answer, said):
    problem = require_number(answer, 2.5, told={5: "You have doubled it."}, what="the share")
    assert said in problem.message
    assert not problem.expected and "2.5" not in problem.message


def test_a_count_is_exact_and_a_number_may_be_rounded():
    assert require_number(1_000_000.0, 1_000_000) is None
    assert "too large" in require_number(1_000_001, 1_000_000).message
    assert require_number(1_000_001, 1_000_000.0) is None


def test_a_number_that_is_not_filled_in_is_not_attempted():
    with pytest.raises(NotImplementedError):
        require_number(..., 2.5)


@pytest.mark.parametrize(
    ("what", "sentence"),
    [
        ("the counts", "The counts are of type int"),
        ("the loss", "The loss is of type int"),
        ("the number of tokens", "The number of tokens is of type int"),
        ("the keys of the table", "The keys of the table are of type int"),
        ("the text with gaps", "The text with gaps is of type int"),
    ],
)
def test_a_sentence_about_several_things_has_a_plural_verb(what, sentence):
    assert compare(1, {"a"}, what=what).message.startswith(sentence)


def test_a_function_among_the_arguments_is_shown_by_its_name():
    def twice(function, x):
        return function(x)

    def _half(x):
        return x / 2

    problem = compare_calls(twice, lambda function, x: function(function(x)), [(_half, 8)])
    assert problem.case == "twice(half, 8)"


def test_dots_mean_not_attempted():
    with pytest.raises(NotImplementedError):
        compare(..., 3)


def test_the_first_failing_case_is_shown():
    def square(x):
        return 2 * x

    problem = compare_calls(square, lambda x: x * x, [(0,), (2,), (3,), (4,)])
    assert problem == Problem("The result is 6, expected 9.", case="square(3)")


def test_a_known_mistake_is_explained_only_when_it_fits_every_case():
    mistakes = {"You doubled instead of squaring.": lambda x: 2 * x}
    cases = [(2,), (3,), (4,)]

    def square_of(function):
        return compare_calls(function, lambda x: x * x, cases, mistakes=mistakes)

    assert square_of(lambda x: 2 * x).message == "You doubled instead of squaring."
    assert square_of(lambda x: 6 if x == 3 else x).message == "The result is 2, expected 4."


def test_what_is_not_a_function_is_said_to_be_none():
    assert "without brackets" in compare_calls(torch.ones(2), abs, [(1,)]).message


def test_a_function_that_changes_its_argument_cannot_spoil_the_expected_result():
    def doubled(row):
        row *= 2
        return row

    cases = [(torch.ones(2),)]
    assert compare_calls(doubled, lambda row: row * 2, cases) is None
    assert cases[0][0].tolist() == [1, 1]


def test_a_broken_law_shows_its_case():
    problem = require_law(lambda n: n, lambda result, n: result > n, [(1,), (2,)], "It must grow.")
    assert problem == Problem("It must grow.", case="your_function(1)", yours="1")
    assert require_law(lambda n: n + 1, lambda result, n: result > n, [(1,), (2,)], "It must grow.") is None


def test_large_arguments_are_shown_by_their_shape():
    problem = compare_calls(lambda x: x, lambda x: x + 1, [(torch.zeros(30, 30),)])
    assert problem.case == "your_function(Tensor of shape (30, 30))"
    assert problem.yours == "Tensor of shape (30, 30)"
