"""DQN learns CartPole, and on tables what value iteration and exact sums give."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from small_worlds import Forever

from agentos_lab.rl import evaluate, gridworld, play, value_iteration
from agentos_lab.rl.dqn import dqn


@pytest.mark.parametrize(
    ("end", "loss", "value"),
    [("truncated", "squared", 10.0), ("terminated", "squared", 1 / 0.28), ("terminated", "huber", 7.5)],
)
def test_values_count_what_a_time_limit_hides_and_only_squares_make_them_means(end, loss, value):
    learned = dqn(
        Forever(end), total_steps=1_600, environments=2, rollout=10, descents=10, target_every=10, warmup=0, lr=0.03,
        gamma=0.9, hidden=(), loss=loss, progress=False,
    )  # fmt: skip
    assert learned.policy.q(torch.ones(1, 1)).mean().item() == pytest.approx(value, rel=0.1)


@pytest.mark.parametrize(("double", "dueling"), [(False, False), (True, True)])
def test_on_a_table_the_values_come_to_those_of_value_iteration(double, dueling):
    mdp = gridworld("S..\n.#.\n..G")
    exact = value_iteration(mdp, gamma=0.9)
    learned = dqn(
        mdp, total_steps=4_000, environments=10, rollout=10, descents=25, target_every=25, warmup=200, lr=0.1,
        gamma=0.9, hidden=(), epsilon=1.0, last_epsilon=1.0, double=double, dueling=dueling, progress=False,
    )  # fmt: skip
    seen = ~mdp.terminal
    values = learned.policy.q(torch.arange(mdp.num_states)).detach().numpy()
    np.testing.assert_allclose(values[seen], exact.action_values[seen], atol=0.05)
    np.testing.assert_allclose(evaluate(learned.policy, mdp, 10).mean, -4, atol=1)


def test_cartpole_is_learned_within_seconds():
    learned = dqn("CartPole-v1", total_steps=12_000, hidden=(64, 64), batch_size=64, seed=0, progress=False)
    assert learned.history[3].mean_return < 40
    assert evaluate(learned.policy, "CartPole-v1", episodes=20, seed=1).mean > 120
    episode = play(learned.policy, "CartPole-v1", seed=1)
    assert episode.probabilities.min() == pytest.approx(0.02)  # ε / 2
