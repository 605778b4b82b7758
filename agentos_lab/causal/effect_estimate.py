"""An estimated effect: its value with standard error and interval, how it was got, and what to look at before use."""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .bootstrap import percentile_interval

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["EffectEstimate", "Estimated", "finished", "normal_interval"]


@dataclass(frozen=True, eq=False)
class Estimated:
    """What an estimator hands back.

    Attributes:
        value: The effect.
        std_error: Its standard error; None where only a bootstrap can tell.
        settings: The choices made, in words.
        diagnostics: What to look at, by name.
        n: How many rows were used; None for all.
    """

    value: float
    std_error: float | None
    settings: str = ""
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    n: int | None = None


@dataclass(frozen=True, eq=False)
class EffectEstimate:
    """An effect, estimated from data.

    Attributes:
        value: In units of the outcome.
        std_error: Standard error.
        interval: Lower and upper end, at `confidence`.
        method: The estimator's name.
        n: Number of rows used.
        estimand: What is estimated, as a formula.
        contrast: Which two worlds are compared, e.g. ``"E[Y | do(X=1)] − E[Y | do(X=0)]"``.
        treatment, outcome: Whose effect on whom.
        adjusted_for: The variables held fixed.
        chosen: How they were chosen, e.g. ``"minimal, from the graph"``.
        settings: The estimator's choices, in words.
        confidence: Of the interval.
        diagnostics: Overlap, weights, balance, convergence and more, by name; each prints itself. ``"notes"`` are
            warnings.
        replicates: The bootstrap's values (B,), if there was one.
    """

    value: float
    std_error: float
    interval: tuple[float, float]
    method: str
    n: int
    estimand: Any
    contrast: str = ""
    treatment: str = ""
    outcome: str = ""
    adjusted_for: tuple[str, ...] = ()
    chosen: str = ""
    settings: str = ""
    confidence: float = 0.95
    diagnostics: Mapping[str, Any] = field(default_factory=dict)
    replicates: np.ndarray | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """Warnings that a reader should not miss."""
        return tuple(self.diagnostics.get("notes", ()))

    @property
    def p_value(self) -> float:
        """Two-sided, of the hypothesis that there is no effect (normal approximation)."""
        from statistics import NormalDist  # here, since it loads decimal and fractions

        if self.std_error == 0:
            return 0.0 if self.value else 1.0
        return 2 * NormalDist().cdf(-abs(self.value) / self.std_error)

    def __str__(self) -> str:
        low, high = self.interval
        lines = [
            f"{self.contrast} = {_number(self.value)}, standard error {_number(self.std_error)}, "
            f"{self.confidence:.0%} interval {_number(low)} to {_number(high)}",
            f"  {self.method}{f' ({self.settings})' if self.settings else ''}, n = {self.n}",
        ]
        if self.chosen:
            lines.append(f"  {self.chosen}")
        lines += [f"  {name}: {found}" for name, found in self.diagnostics.items() if _one_line(name, found)]
        return "\n".join(lines + [f"  note: {note}" for note in self.notes])

    def __repr__(self) -> str:
        low, high = self.interval
        return (
            f"EffectEstimate({self.method}: {_number(self.value)} ± {_number(self.std_error)}, "
            f"{self.confidence:.0%} interval {_number(low)} to {_number(high)}, n={self.n})"
        )

    def _repr_html_(self) -> str:
        low, high = self.interval
        rows = [
            ("effect", f"<b>{_number(self.value)}</b>"),
            ("standard error", _number(self.std_error)),
            (f"{self.confidence:.0%} interval", f"{_number(low)} to {_number(high)}"),
            ("method", html.escape(f"{self.method}{f' ({self.settings})' if self.settings else ''}")),
            ("rows", str(self.n)),
        ]
        rows += [("choice", html.escape(self.chosen))] if self.chosen else []
        rows += [
            (html.escape(name), html.escape(str(found)))
            for name, found in self.diagnostics.items()
            if _one_line(name, found)
        ]
        rows += [("note", html.escape(note)) for note in self.notes]
        body = "".join(
            f"<tr><th style='text-align:left'>{name}</th><td style='text-align:left'>{value}</td></tr>"
            for name, value in rows
        )
        return f"<table><caption style='text-align:left'>{html.escape(self.contrast)}</caption>{body}</table>"

    def plot(self, ax: Axes | None = None) -> Figure:
        """The estimate and its interval on a line, with 0; for several see `compare_effects`."""
        from .effect_comparison import compare_effects

        return compare_effects([self]).plot(ax)


def normal_interval(value: float, std_error: float, confidence: float) -> tuple[float, float]:
    """The symmetric interval of a normally distributed estimate.

    Raises:
        ValueError: A confidence that is not between 0 and 1.
    """
    from statistics import NormalDist  # here, since it loads decimal and fractions

    if not 0 < confidence < 1:
        raise ValueError(f"confidence must lie between 0 and 1, such as 0.95, not {confidence!r}")
    reach = NormalDist().inv_cdf(0.5 + confidence / 2) * std_error
    return value - reach, value + reach


def finished(estimated: Estimated, values: np.ndarray | None, confidence: float, **about: Any) -> EffectEstimate:
    """The estimate with its interval: by the normal distribution, or the bootstrap's percentiles.

    Args:
        estimated: What the estimator found.
        values: The bootstrap's values (B,), if there was one.
        confidence: Of the interval.
        **about: The other attributes of `EffectEstimate`.

    Raises:
        ValueError: A confidence that is not between 0 and 1.
    """
    settings = estimated.settings
    if values is not None:
        std_error = float(values.std(ddof=1))
        normal_interval(0.0, 1.0, confidence)  # refuses an impossible confidence
        interval = percentile_interval(values, confidence)
        if "bootstrap" not in settings:
            settings = ", ".join(filter(None, [settings, f"{len(values)} bootstrap samples"]))
    else:
        assert estimated.std_error is not None
        std_error = estimated.std_error
        interval = normal_interval(estimated.value, std_error, confidence)
    return EffectEstimate(
        estimated.value, std_error, interval, settings=settings, confidence=confidence,
        diagnostics=estimated.diagnostics, replicates=values, **about,
    )  # fmt: skip


def _number(value: float) -> str:
    """Four decimals, fewer for large numbers."""
    size = abs(value)
    return f"{value:,.2f}" if size >= 1000 else f"{value:.3f}" if size >= 100 else f"{value:.4f}"


def _one_line(name: str, found: Any) -> bool:
    return name != "notes" and "\n" not in str(found)
