"""Learning on policy: only from what the newest policy has just lived through, which is then thrown away.

REINFORCE, actor-critic and PPO share this frame and differ in what they do with a rollout.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.distributions import Distribution, kl_divergence

from .environment_learner import EnvironmentLearner, EnvironmentSettings
from .policies import Policy, ValueFunction, check_policy, check_value, make_policy
from .rollout import Rollout
from .settings import check_not_negative

__all__ = ["OnPolicyLearner", "OnPolicySettings", "explained_variance"]


@dataclass(frozen=True)
class OnPolicySettings(EnvironmentSettings):
    """What all on-policy algorithms are told, besides `EnvironmentSettings`.

    Attributes:
        entropy: Reward for being uncertain, per nat of the policy's entropy. More keeps the policy exploring; too much
            keeps it from ever deciding.
    """

    entropy: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_not_negative("entropy", self.entropy)


class OnPolicyLearner(EnvironmentLearner):
    """Environments, a policy, and perhaps a value function.

    Args:
        env: A gymnasium id, an environment, or one of ours.
        settings: What it is told; each algorithm has its own. None: their defaults.
        policy: A policy to train in place; None makes one that fits the spaces.
        value: A value function to train in place; None makes one.
    """

    settings_type: type[OnPolicySettings] = OnPolicySettings

    def __init__(
        self,
        env: Any,
        settings: OnPolicySettings | None = None,
        policy: Policy | None = None,
        value: nn.Module | None = None,
    ) -> None:
        settings = self.settings_type() if settings is None else settings
        check_value(value)
        if policy is not None:
            check_policy(policy)

        def networks(
            observations: Any, actions: Any, generator: torch.Generator, allowed: NDArray[np.bool_] | None
        ) -> Mapping[str, nn.Module]:
            made: dict[str, nn.Module] = {}
            made["policy"] = (
                make_policy(observations, actions, settings.hidden, generator, allowed) if policy is None else policy
            )
            if self.has_value(settings):
                made["value"] = ValueFunction(observations, settings.hidden, generator) if value is None else value
            return made

        super().__init__(env, settings, networks)

    @staticmethod
    def has_value(settings: Any) -> bool:
        """Whether a value function is learned."""
        return True

    def collect(self, steps: int) -> Rollout:
        """Play the policy on for T steps in each environment."""
        rollout = self.collector.collect(self.policy, steps, self.generator, self.value)
        self.steps += rollout.steps
        return rollout

    @torch.no_grad()
    def moved(self, before: Distribution, obs: Tensor) -> float:
        """How far the policy is now from what it was: mean KL divergence from old to new, nats per action.

        Args:
            before: The old policy's distributions for `obs`.
            obs: (…, *O).
        """
        return float(kl_divergence(before, self.policy(obs)).mean())


def explained_variance(value: Tensor, target: Tensor) -> float | None:
    """Share of the variance of the targets that the values account for, 1 - Var(target - value) / Var(target).

    Args:
        value, target: Of one shape.

    Returns:
        At most 1; 0 for a constant value; None where all targets are equal, so that there is nothing to account for.
    """
    spread = float(target.var()) if target.numel() > 1 else 0.0
    return None if spread == 0 else 1 - float((target - value).var()) / spread
