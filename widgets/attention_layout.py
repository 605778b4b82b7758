"""Where the parts of the attention explorer stand; `attention.js` places them by the same rules at its own width.

From 820 pixels on, three columns: overview over next token, the large matrix, one cell's arithmetic. From 680 on the
arithmetic lies below them as a strip; narrower, the overview goes on top.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from .text_metrics import text_width

__all__ = ["MEASURES", "Fold", "Layout", "fold", "label_room", "layout", "shown_tokens"]

# Numbers that both drawings use, in pixels where nothing else is said.
MEASURES: Mapping[str, Any] = {
    "power": 0.75,  # opacity of a weight w is w^power: a linear one hides weights of 0.1
    "levels": 5,  # of opacity, in the overview
    "mark": 0.2,  # a change of the favourite by so much is marked
    "wide": 820,  # from this width on three columns
    "middle": 680,  # from this width on two
    "gap": 24,  # between columns
    "overview": 326,  # least width of the overview's column
    "tall": 226,  # height for the thumbnails
    "flat": 190,  # the same when the overview is on top
    "rank": 20,  # room for the numbers of the layers
    "apart": 16,  # between blocks of layers
    "thumb": 50,  # largest distance of thumbnails
    "top": 44,  # first row of thumbnails
    "above": 64,  # first row of the matrix
    "side": 276,  # most room for the matrix
    "aslant": 8,  # room at its right for the last label
    "largest": 32,  # cell
    "smallest": 4,
    "labelled": 11,  # cells from this size on have their labels
    "many": 20,  # more tokens than this: the cells are painted together, and do not fade
    "label": 72,  # most room for a row's label
    "bar": 36,  # a bar of the row that says 1
    "base": 50,  # from the matrix down to the foot of the bars
    "panel": 128,  # the arithmetic of one cell
    "side_panel": 238,  # column beside the matrix when the overview is on top
    "next": 286,  # where the next tokens stand under the overview
    "height": 408,
    "strip": 58,
    "window": 64,  # most tokens that are shown at once
}


@dataclass(frozen=True)
class Fold:
    """The thumbnails: layers folded into blocks side by side, `pitch` pixels from one to the next."""

    blocks: int
    rows: int
    pitch: int
    heads: int
    measures: Mapping[str, Any] = field(default_factory=lambda: MEASURES, repr=False)

    def place(self, layer: int, head: int) -> tuple[int, int]:
        """Left upper corner of a thumbnail."""
        left = layer // self.rows * (self._block + self.measures["apart"]) + self.measures["rank"]
        return 16 + left + head * self.pitch, self.measures["top"] + (layer % self.rows) * self.pitch

    @property
    def thumb(self) -> int:
        """Side of a thumbnail."""
        return self.pitch - 2

    @property
    def used(self) -> int:
        """Width that all blocks take."""
        return self.blocks * self._block + (self.blocks - 1) * self.measures["apart"] - 2

    @property
    def _block(self) -> int:
        return self.measures["rank"] + self.heads * self.pitch


@dataclass(frozen=True)
class Layout:
    """Where everything stands, from the left upper corner of the stage."""

    kind: str  # "wide", "middle" or "narrow"
    fold: Fold
    overview: float  # width of the overview's column
    next_x: float
    next_y: float
    next_width: float
    title_x: float  # the matrix's title and its row labels
    matrix_x: float
    matrix_y: float
    cell: int
    panel_x: float
    panel_y: float
    height: float


def layout(
    width: float, layers: int, heads: int, count: int, label: float, measures: Mapping[str, Any] = MEASURES
) -> Layout:
    """The layout for a width and a model.

    Args:
        width: Of the whole view.
        layers, heads: Of the model.
        count: Tokens that are shown.
        label: Room for the labels of rows.
        measures: Those of the view.
    """
    m = measures
    kind = kind_of(m, width, count, label)
    inner = width - 32
    if kind == "narrow":
        folded = fold(layers, heads, inner, m["flat"], m)
        below = m["top"] + folded.rows * folded.pitch + 36
        matrix_x = 16 + label + 8
        side = min(m["side"], inner - m["gap"] - m["side_panel"] - label - 8)
        cell = cell_size(m, side, count)
        beside = matrix_x + max(cell * count, 180) + m["gap"]
        height = below + m["height"] + 38
        return Layout(kind, folded, inner, beside, below, width - 16 - beside, 16, matrix_x, below + m["above"],
                      cell, beside, below + 118, height)  # fmt: skip
    room = room_of(m, width, kind)
    overview = max(m["overview"], room - (label + 8 + m["side"] + m["aslant"]))
    folded = fold(layers, heads, overview, m["tall"], m)
    title_x = 16 + overview + m["gap"]
    cell = cell_size(m, min(m["side"], room - overview - label - 8 - m["aslant"]), count)
    panel_x, panel_y = (width - 16 - m["panel"], 0) if kind == "wide" else (16, m["height"])
    height = m["height"] + (0 if kind == "wide" else m["strip"])
    return Layout(kind, folded, overview, 16, m["next"], min(overview, 440), title_x, title_x + label + 8, m["above"],
                  cell, panel_x, panel_y, height)  # fmt: skip


def kind_of(measures: Mapping[str, Any], width: float, count: int, label: float) -> str:
    """The widest arrangement in which the matrix has its place with the smallest cells: wide, middle or narrow."""
    m = measures
    needed = m["overview"] + label + 8 + m["aslant"] + m["smallest"] * count
    for kind in ("wide", "middle"):
        if width >= m[kind] and room_of(m, width, kind) >= needed:
            return kind
    return "narrow"


def room_of(measures: Mapping[str, Any], width: float, kind: str) -> float:
    """Width for overview and matrix side by side."""
    return width - 32 - measures["gap"] - (measures["panel"] + 19 if kind == "wide" else 0)


def fold(layers: int, heads: int, width: float, height: float, measures: Mapping[str, Any] = MEASURES) -> Fold:
    """The fold with the largest thumbnails that fit; of two equal ones that with fewer blocks."""
    best = Fold(1, layers, 0, heads, measures)
    for blocks in range(1, min(4, layers) + 1):
        rows = -(-layers // blocks)
        across = width - blocks * measures["rank"] - (blocks - 1) * measures["apart"]
        pitch = int(min(across // (blocks * heads), height // rows, measures["thumb"]))
        if pitch > best.pitch:
            best = Fold(blocks, rows, pitch, heads, measures)
    return best if best.pitch >= 4 else replace(best, pitch=4)


def cell_size(measures: Mapping[str, Any], side: float, count: int) -> int:
    """Side of a cell when so many share the room."""
    return int(max(measures["smallest"], min(measures["largest"], side // count)))


def label_room(tokens: Sequence[Sequence[str]], measures: Mapping[str, Any] = MEASURES) -> float:
    """Room for the labels of rows: the longest, within bounds."""
    longest = max(text_width(label + mark, mono=True) for label, mark in tokens)
    return min(measures["label"], max(40, -(-longest // 1)))


def shown_tokens(count: int, window: int, measures: Mapping[str, Any] = MEASURES) -> list[int]:
    """Indices of the tokens that are shown: all, or the first and those in the window, which may count from the end."""
    size = measures["window"]
    if count <= size:
        return list(range(count))
    last = count - size
    first = min(last, max(0, window if window >= 0 else last + 1 + window))
    return [0, *range(first + 1, first + size)]
