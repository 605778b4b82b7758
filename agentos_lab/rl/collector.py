"""Collecting experience: the one place where policies meet environments while they learn.

A `Collector` keeps N environments under way from one rollout to the next. It keeps the observation from *before* each
reset, and *terminated* and *truncated* apart, so that every estimator can bootstrap rightly.
"""

from __future__ import annotations

import warnings
from collections import Counter, deque
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .environments import VectorEnvironment, as_vector
from .episode import task_name
from .policies import check_policy, check_value
from .rollout import Rollout
from .settings import check_seed

if TYPE_CHECKING:
    from .policies import Policy

__all__ = ["Collector", "Step"]

_RECENT = 100  # episodes in the mean return


class Step(NamedTuple):
    """One step of N environments (N, …)."""

    obs: NDArray[Any]
    next_obs: NDArray[Any]
    action: NDArray[Any]
    reward: NDArray[Any]
    terminated: NDArray[Any]
    truncated: NDArray[Any]


class Collector:
    """N environments under way, and the returns of the episodes that ended in them.

    It notes every action. Environments cannot be saved in general, but all of gymnasium's are the same again after the
    same seed and the same actions; so `replay` brings them back to where they were.

    Args:
        env: As in `collect`.
        n: As in `collect`.
        seed: Of the environments.

    Attributes:
        env: The vector environment.
        obs: What was observed last (N, *O).
        actions: All actions so far, as the environments took them, (N,) or (N, A) each.
        resets: After how many actions all environments were reset by hand.
        returns: Of the last 100 episodes that ended, without discount.
        episodes: How many ended.
        running: Return of each episode under way (N,).
        playing: Whose rewards and ends count (N,); see `collect_episodes`.
    """

    def __init__(self, env: Any, n: int | None = None, seed: int = 0) -> None:
        self.task = task_name(env)
        self.env = as_vector(env, None if isinstance(env, VectorEnvironment) else n)
        check_seed(seed)
        self.seed = seed
        self.restart()

    def restart(self) -> None:
        """Begin again from the seed."""
        self.obs, _ = self.env.reset(seed=self.seed)
        self.actions: list[NDArray[Any]] = []
        self.resets: list[int] = []
        self.returns: deque[float] = deque(maxlen=_RECENT)
        self.episodes = 0
        self.running, self.playing = np.zeros(self.env.n), np.ones(self.env.n, bool)

    @property
    def n(self) -> int:
        """N, the number of environments."""
        return self.env.n

    @property
    def mean_return(self) -> float | None:
        """Mean return of the last 100 episodes; None before the first end."""
        return sum(self.returns) / len(self.returns) if self.returns else None

    def collect(
        self, policy: Policy, steps: int, generator: torch.Generator, value: nn.Module | None = None
    ) -> Rollout:
        """Play on for some steps; see `collect`."""
        check_policy(policy)
        check_value(value)
        self.playing[:] = True
        return _rollout([self.step(policy, generator) for _ in range(steps)], policy, value)

    def collect_episodes(
        self, policy: Policy, generator: torch.Generator, value: nn.Module | None = None, longest: int = 10_000
    ) -> tuple[Rollout, Tensor]:
        """Play one whole episode in every environment.

        Which episodes to take is settled before they begin. To play on until a number of them has ended would be
        quicker, and wrong: short ones end first, so that they would be too many.

        Args:
            policy, generator, value: As in `collect`.
            longest: Steps after which an episode that does not end is cut off, as by a time limit.

        Returns:
            A rollout as long as the longest episode (T, N), and which steps belong to the first episode of their
            environment, bool (T, N); the others happened while it waited for the rest and are to be left out.
        """
        self.obs, _ = self.env.reset()
        self.resets.append(len(self.actions))
        self.running[:], self.playing[:] = 0.0, True
        lived, played = [], []
        while self.playing.any():
            played.append(self.playing.copy())
            lived.append(self.step(policy, generator))
            if len(lived) == longest:
                lived[-1] = lived[-1]._replace(truncated=lived[-1].truncated | self.playing)
            self.playing &= ~(lived[-1].terminated | lived[-1].truncated)
        return _rollout(lived, policy, value), torch.as_tensor(np.stack(played))

    def step(self, policy: Policy, generator: torch.Generator) -> Step:
        """Take one step in every environment, and keep the account of returns."""
        obs = self.obs
        action = policy.act(torch.as_tensor(obs), generator)
        taken = policy.to_environment(action).numpy()
        self.actions.append(taken)  # first, so that an interrupted step is known to have been begun
        self.obs, reward, terminated, truncated, info = self.env.step(taken)
        self.running += reward
        done = terminated | truncated
        if done.any():
            ended = self.running[done & self.playing]
            self.returns.extend(ended.tolist())
            self.episodes += len(ended)
            self.running[done] = 0.0
        return Step(obs, info["final_obs"], action.numpy(), reward, terminated, truncated)

    def snapshot(self, complete: bool = False) -> tuple[dict[str, Tensor], dict[str, Any]]:
        """What `restore` needs to go back to this point: tensors by name, and facts that JSON can hold.

        Args:
            complete: With all actions so far, which another collector needs; else this one can go back, and no other.
        """
        tensors = {
            "environment.obs": torch.as_tensor(self.obs.copy()),
            "environment.running": torch.as_tensor(self.running.copy()),
        }
        if complete and self.actions:
            tensors["environment.actions"] = torch.as_tensor(np.stack(self.actions))
        facts = {
            "seed": self.seed,
            "actions": len(self.actions),
            "resets": list(self.resets),
            "returns": list(self.returns),
            "episodes": self.episodes,
        }
        return tensors, facts

    def restore(self, tensors: Mapping[str, Tensor], facts: Mapping[str, Any]) -> None:
        """Go back to a state that `snapshot` gave."""
        self.seed = facts["seed"]
        if "environment.actions" in tensors:
            actions = list(tensors["environment.actions"].numpy())
        else:
            actions = self.actions[: facts["actions"]]
        self.replay(actions, facts["resets"], tensors["environment.obs"].numpy())
        self.running = tensors["environment.running"].numpy().copy()
        self.returns.clear()
        self.returns.extend(facts["returns"])
        self.episodes = facts["episodes"]

    def replay(self, actions: Sequence[NDArray[Any]], resets: Sequence[int], expected: NDArray[Any]) -> None:
        """Begin again from the seed and take the same actions.

        Args:
            actions: (N,) or (N, A) each.
            resets: As the attribute.
            expected: What was observed after them (N, *O). Where it is not what comes out, the environment is not
                determined by seed and actions; a warning says so, and new episodes begin.
        """
        self.restart()
        at = Counter(resets)
        for number in range(len(actions) + 1):
            for _ in range(at[number]):
                self.obs, _ = self.env.reset()
            if number < len(actions):
                self.obs, *_ = self.env.step(actions[number])
        self.actions, self.resets = list(actions), list(resets)
        if not np.array_equal(self.obs, expected):
            warnings.warn(
                f"{self.task} went another way under the same seed and actions: its chance does not come from the seed "
                "that reset gives it. Learning goes on with new episodes, not exactly as it would have",
                stacklevel=3,
            )
            self.obs, _ = self.env.reset()


def _rollout(lived: list[Step], policy: Policy, value: nn.Module | None) -> Rollout:
    """Stack steps, and ask policy and value function about all of them at once."""
    obs, next_obs, action, reward, terminated, truncated = (
        torch.as_tensor(np.stack(part)) for part in zip(*lived, strict=True)
    )
    with torch.no_grad():
        log_prob = policy(obs).log_prob(action)
        value_now, value_next = (
            torch.zeros(reward.shape) if value is None else _checked(value(seen), reward.shape)
            for seen in (obs, next_obs)
        )
    return Rollout(obs, next_obs, action, log_prob, reward.float(), terminated, truncated, value_now, value_next)


def _checked(values: Any, shape: torch.Size) -> Tensor:
    """Values (T, N) as they are, unless they are none, with a ValueError that says why."""
    if not isinstance(values, Tensor) or values.shape != shape:
        found = tuple(values.shape) if isinstance(values, Tensor) else type(values).__name__
        raise ValueError(
            f"a value function gives one number for each observation, here {tuple(shape)}, and not {found}; if its "
            "last layer has one output, squeeze(-1) takes the axis off"
        )
    if not values.isfinite().all():
        raise ValueError(
            "the values are no numbers any more: either an observation is not finite, or learning has diverged; for "
            "the second try a smaller lr"
        )
    return values
