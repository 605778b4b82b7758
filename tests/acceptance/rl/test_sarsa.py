"""Sarsa: the published returns on the cliff, the pace on the windy grid, and a random policy's exact action values."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    TabularMDP,
    cliff_walking,
    expected_sarsa,
    policy_evaluation,
    q_learning,
    sarsa,
    windy_gridworld,
)


@pytest.fixture(scope="module")
def on_the_cliff():
    """Example 6.6: many learners, 300 episodes, after which nothing changes on average."""
    told = {"episodes": 300, "alpha": 0.5, "epsilon": 0.1, "learners": 50, "seed": 1}
    return {find.__name__: find(cliff_walking(), **told) for find in (sarsa, q_learning, expected_sarsa)}


def test_returns_on_the_cliff_while_learning_lie_where_the_book_has_them(on_the_cliff):
    late = {name: run.returns[:, -100:].mean() for name, run in on_the_cliff.items()}
    assert -32 < late["sarsa"] < -22
    assert -56 < late["q_learning"] < -44
    assert late["expected_sarsa"] > late["sarsa"] > late["q_learning"]


def test_sarsa_learns_the_windy_grid_at_the_pace_of_example_6_5():
    run = sarsa(windy_gridworld(), episodes=200, alpha=0.5, epsilon=0.1, learners=20)
    ended_in_8000_steps = (run.lengths.cumsum(axis=1) <= 8000).sum(axis=1)
    assert np.median(ended_in_8000_steps) == pytest.approx(165, abs=12)


def small_process(limit=None):
    rng = np.random.default_rng(5)
    P, R = rng.dirichlet(np.ones(5), size=(5, 2)), rng.normal(size=(5, 2))
    return TabularMDP(P, R, terminal=np.arange(5) == 4, start=0, limit=limit)


@pytest.mark.parametrize("limit", [None, 2])  # a time limit cuts the episode and not the value
@pytest.mark.parametrize(("learn", "n"), [(sarsa, 1), (sarsa, 4), (expected_sarsa, None)])
def test_acting_at_random_they_learn_the_random_policys_action_values(learn, n, limit):
    exact = policy_evaluation(small_process(), np.full((5, 2), 0.5), gamma=0.5).action_values
    told = {} if n is None else {"n": n}
    run = learn(small_process(limit), 700, alpha=lambda n: n**-0.7, epsilon=1.0, gamma=0.5, learners=40, **told)
    assert run.action_values.mean(axis=0) == pytest.approx(exact, abs=0.08)
    assert np.abs(exact).max() > 0.8  # so that the tolerance proves something


def test_q_learning_walks_along_the_edge_and_sarsa_keeps_away_from_it(on_the_cliff):
    def greedy_returns(name):  # some tables of SARSA go round in circles: they earn −100
        return [
            round(policy_evaluation(cliff_walking(), policy, gamma=1.0, horizon=100).start_value, 6)
            for policy in on_the_cliff[name].policy
        ]

    assert set(greedy_returns("q_learning")) == {-13.0}
    assert np.median(greedy_returns("sarsa")) == -17.0
