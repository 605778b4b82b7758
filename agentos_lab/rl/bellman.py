"""The Bellman backup: an action is worth what it pays and, discounted, what the state that follows is worth.

With it, what goes together: the greedy policy, and a policy's mean of action values.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .tabular_mdp import TabularMDP

__all__ = ["action_values", "best_actions", "greedy", "mean_value", "policy_matrix"]

_TIE = 1e-9  # actions whose values differ by less, relative to the largest value, are equally good


def action_values(mdp: TabularMDP, values: ArrayLike, gamma: float) -> NDArray[np.float64]:
    """The Bellman backup q(s, a) = r(s, a) + γ Σ P(s′ | s, a) v(s′), (S, A); −∞ where an action is not allowed.

    Args:
        mdp: The process.
        values: v (S,).
        gamma: Discount γ.
    """
    backup = mdp.expected_reward + gamma * (mdp.P @ np.asarray(values, dtype=np.float64))
    return np.where(mdp.allowed, backup, -np.inf)


def best_actions(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which actions (S, A) are as good as any, up to rounding.

    Args:
        values: Action values (S, A), −∞ where an action is not allowed.
    """
    best = values.max(axis=-1, keepdims=True)
    return values >= best - _TIE * np.maximum(1.0, np.abs(best))


def greedy(mdp: TabularMDP, values: NDArray[np.float64], keep: NDArray[np.int64] | None = None) -> NDArray[np.int64]:
    """The best action of every state (S,): of several, that of `keep` if it is among them, else the first.

    Args:
        mdp: The process.
        values: Action values (S, A), −∞ where an action is not allowed.
        keep: A policy (S,) to leave as it is where it is good enough.
    """
    good = best_actions(values)
    first = good.argmax(axis=-1)
    return first if keep is None else np.where(good[np.arange(len(good)), keep], keep, first)


def policy_matrix(mdp: TabularMDP, policy: ArrayLike) -> NDArray[np.float64]:
    """A policy as probabilities (S, A), from an action for every state (S,) or from probabilities.

    Raises:
        ValueError: Wrong shape, actions that do not exist, probabilities that do not add up to 1.
    """
    S, A = mdp.num_states, mdp.num_actions
    given = np.asarray(policy)
    live = ~mdp.terminal
    if given.shape == (S,) and given.dtype.kind in "iu":
        mdp.check_actions(np.flatnonzero(live), given[live])
        return np.eye(A)[np.where(live, given, 0)]
    if given.shape != (S, A) or given.dtype.kind not in "iuf":
        raise ValueError(
            f"a policy is an action for each state, {(S,)} whole numbers, or probabilities of shape {(S, A)}; got "
            f"{given.dtype} of shape {given.shape}"
        )
    wrong = live & ~((given >= 0).all(axis=-1) & (np.abs(given.sum(axis=-1) - 1) < 1e-8))
    if wrong.any():
        state = int(np.flatnonzero(wrong)[0])
        raise ValueError(
            f"the policy's probabilities in {mdp.state_name(state)} are {given[state]}: not ≥ 0 with sum 1"
        )
    banned = live & ((given > 0) & ~mdp.allowed).any(axis=-1)
    if banned.any():
        raise ValueError(
            f"the policy takes actions in {mdp.state_name(int(np.flatnonzero(banned)[0]))} that do not exist there"
        )
    return np.where(live[:, None], given, 1.0 / A)


def mean_value(chosen: NDArray[np.float64], backup: NDArray[np.float64]) -> NDArray[np.float64]:
    """Mean (S,) of action values (S, A) under a policy's probabilities (S, A); 0 · −∞ counts as 0."""
    return np.where(chosen > 0, chosen * np.where(chosen > 0, backup, 0.0), 0.0).sum(axis=-1)
