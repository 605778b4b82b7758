"""What learning tells: one `Update` for each change of the policy, and `Learned` at the end."""

from __future__ import annotations

import dataclasses
import html
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from torch import nn

from .settings import Settings

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["Learned", "Update"]


@dataclass(frozen=True)
class Update:
    """One update of a policy or of action values; None stands for what an algorithm does not have.

    Attributes:
        update: Which one it was, counted from 1.
        steps: Environment steps taken so far, those of all environments together.
        mean_return: Mean return of the last 100 episodes that ended; None before the first end.
        episodes: Episodes ended so far.
        lr: Learning rate of the update.
        loss: What the optimizer minimised: all terms, of the whole update.
        policy_loss: The term of the policy; its value means little, its gradient is the policy gradient.
        value_loss: Mean squared error of the value function; in returns, squared.
        entropy: Of the policy, nats per action: ln A when all A actions are equally likely, 0 when it is certain.
        kl: How far the update moved the policy: mean KL divergence from the old to the new one, nats per action.
        clip_fraction: Share of samples whose probability ratio had left the clipping range.
        explained_variance: Share of the variance of returns that the value function foretold; 1 is perfect, 0 useless.
        grad_norm: Length of the policy's gradient before clipping, mean over the update.
        epsilon: Share of random actions of an ε-greedy policy.
        mean_value: Mean of the action values that a batch asked for.
        success: Share of dialogues that reached their goal.
        zero_variance: Share of groups of samples with equal rewards, which teach nothing.
    """

    update: int
    steps: int
    mean_return: float | None
    episodes: int
    lr: float
    loss: float | None = None
    policy_loss: float | None = None
    value_loss: float | None = None
    entropy: float | None = None
    kl: float | None = None
    clip_fraction: float | None = None
    explained_variance: float | None = None
    grad_norm: float | None = None
    epsilon: float | None = None
    mean_value: float | None = None
    success: float | None = None
    zero_variance: float | None = None

    def __str__(self) -> str:
        mean = "no episode has ended" if self.mean_return is None else f"mean return {self.mean_return:.1f}"
        numbers = (
            f"{name.replace('_', ' ')} {number:.4f}"
            for name, number in self.to_dict().items()
            if name not in ("update", "steps", "mean_return", "episodes", "lr")
        )
        return ", ".join([f"update {self.update}, {self.steps:,} steps: {mean}", *numbers])

    def to_dict(self) -> dict[str, Any]:
        """The fields that have a value, ready for JSON."""
        return {name: value for name, value in dataclasses.asdict(self).items() if value is not None}

    @classmethod
    def from_dict(cls, fields: dict[str, Any]) -> Update:
        """Inverse of `to_dict`."""
        return cls(**{"mean_return": None, **fields})


@dataclass(frozen=True)
class Learned:
    """What an algorithm learned; it prints as a few lines and plots as a learning curve.

    Attributes:
        policy: The trained policy, a module with ``act(obs, generator, greedy)``; pass it to `evaluate`.
        value: The value function, or None for an algorithm that has none.
        history: One `Update` per update.
        settings: What the algorithm was told.
        algorithm: Its name, e.g. "PPO".
        task: Name of the environment.
        interrupted: Whether it was stopped by hand. What was learned until then is usable all the same.
    """

    policy: Any
    value: nn.Module | None
    history: tuple[Update, ...]
    settings: Settings
    algorithm: str = ""
    task: str = ""
    interrupted: bool = field(default=False)

    @property
    def steps(self) -> int:
        """Environment steps that it learned from."""
        return self.history[-1].steps if self.history else 0

    @property
    def mean_return(self) -> float | None:
        """Mean return of the last 100 episodes of learning, exploration included; None if none ended."""
        return self.history[-1].mean_return if self.history else None

    @property
    def best_return(self) -> float | None:
        """The best such mean at any time."""
        return max((record.mean_return for record in self.history if record.mean_return is not None), default=None)

    def __str__(self) -> str:
        name = f"{self.algorithm or 'learning'} on {self.task or 'an environment'}"
        if not self.history:
            return f"{name}: no update was made" + (" (interrupted)" if self.interrupted else "")
        last = self.history[-1]
        stopped = " (interrupted)" if self.interrupted else ""
        lines = [f"{name}: {self.steps:,} steps, {last.update:,} updates, {last.episodes:,} episodes{stopped}"]
        if self.mean_return is None:
            lines.append("no episode has ended yet; take more steps")
        else:
            lines.append(f"mean return of the last 100 episodes {self.mean_return:.1f}, best {self.best_return:.1f}")
        shown = [(name.replace("_", " "), getattr(last, name)) for name in ("entropy", "kl", "value_loss")]
        if told := ", ".join(f"{name} {number:.4f}" for name, number in shown if number is not None):
            lines.append(f"last update: {told}")
        if last.loss is None:
            lines.append("nothing was learned yet: all steps were a warmup; take more")
        if last.loss is not None and not math.isfinite(last.loss):
            lines.append("the loss is no number any more: the steps were too long; try a smaller lr")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"

    def plot(self, ax: Axes | None = None) -> Figure:
        """Mean return of the last 100 episodes against environment steps.

        Args:
            ax: Where to draw; None makes a figure.

        Returns:
            The figure.
        """
        from agentos_lab.figures import axes_for

        known = [(record.steps, record.mean_return) for record in self.history if record.mean_return is not None]
        change = f"{known[0][1]:.0f} → {known[-1][1]:.0f}" if known else "no episode has ended"
        alt = f"Mean return of the last 100 episodes over {self.steps:,} environment steps: {change}."
        figure, ax = axes_for(ax, f"{self.algorithm} on {self.task}: mean return {change}", alt)
        ax.plot([steps for steps, _ in known], [mean for _, mean in known], label=self.algorithm or None)
        ax.set(xlabel="environment steps", ylabel="mean return, last 100 episodes")
        return figure
