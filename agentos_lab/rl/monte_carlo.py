"""Monte Carlo: learn from whole episodes what states and actions are worth, as the mean of the returns that followed.

No model and no other estimate is needed: the returns speak for themselves. They are right on average, noisy, and known
only at the end of the episode.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .settings import check_flag, check_share
from .tabular_learning import TabularControl, TabularLearning, TabularStep
from .tabular_prediction import TabularPrediction
from .tabular_result import ControlRun, PredictionRun

__all__ = ["learn_from_episode", "monte_carlo_control", "monte_carlo_prediction", "monte_carlo_steps"]


def monte_carlo_prediction(
    env: Any,
    policy: ArrayLike | None = None,
    episodes: int = 100,
    *,
    first_visit: bool = True,
    alpha: float | None = None,
    gamma: float = 1.0,
    learners: int = 1,
    seed: int = 0,
    initial: ArrayLike = 0.0,
    keep_every: int | None = 1,
) -> PredictionRun:
    """Learn the values of a policy as means of returns (Sutton & Barto 2018, §5.1; constant α: eq. 6.1).

    An episode that a time limit cuts off counts with the rewards that it had until then.

    Args:
        env, policy, episodes: As in `td_prediction`.
        first_visit: Of an episode, count only the return after the first visit to a state (unbiased); False: after
            every visit (biased, but less and less so).
        alpha: Step size of a fading mean; None for the mean of all returns.
        gamma, learners, seed, initial, keep_every: As in `td_prediction`.

    Returns:
        Values (N, S), those kept under way, and returns (N, episodes).

    Raises:
        ValueError: As in `td_prediction`.
    """
    check_flag("first_visit", first_visit)
    if alpha is not None:
        check_share("alpha", alpha)
    learning = TabularPrediction(
        env, policy, episodes, gamma=gamma, learners=learners, seed=seed, initial=initial, keep_every=keep_every
    )
    visits = np.zeros(learning.table.shape, np.int64)

    def learn(i: int, episode: Sequence[TabularStep]) -> None:
        states = [int(step.state[i]) for step in episode]
        rewards = [float(step.reward[i]) for step in episode]
        learn_from_episode(states, rewards, learning.table[i], visits[i], gamma, first_visit, alpha)

    steps = monte_carlo_steps(learning, learning.follow, learn)
    name = f"{'first' if first_visit else 'every'}-visit Monte Carlo"
    told: dict[str, Any] = {"gamma": gamma, "seed": seed} | ({} if alpha is None else {"alpha": alpha})
    return PredictionRun.of(learning, name, told, learning.run(steps))


def monte_carlo_control(
    env: Any,
    episodes: int = 500,
    *,
    first_visit: bool = True,
    exploring_starts: bool = False,
    alpha: float | None = None,
    **settings: Any,
) -> ControlRun:
    """Learn action values from the returns of ε-greedy episodes (Sutton & Barto 2018, §5.4; exploring starts: §5.3).

    Args:
        env, episodes: As in `q_learning`.
        first_visit: As in `monte_carlo_prediction`, for pairs of state and action.
        exploring_starts: Take the first action of each episode at random. Where episodes begin in every state, all
            pairs are then tried even with ``epsilon=0``.
        alpha: Step size of a fading mean, so that returns of earlier, worse policies are forgotten; None for the mean.
        **settings: The others of `TabularControl`: epsilon, gamma, learners, seed, initial, keep_every.

    Returns:
        Action values (N, S, A) and returns (N, episodes).

    Raises:
        ValueError: A setting out of range, or an environment whose observations are not numbers.
    """
    if alpha is not None:
        check_share("alpha", alpha)
    learning = TabularControl(env, episodes, **settings)
    A = learning.num_actions
    visits = np.zeros((learning.learners, learning.num_states * A), np.int64)
    table = learning.table.reshape(learning.learners, -1)  # the same numbers, (N, S·A)

    def learn(i: int, episode: Sequence[TabularStep]) -> None:
        pairs = [int(step.state[i]) * A + int(step.action[i]) for step in episode]
        rewards = [float(step.reward[i]) for step in episode]
        learn_from_episode(pairs, rewards, table[i], visits[i], learning.gamma, first_visit, alpha)

    def choose(state: NDArray[np.int64]) -> NDArray[np.int64]:
        action = learning.choose(state)
        if not exploring_starts:
            return action
        any_action = (
            learning.generator.random((len(state), A)) * (learning.table[learning.each, state] > -np.inf)
        ).argmax(-1)
        return np.where(learning.is_first_step, any_action, action)

    interrupted = learning.run(monte_carlo_steps(learning, choose, learn))
    return ControlRun.of(learning, "Monte Carlo control", interrupted, alpha=alpha)


def monte_carlo_steps(
    learning: TabularLearning,
    choose: Callable[[NDArray[np.int64]], NDArray[np.int64]],
    learn: Callable[[int, Sequence[TabularStep]], None],
) -> Iterator[TabularStep]:
    """Play on and call ``learn(i, steps)`` for every learner i whose episode has ended, with the steps of it."""
    under_way: list[TabularStep] = []  # since the oldest episode under way began
    began = np.zeros(learning.learners, np.int64)  # (N,) place in it of each learner's first step
    while learning.goes_on:
        step = learning.step(choose(learning.state))
        under_way.append(step)
        for i in np.flatnonzero(step.done & step.learning):
            learn(int(i), under_way[began[i] :])
        began[step.done] = len(under_way)
        learning.account(step)
        if forgotten := int(began.min()):
            del under_way[:forgotten]
            began -= forgotten
        yield step


def learn_from_episode(
    keys: Sequence[int],
    rewards: Sequence[float],
    table: NDArray[np.float64],
    visits: NDArray[np.int64],
    gamma: float,
    first_visit: bool = True,
    alpha: float | None = None,
) -> None:
    """Go backwards through an episode and move each estimate towards the return that followed (S&B 2018, §5.1).

    Args:
        keys: What was visited: numbers of states, or of pairs of state and action.
        rewards: What followed each.
        table: Estimates by key, changed in place.
        visits: How many returns each is the mean of, changed in place.
        gamma: Discount γ.
        first_visit: Skip all visits but the first.
        alpha: Step size; None for the mean.
    """
    first = {key: time for time, key in reversed(list(enumerate(keys)))}
    later = 0.0
    for time in reversed(range(len(keys))):
        later = rewards[time] + gamma * later
        key = keys[time]
        if first_visit and first[key] != time:
            continue
        visits[key] += 1
        table[key] += (later - table[key]) * (1 / visits[key] if alpha is None else alpha)
