"""Q-learning: learn the values of the best policy while following another one (Watkins 1989).

The target takes the best action in the next state, whatever is done there: learning is *off-policy*. The maximum has a
price. The largest of several noisy guesses is too large on average, and Q-learning believes it; Double Q-learning lets
one table choose the action and the other say what it is worth.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .single_learner import is_single_learner, q_learning_of_one
from .tabular_learning import TabularControl, TabularStep
from .tabular_result import ControlRun

__all__ = ["double_q_learning", "double_q_learning_steps", "q_learning", "q_learning_steps"]


def q_learning(env: Any, episodes: int = 500, **settings: Any) -> ControlRun:
    """Learn optimal action values by Q-learning (Sutton & Barto 2018, §6.5).

    Args:
        env: A gymnasium id, an environment, or one of ours, with numbered (`Discrete`) observations and actions.
        episodes: How many each learner plays.
        **settings: Those of `TabularControl`: alpha, epsilon, gamma, learners, seed, initial, keep_every.

    Returns:
        Action values (N, S, A) and returns (N, episodes); what was learned so far, after an interrupt.

    Raises:
        ValueError: A setting out of range, or an environment whose observations are not numbers.

    Example:
        >>> from agentos_lab.rl import cliff_walking
        >>> run = q_learning(cliff_walking(), episodes=300, learners=10, seed=0)
        >>> run.action_values.shape, run.returns.shape
        ((10, 48, 4), (10, 300))
    """
    learning = TabularControl(env, episodes, **settings)
    if is_single_learner(learning, env):
        return ControlRun.of(learning, "Q-learning", q_learning_of_one(learning, env))
    return ControlRun.of(learning, "Q-learning", learning.run(q_learning_steps(learning)))


def q_learning_steps(learning: TabularControl) -> Iterator[TabularStep]:
    """The steps of `q_learning`, one at a time; the tables are in `learning`."""
    while learning.goes_on:
        step = learning.step(learning.choose(learning.state))
        best = learning.action_values[learning.each, step.next_state].max(axis=-1)  # (N,)
        learning.update(step, step.reward + learning.gamma * np.where(step.terminated, 0.0, best))
        yield step


def double_q_learning(env: Any, episodes: int = 500, **settings: Any) -> ControlRun:
    """Learn optimal action values without the bias of the maximum (van Hasselt 2010; Sutton & Barto 2018, §6.7).

    Args:
        env, episodes, **settings: As in `q_learning`.

    Returns:
        The mean of both tables, and returns.

    Raises:
        ValueError: As in `q_learning`.
    """
    learning = TabularControl(env, episodes, **settings)
    return ControlRun.of(learning, "Double Q-learning", learning.run(double_q_learning_steps(learning)))


def double_q_learning_steps(learning: TabularControl) -> Iterator[TabularStep]:
    """The steps of `double_q_learning`; the table in `learning` is the mean of the two, which it acts on."""
    tables = np.stack([learning.table, learning.table])  # (2, N, S, A)
    visits = None if learning.visits is None else np.stack([learning.visits, learning.visits])  # each table's own
    each = learning.each
    while learning.goes_on:
        step = learning.step(learning.choose(learning.state))
        learns = learning.generator.integers(2, size=learning.learners)  # (N,) which table learns now …
        other = 1 - learns  # … and which says what the other one's choice is worth
        best = tables[learns, each, step.next_state].argmax(axis=-1)
        worth = np.where(step.terminated, 0.0, tables[other, each, step.next_state, best])
        target = step.reward + learning.gamma * worth
        for number in (0, 1):
            learning.visits = None if visits is None else visits[number]
            learning.move(step.learning & (learns == number), step.state, step.action, target, tables[number])
        learning.table[each, step.state, step.action] = tables[:, each, step.state, step.action].mean(axis=0)
        learning.account(step)
        yield step
