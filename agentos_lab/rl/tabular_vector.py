"""N episodes of one tabular process side by side, sampled together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .tabular_mdp import TabularMDP
from .vector_environment import VectorStep, check_count

__all__ = ["TabularVector"]


class TabularVector:
    """N episodes of one `TabularMDP` side by side; observations are states (N,) int64.

    Args:
        mdp: The process; its own episode, if one is under way, is not touched.
        n: N.

    Attributes:
        states, steps: Where each episode is, and for how long it has run (N,).
    """

    def __init__(self, mdp: TabularMDP, n: int) -> None:
        check_count(n)
        self.mdp, self.n = mdp, n
        self.single_observation_space, self.single_action_space = mdp.observation_space, mdp.action_space
        self.states = np.zeros(n, dtype=np.int64)
        self.steps = np.zeros(n, dtype=np.int64)
        self._all_allowed = bool(mdp.allowed.all())
        self._generator: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"{self.n} × {self.mdp}"

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.int64], dict[str, Any]]:
        """Start all episodes anew; a seed makes all that follows reproducible."""
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.states = self.mdp.sample_start(self.n, self._generator)
        self.steps = np.zeros(self.n, dtype=np.int64)
        return self.states.copy(), self._info(self.states.copy())

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`.

        The info has `action_mask` (N, A) where not every action is allowed everywhere.
        """
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        actions = np.asarray(actions)
        self.mdp.check_actions(self.states, actions)
        final, reward, terminated = self.mdp.sample(self.states, actions, self._generator)
        self.steps += 1
        truncated = np.zeros(self.n, bool) if self.mdp.limit is None else self.steps >= self.mdp.limit
        self.states = final.copy()
        done = terminated | truncated
        if done.any():
            self.states[done] = self.mdp.sample_start(int(done.sum()), self._generator)
            self.steps[done] = 0
        return self.states.copy(), reward, terminated, truncated, self._info(final)

    def _info(self, final_obs: NDArray[np.int64]) -> dict[str, Any]:
        info: dict[str, Any] = {"final_obs": final_obs}
        return info if self._all_allowed else {**info, "action_mask": self.mdp.allowed[self.states]}
