"""Switches and limits that do not exist are refused when they are made, with what was expected."""

from __future__ import annotations

import pytest

from agentos_lab.logic import Limits, Search, Strategy, clause_set, find_answers, prove, refute, saturate
from agentos_lab.logic.strategy import given_limits, given_strategy


@pytest.mark.parametrize(
    ("switches", "message"),
    [
        ({"selection": "fifo"}, 'selection is "negative" or "none"'),
        ({"equality": "paramodulation"}, 'equality is "superposition" or "axioms"'),
        ({"weight_to_age": 5}, "weight_to_age is two whole numbers"),
        ({"weight_to_age": (1, 2, 3)}, "weight_to_age is two whole numbers"),
        ({"weight_to_age": (0, 0)}, "not both 0"),
        ({"weight_to_age": (-1, 5)}, "weight_to_age is two whole numbers"),
        ({"weight_to_age": ("a", 1)}, "weight_to_age is two whole numbers"),
        ({"weight_to_age": (1.5, 1)}, "weight_to_age is two whole numbers"),
        ({"goal_weight": "x"}, "goal_weight is a number larger than 0"),
        ({"goal_weight": 0}, "goal_weight is a number larger than 0"),
        ({"goal_weight": float("inf")}, "goal_weight is a number larger than 0"),
        ({"goal_weight": float("nan")}, "goal_weight is a number larger than 0"),
        ({"ordered": "no"}, "ordered is True or False, got 'no'"),
        ({"subsumption": 0}, "subsumption is True or False, got 0"),
    ],
)
def test_a_switch_that_is_turned_wrong_is_refused(switches, message):
    with pytest.raises(ValueError, match=message):
        Strategy(**switches)


def test_a_list_will_do_for_the_ratio():
    assert Strategy(weight_to_age=[0, 1]) == Strategy(weight_to_age=(0, 1))
    assert len({Strategy(weight_to_age=[0, 1]), Strategy(weight_to_age=(0, 1))}) == 1


@pytest.mark.parametrize("given", [-1, "10", 1.5, None, True])
def test_a_limit_of_clauses_is_a_whole_number(given):
    with pytest.raises(ValueError, match="given is a whole number of clauses"):
        Limits(given=given)
    with pytest.raises(ValueError, match="clauses is a whole number of clauses"):
        Limits(clauses=given)


@pytest.mark.parametrize("seconds", [0, -1, "1", float("inf"), float("nan"), True])
def test_a_limit_of_time_is_a_finite_number_above_0(seconds):
    with pytest.raises(ValueError, match="seconds is a finite number larger than 0"):
        Limits(seconds=seconds)
    with pytest.raises(ValueError, match="seconds is a finite number larger than 0"):
        prove(["P"], "Q", seconds=seconds)


def test_nothing_given_means_the_default():
    assert given_strategy(None) == Strategy()
    assert given_limits(None) == Limits()


@pytest.mark.parametrize("search", [prove, refute, find_answers])
def test_every_search_says_what_a_strategy_and_what_limits_are(search):
    with pytest.raises(ValueError, match="strategy is a Strategy, such as"):
        search(["P(a)"], "∃x P(x)", strategy="fifo")
    with pytest.raises(ValueError, match="limits are Limits, such as"):
        search(["P(a)"], "∃x P(x)", limits=5)


@pytest.mark.parametrize("search", [saturate, Search])
def test_so_do_searches_among_clauses(search):
    clauses = clause_set(["P"], "P").clauses
    with pytest.raises(ValueError, match="strategy is a Strategy, such as"):
        search(clauses, Limits())
    with pytest.raises(ValueError, match="limits are Limits, such as"):
        search(clauses, limits=5)


def test_seconds_among_the_limits_end_prove_too():
    endless = ["∀x ∃y R(x, y)", "∀x ¬R(x, x)", "∀x ∀y ∀z (R(x, y) ∧ R(y, z) → R(x, z))", "P(a)", "∀x (P(x) → P(f(x)))"]
    answer = prove(endless, "Q", engine="resolution", limits=Limits(10**9, 10**9, seconds=0.2))
    assert "seconds" in str(answer)
