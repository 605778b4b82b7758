"""What learning in tables gives: values or action values of many learners, and how their episodes went."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .bellman import best_actions
from .tabular_learning import TabularControl, TabularLearning
from .transition_tables import read_numbers

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["ControlRun", "PredictionRun"]


@dataclass(frozen=True, eq=False)
class _TabularRun:
    """What both kinds of run have in common.

    Attributes:
        algorithm: Its name.
        task: Name of the environment.
        returns: Sum of rewards of each episode, without discount (N, episodes); NaN where an interrupt came first.
        lengths: Steps of each episode (N, episodes).
        settings: What the algorithm was told.
        kept: The tables under way (K, N, …), the first from before learning, NaN where an interrupt came first; None if
            they were not kept.
        keep_every: Episodes from one kept table to the next.
        interrupted: Whether it was stopped early.
    """

    algorithm: str
    task: str
    returns: NDArray[np.float64]
    lengths: NDArray[np.int64]
    settings: Mapping[str, Any] = field(default_factory=dict)
    kept: NDArray[np.float64] | None = None
    keep_every: int | None = None
    interrupted: bool = False

    @property
    def learners(self) -> int:
        """N."""
        return self.returns.shape[0]

    @property
    def episodes(self) -> int:
        """Episodes of each learner."""
        return self.returns.shape[1]

    @classmethod
    def _fields(cls, learning: TabularLearning, algorithm: str, settings: Mapping[str, Any], interrupted: bool) -> Any:
        return {
            "algorithm": algorithm,
            "task": learning.task,
            "returns": learning.returns,
            "lengths": learning.lengths,
            "settings": dict(settings),
            "kept": learning.kept,
            "keep_every": learning.keep_every,
            "interrupted": interrupted,
        }

    @property
    def _head(self) -> str:
        learners = f"{self.learners} learners" if self.learners > 1 else "1 learner"
        told = ", ".join(f"{name} {value}" for name, value in self.settings.items() if not callable(value))
        stopped = " (interrupted)" if self.interrupted else ""
        return f"{self.algorithm} on {self.task}: {learners}, {self.episodes} episodes each{stopped}; {told}"


@dataclass(frozen=True, eq=False)
class PredictionRun(_TabularRun):
    """State values learned for a given policy.

    Attributes:
        values: V of each learner (N, S).
    """

    values: NDArray[np.float64] = field(kw_only=True)

    @classmethod
    def of(
        cls, learning: TabularLearning, algorithm: str, settings: Mapping[str, Any], interrupted: bool
    ) -> PredictionRun:
        """The result of learning so far."""
        return cls(values=learning.table, **cls._fields(learning, algorithm, settings, interrupted))

    def rms_error(self, true_values: ArrayLike, states: ArrayLike | None = None) -> NDArray[np.float64]:
        """Root of the mean squared error over states, for each kept table and learner (K, N); NaN after an interrupt.

        Args:
            true_values: v (S,), e.g. of `policy_evaluation`.
            states: Which states count; None for all whose value changed for some learner, that is: were visited.

        Raises:
            ValueError: The tables under way were not kept, or the shape is not (S,).
        """
        if self.kept is None:
            raise ValueError("the tables under way were not kept; ask for them with keep_every=1")
        true = read_numbers("true_values", true_values)
        if true.shape != self.values.shape[1:] or not np.isfinite(true).all():
            raise ValueError(f"true_values must hold finite numbers of shape {self.values.shape[1:]}, got {true!r}")
        chosen = (self.values != self.kept[0]).any(axis=0) if states is None else np.asarray(states)
        return np.sqrt(np.square(self.kept - true)[..., chosen].mean(axis=-1))

    def __str__(self) -> str:
        middle, spread = self.values.mean(axis=0), self.values.std(axis=0)
        shown = ", ".join(f"{v:.3f}" for v in middle[:12]) + (", …" if len(middle) > 12 else "")
        spreading = f"; they differ by {spread.mean():.3f} (standard deviation)" if self.learners > 1 else ""
        return f"{self._head}\n  values{' (mean)' if self.learners > 1 else ''}: {shown}{spreading}"

    __repr__ = __str__

    def plot(self, ax: Axes | None = None, true_values: ArrayLike | None = None) -> Figure:
        """The learned values state by state, with a band of one standard deviation over learners.

        Args:
            ax: Where to draw; None makes a figure.
            true_values: Values (S,) to compare with.
        """
        from agentos_lab.figures import axes_for

        figure, ax = axes_for(ax, f"{self.algorithm}: values learned on {self.task}", f"Values by state. {self}")
        states, middle, spread = np.arange(self.values.shape[1]), self.values.mean(axis=0), self.values.std(axis=0)
        line = ax.plot(states, middle, "o-", markersize=3, label=self.algorithm)[0]
        ax.fill_between(states, middle - spread, middle + spread, alpha=0.2, color=line.get_color(), linewidth=0)
        if true_values is not None:
            ax.plot(states, np.asarray(true_values), color="black", linestyle="--", linewidth=1, label="true values")
            ax.legend(frameon=False)
        ax.set(xlabel="state", ylabel="value")
        return figure


@dataclass(frozen=True, eq=False)
class ControlRun(_TabularRun):
    """Action values learned by acting.

    Attributes:
        action_values: Q of each learner (N, S, A); −∞ where an action is not allowed.
    """

    action_values: NDArray[np.float64] = field(kw_only=True)

    @classmethod
    def of(cls, learning: TabularControl, algorithm: str, interrupted: bool, **more: Any) -> ControlRun:
        """The result of learning so far; `more` are settings that only this algorithm has, or has otherwise."""
        told = {name: value for name, value in (learning.settings | more).items() if value is not None}
        return cls(action_values=learning.table, **cls._fields(learning, algorithm, told, interrupted))

    @property
    def values(self) -> NDArray[np.float64]:
        """What each learner expects of a state if it acts as well as it can (N, S)."""
        return self.action_values.max(axis=-1)

    @property
    def policy(self) -> NDArray[np.int64]:
        """The greedy action of each learner in each state (N, S); of several that tie, the first."""
        return best_actions(self.action_values).argmax(axis=-1)

    def __str__(self) -> str:
        last = self.returns[:, -max(1, self.episodes // 5) :]
        known = last[~np.isnan(last)]
        late = f"{known.mean():.2f}" if known.size else "none yet"
        return f"{self._head}\n  mean return of the last {last.shape[1]} episodes, while exploring: {late}"

    __repr__ = __str__

    def plot(self, ax: Axes | None = None, window: int = 10) -> Figure:
        """Return by episode: mean over learners, in a band of two standard errors.

        Args:
            ax: Where to draw, for several runs in one picture; None makes a figure.
            window: Episodes of the running mean.
        """
        from agentos_lab.figures import axes_for

        figure, ax = axes_for(ax, f"{self.algorithm} on {self.task}", f"Return by episode. {self}")
        window = min(window, self.episodes)
        smooth = np.apply_along_axis(np.convolve, 1, self.returns, np.full(window, 1 / window), "valid")
        episode = np.arange(smooth.shape[1]) + window
        middle = smooth.mean(axis=0)
        line = ax.plot(episode, middle, label=self.algorithm)[0]
        if self.learners > 1:
            band = 2 * smooth.std(axis=0, ddof=1) / np.sqrt(self.learners)
            ax.fill_between(episode, middle - band, middle + band, alpha=0.2, color=line.get_color(), linewidth=0)
        ax.set(xlabel="episode", ylabel=f"return, mean of {window} episodes")
        ax.legend(frameon=False)
        return figure
