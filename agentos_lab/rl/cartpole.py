"""Cart and pole: keep a pole upright on a cart by pushing the cart left or right (Barto, Sutton & Anderson 1983).

`CartPole(n)` moves n carts at once, and every one of them bit for bit as gymnasium's CartPole-v1 does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import ArrayLike, NDArray

from .vector_environment import VectorStep, check_count

__all__ = ["CartPole"]

# Arrays of no dimension, which NumPy multiplies with in two thirds of the time that Python's numbers take.
_GRAVITY = np.array(9.8)  # m/s²
_POLE_MASS, _TOTAL_MASS = np.array(0.1), np.array(0.1 + 1.0)  # kg
_HALF_LENGTH = np.array(0.5)  # of the pole, m
_POLE_MOMENT = _POLE_MASS * _HALF_LENGTH
_FOUR_THIRDS = np.array(4.0 / 3.0)
_TAU = np.array(0.02)  # seconds between two pushes
_FORCES = np.array([-10.0, 10.0])  # N, of the actions left and right
_LIMITS = np.array([[2.4], [12 * 2 * math.pi / 360]])  # of the position (m) and the angle (rad): beyond, it is over


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
        check_count(n)
        if limit is not None and limit < 1:
            raise ValueError(f"limit must be at least 1 step, or None, got {limit}")
        self.n, self.limit = n, limit
        (farthest,), (steepest,) = 2 * _LIMITS
        bound = np.array([farthest, np.inf, steepest, np.inf], dtype=np.float32)
        self.single_observation_space, self.single_action_space = Box(-bound, bound), Discrete(2)
        self.state = np.zeros((4, n))
        self.steps = np.zeros(n, dtype=np.int64)
        self._generator: np.random.Generator | None = None
        self._ones = np.ones(n)  # the reward, always the same, is made once
        self._ones.flags.writeable = False

    def __repr__(self) -> str:
        return f"CartPole({self.n}, limit={self.limit})"

    def reset(self, seed: int | None = None) -> tuple[NDArray[np.float32], dict[str, Any]]:
        """Start all episodes anew; a seed makes all that follows reproducible.

        With one cart, starts are those of gymnasium's CartPole-v1 under the same seed, now and after every episode.
        """
        if seed is not None or self._generator is None:
            self._generator = np.random.default_rng(seed)
        self.state = self._generator.uniform(-0.05, 0.05, size=(4, self.n))
        self.steps = np.zeros(self.n, dtype=np.int64)
        obs = _observed(self.state)
        return obs, {"final_obs": obs}

    def step(self, actions: ArrayLike) -> VectorStep:
        """Push every cart once; see `VectorEnvironment.step`.

        Args:
            actions: 0 to the left, 1 to the right (N,).
        """
        if self._generator is None:
            raise ValueError("call reset() before the first step")
        self.state = _advance(self.state, self._forces(actions))
        self.steps += 1
        too_far = np.abs(self.state[0::2]) > _LIMITS  # (2, N): the cart's position, the pole's angle
        terminated = too_far[0] | too_far[1]
        truncated = self.steps >= (self.limit or np.inf)
        final_obs = obs = _observed(self.state)
        done = (terminated | truncated).nonzero()[0]
        if len(done):
            self.state[:, done] = self._generator.uniform(-0.05, 0.05, size=(4, len(done)))
            self.steps[done] = 0
            obs = _observed(self.state)
        return obs, self._ones, terminated, truncated, {"final_obs": final_obs}

    def _forces(self, actions: ArrayLike) -> NDArray[np.float64]:
        actions = np.asarray(actions)
        # All bits that are set in any action; more than the lowest one if an action is neither 0 nor 1.
        if actions.shape != (self.n,) or actions.dtype.kind not in "iu" or np.bitwise_or.reduce(actions) not in (0, 1):
            raise ValueError(f"expected {self.n} actions, each 0 (left) or 1 (right), got {actions!r}")
        return _FORCES[actions]


def _observed(state: NDArray[np.float64]) -> NDArray[np.float32]:
    """Observations (N, 4) of a state (4, N)."""
    return state.T.astype(np.float32)


def _advance(state: NDArray[np.float64], force: NDArray[np.float64]) -> NDArray[np.float64]:
    """The state (4, N) after one time step by Euler's method (Florian 2007, eq. 23 and 24); force (N,).

    The order of operations is gymnasium's: another one rounds differently, and after a few hundred steps the poles fall
    at other times. Both positions and both velocities move together, which saves half of the calls.
    """
    _, _, theta, theta_dot = state
    cos, sin = np.cos(theta), np.sin(theta)
    push = (force + _POLE_MOMENT * np.square(theta_dot) * sin) / _TOTAL_MASS
    acceleration, after = np.empty((2, len(theta))), np.empty_like(state)
    acceleration[1] = theta_acc = (_GRAVITY * sin - cos * push) / (
        _HALF_LENGTH * (_FOUR_THIRDS - _POLE_MASS * np.square(cos) / _TOTAL_MASS)
    )
    acceleration[0] = push - _POLE_MOMENT * theta_acc * cos / _TOTAL_MASS
    np.add(state[0::2], _TAU * state[1::2], out=after[0::2])
    np.add(state[1::2], _TAU * acceleration, out=after[1::2])
    return after
