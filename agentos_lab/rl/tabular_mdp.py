"""A Markov decision process in tables: what follows (P), what it pays (R), where it ends and where it begins.

The same object is sampled as an environment and solved as a model, so that whatever is learnt from samples can be laid
beside the exact answer. States and actions are numbers from 0; a terminal state is worth 0 and nothing follows it.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import gymnasium
import numpy as np
from gymnasium.spaces import Discrete
from numpy.typing import ArrayLike, NDArray

from .grid_drawing import Layout
from .transition_tables import check_probabilities, check_rewards, read_mask, read_numbers, read_start

__all__ = ["Layout", "TabularMDP"]


class TabularMDP(gymnasium.Env[Any, Any]):
    """A Markov decision process with S states and A actions, given by dense tables (Sutton & Barto 2018, §3.1).

    It follows gymnasium's API: `reset` and `step` sample one episode after another. The tables are copied and
    read-only. What P and R say of terminal states is not read: from there the process stays where it is, unpaid.

    Args:
        P: Probabilities P[s, a, s′] of what follows (S, A, S).
        R: Rewards, by state and action (S, A), or by what follows too (S, A, S).
        terminal: Which states end an episode (S,) bool.
        start: Where an episode starts: probabilities (S,), or one state.
        limit: Steps after which an episode is cut off (*truncated*, not *terminated*); None for no limit.
        allowed: Which actions each state has (S, A) bool; None for all of them everywhere. All algorithms keep to it;
            a policy of your own is told: ``CategoricalPolicy(…, allowed=mdp.allowed)``.
        reward_std: Standard deviation of a normal noise on the reward (S, A); None for none.
        name: What to call it in print.
        state_names, action_names: For print; numbers when left out.
        layout: How to draw it, when it lives on a grid.

    Attributes:
        P (S, A, S), R (S, A) or (S, A, S), terminal (S,), start (S,), allowed (S, A), reward_std (S, A) or None:
            The tables.
        state: Where the episode under way is; None before the first `reset`.

    Raises:
        ValueError: Shapes that do not fit, probabilities that are negative or do not add up to 1, NaN or infinite
            rewards, a start at a terminal state.

    Example:
        >>> import numpy as np
        >>> P = np.zeros((2, 1, 2)); P[0, 0] = [0.5, 0.5]     # toss a coin until it shows heads
        >>> coin = TabularMDP(P, [[-1.0], [0.0]], terminal=[False, True], start=0)
        >>> coin.reset(seed=0)
        (0, {})
    """

    metadata: dict[str, Any] = {"render_modes": []}  # noqa: RUF012 (gymnasium's own annotation)

    def __init__(
        self,
        P: ArrayLike,
        R: ArrayLike,
        terminal: ArrayLike,
        start: ArrayLike | int,
        *,
        limit: int | None = None,
        allowed: ArrayLike | None = None,
        reward_std: ArrayLike | None = None,
        name: str = "",
        state_names: Sequence[str] = (),
        action_names: Sequence[str] = (),
        layout: Layout | None = None,
    ) -> None:
        P, R = read_numbers("P", P), read_numbers("R", R)
        if P.ndim != 3 or P.shape[0] != P.shape[2] or 0 in P.shape:
            raise ValueError(f"P must have shape (S, A, S) = (states, actions, next states), got {P.shape}")
        S, A, _ = P.shape
        if R.shape not in ((S, A), (S, A, S)):
            raise ValueError(f"R must have shape (S, A) = {(S, A)} or (S, A, S) = {(S, A, S)}, got {R.shape}")
        terminal = read_mask("terminal", terminal, (S,))
        allowed = np.ones((S, A), bool) if allowed is None else read_mask("allowed", allowed, (S, A))
        allowed[terminal] = True
        if not allowed.any(axis=-1).all():
            stuck = int(np.flatnonzero(~allowed.any(axis=-1))[0])
            raise ValueError(f"allowed leaves state {stuck} no action; a state where nothing can be done is terminal")
        unused = terminal[:, None] | ~allowed  # (S, A)
        P[unused] = 0.0
        P[unused, np.nonzero(unused)[0]] = 1.0
        R[unused] = 0.0
        check_probabilities(P)
        check_rewards(R)
        if reward_std is not None:
            reward_std = read_numbers("reward_std", reward_std)
            if reward_std.shape != (S, A) or not (np.isfinite(reward_std).all() and (reward_std >= 0).all()):
                raise ValueError(f"reward_std must hold {(S, A)} finite numbers ≥ 0, got {reward_std!r}")
            reward_std[unused] = 0.0
        if limit is not None and not (isinstance(limit, int | np.integer) and limit >= 1):
            raise ValueError(f"limit must be a whole number of steps ≥ 1, or None for no limit, got {limit!r}")
        for what, names, count in (("state_names", state_names, S), ("action_names", action_names, A)):
            if len(names) not in (0, count):
                raise ValueError(f"{what} must name all {count}, got {len(names)} names")
        if layout is not None and layout.rows * layout.columns > S:
            raise ValueError(f"the layout has {layout.rows} × {layout.columns} cells for only {S} states")
        self.P, self.R, self.terminal, self.allowed = P, R, terminal, allowed
        self.start = read_start(start, terminal)
        self.reward_std = reward_std
        for table in (self.P, self.R, self.terminal, self.allowed, self.start, self.reward_std):
            if table is not None:
                table.flags.writeable = False
        self.limit, self.name, self.layout = limit, name, layout
        self.state_names, self.action_names = tuple(state_names), tuple(action_names)
        self.observation_space, self.action_space = Discrete(S), Discrete(A)
        self._all_allowed = bool(allowed.all())
        self.state: int | None = None
        self._steps = 0

    @property
    def num_states(self) -> int:
        """S, terminal states included."""
        return self.P.shape[0]

    @property
    def num_actions(self) -> int:
        """A."""
        return self.P.shape[1]

    @cached_property
    def expected_reward(self) -> NDArray[np.float64]:
        """What an action pays on average: r(s, a) (S, A)."""
        return self.R if self.R.ndim == 2 else np.einsum("ijk,ijk->ij", self.P, self.R)

    @cached_property
    def successors(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """The states that can follow (S, A, K), and the probabilities of these and all before them (S, A, K).

        Few of S states can follow; a draw that looks only at those takes K instead of S comparisons.
        """
        K = int((self.P > 0).sum(axis=-1).max())
        states = np.argsort(self.P <= 0, axis=-1, kind="stable")[..., :K]  # possible ones first, in their order
        cumulative = np.take_along_axis(self.P, states, axis=-1).cumsum(axis=-1)
        return states, cumulative / cumulative[..., -1:]  # ends at exactly 1, so that every draw finds a state

    def sample_start(self, n: int, generator: np.random.Generator) -> NDArray[np.int64]:
        """Start states of n episodes (n,)."""
        return self.start_cumulative.searchsorted(generator.random(n), side="right")

    @cached_property
    def start_cumulative(self) -> NDArray[np.float64]:
        """The probabilities of starting in each state or one before it (S,)."""
        cumulative = self.start.cumsum()
        return cumulative / cumulative[-1]

    def sample(
        self, states: ArrayLike, actions: ArrayLike, generator: np.random.Generator
    ) -> tuple[NDArray[np.int64], NDArray[np.float64], NDArray[np.bool_]]:
        """What follows when actions are taken in states, for many at once; the episode under way is not touched.

        Args:
            states: (N,) int.
            actions: (N,) int.
            generator: Source of the draws.

        Returns:
            Next states (N,), rewards (N,), and whether these states are terminal (N,).
        """
        states, actions = np.asarray(states), np.asarray(actions)
        successors, cumulative = self.successors
        draw = generator.random(states.shape)
        which = (cumulative[states, actions] <= draw[..., None]).sum(axis=-1)  # (N,) place among the successors
        follow = successors[states, actions, which]
        reward = self.R[states, actions] if self.R.ndim == 2 else self.R[states, actions, follow]
        if self.reward_std is not None:
            reward = reward + self.reward_std[states, actions] * generator.standard_normal(states.shape)
        return follow, reward, self.terminal[follow]

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[int, dict[str, Any]]:
        """Begin an episode.

        Args:
            seed: Makes this and all later episodes reproducible; None continues.
            options: Not read.

        Returns:
            The start state, and an info with `action_mask` (A,) where not every action is allowed.
        """
        super().reset(seed=seed)
        self.state, self._steps = int(self.sample_start(1, self.np_random)[0]), 0
        return self.state, self._info()

    def step(self, action: int) -> tuple[int, float, bool, bool, dict[str, Any]]:
        """Take an action.

        Args:
            action: 0 … A − 1.

        Returns:
            Next state, reward, whether it is terminal, whether the time limit is reached (both can be true), info.

        Raises:
            ValueError: The action does not exist here, or no episode is under way.
        """
        if self.state is None or self.terminal[self.state]:
            raise ValueError("no episode is under way: call reset() before the first step and after a terminal state")
        if not (
            isinstance(action, int | np.integer) and 0 <= action < self.num_actions and self.allowed[self.state, action]
        ):
            self.check_actions(np.asarray([self.state]), np.asarray([action]))  # says what is wrong
        here = self.state, action
        successors, cumulative = self.successors  # as in `sample`, without its arrays of one number
        follow = int(successors[here][cumulative[here].searchsorted(self.np_random.random(), side="right")])
        reward = float(self.R[here] if self.R.ndim == 2 else self.R[here][follow])
        if self.reward_std is not None:
            reward += float(self.reward_std[here] * self.np_random.standard_normal())
        self.state, self._steps = follow, self._steps + 1
        truncated = self.limit is not None and self._steps >= self.limit
        return follow, reward, bool(self.terminal[follow]), truncated, self._info()

    def _info(self) -> dict[str, Any]:
        return {} if self._all_allowed else {"action_mask": self.allowed[self.state].astype(np.int8)}

    def check_actions(self, states: NDArray[Any], actions: NDArray[Any]) -> None:
        """Refuse actions (N,) that the states (N,) do not have, with a ValueError."""
        if actions.shape != states.shape or actions.dtype.kind not in "iu":
            raise ValueError(f"expected {states.shape} whole numbers as actions, got {actions!r}")
        bad = (actions < 0) | (actions >= self.num_actions)
        bad = bad | ~self.allowed[states, np.where(bad, 0, actions)]
        if bad.any():
            state = int(states[bad][0])
            has = ", ".join(self.action_name(int(a)) for a in np.flatnonzero(self.allowed[state]))
            raise ValueError(f"{self.state_name(state)} has no action {actions[bad][0]}; it has {has}")

    def state_name(self, state: int) -> str:
        """What a state is called."""
        if self.state_names:
            return self.state_names[state]
        if self.layout is not None and self.layout.rows > 1:
            return f"cell {tuple(int(i) for i in divmod(state, self.layout.columns))}"
        return f"state {state}"

    def action_name(self, action: int) -> str:
        """What an action is called."""
        return self.action_names[action] if self.action_names else f"{action}"

    def __str__(self) -> str:
        ends = int(self.terminal.sum())
        limit = "" if self.limit is None else f", episodes of at most {self.limit} steps"
        actions = f"{self.num_actions} action" + "s" * (self.num_actions > 1)
        head = f"{self.name or 'TabularMDP'}: {self.num_states} states ({ends} terminal), {actions}"
        return head + limit + (f"\n{self.layout.text}" if self.layout is not None else "")

    __repr__ = __str__
