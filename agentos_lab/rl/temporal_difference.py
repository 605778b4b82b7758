"""Temporal-difference prediction: learn what states are worth from the next state's estimate (Sutton 1988).

TD(0) corrects the value of a state by the TD error r + γ V(s′) − V(s) as soon as the step is made. With n steps, more
rewards count before the estimate; TD(λ) mixes all n by sending each error back along a fading trace of the states that
led to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from .n_step_memory import NStepMemory
from .settings import check_count, check_share
from .tabular_learning import TabularStep
from .tabular_prediction import TabularPrediction
from .tabular_result import PredictionRun

__all__ = ["n_step_td_steps", "td_lambda_steps", "td_prediction"]


def td_prediction(
    env: Any,
    policy: ArrayLike | None = None,
    episodes: int = 100,
    *,
    alpha: float = 0.1,
    gamma: float = 1.0,
    n: int = 1,
    lam: float | None = None,
    learners: int = 1,
    seed: int = 0,
    initial: ArrayLike = 0.0,
    keep_every: int | None = 1,
) -> PredictionRun:
    """Learn the values of a policy by TD(0), n-step TD or TD(λ) (Sutton & Barto 2018, §6.1, §7.1, §12.2).

    Args:
        env: A gymnasium id, an environment, or one of ours, with numbered (`Discrete`) observations and actions.
        policy: An action for each state (S,), probabilities (S, A), or None: all actions alike.
        episodes: How many each learner plays.
        alpha: Step size α in [0, 1].
        gamma: Discount γ in [0, 1].
        n: Rewards before the estimate; 1 is TD(0).
        lam: λ in [0, 1] of TD(λ), with accumulating traces; None for n-step TD.
        learners: N, independent learners at once.
        seed: Fixes everything random.
        initial: Values before learning, a number or (S,).
        keep_every: Keep the values each time so many more episodes have ended; None: never.

    Returns:
        Values (N, S), those kept under way, and returns (N, episodes).

    Raises:
        ValueError: A setting out of range, n and λ together, or an environment whose observations are not numbers.

    Example:
        >>> from agentos_lab.rl import random_walk
        >>> run = td_prediction(random_walk(5), episodes=100, alpha=0.05, learners=100, initial=0.5)
        >>> run.rms_error([0, 1 / 6, 2 / 6, 3 / 6, 4 / 6, 5 / 6, 0]).mean(axis=1).round(1)[[0, -1]].tolist()
        [0.2, 0.0]
    """
    check_count("n", n)
    check_share("alpha", alpha)
    if lam is not None:
        check_share("lam", lam)
        if n != 1:
            raise ValueError(f"choose n-step TD (n={n}) or TD(λ) (lam={lam}), not both")
    learning = TabularPrediction(
        env, policy, episodes, gamma=gamma, learners=learners, seed=seed, initial=initial, keep_every=keep_every
    )
    steps = n_step_td_steps(learning, alpha, n) if lam is None else td_lambda_steps(learning, alpha, lam)
    name = f"TD({lam:g})" if lam is not None else "TD(0)" if n == 1 else f"{n}-step TD"
    told: dict[str, Any] = {"alpha": alpha, "gamma": gamma, "seed": seed}
    return PredictionRun.of(learning, name, told, learning.run(steps))


def n_step_td_steps(learning: TabularPrediction, alpha: float, n: int) -> Iterator[TabularStep]:
    """The steps of n-step TD, one at a time; the tables are in `learning`."""
    memory = NStepMemory(learning.learners, n, learning.gamma)
    values = learning.values
    while learning.goes_on:
        step = learning.step(learning.follow(learning.state))
        memory.push(step.state, step.reward)
        for due, state, target in memory.targets(step.done, learning.value(step)):
            where = learning.each[due & step.learning], state[due & step.learning]
            values[where] += alpha * (target[due & step.learning] - values[where])
        learning.account(step)
        yield step


def td_lambda_steps(learning: TabularPrediction, alpha: float, lam: float) -> Iterator[TabularStep]:
    """The steps of TD(λ), one at a time; the tables are in `learning`."""
    values = learning.values
    trace = np.zeros_like(values)  # (N, S): how much each state is to blame for the next error
    while learning.goes_on:
        step = learning.step(learning.follow(learning.state))
        error = step.reward + learning.gamma * learning.value(step) - values[learning.each, step.state]  # (N,)
        trace *= learning.gamma * lam
        trace[learning.each, step.state] += 1.0
        values += (alpha * error * step.learning)[:, None] * trace
        trace[step.done] = 0.0
        learning.account(step)
        yield step
