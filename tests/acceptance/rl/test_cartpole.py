"""Cart and pole for 51,200 steps: Gymnasium's, to the last bit."""

from __future__ import annotations

import numpy as np
from gymnasium_peers import begin_where, peers_of

from agentos_lab.rl import CartPole


def balancing(obs: np.ndarray, generator: np.random.Generator) -> np.ndarray:
    """Pushes that keep the first poles up and leave the last to chance, so that both ways to end are met."""
    lean = obs @ np.array([0.05, 0.1, 1.0, 0.3])
    return np.where(
        generator.random(len(obs)) < np.linspace(0.1, 0.9, len(obs)), generator.integers(0, 2, len(obs)), lean > 0
    )


def test_51_200_steps_are_those_of_gymnasium_bit_by_bit():
    n, generator = 32, np.random.default_rng(0)
    carts = CartPole(n)
    obs, _ = carts.reset(seed=1)
    peers = peers_of(carts, "CartPole-v1")
    fallen = cut = 0
    for _ in range(1_600):
        actions = balancing(obs, generator)
        obs, reward, terminated, truncated, info = carts.step(actions)
        theirs = [peer.step(int(action)) for peer, action in zip(peers, actions, strict=True)]
        for ours, told in zip(
            (info["final_obs"], reward, terminated, truncated), zip(*theirs, strict=True), strict=False
        ):
            assert (ours == np.array(told)).all()
        for i in np.flatnonzero(terminated | truncated):
            peers[i].reset()
            begin_where(carts, i, peers[i])
        assert (np.transpose([peer.unwrapped.state for peer in peers]) == carts.state).all()  # in double precision too
        fallen, cut = fallen + terminated.sum(), cut + truncated.sum()
    assert fallen > 20 and cut > 20, "the comparison should have met both ends"
