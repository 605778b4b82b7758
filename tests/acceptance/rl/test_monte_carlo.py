"""Monte Carlo: blackjack's best play, the comparison with TD on the walk, and true values as means of returns."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    blackjack,
    evaluate,
    monte_carlo_control,
    monte_carlo_prediction,
    random_walk,
    td_prediction,
    value_iteration,
)

FIVE = np.array([0, 1, 2, 3, 4, 5, 0]) / 6


def test_td_is_better_than_monte_carlo_on_the_five_state_walk_with_any_of_their_step_sizes():
    def error(run):
        return run.rms_error(FIVE).mean(axis=1)

    walk = random_walk(5)
    td = [td_prediction(walk, episodes=100, alpha=alpha, learners=200, initial=0.5) for alpha in (0.05, 0.1, 0.15)]
    mc = {
        alpha: monte_carlo_prediction(walk, episodes=100, alpha=alpha, first_visit=False, learners=100, initial=0.5)
        for alpha in (0.01, 0.02, 0.03, 0.04)
    }
    assert [error(run)[-1] for run in mc.values()] == pytest.approx([0.094, 0.077, 0.088, 0.101], abs=0.015)
    best_td, best_mc = (np.min([error(run) for run in runs], axis=0) for runs in (td, mc.values()))
    assert (best_td <= best_mc)[1:].all()  # after every number of episodes


@pytest.mark.parametrize("first_visit", [True, False])
def test_the_mean_of_returns_comes_to_the_true_values(first_visit):
    run = monte_carlo_prediction(random_walk(5), episodes=400, first_visit=first_visit, learners=30, keep_every=None)
    assert run.values.mean(axis=0) == pytest.approx(FIVE, abs=0.02)


def test_control_finds_most_of_the_best_play_of_blackjack():
    table = blackjack()
    best = value_iteration(table, gamma=1.0)
    run = monte_carlo_control(table, 8_000, epsilon=0.1, exploring_starts=True, learners=10)
    known = best.action_values.max(-1) - best.action_values.min(-1) > 0.25  # states in which it matters
    known &= ~table.terminal
    assert known.sum() > 20
    agreement = (run.policy == best.policy)[:, known].mean()
    assert agreement > 0.75  # actions that are nearly as good go on being confused
    earned = evaluate(run.policy[0], table, episodes=4_000).mean
    assert earned == pytest.approx(best.start_value, abs=0.06)  # random play loses 0.4
