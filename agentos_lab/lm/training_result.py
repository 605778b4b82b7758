"""What training is told and what it tells: its settings, one record per step, and the result.

All losses are nats per token.
"""

from __future__ import annotations

import dataclasses
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["TrainResult", "TrainSettings", "TrainingRecord"]


@dataclass(frozen=True)
class TrainSettings:
    """How to train; every field has a default that suits a small model on a laptop.

    Attributes:
        steps: Number of updates.
        batch_size: Windows of text that one update learns from, however they are computed.
        context: Tokens in a window; None: as many as the model can read.
        lr: Highest learning rate.
        min_lr: Learning rate of the last update; None: a tenth of `lr`.
        warmup: Updates during which the rate rises; None: a tenth of the steps, at most 100.
        weight_decay: How strongly matrices are pulled towards 0 (constants and scales are not).
        betas: How long AdamW remembers gradients, and their squares.
        clip: Longest gradient; a longer one is shortened to it. None: never.
        accumulate: Compute a batch in so many pieces, to save memory; the result is the same.
        objective: ``"next_token"`` or ``"masked"``.
        mask_id: Id of the mask token, for the masked objective.
        mask_rate: Share of tokens to hide.
        special: Ids that are never hidden and never drawn in place of a hidden token.
        evaluate_every: Updates from one evaluation to the next; there is always one after the last. 0: none at all.
        evaluate_windows: How many windows of the validation text an evaluation reads.
        seed: Fixes the order of the data, what is masked and what dropout drops.
        autocast: Products in bfloat16 (see `precision.py`): False, True, or ``"auto"``: if a short measurement says
            that it pays. The measurement can come out differently on another day, so ``"auto"`` gives up exact
            repetition.
        compile: Let `torch.compile` translate the model first: tens of seconds once, a few per cent on a CPU.
    """

    steps: int = 1000
    batch_size: int = 16
    context: int | None = None
    lr: float = 1e-3
    min_lr: float | None = None
    warmup: int | None = None
    weight_decay: float = 0.1
    betas: tuple[float, float] = (0.9, 0.99)
    clip: float | None = 1.0
    accumulate: int = 1
    objective: Literal["next_token", "masked"] = "next_token"
    mask_id: int | None = None
    mask_rate: float = 0.15
    special: tuple[int, ...] = ()
    evaluate_every: int = 100
    evaluate_windows: int = 64
    seed: int = 0
    autocast: bool | Literal["auto"] = False
    compile: bool = False

    def __post_init__(self) -> None:
        for name in ("steps", "batch_size", "accumulate", "evaluate_windows"):
            if not isinstance(getattr(self, name), int) or getattr(self, name) < 1:
                raise ValueError(f"{name} must be a positive whole number, got {getattr(self, name)!r}")
        for name in ("evaluate_every", "warmup", "weight_decay"):
            if getattr(self, name) is not None and getattr(self, name) < 0:
                raise ValueError(f"{name} must not be negative, got {getattr(self, name)!r}")
        if not self.lr > 0:
            raise ValueError(f"lr must be positive, got {self.lr!r}")
        if not 0 <= self.floor_lr <= self.lr:
            raise ValueError(f"min_lr must lie between 0 and lr = {self.lr}, got {self.min_lr}")
        if self.clip is not None and not self.clip > 0:
            raise ValueError(f"clip is the longest gradient allowed and must be positive (None: any), got {self.clip}")
        if self.accumulate > self.batch_size:
            raise ValueError(
                f"a batch of {self.batch_size} windows cannot be computed in {self.accumulate} pieces; "
                "batch_size counts all windows of one update"
            )
        if self.objective not in ("next_token", "masked"):
            raise ValueError(f"objective must be 'next_token' or 'masked', got {self.objective!r}")
        if self.objective == "masked" and self.mask_id is None:
            raise ValueError("the masked objective hides tokens behind a mask token: give its id as mask_id")
        if self.autocast not in (True, False, "auto"):
            raise ValueError(f"autocast must be True, False or 'auto', got {self.autocast!r}")

    @property
    def floor_lr(self) -> float:
        """Learning rate of the last update."""
        return self.lr / 10 if self.min_lr is None else self.min_lr

    @property
    def warmup_steps(self) -> int:
        """Number of updates that warm up."""
        return min(100, self.steps // 10) if self.warmup is None else self.warmup

    def replace(self, **changes: Any) -> TrainSettings:
        """A copy with some fields changed."""
        return dataclasses.replace(self, **changes)

    def to_dict(self) -> dict[str, Any]:
        """The fields as plain values, ready for JSON."""
        return dataclasses.asdict(self)

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> TrainSettings:
        """Inverse of `to_dict`, also after a way through JSON, which knows no tuples."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in fields.items()
        }
        return cls(**plain)


@dataclass(frozen=True)
class TrainingRecord:
    """One step of training.

    Attributes:
        step: Which update this was, counted from 1.
        loss: Of this step's batch, before the update; nats/token.
        lr: Learning rate of the update.
        grad_norm: Length of the gradient before clipping.
        tokens: Tokens read so far, this step included.
        evaluation: Loss on the validation text after the update; None between evaluations.
        sample: What the `sample` function made of the model at an evaluation, else None.
    """

    step: int
    loss: float
    lr: float
    grad_norm: float
    tokens: int
    evaluation: float | None = None
    sample: str | None = None

    def __str__(self) -> str:
        text = f"step {self.step}: loss {self.loss:.4f}, gradient {self.grad_norm:.2f}, learning rate {self.lr:.2e}"
        text += "" if self.evaluation is None else f", validation {self.evaluation:.4f}"
        return text if self.sample is None else f"{text}\n{self.sample}"


@dataclass(frozen=True)
class TrainResult:
    """What training did; prints as a few lines and plots as two curves.

    Attributes:
        records: One `TrainingRecord` per step.
        settings: What it was told.
        vocab_size: Number of tokens V: a model that knows nothing scores ln V.
        interrupted: Whether it was stopped by hand. The model is usable all the same.
        unit: Of every loss.
    """

    records: tuple[TrainingRecord, ...]
    settings: TrainSettings
    vocab_size: int
    interrupted: bool = False
    unit: str = "nats/token"

    @property
    def losses(self) -> tuple[float, ...]:
        """Training loss of every step."""
        return tuple(record.loss for record in self.records)

    @property
    def validation_losses(self) -> dict[int, float]:
        """Validation loss by step."""
        return {record.step: record.evaluation for record in self.records if record.evaluation is not None}

    @property
    def samples(self) -> dict[int, str]:
        """Samples of text by step."""
        return {record.step: record.sample for record in self.records if record.sample is not None}

    @property
    def tokens(self) -> int:
        """How many tokens the model has read."""
        return self.records[-1].tokens if self.records else 0

    def __str__(self) -> str:
        if not self.records:
            return "no step was made" + (" (interrupted)" if self.interrupted else "")
        first, last = self.records[0].loss, self.records[-1].loss
        lines = [
            f"{len(self.records):,} steps{' (interrupted)' if self.interrupted else ''}, {self.tokens:,} tokens",
            f"training loss {first:.4f} → {last:.4f} {self.unit} (ln V = {math.log(self.vocab_size):.4f})",
        ]
        if evaluations := list(self.validation_losses.values()):
            final = evaluations[-1]
            lines.append(f"validation loss {final:.4f} {self.unit}, best {min(evaluations):.4f}")
        if not math.isfinite(last):
            lines.append("the loss is no number any more: the steps were too long; try a smaller lr or a longer warmup")
        return "\n".join(lines)

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """Both losses against the step.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        blind = math.log(self.vocab_size)
        alt = f"Training loss over {len(self.records)} steps, with ln V = {blind:.2f} as a dotted line. {self}"
        change = f"{self.losses[0]:.2f} → {self.losses[-1]:.2f}" if self.records else "no step yet"
        figure, ax = axes_for(ax, f"Loss while training: {change} {self.unit}", alt)
        ax.plot([record.step for record in self.records], self.losses, linewidth=1, label="training")
        if examined := self.validation_losses:
            ax.plot(list(examined), list(examined.values()), marker="o", markersize=4, label="validation")
        ax.axhline(blind, linestyle=":", color="grey", label="knowing nothing: ln V")
        ax.set(xlabel="step", ylabel=f"loss ({self.unit})")
        ax.legend(frameon=False)
        return figure
