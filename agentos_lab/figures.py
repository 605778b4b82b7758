"""Figures: what a result's `plot` draws on, in the colours of the widgets, showing itself at the end of a cell.

A plain `matplotlib.figure.Figure` does not display in a notebook unless pyplot is loaded, and pyplot keeps every
figure alive. `new_figure` makes one that shows itself, says in words what it shows (the text alternative), and is
forgotten when the cell is run again.
"""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from typing import Any

from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure

__all__ = ["COLOURS", "LabFigure", "axes_for", "new_figure", "style_axes"]

# One meaning, one colour, in every figure and widget (Okabe & Ito 2008, safe for colour-blind eyes).
COLOURS: Mapping[str, str] = {
    "ink": "#1a1a1a",
    "quiet": "#5f5f5f",
    "hairline": "#d9d9d9",
    "ground": "#ffffff",
    "blue": "#0072b2",  # chosen, treatment, agent one
    "vermilion": "#d55e00",  # outcome, conflict, loss
    "green": "#009e73",  # open, proved, allowed
    "amber": "#e69f00",  # conditioned, waiting
    "purple": "#cc79a7",  # latent, imagined
    "sky": "#56b4e9",  # a second series
    "grey": "#999999",  # inactive
}
_ORDER = ("blue", "vermilion", "green", "amber", "purple", "sky", "grey")
_SHARPNESS = 2  # pixels drawn for each pixel shown, for screens with fine dots


class LabFigure(Figure):
    """A matplotlib figure that displays itself and can be read aloud.

    Attributes:
        alt: What the figure shows, in one or two sentences.
    """

    alt: str = ""

    def __repr__(self) -> str:
        return self.alt or super().__repr__()

    def _repr_mimebundle_(self, **options: Any) -> tuple[dict[str, Any], dict[str, Any]]:
        image = BytesIO()
        self.savefig(image, format="png", dpi=self.dpi * _SHARPNESS, metadata={"Software": None})
        width, height = (round(inches * self.dpi) for inches in self.get_size_inches())
        shown = {"image/png": {"width": width, "height": height, "alt": self.alt}}
        return {"image/png": image.getvalue(), "text/plain": repr(self)}, shown


def new_figure(
    title: str, alt: str, *, columns: int = 1, width: float = 7.0, height: float = 3.2, **subplots: Any
) -> tuple[LabFigure, Any]:
    """An empty figure in the house style.

    Args:
        title: The figure's message, one line.
        alt: Text alternative: what the figure shows, for those who do not see it.
        columns: Number of axes side by side.
        width, height: Inches; 8.6 wide fills a notebook's column.
        **subplots: Further arguments of `Figure.subplots`, e.g. ``sharey=True``.

    Returns:
        The figure, and its axes (an array of them when there are several columns).
    """
    figure = LabFigure(figsize=(width, height), layout="constrained", facecolor=COLOURS["ground"])
    figure.alt = alt
    axes = figure.subplots(1, columns, **subplots)
    for each in [axes] if columns == 1 else axes:
        style_axes(each)
    figure.suptitle(title, fontsize=11, fontweight="bold", color=COLOURS["ink"], x=0.01, ha="left")
    return figure, axes


def axes_for(ax: Axes | None, title: str, alt: str) -> tuple[Figure, Axes]:
    """Where a result's ``plot(ax=None)`` draws: the given axes in their figure, or a new figure.

    Args:
        ax: Axes of the caller's, or None.
        title, alt: Of the new figure; see `new_figure`.
    """
    if ax is None:
        return new_figure(title, alt)
    figure = ax.get_figure(root=True)
    if figure is None:
        raise ValueError("these axes belong to no figure; make them with new_figure, or leave ax out")
    return figure, ax


def style_axes(axes: Axes) -> None:
    """Give axes the house style: its colour order, an open frame, hairlines."""
    axes.set_prop_cycle(cycler(color=[COLOURS[name] for name in _ORDER]))
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(COLOURS["grey"])
    axes.tick_params(colors=COLOURS["quiet"], labelsize=9)
    axes.xaxis.label.set_color(COLOURS["ink"])
    axes.grid(axis="y", color=COLOURS["hairline"], linewidth=0.8)
    axes.set_axisbelow(True)
