"""Exploration: ε-greedy action, which mostly takes the best action it knows, and now and then any.

Who only ever takes what looks best learns nothing about the rest; with ε > 0 every action is tried for ever.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .settings import check_share

__all__ = ["epsilon_greedy", "epsilon_greedy_probabilities"]


def epsilon_greedy(
    action_values: NDArray[np.float64], epsilon: ArrayLike, generator: np.random.Generator
) -> NDArray[np.int64]:
    """Choose for each of N: with probability ε any action, all alike; else one of the best, all alike (S&B 2018, §2.2).

    Args:
        action_values: (N, A); −∞ where an action is not allowed, it is never chosen.
        epsilon: ε, a number or one for each (N,).
        generator: Source of chance.

    Returns:
        Actions (N,).

    Raises:
        ValueError: The values are not of shape (N, A), or ε is no share.
    """
    action_values = np.asarray(action_values)
    if action_values.ndim != 2:
        raise ValueError(f"action_values must have shape (N, A), a row for each choice, got {action_values.shape}")
    if not isinstance(generator, np.random.Generator):
        raise ValueError(f"generator is NumPy's, e.g. np.random.default_rng(0); got {generator!r}")
    if isinstance(epsilon, int | float):  # arrays come from learners, which have checked them
        check_share("epsilon", epsilon)
    explore = generator.random(len(action_values)) < np.asarray(epsilon, dtype=np.float64)
    best = action_values == action_values.max(axis=-1, keepdims=True)
    eligible = np.where(explore[:, None], action_values > -np.inf, best)  # (N, A)
    return (eligible * generator.random(eligible.shape)).argmax(axis=-1)


def epsilon_greedy_probabilities(action_values: NDArray[np.float64], epsilon: ArrayLike) -> NDArray[np.float64]:
    """The probabilities (N, A) with which `epsilon_greedy` chooses."""
    best = action_values == action_values.max(axis=-1, keepdims=True)
    allowed = action_values > -np.inf
    share = np.asarray(epsilon)[..., None]
    return share * allowed / allowed.sum(-1, keepdims=True) + (1 - share) * best / best.sum(-1, keepdims=True)
