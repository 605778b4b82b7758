"""The checks of notebook 30: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.teaching import check

STORIES = {"age": True, "blood pressure": False, "hospital": False, "coin": False}


def after_do(count, recovers):
    return np.average(recovers, axis=0, weights=count.sum(axis=1))


def weighted_by(shares):
    return lambda admitted, applied: np.average(admitted / applied, axis=1, weights=shares(admitted, applied))


def mean_of_shares(admitted, applied):
    return (admitted / applied) @ (applied / applied.sum(axis=1, keepdims=True)).mean(axis=0)


def with_ties(successes, tried):
    rates, whole = successes / tried, successes.sum(axis=1) / tried.sum(axis=1)
    up, down = (rates[0] >= rates[1]).all(), (rates[0] <= rates[1]).all()
    return bool((up and whole[0] < whole[1]) or (down and whole[0] > whole[1]))


def turns_round(successes, tried):
    in_groups = {int(np.sign(first - second)) for first, second in (successes / tried).T}
    first, second = successes.sum(axis=1) / tried.sum(axis=1)
    return in_groups == {-int(np.sign(first - second))} and first != second


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("mostly_large", 0.1 * 0.931 + 0.9 * 0.730),
        ("mostly_large", 0.75),
        ("after_do", after_do),
        ("standardise", weighted_by(lambda admitted, applied: applied.sum(axis=0))),
        ("turns_round", turns_round),
        ("adjust_for", STORIES),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"30.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("mostly_large", 0.911, "exchanged"),
        ("mostly_large", 0.8305, "equal shares"),
        ("mostly_large", 0.78, "first hospital"),
        ("mostly_large", 0.706, "B's rates"),
        ("mostly_large", 0.5, "too small"),
        ("after_do", lambda count, recovers: (count / count.sum(axis=0) * recovers).sum(axis=0), "those who got t"),
        ("after_do", lambda count, recovers: (count / count.sum() * recovers).sum(axis=0), "P(l, t)"),
        ("after_do", lambda count, recovers: recovers.mean(axis=0), "plain mean"),
        ("standardise", lambda admitted, applied: admitted.sum(axis=1) / applied.sum(axis=1), "crude"),
        ("standardise", weighted_by(lambda admitted, applied: applied[0]), "use all applicants"),
        ("standardise", weighted_by(lambda admitted, applied: applied[-1]), "use all applicants"),
        ("standardise", weighted_by(lambda admitted, applied: admitted.sum(axis=0)), "*admitted*"),
        ("standardise", weighted_by(lambda admitted, applied: None), "all departments alike"),
        (
            "turns_round",
            lambda wins, tried: turns_round(wins, tried) and wins[0, 0] / tried[0, 0] > wins[1, 0] / tried[1, 0],
            "row 1",
        ),
        ("turns_round", lambda wins, tried: False, "never True"),
        ("adjust_for", {**STORIES, "age": False}, "common cause"),
        ("adjust_for", {**STORIES, "blood pressure": True}, "on the way"),
        ("adjust_for", {**STORIES, "hospital": True}, "collider"),
        ("adjust_for", {**STORIES, "coin": True}, "no back door"),
        ("adjust_for", {"age": True}, "four stories"),
        ("mostly_large", 75.0, "in percent"),
        ("mostly_large", 0.749, "rounding"),
        ("standardise", mean_of_shares, "average the shares"),
        ("turns_round", with_ties, "A tie is not higher"),
        ("adjust_for", {**STORIES, "coin": None}, "without quotes"),
        ("adjust_for", dict.fromkeys(STORIES, "False"), "without quotes"),
        ("adjust_for", [True, False, False, False], "A dictionary was expected"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"30.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_the_stories_are_open_until_all_are_answered():
    assert check("30.adjust_for", {**STORIES, "coin": ...}).verdict == "open"
