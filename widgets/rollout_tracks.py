"""What an episode says step by step: reward, value, return, TD error and advantage, with its end told rightly.

A terminal state is worth nothing. A state at which a time limit cut the episode is worth what the value function says:
the return and the last TD error are bootstrapped from it. Where nobody has said what it is worth, they stay unknown.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl.advantage import gae
from agentos_lab.rl.episode import Episode

__all__ = ["Tracks", "tracks_of"]

Track = NDArray[np.float64]


@dataclass(frozen=True)
class Tracks:
    """Rows of numbers under an episode of T steps; NaN where a number is not known.

    Attributes:
        value: V of the state before each step (T,).
        next_value: V of the state after each step (T,); 0 after a terminal one.
        returns: G, the discounted rewards that really came (T,), bootstrapped where the episode was cut off.
        td_error: δ = r + γ V(s') − V(s) (T,).
        advantage: As the episode has it, else GAE (T,).
        has_value: Whether a value function was asked.
        bootstrapped: Whether the returns end in the value of a state that was not played on.
        is_gae: Whether the advantage is that of the γ and λ that were told.
    """

    value: Track
    next_value: Track
    returns: Track
    td_error: Track
    advantage: Track
    has_value: bool
    bootstrapped: bool
    is_gae: bool


def tracks_of(episode: Episode, gamma: float, lam: float) -> Tracks:
    """The rows of numbers under an episode.

    Args:
        episode: Its `value` may hold T values, or T + 1 with that of the last state.
        gamma, lam: Discount and λ with which it was played.

    Raises:
        ValueError: An array has not one entry for each step, or a reward is not finite.
    """
    steps = len(episode)
    for name in ("action", "value", "advantage", "probabilities"):
        check_length(name, getattr(episode, name), steps)
    if not np.isfinite(episode.reward).all():
        raise ValueError(f"rewards must be finite, got {episode.reward[~np.isfinite(episode.reward)][0]}")
    value, last = values_of(episode, gamma)
    follow = np.append(value[1:], 0.0 if episode.terminated else last)
    error = episode.reward + gamma * follow - value
    computed = gae(np.nan_to_num(error), np.zeros(steps, bool), gamma, lam)
    if np.isnan(error).any():
        computed = np.full(steps, np.nan)
    advantage = computed if episode.advantage is None else np.asarray(episode.advantage, dtype=np.float64)
    bootstrapped = not episode.terminated and bool(np.isfinite(last))
    returns, later = np.empty(steps), last if bootstrapped else 0.0
    for t in reversed(range(steps)):
        returns[t] = later = episode.reward[t] + gamma * later
    is_gae = bool(np.allclose(advantage, computed, rtol=1e-3, atol=1e-3))
    return Tracks(value, follow, returns, error, advantage, bool(np.isfinite(value).any()), bootstrapped, is_gae)


def values_of(episode: Episode, gamma: float) -> tuple[Track, float]:
    """V before each step (T,), and V of the last state; NaN where unknown."""
    steps = len(episode)
    unknown = np.full(steps, np.nan), np.nan
    if episode.value is None or (episode.advantage is None and not np.any(episode.value)):
        return unknown  # a rollout without a value function is full of zeros
    value = np.asarray(episode.value, dtype=np.float64)
    if len(value) == steps + 1:
        return value[:-1], float(value[-1])
    if episode.advantage is None or gamma == 0:
        return value, np.nan
    # The last advantage is the last TD error, and that holds the value of the last state.
    return value, float((episode.advantage[-1] + value[-1] - episode.reward[-1]) / gamma)


def check_length(name: str, array: NDArray[Any] | None, steps: int) -> None:
    """Refuse an array that has not one entry for each step."""
    allowed = (steps, steps + 1) if name == "value" else (steps,)
    if array is not None and len(array) not in allowed:
        raise ValueError(f"the episode has {steps} rewards, so that {name} must have {steps} entries, got {len(array)}")
