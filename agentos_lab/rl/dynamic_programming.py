"""Dynamic programming: exact values and optimal policies of a process whose tables are known (S&B 2018, ch. 4).

Everything rests on one line, the Bellman backup: an action is worth what it pays and, discounted, what the state that
follows is worth. Sweep by sweep it gives policy evaluation, value iteration and, with a time limit, backward induction.
"""

from __future__ import annotations

from collections import deque
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .bellman import action_values, greedy, mean_value, policy_matrix
from .gymnasium_tables import as_mdp
from .never_ending import unpaid_for_ever
from .settings import check_count, check_share
from .solution import Solution
from .sweeps import value_iteration_sweeps
from .tabular_mdp import TabularMDP

__all__ = ["policy_evaluation", "policy_iteration", "value_iteration"]


def value_iteration(env_or_mdp: Any, gamma: float = 0.99, horizon: int | None = None) -> Solution:
    """The optimal values and a policy that earns them (Sutton & Barto 2018, §4.4).

    Args:
        env_or_mdp: A `TabularMDP`, or a gymnasium environment or id with a table of its own, e.g. ``"FrozenLake-v1"``.
        gamma: Discount γ in [0, 1]; 1 needs episodes that end.
        horizon: Steps that are left to act; None for as many as one likes. The time limit of a process is not read: to
            take it into account, pass ``horizon=mdp.limit``. The best action then depends on the steps left, see
            `Solution.stage_policy`.

    Returns:
        The solution. Where several actions are equally good its policy takes the first.

    Raises:
        ValueError: γ or horizon out of range; with γ = 1, episodes that never end, or that pay without end.

    Example:
        >>> from agentos_lab.rl import cliff_walking
        >>> float(value_iteration(cliff_walking(), gamma=1.0).start_value)
        -13.0
    """
    mdp = as_mdp(env_or_mdp)
    check_share("gamma", gamma)
    if horizon is not None:
        return _backward_induction(mdp, gamma, horizon, None)
    sweep = deque(value_iteration_sweeps(mdp, gamma), maxlen=1).pop()  # the last one
    values = action_values(mdp, sweep.values, gamma)
    return Solution(mdp, sweep.values, values, greedy(mdp, values), gamma, None, "value iteration", sweep.number)


def policy_evaluation(env_or_mdp: Any, policy: ArrayLike, gamma: float = 0.99, horizon: int | None = None) -> Solution:
    """What a policy is worth in every state: the solution of the Bellman equation (Sutton & Barto 2018, eq. 4.4).

    Args:
        env_or_mdp: As in `value_iteration`.
        policy: An action for every state (S,) int, or probabilities (S, A).
        gamma: Discount γ in [0, 1].
        horizon: Steps that are left; None for as many as it takes.

    Returns:
        The solution, with the policy that was given.

    Raises:
        ValueError: A policy of the wrong shape or with actions that do not exist; with γ = 1, a policy that never ends.
    """
    mdp = as_mdp(env_or_mdp)
    check_share("gamma", gamma)
    chosen = policy_matrix(mdp, policy)
    if horizon is not None:
        return _backward_induction(mdp, gamma, horizon, policy)
    values = _solve(mdp, chosen, gamma)
    return Solution(
        mdp, values, action_values(mdp, values, gamma), np.array(policy), gamma, None, "policy evaluation", 1
    )


def policy_iteration(env_or_mdp: Any, gamma: float = 0.99) -> Solution:
    """Evaluate a policy, act greedily on its values, until nothing changes (Howard 1960; S&B 2018, §4.3).

    It starts from the policy that tries all actions alike.

    Args:
        env_or_mdp: As in `value_iteration`.
        gamma: Discount γ in [0, 1].

    Returns:
        The solution; `sweeps` counts the policies evaluated.

    Raises:
        ValueError: As in `value_iteration`.
    """
    mdp = as_mdp(env_or_mdp)
    check_share("gamma", gamma)
    chosen = policy_matrix(mdp, mdp.allowed / mdp.allowed.sum(axis=-1, keepdims=True))
    policy = None
    for number in range(1, 10_000):
        values = _solve(mdp, chosen, gamma)
        backup = action_values(mdp, values, gamma)
        improved = greedy(mdp, backup, keep=policy)
        if policy is not None and (improved == policy).all():
            return Solution(mdp, values, backup, policy, gamma, None, "policy iteration", number)
        policy, chosen = improved, policy_matrix(mdp, improved)
    raise AssertionError("there are finitely many policies, and each is better than the last")


def _backward_induction(mdp: TabularMDP, gamma: float, horizon: int, policy: ArrayLike | None) -> Solution:
    """From the last step back to the first: with k steps left, act well and then as with k − 1 left."""
    check_count("horizon", horizon)
    chosen = None if policy is None else policy_matrix(mdp, policy)
    stages, decisions = [np.zeros(mdp.num_states)], []
    for _ in range(horizon):
        backup = action_values(mdp, stages[-1], gamma)
        decisions.append(greedy(mdp, backup))
        stages.append(backup.max(axis=-1) if chosen is None else mean_value(chosen, backup))
    method = "backward induction" if policy is None else "policy evaluation"
    act = decisions[-1] if policy is None else np.array(policy)
    stage_policy = np.stack(decisions) if policy is None else None
    return Solution(mdp, stages[-1], backup, act, gamma, horizon, method, horizon, np.stack(stages), stage_policy)


def _solve(mdp: TabularMDP, chosen: NDArray[np.float64], gamma: float) -> NDArray[np.float64]:
    """v = r + γ P v for a policy (S, A), as a system of linear equations."""
    P = np.einsum("ij,ijk->ik", chosen, mdp.P)  # (S, S) under the policy
    r = (chosen * mdp.expected_reward).sum(axis=-1)
    solve = ~mdp.terminal
    if gamma == 1:
        solve = solve & ~unpaid_for_ever(mdp, chosen)  # worth 0
    values = np.zeros(mdp.num_states)
    equations = np.eye(int(solve.sum())) - gamma * P[np.ix_(solve, solve)]
    values[solve] = np.linalg.solve(equations, r[solve])
    return values
