"""Deep Q-learning: Q-learning with a network in place of the table, kept from running after its own tail.

The target r + γ max Q(s', ·) moves with the very network that is to meet it, and consecutive steps are all alike. Two
remedies make it learn: targets come from a *target network*, a copy that stands still for a while, and batches from a
*replay buffer* of all that was lived through, by whatever policy.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn

from .environment_learner import EnvironmentLearner, EnvironmentSettings
from .learning import Snapshot
from .learning_result import Learned, Update
from .q_function import EpsilonGreedyPolicy, QFunction
from .replay import ReplayBuffer, Transitions
from .settings import check_count, check_same_shape, check_share

__all__ = ["DQN", "DQNSettings", "dqn", "exploration_rate", "q_target"]


@dataclass(frozen=True)
class DQNSettings(EnvironmentSettings):
    """What DQN is told, besides the fields of `EnvironmentSettings` (total_steps, seed, lr, gamma, environments, …).

    Attributes:
        rollout: T, steps in each environment between two updates; an update then makes `descents` optimizer steps.
        descents: Optimizer steps of one update. More, for each environment step: learns faster from the same
            experience, up to where the values overfit what the buffer happens to hold.
        batch_size: B, steps drawn for each optimizer step. More: calmer gradients for more time.
        capacity: Room in the replay buffer. Small: forgets what failure was like and has to fail again; large: learns
            long from what bad old policies did.
        warmup: Environment steps before learning begins, so that the first batches are not all the same few steps.
        target_every: Optimizer steps from one copy into the target network to the next. Rarely: stable and slow;
            often: fast, until values chase themselves upwards.
        epsilon: ε at the beginning, the share of random actions.
        last_epsilon: ε at the end. Some must remain, or it never learns to leave where it should not be.
        exploration: Share of all steps over which ε falls in a straight line from first to last. Longer: has seen more
            before it trusts itself, and earns less until then.
        double: The online network chooses the next action and the target network says what it is worth (van Hasselt et
            al. 2016). The maximum of noisy values is too large on average; two noises seldom agree.
        dueling: Learn what a state is worth apart from how actions differ; see `QFunction`. It matters where one action
            changes little: a balanced pole is worth tens, left and right mostly differ by less than 1.
        loss: Of the TD error. "squared": values come to be means, as theory has it, and large errors make long steps.
            "huber": linear beyond 1, so that no single error dominates; but where outcomes differ by more, values come
            near the median, and a rare failure hardly counts.
    """

    lr: float = 2e-3
    hidden: tuple[int, ...] = (128, 128)
    max_grad_norm: float = 10.0
    rollout: int = 32
    descents: int = 64
    batch_size: int = 128
    capacity: int = 100_000
    warmup: int = 1_000
    target_every: int = 128
    epsilon: float = 1.0
    last_epsilon: float = 0.04
    exploration: float = 0.16
    double: bool = True
    dueling: bool = True
    loss: str = "squared"

    def __post_init__(self) -> None:
        super().__post_init__()
        for name in ("rollout", "descents", "batch_size", "capacity", "target_every"):
            check_count(name, getattr(self, name))
        for name in ("epsilon", "last_epsilon", "exploration"):
            check_share(name, getattr(self, name))
        check_count("warmup", self.warmup, least=0)
        if self.loss not in ("huber", "squared"):
            raise ValueError(f'loss must be "huber" or "squared", got {self.loss!r}')

    @property
    def batch(self) -> int:
        """Environment steps of one update, T·N."""
        return self.rollout * self.environments


def dqn(
    env: Any,
    *,
    q: nn.Module | None = None,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> Learned:
    """Learn action values by deep Q-learning (Mnih et al. 2015, algorithm 1).

    An interrupt (Ctrl-C, or the notebook's stop button) ends learning early, with what has been learned so far.

    Args:
        env: A gymnasium id, an environment, or one of ours. Actions are `Discrete`.
        q: A network from observations to action values (…, A) to train in place; None makes a `QFunction`.
        on_record: Called with every update's record.
        checkpoint: File to keep the state in, replay buffer included; see `checkpoint.py`.
        progress: Show a bar.
        **settings: The fields of `DQNSettings`: total_steps, seed, lr, gamma, capacity, double, dueling, …

    Returns:
        The policy and the history, which print and plot themselves. ``learned.policy.q`` gives the action values.

    Raises:
        ValueError: A setting makes no sense, or the environment is of an unsupported kind.

    Example:
        >>> from agentos_lab.rl import dqn
        >>> learned = dqn("CartPole-v1", total_steps=4_096, seed=0, hidden=(32,), progress=False)
        >>> learned.history[-1].epsilon
        0.04
    """
    learner = DQN(env, DQNSettings.of(**settings), q)
    return learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress)


class DQN(EnvironmentLearner):
    """A run of `dqn` that can be driven update by update.

    Args:
        env: A gymnasium id, an environment, or one of ours.
        settings: What it is told; None: the defaults.
        q: A network to train in place; None makes one that fits the spaces.

    Attributes:
        replay: What was lived through.
        descended: Optimizer steps so far.
    """

    algorithm = "DQN"
    changeable = (
        "total_steps", "lr", "gamma", "descents", "batch_size", "target_every", "last_epsilon", "double", "loss",
        "max_grad_norm",
    )  # fmt: skip
    settings_type = DQNSettings

    def __init__(self, env: Any, settings: DQNSettings | None = None, q: nn.Module | None = None) -> None:
        settings = DQNSettings() if settings is None else settings
        if q is not None and not isinstance(q, nn.Module):
            raise ValueError(f"q must be a torch module, such as a QFunction, got {type(q).__name__}")

        def networks(
            observations: Any, actions: Any, generator: torch.Generator, allowed: NDArray[np.bool_] | None
        ) -> Mapping[str, nn.Module]:
            online = q
            if online is None:
                online = QFunction(observations, actions, settings.hidden, settings.dueling, generator, allowed)
            target = copy.deepcopy(online).requires_grad_(False)
            return {"policy": EpsilonGreedyPolicy(online, settings.epsilon), "target": target}

        super().__init__(env, settings, networks)
        self.replay = ReplayBuffer(settings.capacity)
        self.descended = 0

    @property
    def q(self) -> nn.Module:
        """The network that learns."""
        return self.policy.q

    @property
    def target(self) -> nn.Module:
        """Its copy that stands still for a while."""
        return self.modules["target"]

    def updates(self) -> Iterator[Update]:
        """Live through some steps, then learn from steps of any time; again and again."""
        while True:
            s = self.settings
            epsilon = exploration_rate(self.steps, s.exploration * s.total_steps, s.epsilon, s.last_epsilon)
            self.policy.epsilon.fill_(epsilon)
            self.live(s.rollout)
            logs: dict[str, list[float]] = {}
            for _ in range(s.descents if self.steps >= s.warmup else 0):
                if self.descended % s.target_every == 0:
                    self.target.load_state_dict(self.q.state_dict())
                for name, number in self.learn(self.replay.sample(s.batch_size, self.generator)).items():
                    logs.setdefault(name, []).append(number)
                self.descended += 1
            means = {name: sum(numbers) / len(numbers) for name, numbers in logs.items()}
            yield self.record({"epsilon": epsilon, **means})

    def live(self, steps: int) -> None:
        """Take T steps in each environment, and remember them."""
        for _ in range(steps):
            step = self.collector.step(self.policy, self.generator)
            self.replay.add(step.obs, step.action, step.reward, step.next_obs, step.terminated, step.truncated)
            self.steps += len(step.reward)

    def learn(self, batch: Transitions) -> dict[str, float]:
        """Make one optimizer step towards the targets of a batch."""
        s = self.settings
        with torch.no_grad():
            chooser = self.q(batch.next_obs) if s.double else None
            target = q_target(batch.reward, batch.terminated, self.target(batch.next_obs), s.gamma, chooser)
        value = self.q(batch.obs).gather(-1, batch.action[:, None])[:, 0]  # (B,): of the actions taken
        squared = F.mse_loss(value, target)
        loss = F.smooth_l1_loss(value, target) if s.loss == "huber" else squared
        grad_norm = self.descend(loss, "policy")
        return {
            "loss": loss.item(),
            "value_loss": squared.item(),
            "mean_value": value.mean().item(),
            "grad_norm": grad_norm,
        }

    def snapshot(self, complete: bool = False) -> Snapshot:
        """A copy of the state; of the replay buffer, unless `complete`, only what the next update overwrites."""
        tensors, facts = super().snapshot(complete)
        ahead = None if complete else self.settings.batch
        tensors |= {f"replay.{name}": column for name, column in self.replay.snapshot(ahead).items()}
        facts |= {"added": self.replay.added, "ahead": ahead, "descended": self.descended}
        return Snapshot(tensors, facts)

    def restore(self, snapshot: Snapshot) -> None:
        """Go back to a state that `snapshot` gave."""
        super().restore(snapshot)
        tensors, facts = snapshot
        kept = {name.removeprefix("replay."): tensors[name] for name in tensors if name.startswith("replay.")}
        self.replay.capacity = self.settings.capacity
        self.replay.restore(kept, facts["added"], facts["ahead"])
        self.descended = facts["descended"]


def q_target(
    reward: Tensor, terminated: Tensor, next_values: Tensor, gamma: float, chooser: Tensor | None = None
) -> Tensor:
    """What the value of the action taken should be: r + γ max Q(s', ·), and r alone where nothing follows.

    A truncated episode is not over: its last step has a target like any other.

    Args:
        reward: r (B,).
        terminated: bool (B,).
        next_values: The target network's values of the next observations (B, A).
        gamma: γ.
        chooser: The values that choose the next action instead (B, A): the online network's, for double Q-learning
            (van Hasselt et al. 2016, eq. 4).

    Returns:
        Targets (B,).

    Raises:
        ValueError: The shapes do not fit, or γ is outside [0, 1].
    """
    check_share("gamma", gamma)
    check_same_shape(reward=reward, terminated=terminated)
    if next_values.shape[:-1] != reward.shape or reward.dim() != 1:
        shapes = f"{tuple(reward.shape)} and {tuple(next_values.shape)}"
        raise ValueError(f"reward must have shape (B,) and next_values (B, A), got {shapes}")
    if chooser is not None:
        check_same_shape(next_values=next_values, chooser=chooser)
    best = (next_values if chooser is None else chooser).argmax(-1, keepdim=True)
    following = next_values.gather(-1, best)[:, 0]
    return reward + gamma * torch.where(terminated.bool(), 0.0, following)


def exploration_rate(step: int, steps: float, first: float, last: float) -> float:
    """ε after some environment steps: it falls in a straight line from first to last, and stays there.

    Args:
        step: Environment steps so far.
        steps: Over how many it falls; 0: it is the last one at once.
        first, last: ε at both ends.
    """
    share = min(step / steps, 1.0) if steps > 0 else 1.0
    return (1 - share) * first + share * last
