"""Checks and quiz of notebook 30, seeing is not doing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "adjust_for", "after_do", "mostly_large", "standardise", "turns_round"]

Array = NDArray[np.float64]

# Counts and rates of shape (l, t): stones small, large; treatments B, A.
_COUNT = np.array([[270.0, 87.0], [80.0, 263.0]])
_RECOVERS = np.array([[234 / 270, 81 / 87], [55 / 80, 192 / 263]])
# Three groups of different sizes, two departments.
_APPLIED = np.array([[160.0, 40.0], [10.0, 90.0], [30.0, 70.0]])
_ADMITTED = np.array([[120.0, 4.0], [9.0, 18.0], [15.0, 21.0]])


@exercise(
    "mostly_large",
    points=1,
    hints=("An average of 0.931 and 0.730. How much does each count?", "0.1 · 0.931 + 0.9 · 0.730."),
    right="On the picture with the two lines: the blue line at 0.9.",
)
def mostly_large(answer: Any) -> Problem | None:
    """The share that recovers under A when nine stones in ten are large."""
    told = {
        0.9 * 0.931 + 0.1 * 0.730: "You exchanged the shares: nine in ten are *large*, so 0.730 counts 0.9.",
        (0.931 + 0.730) / 2: "That is the mean with equal shares. Here the large stones count nine times as much.",
        0.780: "0.780 is for the first hospital, where A had 263 large stones in 350.",
        0.1 * 0.867 + 0.9 * 0.688: "These are B's rates. Everybody gets A.",
        0.9 * 0.730: "The small stones are missing: one in ten, and most of them are cured.",
        75.01: "That is in percent. A share lies between 0 and 1.",
    }
    return require_number(answer, 0.1 * 0.931 + 0.9 * 0.730, told=told, what="the share", tolerance=3e-4)


def _after_do(count: Array, recovers: Array) -> Array:
    share = count.sum(axis=1, keepdims=True) / count.sum()
    return np.asarray((share * recovers).sum(axis=0))


@exercise(
    "after_do",
    points=1,
    hints=(
        "P(l) is the share of all patients, whatever they got. It must not depend on t.",
        "Add up over t, and keep the axis: `count.sum(axis=1, keepdims=True) / count.sum()`.",
    ),
    right="One share for both treatments: that is the whole difference between seen and done.",
)
def after_do(answer: Any) -> Problem | None:
    """A function that adjusts for l."""
    mistakes = {
        "This is still what is seen: the shares of those who got t, P(l | t).": lambda count, recovers: (
            count / count.sum(axis=0) * recovers
        ).sum(axis=0),
        "This divides each row by its own sum: it is P(t | l), the factor that was to be cut off.": (
            lambda count, recovers: (count / count.sum(axis=1, keepdims=True) * recovers).sum(axis=0)
        ),
        "This uses P(l, t). The shares for one t do not add up to 1 then: add up over t first.": (
            lambda count, recovers: (count / count.sum() * recovers).sum(axis=0)
        ),
        "This is the plain mean over l: as if each kind of stone were equally frequent.": (
            lambda count, recovers: recovers.mean(axis=0)
        ),
        "You added up along the wrong axis: `axis=1` runs over t.": lambda count, recovers: (
            (count.sum(axis=0) / count.sum())[:, None] * recovers
        ).sum(axis=0),
        "The axis is lost: the shares now stand along t. Keep it with `keepdims=True`.": lambda count, recovers: (
            count.sum(axis=1) / count.sum() * recovers
        ).sum(axis=0),
    }
    cases = [(np.array([[6.0, 1.0], [1.0, 2.0]]), np.array([[0.5, 0.9], [0.1, 0.2]])), (_COUNT, _RECOVERS)]
    return compare_calls(answer, _after_do, cases, mistakes=mistakes, what="the rates")


def _standardise(admitted: Array, applied: Array) -> Array:
    return np.asarray((admitted / applied * applied.sum(axis=0) / applied.sum()).sum(axis=1))


@exercise(
    "standardise",
    points=2,
    hints=(
        "First the shares of the departments: the sum over the groups, divided by the sum of all.",
        "`share = applied.sum(axis=0) / applied.sum()`, then `(admitted / applied * share).sum(axis=1)`.",
    ),
    right="The groups are now compared as if all had applied to the same departments.",
)
def standardise(answer: Any) -> Problem | None:
    """A function that averages each group's rates with the shares of all."""
    mistakes = {
        "These are the crude rates: each group with its own shares of departments.": (
            lambda admitted, applied: admitted.sum(axis=1) / applied.sum(axis=1)
        ),
        "Your rates are right, your weights are those of the first group: use all applicants.": (
            lambda admitted, applied: (admitted / applied * applied[0] / applied[0].sum()).sum(axis=1)
        ),
        "Your rates are right, your weights are those of the last group: use all applicants.": (
            lambda admitted, applied: (admitted / applied * applied[-1] / applied[-1].sum()).sum(axis=1)
        ),
        "You count all departments alike. Each counts as much as its share of all applicants.": (
            lambda admitted, applied: (admitted / applied).mean(axis=1)
        ),
        "Your weights are the shares among the *admitted*. Use those who applied.": (
            lambda admitted, applied: (admitted / applied * admitted.sum(axis=0) / admitted.sum()).sum(axis=1)
        ),
        "You average the shares of the groups. A large group counts for more: add up the *counts*, then divide.": (
            lambda admitted, applied: (
                admitted / applied * (applied / applied.sum(axis=1, keepdims=True)).mean(axis=0)
            ).sum(axis=1)
        ),
        "You added up over the groups (`axis=0`). One rate for each group: add up over the departments, `axis=1`.": (
            lambda admitted, applied: (admitted / applied * applied.sum(axis=0) / applied.sum()).sum(axis=0)
        ),
    }
    cases = [(_ADMITTED[:2], _APPLIED[:2]), (_ADMITTED, _APPLIED)]
    return compare_calls(answer, _standardise, cases, mistakes=mistakes, what="the rates")


def _turns_round(successes: Array, tried: Array) -> bool:
    first, second = successes / tried
    whole_first, whole_second = successes.sum(axis=1) / tried.sum(axis=1)
    up = (first > second).all() and whole_first < whole_second
    down = (first < second).all() and whole_first > whole_second
    return bool(up or down)


def _one_way(successes: Array, tried: Array) -> bool:
    rates, whole = successes / tried, successes.sum(axis=1) / tried.sum(axis=1)
    return bool((rates[0] > rates[1]).all() and whole[0] < whole[1])


def _with_ties(successes: Array, tried: Array) -> bool:
    rates, whole = successes / tried, successes.sum(axis=1) / tried.sum(axis=1)
    up, down = (rates[0] >= rates[1]).all(), (rates[0] <= rates[1]).all()
    return bool((up and whole[0] < whole[1]) or (down and whole[0] > whole[1]))


def _any_group(successes: Array, tried: Array) -> bool:
    rates, whole = successes / tried, successes.sum(axis=1) / tried.sum(axis=1)
    return bool(((rates[0] > rates[1]) != (whole[0] > whole[1])).any())


def _mean_of_rates(successes: Array, tried: Array) -> bool:
    rates = successes / tried
    whole = rates.mean(axis=1)
    up, down = (rates[0] > rates[1]).all(), (rates[0] < rates[1]).all()
    return bool((up and whole[0] < whole[1]) or (down and whole[0] > whole[1]))


@exercise(
    "turns_round",
    points=2,
    hints=(
        "Two comparisons: the rates in each group, `successes / tried`, and the rates of the sums over the groups.",
        "`(first > second).all() and whole_first < whole_second`, or the same with both signs turned.",
    ),
    right="The stones turn round. Berkeley, strictly, does not: in C and E men did better, as over all.",
)
def turns_round(answer: Any) -> Problem | None:
    """A function that finds Simpson's paradox."""
    stones = np.array([[81.0, 192.0], [234.0, 55.0]]), np.array([[87.0, 263.0], [270.0, 80.0]])
    plain = np.array([[9.0, 5.0], [3.0, 2.0]]), np.array([[10.0, 10.0], [10.0, 10.0]])
    mixed = np.array([[512.0, 120.0, 22.0], [89.0, 202.0, 24.0]]), np.array([[825.0, 325.0, 373], [108.0, 593.0, 341]])
    tied = np.array([[5.0, 18.0], [45.0, 1.0]]), np.array([[10.0, 90.0], [90.0, 10.0]])
    cases = [stones, plain, (stones[0][::-1], stones[1][::-1]), (plain[0][::-1], plain[1][::-1]), mixed, tied]
    cases.append((tied[0][::-1], tied[1][::-1]))
    mistakes = {
        "You see it only when row 0 is the higher one in the groups. It may also be row 1.": _one_way,
        "One group that differs is not enough: *every* group must say the opposite of the whole.": _any_group,
        "A tie is not higher: in *every* group the rate must be higher, `>` and not `>=`.": _with_ties,
        "Yours is never True. Averages of the rates cannot turn round: add up the counts first.": _mean_of_rates,
    }
    return compare_calls(answer, _turns_round, cases, mistakes=mistakes, what="the verdict")


_ADJUST = {"age": True, "blood pressure": False, "hospital": False, "coin": False}
_WHY = {
    "age": "Age moves both who gets the drug and who recovers: a common cause, so adjust.",
    "blood pressure": "It lies on the way from the drug to the stroke. Holding it fixed takes away what the drug does.",
    "hospital": "Leg and flu both lead to hospital: a collider. Inside the hospital they look related, outside not.",
    "coin": "A coin has no causes, so there is no back door to close; the month of birth changes nothing.",
}


@exercise(
    "adjust_for",
    points=1,
    hints=(
        "Draw each story. Does an arrow go *from* Z to T?",
        "Only one of the four is a common cause. One is a mediator, one a collider, one is not joined to T at all.",
    ),
    right="One common cause, one mediator, one collider, and one that does not matter.",
)
def adjust_for(answer: Any) -> Problem | None:
    """For each of four stories, whether to adjust for Z."""
    names = ", ".join(map(repr, _ADJUST))
    if answer is Ellipsis:
        raise NotImplementedError("the answer is still `...`")
    if not isinstance(answer, Mapping):
        return Problem(f"A dictionary was expected; this is of type {type(answer).__name__}. Its keys are {names}.")
    if any(value is Ellipsis for value in answer.values()):
        raise NotImplementedError("one of the four is still `...`")
    if set(answer) != set(_ADJUST):
        return Problem(f"The four stories are called {names}.")
    for story, right in _ADJUST.items():
        yours, case = answer[story], repr(story)
        if not isinstance(yours, bool | np.bool_):
            return Problem("Each story gets True or False, without quotes.", case=case, yours=repr(yours))
        if yours != right:
            return Problem(_WHY[story], case=case, yours=repr(yours))
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A is better than B for small stones and for large stones, and worse over all. What is wrong with the table?",
        (
            Option("There are too few patients.", "With a million patients and the same shares it would be the same."),
            Option(
                "Nothing. Two averages with different shares are compared.",
                "A had three in four large stones, B one in four. The shares make the difference.",
                right=True,
            ),
            Option("Somebody counted wrongly.", "Add it up: 81 + 192 = 273 of 350, and 234 + 55 = 289 of 350."),
            Option("The groups overlap.", "No patient stands in two groups."),
        ),
    ),
    Question(
        "What does do(T = 1) do to a model?",
        (
            Option("It keeps only the units in which T happens to be 1.", "That is seeing: P(R | T = 1)."),
            Option(
                "It puts T = 1 in place of T's line, and leaves all other lines as they are.",
                "So the causes of T lose their say, and T's effects stay.",
                right=True,
            ),
            Option(
                "It cuts all arrows at T.", "Only those that come in. Cutting those that go out would end its effect."
            ),
            Option("It changes the noise of T.", "The noise stays as it is; nobody reads it any more."),
        ),
    ),
    Question(
        "Which variables should one adjust for, to get the effect of T on R?",
        (
            Option(
                "All that were measured.", "Among them may be mediators and colliders, as the fever and the actors."
            ),
            Option("All that are related to both T and R.", "So is a mediator, and so is a common effect of the two."),
            Option(
                "It cannot be told from the data alone: the graph decides.",
                "The same 700 patients led to opposite advice under two graphs.",
                right=True,
            ),
            Option("None, if there are enough data.", "More data make the wrong number more precise."),
        ),
    ),
    Question(
        "Among the actors of a studio, talent and looks are negatively related. So …",
        (
            Option("good looks hinder talent.", "In the model both are coins, and neither asks for the other."),
            Option(
                "nothing follows for people in general: being taken is a collider.",
                "Among those who were taken, who lacks the one must have the other.",
                right=True,
            ),
            Option("there must be a common cause of both.", "There is none. What joins them is a common *effect*."),
            Option("the sample was too small.", "There were 100,000 people, three in four of them actors."),
        ),
    ),
)
