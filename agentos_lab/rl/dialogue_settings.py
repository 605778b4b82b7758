"""What learning to talk is told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from .group_advantage import GroupAdvantage
from .settings import Settings, check_count, check_not_negative, check_positive

__all__ = ["DialogueSettings"]


@dataclass(frozen=True)
class DialogueSettings(Settings):
    """How to learn to talk.

    Attributes:
        total_steps: Dialogues to learn from; an update takes ``prompts * samples`` of them.
        seed: As in `Settings`.
        lr: Learning rate of Adam. A policy that can already talk is easily ruined: where 3e-3 is right, 3e-2 is the
            end of it.
        advantage: What a reward is compared with: ``"none"``, ``"mean"``, ``"rloo"`` or ``"grpo"``; see
            `group_advantage`.
        prompts: Prompts of an update (Q). More: a calmer gradient, and fewer updates for the same dialogues.
        samples: Dialogues from each prompt (G). More: fewer groups in which all are wrong, and teach nothing.
        beta: Cost of a nat of divergence from the reference, in rewards. 0: none. Where the reward can be cheated it
            delays that; where the reward is right it only holds the policy back.
        epochs: Gradient steps on each batch. Above 1 the policy leaves the one that spoke, and clipping keeps it near.
        clip: ε of the clipping, see `dialogue_loss`; without effect for one epoch.
        max_grad_norm: Longest gradient; a longer one is shortened. None: never.
        anneal: Let the learning rate fall to 0 in a straight line over all dialogues: near the end few groups still
            differ, and what they say is mostly noise.
        max_new_tokens: Most tokens after a prompt; None: as the task says.
        examine_every: Updates from one examination to the next; 0: none.
        examine_dialogues: Dialogues in an examination.
        show: Prompts of each update whose dialogues are kept in its record, token by token.
    """

    total_steps: int = 15_360
    lr: float = 3e-3
    advantage: GroupAdvantage = "grpo"
    prompts: int = 32
    samples: int = 8
    beta: float = 0.0
    epochs: int = 1
    clip: float = 0.2
    max_grad_norm: float | None = 1.0
    anneal: bool = True
    max_new_tokens: int | None = None
    examine_every: int = 0
    examine_dialogues: int = 200
    show: int = 1

    def __post_init__(self) -> None:
        super().__post_init__()
        if self.advantage not in get_args(GroupAdvantage):
            raise ValueError(f"advantage must be one of {', '.join(get_args(GroupAdvantage))}; got {self.advantage!r}")
        for name in ("prompts", "samples", "epochs", "examine_dialogues"):
            check_count(name, getattr(self, name))
        if self.samples < 2 and self.advantage != "none":
            raise ValueError(
                f"advantage {self.advantage!r} compares the samples of a prompt: samples must be at least 2, got "
                f"{self.samples}; for one sample take advantage='none'"
            )
        for name in ("examine_every", "show"):
            check_count(name, getattr(self, name), least=0)
        check_not_negative("beta", self.beta)
        check_positive("clip", self.clip)
        if self.max_grad_norm is not None:
            check_positive("max_grad_norm", self.max_grad_norm)
        if self.max_new_tokens is not None:
            check_count("max_new_tokens", self.max_new_tokens)
