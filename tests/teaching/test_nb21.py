"""The checks of notebook 21: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import n_step_return
from agentos_lab.teaching import check


def targets(reward, next_value, terminated, truncated, gamma):
    return np.array([r if end else r + gamma * v for r, v, end in zip(reward, next_value, terminated, strict=True)])


def targets_as_given(reward, next_value, terminated, truncated, gamma):
    return reward + gamma * np.where(terminated | truncated, 0.0, next_value)


def first_returns(states, rewards, gamma):
    return {
        state: sum(gamma**k * reward for k, reward in enumerate(rewards[states.index(state) :])) for state in states
    }


def last_returns(states, rewards, gamma):
    backwards = {state: len(states) - 1 - states[::-1].index(state) for state in states}
    return {
        state: sum(gamma**k * reward for k, reward in enumerate(rewards[time:])) for state, time in backwards.items()
    }


def learn(V, steps, alpha, gamma):
    V = V[:]
    for state, reward, follow, terminated in steps:
        V[state] = (1 - alpha) * V[state] + alpha * (reward + gamma * V[follow] * (not terminated))
    return V


def learn_in_place(V, steps, alpha, gamma):
    V[:] = learn(V, steps, alpha, gamma)
    return V


def learn_from_old_values(V, steps, alpha, gamma):
    new = V[:]
    for state, reward, follow, terminated in steps:
        new[state] += alpha * (reward + gamma * V[follow] * (not terminated) - V[state])
    return new


def n_step_target(rewards, values, t, n, gamma):
    r, v = np.array(rewards), np.append(values[1:], 0.0)
    ends = np.arange(len(r)) == len(r) - 1
    return float(n_step_return(r, v, ends, np.zeros(len(r), bool), gamma, n=n)[t])


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("middle", 0.5),
        ("targets", targets),
        ("first_returns", first_returns),
        ("learn", learn),
        ("n_step_target", n_step_target),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"21.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("middle", 3.5, "only sees its neighbour"),
        ("middle", 2, "quarter of the way"),
        ("middle", 0.875, "before the last one"),
        ("middle", 0.25, "stands above"),
        ("middle", 0, "first"),
        ("targets", targets_as_given, "still taken for an end"),
        ("targets", lambda r, v, terminated, truncated, gamma: r + gamma * v, "no step is an end"),
        ("targets", lambda r, v, ended, cut, gamma: r + gamma * np.where(cut, 0.0, v), "other way round"),
        ("first_returns", last_returns, "last"),
        ("first_returns", lambda states, rewards, gamma: first_returns(states, rewards, 1.0), "discount"),
        ("first_returns", lambda states, rewards, gamma: dict(zip(states, rewards, strict=True)), "expected"),
        ("learn", learn_from_old_values, "All steps see"),
        ("learn", learn_in_place, "Make a copy"),
        ("learn", lambda V, steps, alpha, gamma: learn(V, steps, 1.0, gamma), "whole way"),
        ("learn", lambda V, steps, alpha, gamma: learn(V, [(*s[:3], False) for s in steps], alpha, gamma), "terminal"),
        ("n_step_target", lambda r, v, t, n, gamma: n_step_target(r, v, t, n + 1, gamma), "One reward too many"),
        ("n_step_target", lambda r, v, t, n, gamma: n_step_target(r, [0.0] * 4, t, n, gamma), "value is missing"),
        ("n_step_target", lambda r, v, t, n, gamma: gamma**t * n_step_target(r, v, t, n, gamma), "from time t"),
        ("middle", 0.75, "too large"),
        ("middle", "0.5", "without quotes"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"21.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
