"""Every algorithm learns the best of what a mask allows."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    TabularMDP,
    actor_critic,
    dqn,
    evaluate,
    ppo,
    reinforce,
    value_iteration,
)


def fork(limit=20):
    """Three doors in each of two rooms, one of them walled up; only one pays, and not always the same."""
    P = np.zeros((3, 3, 3))
    P[0, :, 1] = P[1:, :, 2] = 1.0
    R = [[0.0, 9.0, 1.0], [1.0, 0.0, 9.0], [0.0, 0.0, 0.0]]
    allowed = [[True, False, True], [True, True, False], [True, True, True]]
    return TabularMDP(P, R, [False, False, True], 0, limit=limit, allowed=allowed, name="fork")


@pytest.mark.parametrize(
    ("learn", "told"),
    [
        (ppo, {"total_steps": 3072, "entropy": 0.01}),
        (actor_critic, {"total_steps": 3072}),
        (reinforce, {"total_steps": 1024, "entropy": 0.01}),
        (dqn, {"total_steps": 1024, "warmup": 100, "lr": 0.01, "descents": 32, "batch_size": 32}),
    ],
    ids=["ppo", "actor_critic", "reinforce", "dqn"],
)
def test_every_algorithm_learns_the_best_of_what_is_allowed(learn, told):
    learned = learn(fork(), seed=0, progress=False, **told)  # the environment refuses what is not allowed
    assert evaluate(learned.policy, fork(), episodes=5).mean == value_iteration(fork(), gamma=1.0).values[0] == 2.0
    numbers = [number for update in learned.history for number in (update.loss, update.entropy, update.kl)]
    assert np.isfinite([number for number in numbers if number is not None]).all()
