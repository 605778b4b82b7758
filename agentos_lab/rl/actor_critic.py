"""Advantage actor-critic: the critic says what to expect, the actor does more of what turned out better than that.

One step along the policy gradient after each short rollout, for which nothing has to have ended: the critic's value
stands for all that comes later (Mnih et al. 2016, without the asynchrony: A2C).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from torch import nn

from .advantage import gae, normalize, td_error
from .learning_result import Learned, Update
from .on_policy import OnPolicyLearner, OnPolicySettings, explained_variance
from .policies import Policy
from .policy_gradient import policy_gradient_loss
from .settings import check_count, check_share

__all__ = ["ActorCritic", "ActorCriticSettings", "actor_critic"]


@dataclass(frozen=True)
class ActorCriticSettings(OnPolicySettings):
    """What A2C is told, besides the fields of `OnPolicySettings` (total_steps, seed, lr, gamma, environments, …).

    Attributes:
        rollout: T, steps in each environment between two updates. Longer: better advantages, fewer updates.
        lam: λ of GAE. 0: one-step actor-critic; 1: rewards up to the end of the rollout, then the critic.
        normalize: Scale the advantages of an update to mean 0 and deviation 1. It frees the update's length from the
            unit of the reward; but once the policy is good, what is left of the advantages is noise, and that is then
            made as large as the advantages were before.
    """

    lr: float = 2e-3
    environments: int = 16
    rollout: int = 8
    gamma: float = 0.99
    lam: float = 0.95
    normalize: bool = False

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("rollout", self.rollout)
        check_share("lam", self.lam)

    @property
    def batch(self) -> int:
        """Environment steps of one update, T·N."""
        return self.rollout * self.environments


def actor_critic(
    env: Any,
    *,
    policy: Policy | None = None,
    value: nn.Module | None = None,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Learned:
    """Learn a policy by advantage actor-critic with GAE.

    Args:
        env, policy, value, on_record, checkpoint, progress: As in `ppo`.
        **settings: The fields of `ActorCriticSettings`: total_steps, seed, lr, gamma, environments, rollout, lam, …

    Returns:
        What was learned, until the end or an interrupt.

    Raises:
        ValueError: As in `ppo`.
    """
    learner = ActorCritic(env, ActorCriticSettings.of(**settings), policy, value)
    return learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress)


class ActorCritic(OnPolicyLearner):
    """A run of `actor_critic` that can be driven update by update; see `OnPolicyLearner` for its arguments."""

    algorithm = "A2C"
    settings_type = ActorCriticSettings
    changeable = ("total_steps", "lr", "gamma", "lam", "entropy", "max_grad_norm")

    def updates(self) -> Iterator[Update]:
        """Collect, estimate advantages, take one step; again and again."""
        while True:
            s = self.settings
            rollout = self.collect(s.rollout)
            error = td_error(rollout.reward, rollout.value, rollout.next_value, rollout.terminated, s.gamma)
            advantage = gae(error, rollout.done, s.gamma, s.lam)  # (T, N)
            target = advantage + rollout.value
            distribution = self.policy(rollout.obs)
            weight = normalize(advantage) if s.normalize else advantage
            policy_loss = policy_gradient_loss(distribution.log_prob(rollout.action), weight)
            value_loss = (self.modules["value"](rollout.obs) - target).square().mean()
            entropy = distribution.entropy().mean()
            loss = policy_loss - s.entropy * entropy + value_loss
            grad_norm = self.descend(loss, "policy", "value")
            yield self.record(
                {
                    "loss": loss.item(),
                    "policy_loss": policy_loss.item(),
                    "value_loss": value_loss.item(),
                    "entropy": entropy.item(),
                    "grad_norm": grad_norm,
                    "kl": self.moved(distribution, rollout.obs),
                    "explained_variance": explained_variance(rollout.value, target),
                }
            )
