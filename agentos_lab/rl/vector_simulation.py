"""N simulations in one array: the vector environments that NumPy moves all at once.

What they share is told once, here: how an episode that ends starts anew in the same step, and how the observation from
before is kept. A subclass says how episodes start, how they move, and what is observed.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .settings import check_count, check_seed
from .vector_environment import VectorStep

__all__ = ["VectorSimulation"]


class VectorSimulation:
    """A vector environment whose N states are the last axis of one array; see `VectorEnvironment`.

    Args:
        n: N.
        limit: Steps after which an episode is cut off (*truncated*); None for no limit.
        observation_space, action_space: gymnasium spaces of one of the N.

    Attributes:
        state: The states (…, N); may be written to.
        steps: Steps of the episodes under way (N,).
    """

    state: NDArray[Any]
    steps: NDArray[np.int64]

    def __init__(self, n: int, limit: int | None, observation_space: Any, action_space: Any) -> None:
        check_count("n", n)
        if limit is not None:
            check_count("limit", limit)
        self.n, self.limit = n, limit
        self.single_observation_space, self.single_action_space = observation_space, action_space
        self._generator: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.n}, limit={self.limit})"

    def reset(self, seed: int | None = None) -> tuple[NDArray[Any], dict[str, Any]]:
        """Start all episodes anew; a seed makes all that follows reproducible.

        With N = 1, starts are those of the gymnasium environment of the same name under the same seed.
        """
        if seed is not None:
            check_seed(seed)
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.state = self._start(self.n, self._generator)
        self.steps = np.zeros(self.n, dtype=np.int64)
        obs = self._observe()
        return obs, {"final_obs": obs}

    def step(self, actions: ArrayLike) -> VectorStep:
        """Act once in each; see `VectorEnvironment.step`."""
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        self.state, reward, terminated = self._move(np.asarray(actions), self._generator)
        self.steps += 1
        truncated = self.steps >= (self.limit or np.inf)
        final_obs = obs = self._observe()
        done = (terminated | truncated).nonzero()[0]
        if len(done):
            self.state[..., done] = self._start(len(done), self._generator)
            self.steps[done] = 0
            obs = self._observe()
        return obs, reward, terminated, truncated, {"final_obs": final_obs}

    def _start(self, n: int, generator: np.random.Generator) -> NDArray[Any]:
        """States of n new episodes (…, n)."""
        raise NotImplementedError

    def _move(
        self, actions: NDArray[Any], generator: np.random.Generator
    ) -> tuple[NDArray[Any], NDArray[np.float64], NDArray[np.bool_]]:
        """New states, in a new array (…, N), rewards (N,) and which of them are terminal (N,)."""
        raise NotImplementedError

    def _observe(self) -> NDArray[Any]:
        """Observations of all states (N, *O), in a new array."""
        raise NotImplementedError
