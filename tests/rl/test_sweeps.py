"""Sweeps one at a time."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from agentos_lab.rl import (
    cliff_walking,
    frozen_lake,
    gamblers_problem,
    jumping_gridworld,
    policy_evaluation,
    policy_evaluation_sweeps,
    small_gridworld,
    value_iteration,
    value_iteration_sweeps,
)

# Figure 4.1 of Sutton & Barto: the values after k sweeps, upper half of the symmetric grid.
FIGURE_4_1 = {
    1: [0.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0, -1.0],
    2: [0.0, -1.75, -2.0, -2.0, -1.75, -2.0, -2.0, -2.0],  # printed as −1.7
    3: [0.0, -2.4, -2.9, -3.0, -2.4, -2.9, -3.0, -2.9],
    10: [0.0, -6.1, -8.4, -9.0, -6.1, -7.7, -8.4, -8.4],
}


def test_the_first_sweeps_are_those_of_figure_4_1():
    grid = small_gridworld()
    for sweep in policy_evaluation_sweeps(grid, np.full((16, 4), 0.25), gamma=1.0):
        if sweep.number in FIGURE_4_1:
            np.testing.assert_allclose(sweep.values[:8], FIGURE_4_1[sweep.number], atol=0.051)
    np.testing.assert_allclose(sweep.values[:4], [0, -14, -20, -22], atol=1e-9)


@pytest.mark.parametrize("k", [1, 2, 7])
def test_after_k_sweeps_the_values_are_those_with_k_steps_left(k):
    mdp, policy = frozen_lake(), np.full((16, 4), 0.25)
    *_, optimal = (sweep for sweep, _ in zip(value_iteration_sweeps(mdp, 0.9), range(k), strict=False))
    *_, evaluated = (sweep for sweep, _ in zip(policy_evaluation_sweeps(mdp, policy, 0.9), range(k), strict=False))
    np.testing.assert_allclose(optimal.values, value_iteration(mdp, 0.9, horizon=k).values, atol=1e-14)
    np.testing.assert_allclose(evaluated.values, policy_evaluation(mdp, policy, 0.9, horizon=k).values, atol=1e-14)


@pytest.mark.parametrize("make", [frozen_lake, cliff_walking, jumping_gridworld, gamblers_problem])
def test_sweeps_in_place_arrive_at_the_same_values_in_no_more_sweeps(make):
    mdp = make()
    *_, plain = value_iteration_sweeps(mdp, 0.9)
    *_, in_place = value_iteration_sweeps(mdp, 0.9, in_place=True)
    np.testing.assert_allclose(in_place.values, plain.values, atol=1e-9)
    assert in_place.number <= plain.number


@pytest.mark.parametrize("gamma", [0.3, 0.9, 0.99])
def test_each_sweep_brings_the_values_nearer_by_gamma_at_least(gamma):
    """The Bellman operator contracts (S&B 2018, §4.4); the last values are as near as asked for."""
    mdp = jumping_gridworld()
    exact = policy_evaluation(mdp, value_iteration(mdp, gamma).policy, gamma).values
    errors = [np.abs(sweep.values - exact).max() for sweep in value_iteration_sweeps(mdp, gamma, tolerance=1e-6)]
    assert all(after <= gamma * before + 1e-12 for before, after in pairwise(errors))
    assert errors[-1] <= 1e-6


def test_values_of_before_are_a_good_start():
    mdp = frozen_lake()
    *_, cold = value_iteration_sweeps(mdp, 0.95)
    *_, warm = value_iteration_sweeps(mdp, 0.95, initial=cold.values)
    assert warm.number <= 2 < cold.number
    np.testing.assert_allclose(warm.values, cold.values, atol=1e-9)


def test_wrong_values_to_begin_with_are_refused():
    for initial in ([1.0], [np.nan] * 16):
        with pytest.raises(ValueError, match="initial must hold 16 finite values"):
            next(value_iteration_sweeps(frozen_lake(), 0.9, initial=initial))
    with pytest.raises(ValueError, match="tolerance must be positive"):
        next(value_iteration_sweeps(frozen_lake(), 0.9, tolerance=0.0))
