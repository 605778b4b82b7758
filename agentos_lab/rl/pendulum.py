"""Pendulum: swing a rod up and hold it there with a motor too weak to lift it at once.

The task for continuous actions. `Pendulum(n)` swings n rods at once, each as gymnasium's Pendulum-v1 does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import ArrayLike, NDArray

from .vector_environment import VectorStep, check_count

__all__ = ["Pendulum"]

_FASTEST, _STRONGEST = 8.0, 2.0  # rad/s, and N m
_GRAVITY, _MASS, _LENGTH, _TAU = 10.0, 1.0, 1.0, 0.05  # m/s², kg, m, s


class Pendulum:
    """n rods, as one vector environment; observations (N, 3) float32: cos, sin of the angle (0 is up), its speed.

    A step costs the angle's square, a tenth of the speed's, and a thousandth of the torque's, so that a return lies
    between −16.3 a step and 0. No state is terminal: an episode ends by its limit alone, and is truncated.

    Args:
        n: N, the number of rods.
        limit: Steps after which an episode is cut off; 200 in Pendulum-v1. None for no limit.

    Attributes:
        state: Angles (rad) and speeds (rad/s) in double precision (2, N); may be written to.
        steps: Steps of the episodes under way (N,).
    """

    def __init__(self, n: int = 1, *, limit: int | None = 200) -> None:
        check_count(n)
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be at least 1 step, or None, got {limit}")
        self.n, self.limit = n, limit
        bound = np.array([1.0, 1.0, _FASTEST], dtype=np.float32)
        self.single_observation_space = Box(-bound, bound)
        self.single_action_space = Box(-_STRONGEST, _STRONGEST, shape=(1,))
        self.state = np.zeros((2, n))
        self.steps = np.zeros(n, dtype=np.int64)
        self._generator: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"Pendulum({self.n}, limit={self.limit})"

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start all episodes anew, at any angle, with a speed up to 1; a seed makes all that follows reproducible."""
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.state = self._draw(self._generator, self.n)
        self.steps = np.zeros(self.n, dtype=np.int64)
        obs = self._observe()
        return obs, {"final_obs": obs}

    def step(self, actions: ArrayLike) -> VectorStep:
        """Apply a torque to each rod (N, 1), clipped to ±2 N m; see `VectorEnvironment.step`."""
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        self.state, reward = _advance(self.state, self._torques(actions))
        self.steps += 1
        terminated = np.zeros(self.n, bool)
        truncated = terminated.copy() if self.limit is None else self.steps >= self.limit
        final_obs = obs = self._observe()
        if truncated.any():
            self.state[:, truncated] = self._draw(self._generator, int(truncated.sum()))
            self.steps[truncated] = 0
            obs = self._observe()
        return obs, reward, terminated, truncated, {"final_obs": final_obs}

    @staticmethod
    def _draw(generator: np.random.Generator, n: int) -> NDArray[np.float64]:
        return generator.uniform([[-np.pi], [-1.0]], [[np.pi], [1.0]], size=(2, n))

    def _torques(self, actions: ArrayLike) -> NDArray[np.float32]:
        actions = np.asarray(actions, dtype=np.float32)
        if actions.shape != (self.n, 1) or not np.isfinite(actions).all():
            raise ValueError(f"expected a finite torque for each rod, shape {(self.n, 1)}, got {actions!r}")
        return np.clip(actions[:, 0], -_STRONGEST, _STRONGEST)

    def _observe(self) -> NDArray[np.float32]:
        angle, speed = self.state
        return np.stack((np.cos(angle), np.sin(angle), speed), axis=1).astype(np.float32)


def _advance(
    state: NDArray[np.float64], torque: NDArray[np.float32]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Semi-implicit Euler for one time step, and its reward; state (2, N), torque (N,). Operations in gymnasium's order
    and precision, so that the results are equal to the last bit."""
    angle, speed = state
    deviation = (angle + np.pi) % (2 * np.pi) - np.pi
    cost = deviation**2 + 0.1 * speed**2 + 0.001 * torque**2
    lift = 3 * _GRAVITY / (2 * _LENGTH) * np.sin(angle) + 3.0 / (_MASS * _LENGTH**2) * torque
    speed = np.clip(speed + lift * _TAU, -_FASTEST, _FASTEST)
    return np.stack((angle + speed * _TAU, speed)), -cost
