"""The last n steps of N learners, kept until enough rewards have come in to learn from them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

__all__ = ["NStepMemory"]


class NStepMemory:
    """What n-step methods remember (Sutton & Barto 2018, ch. 7).

    A state can be updated n steps after it was left, with the n-step return r + γ r′ + … + γⁿ V; when its episode ends
    earlier, at once, with the rewards that there are.

    Args:
        learners: N.
        n: Rewards before the value.
        gamma: Discount γ.
    """

    def __init__(self, learners: int, n: int, gamma: float) -> None:
        self.n, self.gamma = n, gamma
        self.keys = np.zeros((learners, n), np.int64)  # oldest first
        self.rewards = np.zeros((learners, n))
        self.waiting = np.zeros(learners, np.int64)  # how many of the last ones have not been updated (N,)

    def push(self, key: NDArray[np.int64], reward: NDArray[np.float64]) -> None:
        """Remember a step: what to update (N,), and the reward (N,) that followed."""
        self.keys[:, :-1], self.rewards[:, :-1] = self.keys[:, 1:], self.rewards[:, 1:]
        self.keys[:, -1], self.rewards[:, -1] = key, reward
        self.waiting += 1

    def targets(
        self, done: NDArray[np.bool_], value: NDArray[np.float64]
    ) -> Iterator[tuple[NDArray[np.bool_], NDArray[np.int64], NDArray[np.float64]]]:
        """What can be updated now, oldest first: whose turn it is (N,), the keys (N,), their n-step returns (N,).

        Args:
            done: Whose episode ended with the last step (N,); all that waits there is due.
            value: Of the state that the last step led to (N,), 0 where it is terminal.
        """
        returns = np.empty_like(self.rewards)  # (N, n), of what is in each place
        later = value
        for place in reversed(range(self.n)):
            later = returns[:, place] = self.rewards[:, place] + self.gamma * later
        for place in range(self.n if done.any() else 1):
            due = (self.waiting >= self.n - place) & (done | (place == 0))
            yield due, self.keys[:, place], returns[:, place]
        self.waiting[self.waiting == self.n] -= 1
        self.waiting[done] = 0
