"""Cart and pole: keep a pole upright on a cart by pushing the cart left or right (Barto, Sutton & Anderson 1983).

`CartPole(n)` moves n carts at once, and every one of them bit for bit as gymnasium's CartPole-v1 does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

__all__ = ["CartPole"]

_GRAVITY, _POLE_MASS, _TOTAL_MASS = 9.8, 0.1, 0.1 + 1.0  # m/s², kg, kg
_HALF_LENGTH = 0.5  # of the pole, m
_POLE_MOMENT = _POLE_MASS * _HALF_LENGTH
_FORCE, _TAU = 10.0, 0.02  # N, and seconds between two pushes
_FARTHEST, _STEEPEST = 2.4, 12 * 2 * math.pi / 360  # m and rad: beyond them the episode is over


class CartPole:
    """n carts with a pole each, as one vector environment; observations (N, 4) float32, a reward of 1 per step.

    An observation is the cart's position (m) and velocity, the pole's angle (rad, 0 is upright) and angular velocity.
    A cart that fell, or reached the time limit, starts anew in the same step.

    Args:
        n: N, the number of carts.
        limit: Steps after which an episode is cut off; 500 in CartPole-v1. None for no limit.

    Attributes:
        state: What the observations show, in double precision (4, N); may be written to.
        steps: Steps of the episodes under way (N,).

    Example:
        >>> carts = CartPole(8)
        >>> obs, info = carts.reset(seed=0)
        >>> obs, reward, terminated, truncated, info = carts.step([0, 1] * 4)
        >>> obs.shape
        (8, 4)
    """

    def __init__(self, n: int = 1, *, limit: int | None = 500) -> None:
        if n < 1 or (limit is not None and limit < 1):
            raise ValueError(f"n and limit must be at least 1, got n={n}, limit={limit}")
        self.n, self.limit = n, limit
        bound = np.array([2 * _FARTHEST, np.inf, 2 * _STEEPEST, np.inf], dtype=np.float32)
        self.single_observation_space, self.single_action_space = Box(-bound, bound), Discrete(2)
        self.state = np.zeros((4, n))
        self.steps = np.zeros(n, dtype=np.int64)
        self._generator: np.random.Generator | None = None

    def __repr__(self) -> str:
        return f"CartPole({self.n}, limit={self.limit})"

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start all episodes anew; a seed makes all that follows reproducible.

        With one cart the draws are those of gymnasium's CartPole-v1 under the same seed.
        """
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.state = self._generator.uniform(-0.05, 0.05, size=(4, self.n))
        self.steps[:] = 0
        obs = self._observe()
        return obs, {"final_obs": obs}

    def step(
        self, actions: ArrayLike
    ) -> tuple[NDArray[np.float32], NDArray[np.float64], NDArray[np.bool_], NDArray[np.bool_], dict[str, Any]]:
        """Push every cart once: 0 to the left, 1 to the right.

        Args:
            actions: (N,) of 0 and 1.

        Returns:
            Observations after any reset (N, 4), rewards (N,), terminated (N,), truncated (N,), and an info whose
            `final_obs` (N, 4) is what was observed before any reset.
        """
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        self.state = _advance(self.state, self._forces(actions))
        self.steps += 1
        terminated = (np.abs(self.state[0]) > _FARTHEST) | (np.abs(self.state[2]) > _STEEPEST)
        truncated = np.zeros(self.n, bool) if self.limit is None else self.steps >= self.limit
        final_obs = obs = self._observe()
        done = terminated | truncated
        if done.any():
            self.state[:, done] = self._generator.uniform(-0.05, 0.05, size=(4, int(done.sum())))
            self.steps[done] = 0
            obs = self._observe()
        return obs, np.ones(self.n), terminated, truncated, {"final_obs": final_obs}

    def _forces(self, actions: ArrayLike) -> NDArray[np.float64]:
        actions = np.asarray(actions)
        if actions.shape != (self.n,) or actions.dtype.kind not in "iub" or actions.min() < 0 or actions.max() > 1:
            raise ValueError(f"expected {self.n} actions, each 0 (left) or 1 (right), got {actions!r}")
        return np.where(actions == 1, _FORCE, -_FORCE)

    def _observe(self) -> NDArray[np.float32]:
        return self.state.T.astype(np.float32, order="C")


def _advance(state: NDArray[np.float64], force: NDArray[np.float64]) -> NDArray[np.float64]:
    """Euler's method for one time step; state (4, N), force (N,). The order of operations is gymnasium's: another one
    rounds differently, and after a few hundred steps the poles fall at other times."""
    x, x_dot, theta, theta_dot = state
    cos, sin = np.cos(theta), np.sin(theta)
    push = (force + _POLE_MOMENT * np.square(theta_dot) * sin) / _TOTAL_MASS
    theta_acc = (_GRAVITY * sin - cos * push) / (_HALF_LENGTH * (4.0 / 3.0 - _POLE_MASS * np.square(cos) / _TOTAL_MASS))
    x_acc = push - _POLE_MOMENT * theta_acc * cos / _TOTAL_MASS
    return np.stack((x + _TAU * x_dot, x_dot + _TAU * x_acc, theta + _TAU * theta_dot, theta_dot + _TAU * theta_acc))
