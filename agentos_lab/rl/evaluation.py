"""Evaluation: how good is a policy, and how sure are we.

Returns scatter from episode to episode, so that a mean comes with its standard error. How good an *algorithm* is, is
another question: see `learning_curves.py`.
"""

from __future__ import annotations

import html
import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from gymnasium.spaces import Discrete
from numpy.typing import NDArray
from torch import Tensor

from .environments import VectorEnvironment, as_vector
from .episode import task_name
from .settings import check_count, check_flag, check_seed

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Evaluation", "evaluate"]

_SIDE_BY_SIDE = 50  # environments


@dataclass(frozen=True)
class Evaluation:
    """What a policy earned.

    Attributes:
        returns: Sum of rewards of each episode, without discount (episodes,).
        lengths: Steps of each episode (episodes,), where they are known.
        greedy: Whether the likeliest actions were taken, or samples.
        task: Name of the environment.
    """

    returns: NDArray[np.float64]
    lengths: NDArray[np.int64] | None = None
    greedy: bool = True
    task: str = ""

    @classmethod
    def of(cls, returns: Iterable[float], *, greedy: bool = True, task: str = "") -> Evaluation:
        """An evaluation from the returns of some episodes, however they were played."""
        return cls(np.array(list(returns), dtype=np.float64), greedy=greedy, task=task)

    @property
    def episodes(self) -> int:
        """Number of episodes."""
        return len(self.returns)

    @property
    def mean(self) -> float:
        """Mean return."""
        return float(self.returns.mean())

    @property
    def std(self) -> float:
        """Standard deviation of single episodes' returns."""
        return float(self.returns.std(ddof=1)) if self.episodes > 1 else math.nan

    @property
    def std_error(self) -> float:
        """Standard error of the mean: how far it would scatter if the evaluation were repeated."""
        return self.std / math.sqrt(self.episodes)

    @property
    def interval(self) -> tuple[float, float]:
        """The mean ± 1.96 standard errors, which holds the true mean in about 95 of 100 evaluations."""
        return self.mean - 1.96 * self.std_error, self.mean + 1.96 * self.std_error

    def __str__(self) -> str:
        how = "greedy" if self.greedy else "sampled"
        where = f" on {self.task}" if self.task else ""
        steps = "" if self.lengths is None else f", {self.lengths.mean():.1f} steps on average"
        return (
            f"mean return {self.mean:.2f} ± {self.std_error:.2f} (standard error){where}\n"
            f"{self.episodes} {how} episodes, from {self.returns.min():.1f} to {self.returns.max():.1f}{steps}"
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def plot(self, ax: Axes | None = None) -> Figure:
        """How the episodes' returns are distributed."""
        from agentos_lab.figures import axes_for

        title = f"Returns of {self.episodes} episodes: {self.mean:.1f} ± {self.std_error:.1f}"
        figure, ax = axes_for(ax, title, f"Histogram of returns. {self}")
        ax.hist(self.returns, bins=min(20, max(5, self.episodes // 5)))
        ax.axvline(self.mean, linestyle="--", color="black", label="mean")
        ax.set(xlabel="return of an episode", ylabel="episodes")
        ax.legend(frameon=False)
        return figure


@torch.no_grad()
def evaluate(
    policy: Any, env: Any, episodes: int = 100, *, greedy: bool = True, seed: int = 0, longest: int = 10_000
) -> Evaluation:
    """Play a policy without learning, and count what it earns.

    Which episodes count is settled before they begin, so that short ones are not counted more often than long ones.

    Args:
        policy: What an algorithm learned (`Learned.policy`); or a table of actions (S,) or of probabilities or action
            values (S, A), for environments whose observations are numbers of states; or a function from observations
            (N, *O), as an array, to actions (N,).
        env: A gymnasium id, an environment, or one of ours.
        episodes: Number of episodes.
        greedy: Take the likeliest action (of a table: the largest entry) instead of a sample. A table of action values
            has nothing to sample from.
        seed: Of the environments and of the samples.
        longest: Steps after which an episode that does not end is an error.

    Returns:
        Mean, standard error and the single returns.

    Raises:
        ValueError: Not an environment, no policy, a table that holds no probabilities to sample from, or an episode
            without end.

    Example:
        >>> from agentos_lab.rl import evaluate
        >>> evaluate(lambda obs: (obs[:, 2] > 0).astype(int), "CartPole-v1", episodes=10).episodes
        10
    """
    check_count("episodes", episodes)
    check_count("longest", longest)
    check_seed(seed)
    check_flag("greedy", greedy)
    own = isinstance(env, VectorEnvironment)
    world = as_vector(env, None if own else min(episodes, _SIDE_BY_SIDE))
    act = _actor(policy, world, greedy, torch.Generator().manual_seed(seed))
    share = [episodes // world.n + (i < episodes % world.n) for i in range(world.n)]  # episodes of each environment
    left = np.array(share)
    returns: list[list[float]] = [[] for _ in share]
    lengths: list[list[int]] = [[] for _ in share]
    total, length = np.zeros(world.n), np.zeros(world.n, np.int64)
    obs, _ = world.reset(seed=seed)
    while left.any():
        obs, reward, terminated, truncated, _ = world.step(act(obs))
        total += reward
        length += 1
        if (length >= longest).any():
            raise ValueError(
                f"an episode has not ended after {longest} steps; give the environment a time limit, or raise `longest`"
            )
        for i in (terminated | truncated).nonzero()[0]:
            if left[i]:
                returns[i].append(float(total[i]))
                lengths[i].append(int(length[i]))
                left[i] -= 1
            total[i] = length[i] = 0
    return Evaluation(np.concatenate(returns), np.concatenate(lengths).astype(np.int64), greedy, task_name(env))


def _actor(
    policy: Any, world: VectorEnvironment, greedy: bool, generator: torch.Generator
) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """A function from observations (N, *O) to actions as the environment takes them."""
    if hasattr(policy, "act") and not isinstance(policy, type):
        return lambda obs: policy.to_environment(policy.act(torch.as_tensor(obs), generator, greedy)).numpy()
    if isinstance(policy, np.ndarray | Tensor | list | tuple):
        return _table_actor(np.asarray(policy), world, greedy, generator)
    if callable(policy) and not isinstance(policy, type):
        return lambda obs: np.asarray(policy(obs))
    hint = "; did you mean its .policy?" if hasattr(policy, "policy") else ""
    raise ValueError(f"a policy is a module with `act`, a table or a function, got {type(policy).__name__}{hint}")


def _table_actor(
    table: NDArray[Any], world: VectorEnvironment, greedy: bool, generator: torch.Generator
) -> Callable[[NDArray[Any]], NDArray[Any]]:
    """A function from states (N,) to actions (N,), by a table of actions (S,), probabilities or values (S, A)."""
    states, actions = world.single_observation_space, world.single_action_space
    if not (isinstance(states, Discrete) and isinstance(actions, Discrete)):
        raise ValueError(f"a table is a policy where states are numbered (Discrete), here observations are {states}")
    S, A = int(states.n), int(actions.n)
    if table.shape == (S,) and table.dtype.kind in "iu":
        return lambda obs: table[obs]
    if table.shape == (S, A) and table.dtype.kind in "iuf" and not np.isnan(table).any():
        if greedy:
            return lambda obs: table.argmax(axis=1)[obs]
        if (table >= 0).all() and np.allclose(table.sum(axis=1), 1):
            rows = torch.as_tensor(table, dtype=torch.float64)
            return lambda obs: torch.multinomial(rows[obs], 1, generator=generator)[:, 0].numpy()
    raise ValueError(
        f"a table is a policy if it holds actions {(S,)}, whole numbers, or probabilities or action values {(S, A)}; "
        f"got {table.dtype} of shape {table.shape}"
        f"{'' if greedy else ', with rows that are no probabilities to sample from'}"
    )
