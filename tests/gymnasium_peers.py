"""Gymnasium's own environments beside ours, in the same states: the oracle for simulations."""

from __future__ import annotations

from typing import Any

import gymnasium

__all__ = ["begin_where", "peers_of"]


def peers_of(simulation: Any, name: str) -> list[gymnasium.Env]:
    """One environment of gymnasium for each of a simulation's, where these are now."""
    peers = [gymnasium.make(name) for _ in range(simulation.n)]
    for i, peer in enumerate(peers):
        peer.reset(seed=0)
        begin_where(simulation, i, peer)
    return peers


def begin_where(simulation: Any, i: int, peer: gymnasium.Env) -> None:
    """Put an environment of gymnasium into the state of the simulation's number i."""
    peer.unwrapped.state = simulation.state[:, i].copy()
