"""Pendulum: swing a rod up and hold it there with a motor too weak to lift it at once.

The task for continuous actions. `Pendulum(n)` swings n rods at once, each as gymnasium's Pendulum-v1 does.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from gymnasium.spaces import Box
from numpy.typing import NDArray

from .vector_simulation import VectorSimulation

__all__ = ["Pendulum"]

_FASTEST, _STRONGEST = 8.0, 2.0  # rad/s, and N m
_GRAVITY, _MASS, _LENGTH, _TAU = 10.0, 1.0, 1.0, 0.05  # m/s², kg, m, s


class Pendulum(VectorSimulation):
    """n rods, as one vector environment; observations (N, 3) float32: cos, sin of the angle (0 is up), its speed.

    Actions (N, 1) are torques, clipped to ±2 N m. A step costs the angle's square, a tenth of the speed's and a
    thousandth of the torque's, 16.3 at most. No state is terminal: an episode ends by its limit alone, and is
    truncated. The `state` holds angles (rad) and speeds (rad/s) in double precision (2, N).

    Args:
        n: N, the number of rods.
        limit: Steps after which an episode is cut off; 200 in Pendulum-v1. None for no limit.
    """

    def __init__(self, n: int = 1, *, limit: int | None = 200) -> None:
        bound = np.array([1.0, 1.0, _FASTEST], dtype=np.float32)
        super().__init__(n, limit, Box(-bound, bound), Box(-_STRONGEST, _STRONGEST, shape=(1,)))

    def _start(self, n: int, generator: np.random.Generator) -> NDArray[np.float64]:
        return generator.uniform([[-np.pi], [-1.0]], [[np.pi], [1.0]], size=(2, n))

    def _move(
        self, actions: NDArray[Any], generator: np.random.Generator
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.bool_]]:
        if actions.shape != (self.n, 1) or actions.dtype.kind not in "iuf" or not np.isfinite(actions).all():
            raise ValueError(f"expected a finite torque for each rod, shape {(self.n, 1)}, got {actions!r}")
        torque = np.clip(actions[:, 0].astype(np.float32), -_STRONGEST, _STRONGEST)
        return *_advance(self.state, torque), np.zeros(self.n, bool)

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
