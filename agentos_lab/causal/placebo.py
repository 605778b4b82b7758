"""Tests that an estimate can fail: a placebo treatment, and an outcome that the treatment cannot change.

Neither proves the graph right. But a method that finds an effect where there is none has found something else before.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from .effect_estimate import EffectEstimate
from .effect_estimation import estimate_effect
from .estimation_methods import find_method
from .estimation_strategy import observed_graph
from .graph import CausalGraph

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["NegativeControl", "PlaceboTest", "negative_control", "placebo_treatment"]


@dataclass(frozen=True, eq=False)
class PlaceboTest:
    """What the method finds when treatment is dealt out at random.

    Attributes:
        estimate: With the real treatment.
        values: With shuffled treatments, (B,).
    """

    estimate: EffectEstimate
    values: np.ndarray

    @property
    def p_value(self) -> float:
        """The share of shuffles, the real one included, with an estimate at least as far from 0."""
        return float((1 + (np.abs(self.values) >= abs(self.estimate.value)).sum()) / (1 + len(self.values)))

    def __str__(self) -> str:
        return (
            f"placebo: {len(self.values)} shuffled treatments give {self.values.mean():.4f} on average (spread "
            f"{self.values.std(ddof=1):.4f}), the real one {self.estimate.value:.4f}; p = {self.p_value:.3f}"
        )

    __repr__ = __str__

    def plot(self, ax: Axes | None = None) -> Figure:
        """The shuffled estimates as a histogram, the real one as a line."""
        from agentos_lab.figures import COLOURS, axes_for

        figure, axes = axes_for(ax, "Placebo treatments and the real one", str(self))
        axes.hist(self.values, 20, color=COLOURS["grey"])
        axes.axvline(self.estimate.value, color=COLOURS["vermilion"], linewidth=2)
        axes.set_xlabel("estimate")
        axes.set_ylabel("shuffles")
        return figure


@dataclass(frozen=True)
class NegativeControl:
    """The "effect" on an outcome that the treatment cannot change.

    Attributes:
        control: That outcome.
        estimate: Of the "effect" on it; it should be 0.
        real: The estimate on the real outcome.
    """

    control: str
    estimate: EffectEstimate
    real: EffectEstimate

    @property
    def passed(self) -> bool:
        """Whether 0 lies in the interval: the test has not failed."""
        return self.estimate.interval[0] <= 0 <= self.estimate.interval[1]

    def __str__(self) -> str:
        low, high = self.estimate.interval
        verdict = "0 is among them: nothing speaks against the adjustment" if self.passed else (
            "0 is not among them: something common is left that was not adjusted for"
        )  # fmt: skip
        return (
            f"negative control {self.control}: {self.estimate.value:.4f} ({low:.4f} to {high:.4f}); {verdict}\n"
            f"real outcome {self.real.outcome}: {self.real.value:.4f}"
        )

    __repr__ = __str__


def placebo_treatment(
    data: pd.DataFrame,
    graph: CausalGraph | str,
    treatment: str,
    outcome: str,
    method: str = "regression",
    *,
    replicates: int = 50,
    seed: int = 0,
    **arguments: Any,
) -> PlaceboTest:
    """Shuffle the treatment among the rows, again and again, and estimate each time.

    Args:
        data, graph, treatment, outcome, method, **arguments: As for `estimate_effect`.
        replicates: How many shuffles.
        seed: Of the shuffles.

    Raises:
        ValueError: As for `estimate_effect`; fewer than 2 replicates.
    """
    if replicates < 2:
        raise ValueError(f"a placebo test needs at least 2 replicates, not {replicates}")
    estimate = estimate_effect(data, graph, treatment, outcome, method, **arguments)
    generator = np.random.default_rng(seed)
    values = []
    for _ in range(replicates):
        shuffled = data[treatment].to_numpy()[generator.permutation(len(data))]
        again = estimate_effect(data.assign(**{treatment: shuffled}), graph, treatment, outcome, method, **arguments)
        values.append(again.value)
    return PlaceboTest(estimate, np.array(values))


def negative_control(
    data: pd.DataFrame,
    graph: CausalGraph | str,
    treatment: str,
    outcome: str,
    control: str,
    method: str = "regression",
    **arguments: Any,
) -> NegativeControl:
    """Estimate the "effect" on an outcome that the treatment does not change, with what the real one is adjusted for.

    It shares the unmeasured causes that one is afraid of: if they are at work, the estimate is not 0.

    Args:
        data, graph, treatment, outcome, **arguments: As for `estimate_effect`.
        method: One that adjusts: the control tests what was adjusted for.
        control: The other outcome, a column and a node that is no descendant of the treatment.

    Raises:
        ValueError: As for `estimate_effect`; a control that the treatment changes, or that is adjusted for; a method
            that adjusts for nothing.

    Source: Lipsitch, Tchetgen Tchetgen & Cohen 2010, "Negative controls: a tool for detecting confounding and bias in
    observational studies".
    """
    if find_method(method, {})[1].rests_on != "adjustment":
        raise ValueError(f"a negative control tests an adjustment, and method {method!r} makes none; use 'regression'")
    graph = observed_graph(graph, data, treatment, outcome, control)
    if control in graph.descendants(treatment):
        raise ValueError(f"{treatment} changes {control} in this graph: an effect there shows nothing; choose another")
    real = estimate_effect(data, graph, treatment, outcome, method, **arguments)
    if control in real.adjusted_for:
        raise ValueError(f"{control} is adjusted for and cannot serve as a control; choose another")
    # The same set must be valid where the treatment has no effect: what else is shared is at test.
    alone = CausalGraph(
        directed=[(name, end) for name in real.adjusted_for for end in (treatment, control)]
        + [(name, outcome) for name in real.adjusted_for],
        nodes=(treatment, control, outcome),
    )
    if real.adjusted_for:
        arguments = {**arguments, "adjust_for": real.adjusted_for}
    return NegativeControl(control, estimate_effect(data, alone, treatment, control, method, **arguments), real)
