"""Q-learning of a single learner in Python's own numbers: the loop as textbooks print it, step after step.

NumPy does the same for a hundred learners in hardly more time than for one; but each of its operations costs about a
microsecond however little there is to do, and a step takes forty of them. A single learner is fifty times faster with
lists. Chance is drawn as `q_learning_steps` draws it, so the two learn the same, to the last bit.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Callable, Iterable, Iterator
from itertools import chain, repeat
from math import inf
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from agentos_lab.progress import progress_bar

from .tabular_learning import TabularControl
from .tabular_mdp import TabularMDP

__all__ = ["is_single_learner", "q_learning_of_one"]

T = TypeVar("T")
Table = list[list[float]]  # (S, A)

_DRAWN_AT_ONCE = 1024  # steps


def is_single_learner(learning: TabularControl, env: Any) -> bool:
    """Whether this way is open: one learner, a process in tables without noise on its rewards, and a constant α."""
    return (
        learning.learners == 1 and type(env) is TabularMDP and env.reward_std is None and not callable(learning.alpha)
    )


def q_learning_of_one(learning: TabularControl, mdp: TabularMDP) -> bool:
    """Play all episodes and learn from every step; the results are in `learning`, as with `q_learning_steps`.

    Args:
        learning: Of one learner, see `is_single_learner`.
        mdp: Its process.

    Returns:
        Whether it was interrupted.
    """
    table: Table = learning.table[0].tolist()
    bar = progress_bar(total=learning.episodes, unit="episode", delay=1.0)
    try:
        for ended in _episodes(learning, mdp, table):
            if learning.kept is not None and learning.keep_every is not None and ended % learning.keep_every == 0:
                learning.kept[ended // learning.keep_every, 0] = table
            bar.update()
    except KeyboardInterrupt:
        return True
    finally:
        bar.close()
        learning.table[0] = table
    return False


def _episodes(learning: TabularControl, mdp: TabularMDP, table: Table) -> Iterator[int]:
    """Learn from one episode after the other; yields how many have ended."""
    starts = mdp.start_cumulative.tolist()
    shares, next_states, rewards, terminal = _outcomes(mdp)
    A, K = mdp.num_actions, len(shares) // (mdp.num_states * mdp.num_actions)
    limit = inf if mdp.limit is None else mdp.limit
    alpha, gamma, epsilon = float(learning.settings["alpha"]), float(learning.gamma), float(learning.epsilon[0])
    world = np.random.default_rng(learning.settings["seed"])  # as the environment has it after `reset(seed)`
    draw = _endless(lambda: world.random(_DRAWN_AT_ONCE).tolist()).__next__
    chances = _endless(lambda: _chances(learning.generator, A))
    for ended in range(1, learning.episodes + 1):
        state = bisect(starts, draw())
        total, length, best = 0.0, 0, max(table[state])
        for chance, more, number in chances:
            row = table[state]
            if chance >= epsilon and row.count(best) == 1:
                action = row.index(best)
            else:  # any action, or one of the best
                luck = more[number, 1:].tolist()  # (A,)
                if chance < epsilon:
                    luck = [one if value > -inf else 0.0 for one, value in zip(luck, row, strict=True)]
                else:
                    luck = [one if value == best else 0.0 for one, value in zip(luck, row, strict=True)]
                action = luck.index(max(luck))
            first = (state * A + action) * K
            outcome = bisect(shares, draw(), first, first + K - 1)
            next_state, reward, terminated = next_states[outcome], rewards[outcome], terminal[outcome]
            best = max(table[next_state])
            row[action] += alpha * (reward + gamma * (0.0 if terminated else best) - row[action])
            total += reward
            length += 1
            if terminated or length >= limit:
                break
            if next_state == state:
                best = max(row)  # which has just changed
            state = next_state
        learning.returns[0, ended - 1], learning.lengths[0, ended - 1], learning.ended[0] = total, length, ended
        if callable(learning.settings["epsilon"]):
            epsilon = float(learning.epsilon[0])
        yield ended


def _outcomes(mdp: TabularMDP) -> tuple[list[float], list[int], list[float], list[bool]]:
    """What can follow, all in one row each of S · A · K: shares up to it, next states, rewards, whether terminal.

    Lists within lists would be easier to read, and slower: Python's garbage collector looks through all of them.
    """
    states, shares = mdp.successors  # (S, A, K)
    if mdp.R.ndim == 2:
        rewards: NDArray[np.float64] = np.broadcast_to(mdp.R[..., None], states.shape)
    else:
        rewards = np.take_along_axis(mdp.R, states, axis=-1)
    states, terminal = states.ravel(), mdp.terminal[states].ravel()
    return shares.ravel().tolist(), states.tolist(), rewards.ravel().tolist(), terminal.tolist()


def _chances(generator: np.random.Generator, actions: int) -> Iterable[tuple[float, NDArray[np.float64], int]]:
    """For some steps: whether to explore, then the table that has in its row of this number what else is drawn."""
    drawn = generator.random((_DRAWN_AT_ONCE, 1 + actions))
    return zip(drawn[:, 0].tolist(), repeat(drawn), range(_DRAWN_AT_ONCE), strict=False)


def _endless(block: Callable[[], Iterable[T]]) -> Iterator[T]:
    """The items of one block after another."""
    return chain.from_iterable(block() for _ in repeat(None))
