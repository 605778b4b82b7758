"""Group advantages: the laws of each kind, and NumPy's arithmetic."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from agentos_lab.rl.group_advantage import group_advantage, zero_variance

KINDS = ("none", "mean", "rloo", "grpo")
REWARDS = st.tuples(st.integers(1, 5), st.integers(2, 8)).flatmap(
    lambda shape: arrays(np.float64, shape, elements=st.floats(-10, 10).map(lambda number: round(number, 3)))
)


@settings(max_examples=40)
@given(REWARDS, st.sampled_from(("mean", "rloo", "grpo")))
def test_the_advantages_of_a_group_sum_to_zero(reward, kind):
    assert group_advantage(reward, kind).sum(dim=1).abs().max() < 1e-4


@settings(max_examples=40)
@given(REWARDS)
def test_leave_one_out_subtracts_the_mean_of_the_others(reward):
    expected = [[row[i] - np.delete(row, i).mean() for i in range(len(row))] for row in reward]
    np.testing.assert_allclose(group_advantage(reward, "rloo").numpy(), expected, atol=1e-4)


@settings(max_examples=40)
@given(REWARDS, st.floats(-5, 5), st.sampled_from(("mean", "rloo", "grpo")))
def test_a_bonus_for_everybody_changes_nothing(reward, bonus, kind):
    spread = zero_variance(reward)[:, None] | torch.tensor(np.ptp(reward, axis=1, keepdims=True) > 0.01)
    moved = group_advantage(reward + bonus, kind) - group_advantage(reward, kind)
    assert (moved * spread).abs().max() < 1e-3


def test_grpo_is_the_standard_score_within_the_group():
    reward = np.random.default_rng(0).normal(size=(6, 8))
    expected = (reward - reward.mean(1, keepdims=True)) / reward.std(1, ddof=1, keepdims=True)
    np.testing.assert_allclose(group_advantage(reward, "grpo").numpy(), expected, rtol=1e-5)


def test_grpo_does_not_care_for_the_scale_of_the_rewards():
    reward = torch.tensor([[0.0, 1.0, 1.0, 3.0]])
    torch.testing.assert_close(group_advantage(reward, "grpo"), group_advantage(1000 * reward, "grpo"))


def test_without_a_baseline_the_advantage_is_the_reward():
    assert group_advantage([[1.0, 0.0]], "none").tolist() == [[1.0, 0.0]]


@pytest.mark.parametrize("kind", ["mean", "rloo", "grpo"])
def test_a_group_of_equal_rewards_teaches_nothing_at_all(kind):
    reward = [[0.1] * 7, [0.0, 1.0, 0.0, 0.0, 0.0, 0.0, 0.0]]  # the mean of seven times 0.1 is not 0.1 in floats
    assert zero_variance(reward).tolist() == [True, False]
    assert group_advantage(reward, kind)[0].tolist() == [0.0] * 7
    assert group_advantage(reward, kind)[1].abs().min() > 0


@pytest.mark.parametrize(
    ("reward", "kind", "message"),
    [
        ([[1.0, 0.0]], "ppo", "advantage must be one of none, mean, rloo, grpo; got 'ppo'"),
        ([1.0, 0.0], "grpo", r"of shape \(Q, G\), one row of G answers a prompt; got \(2,\)"),
        ([[1.0], [0.0]], "rloo", "needs at least 2 of them, got 1; draw more samples"),
        ([[1.0, float("nan")]], "mean", "reward must be finite, got NaN"),
    ],
)
def test_what_cannot_be_compared_is_refused(reward, kind, message):
    with pytest.raises(ValueError, match=message):
        group_advantage(reward, kind)
