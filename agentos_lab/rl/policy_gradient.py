"""REINFORCE: make the actions of good episodes likelier (Williams 1992).

The policy gradient theorem turns the gradient of an expectation, which nobody can compute, into the expectation of a
gradient, which episodes sample: ∇J = E[Σ ∇log π(a|s) G]. It is right on average and noisy. Two changes take noise away
and leave the average as it is: count only rewards after the action, and subtract what was to be expected anyway.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .advantage import normalize
from .learning_result import Learned, Update
from .on_policy import OnPolicyLearner, OnPolicySettings, explained_variance
from .policies import Policy
from .returns import monte_carlo_return
from .settings import check_count, check_same_shape

__all__ = ["Reinforce", "ReinforceSettings", "policy_gradient_loss", "reinforce"]


@dataclass(frozen=True)
class ReinforceSettings(OnPolicySettings):
    """What REINFORCE is told, besides the fields of `OnPolicySettings` (total_steps, seed, lr, gamma, …).

    Attributes:
        environments: N, episodes of one update: each environment plays one to its end.
        reward_to_go: Weigh an action by the rewards after it; False: by the return of the whole episode, rewards before
            the action included, which it cannot have caused. Both are right on average; the second is noisier.
        baseline: Learn a value function and subtract it from the returns. False: plain returns.
        value_epochs: Steps of the value function's optimizer in one update; only the policy has to be on policy.
        normalize: Scale the weights of an update to deviation 1; with a baseline also to mean 0.
        longest: Steps after which an episode that does not end is cut off.
    """

    lr: float = 1e-2
    environments: int = 16
    gamma: float = 0.99
    reward_to_go: bool = True
    baseline: bool = True
    value_epochs: int = 10
    normalize: bool = True
    longest: int = 10_000

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("longest", self.longest)
        check_count("value_epochs", self.value_epochs)


def reinforce(
    env: Any,
    *,
    policy: Policy | None = None,
    value: nn.Module | None = None,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Learned:
    """Learn a policy by REINFORCE (Williams 1992; Sutton & Barto 2018, section 13.3 and 13.4).

    The factor γᵗ of the book's algorithm is left out, as is usual: it would let nearly nothing be learned from late
    steps. An episode that a time limit cut off has a return that goes on after it. With a baseline its value stands for
    the missing rewards; without one there is nothing to take for them, and the return ends there.

    Args:
        env, policy, on_record, checkpoint, progress: As in `ppo`.
        value: A value function to train in place, for the baseline; None makes one.
        **settings: The fields of `ReinforceSettings`: total_steps, seed, lr, gamma, environments, baseline, …

    Returns:
        What was learned, until the end or an interrupt.

    Raises:
        ValueError: As in `ppo`.
    """
    learner = Reinforce(env, ReinforceSettings.of(**settings), policy, value)
    return learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress)


class Reinforce(OnPolicyLearner):
    """A run of `reinforce` that can be driven update by update; see `OnPolicyLearner` for its arguments."""

    algorithm = "REINFORCE"
    settings_type = ReinforceSettings
    changeable = ("total_steps", "lr", "gamma", "entropy", "max_grad_norm", "value_epochs")

    @staticmethod
    def has_value(settings: Any) -> bool:
        """Whether there is a baseline."""
        return settings.baseline

    def updates(self) -> Iterator[Update]:
        """Play an episode in each environment, weigh its actions, take one step; again and again."""
        while True:
            s = self.settings
            rollout, played = self.collector.collect_episodes(self.policy, self.generator, self.value, s.longest)
            self.steps += int(played.sum())
            returns = monte_carlo_return(
                rollout.reward, rollout.next_value, rollout.terminated, rollout.truncated, s.gamma
            )  # (T, N)
            weight = returns - rollout.value if s.reward_to_go else (returns - rollout.value)[:1].expand_as(returns)
            weight = weight[played]  # (steps,)
            if s.normalize:
                weight = normalize(weight) if s.baseline else weight / (weight.square().mean().sqrt() + 1e-8)
            obs = rollout.obs[played]
            distribution = self.policy(obs)
            policy_loss = policy_gradient_loss(distribution.log_prob(rollout.action[played]), weight)
            entropy = distribution.entropy().mean()
            loss = policy_loss - s.entropy * entropy
            grad_norm = self.descend(loss, "policy")
            numbers = {
                "loss": loss.item(),
                "policy_loss": policy_loss.item(),
                "entropy": entropy.item(),
                "grad_norm": grad_norm,
                "kl": self.moved(distribution, obs),
            }
            if s.baseline:
                numbers["value_loss"] = self.fit_value(obs, returns[played])
                numbers["explained_variance"] = explained_variance(rollout.value[played], returns[played])
            yield self.record(numbers)

    def fit_value(self, obs: Tensor, returns: Tensor) -> float:
        """Pull the baseline towards the returns, and return its mean squared error before that."""
        losses = []
        for _ in range(self.settings.value_epochs):
            loss = (self.modules["value"](obs) - returns).square().mean()
            self.descend(loss, "value")
            losses.append(loss.item())
        return losses[0]


def policy_gradient_loss(log_prob: Tensor, weight: Tensor) -> Tensor:
    """A loss whose gradient is the policy gradient: -mean(log π(a|s) · weight) (Sutton & Barto 2018, eq. 13.8).

    The weight says how good the action was (a return, or an advantage). It is a constant: no gradient flows through it.

    Args:
        log_prob: log π(a|s), any shape.
        weight: The same shape.

    Returns:
        The loss ().

    Raises:
        ValueError: The shapes differ, or a weight is NaN or infinite.
    """
    check_same_shape(log_prob=log_prob, weight=weight)
    weight = torch.as_tensor(weight)
    if not weight.isfinite().all():
        raise ValueError(f"weight must hold finite numbers, got {weight}; look at the rewards and the values behind it")
    return -(log_prob * weight.detach()).mean()
