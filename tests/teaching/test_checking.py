"""A check says right, not yet (and why) or not attempted; it shows the learner's own error, never ours."""

from __future__ import annotations

import pickle
from functools import partial

import numpy as np
import pytest

from agentos_lab.teaching.checking import CheckFailed, check, exercise
from agentos_lab.teaching.comparison import Problem, compare_calls


@exercise("halve", points=2, hints=("Divide.", "By two, with `/`."), right="Half of it.")
def halve(answer):
    return compare_calls(answer, lambda x: x / 2, [(1,), (4,)], mistakes={"You doubled it.": lambda x: 2 * x})


def test_a_right_answer_is_true_and_says_what_was_shown():
    result = check(halve, lambda x: x / 2)
    assert result and result.verdict == "right"
    assert str(result) == "✓ halve · Right. Half of it."
    result.require()


def test_a_wrong_answer_is_false_and_says_why_with_the_smallest_case_and_a_hint():
    def mine(x):
        return 2 * x

    result = check(halve, mine)
    assert not result
    assert str(result) == "✗ halve · Not yet. You doubled it.\n  where: mine(1)\n  hint: Divide."


def stub(x): ...


def documented(x):
    """Half of x."""
    ...


def passing(x):
    pass


def unwritten(x):
    raise NotImplementedError


def half_written(x):
    factor = ...
    return x * factor


def returns_dots(x):
    return ...


class Unwritten:
    """A class with a method to write."""

    def __init__(self):
        self.known = 1

    def forward(self, x): ...


@pytest.mark.parametrize(
    "answer", [..., None, stub, documented, passing, unwritten, half_written, returns_dots, Unwritten]
)
def test_what_was_not_attempted_is_said_politely(answer):
    result = check(halve, answer)
    assert result.verdict == "open" and not result
    assert str(result).startswith("○ halve · Not attempted yet.")
    assert "hint" not in str(result)


def test_a_short_function_is_not_taken_for_a_stub():
    assert check(halve, lambda x: 1).verdict == "wrong"
    assert check(halve, lambda x: None).verdict == "open"


def test_the_learners_error_is_shown_with_the_line_in_the_learners_code():
    def mine(x):
        divisor = 0
        return x / divisor

    result = check(halve, mine)
    assert result.message == "Your code stopped with ZeroDivisionError: division by zero"
    assert result.problem.case.endswith(": return x / divisor")
    assert "checking.py" not in str(result) and "Traceback" not in str(result)


def test_an_error_deep_in_a_library_points_to_the_line_that_called_it():
    def mine(x):
        return np.linalg.inv(np.zeros((2, 2)))

    result = check(halve, mine)
    assert "LinAlgError" in result.message
    assert result.problem.case.endswith("return np.linalg.inv(np.zeros((2, 2)))")


def test_an_error_in_a_function_that_the_learner_calls_points_into_that_function():
    def inner(x):
        return x + "1"

    def mine(x):
        return inner(x)

    assert check(halve, mine).problem.case.endswith('return x + "1"')


def test_addresses_in_an_error_are_the_same_in_every_run():
    def mine(x):
        raise RuntimeError(f"no such thing as {object()}")

    assert "0x…" in check(halve, mine).message


def test_a_wrong_number_of_arguments_is_the_learners_error():
    def mine():
        return 1

    assert "takes 0 positional arguments but 1 was given" in check(halve, mine).message


def test_a_mistake_in_the_check_itself_is_not_blamed_on_the_learner():
    broken = exercise("broken")(partial(compare_calls, reference=lambda: 0, cases=[(1, 2)]))
    with pytest.raises(TypeError):
        check(broken, max)


def test_required_and_wrong_raises_an_assertion_that_shows_as_the_check_itself():
    result = check(halve, lambda x: 0)
    with pytest.raises(AssertionError, match="Not yet") as caught:
        result.require()
    assert isinstance(caught.value, CheckFailed)
    assert "\n".join(caught.value._render_traceback_()) == str(result)
    assert str(pickle.loads(pickle.dumps(caught.value))) == str(caught.value)


def test_html_carries_the_verdict_in_words_and_all_hints_folded():
    page = check(halve, lambda x: x - 1 if x < 2 else "<b>")._repr_html_()
    assert ">Not yet</strong>" in page
    assert page.count("<details><summary>Hint") == 2
    assert "<code>/</code>" in page
    assert "<b>" not in check(exercise("e")(lambda answer: Problem("m", yours="<b>")), 1)._repr_html_()


def test_a_shown_array_keeps_its_lines():
    e = exercise("grid")(lambda answer: compare_calls(answer, lambda: np.eye(2), [()]))
    assert "  yours:\n    [[0., 0.],\n     [0., 0.]]" in str(check(e, lambda: np.zeros((2, 2))))


@pytest.mark.parametrize(
    "name, said",
    [
        ("11.casual_mask", "did you mean '11.causal_mask'"),
        ("99.causal_mask", "no exercises for notebook '99'; there are for: .*11"),
        ("causal_mask", "named like '11.causal_mask'"),
    ],
)
def test_an_unknown_exercise_is_named_with_what_there_is(name, said):
    with pytest.raises(ValueError, match=said):
        check(name, 1)
