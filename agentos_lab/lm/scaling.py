"""Scaling: train models of several sizes on several amounts of text, and see what each buys.

Small runs obey the laws of large ones, so that a laptop can measure in minutes what clusters were built on. Each pair
of size and amount is a run of its own with a whole learning-rate schedule: a long run stopped early has not yet cooled
down, and reads too high (Hoffmann et al. 2022, appendix B).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from torch import Tensor

from agentos_lab.progress import progress_bar

from .flops import count_flops, count_parameters
from .gpt import GPT
from .gpt_config import GPTConfig
from .scaling_law import ScalingLaw, fit_scaling_law
from .training import train

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ScalingRun", "ScalingRuns", "run_scaling"]


@dataclass(frozen=True)
class ScalingRun:
    """One model trained on one amount of text.

    Attributes:
        parameters: N, without embeddings and head (Kaplan et al. 2020).
        tokens: D, tokens read in training.
        flops: What the training cost.
        loss: On the validation text at the end, nats/token.
    """

    parameters: int
    tokens: int
    flops: int
    loss: float


@dataclass(frozen=True)
class ScalingRuns:
    """All runs of a scaling experiment; prints as a table.

    Attributes:
        runs: In the order in which they were made.
    """

    runs: tuple[ScalingRun, ...]

    def __iter__(self) -> Iterator[ScalingRun]:
        return iter(self.runs)

    def __len__(self) -> int:
        return len(self.runs)

    def fit(self) -> ScalingLaw:
        """The law through these runs: L(N, D) when the amounts of text differ, else L(N)."""
        parameters, losses = [run.parameters for run in self], [run.loss for run in self]
        tokens = [run.tokens for run in self]
        return fit_scaling_law(parameters, losses, tokens if len(set(tokens)) > 1 else None)

    def __str__(self) -> str:
        rows = [f"{run.parameters:>12,}{run.tokens:>14,}{run.flops:>11.2e}{run.loss:>9.4f}" for run in self]
        return "\n".join([f"{'parameters':>12}{'tokens':>14}{'FLOPs':>11}{'loss':>9}", *rows])

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """Loss against the FLOPs spent, one line per size: the lower edge is what a budget can buy.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        alt = f"Loss against training FLOPs of these runs: {self}"
        figure, ax = axes_for(ax, "What a budget of arithmetic buys", alt)
        for size in sorted({run.parameters for run in self}):
            runs = sorted((run for run in self if run.parameters == size), key=lambda run: run.flops)
            ax.plot([run.flops for run in runs], [run.loss for run in runs], "o-", label=f"{size:,} parameters")
        ax.set(xscale="log", yscale="log", xlabel="training FLOPs", ylabel="loss (nats/token)")
        ax.xaxis.set_minor_formatter("")  # within one decade its labels would run into each other
        ax.yaxis.set_minor_formatter("{x:g}")
        ax.legend(frameon=False)
        return figure


def run_scaling(
    sizes: Sequence[GPTConfig],
    tokens: Tensor | Sequence[int],
    *,
    steps: int | Sequence[int] = 200,
    batch_size: int = 16,
    seed: int = 0,
    progress: bool = True,
    **settings: Any,
) -> ScalingRuns:
    """Train every size for every number of steps on the same text.

    Args:
        sizes: The models; they should differ in width and layers only.
        tokens: The text. The law is about fresh text: keep steps · batch_size · context below its length.
        steps: One number, or several for the law of size and text.
        batch_size: Windows per step.
        seed: Of parameters and data order, the same in all runs.
        progress: Show a bar.
        **settings: Further fields of `TrainSettings`, and `validation` as in `train`.

    Returns:
        The runs; ``.fit()`` finds the law.

    Raises:
        ValueError: No size was given, or no validation text; or see `train`.
    """
    if not sizes:
        raise ValueError("sizes is empty; give at least one GPTConfig")
    plan = [(config, count) for config in sizes for count in ([steps] if isinstance(steps, int) else steps)]
    runs = []
    for config, count in progress_bar(iterable=plan, unit="run", hidden=not progress):
        result = train(
            GPT(config, seed=seed), tokens, steps=count, batch_size=batch_size, seed=seed, progress=False,
            **{"evaluate_every": count, **settings},
        )  # fmt: skip
        length = result.settings.context or config.context
        flops = count * count_flops(config, batch_size, length).training
        losses = result.validation_losses
        if count not in losses:
            raise ValueError("scaling needs a validation text: leave validation and evaluate_every as they are")
        runs.append(ScalingRun(count_parameters(config).without_embedding, result.tokens, flops, losses[count]))
    return ScalingRuns(tuple(runs))
