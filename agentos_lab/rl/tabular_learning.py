"""Learning in tables, many learners at once: what all the tabular algorithms of this engine share.

N learners live side by side, each with its own environment, its own table and its own luck, so that every curve comes
with a band. They share nothing but the loop: one NumPy operation does the same for all.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import ArrayLike, NDArray

from agentos_lab.progress import progress_bar

from .environments import as_vector
from .episode import task_name
from .exploration import epsilon_greedy
from .never_ending import check_that_episodes_end
from .settings import check_count, check_seed, check_share
from .tabular_vector import TabularVector
from .transition_tables import read_numbers

__all__ = ["Schedule", "TabularControl", "TabularLearning", "TabularStep", "check_schedule"]

# A number, or how it changes: a function of visits so far (step sizes) or of episodes so far (ε), (N,) -> (N,).
Schedule = float | Callable[[NDArray[np.int64]], ArrayLike]


_SETTINGS = ("alpha", "epsilon", "gamma", "learners", "seed", "initial", "keep_every")


class TabularStep(NamedTuple):
    """One step of N learners; every field is (N,).

    Attributes:
        state, action, reward: What happened.
        next_state: What it led to, before any reset.
        terminated: Whether that state is terminal, so that nothing is to be expected from it.
        done: Whether the episode ended with this step, terminated or cut off by a time limit.
        learning: Whose episodes still count. Who has played enough waits for the others and learns nothing more.
    """

    state: NDArray[np.int64]
    action: NDArray[np.int64]
    reward: NDArray[np.float64]
    next_state: NDArray[np.int64]
    terminated: NDArray[np.bool_]
    done: NDArray[np.bool_]
    learning: NDArray[np.bool_]


class TabularLearning:
    """N learners in N environments, an account of their episodes, and a table for each.

    Args:
        env: A gymnasium id, an environment, or one of ours, with `Discrete` observations and actions.
        episodes: How many each learner plays.
        learners: N.
        seed: Fixes everything random.
        keep_every: Keep a copy of the tables each time a learner has ended so many more episodes; None keeps none.

    Attributes:
        table: What is learned, (N, S) or (N, S, A).
        kept: Copies of it (episodes // keep_every + 1, N, …), the first from before learning; NaN
            where learning has not come to; None if none are kept.
        state: Where each learner is (N,).
        returns, lengths: Of the episodes (N, episodes), NaN and 0 where they have not ended.
        ended: How many have (N,).

    Raises:
        ValueError: Observations or actions that cannot be numbered, or a count below 1.
    """

    table: NDArray[np.float64]

    def __init__(self, env: Any, episodes: int, learners: int, seed: int, keep_every: int | None) -> None:
        check_count("episodes", episodes)
        check_count("learners", learners)
        check_seed(seed)
        if keep_every is not None:
            check_count("keep_every", keep_every)
        self.task, self.episodes, self.learners, self.keep_every = task_name(env), episodes, learners, keep_every
        self.env = as_vector(env, learners)
        spaces = self.env.single_observation_space, self.env.single_action_space
        for what, space in zip(("observations", "actions"), spaces, strict=True):
            if not isinstance(space, Discrete):
                raise ValueError(
                    f"a table needs {what} that are numbers (Discrete), {self.task} has {space}; use `ppo` or `dqn`, "
                    "or divide it into finitely many"
                )
        self.num_states, self.num_actions = (int(space.n) for space in spaces)
        self.mdp = self.env.mdp if isinstance(self.env, TabularVector) else None
        self.each = np.arange(learners)
        self.generator = np.random.default_rng([seed, 1])  # another stream than that of the environments
        self.state, _ = self.env.reset(seed=seed)
        self.returns, self.lengths = np.full((learners, episodes), np.nan), np.zeros((learners, episodes), np.int64)
        self.ended = np.zeros(learners, np.int64)
        self._return, self._length = np.zeros(learners), np.zeros(learners, np.int64)
        self.kept: NDArray[np.float64] | None = None

    @property
    def goes_on(self) -> bool:
        """Whether any learner has episodes left."""
        return bool((self.ended < self.episodes).any())

    @property
    def is_first_step(self) -> NDArray[np.bool_]:
        """Whose next step begins an episode (N,)."""
        return self._length == 0

    def start_table(self, initial: ArrayLike, shape: tuple[int, ...]) -> None:
        """Fill the tables (N, *shape) with an initial value; 0 at states that are known to be terminal."""
        given = read_numbers("initial", initial)
        if np.isnan(given).any() or (given == np.inf).any():
            raise ValueError(f"initial must hold finite numbers, got {initial!r}; from others no estimate recovers")
        try:
            self.table = np.broadcast_to(given, (self.learners, *shape)).copy()
        except ValueError:
            raise ValueError(f"initial must be a number or an array of shape {shape}, got {given.shape}") from None
        if self.mdp is not None:
            self.table[:, self.mdp.terminal] = 0.0
            if len(shape) > 1:
                self.table[:, ~self.mdp.allowed] = -np.inf
        if self.keep_every is not None:
            copies = self.episodes // self.keep_every + 1
            self.kept = np.full((copies, *self.table.shape), np.nan)
            self.kept[0] = self.table

    def step(self, action: NDArray[np.int64]) -> TabularStep:
        """Act once in every environment. Call `account` when the tables have been updated."""
        state = self.state
        self.state, reward, terminated, truncated, info = self.env.step(action)
        learning = self.ended < self.episodes
        self._return += reward
        self._length += 1
        return TabularStep(state, action, reward, info["final_obs"], terminated, terminated | truncated, learning)

    def account(self, step: TabularStep) -> None:
        """Note which episodes ended with a step, and keep copies of the tables that are due."""
        if not step.done.any():
            return
        who = np.flatnonzero(step.done & step.learning)
        self.returns[who, self.ended[who]] = self._return[who]
        self.lengths[who, self.ended[who]] = self._length[who]
        self.ended[who] += 1
        self._return[step.done], self._length[step.done] = 0.0, 0
        if self.kept is not None and self.keep_every is not None:
            due = who[self.ended[who] % self.keep_every == 0]
            self.kept[self.ended[due] // self.keep_every, due] = self.table[due]

    def run(self, steps: Iterable[TabularStep]) -> bool:
        """Take all steps of an algorithm, with a progress bar over episodes. An interrupt ends it early.

        Returns:
            Whether it was interrupted.
        """
        bar = progress_bar(total=self.learners * self.episodes, unit="episode", delay=1.0)
        try:
            for step in steps:
                if step.done.any():
                    bar.update(int(self.ended.sum()) - bar.n)
        except KeyboardInterrupt:
            return True
        finally:
            bar.close()
        return False


class TabularControl(TabularLearning):
    """N learners that improve their action values, acting ε-greedily on them.

    Drive an algorithm step by step with it, to look at the tables in between::

        learning = TabularControl(cliff_walking(), episodes=100, alpha=0.5)
        for step in q_learning_steps(learning):
            print(learning.action_values[0, step.state[0]])

    Args:
        env, episodes, learners, seed, keep_every: As in `TabularLearning`.
        alpha: Step size α in (0, 1]: how far an estimate moves towards each new sample. Large: quick and noisy. Or a
            function of how often the state and action have been visited, this time included: ``lambda n: 1 / n``.
        epsilon: ε in [0, 1]: how often to act at random. Or a function of the episodes played so far.
        gamma: Discount γ in [0, 1].
        initial: Action values before learning, a number or (S, A). High ones make it try everything once.

    Attributes:
        settings: α, ε, γ and seed, as they were told.

    Raises:
        ValueError: A setting out of range, or an environment whose observations are not numbers.
    """

    def __init__(
        self,
        env: Any,
        episodes: int = 500,
        *,
        alpha: Schedule = 0.5,
        epsilon: Schedule = 0.1,
        gamma: float = 1.0,
        learners: int = 1,
        seed: int = 0,
        initial: ArrayLike = 0.0,
        keep_every: int | None = None,
        **unknown: Any,
    ) -> None:
        if unknown:
            raise TypeError(f"unknown setting {', '.join(unknown)}; there are {', '.join(_SETTINGS)}")
        check_share("gamma", gamma)
        check_schedule("alpha", alpha)
        check_schedule("epsilon", epsilon)
        super().__init__(env, episodes, learners, seed, keep_every)
        if self.mdp is not None:
            check_that_episodes_end(self.mdp, self.mdp.allowed)
        self.alpha, self._epsilon, self.gamma = alpha, epsilon, gamma
        self.settings: dict[str, Any] = {"alpha": alpha, "epsilon": epsilon, "gamma": gamma, "seed": seed}
        self.start_table(initial, (self.num_states, self.num_actions))
        self.visits = np.zeros(self.table.shape, np.int64) if callable(alpha) else None

    @property
    def action_values(self) -> NDArray[np.float64]:
        """Q (N, S, A) as it is now; the array changes while learning goes on."""
        return self.table

    @property
    def epsilon(self) -> NDArray[np.float64]:
        """ε of each learner now (N,)."""
        now = _scheduled("epsilon", self._epsilon, self.ended)
        return np.broadcast_to(now, (self.learners,))

    def choose(self, state: NDArray[np.int64]) -> NDArray[np.int64]:
        """Act ε-greedily in states (N,)."""
        epsilon = _scheduled("epsilon", self._epsilon, self.ended)
        return epsilon_greedy(self.table[self.each, state], epsilon, self.generator)

    def update(self, step: TabularStep, target: NDArray[np.float64]) -> None:
        """Move Q(s, a) towards a target (N,) by α, and note the episodes that ended."""
        self.move(step.learning, step.state, step.action, target)
        self.account(step)

    def move(
        self,
        who: NDArray[np.bool_],
        state: NDArray[np.int64],
        action: NDArray[np.int64],
        target: NDArray[np.float64],
        table: NDArray[np.float64] | None = None,
    ) -> None:
        """Q(s, a) += α (target − Q(s, a)) for the learners `who` (N,) bool, in `table` or else in their own."""
        table = self.table if table is None else table
        where = self.each[who], state[who], action[who]
        table[where] += self.step_size(where) * (target[who] - table[where])

    def step_size(self, where: tuple[NDArray[np.int64], ...]) -> NDArray[np.float64]:
        """α for the entries of the table that are about to be updated; they count as visited."""
        if self.visits is None or not callable(self.alpha):
            return np.asarray(self.alpha, dtype=np.float64)
        self.visits[where] += 1
        return _scheduled("alpha", self.alpha, self.visits[where])


def _scheduled(name: str, value: Schedule, counts: NDArray[np.int64]) -> NDArray[np.float64]:
    """What a constant is, or a function says after so many visits or episodes (N,): a number or one for each, (N,).

    Raises:
        ValueError: It says something outside [0, 1], or of another shape.
    """
    if not callable(value):
        return np.asarray(value, dtype=np.float64)
    said = np.asarray(value(counts), dtype=np.float64)
    if said.shape not in ((), counts.shape) or not ((said >= 0) & (said <= 1)).all():
        raise ValueError(f"{name} as a function must give one number between 0 and 1 for each of {counts}, got {said}")
    return said


def check_schedule(name: str, value: Schedule) -> None:
    """Refuse a constant step size or ε outside [0, 1]; a function can only be tried."""
    if not callable(value):
        check_share(name, value)
