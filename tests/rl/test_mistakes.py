"""Mistakes that a learner makes: each is told as what was expected, what came, and what to do."""

from __future__ import annotations

import gymnasium as gym
import numpy as np
import pytest
import torch

from agentos_lab.rl import (
    DQN,
    PPO,
    CategoricalPolicy,
    DialogueLearner,
    GaussianPolicy,
    PPOSettings,
    QFunction,
    ReplayBuffer,
    TabularMDP,
    ToolCallTask,
    ValueFunction,
    cliff_walking,
    collect,
    double_q_learning,
    dyna_q,
    epsilon_greedy,
    evaluate,
    expected_sarsa,
    frozen_lake,
    gae,
    gridworld,
    jumping_gridworld,
    learning_curves,
    load_checkpoint,
    load_parameters,
    mlp,
    monte_carlo_control,
    monte_carlo_prediction,
    play,
    play_table,
    q_learning,
    random_walk,
    reinforce,
    sarsa,
    save_checkpoint,
    save_parameters,
    td_error,
    td_prediction,
    value_iteration,
    windy_gridworld,
)

NAN = float("nan")
STATES = gym.spaces.Discrete(3)
policy, world = CategoricalPolicy(4, 2), gridworld("S.G")


def buffered(**changes):
    steps = {"obs": np.zeros((2, 3)), "action": np.zeros(2, int), "reward": np.zeros(2), "next_obs": np.zeros((2, 3)),
             "terminated": np.zeros(2, bool), "truncated": np.zeros(2, bool)}  # fmt: skip
    buffer = ReplayBuffer(4)
    buffer.add(**{**steps, **changes})
    return buffer


MISTAKES = {
    "pay as a text": (lambda: gridworld("S.G", step_reward="x"), "step_reward must be a finite number, got 'x'"),
    "no pay": (lambda: gridworld("S.G", step_reward=None), "step_reward must be a finite number, got None"),
    "pay for a bump as a text": (lambda: gridworld("S.G", bump_reward="a"), "bump_reward must be a finite number"),
    "pay of a cell as a text": (lambda: gridworld("S.G", rewards={"G": "1"}), "the reward of 'G' must be a finite"),
    "pay in a list": (lambda: gridworld("S.G", rewards=[1]), "rewards is a mapping from cells to their pay"),
    "pay of a cell that is not there": (lambda: gridworld("S.G", rewards={"goal": 1}), "pay for 'goal', and no cell"),
    "pay of a jump": (lambda: gridworld("SA.bG", jumps={"A": ("b", "x")}), "the jump from 'A' must be a finite number"),
    "jumps in a list": (lambda: gridworld("S.G", jumps=["A"]), "jumps is a mapping"),
    "wind as a number": (lambda: gridworld("S.G", wind=1), "wind names a strength for each of the 3 columns, got 1"),
    "a move twice": (lambda: gridworld("S.G", moves=("up", "up")), "every move once: up, up"),
    "slippery in words": (lambda: cliff_walking(slippery="yes"), "slippery must be True or False, got 'yes'"),
    "a lake slippery in words": (lambda: frozen_lake(slippery="no"), "slippery must be True or False, got 'no'"),
    "a king in words": (lambda: windy_gridworld(king="no"), "king must be True or False"),
    "an end paid in words": (lambda: random_walk(5, left="a"), "left must be a finite number, got 'a'"),
    "an end paid NaN": (lambda: random_walk(5, right=NAN), "right must be a finite number, got nan"),
    "a class of processes": (lambda: value_iteration(TabularMDP), "a function of no arguments that makes one"),
    "one width": (lambda: mlp(4), r"sizes are the widths of the layers.* got 4"),
    "widths as a text": (lambda: mlp("44"), r"sizes are the widths .* got '44'"),
    "half a unit": (lambda: mlp((4, 2.5)), r"sizes are the widths .* got \(4, 2.5\)"),
    "hidden as a number": (lambda: CategoricalPolicy(4, 2, hidden=64), r"e.g. \(64, 64\); got 64"),
    "hidden as texts": (lambda: GaussianPolicy(4, 1, hidden=("64",)), "hidden holds the widths of layers"),
    "hidden of values": (lambda: ValueFunction(4, hidden=64), "hidden holds the widths of layers"),
    "hidden of action values": (lambda: QFunction(4, 2, hidden=64), "hidden holds the widths of layers"),
    "spread as a text": (lambda: GaussianPolicy(4, 1, log_std="x"), "log_std must be a finite number"),
    "a state beyond the last": (lambda: CategoricalPolicy(STATES, 2)(torch.tensor([5])), r"whole numbers 0 … 2, got"),
    "half a state": (lambda: CategoricalPolicy(STATES, 2)(torch.tensor([1.5])), r"whole numbers 0 … 2, got \[1.5\]"),
    "NaN kept": (lambda: buffered(reward=np.array([NAN, 1])), "reward holds nan; a replay buffer would hand it out"),
    "an observation without end": (lambda: buffered(next_obs=np.full((2, 3), np.inf)), "next_obs holds inf"),
    "half an end": (lambda: buffered(truncated=np.array([0.5, 1])), "truncated says of each step True or False"),
    "one step without an axis": (lambda: buffered(reward=1.0), "every array needs a first axis of K steps"),
    "pay kept as texts": (lambda: buffered(reward=["a", "b"]), "reward must be an array of numbers"),
    "a batch of −1": (lambda: buffered().sample(-1, torch.Generator()), "batch_size must be a positive whole number"),
    "a seed as a generator": (lambda: buffered().sample(2, 0), "generator is a torch.Generator"),
    "a seed for NumPy": (lambda: epsilon_greedy(np.zeros((3, 2)), 0.5, 0), "generator is NumPy's"),
    "a number as value": (lambda: collect("CartPole-v1", policy, steps=5, value=3), "value is a function from"),
    "a number as value in play": (lambda: play(policy, "CartPole-v1", value=7), "value is a function from"),
    "a number as value to learn": (lambda: PPO("CartPole-v1", value=7), "value is a function from"),
    "greedy in words": (lambda: evaluate(policy, "CartPole-v1", 2, greedy="no"), "greedy must be True or False"),
    "visits in words": (lambda: monte_carlo_prediction(world, first_visit="no"), "first_visit must be True or False"),
    "one seed twice": (lambda: learning_curves(reinforce, "CartPole-v1", seeds=[1, 1]), "the same seed twice gives"),
    "a table of NaN": (lambda: play_table(world, np.full((3, 4), NAN)), "action_values is NaN in state 0"),
    "ends and errors exchanged": (lambda: gae(np.zeros(5, bool), np.zeros(5), 0.9, 0.9), "td_error holds truth values"),
    "ends as values": (lambda: td_error(np.zeros(2), np.zeros(2, bool), np.zeros(2), np.zeros(2), 0.9), "value holds"),
    "a reference by name": (
        lambda: DialogueLearner(torch.nn.Linear(2, 2), ToolCallTask(), reference="x"), "reference is the policy to stay"
    ),
    "a walk into a wall for ever": (
        lambda: td_prediction(world, policy=np.zeros(3, int)), r"from cell|from state 0 no terminal state is in reach"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_told(name):
    mistake, told = MISTAKES[name]
    with pytest.raises(ValueError, match=told):
        mistake()


@pytest.mark.parametrize(
    "algorithm", [sarsa, expected_sarsa, q_learning, double_q_learning, dyna_q, monte_carlo_control]
)
def test_learning_from_episodes_that_never_end_is_refused_at_once(algorithm):
    with pytest.raises(ValueError, match=r"an episode of 5 × 5 grid would never end: .* Give it a time limit"):
        algorithm(jumping_gridworld(), episodes=1)
    with pytest.raises(TypeError, match="unknown setting lr; there are alpha, epsilon, gamma"):
        algorithm(world, episodes=1, lr=0.1)


def test_cells_that_nobody_enters_trap_nobody():
    assert q_learning(gridworld("S.G\n###\n..."), episodes=2, seed=0).action_values.shape == (1, 9, 4)


def test_a_floor_may_be_called_by_each_of_its_letters():
    assert (gridworld("SFG", rewards={"F": -5.0}).R == gridworld("S.G", rewards={".": -5.0}).R).all()


def test_checkpoints_say_which_argument_is_which(tmp_path):
    path, learner = tmp_path / "run.safetensors", PPO("CartPole-v1", PPOSettings(total_steps=64))
    learned = reinforce("CartPole-v1", total_steps=64, progress=False)
    with pytest.raises(
        ValueError,
        match=r"expected save_checkpoint\(learner, path\), got Learned and .*save_parameters\(learned.policy",
    ):
        save_checkpoint(learned, path)
    for call in (lambda: save_checkpoint(str(path), learner), lambda: load_checkpoint(learner, path),
                 lambda: save_parameters(path, policy), lambda: load_parameters(str(path), policy)):  # fmt: skip
        with pytest.raises(ValueError, match="are the arguments in their order"):
            call()
    with pytest.raises(ValueError, match="PPO is a class, make an object of it"):
        load_checkpoint(path, PPO)
    with pytest.raises(ValueError, match="the result of a run is no learner"):
        save_parameters(learned, path)
    assert not path.exists()


@pytest.mark.parametrize("kind", [PPO, DQN])
def test_a_learner_without_settings_has_the_defaults(kind):
    assert kind("CartPole-v1").settings == kind.settings_type()
