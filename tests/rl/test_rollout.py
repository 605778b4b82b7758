"""Rollouts against a plain loop over gymnasium, and the observation from before each reset."""

import gymnasium
import numpy as np
import pytest
import torch

from agentos_lab.rl.cartpole import CartPole
from agentos_lab.rl.policies import CategoricalPolicy, Policy, ValueFunction
from agentos_lab.rl.rollout import collect


@pytest.fixture
def policy():
    return CategoricalPolicy(4, 2)


def test_a_rollout_is_what_a_plain_loop_over_gymnasium_sees(policy):
    rollout = collect("CartPole-v1", policy, steps=120, seed=3)
    env = gymnasium.make("CartPole-v1")
    obs, _ = env.reset(seed=3)
    ends = 0
    for t in range(120):
        np.testing.assert_array_equal(rollout.obs[t, 0], obs)
        obs, reward, terminated, truncated, _ = env.step(int(rollout.action[t, 0]))
        np.testing.assert_array_equal(rollout.next_obs[t, 0], obs)
        assert rollout.reward[t, 0] == reward
        assert (rollout.terminated[t, 0], rollout.truncated[t, 0]) == (terminated, truncated)
        if terminated or truncated:
            ends += 1
            obs, _ = env.reset()
    assert ends > 2
    assert rollout.done.sum() == ends and rollout.steps == 120


def test_the_next_observation_is_that_from_before_the_reset(policy):
    rollout = collect(CartPole(3, limit=4), policy, steps=9, seed=0)
    goes_on = ~rollout.done[:-1]
    assert torch.equal(rollout.next_obs[:-1][goes_on], rollout.obs[1:][goes_on])
    assert not torch.isclose(rollout.next_obs[:-1][~goes_on], rollout.obs[1:][~goes_on]).all(-1).any()
    assert rollout.truncated[3].all() and not rollout.terminated.any()


def test_values_are_of_the_observations_before_and_after(policy):
    value = ValueFunction(4)
    rollout = collect("CartPole-v1", policy, steps=5, n=2, value=value)
    torch.testing.assert_close(rollout.value, value(rollout.obs).detach())
    torch.testing.assert_close(rollout.next_value, value(rollout.next_obs).detach())
    assert not collect("CartPole-v1", policy, steps=5).value.any()


def test_log_probabilities_are_the_policy_s(policy):
    rollout = collect("CartPole-v1", policy, steps=5, n=2)
    torch.testing.assert_close(rollout.log_prob, policy(rollout.obs).log_prob(rollout.action).detach())
    assert not rollout.log_prob.requires_grad


def test_a_rollout_falls_into_episodes(policy):
    rollout = collect(CartPole(2, limit=7), policy, steps=17)
    episodes = rollout.episodes()
    assert [len(episode) for episode in episodes] == [7, 7, 3, 7, 7, 3]
    assert [episode.truncated for episode in episodes] == [True, True, False] * 2
    assert torch.equal(torch.as_tensor(episodes[1].obs), torch.cat([rollout.obs[7:14, 0], rollout.next_obs[13:14, 0]]))


def test_bad_input_is_named(policy):
    with pytest.raises(ValueError, match="steps must be a positive whole number, got 0"):
        collect("CartPole-v1", policy, steps=0)
    with pytest.raises(ValueError, match=r"act\(obs, generator, greedy\), Linear has none"):
        collect("CartPole-v1", torch.nn.Linear(4, 2), steps=1)
    with pytest.raises(ValueError, match="looks like a policy: are the arguments in their order"):
        collect(policy, "CartPole-v1", steps=1)
    with pytest.raises(ValueError, match="seed must be a whole number from 0 on, got -1"):
        collect("CartPole-v1", policy, steps=1, seed=-1)
    with pytest.raises(ValueError, match=r"one number for each observation, here \(2, 3\), and not \(2, 3, 1\)"):
        collect("CartPole-v1", policy, steps=2, n=3, value=torch.nn.Linear(4, 1))
    with pytest.raises(ValueError, match=r"values are no numbers any more: .* try a smaller lr"):
        collect("CartPole-v1", policy, steps=2, value=lambda obs: obs.mean(-1) * torch.nan)
    with pytest.raises(ValueError, match="NoSuchEnvironment"):
        collect("NoSuchEnvironment-v0", policy, steps=1)
    with pytest.raises(NotImplementedError):
        collect("CartPole-v1", Policy(), steps=1)


def test_a_rollout_prints_itself_in_two_lines():
    rollout = collect("CartPole-v1", CategoricalPolicy(4, 2), steps=40, n=3, seed=0)
    first, second = str(rollout).split("\n")
    assert first == "40 steps of 3 environments: obs (40, 3, 4), action (40, 3)"
    assert second == f"reward 1.000 on average; {int(rollout.terminated.sum())} terminated, 0 truncated"
    assert repr(rollout) == str(rollout)
