"""Acrobot: two rods hang one from the other; swing the tip up by a motor between them (Sutton 1996).

A task with a late reward: every step costs 1 until the tip is a rod's length above the axle. `Acrobot(n)` swings n of
them at once, each as gymnasium's Acrobot-v1 does, up to the rounding of the last digit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box, Discrete
from numpy.typing import NDArray

from .vector_simulation import VectorSimulation

__all__ = ["Acrobot"]

# Both rods: length 1 m, mass 1 kg in the middle, moment of inertia 1 kg m². The centre of mass, m from the axle:
_CENTRE = 0.5
_GRAVITY = 9.8  # m/s²
_FASTEST = np.array([[4 * np.pi], [9 * np.pi]])  # rad/s, of the upper and the lower rod
_TAU = 0.2  # seconds between two decisions


class Acrobot(VectorSimulation):
    """n acrobots as one vector environment; −1 a step, 0 for the last one, truncated after 500.

    An observation (N, 6) float32 holds cos and sin of the upper rod's angle (0 hangs down), cos and sin of the angle
    between the rods, and their speeds (rad/s). Actions 0, 1, 2 are torques of −1, 0, 1 N m between the rods. The
    `state` holds the two angles and their speeds in double precision (4, N).

    Args:
        n: N.
        limit: Steps after which an episode is cut off; 500 in Acrobot-v1. None for no limit.
    """

    def __init__(self, n: int = 1, *, limit: int | None = 500) -> None:
        bound = np.array([1, 1, 1, 1, *_FASTEST.ravel()], dtype=np.float32)
        super().__init__(n, limit, Box(-bound, bound), Discrete(3))

    def _start(self, n: int, generator: np.random.Generator) -> NDArray[np.float64]:
        return generator.uniform(-0.1, 0.1, size=(4, n)).astype(np.float32).astype(np.float64)  # as gymnasium rounds

    def _move(
        self, actions: NDArray[Any], generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        if actions.shape != (self.n,) or actions.dtype.kind not in "iu" or actions.min() < 0 or actions.max() > 2:
            raise ValueError(f"expected {self.n} actions, each 0, 1 or 2, got {actions!r}")
        state = _advance(self.state, actions - 1.0)
        upper, lower = state[:2]
        reached = -np.cos(upper) - np.cos(lower + upper) > 1.0  # the tip's height, m
        return state, reached - 1.0, reached

    def _observe(self) -> NDArray[np.float32]:
        upper, lower, *speeds = self.state
        return np.stack((np.cos(upper), np.sin(upper), np.cos(lower), np.sin(lower), *speeds), axis=1).astype(
            np.float32
        )


def _advance(state: NDArray[np.float64], torque: NDArray[np.float64]) -> NDArray[np.float64]:
    """The state (4, N) after one step of Runge and Kutta's fourth-order method; torque (N,)."""
    half = _TAU / 2.0
    k1 = _derivative(state, torque)
    k2 = _derivative(state + half * k1, torque)
    k3 = _derivative(state + half * k2, torque)
    k4 = _derivative(state + _TAU * k3, torque)
    after = state + _TAU / 6.0 * (k1 + 2 * k2 + 2 * k3 + k4)
    angles, speeds = after[:2], after[2:]
    angles[angles > np.pi] -= 2 * np.pi
    angles[angles < -np.pi] += 2 * np.pi
    np.clip(speeds, -_FASTEST, _FASTEST, out=speeds)
    return after


def _derivative(state: NDArray[np.float64], torque: NDArray[np.float64]) -> NDArray[np.float64]:
    """Speeds and accelerations (4, N): the equations of motion, with all lengths, masses and moments 1.

    The order of operations is gymnasium's, where it matters for the rounding.
    """
    upper, lower, upper_speed, lower_speed = state
    cos, sin = np.cos(lower), np.sin(lower)
    inertia = _CENTRE**2 + (1 + _CENTRE**2 + cos) + 1.0 + 1.0  # of both rods about the axle
    coupling = _CENTRE**2 + _CENTRE * cos + 1.0
    lower_weight = _CENTRE * _GRAVITY * np.cos(upper + lower - np.pi / 2.0)
    upper_weight = (_CENTRE + 1) * _GRAVITY * np.cos(upper - np.pi / 2)
    pull = (
        -_CENTRE * lower_speed**2 * sin - lower_speed * upper_speed * sin + upper_weight + lower_weight
    )  # centrifugal, Coriolis and weight
    lower_acceleration = (torque + coupling / inertia * pull - _CENTRE * upper_speed**2 * sin - lower_weight) / (
        _CENTRE**2 + 1.0 - coupling**2 / inertia
    )
    upper_acceleration = -(coupling * lower_acceleration + pull) / inertia
    return np.stack((upper_speed, lower_speed, upper_acceleration, lower_acceleration))
