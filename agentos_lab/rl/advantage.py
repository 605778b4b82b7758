"""Advantage: how much better an action was than what the state promised, A(s, a) = Q(s, a) - V(s).

It has to be estimated, and the estimators trade bias for variance. The TD error looks one step ahead and trusts the
value function for the rest: biased as far as that is wrong, and calm. The Monte-Carlo advantage trusts only rewards:
no bias, and noisy. GAE goes from one to the other by λ. All functions are pure; arrays are (T,) or (T, N).
"""

from __future__ import annotations

import numpy as np

from .returns import Array, monte_carlo_return, read_series
from .settings import check_share

__all__ = ["gae", "monte_carlo_advantage", "normalize", "td_error"]


def gae(td_error: Array, done: Array, gamma: float, lam: float) -> Array:
    """Generalised advantage estimation: Σ (γλ)ˡ δ[t+l] to the end of the episode (Schulman et al. 2016, eq. 16).

    With λ = 0 it is the TD error, with λ = 1 the Monte-Carlo advantage (eq. 17 and 18).

    Args:
        td_error: δ, (T,) or (T, N); see `td_error` for what termination and truncation do to it.
        done: Whether the episode ended with this step, terminated or truncated: either way the next row belongs to
            another episode, and its errors are not this one's.
        gamma: Discount γ in [0, 1].
        lam: λ in [0, 1]: how far to look ahead before the value function is trusted.

    Returns:
        The same shape as `td_error`.

    Raises:
        ValueError: Shapes differ, a number is NaN or infinite, `done` is neither true nor false, or γ or λ outside
            [0, 1].
    """
    check_share("gamma", gamma)
    check_share("lam", lam)
    series, back = read_series(td_error=td_error, done=done)
    advantage = series["td_error"]
    decay = gamma * lam * ~series["done"]  # (T, N), 0 where the trace is cut
    for t in reversed(range(len(advantage) - 1)):
        advantage[t] += decay[t] * advantage[t + 1]
    return back(advantage)


def td_error(reward: Array, value: Array, next_value: Array, terminated: Array, gamma: float) -> Array:
    """The temporal-difference error δ = r + γ V(s') - V(s) (Sutton & Barto 2018, eq. 6.5).

    Args:
        reward: (T,) or (T, N).
        value: V of the state in which the step was taken.
        next_value: V of the state that it reached, *before* any reset. Where an episode was truncated this is the
            state beyond the time limit, not the first one of the next episode.
        terminated: Whether that state is terminal, so that its value is 0. Truncation does not belong here.
        gamma: Discount γ in [0, 1].

    Returns:
        The same shape as `reward`.

    Raises:
        ValueError: As in `gae`.
    """
    check_share("gamma", gamma)
    series, back = read_series(reward=reward, value=value, next_value=next_value, terminated=terminated)
    future = np.where(series["terminated"], 0.0, series["next_value"])
    return back(series["reward"] + gamma * future - series["value"])


def monte_carlo_advantage(
    reward: Array, value: Array, next_value: Array, terminated: Array, truncated: Array, gamma: float
) -> Array:
    """The Monte-Carlo advantage: the return (with bootstrap where the episode was truncated) less the value.

    Args:
        reward, value, next_value, terminated, gamma: As in `td_error`.
        truncated: Whether the episode was broken off after this step.

    Returns:
        The same shape as `reward`.
    """
    series, back = read_series(
        reward=reward, value=value, next_value=next_value, terminated=terminated, truncated=truncated
    )
    value_then = series.pop("value")
    return back(monte_carlo_return(**series, gamma=gamma) - value_then)


def normalize(advantage: Array, epsilon: float = 1e-8) -> Array:
    """Shift and scale to mean 0 and standard deviation 1, over all steps of a batch.

    Which actions are better than others does not change; the length of the update no longer depends on the unit of
    the reward.

    Args:
        advantage: Any shape.
        epsilon: Keeps a batch whose advantages are all equal from a division by 0; they become 0.
    """
    series, back = read_series(advantage=advantage)
    centred = series["advantage"] - series["advantage"].mean()
    return back(centred / (centred.std() + epsilon))
