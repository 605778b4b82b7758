"""Acrobot against gymnasium's, one step at a time: it squares by another routine, and chaos would do the rest."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentos_lab.rl import Acrobot


def test_4_800_steps_are_those_of_gymnasium():
    n, generator = 8, np.random.default_rng(0)
    ours = Acrobot(n)
    obs, _ = ours.reset(seed=1)
    peers = [gymnasium.make("Acrobot-v1") for _ in range(n)]
    for peer in peers:
        peer.reset(seed=0)
    reached = cut = 0
    for _ in range(600):
        actions = np.where(
            generator.random(n) < np.linspace(0, 1, n), generator.integers(3, size=n), 2 * (obs[:, 4] < 0)
        )
        for peer, state in zip(peers, ours.state.T, strict=True):
            peer.unwrapped.state = state.copy()
        obs, reward, terminated, truncated, info = ours.step(actions)
        theirs = [peer.step(int(action)) for peer, action in zip(peers, actions, strict=True)]
        seen, paid, *ends, _ = (np.array(column) for column in zip(*theirs, strict=True))
        np.testing.assert_allclose(info["final_obs"], seen, rtol=1e-6, atol=1e-6)  # single precision
        assert (reward == paid).all() and (terminated == ends[0]).all() and (truncated == ends[1]).all()
        going = ~(terminated | truncated)
        theirs = np.transpose([peer.unwrapped.state for peer in peers])
        np.testing.assert_allclose(ours.state[:, going], theirs[:, going], rtol=1e-12, atol=1e-12)
        for i in np.flatnonzero(~going):
            peers[i].reset()
        reached, cut = reached + terminated.sum(), cut + truncated.sum()
    assert reached > 10 and cut > 0, "the comparison should have met both ends"


def test_one_acrobot_with_a_seed_starts_where_gymnasiums_does():
    peer, ours = gymnasium.make("Acrobot-v1"), Acrobot(1)
    np.testing.assert_array_equal(peer.reset(seed=5)[0], ours.reset(seed=5)[0][0])
    assert ours.single_observation_space == peer.observation_space
    assert ours.single_action_space == peer.action_space


@pytest.mark.parametrize("actions", [[0, 3], [0, -1], [0], [0.0, 1.0]])
def test_torques_that_do_not_exist_are_refused(actions):
    acrobots = Acrobot(2)
    acrobots.reset(seed=0)
    with pytest.raises(ValueError, match="expected 2 actions, each 0, 1 or 2"):
        acrobots.step(actions)
