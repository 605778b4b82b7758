"""N episodes of one tabular process side by side, sampled together."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .tabular_mdp import TabularMDP
from .vector_environment import VectorStep
from .vector_simulation import VectorSimulation

__all__ = ["TabularVector"]


class TabularVector(VectorSimulation):
    """N episodes of one `TabularMDP` side by side; the `state` (N,) int64 is what is observed.

    The info has an `action_mask` (N, A) where not every action is allowed everywhere.

    Args:
        mdp: The process; its own episode, if one is under way, is not touched.
        n: N.
    """

    def __init__(self, mdp: TabularMDP, n: int) -> None:
        super().__init__(n, mdp.limit, mdp.observation_space, mdp.action_space)
        self.mdp = mdp
        self._all_allowed = bool(mdp.allowed.all())

    def __repr__(self) -> str:
        return f"{self.n} × {self.mdp}"

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.int64], dict[str, Any]]:
        """Start all episodes anew; a seed makes all that follows reproducible."""
        obs, info = super().reset(seed)
        return obs, self._with_mask(info)

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`."""
        obs, reward, terminated, truncated, info = super().step(actions)
        return obs, reward, terminated, truncated, self._with_mask(info)

    def _start(self, n: int, generator: np.random.Generator) -> NDArray[np.int64]:
        return self.mdp.sample_start(n, generator)

    def _move(
        self, actions: NDArray[Any], generator: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
        self.mdp.check_actions(self.state, actions)
        return self.mdp.sample(self.state, actions, generator)

    def _observe(self) -> NDArray[np.int64]:
        return self.state.copy()

    def _with_mask(self, info: dict[str, Any]) -> dict[str, Any]:
        return info if self._all_allowed else {**info, "action_mask": self.mdp.allowed[self.state]}
