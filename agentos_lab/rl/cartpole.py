"""Cart and pole: keep a pole upright on a cart by pushing the cart left or right (Barto, Sutton & Anderson 1983).

`CartPole(n)` moves n carts at once, and every one of them bit for bit as gymnasium's CartPole-v1 does.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from .vector_simulation import VectorSimulation

__all__ = ["CartPole"]

# Arrays of no dimension, which NumPy multiplies with in two thirds of the time that Python's numbers take.
_GRAVITY = np.array(9.8)  # m/s²
_POLE_MASS, _TOTAL_MASS = np.array(0.1), np.array(0.1 + 1.0)  # kg
_HALF_LENGTH = np.array(0.5)  # of the pole, m
_POLE_MOMENT = _POLE_MASS * _HALF_LENGTH
_FOUR_THIRDS = np.array(4.0 / 3.0)
_TAU = np.array(0.02)  # seconds between two pushes
_FORCES = np.array([-10.0, 10.0])  # N, of the actions left and right
_FARTHEST, _STEEPEST = np.array(2.4), np.array(12 * 2 * math.pi / 360)  # m and rad: beyond them the episode is over


class CartPole(VectorSimulation):
    """n carts with a pole each, as one vector environment; observations (N, 4) float32, a reward of 1 per step.

    An observation is the cart's position (m) and velocity, the pole's angle (rad, 0 is upright) and angular velocity.
    Actions push: 0 to the left, 1 to the right. A pole that leans by more than 12°, or a cart more than 2.4 m from the
    middle, ends the episode. The `state` is what the observations show, in double precision (4, N).

    Args:
        n: N, the number of carts.
        limit: Steps after which an episode is cut off; 500 in CartPole-v1. None for no limit.

    Example:
        >>> carts = CartPole(8)
        >>> obs, info = carts.reset(seed=0)
        >>> obs, reward, terminated, truncated, info = carts.step([0, 1] * 4)
        >>> obs.shape
        (8, 4)
    """

    def __init__(self, n: int = 1, *, limit: int | None = 500) -> None:
        bound = np.array([2 * _FARTHEST, np.inf, 2 * _STEEPEST, np.inf], dtype=np.float32)
        super().__init__(n, limit, Box(-bound, bound), Discrete(2))
        self._ones = np.ones(n)  # the reward, always the same, is made once
        self._ones.flags.writeable = False

    def _start(self, n: int, generator: np.random.Generator) -> NDArray[np.float64]:
        return generator.uniform(-0.05, 0.05, size=(4, n))

    def _move(
        self, actions: NDArray[Any], generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        # All bits that are set in any action; more than the lowest one if an action is neither 0 nor 1.
        if actions.shape != (self.n,) or actions.dtype.kind not in "iu" or np.bitwise_or.reduce(actions) not in (0, 1):
            raise ValueError(f"expected {self.n} actions, each 0 (left) or 1 (right), got {actions!r}")
        state = _advance(self.state, _FORCES[actions])
        return state, self._ones, (np.abs(state[0]) > _FARTHEST) | (np.abs(state[2]) > _STEEPEST)

    def _observe(self) -> NDArray[np.float32]:
        return self.state.T.astype(np.float32)


def _advance(state: NDArray[np.float64], force: NDArray[np.float64]) -> NDArray[np.float64]:
    """The state (4, N) after one time step by Euler's method (Florian 2007, eq. 23 and 24); force (N,).

    The order of operations is gymnasium's: another one rounds differently, and after a few hundred steps the poles fall
    at other times.
    """
    x, x_dot, theta, theta_dot = state
    cos, sin = np.cos(theta), np.sin(theta)
    push = (force + _POLE_MOMENT * np.square(theta_dot) * sin) / _TOTAL_MASS
    theta_acc = (_GRAVITY * sin - cos * push) / (
        _HALF_LENGTH * (_FOUR_THIRDS - _POLE_MASS * np.square(cos) / _TOTAL_MASS)
    )
    x_acc = push - _POLE_MOMENT * theta_acc * cos / _TOTAL_MASS
    return np.array((x + _TAU * x_dot, x_dot + _TAU * x_acc, theta + _TAU * theta_dot, theta_dot + _TAU * theta_acc))
