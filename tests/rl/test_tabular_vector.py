"""Many episodes of one process at once."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import TabularVector, frozen_lake, gridworld, maximization_bias, policy_evaluation


def test_returns_of_many_episodes_average_to_the_exact_value():
    mdp, n = frozen_lake(), 4_000
    exact = policy_evaluation(mdp, np.full((16, 4), 0.25), gamma=1.0, horizon=100).start_value
    lakes, generator = TabularVector(mdp, n), np.random.default_rng(0)
    lakes.reset(seed=1)
    running, paid = np.ones(n, bool), np.zeros(n)
    for _ in range(100):
        _, reward, terminated, truncated, _ = lakes.step(generator.integers(4, size=n))
        paid += reward * running
        running &= ~(terminated | truncated)
    assert not running.any()
    assert paid.mean() == pytest.approx(exact, abs=4 * (exact / n) ** 0.5)


def test_a_reset_comes_in_the_same_step_and_the_final_state_is_told():
    walks = TabularVector(gridworld("S.G"), 2)
    assert walks.reset(seed=0)[0].tolist() == [0, 0]
    right, left = 1, 3
    walks.step([right, left])
    obs, reward, terminated, truncated, info = walks.step([right, right])
    assert obs.tolist() == [0, 1] and info["final_obs"].tolist() == [2, 1]
    assert terminated.tolist() == [True, False] and not truncated.any() and reward.tolist() == [-1, -1]


def test_the_mask_tells_which_actions_the_new_states_have():
    walks = TabularVector(maximization_bias(), 2)
    _, info = walks.reset(seed=0)
    assert info["action_mask"].sum(axis=1).tolist() == [2, 2]
    *_, info = walks.step([0, 1])  # one goes to B, the other ends and starts at A again
    assert info["action_mask"].sum(axis=1).tolist() == [10, 2]
    with pytest.raises(ValueError, match="A has no action 7"):
        walks.step([7, 7])


def test_what_the_caller_keeps_does_not_change():
    walks = TabularVector(gridworld("S..G"), 1)
    start, _ = walks.reset(seed=0)
    after, *_ = walks.step([1])
    walks.step([1])
    assert start.tolist() == [0] and after.tolist() == [1]


def test_a_step_before_the_reset_is_refused():
    with pytest.raises(ValueError, match="call reset"):
        TabularVector(frozen_lake(), 1).step([0])
