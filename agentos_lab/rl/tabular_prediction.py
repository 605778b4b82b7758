"""Prediction in tables: many learners follow a given policy and learn what its states are worth.

What Monte Carlo and temporal-difference prediction share; they differ in what a value is moved towards.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .bellman import policy_matrix
from .never_ending import check_that_episodes_end
from .settings import check_share
from .tabular_learning import TabularLearning, TabularStep
from .tabular_mdp import TabularMDP

__all__ = ["TabularPrediction", "read_policy"]


class TabularPrediction(TabularLearning):
    """N learners that follow a given policy and learn what its states are worth.

    Args:
        env, episodes, learners, seed, keep_every: As in `TabularLearning`.
        policy: An action for each state (S,), probabilities (S, A), or None: all actions alike.
        gamma: Discount γ.
        initial: Values before learning, a number or (S,).
    """

    def __init__(
        self,
        env: Any,
        policy: ArrayLike | None,
        episodes: int,
        *,
        gamma: float,
        learners: int,
        seed: int,
        initial: ArrayLike = 0.0,
        keep_every: int | None = 1,
    ) -> None:
        check_share("gamma", gamma)
        super().__init__(env, episodes, learners, seed, keep_every)
        self.gamma = gamma
        chances = read_policy(policy, self.mdp, self.num_states, self.num_actions)
        if self.mdp is not None:
            check_that_episodes_end(self.mdp, chances > 0)
        self._cumulative = chances.cumsum(axis=-1) / chances.sum(axis=-1, keepdims=True)  # (S, A), ends at 1
        self.start_table(initial, (self.num_states,))

    @property
    def values(self) -> NDArray[np.float64]:
        """V (N, S) as it is now; the array changes while learning goes on."""
        return self.table

    def follow(self, state: NDArray[np.int64]) -> NDArray[np.int64]:
        """What the policy does in states (N,)."""
        draw = self.generator.random(len(state))[:, None]
        return (self._cumulative[state] <= draw).sum(axis=-1).clip(max=self.num_actions - 1)

    def value(self, step: TabularStep) -> NDArray[np.float64]:
        """V of the states that a step led to (N,), 0 where they are terminal."""
        return np.where(step.terminated, 0.0, self.table[self.each, step.next_state])


def read_policy(policy: ArrayLike | None, env: Any, num_states: int, num_actions: int) -> NDArray[np.float64]:
    """Probabilities (S, A) of a policy: an action for each state (S,), probabilities (S, A), or None: all alike.

    Raises:
        ValueError: Wrong shape, actions that do not exist, probabilities that do not add up to 1.
    """
    mdp = env if isinstance(env, TabularMDP) else None
    if policy is None:
        allowed = np.ones((num_states, num_actions)) if mdp is None else mdp.allowed.astype(float)
        return allowed / allowed.sum(axis=-1, keepdims=True)
    if mdp is None:  # a process with the same shape and no opinion about which actions are allowed
        stay = np.repeat(np.eye(num_states)[:, None], num_actions, axis=1)
        mdp = TabularMDP(stay, np.zeros((num_states, num_actions)), np.zeros(num_states, bool), start=0)
    return policy_matrix(mdp, policy)
