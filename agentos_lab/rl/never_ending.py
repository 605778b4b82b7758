"""Episodes that never end: without a discount their rewards may add up without bound, and then there is no value.

An unpaid life for ever is harmless (worth 0); these checks tell it from the paid one, and say where it happens.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .bellman import action_values, greedy
from .tabular_mdp import TabularMDP

__all__ = [
    "check_that_episodes_can_end",
    "check_that_episodes_end",
    "check_that_values_settle",
    "reaches",
    "unpaid_for_ever",
]


def reaches(P: NDArray[np.float64], goal: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """From which states (S,) a chain P (S, S) can get to a goal (S,)."""
    reached = goal
    while True:
        wider = reached | (P[:, reached] > 0).any(axis=-1)
        if (wider == reached).all():
            return reached
        reached = wider


def unpaid_for_ever(mdp: TabularMDP, chosen: NDArray[np.float64]) -> NDArray[np.bool_]:
    """From which states (S,) a policy (S, A) never ends, and is never paid either.

    Raises:
        ValueError: It never ends somewhere, and goes on being paid.
    """
    P = np.einsum("ij,ijk->ik", chosen, mdp.P)  # (S, S) under the policy
    endless = ~reaches(P, mdp.terminal)
    paid = endless & ((chosen > 0) & (mdp.expected_reward != 0)).any(axis=-1)
    if paid.any():
        state = int(np.flatnonzero(paid)[0])
        raise ValueError(
            f"with gamma=1 this policy has no value: from {mdp.state_name(state)} it never reaches a terminal state "
            "and goes on being paid. Take gamma < 1, a horizon, or a policy that ends"
        )
    return endless


def check_that_episodes_end(mdp: TabularMDP, chosen: NDArray[np.bool_]) -> None:
    """Who learns from episodes needs ends: no state may be entered from which none is in reach, without a limit.

    Args:
        mdp: The process.
        chosen: Which actions are ever taken (S, A).

    Raises:
        ValueError: There is such a state, and no time limit.
    """
    if mdp.limit is not None:
        return
    P = np.where(chosen[..., None], mdp.P, 0.0).sum(axis=1)  # (S, S)
    entered = mdp.start > 0
    while (wider := entered | (P[entered] > 0).any(axis=0)).sum() > entered.sum():
        entered = wider
    trapped = entered & ~reaches(P, mdp.terminal)
    if trapped.any():
        state = int(np.flatnonzero(trapped)[0])
        raise ValueError(
            f"an episode of {mdp.name or 'this process'} would never end: from {mdp.state_name(state)} no terminal "
            "state is in reach. Give it a time limit, TabularMDP(…, limit=100)"
        )


def check_that_episodes_can_end(mdp: TabularMDP) -> None:
    """With γ = 1 every state must have a way to an end, unless nothing is paid any more.

    Raises:
        ValueError: Some state has none, and is paid.
    """
    endless = ~reaches(np.where(mdp.allowed[..., None], mdp.P, 0.0).sum(axis=1), mdp.terminal)
    paid = endless & (mdp.expected_reward != 0).any(axis=-1)
    if paid.any():
        state = int(np.flatnonzero(paid)[0])
        raise ValueError(
            f"with gamma=1 there is no optimal value: from {mdp.state_name(state)} no policy reaches a terminal state, "
            "and rewards add up without end. Take gamma < 1, or a horizon"
        )


def check_that_values_settle(
    mdp: TabularMDP, before: NDArray[np.float64], values: NDArray[np.float64], number: int
) -> None:
    """With γ = 1 values grow without bound where it pays better never to end.

    Args:
        mdp: The process.
        before, values: Before and after the last sweep (S,).
        number: Of that sweep.

    Raises:
        ValueError: They grow where the greedy policy never ends.
    """
    policy = greedy(mdp, action_values(mdp, values, 1.0))
    P = mdp.P[np.arange(mdp.num_states), policy]
    growing = ~reaches(P, mdp.terminal) & (values - before > 1e-6)
    if growing.any():
        state = int(np.flatnonzero(growing)[0])
        raise ValueError(
            f"with gamma=1 the values grow without end (still by {(values - before).max():.3g} in sweep {number}): "
            f"from {mdp.state_name(state)} it pays never to finish. Take gamma < 1, or a horizon"
        )
