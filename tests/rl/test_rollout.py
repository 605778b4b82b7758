"""Rollouts against a plain loop over gymnasium, and the observation from before each reset."""

import gymnasium
import numpy as np
import pytest
import torch

from agentos_lab.rl.cartpole import CartPole
from agentos_lab.rl.policies import CategoricalPolicy, GaussianPolicy, Policy, ValueFunction
from agentos_lab.rl.rollout import Collector, collect


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


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


def test_a_collector_goes_on_where_it_stopped(policy):
    whole = collect(Collector("CartPole-v1", 2, seed=5), policy, 40, generator=generator())
    parts, chance = Collector("CartPole-v1", 2, seed=5), generator()
    first, second = (collect(parts, policy, 20, generator=chance) for _ in range(2))
    assert torch.equal(whole.obs, torch.cat([first.obs, second.obs]))
    assert parts.episodes == int(whole.done.sum()) and parts.mean_return == pytest.approx(
        sum(parts.returns) / parts.episodes
    )


def test_the_account_of_returns_is_that_of_the_episodes(policy):
    collector = Collector("CartPole-v1", 2)
    rollout = collector.collect(policy, 60, generator())
    ended = [episode.total_reward for episode in rollout.episodes() if episode.terminated or episode.truncated]
    assert sorted(collector.returns) == sorted(ended)


def test_a_rollout_falls_into_episodes(policy):
    rollout = collect(CartPole(2, limit=7), policy, steps=17)
    episodes = rollout.episodes()
    assert [len(episode) for episode in episodes] == [7, 7, 3, 7, 7, 3]
    assert [episode.truncated for episode in episodes] == [True, True, False] * 2
    assert torch.equal(torch.as_tensor(episodes[1].obs), torch.cat([rollout.obs[7:14, 0], rollout.next_obs[13:14, 0]]))


def test_whole_episodes_are_one_of_each_environment(policy):
    collector = Collector("CartPole-v1", 6)
    for _ in range(2):
        rollout, played = collector.collect_episodes(policy, generator())
        lengths = played.sum(dim=0)
        assert len(rollout.reward) == lengths.max() and lengths.min() < lengths.max()
        last = rollout.done.gather(0, (lengths - 1)[None])
        assert last.all() and (rollout.done & played).sum() == 6  # each ends with its first end
    assert collector.episodes == 12


def test_an_episode_without_end_is_cut_off(policy):
    collector = Collector(CartPole(2, limit=None), 2)
    rollout, played = collector.collect_episodes(policy, generator(), longest=3)
    assert played.shape == (3, 2) and played.all() and rollout.truncated[-1].all()


def test_continuous_actions_reach_the_environment_within_their_bounds():
    policy = GaussianPolicy(3, gymnasium.make("Pendulum-v1").action_space, log_std=2.0)
    collector = Collector("Pendulum-v1", 2)
    rollout = collector.collect(policy, 20, generator())
    assert rollout.action.shape == (20, 2, 1) and rollout.action.abs().max() > 2
    assert np.abs(np.stack(collector.actions)).max() <= 2


@pytest.mark.parametrize("name", ["CartPole-v1", "Acrobot-v1", "Pendulum-v1", "FrozenLake-v1"])
def test_replayed_actions_bring_the_environments_back(name):
    collector = Collector(name, 2, seed=1)
    space = collector.env.single_action_space
    space.seed(0)

    def go(steps):
        for _ in range(steps):
            action = np.stack([space.sample(), space.sample()])
            collector.actions.append(action)
            collector.obs, *_ = collector.env.step(action)

    go(40)
    half = list(collector.actions), collector.obs
    go(20)
    after = collector.obs
    rest = collector.actions[40:]
    collector.replay(half[0], [], half[1])
    np.testing.assert_array_equal(collector.obs, half[1])
    for action in rest:
        collector.obs, *_ = collector.env.step(action)
    np.testing.assert_array_equal(collector.obs, after)


def test_an_environment_with_chance_of_its_own_is_noticed(policy):
    class Moody(gymnasium.Env):
        observation_space, action_space = gymnasium.spaces.Box(-1, 1, (4,)), gymnasium.spaces.Discrete(2)
        chance = np.random.default_rng(0)

        def reset(self, seed=None, options=None):
            return self.chance.uniform(-1, 1, 4).astype(np.float32), {}

        def step(self, action):
            return self.reset()[0], 0.0, False, False, {}

    collector = Collector(Moody())
    collector.collect(policy, 3, generator())
    with pytest.warns(UserWarning, match="went another way under the same seed and actions"):
        collector.replay(collector.actions, [], collector.obs)


def test_bad_input_is_named(policy):
    with pytest.raises(ValueError, match="steps must be a positive whole number, got 0"):
        collect("CartPole-v1", policy, steps=0)
    with pytest.raises(ValueError, match=r"act\(obs, generator, greedy\), Linear has none"):
        collect("CartPole-v1", torch.nn.Linear(4, 2), steps=1)
    with pytest.raises(ValueError, match="NoSuchEnvironment"):
        collect("NoSuchEnvironment-v0", policy, steps=1)
    with pytest.raises(NotImplementedError):
        collect("CartPole-v1", Policy(), steps=1)
