"""Learning curves: how fast does an algorithm learn, and how much of that is luck.

One run of one seed proves little: runs scatter from seed to seed, often by more than algorithms differ.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from .learning_result import Learned
from .settings import check_count

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["LearningCurves", "learning_curves"]


@dataclass(frozen=True)
class LearningCurves:
    """The learning curves of several seeds.

    Attributes:
        steps: Environment steps at which the curves are read off (K,).
        returns: Mean return of the last 100 episodes (seeds, K); NaN before an episode has ended.
        runs: What each seed learned.
        name: Of the algorithm.
        task: Name of the environment.
    """

    steps: NDArray[np.int64]
    returns: NDArray[np.float64]
    runs: tuple[Learned, ...]
    name: str
    task: str

    @property
    def final(self) -> NDArray[np.float64]:
        """Where each seed's curve ends (seeds,)."""
        return self.returns[:, -1]

    def reached(self, target: float) -> list[int | None]:
        """After how many steps each seed's curve first reached a return; None where it never did."""
        hits = [np.flatnonzero(curve >= target) for curve in self.returns]
        return [int(self.steps[hit[0]]) if len(hit) else None for hit in hits]

    def __str__(self) -> str:
        final = ", ".join(f"{number:.1f}" for number in self.final)
        best = ", ".join(f"{max(curve[~np.isnan(curve)], default=math.nan):.1f}" for curve in self.returns)
        return (
            f"{self.name} on {self.task}: {len(self.runs)} seeds, {self.steps[-1]:,} steps each\n"
            f"mean return of the last 100 episodes at the end: {final}\nand at its best: {best}"
        )

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """The median over seeds, in a band from the worst to the best."""
        from agentos_lab.figures import axes_for

        known = ~np.isnan(self.returns).any(axis=0)  # where every seed has ended an episode
        low, middle, high = np.quantile(self.returns[:, known], (0, 0.5, 1), axis=0)
        title = f"{self.name} on {self.task}: {len(self.runs)} seeds, median {np.median(self.final):.0f} at the end"
        figure, ax = axes_for(ax, title, f"Learning curves, median and range. {self}")
        line = ax.plot(self.steps[known], middle, label=f"{self.name}, median of {len(self.runs)} seeds")[0]
        ax.fill_between(
            self.steps[known], low, high, alpha=0.2, color=line.get_color(), linewidth=0, label="worst to best"
        )
        ax.set(xlabel="environment steps", ylabel="mean return, last 100 episodes")
        ax.legend(frameon=False)
        return figure


def learning_curves(
    algorithm: Callable[..., Learned], env: Any, seeds: int | Iterable[int] = 5, *, points: int = 100, **settings: Any
) -> LearningCurves:
    """Run an algorithm with several seeds, and lay the curves over each other.

    Args:
        algorithm: `reinforce`, `actor_critic`, `ppo` or `dqn`.
        env: A gymnasium id, or an environment.
        seeds: How many (0, 1, …), or which.
        points: K, at how many places the curves are read off.
        **settings: Of the algorithm, e.g. ``total_steps``.

    Returns:
        The curves, which print and plot themselves, and what each seed learned; after an interrupt, up to there.

    Raises:
        ValueError: Something else than an algorithm, no seed, or a setting that makes no sense.
    """
    if not callable(algorithm):
        raise ValueError(f"algorithm is a function, reinforce, actor_critic, ppo or dqn, got {algorithm!r}")
    check_count("points", points)
    chosen = list(range(seeds)) if isinstance(seeds, int) else list(seeds)
    if not chosen:
        raise ValueError(f"seeds says how many runs or which: at least one seed is needed, got {seeds!r}")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"the same seed twice gives the same run twice, and too narrow a band; got {chosen}")
    runs: list[Learned] = []
    for seed in chosen:
        runs.append(_learned(algorithm(env, seed=seed, **settings)))
        if runs[-1].interrupted:
            break
    steps = np.linspace(0, max(run.steps for run in runs), points + 1)[1:].astype(np.int64)
    curves = np.stack([_read_off(run, steps) for run in runs])
    return LearningCurves(steps, curves, tuple(runs), runs[0].algorithm, runs[0].task)


def _learned(run: Any) -> Learned:
    if not isinstance(run, Learned):
        raise ValueError(
            f"algorithm must return what was Learned, as reinforce, actor_critic, ppo and dqn do, got a "
            f"{type(run).__name__}; tabular algorithms take many learners at once, learners=…, and plot them"
        )
    return run


def _read_off(run: Learned, steps: NDArray[np.int64]) -> NDArray[np.float64]:
    """The mean return after so many steps (K,); NaN before the first episode has ended."""
    at = np.array([update.steps for update in run.history])
    means = np.array(
        [math.nan, *(math.nan if update.mean_return is None else update.mean_return for update in run.history)]
    )
    return means[np.searchsorted(at, steps, side="right")]  # the newest update at each place
