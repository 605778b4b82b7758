"""The static picture of a model's attention; `attention.js` draws the same, with the same names, in the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from .attention_layout import Layout
from .attention_overview import draw_overview
from .attention_panels import bar_path, draw_habit, draw_legend, draw_next, draw_steps, fitted, label_look
from .picture import Picture, number
from .view import unpack

__all__ = ["Selection", "draw_attention"]

State = Mapping[str, Any]


@dataclass(frozen=True)
class Selection:
    """What the reader has chosen: rows and columns are indices of tokens."""

    query: int | None
    key: int | None
    overview: str
    shown: list[int]


def draw_attention(
    picture: Picture, m: State, at: Layout, state: State, patterns: State, effects: State, chosen: Selection
) -> float:
    """The whole stage; returns its height."""
    draw_overview(picture, m, at, state, patterns, effects, chosen.overview)
    draw_next(picture, at, state["next"])
    draw_matrix(picture, m, at, state, chosen)
    draw_bars(picture, m, at, state, chosen)
    if at.kind == "wide":
        picture.line(at.panel_x - 11.5, 16, at.panel_x - 11.5, 400)
    if chosen.query is None:
        draw_habit(picture, m, at, state)
    else:
        draw_steps(picture, m, at, state, chosen.query, chosen.key)
    if at.kind != "middle":
        draw_legend(picture, m, at, state)
    return at.height


def draw_matrix(picture: Picture, m: State, at: Layout, state: State, chosen: Selection) -> None:
    """The weights of one head: a row for each token that looks, a column for each that is looked at."""
    x, y, cell, shown = at.matrix_x, at.matrix_y, at.cell, chosen.shown
    picture.text(at.title_x, y - 41, f"Layer {state['layer']}, head {state['head']}", weight=600)
    picture.text(x - 8, y - 21, "key →", size=11, fill="quiet", anchor="end")
    picture.text(x - 8, y - 8, "query ↓", size=11, fill="quiet", anchor="end")
    draw_grid(picture, x, y, cell, len(shown), state["causal"])
    weights = unpack(state["weights"])
    draw_fields(picture, m, at, weights, shown)
    for row, query in enumerate(shown):
        draw_row_label(picture, m, at, state, query, row, chosen.query == query)
    for column, key in enumerate(shown):
        draw_key_label(picture, m, at, state, key, column, chosen.key == key)
    if chosen.query in shown:
        top = y + cell * shown.index(chosen.query)
        wide = cell * len(shown) + 3
        picture.rect(x - 1, top - 1, wide, cell + 3, fill="none", stroke="blue", thickness=2, radius=3)
        if chosen.key in shown:
            left = x + cell * shown.index(chosen.key)
            picture.rect(left - 1, top - 1, cell + 3, cell + 3, fill="none", stroke="ink", thickness=2, radius=3)


def draw_fields(picture: Picture, m: State, at: Layout, weights: np.ndarray, shown: Sequence[int]) -> None:
    """The cells, one path for each opacity."""
    inset = 1 if at.cell >= 8 else 0
    wide = at.cell - inset
    fields: dict[str, list[str]] = {}
    for row, query in enumerate(shown):
        for column, key in enumerate(shown):
            opacity = number(float(weights[query, key]) ** m["power"])
            left, top = at.matrix_x + at.cell * column + inset, at.matrix_y + at.cell * row + inset
            fields.setdefault(opacity, []).append(f"M{number(left)} {number(top)}h{wide}v{wide}h-{wide}z")
    for opacity, squares in fields.items():
        if opacity != "0":
            picture.path("".join(squares), fill="blue", opacity=opacity)


def draw_grid(picture: Picture, x: float, y: float, cell: int, count: int, causal: bool) -> None:
    """Hairlines about the cells that may be looked at; about small cells a ground instead."""
    if cell < 8:
        steps = "".join(f"v{cell}h{cell}" for _ in range(count))
        shape = f"M{number(x)} {number(y)}h{cell}{steps}" if causal else f"M{number(x)} {number(y)}h{cell * count}"
        closing = f"V{number(y + cell * count)}H{number(x)}z"
        picture.path(shape + closing, fill="wash")
        return
    lines = []
    for index in range(count + 1):
        across = cell * (min(index + 1, count) if causal else count) + 1
        lines.append(f"M{number(x)} {number(y + cell * index + 0.5)}h{across}")
        above = max(index - 1, 0) if causal else 0
        lines.append(f"M{number(x + cell * index + 0.5)} {number(y + cell * above)}v{cell * (count - above) + 1}")
    picture.path("".join(lines), stroke="blue", opacity=0.12, fill="none")


def draw_row_label(picture: Picture, m: State, at: Layout, state: State, token: int, row: int, chosen: bool) -> None:
    """The token that looks."""
    if at.cell < m["labelled"] and not chosen:
        return
    size = label_size(at.cell)
    label = fitted(state["tokens"][token], at.matrix_x - at.title_x - 8, size)
    y = at.matrix_y + at.cell * (row + 0.5) + 4.5
    picture.text(at.matrix_x - 8, y, label, size=size, anchor="end", **label_look(state, token, chosen))


def draw_key_label(picture: Picture, m: State, at: Layout, state: State, token: int, column: int, chosen: bool) -> None:
    """The token that is looked at, aslant over its column."""
    if at.cell < m["labelled"] and not chosen:
        return
    size = label_size(at.cell)
    x, y = at.matrix_x + at.cell * (column + 0.5) + 4, at.matrix_y - 8
    limit = at.panel_x - 14 if at.kind != "middle" else 10_000.0
    label = fitted(state["tokens"][token], min(72, 1.4 * (limit - x)), size)
    turn = f"rotate(-45 {number(x)} {number(y)})"
    picture.text(x, y, label, size=size, transform=turn, **label_look(state, token, chosen))


def label_size(cell: float) -> int:
    """Font size of the labels beside cells of this size."""
    return 13 if cell >= 15 else 11


def draw_bars(picture: Picture, m: State, at: Layout, state: State, chosen: Selection) -> None:
    """The weights of the chosen row as bars under their columns; without a row, the mean of all."""
    x, cell, shown = at.matrix_x, at.cell, chosen.shown
    right, base = x + cell * len(shown), at.matrix_y + cell * len(shown) + m["base"]
    weights = unpack(state["weights"])
    row = weights.mean(0) if chosen.query is None else weights[chosen.query]
    if chosen.query is None:
        picture.text(x - 8, base - 14, "mean of", size=11, fill="quiet", anchor="end")
        picture.text(x - 8, base + 1, "all rows", size=11, fill="quiet", anchor="end")
    else:
        picture.text(x - 8, base - 14, "row of", size=11, fill="quiet", anchor="end")
        label = fitted(state["tokens"][chosen.query], x - at.title_x - 8)
        picture.text(x - 8, base + 1, label, anchor="end", **label_look(state, chosen.query, True))
    thick = max(2, round(0.6 * cell))
    lefts = [x + cell * column + (cell - thick) / 2 + 0.5 for column in range(len(shown))]
    bars = [bar_path(left, base, thick, m["bar"] * float(row[key])) for left, key in zip(lefts, shown, strict=True)]
    picture.path("".join(bars), fill="blue")
    for rank, column in enumerate(labelled_bars([float(row[key]) for key in shown], cell)):
        weight = float(row[shown[column]])
        y = base - m["bar"] * weight - 4
        look: dict[str, Any] = {"weight": 600} if rank == 0 else {"fill": "quiet"}
        middle = min(x + cell * (column + 0.5) + 0.5, right - 6)
        picture.text(middle, y, f"{weight:.2f}", size=11, anchor="middle", **look)
    picture.line(x, base + 0.5, right + 1, base + 0.5, stroke="ink")
    caption = "weights of a row add up to 1"
    if len(shown) < len(row):
        caption = f"{float(row[shown].sum()):.2f} of the row's weight is in the window"
    end = cell * len(shown) >= 150
    picture.text(right if end else x, base + 14, caption, size=11, fill="quiet", anchor="end" if end else "start")


def labelled_bars(weights: Sequence[float], cell: float) -> list[int]:
    """Columns whose bars have room for their numbers, the largest first."""
    found: list[int] = []
    for column in sorted(range(len(weights)), key=lambda column: (-weights[column], column)):
        if weights[column] >= 0.05 and all(abs(column - other) * cell >= 25 for other in found):
            found.append(column)
    return found
