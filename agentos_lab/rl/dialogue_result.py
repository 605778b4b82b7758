"""What learning to talk tells: a record of each update, some of its dialogues token by token, and the result."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import Tensor

from .dialogue import Dialogues
from .learning_result import Learned, Update

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["DialogueSample", "DialogueUpdate", "LearnedDialogue", "dialogue_samples"]


@dataclass(frozen=True)
class DialogueSample:
    """One dialogue of a batch, and what the update did to each of its tokens.

    Attributes:
        group: Which prompt of the batch it answers, counted from 0.
        prompt: The history, one text for each token.
        response: What came after it, one text for each token.
        own: Which tokens of the response the policy wrote; of the others nothing is learned.
        reward: What the policy was trained for.
        success: What the task itself says.
        advantage: What the update was told about the whole response.
        log_prob: ln of each token's probability before the update; 0 for tokens of others.
        log_prob_change: What the update added to it; 0 for tokens of others.
    """

    group: int
    prompt: tuple[str, ...]
    response: tuple[str, ...]
    own: tuple[bool, ...]
    reward: float
    success: float
    advantage: float
    log_prob: tuple[float, ...]
    log_prob_change: tuple[float, ...]

    @property
    def token_advantage(self) -> tuple[float, ...]:
        """The advantage as each token of the response gets it: the same for all of the policy's own, 0 for others."""
        return tuple(self.advantage if own else 0.0 for own in self.own)

    @property
    def effect(self) -> tuple[float, ...]:
        """Advantage × change of log-probability of each token: positive where the update went as it was told."""
        return tuple(self.advantage * change for change in self.log_prob_change)

    def __str__(self) -> str:
        said = "".join(text if own else f"[{text}]" for text, own in zip(self.response, self.own, strict=True))
        return f"{''.join(self.prompt)} → {said.strip()}  (reward {self.reward:g}, advantage {self.advantage:+.2f})"


def dialogue_samples(
    dialogues: Dialogues,
    before: Tensor,
    after: Tensor,
    reward: Tensor,
    success: Tensor,
    advantage: Tensor,
    *,
    samples: int,
    vocabulary: Sequence[str] = (),
) -> tuple[DialogueSample, ...]:
    """Dialogues token by token, with what an update did to them.

    Args:
        dialogues: The dialogues (B, T), those of one prompt next to each other.
        before, after: ln of each token's probability before and after the update (B, T−1); column t is about token
            t + 1.
        reward, success, advantage: Of each dialogue (B or longer).
        samples: Dialogues of one prompt.
        vocabulary: How each token is written; empty: as its number.
    """

    def spell(tokens: Sequence[int]) -> tuple[str, ...]:
        return tuple(vocabulary[token] if vocabulary else f" {token}" for token in tokens)

    told = []
    for row, (prompt, response) in enumerate(zip(dialogues.prompts, dialogues.responses, strict=True)):
        start, length = len(prompt.tokens), len(response)
        place = slice(start - 1, start - 1 + length)
        told.append(
            DialogueSample(
                row // samples, spell(prompt.tokens), spell(response),
                tuple(dialogues.own[row, start : start + length].tolist()),
                float(reward[row]), float(success[row]), float(advantage[row]),
                tuple(before[row, place].tolist()), tuple((after - before)[row, place].tolist()),
            )
        )  # fmt: skip
    return tuple(told)


@dataclass(frozen=True)
class DialogueUpdate(Update):
    """One update of a language policy.

    Some fields of `Update` are about dialogues here: `steps` and `episodes` count dialogues, `mean_return` is the mean
    reward of the update's dialogues, `success` what the task itself makes of them, `entropy` is in nats per token, and
    `kl` the divergence from the *reference* in nats per dialogue, before the update.

    Attributes:
        length: Tokens that the policy wrote per dialogue, mean.
        examination: Success in the examination, after the update; None between examinations.
        samples: Some of the dialogues, token by token.
    """

    length: float = 0.0
    examination: float | None = None
    samples: tuple[DialogueSample, ...] = ()

    def __str__(self) -> str:
        told = [f"reward {self.mean_return:.4f}"]
        names = ("success", "examination", "loss", "kl", "entropy", "zero_variance", "length")
        told += [
            f"{name.replace('_', ' ')} {getattr(self, name):.4f}" for name in names if getattr(self, name) is not None
        ]
        return f"update {self.update}, {self.steps:,} dialogues: {', '.join(told)}"

    def to_dict(self) -> dict[str, Any]:
        """The fields that have a value, ready for JSON; the samples stay behind."""
        return {name: value for name, value in vars(self).items() if value is not None and name != "samples"}


@dataclass(frozen=True)
class LearnedDialogue(Learned):
    """What a language policy learned; it prints as a few lines and plots reward, success and divergence.

    The fields are those of `Learned`. The policy scores next tokens; examine it with `evaluate_dialogue`. The history
    consists of `DialogueUpdate`.
    """

    @property
    def updates(self) -> Sequence[Any]:
        """The history, as the records of dialogues that they are."""
        return self.history

    def __str__(self) -> str:
        stopped = " (interrupted)" if self.interrupted else ""
        if not self.history:
            return f"{self.algorithm} on {self.task}: no update was made{stopped}"
        first, last = self.updates[0], self.updates[-1]
        lines = [
            f"{self.algorithm} on {self.task}: {last.update:,} updates, {last.steps:,} dialogues{stopped}",
            f"reward {first.mean_return:.3f} → {last.mean_return:.3f}, "
            f"success {first.success:.3f} → {last.success:.3f}",
            f"divergence from the reference {last.kl:.2f} nats a dialogue, entropy {last.entropy:.3f} nats a token, "
            f"{last.zero_variance:.0%} of the groups taught nothing",
        ]
        return "\n".join(lines)

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """Reward and success against dialogues.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        steps = [record.steps for record in self.updates]
        title = f"{self.algorithm} on {self.task}"
        if self.history:
            title += f": success {self.updates[0].success:.2f} → {self.updates[-1].success:.2f}"
        figure, ax = axes_for(ax, title, f"Reward and success over {self.steps:,} dialogues. {self}")
        ax.plot(steps, [record.mean_return for record in self.updates], label="reward trained for")
        ax.plot(steps, [record.success for record in self.updates], linestyle="--", label="success")
        ax.set(xlabel="dialogues", ylabel="mean of an update", ylim=(-0.03, 1.03))
        ax.legend(frameon=False)
        return figure
