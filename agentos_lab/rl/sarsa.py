"""SARSA: learn the values of the policy that is followed, from state, action, reward, state, action.

Learning is *on-policy*: the target is the action that is really taken next, exploration included, so that a careless
learner learns to keep away from the cliff. Expected SARSA puts the mean over that choice in place of the one taken, and
is calmer. With n steps, n rewards count before the value.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .exploration import epsilon_greedy_probabilities
from .n_step_memory import NStepMemory
from .settings import check_count
from .tabular_learning import TabularControl, TabularStep
from .tabular_result import ControlRun

__all__ = ["expected_sarsa", "expected_sarsa_steps", "sarsa", "sarsa_steps"]


def sarsa(env: Any, episodes: int = 500, *, n: int = 1, **settings: Any) -> ControlRun:
    """Learn the action values of the ε-greedy policy that is followed (Sutton & Barto 2018, §6.4; n steps: §7.2).

    Args:
        env, episodes: As in `q_learning`.
        n: Rewards before the value: 1 is SARSA, more than an episode has is Monte Carlo.
        **settings: Those of `TabularControl`: alpha, epsilon, gamma, learners, seed, initial, keep_every.

    Returns:
        As `q_learning`.

    Raises:
        ValueError: As in `q_learning`.
    """
    check_count("n", n)
    learning = TabularControl(env, episodes, **settings)
    name = "SARSA" if n == 1 else f"{n}-step SARSA"
    return ControlRun.of(learning, name, learning.run(sarsa_steps(learning, n)))


def sarsa_steps(learning: TabularControl, n: int = 1) -> Iterator[TabularStep]:
    """The steps of `sarsa`, one at a time; the tables are in `learning`."""
    memory = NStepMemory(learning.learners, n, learning.gamma)
    each, A = learning.each, learning.num_actions
    action = learning.choose(learning.state)
    while learning.goes_on:
        step = learning.step(action)
        follow = learning.choose(step.next_state)  # A′, chosen before the update
        worth = np.where(step.terminated, 0.0, learning.action_values[each, step.next_state, follow])
        memory.push(step.state * A + step.action, step.reward)
        for due, pair, target in memory.targets(step.done, worth):
            learning.move(due & step.learning, pair // A, pair % A, target)
        learning.account(step)
        # An episode that a time limit cut off has a next state and another one, in which a new episode begins.
        action = np.where(step.done, learning.choose(learning.state), follow)
        yield step


def expected_sarsa(env: Any, episodes: int = 500, **settings: Any) -> ControlRun:
    """Learn with the mean over the next action in place of the one taken (van Seijen et al. 2009; S&B 2018, §6.6).

    Args:
        env, episodes, **settings: As in `sarsa`.

    Returns:
        Action values and returns.

    Raises:
        ValueError: As in `sarsa`.
    """
    learning = TabularControl(env, episodes, **settings)
    return ControlRun.of(learning, "Expected SARSA", learning.run(expected_sarsa_steps(learning)))


def expected_sarsa_steps(learning: TabularControl) -> Iterator[TabularStep]:
    """The steps of `expected_sarsa`, one at a time; the tables are in `learning`."""
    while learning.goes_on:
        step = learning.step(learning.choose(learning.state))
        follow = learning.action_values[learning.each, step.next_state]  # (N, A)
        chances = epsilon_greedy_probabilities(follow, learning.epsilon)
        mean = (chances * np.where(chances > 0, follow, 0.0)).sum(axis=-1)  # 0 · −∞ counts as 0
        learning.update(step, step.reward + learning.gamma * np.where(step.terminated, 0.0, mean))
        yield step
