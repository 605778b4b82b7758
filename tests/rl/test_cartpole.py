"""Cart and pole: to the last bit what gymnasium's own environments do."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentos_lab.rl import CartPole


def test_one_cart_with_a_seed_lives_gymnasiums_life_through_all_episodes():
    peer, cart, generator = gymnasium.make("CartPole-v1"), CartPole(1), np.random.default_rng(0)
    theirs, _ = peer.reset(seed=7)
    ours, _ = cart.reset(seed=7)
    for _ in range(1_000):
        np.testing.assert_array_equal(ours[0], theirs)
        action = int(generator.integers(2))
        theirs, _, terminated, truncated, _ = peer.step(action)
        ours, *_ = cart.step([action])
        if terminated or truncated:
            theirs, _ = peer.reset()


def test_a_reset_comes_in_the_same_step_and_the_last_observation_is_kept():
    carts = CartPole(4)
    obs, info = carts.reset(seed=0)
    assert info["final_obs"] is obs
    for _ in range(30):
        obs, _, terminated, _, info = carts.step([1, 1, 1, 1])
        np.testing.assert_array_equal((obs == info["final_obs"]).all(axis=1), ~terminated)
        assert (np.abs(info["final_obs"][terminated, 2]) > 0.2).all() and (np.abs(obs[terminated]) <= 0.05).all()
        assert (carts.steps[terminated] == 0).all()


def test_a_limit_truncates_and_does_not_terminate():
    carts = CartPole(3, limit=5)
    carts.reset(seed=0)
    ends = [carts.step([t % 2] * 3)[2:4] for t in range(10)]
    assert not any(terminated.any() for terminated, _ in ends)
    assert [truncated.all() for _, truncated in ends] == [False, False, False, False, True] * 2
    endless = CartPole(1, limit=None)
    endless.reset(seed=0)
    assert not endless.step([0])[3].any()


def test_the_spaces_are_gymnasiums():
    peer, cart = gymnasium.make("CartPole-v1"), CartPole()
    assert cart.single_observation_space == peer.observation_space
    assert cart.single_action_space == peer.action_space


def test_the_same_seed_gives_the_same_episodes():
    first, second = CartPole(8), CartPole(8)
    np.testing.assert_array_equal(first.reset(seed=3)[0], second.reset(seed=3)[0])
    for t in range(60):
        np.testing.assert_array_equal(first.step([t % 2] * 8)[0], second.step([t % 2] * 8)[0])
    assert (first.reset()[0] != second.reset(seed=3)[0]).all()


@pytest.mark.parametrize("actions", [[0, 2], [0, -1], [0], [0.0, 1.0], [[0], [1]], [True, False]])
def test_pushes_that_do_not_exist_are_refused(actions):
    carts = CartPole(2)
    carts.reset(seed=0)
    with pytest.raises(ValueError, match=r"expected 2 actions, each 0 \(left\) or 1 \(right\)"):
        carts.step(actions)


def test_a_step_before_the_reset_is_refused():
    with pytest.raises(ValueError, match="call reset"):
        CartPole(2).step([0, 1])
    with pytest.raises(ValueError, match="n must be a positive whole number"):
        CartPole(0)
    with pytest.raises(ValueError, match="limit must be a positive whole number"):
        CartPole(1, limit=0)
