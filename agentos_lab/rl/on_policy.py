"""Learning on policy: only from what the newest policy has just lived through, which is then thrown away.

REINFORCE, actor-critic and PPO share this frame and differ in what they do with a rollout.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.distributions import Distribution, kl_divergence

from .collector import Collector
from .environments import VectorEnvironment
from .learning import Learner, Snapshot
from .learning_result import Update
from .policies import Policy, ValueFunction, make_policy
from .rollout import Rollout
from .settings import Settings, check_count, check_hidden, check_not_negative, check_positive, check_share

__all__ = ["OnPolicyLearner", "OnPolicySettings", "explained_variance"]


@dataclass(frozen=True)
class OnPolicySettings(Settings):
    """What all on-policy algorithms are told, besides `Settings`.

    Attributes:
        gamma: Discount γ. Nearer to 1: plans further ahead, with noisier returns. 1 / (1 - γ) steps is how far it sees.
        environments: N, played side by side. More: calmer gradients for the same time, and more steps per update.
        hidden: Widths of the hidden layers of both networks.
        entropy: Reward for being uncertain, per nat of the policy's entropy. More keeps the policy exploring; too much
            keeps it from ever deciding.
        max_grad_norm: Longest gradient of each network; a longer one is shortened to it.
        anneal: Let the learning rate fall to 0 in a straight line over all steps: the last updates are the smallest,
            and the policy that remains is a settled one.
    """

    gamma: float = 0.99
    environments: int = 8
    hidden: tuple[int, ...] = (64, 64)
    entropy: float = 0.0
    max_grad_norm: float = 0.5
    anneal: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_share("gamma", self.gamma)
        check_count("environments", self.environments)
        check_not_negative("entropy", self.entropy)
        check_positive("max_grad_norm", self.max_grad_norm)
        check_hidden(self.hidden)

    @property
    def batch(self) -> int:
        """Environment steps of one update; 0 where that depends on how long episodes are."""
        return 0


class OnPolicyLearner(Learner):
    """Environments, a policy, a value function, and the account of their progress.

    Args:
        env: A gymnasium id, an environment, or one of ours.
        settings: What it is told; each algorithm has its own.
        policy: A policy to train in place; None makes one that fits the spaces.
        value: A value function to train in place; None makes one.

    Attributes:
        collector: The environments under way.
    """

    settings: Any  # of the algorithm's own class

    def __init__(
        self, env: Any, settings: OnPolicySettings, policy: Policy | None = None, value: nn.Module | None = None
    ) -> None:
        if isinstance(env, VectorEnvironment):
            settings = settings.replace(environments=env.n)
        self.collector = Collector(env, settings.environments, settings.seed)
        observations, actions = self.collector.env.single_observation_space, self.collector.env.single_action_space
        generator = torch.Generator().manual_seed(settings.seed)
        modules: dict[str, nn.Module] = {}
        modules["policy"] = make_policy(observations, actions, settings.hidden, generator) if policy is None else policy
        if self.has_value(settings):
            modules["value"] = ValueFunction(observations, settings.hidden, generator) if value is None else value
        super().__init__(settings, modules, self.collector.task)
        if "policy" not in self.optimizers:
            raise ValueError("no parameter of the policy requires a gradient: there is nothing to learn")

    @staticmethod
    def has_value(settings: Any) -> bool:
        """Whether a value function is learned."""
        return True

    @property
    def lr(self) -> float:
        """The learning rate of the next update."""
        left = 1 - self.steps / self.settings.total_steps if self.settings.anneal else 1.0
        return self.settings.lr * max(left, 0.0)

    @property
    def finished(self) -> bool:
        """Whether a further update would take more steps than there are left; the first one is always made."""
        after = self.steps + self.settings.batch
        return after > self.settings.total_steps if self.records else False

    def updates(self) -> Iterator[Update]:
        """The algorithm; see the subclasses."""
        raise NotImplementedError

    def collect(self, steps: int) -> Rollout:
        """Play the policy on for T steps in each environment."""
        rollout = self.collector.collect(self.policy, steps, self.generator, self.value)
        self.steps += rollout.steps
        return rollout

    def descend(self, loss: Tensor, *names: str) -> float:
        """Make one optimizer step down the gradient of a loss.

        Args:
            loss: ().
            *names: Of the networks that it is about.

        Returns:
            Length of the first network's gradient before clipping.
        """
        chosen = {name: self.optimizers[name] for name in names if name in self.optimizers}
        for optimizer in chosen.values():
            optimizer.zero_grad()
        loss.backward()
        longest = self.settings.max_grad_norm
        norms = [nn.utils.clip_grad_norm_(self.modules[name].parameters(), longest) for name in chosen]
        for optimizer in chosen.values():
            optimizer.step()
        return float(norms[0])

    @torch.no_grad()
    def moved(self, before: Distribution, obs: Tensor) -> float:
        """How far the policy is now from what it was: mean KL divergence from old to new, nats per action.

        Args:
            before: The old policy's distributions for `obs`.
            obs: (…, *O).
        """
        return float(kl_divergence(before, self.policy(obs)).mean())

    def record(self, sums: Mapping[str, Any]) -> Update:
        """The record of the update just made.

        Args:
            sums: Fields of `Update` by name; of a sequence of numbers the mean is kept.
        """
        numbers = {
            name: float(np.mean(value)) if isinstance(value, Sequence) else None if value is None else float(value)
            for name, value in sums.items()
        }
        number, lr = len(self.records) + 1, next(iter(self.optimizers.values())).param_groups[0]["lr"]
        return Update(number, self.steps, self.collector.mean_return, self.collector.episodes, lr, **numbers)

    def snapshot(self, complete: bool = False) -> Snapshot:
        """A copy of the state; the environments' is the list of all actions so far, which only `complete` copies."""
        tensors, facts = super().snapshot(complete)
        lived, told = self.collector.snapshot(complete)
        return Snapshot(tensors | lived, facts | told)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state that `snapshot` gave."""
        super().restore(snapshot)
        self.collector.restore(*snapshot)


def explained_variance(value: Tensor, target: Tensor) -> float | None:
    """Share of the variance of the targets that the values account for, 1 - Var(target - value) / Var(target).

    Args:
        value, target: Of one shape.

    Returns:
        At most 1; 0 for a constant value; None where all targets are equal, so that there is nothing to account for.
    """
    spread = float(target.var())
    return None if spread == 0 else 1 - float((target - value).var()) / spread
