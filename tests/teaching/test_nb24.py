"""The checks of notebook 24: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import gae
from agentos_lab.teaching import check


def target(reward, next_value, terminated, truncated, gamma):
    return reward + gamma * np.where(terminated, 0.0, next_value)


def merged(reward, next_value, terminated, truncated, gamma):
    return reward + gamma * np.where(terminated | truncated, 0.0, next_value)


def terminated_alone(reward, next_value, terminated, truncated, gamma):
    return reward + gamma * np.where(terminated & ~truncated, 0.0, next_value)


def my_gae(delta, done, gamma, lam):
    return gae(delta, done, gamma, lam)


def without_ends(delta, done, gamma, lam):
    return gae(delta, np.zeros(len(delta), bool), gamma, lam)


def one_step_early(delta, done, gamma, lam):
    estimate, later = np.zeros(len(delta)), 0.0
    for t in reversed(range(len(delta))):
        cut = t + 1 < len(delta) and done[t + 1]
        later = delta[t] + gamma * lam * (0.0 if cut else later)
        estimate[t] = later
    return estimate


def still_pushes(ratio, advantage, clip):
    return ~(((advantage > 0) & (ratio > 1 + clip)) | ((advantage < 0) & (ratio < 1 - clip)))


@pytest.mark.parametrize(
    ("name", "answer"),
    [("cut_off", -0.6), ("target", target), ("my_gae", my_gae), ("still_pushes", still_pushes)],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"24.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("cut_off", -6.0, "took the cut for an end"),
        ("cut_off", 0.0, "discounted"),
        ("cut_off", 0.4, "The reward is -1"),
        ("target", merged, "still has a future"),
        ("target", lambda r, v, terminated, truncated, gamma: r + gamma * v, "where the task has ended"),
        ("target", lambda r, v, terminated, truncated, gamma: target(r, v, truncated, None, gamma), "exchanged"),
        ("target", terminated_alone, "terminated wins"),
        ("my_gae", without_ends, "the chain must be cut"),
        ("my_gae", lambda delta, done, gamma, lam: my_gae(delta, done, 1.0, lam), "γ is missing"),
        ("my_gae", lambda delta, done, gamma, lam: my_gae(delta, done, gamma, 1.0), "λ is missing"),
        ("my_gae", lambda delta, done, gamma, lam: my_gae(delta * ~done, done, gamma, lam), "keeps its own error"),
        ("my_gae", one_step_early, "one step too early"),
        ("still_pushes", lambda ratio, advantage, clip: np.abs(ratio - 1) < clip, "the **wrong** way"),
        ("still_pushes", lambda ratio, advantage, clip: ratio < 1 + clip, "all advantages as positive"),
        ("still_pushes", lambda *given: ~still_pushes(*given), "where it is flat"),
        ("still_pushes", lambda ratio, advantage, clip: still_pushes(ratio, -advantage, clip), "Signs exchanged"),
        ("cut_off", 4.4, "That is the target"),
        ("cut_off", -0.5, "too large"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"24.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
