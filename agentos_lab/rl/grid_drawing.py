"""Values and policies of a grid world drawn on its map: as text, as an HTML table, on matplotlib axes."""

from __future__ import annotations

import html
import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["Layout", "draw_grid", "grid_html", "grid_text"]

_LETTERS = "GH#"  # cells that show their letter instead of a value: goal, hole, wall
_WHITE, _BLUE = (255, 255, 255), (0, 114, 178)
_DARKEST = 0.74  # share of blue in the darkest cell: dark text stays readable on it
_DIRECTIONS = {  # columns to the right and rows down
    "↑": (0, -1), "→": (1, 0), "↓": (0, 1), "←": (-1, 0), "↗": (1, -1), "↘": (1, 1), "↙": (-1, 1), "↖": (-1, -1),
}  # fmt: skip


@dataclass(frozen=True)
class Layout:
    """How to draw the states of a grid world: state s is the cell in row s // columns and column s % columns.

    States beyond the grid are not drawn.

    Attributes:
        rows, columns: Size of the grid.
        text: The map, one line per row; its characters are those of `gridworld`.
        arrows: One character per action, for drawings of policies, e.g. ``"↑→↓←"``.
        row_title, column_title: What rows and columns stand for.
        row_names, column_names: What each row and column is called; its number when left out.
    """

    rows: int
    columns: int
    text: str
    arrows: str = ""
    row_title: str = "row"
    column_title: str = "column"
    row_names: Sequence[str] = ()
    column_names: Sequence[str] = ()


def grid_text(layout: Layout, values: NDArray[np.float64], shown: NDArray[np.float64]) -> str:
    """The map twice, side by side: values, and the action that is chosen most.

    Args:
        layout: The map.
        values: By state (S,).
        shown: How much each action is to be seen (S, A), 0 … 1.
    """
    decimals = _decimals(values)
    width = max(len(f"{value:.{decimals}f}") for value in values) + 1
    lines = []
    for row, line in enumerate(layout.text.split("\n")):
        states = range(row * layout.columns, (row + 1) * layout.columns)
        cells = [c if c in _LETTERS else f"{values[s]:.{decimals}f}" for s, c in zip(states, line, strict=True)]
        marks = [c if c in _LETTERS else _mark(layout, shown[s]) for s, c in zip(states, line, strict=True)]
        lines.append("".join(f"{cell:>{width}}" for cell in cells) + "   " + " ".join(marks))
    return "\n".join(line.rstrip() for line in lines)


def grid_html(layout: Layout, values: NDArray[np.float64], shown: NDArray[np.float64], caption: str) -> str:
    """The map as a table: the higher the value the bluer the cell, under it the actions; arguments as `grid_text`."""
    decimals, shades = _decimals(values), _shades(layout, values)
    rows = []
    for row, line in enumerate(layout.text.split("\n")):
        cells = []
        for state, letter in enumerate(line, row * layout.columns):
            if letter in _LETTERS:
                cells.append(f"<td style='text-align:center;background:#d9d9d9;color:#1a1a1a'>{letter}</td>")
                continue
            marks = "".join(arrow for arrow, weight in zip(layout.arrows, shown[state], strict=True) if weight > 0)
            red, green, blue = (
                round(white + (hue - white) * shades[state]) for white, hue in zip(_WHITE, _BLUE, strict=True)
            )
            cells.append(
                f"<td style='text-align:center;background:rgb({red},{green},{blue});color:#1a1a1a'>"
                f"{values[state]:.{decimals}f}<br>{marks or '&nbsp;'}</td>"
            )
        rows.append(f"<tr>{''.join(cells)}</tr>")
    told = f"<caption style='text-align:left'>{html.escape(caption)}</caption>"
    return f"<table style='font-variant-numeric:tabular-nums'>{told}<tbody>{''.join(rows)}</tbody></table>"


def draw_grid(ax: Axes, layout: Layout, values: NDArray[np.float64], shown: NDArray[np.float64]) -> None:
    """The map on axes: coloured cells with their values, and an arrow for each action; arguments as `grid_text`."""
    from matplotlib.colors import LinearSegmentedColormap

    decimals, shades = _decimals(values), _shades(layout, values)
    colours = LinearSegmentedColormap.from_list("value", [[c / 255 for c in end] for end in (_WHITE, _BLUE)])
    fontsize = 7.0 if is_narrow(layout) else 8.4 * min(1.0, 10 / layout.columns)
    letters = layout.text.replace("\n", "")
    picture = np.array(
        [(0.85, 0.85, 0.85, 1.0) if c in _LETTERS else colours(s) for c, s in zip(letters, shades, strict=True)]
    )
    ax.imshow(picture.reshape(layout.rows, layout.columns, 4), aspect="auto" if is_narrow(layout) else "equal")
    ax.set_anchor("NW")  # under its title
    for state, letter in enumerate(letters):
        y, x = divmod(state, layout.columns)
        if letter in _LETTERS:
            ax.text(x, y, letter, ha="center", va="center", fontsize=9)
            continue
        told = f"{values[state]:.{decimals}f}".replace("-", "−")
        ax.text(x, y - 0.28, told, ha="center", va="center", fontsize=fontsize)
        for arrow, weight in zip(layout.arrows, shown[state], strict=True):
            if weight <= 0:
                continue
            if arrow not in _DIRECTIONS:
                ax.text(x, y + 0.18, arrow, ha="center", va="center", fontsize=9, alpha=float(weight))
                continue
            right, down = _DIRECTIONS[arrow]
            ax.annotate(
                "",
                (x + 0.26 * right, y + 0.18 + 0.26 * down),
                (x, y + 0.18),
                arrowprops={
                    "arrowstyle": "-|>",
                    "color": "#1a1a1a",
                    "alpha": float(weight),
                    "shrinkA": 0,
                    "shrinkB": 0,
                },
            )
    ax.set(xlabel=layout.column_title, ylabel=layout.row_title)
    ax.set_xticks(range(layout.columns), layout.column_names or None)
    ax.set_yticks(range(layout.rows), layout.row_names or None)
    ax.grid(False)


def is_narrow(layout: Layout) -> bool:
    """Whether a grid is so much higher than wide that its cells are drawn flat."""
    return layout.rows > 1.5 * layout.columns


def grid_size(layout: Layout, title: str) -> tuple[float, float]:
    """Width and height (inches) of a figure that a grid and its title fill."""
    cell = min(0.75, 7.6 / layout.columns)
    height = 0.42 * layout.rows if is_narrow(layout) else cell * layout.rows
    labels = 0.07 * max((len(name) for name in layout.row_names), default=2)
    wide = max(cell, 0.72) if is_narrow(layout) else cell
    return max(0.55 + labels + wide * layout.columns, 0.3 + 0.092 * len(title)), 0.95 + height


def _mark(layout: Layout, shown: NDArray[np.float64]) -> str:
    """The action of a state, or a dot when several are chosen alike."""
    most = np.flatnonzero(shown == shown.max())
    return layout.arrows[most[0]] if len(most) == 1 else "·"


def _decimals(values: NDArray[np.float64]) -> int:
    """Decimals that give the largest value three significant digits."""
    largest = float(np.abs(values).max())
    return 0 if largest == 0 else min(max(2 - math.floor(math.log10(largest)), 0), 3)


def _shades(layout: Layout, values: NDArray[np.float64]) -> NDArray[np.float64]:
    """How blue each state is (rows · columns,), from the least value to the largest that is shown."""
    letters = np.array(list(layout.text.replace("\n", "")))
    drawn = values[: len(letters)]
    seen = drawn[~np.isin(letters, list(_LETTERS))]
    spread = float(np.ptp(seen)) if len(seen) else 0.0
    return _DARKEST * (drawn - seen.min()).clip(0, spread) / spread if spread else np.zeros(len(drawn))
