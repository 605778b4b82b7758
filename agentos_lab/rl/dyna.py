"""Dyna: learn a model on the way, and practise in it (Sutton 1990).

Each real step teaches twice: at once, as in Q-learning, and through a model that remembers what followed, from which
any number of imagined steps are taken. Where real steps are dear and thinking is cheap, that is a good bargain.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from .settings import check_count, check_not_negative
from .tabular_learning import Schedule, TabularControl, TabularStep
from .tabular_result import ControlRun

__all__ = ["dyna_q", "dyna_q_steps"]


def dyna_q(
    env: Any,
    episodes: int = 50,
    *,
    planning: int = 5,
    bonus: float = 0.0,
    alpha: Schedule = 0.1,
    gamma: float = 0.95,
    **settings: Any,
) -> ControlRun:
    """Q-learning with a learned model (tabular Dyna-Q: Sutton & Barto 2018, §8.2; with a bonus Dyna-Q+: §8.3).

    The model remembers the last thing that followed each state and action, so it is right where the environment is
    deterministic; where it is not, it takes the last for certain.

    Args:
        env, episodes: As in `q_learning`.
        planning: Imagined steps after each real one; 0 is Q-learning.
        bonus: κ of Dyna-Q+: imagined rewards grow by κ √τ, with τ the real steps since the action was last tried, so
            that what may have changed is looked at again. Actions never tried in a visited state are imagined, too, to
            lead back there for nothing.
        alpha, gamma, **settings: Those of `TabularControl`.

    Returns:
        Action values (N, S, A) and returns (N, episodes).

    Raises:
        ValueError: A setting out of range, or an environment whose observations are not numbers.
    """
    check_count("planning", planning, least=0)
    check_not_negative("bonus", bonus)
    learning = TabularControl(env, episodes, alpha=alpha, gamma=gamma, **settings)
    name = "Dyna-Q+" if bonus else "Dyna-Q"
    interrupted = learning.run(dyna_q_steps(learning, planning, bonus))
    return ControlRun.of(learning, name, interrupted, planning=planning)


def dyna_q_steps(learning: TabularControl, planning: int = 5, bonus: float = 0.0) -> Iterator[TabularStep]:
    """The steps of `dyna_q`, the real ones, one at a time; the tables are in `learning`."""
    model = _Model(learning, untried=bonus > 0)
    time = 0
    while learning.goes_on:
        step = learning.step(learning.choose(learning.state))
        time += 1
        model.remember(step, time)
        everyone = step.learning
        best = learning.action_values[learning.each, step.next_state].max(axis=-1)
        target = step.reward + learning.gamma * np.where(step.terminated, 0.0, best)
        learning.move(everyone, step.state, step.action, target)
        for _ in range(planning):
            imagined, since = model.imagine(step, time)
            best = learning.action_values[learning.each, imagined.next_state].max(axis=-1)
            reward = imagined.reward + bonus * np.sqrt(since)
            target = reward + learning.gamma * np.where(imagined.terminated, 0.0, best)
            learning.move(everyone, imagined.state, imagined.action, target)
        learning.account(step)
        yield step


class _Model:
    """What followed each state and action, the last time, for each of N learners."""

    def __init__(self, learning: TabularControl, untried: bool) -> None:
        N, S, A = learning.table.shape
        self.learning, self.untried = learning, untried
        self.next_state = np.broadcast_to(np.arange(S)[None, :, None], (N, S, A)).copy()
        self.reward, self.terminated = np.zeros((N, S, A)), np.zeros((N, S, A), bool)
        self.tried_at = np.zeros((N, S, A), np.int64)
        self.known = np.zeros((N, S, A), bool)
        self.pairs = np.zeros((N, S * A), np.int64)  # the known pairs of each learner, in the order of their discovery
        self.count = np.zeros(N, np.int64)

    def remember(self, step: TabularStep, time: int) -> None:
        """Note what followed; the first visit to a pair (or to a state) makes it known."""
        each, where = self.learning.each, (self.learning.each, step.state, step.action)
        A = self.learning.num_actions
        for action in range(A) if self.untried else (None,):
            chosen = step.action if action is None else np.full_like(step.action, action)
            new = ~self.known[each, step.state, chosen] & (self.learning.table[each, step.state, chosen] > -np.inf)
            who = each[new]
            self.pairs[who, self.count[who]] = step.state[new] * A + chosen[new]
            self.count[who] += 1
            self.known[who, step.state[new], chosen[new]] = True
        self.next_state[where], self.reward[where] = step.next_state, step.reward
        self.terminated[where], self.tried_at[where] = step.terminated, time

    def imagine(self, step: TabularStep, time: int) -> tuple[TabularStep, Any]:
        """A known pair of each learner, all alike, with what followed it, and how long ago (N,) that was."""
        learning = self.learning
        which = (learning.generator.random(learning.learners) * self.count).astype(np.int64)
        state, action = np.divmod(self.pairs[learning.each, which], learning.num_actions)
        where = learning.each, state, action
        imagined = step._replace(
            state=state,
            action=action,
            reward=self.reward[where],
            next_state=self.next_state[where],
            terminated=self.terminated[where],
        )
        return imagined, time - self.tried_at[where]
