"""Several estimates of one effect beside each other, and beside published figures: a table and a forest plot."""

from __future__ import annotations

import html
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .effect_estimate import EffectEstimate

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["EffectComparison", "compare_effects"]


@dataclass(frozen=True)
class EffectComparison:
    """Estimates by label.

    Attributes:
        estimates: In the order given.
        published: A published figure for some of the labels; may be empty.
    """

    estimates: Mapping[str, EffectEstimate]
    published: Mapping[str, float]

    def __len__(self) -> int:
        return len(self.estimates)

    def __iter__(self) -> Iterator[str]:
        return iter(self.estimates)

    def __getitem__(self, label: str) -> EffectEstimate:
        return self.estimates[label]

    @property
    def table(self) -> pd.DataFrame:
        """One row per estimate."""
        import pandas as pd

        rows = {
            label: {
                "value": one.value,
                "std_error": one.std_error,
                "low": one.interval[0],
                "high": one.interval[1],
                "n": one.n,
                "published": self.published.get(label, float("nan")),
            }
            for label, one in self.estimates.items()
        }
        return pd.DataFrame.from_dict(rows, orient="index")

    def __str__(self) -> str:
        width = max(len(label) for label in self.estimates)
        lines = []
        for label, one in self.estimates.items():
            beside = f"   published {self.published[label]:,.2f}" if label in self.published else ""
            low, high = one.interval
            lines.append(f"{label:<{width}}  {one.value:>12,.4f}  ({low:,.4f} to {high:,.4f})  n = {one.n}{beside}")
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        def beside(label: str) -> str:
            figure = f"{self.published[label]:,.2f}" if label in self.published else ""
            return f"<td>{figure}</td>" if self.published else ""

        rows = "".join(
            f"<tr><th style='text-align:left'>{html.escape(label)}</th><td>{one.value:,.4f}</td>"
            f"<td>{one.interval[0]:,.4f} to {one.interval[1]:,.4f}</td><td>{one.n}</td>{beside(label)}</tr>"
            for label, one in self.estimates.items()
        )
        titles = ("", "estimate", "interval", "rows", *(["published"] if self.published else []))
        head = "".join(f"<th>{title}</th>" for title in titles)
        return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"

    def plot(self, ax: Axes | None = None) -> Figure:
        """The forest: each estimate as a dot, its interval as a line, published figures as rings."""
        from agentos_lab.figures import COLOURS, axes_for

        first = next(iter(self.estimates.values()))
        told = "; ".join(f"{label} {one.value:.3g}" for label, one in self.estimates.items())
        figure, axes = axes_for(ax, f"Effect of {first.treatment} on {first.outcome}", f"Forest plot: {told}.")
        for place, (label, one) in enumerate(self.estimates.items()):
            axes.plot(one.interval, [place, place], color=COLOURS["blue"], linewidth=2)
            axes.plot([one.value], [place], "o", color=COLOURS["blue"])
            if label in self.published:
                axes.plot([self.published[label]], [place], "o", markersize=11, fillstyle="none",
                          color=COLOURS["vermilion"], label="published")  # fmt: skip
        axes.axvline(0, color=COLOURS["grey"], linewidth=0.8)
        axes.set_yticks(range(len(self.estimates)), list(self.estimates))
        axes.set_ylim(len(self.estimates) - 0.5, -0.5)
        axes.set_xlabel(first.contrast or "effect")
        return figure


def compare_effects(
    estimates: Iterable[EffectEstimate] | Mapping[str, EffectEstimate], published: Mapping[str, float] | None = None
) -> EffectComparison:
    """Put estimates beside each other.

    Args:
        estimates: By label; without labels the methods' names serve, numbered where one occurs twice.
        published: Figures to compare with, by label.

    Raises:
        ValueError: No estimate, a single one, or something else; a published figure for a label that is not there.
    """
    if isinstance(estimates, EffectEstimate):
        raise ValueError("a single estimate has nothing beside it: give a list of estimates, or estimates by label")
    if not isinstance(estimates, Mapping):
        labelled: dict[str, EffectEstimate] = {}
        for one in estimates:
            if not isinstance(one, EffectEstimate):
                raise ValueError(f"estimates are expected, such as estimate_effect gives, not {one!r}")
            same = sum(label.split(" ")[0] == one.method for label in labelled)
            labelled[f"{one.method} {same + 1}" if same else one.method] = one
        estimates = labelled
    if not estimates:
        raise ValueError("there is nothing to compare: give at least one estimate")
    unknown = [label for label in published or {} if label not in estimates]
    if unknown:
        raise ValueError(f"a published figure is given for {unknown[0]!r}; the estimates are {', '.join(estimates)}")
    return EffectComparison(dict(estimates), dict(published or {}))
