"""Sweeps: value iteration and iterative policy evaluation, one pass through all states at a time.

What a widget plays and a notebook counts; `dynamic_programming` runs them to the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .bellman import action_values, mean_value, policy_matrix
from .gymnasium_tables import as_mdp
from .never_ending import check_that_episodes_can_end, check_that_values_settle, unpaid_for_ever
from .settings import check_positive, check_share
from .tabular_mdp import TabularMDP
from .transition_tables import read_numbers

__all__ = ["Sweep", "policy_evaluation_sweeps", "value_iteration_sweeps"]


class Sweep(NamedTuple):
    """One sweep through all states.

    Attributes:
        number: Counted from 1.
        values: After the sweep (S,).
        change: The largest change that it made.
    """

    number: int
    values: NDArray[np.float64]
    change: float


def value_iteration_sweeps(
    env_or_mdp: Any,
    gamma: float = 0.99,
    *,
    initial: ArrayLike | None = None,
    in_place: bool = False,
    tolerance: float = 1e-10,
) -> Iterator[Sweep]:
    """The sweeps of value iteration one at a time, until the values are right to `tolerance`.

    Args:
        env_or_mdp, gamma: As in `value_iteration`.
        initial: Values to begin with (S,), e.g. those of a process that has changed since; 0 when left out. With
            γ = 1 too high a value may stay where a way back to it is free.
        in_place: Let each state see what the states before it have just learnt, instead of the last sweep's values.
        tolerance: How far from the optimal values the last sweep may be (with γ = 1: a thousandth of it is the largest
            change in the last sweep).
    """
    mdp = as_mdp(env_or_mdp)
    check_share("gamma", gamma)
    if gamma == 1:
        check_that_episodes_can_end(mdp)
    yield from _sweeps(mdp, None, gamma, initial, in_place, tolerance)


def policy_evaluation_sweeps(
    env_or_mdp: Any,
    policy: ArrayLike,
    gamma: float = 0.99,
    *,
    initial: ArrayLike | None = None,
    in_place: bool = False,
    tolerance: float = 1e-10,
) -> Iterator[Sweep]:
    """The sweeps of iterative policy evaluation one at a time (S&B 2018, §4.1).

    After k of them the values are those with k steps left.

    Args:
        env_or_mdp, policy, gamma: As in `policy_evaluation`.
        initial, in_place, tolerance: As in `value_iteration_sweeps`.
    """
    mdp = as_mdp(env_or_mdp)
    check_share("gamma", gamma)
    chosen = policy_matrix(mdp, policy)
    if gamma == 1:
        unpaid_for_ever(mdp, chosen)  # a policy that is paid for ever is told now
    yield from _sweeps(mdp, chosen, gamma, initial, in_place, tolerance)


def _sweeps(
    mdp: TabularMDP,
    chosen: NDArray[np.float64] | None,
    gamma: float,
    initial: ArrayLike | None,
    in_place: bool,
    tolerance: float,
) -> Iterator[Sweep]:
    """Sweeps until convergence: for a policy (S, A), or for the best action when `chosen` is None."""
    check_positive("tolerance", tolerance)
    goal = tolerance * ((1 - gamma) / gamma if 0 < gamma < 1 else 1e-3)
    values, number, change = _initial_values(mdp, initial), 0, np.inf
    while change > max(goal, 4 * np.finfo(float).eps * np.abs(values).max()):
        before, number = values, number + 1
        values = _sweep_in_place(mdp, chosen, gamma, before) if in_place else _backup(mdp, chosen, gamma, before)
        change = float(np.abs(values - before).max())
        if gamma == 1 and number % 1000 == 0:
            check_that_values_settle(mdp, before, values, number)
        yield Sweep(number, values, change)


def _initial_values(mdp: TabularMDP, initial: ArrayLike | None) -> NDArray[np.float64]:
    values = np.zeros(mdp.num_states) if initial is None else read_numbers("initial", initial)
    if values.shape != mdp.terminal.shape or not np.isfinite(values).all():
        raise ValueError(f"initial must hold {mdp.num_states} finite values, one for each state, got {initial!r}")
    values[mdp.terminal] = 0.0
    return values


def _backup(
    mdp: TabularMDP, chosen: NDArray[np.float64] | None, gamma: float, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    backup = action_values(mdp, values, gamma)
    return backup.max(axis=-1) if chosen is None else mean_value(chosen, backup)


def _sweep_in_place(
    mdp: TabularMDP, chosen: NDArray[np.float64] | None, gamma: float, values: NDArray[np.float64]
) -> NDArray[np.float64]:
    values = values.copy()
    for state in np.flatnonzero(~mdp.terminal):
        has = mdp.allowed[state]
        backup = mdp.expected_reward[state, has] + gamma * (mdp.P[state, has] @ values)
        values[state] = backup.max() if chosen is None else chosen[state, has] @ backup
    return values
