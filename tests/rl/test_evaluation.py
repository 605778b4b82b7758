"""Evaluation against exact values, and the trap of counting short episodes twice."""

import gymnasium
import numpy as np
import pytest
import torch

from agentos_lab.rl import CartPole, cliff_walking, frozen_lake, policy_evaluation, value_iteration
from agentos_lab.rl.evaluation import Evaluation, evaluate
from agentos_lab.rl.policies import CategoricalPolicy


def test_a_random_policy_earns_what_dynamic_programming_says():
    lake = frozen_lake()
    table = np.full((16, 4), 0.25)
    exact = policy_evaluation(lake, table, gamma=1.0).values[0]
    evaluation = evaluate(table, lake, episodes=4_000, greedy=False)
    assert abs(evaluation.mean - exact) < 4 * evaluation.std_error
    assert evaluation.std_error == pytest.approx(np.sqrt(exact * (1 - exact) / 4_000), rel=0.2)  # a coin's


def test_tables_of_actions_and_of_action_values_are_policies():
    cliff = cliff_walking()
    solution = value_iteration(cliff, gamma=1.0)
    for policy in (solution.policy, solution.action_values):
        assert evaluate(policy, cliff, episodes=3).returns.tolist() == [-13.0] * 3


def test_short_episodes_do_not_count_more_than_long_ones():
    class Lengthy(gymnasium.Env):
        """One step that pays nothing, or fifty that pay 1 in all; half of the time each."""

        observation_space, action_space = gymnasium.spaces.Discrete(1), gymnasium.spaces.Discrete(1)

        def reset(self, seed=None, options=None):
            super().reset(seed=seed)
            self.left = 50 if self.np_random.random() < 0.5 else 1
            self.pay = float(self.left == 50)
            return 0, {}

        def step(self, action):
            self.left -= 1
            over = self.left == 0
            return 0, self.pay * over, over, False, {}

    evaluation = evaluate(lambda obs: np.zeros(len(obs), int), lambda: Lengthy(), 400)
    assert evaluation.episodes == 400
    assert abs(evaluation.mean - 0.5) < 4 * evaluation.std_error


@pytest.mark.parametrize("episodes", [1, 7, 120])
def test_exactly_so_many_episodes_are_played(episodes):
    evaluation = evaluate(CategoricalPolicy(4, 2), "CartPole-v1", episodes, greedy=False)
    assert evaluation.episodes == len(evaluation.returns) == episodes
    np.testing.assert_array_equal(evaluation.returns, evaluation.lengths)  # CartPole pays 1 a step
    assert f"{episodes} sampled episodes" in str(evaluation)


def test_the_same_seed_gives_the_same_returns_and_the_policy_is_not_touched():
    policy = CategoricalPolicy(4, 2)
    before = [p.clone() for p in policy.parameters()]
    one, two, other = (evaluate(policy, "CartPole-v1", 20, greedy=False, seed=seed) for seed in (1, 1, 2))
    assert one.returns.tolist() == two.returns.tolist() != other.returns.tolist()
    assert all(torch.equal(p, q) for p, q in zip(policy.parameters(), before, strict=True))


def test_the_standard_error_is_that_of_the_textbook():
    evaluation = Evaluation.of([1.0, 2.0, 3.0, 4.0])
    assert evaluation.mean == 2.5
    assert evaluation.std_error == pytest.approx(np.std([1, 2, 3, 4], ddof=1) / 2)
    assert evaluation.interval == pytest.approx((2.5 - 1.96 * evaluation.std_error, 2.5 + 1.96 * evaluation.std_error))
    assert "mean return 2.50 ± 0.65" in str(evaluation) and "2.5 ± 0.6" in evaluation.plot().alt + str(
        evaluation.plot().get_suptitle()
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"policy": 3}, "a policy is a module with `act`, a table or a function, got int"),
        ({"policy": CategoricalPolicy}, "a policy is a module with `act`, .* got type"),
        ({"policy": np.zeros((2, 2, 2))}, r"a table is a policy if .* got float64 of shape \(2, 2, 2\)"),
        ({"policy": np.zeros(16)}, r"actions \(16,\), whole numbers, .* got float64 of shape \(16,\)"),  # e.g. values
        ({"policy": [0, 1]}, r"got int64 of shape \(2,\)"),
        ({"policy": np.zeros((4, 16))}, r"got float64 of shape \(4, 16\)"),
        ({"policy": np.full((16, 4), np.nan)}, r"got float64 of shape \(16, 4\)"),
        ({"policy": [0, 1], "env": "CartPole-v1"}, "a table is a policy where states are numbered"),
        ({"policy": value_iteration(frozen_lake())}, r"got Solution; did you mean its .policy\?"),
        ({"policy": "CartPole-v1", "env": CategoricalPolicy(4, 2)}, "looks like a policy: are the arguments in their"),
        ({"policy": np.zeros(16, int), "seed": -1}, "seed must be a whole number from 0 on, got -1"),
        ({"policy": np.ones((16, 4)), "greedy": False}, "no probabilities to sample from"),
        ({"policy": np.zeros(16, int), "episodes": 0}, "episodes must be a positive whole number, got 0"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        evaluate(**({"env": frozen_lake()} | arguments))


def test_an_episode_without_end_is_an_error_that_says_what_to_do():
    with pytest.raises(ValueError, match="has not ended after 50 steps; give the environment a time limit"):
        evaluate(lambda obs: (obs[:, 2] + obs[:, 3] > 0).astype(int), CartPole(2, limit=None), 2, longest=50)
