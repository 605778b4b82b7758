"""The course of learning on a grid that is changed on the way."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    TabularControl,
    cliff_walking,
    frozen_lake,
    gridworld,
    policy_iteration,
    value_iteration_sweeps,
)
from agentos_lab.rl.q_learning import q_learning_steps
from widgets.value_map_history import CLOSE, history, learn_by_sampling, sweep_on

OPEN = gridworld("...G\n....\nS..H", step_reward=-0.02, rewards={"G": 1, "H": -1}, slip=0.2)
SHUT = gridworld("..#G\n..#.\nS..H", step_reward=-0.02, rewards={"G": 1, "H": -1}, slip=0.2)
GAMMA = 0.9


def test_the_frames_are_the_sweeps_of_value_iteration():
    (only,) = history([(0, OPEN)], GAMMA, sweep_on(GAMMA))
    sweeps = list(value_iteration_sweeps(OPEN, GAMMA))
    assert (only.values[0] == 0).all()
    for frame, sweep in zip(only.values[1:], sweeps, strict=False):
        assert np.array_equal(frame, sweep.values)


def test_the_last_frame_is_as_near_to_the_solution_as_a_picture_can_show_and_the_one_before_is_not():
    for world in (OPEN, SHUT, cliff_walking(), frozen_lake()):
        (only,) = history([(0, world)], GAMMA, sweep_on(GAMMA))
        exact = policy_iteration(world, GAMMA)  # by linear equations
        misses = np.abs(exact.values - only.values).max(axis=-1)
        near = CLOSE * np.abs(exact.values).max()
        assert misses[-1] < near <= misses[-2]
        assert np.allclose(only.optimal, exact.values, atol=1e-8)


def test_a_change_keeps_the_values_and_goes_on_to_the_new_solution():
    alone = history([(0, OPEN)], GAMMA, sweep_on(GAMMA))[0]
    before, after = history([(0, OPEN), (6, SHUT)], GAMMA, sweep_on(GAMMA))
    assert len(before.values) == 6 and np.array_equal(before.values, alone.values[:6])
    assert after.first == 6
    assert np.array_equal(after.values[0], np.where(SHUT.terminal, 0.0, alone.values[6]))
    assert np.allclose(after.values[-1], policy_iteration(SHUT, GAMMA).values, atol=1e-4)


def test_a_change_long_after_all_has_settled_finds_the_settled_values():
    before, after = history([(0, OPEN), (200, SHUT)], GAMMA, sweep_on(GAMMA))
    assert len(before.values) == 200 and np.allclose(before.values[-1], before.optimal, atol=1e-4)
    assert after.first == 200


def test_a_change_at_the_very_start_leaves_no_frame_of_the_old_grid():
    before, after = history([(0, OPEN), (0, SHUT)], GAMMA, sweep_on(GAMMA))
    assert len(before.values) == 0 and after.first == 0 and (after.values[0] == 0).all()


def test_episodes_of_q_learning_are_those_that_the_engine_plays():
    (only,) = history([(0, OPEN)], GAMMA, learn_by_sampling(GAMMA, 0.3, 0.2, 7, 12))
    learning = TabularControl(OPEN, 12, alpha=0.3, epsilon=0.2, gamma=GAMMA, seed=7)
    tables = [learning.action_values[0].copy() for step in q_learning_steps(learning) if step.done[0]]
    assert len(only.values) == 13
    assert np.array_equal(only.action_values[1:], tables)
    assert np.array_equal(only.values, only.action_values.max(axis=-1))


def test_q_learning_keeps_its_table_when_the_grid_changes():
    before, after = history([(0, OPEN), (40, SHUT)], GAMMA, learn_by_sampling(GAMMA, 0.3, 0.2, 0, 60))
    assert len(before.values) == 40 and len(after.values) == 61
    live = ~SHUT.terminal & ~OPEN.terminal
    learning = history([(0, OPEN)], GAMMA, learn_by_sampling(GAMMA, 0.3, 0.2, 0, 60))[0]
    assert np.array_equal(after.action_values[0][live], learning.action_values[40][live])


def test_an_episode_that_finds_no_goal_is_cut_off():
    (only,) = history([(0, gridworld("S#G"))], GAMMA, learn_by_sampling(GAMMA, 0.3, 0.2, 0, 5))
    assert len(only.values) == 6


def test_arrows_are_astray_exactly_where_a_greedy_action_is_not_optimal():
    (only,) = history([(0, OPEN)], GAMMA, sweep_on(GAMMA))
    assert not only.astray[-1].any()
    exact = policy_iteration(OPEN, GAMMA)
    for frame in (0, 2, 5):
        q = only.action_values[frame]
        for state in np.flatnonzero(only.floor):
            greedy = np.flatnonzero(q[state] > q[state].max() - 1e-9)
            best = np.flatnonzero(exact.action_values[state] > exact.action_values[state].max() - 1e-9)
            assert only.astray[frame, state] == bool(set(greedy) - set(best))


def test_cliffs_count_for_nothing_as_nobody_stands_there():
    (only,) = history([(0, cliff_walking())], 1.0, sweep_on(1.0))
    assert not only.misses[:, 37:47].any() and not only.astray[:, 37:47].any()


def test_a_world_without_end_is_told_when_nothing_is_discounted():
    with pytest.raises(ValueError, match="no policy reaches a terminal state"):
        history([(0, gridworld("S.#G"))], 1.0, sweep_on(1.0))
