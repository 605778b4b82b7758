"""Proximal policy optimisation: learn several times from the same rollout, and stop each action's change in time.

A policy gradient is right only for the policy that collected the data. After a first step of the optimizer the policy
is another one; the probability ratio ρ = π(a|s) / π_old(a|s) corrects for that, as long as it stays near 1. PPO takes
away every reason to move it further: beyond 1 ± clip the objective is flat.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from .advantage import gae, normalize, td_error
from .learning_result import Learned, Update
from .on_policy import OnPolicyLearner, OnPolicySettings, explained_variance
from .policies import Policy
from .settings import check_count, check_positive, check_same_shape, check_share

__all__ = ["PPO", "PPOSettings", "clipped_loss", "ppo"]


@dataclass(frozen=True)
class PPOSettings(OnPolicySettings):
    """What PPO is told, besides the fields of `OnPolicySettings` (total_steps, seed, lr, gamma, environments, …).

    Attributes:
        rollout: T, steps in each environment between two updates. Longer: advantages see further, updates are rarer.
        lam: λ of GAE. 0: trusts the value function after one step; 1: trusts rewards only.
        epochs: How often each step is learned from. More: learns faster from the same steps, and drifts further from
            the policy that took them.
        minibatches: Into how many parts the steps are divided; an optimizer step is made after each.
        clip: How far the probability ratio may move from 1 before an action's gradient is switched off.
        max_kl: End an update early when the policy has moved so many nats per action; None: never.
    """

    lr: float = 3e-3
    environments: int = 32
    rollout: int = 32
    gamma: float = 0.99
    lam: float = 0.95
    epochs: int = 5
    minibatches: int = 4
    clip: float = 0.2
    max_kl: float | None = None

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("rollout", "epochs", "minibatches"):
            check_count(name, getattr(self, name))
        check_share("lam", self.lam)
        check_positive("clip", self.clip)
        if self.max_kl is not None:
            check_positive("max_kl", self.max_kl)
        if self.minibatches > self.batch:
            raise ValueError(f"{self.batch} steps an update cannot be divided into {self.minibatches} minibatches")

    @property
    def batch(self) -> int:
        """Environment steps of one update, T·N."""
        return self.rollout * self.environments


def ppo(
    env: Any,
    *,
    policy: Policy | None = None,
    value: nn.Module | None = None,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Learned:
    """Learn a policy by proximal policy optimisation (Schulman et al. 2017, algorithm 1).

    An interrupt (Ctrl-C, or the notebook's stop button) ends learning early, with what has been learned so far.

    Args:
        env: A gymnasium id, an environment, or one of ours. Actions are `Discrete` or a one-dimensional `Box`.
        policy: A policy to train in place; None makes one that fits.
        value: A value function to train in place; None makes one.
        on_record: Called with every update's record.
        checkpoint: File to keep the state in; see `checkpoint.py`.
        progress: Show a bar.
        **settings: The fields of `PPOSettings`: total_steps, seed, lr, gamma, environments, rollout, clip, …

    Returns:
        The policy, the value function and the history, which print and plot themselves.

    Raises:
        ValueError: A setting makes no sense, or the environment is of an unsupported kind.

    Example:
        >>> from agentos_lab.rl import ppo
        >>> learned = ppo("CartPole-v1", total_steps=4_096, seed=0, progress=False)
        >>> learned.history[-1].mean_return > learned.history[0].mean_return
        True
    """
    learner = PPO(env, PPOSettings.of(**settings), policy, value)
    return learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress)


class PPO(OnPolicyLearner):
    """A run of `ppo` that can be driven update by update; see `OnPolicyLearner` for its arguments."""

    algorithm = "PPO"
    settings_type = PPOSettings
    changeable = ("total_steps", "lr", "gamma", "lam", "epochs", "clip", "entropy", "max_kl", "max_grad_norm")

    def updates(self) -> Iterator[Update]:
        """Collect, estimate advantages, learn from every step several times; again and again."""
        while True:
            s = self.settings
            rollout = self.collect(s.rollout)
            error = td_error(rollout.reward, rollout.value, rollout.next_value, rollout.terminated, s.gamma)
            advantage = gae(error, rollout.done, s.gamma, s.lam)  # (T, N)
            target = advantage + rollout.value
            columns = (rollout.obs, rollout.action, rollout.log_prob, normalize(advantage), target)
            batch = [column.flatten(0, 1) for column in columns]  # (T·N, …)
            with torch.no_grad():
                old = self.policy(batch[0])
            logs: dict[str, list[float]] = {}
            for _ in range(s.epochs):
                for rows in torch.randperm(s.batch, generator=self.generator).chunk(s.minibatches):
                    for name, number in self.learn(*(column[rows] for column in batch)).items():
                        logs.setdefault(name, []).append(number)
                if s.max_kl is not None and self.moved(old, batch[0]) > s.max_kl:
                    break
            kl = self.moved(old, batch[0])
            yield self.record({**logs, "kl": kl, "explained_variance": explained_variance(rollout.value, target)})

    def learn(
        self, obs: Tensor, action: Tensor, log_prob: Tensor, advantage: Tensor, target: Tensor
    ) -> dict[str, float]:
        """Make one optimizer step on a minibatch; all arguments have the same first axis."""
        s = self.settings
        distribution = self.policy(obs)
        ratio = (distribution.log_prob(action) - log_prob).exp()
        policy_loss, clipped = clipped_loss(ratio, advantage, s.clip)
        value_loss = (self.modules["value"](obs) - target).square().mean()
        with torch.set_grad_enabled(s.entropy > 0):  # where it pays nothing, it is only looked at
            entropy = distribution.entropy().mean()
        # The networks share no parameters, so the two losses do not compete and need no weights.
        loss = policy_loss - s.entropy * entropy + value_loss
        grad_norm = self.descend(loss, "policy", "value")
        return {
            "loss": loss.item(),
            "policy_loss": policy_loss.item(),
            "value_loss": value_loss.item(),
            "entropy": entropy.item(),
            "clip_fraction": clipped.item(),
            "grad_norm": grad_norm,
        }


def clipped_loss(ratio: Tensor, advantage: Tensor, clip: float) -> tuple[Tensor, Tensor]:
    """PPO's clipped surrogate, as a loss: -mean min(ρ A, clip(ρ, 1 - ε, 1 + ε) A) (Schulman et al. 2017, eq. 7).

    The minimum makes it a pessimistic bound: a ratio that moved the wrong way is always pulled back; one that moved
    the right way stops being rewarded at the edge of the range.

    Args:
        ratio: ρ, probability now over probability then (B,).
        advantage: A (B,).
        clip: ε.

    Returns:
        The loss (), and the share of samples whose ratio lies outside 1 ± ε.

    Raises:
        ValueError: The shapes differ, or ε is not positive.
    """
    check_same_shape(ratio=ratio, advantage=advantage)
    check_positive("clip", clip)
    bounded = ratio.clamp(1 - clip, 1 + clip)
    loss = -torch.minimum(ratio * advantage, bounded * advantage).mean()
    return loss, ((ratio.detach() - 1).abs() > clip).float().mean()
