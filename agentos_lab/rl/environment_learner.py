"""Learning in environments: what all algorithms share that live through steps, on policy or off.

Their settings, their environments under way, the learning rate that falls, one step down a gradient, and a record of
every update. `on_policy.py` and `dqn.py` say what is done with the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.distributions import Categorical, Independent, Normal

from .action_mask import allowed_actions
from .collector import Collector
from .environments import VectorEnvironment
from .learning import Learner, Snapshot
from .learning_result import Update
from .settings import Settings, check_count, check_hidden, check_positive, check_share

__all__ = ["EnvironmentLearner", "EnvironmentSettings"]

# From observation space, action space, a source of first weights, and which actions each state has (S, A), if not all,
# to the networks that learn, by name.
Networks = Callable[[Any, Any, torch.Generator, NDArray[np.bool_] | None], Mapping[str, nn.Module]]


@dataclass(frozen=True)
class EnvironmentSettings(Settings):
    """What all algorithms in environments are told, besides total_steps, seed and lr of `Settings`.

    Attributes:
        gamma: Discount γ. Nearer to 1: plans further ahead, with noisier returns, and errors in the values take longer
            to die away. 1 / (1 - γ) steps is how far it sees.
        environments: N, played side by side. More: calmer gradients for the same time, and more steps per update.
        hidden: Widths of the hidden layers of every network.
        max_grad_norm: Longest gradient of each network; a longer one is shortened to it.
        anneal: Let the learning rate fall to 0 in a straight line over all steps: the last updates are the smallest,
            and what remains is settled.
    """

    gamma: float = 0.99
    environments: int = 8
    hidden: tuple[int, ...] = (64, 64)
    max_grad_norm: float = 0.5
    anneal: bool = True

    def __post_init__(self) -> None:
        super().__post_init__()
        check_share("gamma", self.gamma)
        check_count("environments", self.environments)
        check_hidden(self.hidden)
        check_positive("max_grad_norm", self.max_grad_norm)

    @property
    def batch(self) -> int:
        """Environment steps of one update; 0 where that depends on how long episodes are."""
        return 0


class EnvironmentLearner(Learner):
    """Environments, the networks that learn in them, and the account of their progress.

    Args:
        env: A gymnasium id, an environment, or one of ours.
        settings: What it is told; each algorithm has its own.
        networks: Makes the networks once the spaces are known.

    Attributes:
        collector: The environments under way.

    Raises:
        ValueError: Settings of another algorithm, an environment of an unsupported kind, or nothing to learn.
    """

    settings: Any  # of the algorithm's own class
    settings_type: type[EnvironmentSettings] = EnvironmentSettings

    def __init__(self, env: Any, settings: EnvironmentSettings, networks: Networks) -> None:
        if not isinstance(settings, self.settings_type):
            kind = self.settings_type.__name__
            raise ValueError(f"settings must be {kind}, e.g. {kind}(lr=1e-3), got {type(settings).__name__}")
        if isinstance(env, VectorEnvironment):
            settings = settings.replace(environments=env.n)
        self.collector = Collector(env, settings.environments, settings.seed)
        observations, actions = self.collector.env.single_observation_space, self.collector.env.single_action_space
        generator, allowed = torch.Generator().manual_seed(settings.seed), allowed_actions(self.collector.env)
        super().__init__(settings, networks(observations, actions, generator, allowed), self.collector.task)
        if "policy" not in self.optimizers:
            raise ValueError("no parameter of the policy requires a gradient: there is nothing to learn")
        self._check_actions(actions)

    def _check_actions(self, space: Any) -> None:
        """Refuse a policy that chooses among other actions than there are; a distribution of one's own is trusted."""
        with torch.no_grad():
            choice = self.policy(torch.as_tensor(self.collector.obs))  # for each of N observations
        if isinstance(choice, Categorical):
            told, fits = (
                f"one of {choice.logits.shape[-1]} actions",
                choice.logits.shape[-1] == getattr(space, "n", None),
            )
        elif isinstance(choice, Independent | Normal):
            told, fits = f"numbers of shape {tuple(choice.mean.shape[1:])}", choice.mean.shape[1:] == space.shape
        else:
            return
        if not fits:
            raise ValueError(f"the policy chooses {told}, and the actions of {self.task} are {space}")

    @property
    def lr(self) -> float:
        """The learning rate of the next update."""
        left = 1 - self.steps / self.settings.total_steps if self.settings.anneal else 1.0
        return self.settings.lr * max(left, 0.0)

    @property
    def finished(self) -> bool:
        """Whether a further update would take more steps than there are left; the first one is always made."""
        return bool(self.records) and self.steps + self.settings.batch > self.settings.total_steps

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
        parameters = [optimizer.param_groups[0]["params"] for optimizer in chosen.values()]
        norms = [nn.utils.clip_grad_norm_(each, longest) for each in parameters]
        for optimizer in chosen.values():
            optimizer.step()
        return float(norms[0])

    def record(self, sums: Mapping[str, Any]) -> Update:
        """The record of the update just made.

        Args:
            sums: Fields of `Update` by name; of a sequence of numbers the mean is kept.
        """
        numbers = {
            name: float(np.mean(value)) if isinstance(value, Sequence) else None if value is None else float(value)
            for name, value in sums.items()
        }
        number, lr = len(self.records) + 1, self.optimizers["policy"].param_groups[0]["lr"]
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
