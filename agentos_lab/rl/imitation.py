"""Imitation: say what a teacher said (behaviour cloning; for language models, supervised fine-tuning).

The loss is the teacher's surprise value, −ln π(token) of every token that the teacher wrote, and no reward is needed.
The policy becomes as good as its teacher, mistakes included, in the same proportions. That makes it a start for
reinforcement learning, which needs a policy that succeeds now and then, and can then surpass the teacher.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import torch
from torch import nn

from .dialogue import Dialogues, DialogueTask, Prompt, check_task, gather_dialogues
from .dialogue_objective import score_tokens
from .dialogue_result import DialogueUpdate
from .dialogue_sampling import check_trainable, reply_of
from .learning import Learner
from .learning_result import Learned, Update
from .settings import Settings, check_count, check_positive, check_share

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ImitationLearner", "ImitationSettings", "LearnedImitation", "demonstrate", "imitate"]


@dataclass(frozen=True)
class ImitationSettings(Settings):
    """How to imitate.

    Attributes:
        total_steps: Dialogues to imitate.
        seed: As in `Settings`.
        lr: Highest learning rate of Adam.
        batch_size: Dialogues of an update.
        warmup: Share of the updates in which the rate rises from 0; then it falls, in a straight line, back to 0.
        max_grad_norm: Longest gradient; a longer one is shortened. None: never.
    """

    total_steps: int = 128_000
    lr: float = 3e-3
    batch_size: int = 128
    warmup: float = 0.05
    max_grad_norm: float | None = 1.0

    def __post_init__(self) -> None:
        super().__post_init__()
        check_count("batch_size", self.batch_size)
        check_share("warmup", self.warmup)
        if self.warmup == 1:
            raise ValueError("warmup is a share of all updates and must be below 1, or the rate never falls; got 1")
        if self.max_grad_norm is not None:
            check_positive("max_grad_norm", self.max_grad_norm)


def imitate(
    policy: nn.Module,
    task: DialogueTask,
    *,
    on_record: Callable[[Update], None] | None = None,
    checkpoint: str | Path | None = None,
    progress: bool = True,
    **settings: Any,
) -> LearnedImitation:
    """Teach a policy to talk like the task's demonstrations.

    Args:
        policy: Where to begin; scores next tokens, see `TokenPolicy`. It is not changed: a copy is trained.
        task: Whose `demonstration` is imitated.
        on_record: Called with every update's record.
        checkpoint: File to keep the state in; see `checkpoint.py`.
        progress: Show a bar.
        **settings: The fields of `ImitationSettings`: total_steps, lr, batch_size, seed, …

    Returns:
        The trained policy with a record of every update: in it `loss` is in nats per token of the teacher's, and
        `mean_return` and `success` are those of the demonstrations.
    """
    learner = ImitationLearner(policy, task, ImitationSettings.of(**settings))
    return cast(LearnedImitation, learner.run(on_record=on_record, checkpoint=checkpoint, progress=progress))


def demonstrate(task: DialogueTask, prompts: Sequence[Prompt], generator: torch.Generator) -> Dialogues:
    """What the teacher says to each prompt, turn by turn; the environment's replies are read and not imitated.

    Args:
        task: Says what the teacher says and what the environment replies.
        prompts: Where the dialogues begin (B).
        generator: Source of the teacher's random numbers.
    """
    limit = getattr(task, "max_new_tokens", DialogueTask.max_new_tokens)
    responses, own = [], []
    for prompt in prompts:
        response: list[int] = []
        by_teacher: list[bool] = []
        history = prompt
        while True:
            turn = tuple(task.demonstration(history, generator))
            reply = reply_of(task, history, turn)
            response += [*turn, *reply]
            by_teacher += [True] * len(turn) + [False] * len(reply)
            if not reply or len(response) >= limit:
                break
            history = history.followed_by([*turn, *reply])
        responses.append(response)
        own.append(by_teacher)
    return gather_dialogues(prompts, responses, own)


class ImitationLearner(Learner):
    """Behaviour cloning for policies that talk; the arguments are those of `imitate`."""

    algorithm = "imitation"
    update_type = DialogueUpdate

    def __init__(self, policy: nn.Module, task: DialogueTask, settings: ImitationSettings | None = None) -> None:
        check_trainable(policy)
        check_task(task)
        if not callable(getattr(task, "demonstration", None)):
            raise ValueError(f"to be imitated a task needs the method demonstration; {type(task).__name__} has none")
        settings = ImitationSettings() if settings is None else settings
        super().__init__(settings, {"policy": copy.deepcopy(policy)}, type(task).__name__)
        self.dialogue_task = task

    @property
    def imitation_settings(self) -> ImitationSettings:
        """The settings as they are now."""
        return cast(ImitationSettings, self.settings)

    @property
    def lr(self) -> float:
        """The learning rate of the next update."""
        settings = self.imitation_settings
        done = (
            self.steps + settings.batch_size
        ) / settings.total_steps  # counted at the update's end: never 0 at first
        if done < settings.warmup:
            return settings.lr * done / settings.warmup
        return settings.lr * max(0.0, 1 - self.steps / settings.total_steps) / (1 - settings.warmup)

    def updates(self) -> Iterator[Update]:
        """One update after another: listen to the teacher, and become less surprised."""
        while True:
            settings, task, lr = self.imitation_settings, self.dialogue_task, self.lr
            prompts = [task.sample(self.generator) for _ in range(settings.batch_size)]
            dialogues = demonstrate(task, prompts, self.generator)
            scores = score_tokens(self.policy, dialogues)
            tokens = scores.own.sum()
            loss = -scores.log_prob.sum() / tokens
            self.optimizers["policy"].zero_grad()
            loss.backward()
            norm = nn.utils.clip_grad_norm_(self.policy.parameters(), settings.max_grad_norm or float("inf"))
            self.optimizers["policy"].step()
            self.steps += len(dialogues)
            right = float(dialogues.rewards(task.reward).mean())
            yield DialogueUpdate(
                len(self.records) + 1, self.steps, right, self.steps, lr, loss=float(loss.detach()),
                grad_norm=float(norm), entropy=float(scores.entropy.detach().sum() / tokens), success=right,
                length=float(tokens / len(dialogues)),
            )  # fmt: skip

    def result(self, interrupted: bool = False) -> LearnedImitation:
        """What has been learned so far."""
        return LearnedImitation(
            self.policy.eval(), None, tuple(self.records), self.settings, self.algorithm, self.task, interrupted
        )


@dataclass(frozen=True)
class LearnedImitation(Learned):
    """What a policy learned from a teacher; it prints as a few lines and plots its loss. The fields are `Learned`'s."""

    def __str__(self) -> str:
        stopped = " (interrupted)" if self.interrupted else ""
        if not self.history:
            return f"imitation on {self.task}: no update was made{stopped}"
        first, last = self.history[0], self.history[-1]
        return (
            f"imitation on {self.task}: {last.update:,} updates, {last.steps:,} dialogues{stopped}\n"
            f"loss {first.loss:.3f} → {last.loss:.3f} nats a token; the teacher's reward was {self._teacher:.3f}"
        )

    __repr__ = __str__

    @property
    def _teacher(self) -> float:
        """Mean reward of all demonstrations."""
        return sum(record.mean_return or 0.0 for record in self.history) / len(self.history)

    def plot(self, ax: Axes | None = None) -> Figure:
        """Loss against dialogues.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        steps, losses = zip(*((record.steps, record.loss) for record in self.history), strict=True)
        change = f"{losses[0]:.2f} → {losses[-1]:.2f} nats a token"
        figure, ax = axes_for(
            ax, f"Imitation on {self.task}: loss {change}", f"Loss over {steps[-1]:,} dialogues: {change}."
        )
        ax.plot(steps, losses)
        ax.set(xlabel="dialogues", ylabel="loss (nats/token)")
        return figure
