"""An episode holds what can be seen of one play, and survives a way through JSON."""

import json

import numpy as np
import pytest
import torch

from agentos_lab.rl import cliff_walking, gridworld, value_iteration
from agentos_lab.rl.advantage import td_error
from agentos_lab.rl.cartpole import CartPole
from agentos_lab.rl.episode import Episode, play, play_table
from agentos_lab.rl.learning_result import Learned
from agentos_lab.rl.policies import CategoricalPolicy, GaussianPolicy, ValueFunction
from agentos_lab.rl.returns import monte_carlo_return
from agentos_lab.rl.settings import Settings


def test_everything_to_be_seen_is_there():
    policy, value = CategoricalPolicy(4, 2), ValueFunction(4)
    episode = play(policy, "CartPole-v1", value=value, seed=2)
    steps = len(episode)
    assert episode.terminated and not episode.truncated and episode.total_reward == steps
    assert episode.obs.shape == (steps + 1, 4) and episode.probabilities.shape == (steps, 2)
    np.testing.assert_allclose(episode.probabilities.sum(axis=1), 1, rtol=1e-6)
    np.testing.assert_allclose(
        np.exp(episode.log_prob), episode.probabilities[np.arange(steps), episode.action], rtol=1e-5
    )
    np.testing.assert_allclose(episode.value, value(torch.as_tensor(episode.obs[:-1])).detach(), rtol=1e-5)
    assert str(episode) == f"episode of CartPole-v1: {steps} steps, return {steps}.0, terminated"


def test_with_lambda_one_its_advantages_are_return_less_value():
    policy, value = CategoricalPolicy(4, 2), ValueFunction(4)
    for env, ends in (("CartPole-v1", True), (CartPole(1, limit=6), False)):
        episode = play(policy, env, value=value, gamma=0.9, lam=1.0)
        assert episode.terminated == ends and episode.truncated == (not ends)
        rest = np.zeros(len(episode), bool)
        rest[-1] = ends
        after = value(torch.as_tensor(episode.obs[1:])).detach().double().numpy()
        returns = monte_carlo_return(episode.reward, after, rest, np.zeros_like(rest), 0.9)
        np.testing.assert_allclose(episode.advantage, returns - episode.value, rtol=1e-5, atol=1e-6)


def test_the_same_seed_plays_the_same_episode_and_greedy_takes_the_likeliest():
    policy = CategoricalPolicy(4, 2, generator=torch.Generator().manual_seed(1))
    one, two, other = (play(policy, "CartPole-v1", seed=seed) for seed in (3, 3, 4))
    assert one.to_dict() == two.to_dict() != other.to_dict()
    greedy = play(policy, "CartPole-v1", greedy=True)
    np.testing.assert_array_equal(greedy.action, greedy.probabilities.argmax(axis=1))


def test_an_episode_without_end_is_left():
    episode = play(CategoricalPolicy(4, 2), CartPole(1, limit=None), longest=3)
    assert len(episode) == 3 and not episode.terminated and not episode.truncated
    assert "left under way" in str(episode)


@pytest.mark.parametrize("name", ["CartPole-v1", "Pendulum-v1"])
def test_an_episode_survives_json(name):
    policy = CategoricalPolicy(4, 2) if name == "CartPole-v1" else GaussianPolicy(3, 1)
    episode = play(policy, name, value=ValueFunction(policy.features.size), longest=20)
    again = Episode.from_dict(json.loads(json.dumps(episode.to_dict())))
    assert again.to_dict() == episode.to_dict() and again.obs.shape == episode.obs.shape


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"longest": 0}, "longest must be a positive whole number, got 0"),
        ({"gamma": 2}, "gamma must lie between 0 and 1, got 2"),
        ({"seed": None}, "seed must be a whole number from 0 on, got None"),
        ({"env": CategoricalPolicy(4, 2), "policy": "CartPole-v1"}, "looks like a policy: are the arguments in their"),
        ({"policy": CategoricalPolicy}, r"CategoricalPolicy is a class; make one of it: CategoricalPolicy\(…\)"),
        ({"policy": Learned(None, None, (), Settings())}, "Learned has none; pass its .policy"),
        ({"policy": lambda obs: 0}, "function has none; derive it from agentos_lab.rl.Policy"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        play(**{"policy": CategoricalPolicy(4, 2), "env": "CartPole-v1"} | arguments)


# --- tables ------------------------------------------------------------------------------------------------------


def test_a_table_that_is_optimal_walks_the_shortest_way_and_is_never_surprised():
    cliff = cliff_walking()
    solution = value_iteration(cliff, 1.0)
    episode = play_table(cliff, solution.action_values, gamma=1.0, lam=0.5)
    assert len(episode) == 13 and episode.terminated and episode.total_reward == -13
    after, ends = solution.values[episode.obs[1:]], np.arange(13) == 12
    assert td_error(episode.reward, episode.value, after, ends, 1.0) == pytest.approx(np.zeros(13))
    assert episode.advantage == pytest.approx(np.zeros(13))


def test_a_table_played_into_a_limit_is_truncated():
    mdp = gridworld("S.G", limit=4)
    episode = play_table(mdp, np.eye(4)[[3, 3, 3]])  # left, for ever
    assert len(episode) == 4 and episode.truncated and not episode.terminated


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"action_values": np.zeros((3, 2))}, r"action_values must have shape \(3, 4\) \(S, A\), got \(3, 2\)"),
        ({"epsilon": 3}, "epsilon must lie between 0 and 1, got 3"),
        ({"longest": 0}, "longest must be a positive whole number, got 0"),
        ({"env_or_mdp": "CartPole-v1"}, "carries no table of transitions"),
    ],
)
def test_a_table_that_cannot_be_played_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        play_table(**{"env_or_mdp": gridworld("S.G"), "action_values": np.zeros((3, 4))} | arguments)
