"""Q-learning comes to the optimal action values, and double Q-learning is not lured by noise."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    TabularMDP,
    double_q_learning,
    maximization_bias,
    q_learning,
    value_iteration,
)


def test_with_shrinking_steps_the_optimal_action_values_come_out():
    rng = np.random.default_rng(5)
    P, R = rng.dirichlet(np.ones(5), size=(5, 2)), rng.normal(size=(5, 2))
    mdp = TabularMDP(P, R, terminal=np.arange(5) == 4, start=0)
    exact = value_iteration(mdp, gamma=0.7).action_values
    run = q_learning(mdp, 1500, alpha=lambda n: n**-0.7, epsilon=1.0, gamma=0.7, learners=20)
    assert run.action_values.mean(axis=0) == pytest.approx(exact, abs=0.05)


def test_double_q_learning_is_not_lured_by_the_maximum_of_noise():
    told = {"episodes": 300, "alpha": 0.1, "epsilon": 0.1, "learners": 1000}
    left = {}
    for learn in (q_learning, double_q_learning):
        run = learn(maximization_bias(), **told)
        went_left = run.lengths == 2  # right ends the episode after one step
        left[learn.__name__] = went_left.mean(axis=0)
    assert left["q_learning"][:100].mean() > 0.6  # figure 6.5: Q-learning goes left far more often than not at first …
    assert left["q_learning"][-20:].mean() > left["double_q_learning"][-20:].mean() + 0.03
    assert left["double_q_learning"].max() < 0.6
    assert left["double_q_learning"][-20:].mean() == pytest.approx(0.06, abs=0.025)  # … ε / 2 is the least possible
