"""Rollouts: what a policy lived through in N environments over T steps, kept as arrays with time first.

`next_obs` is the observation from *before* each reset, and *terminated* and *truncated* stay apart: with these, every
estimator can bootstrap rightly.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from .episode import Episode
from .settings import check_count

if TYPE_CHECKING:
    from .policies import Policy

__all__ = ["Rollout", "collect"]


@dataclass(frozen=True, repr=False)
class Rollout:
    """T steps of N environments, as tensors (T, N, …).

    Attributes:
        obs: What was observed before each step (T, N, *O).
        next_obs: What each step led to, before any reset (T, N, *O).
        action: As the policy chose them (T, N) or (T, N, A).
        log_prob: Logarithm of the probability, or density, with which they were chosen (T, N).
        reward: (T, N).
        terminated, truncated: How the episode ended, if it did, bool (T, N); both can be true, then it terminated.
        value, next_value: V(obs) and V(next_obs) (T, N); zeros without a value function. `next_value` is not yet set
            to 0 where the episode terminated: the estimators do that.
    """

    obs: Tensor
    next_obs: Tensor
    action: Tensor
    log_prob: Tensor
    reward: Tensor
    terminated: Tensor
    truncated: Tensor
    value: Tensor
    next_value: Tensor

    def __str__(self) -> str:
        T, N = self.reward.shape
        terminated, done = int(self.terminated.sum()), int(self.done.sum())
        return (
            f"{T} steps of {N} environment{'s' * (N > 1)}: obs {tuple(self.obs.shape)}, "
            f"action {tuple(self.action.shape)}\n"
            f"reward {float(self.reward.mean()):.3f} on average; {terminated} terminated, {done - terminated} truncated"
        )

    __repr__ = __str__

    @property
    def done(self) -> Tensor:
        """Whether the episode ended with this step, either way (T, N)."""
        return self.terminated | self.truncated

    @property
    def steps(self) -> int:
        """T·N, the number of environment steps."""
        return self.reward.numel()

    def episodes(self) -> list[Episode]:
        """The episodes in it, environment by environment.

        The first of an environment may have begun before the rollout, and the last may go on after it.
        """
        found = []
        for column in range(self.reward.shape[1]):
            ends = (self.done[:, column].nonzero().flatten() + 1).tolist()
            bounds = [0, *ends] if ends and ends[-1] == len(self.reward) else [0, *ends, len(self.reward)]
            for start, stop in pairwise(bounds):
                found.append(self._episode(slice(start, stop), column))
        return found

    def _episode(self, rows: slice, column: int) -> Episode:
        def part(name: str) -> NDArray[Any]:
            return getattr(self, name)[rows, column].numpy()

        terminated = bool(part("terminated")[-1])
        truncated = bool(part("truncated")[-1]) and not terminated
        obs = np.concatenate([part("obs"), part("next_obs")[-1:]])
        reward = part("reward").astype(np.float64)
        return Episode(obs, part("action"), reward, terminated, truncated, part("log_prob"), part("value"))


def collect(
    env: Any,
    policy: Policy,
    steps: int,
    *,
    value: nn.Module | None = None,
    n: int | None = None,
    seed: int = 0,
    generator: torch.Generator | None = None,
) -> Rollout:
    """Play a policy for some steps and keep what happened.

    Args:
        env: A gymnasium id, an environment, or one of ours; or a `Collector`, which goes on where it stopped.
        policy: Chooses the actions, by sampling.
        steps: T, steps in each environment.
        value: Value function to ask about all observations; None leaves the values 0.
        n: N, how many environments; 1 when left out. A vector environment keeps its own.
        seed: Of the environments.
        generator: Source of the policy's chance; None: a new one from `seed`.

    Returns:
        T steps of N environments.

    Raises:
        ValueError: Not an environment, a reward that is NaN, or T below 1.

    Example:
        >>> from agentos_lab.rl import CategoricalPolicy, collect
        >>> collect("CartPole-v1", CategoricalPolicy(4, 2), steps=5, n=3).obs.shape
        torch.Size([5, 3, 4])
    """
    from .collector import Collector

    check_count("steps", steps)
    collector = env if isinstance(env, Collector) else Collector(env, n, seed)
    generator = torch.Generator().manual_seed(seed) if generator is None else generator
    return collector.collect(policy, steps, generator, value)
