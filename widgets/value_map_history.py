"""The course of learning on a grid that is changed on the way: one frame per sweep, or per episode of Q-learning.

A change of the grid begins a new stretch. It keeps the values that were there, so that one can watch the correction
run out from the changed cell.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from agentos_lab.rl import TabularControl, TabularMDP, value_iteration, value_iteration_sweeps
from agentos_lab.rl.bellman import action_values, best_actions
from agentos_lab.rl.cell_kinds import cell_kinds
from agentos_lab.rl.q_learning import q_learning_steps

__all__ = ["Stretch", "history", "learn_by_sampling", "sweep_on"]

Floats = NDArray[np.float64]
MOST_NUMBERS = 400_000  # in all tables Q of a stretch: they travel to the browser
CLOSE = 1e-4  # of the largest value: as near to V* as a picture can show
STEPS_PER_CELL = 10  # where episodes have no limit of their own, they are cut off after so many steps per cell


@dataclass(frozen=True, eq=False)
class Stretch:
    """Frames on one and the same grid.

    Attributes:
        mdp: The process.
        first: Number of the first frame.
        values: V, frame by frame (K, S).
        action_values: Q, frame by frame (K, S, A).
        optimal: V* (S,).
        optimal_actions: The actions that no other beats (S, A) bool.
    """

    mdp: TabularMDP
    first: int
    values: Floats
    action_values: Floats
    optimal: Floats
    optimal_actions: NDArray[np.bool_]

    @cached_property
    def kinds(self) -> list[str]:
        """What each cell is (S,): "floor", "wall", "cliff", "goal" or "pit"."""
        return cell_kinds(self.mdp)

    @cached_property
    def floor(self) -> NDArray[np.bool_]:
        """Where one can stand (S,): the cells that have values and arrows."""
        return np.array(self.kinds) == "floor"

    @cached_property
    def misses(self) -> Floats:
        """V* − V, frame by frame (K, S); 0 where nobody stands."""
        return np.where(self.floor, self.optimal - self.values, 0.0)

    @cached_property
    def best(self) -> NDArray[np.bool_]:
        """The greedy actions, frame by frame (K, S, A): all that are equally good."""
        return best_actions(self.action_values) & self.floor[:, None]

    @cached_property
    def optimal_best(self) -> NDArray[np.bool_]:
        """The optimal actions (S, A), where one can stand."""
        return self.optimal_actions & self.floor[:, None]

    @cached_property
    def astray(self) -> NDArray[np.bool_]:
        """Where a greedy action is not an optimal one, frame by frame (K, S)."""
        return np.any(self.best & ~self.optimal_actions, axis=-1)


Learner = Callable[[TabularMDP, Floats, Floats, Floats, int], Iterator[tuple[Floats, Floats]]]


def sweep_on(gamma: float) -> Learner:
    """Value iteration as a learner: V and Q after 0, 1, 2, … sweeps, until V is close to V*."""

    def frames(
        mdp: TabularMDP, values: Floats, _: Floats, optimal: Floats, least: int
    ) -> Iterator[tuple[Floats, Floats]]:
        goal = CLOSE * max(1e-9, float(np.abs(optimal).max()))
        most = max(least, min(400, MOST_NUMBERS // mdp.allowed.size))
        values = np.where(mdp.terminal, 0.0, values)
        yield values, action_values(mdp, values, gamma)
        for sweep in value_iteration_sweeps(mdp, gamma, initial=values):
            close = np.abs(values - optimal).max() < goal
            if (close and sweep.number > least) or sweep.number > most:
                return
            values = sweep.values
            yield values, action_values(mdp, values, gamma)

    return frames


def learn_by_sampling(gamma: float, alpha: float, epsilon: float, seed: int, episodes: int) -> Learner:
    """Q-learning as a learner: V = max Q and Q after 0, 1, 2, … episodes."""

    def frames(mdp: TabularMDP, _: Floats, table: Floats, __: Floats, least: int) -> Iterator[tuple[Floats, Floats]]:
        count = max(least, min(episodes, MOST_NUMBERS // mdp.allowed.size))
        limited = with_limit(mdp)
        learning = TabularControl(limited, count, alpha=alpha, epsilon=epsilon, gamma=gamma, initial=table, seed=seed)
        yield _best_and_all(learning)
        for step in q_learning_steps(learning):
            if step.done[0]:
                yield _best_and_all(learning)

    return frames


def _best_and_all(learning: TabularControl) -> tuple[Floats, Floats]:
    table = learning.action_values[0].copy()
    return table.max(axis=-1), table


def with_limit(mdp: TabularMDP) -> TabularMDP:
    """The process with a time limit, so that an episode which finds no goal is cut off; its values stay the same."""
    if mdp.limit is not None:
        return mdp
    limit = STEPS_PER_CELL * mdp.num_states
    return TabularMDP(mdp.P, mdp.R, mdp.terminal, mdp.start, limit=limit, allowed=mdp.allowed, name=mdp.name)


def history(worlds: Sequence[tuple[int, TabularMDP]], gamma: float, learner: Learner) -> list[Stretch]:
    """What was learnt, grid after grid.

    Args:
        worlds: Processes, each with the number of the frame at which it begins: 0 for the first, rising.
        gamma: Discount.
        learner: `sweep_on(…)` or `learn_by_sampling(…)`.

    Returns:
        One stretch per process; each but the last ends where the next begins.

    Raises:
        ValueError: γ out of range; with γ = 1, episodes that never end.
    """
    values, table = np.zeros(worlds[0][1].num_states), np.zeros(worlds[0][1].P.shape[:2])
    stretches = []
    for number, (first, mdp) in enumerate(worlds):
        solved = value_iteration(mdp, gamma)
        until = worlds[number + 1][0] - first if number + 1 < len(worlds) else None
        frames = learner(mdp, values, table, solved.values, until or 0)
        seen = list(frames if until is None else islice(frames, until + 1))
        while until is not None and len(seen) <= until:  # it has settled before the change
            seen.append(seen[-1])
        values, table = seen[-1]  # where the change finds them
        kept = seen if until is None else seen[:until]
        shape = (len(kept), *mdp.P.shape[:2])
        stretches.append(
            Stretch(
                mdp,
                first,
                np.array([v for v, _ in kept]).reshape(shape[:2]),
                np.array([q for _, q in kept]).reshape(shape),
                solved.values,
                solved.optimal_actions,
            )
        )
    return stretches
