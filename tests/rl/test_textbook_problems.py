"""The small processes of the textbook; their values are tested with dynamic programming."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl import (
    blackjack,
    gamblers_problem,
    maximization_bias,
    random_walk,
    short_corridor,
)


def test_a_random_walk_starts_in_the_middle_and_is_paid_at_the_ends():
    walk = random_walk(5)
    assert walk.start.tolist() == [0, 0, 0, 1, 0, 0, 0] and np.flatnonzero(walk.terminal).tolist() == [0, 6]
    assert walk.P[3, 0].tolist() == [0, 0, 0.5, 0, 0.5, 0, 0]
    assert walk.expected_reward[:, 0].tolist() == [0, 0, 0, 0, 0, 0.5, 0]
    assert random_walk(19, left=-1).expected_reward[1, 0] == -0.5


def test_in_the_second_cell_of_the_corridor_left_and_right_are_exchanged():
    assert short_corridor().P[:3].argmax(axis=-1).tolist() == [[0, 1], [2, 0], [1, 3]]


def test_a_gambler_stakes_no_more_than_he_owns_or_is_missing():
    game = gamblers_problem()
    assert game.allowed.sum(axis=1)[[1, 30, 50, 70, 99]].tolist() == [1, 30, 50, 30, 1]
    assert game.P[30, 19, [10, 50]].tolist() == [0.6, 0.4] and game.R[80, 19, 100] == 1.0


def test_the_hands_of_blackjack_start_with_the_right_probabilities():
    """An ace and a ten at once, the natural, comes in 2 · (1/13) · (4/13) of the deals, other ways to 21 are few."""
    mdp = blackjack()
    assert mdp.start.sum() == pytest.approx(1)
    by_card = mdp.start[:200].reshape(2, 10, 10).sum(axis=(0, 1))
    np.testing.assert_allclose(by_card, [1 / 13] * 9 + [4 / 13])
    natural = mdp.start[:10].sum()
    assert 2 * 4 / 169 < natural < 2 * 4 / 169 + 0.02


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: random_walk(0), "n must be a positive whole number"),
        (lambda: random_walk(2.5), "n must be a positive whole number, got 2.5"),
        (lambda: gamblers_problem(heads=1.2), "heads must lie between 0 and 1"),
        (lambda: gamblers_problem(goal=1), "goal must be a whole number from 2 on"),
        (lambda: maximization_bias(actions=1), "actions must be a whole number from 2 on"),
    ],
)
def test_problems_that_do_not_exist_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()
