"""The checks of notebook 20: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.teaching import check


def sweep(P, R, terminal, v, gamma):
    new = [max(R[s, a] + gamma * (P[s, a] * v).sum() for a in range(R.shape[1])) for s in range(len(R))]
    return np.array([0.0 if end else value for end, value in zip(terminal, new, strict=True)])


def sweep_with(reduce):
    return lambda P, R, terminal, v, gamma: np.where(terminal, 0.0, reduce(R + gamma * P @ v, axis=1))


def policy_sweep(P, R, policy, v, gamma):
    return np.einsum("sa,sa->s", policy, R) + gamma * np.einsum("sa,sat,t->s", policy, P, v)


def with_limit(P, R, steps):
    if steps == 0:
        return np.zeros(len(P))
    return (R + P @ with_limit(P, R, steps - 1)).max(axis=1)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("late", 6),
        ("sweep", sweep),
        ("policy_sweep", policy_sweep),
        ("indifferent", 0.786),
        ("indifferent", 0.3**0.2),
        ("with_limit", with_limit),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"20.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("late", 12, "without discount"),
        ("late", 8, "two steps"),
        ("late", 3, "counts in full"),
        ("late", 5, "three times"),
        ("late", 7, "too large"),
        ("sweep", sweep_with(np.sum), "only one"),
        ("sweep", sweep_with(np.mean), "at random"),
        ("sweep", sweep_with(np.min), "worst"),
        ("sweep", sweep_with(np.argmax), "*which*"),
        ("policy_sweep", lambda P, R, policy, v, gamma: (R + gamma * P @ v).max(axis=1), "how often"),
        ("policy_sweep", lambda P, R, policy, v, gamma: (R + gamma * P @ v).mean(axis=1), "alike"),
        ("policy_sweep", lambda P, R, policy, v, gamma: policy_sweep(P, R, policy, v, 1.0), "discount is missing"),
        ("indifferent", 0.3, "fifth root"),
        ("indifferent", 0.818, "sixth root"),
        ("indifferent", 0.5, "too small"),
        ("with_limit", lambda P, R, steps: with_limit(P, R, steps + 1), "too often"),
        ("with_limit", lambda P, R, steps: with_limit(P, R, max(0, steps - 1)), "too little"),
        ("with_limit", lambda P, R, steps: steps * R.max(axis=1), "where it leads"),
        ("late", "6", "without quotes"),
        ("late", -6, "the sign is not"),
        ("indifferent", 0.785, "rounding"),
        ("indifferent", 1.272, "Turned round"),
        ("sweep", lambda P, R, terminal, v, gamma: np.where(terminal, 0.0, (R + gamma * P @ v).max()), "whole table"),
        ("sweep", lambda P, R, terminal, v, gamma: (R + gamma * P @ v).max(axis=1), "keep the last line"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"20.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
