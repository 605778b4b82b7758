"""Pendulum against gymnasium's own."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest
from gymnasium_peers import begin_where, peers_of

from agentos_lab.rl import Pendulum


def test_6_400_steps_are_those_of_gymnasium():
    n, generator = 16, np.random.default_rng(0)
    rods = Pendulum(n)
    obs, _ = rods.reset(seed=1)
    peers = peers_of(rods, "Pendulum-v1")
    fastest = cut = 0
    for _ in range(400):
        actions = (3 * np.sign(obs[:, 2:]) * generator.random((n, 1))).astype(
            np.float32
        )  # with the swing, beyond ±2 too
        obs, reward, terminated, truncated, info = rods.step(actions)
        theirs = [peer.step(action) for peer, action in zip(peers, actions, strict=True)]
        seen, paid, *ends, _ = (np.array(column) for column in zip(*theirs, strict=True))
        assert (info["final_obs"] == seen).all()
        np.testing.assert_allclose(reward, paid, rtol=1e-13)
        assert (terminated == ends[0]).all() and (truncated == ends[1]).all()
        for i in np.flatnonzero(truncated):
            peers[i].reset()
            begin_where(rods, i, peers[i])
        assert (np.transpose([peer.unwrapped.state for peer in peers]) == rods.state).all()  # in double precision too
        fastest, cut = max(fastest, np.abs(seen[:, 2]).max()), cut + truncated.sum()
    assert cut == 2 * n and fastest == 8, "the comparison should have met the limits of time and speed"


def test_one_rod_with_a_seed_starts_where_gymnasiums_does():
    peer, rod = gymnasium.make("Pendulum-v1"), Pendulum(1)
    np.testing.assert_array_equal(peer.reset(seed=5)[0], rod.reset(seed=5)[0][0])
    assert rod.single_observation_space == peer.observation_space
    assert rod.single_action_space == peer.action_space


@pytest.mark.parametrize("actions", [[0.0, 0.0], [[np.nan], [0.0]], [[1.0]]])
def test_torques_of_the_wrong_kind_are_refused(actions):
    rods = Pendulum(2)
    rods.reset(seed=0)
    with pytest.raises(ValueError, match="expected a finite torque for each rod"):
        rods.step(actions)
