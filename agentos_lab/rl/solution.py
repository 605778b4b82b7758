"""The exact solution of a decision process: values, action values and a policy, printed and drawn on its grid."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .tabular_mdp import TabularMDP

__all__ = ["Solution"]


@dataclass(frozen=True, eq=False)
class Solution:
    """What dynamic programming finds out.

    Attributes:
        mdp: The process that was solved.
        values: v(s) (S,): of the optimal policy, or of the one that was evaluated; 0 at terminal states.
        action_values: q(s, a) (S, A): take a, then go on in the same way; −∞ where an action is not allowed.
        policy: An action for every state (S,), or the probabilities (S, A) that were evaluated. With a horizon, what
            to do in the first step.
        gamma: Discount.
        horizon: Steps to act, or None for as many as one likes.
        method: How it was found.
        sweeps: How many times all states were gone through (policy iteration: policies evaluated).
        stage_values: With a horizon H: values with k steps left (H + 1, S), k = 0 … H.
        stage_policy: With a horizon: what to do with k steps left is row k − 1 of (H, S).
    """

    mdp: TabularMDP
    values: NDArray[np.float64]
    action_values: NDArray[np.float64]
    policy: NDArray[np.int64] | NDArray[np.float64]
    gamma: float
    horizon: int | None
    method: str
    sweeps: int
    stage_values: NDArray[np.float64] | None = None
    stage_policy: NDArray[np.int64] | None = None

    @property
    def start_value(self) -> float:
        """Expected return of an episode: the value of the start, averaged over where it may be."""
        return float(self.mdp.start @ self.values)
