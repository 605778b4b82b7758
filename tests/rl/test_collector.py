"""A collector keeps environments under way, counts their returns, and brings them back by playing again."""

import gymnasium
import numpy as np
import pytest
import torch

from agentos_lab.rl.cartpole import CartPole
from agentos_lab.rl.collector import Collector
from agentos_lab.rl.policies import CategoricalPolicy, GaussianPolicy
from agentos_lab.rl.rollout import collect


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.fixture
def policy():
    return CategoricalPolicy(4, 2)


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
