"""The overview of the attention explorer's static picture: all heads small, or what silencing each of them does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .attention_layout import Layout
from .palette import mix
from .picture import Picture, number
from .text_metrics import fit, text_width
from .view import unpack

__all__ = ["draw_overview"]

State = Mapping[str, Any]


def draw_overview(
    picture: Picture, m: State, at: Layout, state: State, patterns: State, effects: State, kind: str
) -> None:
    """Thumbnails of all heads, or what silencing each of them does."""
    layers, heads, folded = state["layers"], state["heads"], at.fold
    right = 16 + max(folded.used, 300)
    picture.text(16, 23, f"All {layers * heads} heads", weight=600)
    sizes = f"{layers} layers (rows) × {heads} heads"
    picture.text(right, 23, sizes, size=11, fill="quiet", anchor="end")
    draw_numbers(picture, m, at, state)
    change = unpack(effects["change"])
    places = [(layer, head, *folded.place(layer, head)) for layer in range(layers) for head in range(heads)]
    if kind == "patterns":
        draw_thumbs(picture, m, folded.thumb, unpack(patterns["levels"]), patterns["causal"], places)
    for layer, head, x, y in places:
        known = layer < effects["measured"]
        moved = float(change[layer, head]) if known else 0.0
        if kind == "effect":
            fill = mix("blue" if moved >= 0 else "vermilion", abs(moved) / 0.5, into="wash") if known else "none"
            edge = {} if known else {"stroke": "hairline"}
            picture.rect(x + 0.5, y + 0.5, folded.thumb - 1, folded.thumb - 1, fill=fill, **edge)
        if abs(moved) >= m["mark"]:
            mark = mark_path(x, y, folded.thumb, moved, kind)
            picture.path(mark, fill="ground" if kind == "effect" else "blue" if moved > 0 else "vermilion")
    x, y = folded.place(state["layer"], state["head"])
    ring = folded.thumb + 5
    picture.rect(x - 2.5, y - 2.5, ring, ring, fill="none", stroke="blue", thickness=2, radius=3)
    draw_overview_legend(picture, m, at, state, effects, kind, right)


def draw_numbers(picture: Picture, m: State, at: Layout, state: State) -> None:
    """The numbers of layers and heads, those of the shown head in blue."""
    heads, folded = state["heads"], at.fold
    for block in range(folded.blocks):
        for head in range(heads):
            chosen = head == state["head"] and block == state["layer"] // folded.rows
            if chosen or head % label_step(folded.pitch, 14 if heads > 10 else 9) == 0:
                x, _ = folded.place(block * folded.rows, head)
                draw_rank(picture, x + folded.thumb / 2, m["top"] - 7, head, "middle", chosen)
    for layer in range(state["layers"]):
        chosen = layer == state["layer"]
        if chosen or layer % folded.rows % label_step(folded.pitch, 11) == 0:
            x, y = folded.place(layer, 0)
            draw_rank(picture, x - 5, y + folded.thumb / 2 + 4, layer, "end", chosen)


def draw_rank(picture: Picture, x: float, y: float, rank: int, anchor: str, chosen: bool) -> None:
    """The number of a layer or head."""
    look: dict[str, Any] = {"fill": "blue-text", "weight": 600} if chosen else {"fill": "quiet"}
    picture.text(x, y, str(rank), size=11, anchor=anchor, **look)


def label_step(pitch: float, needed: float) -> int:
    """Every which number is written where numbers need so many pixels."""
    return next(step for step in (1, 2, 5, 10, 100) if pitch * step >= needed)


def draw_thumbs(
    picture: Picture,
    m: State,
    thumb: float,
    levels: np.ndarray,
    causal: bool,
    places: Sequence[tuple[int, int, int, int]],
) -> None:
    """All thumbnails in a handful of paths: the ground of what may be looked at, and one path for each opacity."""
    shape = f"l{thumb} {thumb}h-{thumb}z" if causal else f"h{thumb}v{thumb}h-{thumb}z"
    ground = "".join(f"M{x} {y}{shape}" for _, _, x, y in places)
    picture.path(ground, fill="blue", opacity=0.08)
    unit = thumb / levels.shape[-1]
    strokes: dict[int, list[str]] = {level: [] for level in range(1, m["levels"] + 1)}
    for layer, head, x, y in places:
        for column, row, length, level in runs(levels[layer, head]):
            left, top = x + unit * (column + 0.5), y + unit * row
            strokes[level].append(f"M{number(left)} {number(top)}v{number(unit * length)}")
    for level, found in strokes.items():
        if found:
            picture.path("".join(found), stroke="blue", thickness=unit, opacity=level / m["levels"], fill="none")


def runs(levels: np.ndarray) -> list[tuple[int, int, int, int]]:
    """Stretches of equal level down the columns of a thumbnail, as (column, row, length, level); none of level 0."""
    found = []
    for column, values in enumerate(levels.T.tolist()):
        row = 0
        while row < len(values):
            end = row + 1
            while end < len(values) and values[end] == values[row]:
                end += 1
            if values[row]:
                found.append((column, row, end - row, values[row]))
            row = end
    return found


def mark_path(x: float, y: float, thumb: float, moved: float, kind: str) -> str:
    """A triangle that points where the probability goes; in the corner that a causal mask leaves free."""
    left = x + (thumb - 6.5 if kind == "patterns" else thumb / 2 - 3.5)
    top = y + (-1 if kind == "patterns" else thumb / 2 - 3)
    if moved < 0:
        return f"M{number(left)} {number(top)}h7l-3.5 6z"
    return f"M{number(left)} {number(top + 6)}h7l-3.5 -6z"


def draw_overview_legend(
    picture: Picture, m: State, at: Layout, state: State, effects: State, kind: str, right: float
) -> None:
    """What the marks under the thumbnails' names mean, and how far measuring has come."""
    y = m["top"] + at.fold.rows * at.fold.pitch + 12
    token = fit(effects["token"], 60, 11)
    if kind == "effect":
        for step in range(-4, 5):
            fill = mix("blue" if step >= 0 else "vermilion", abs(step) / 4, into="wash")
            picture.rect(46 + 9 * (step + 4), y - 8, 9, 9, fill=fill)
        picture.text(41, y, "−0.5", size=11, fill="quiet", anchor="end")
        picture.text(132, y, "+0.5", size=11, fill="quiet")
    elif state["begins"]:
        picture.rect(18, y - 9, 3, 11, fill="blue")
        picture.text(26, y, "weight parked on start", size=11, fill="quiet")
    if 0 < effects["measured"] < state["layers"]:
        told = f"measured {effects['measured']} of {state['layers']} layers"
        picture.text(right, y, told, size=11, fill="quiet", anchor="end")
    elif kind == "effect":
        picture.text(right, y, f"change of p({token})", size=11, fill="quiet", anchor="end")
    elif effects["measured"]:
        told = f"ablation moves {token} by ≥ {m['mark']}"
        picture.text(right, y, told, size=11, fill="quiet", anchor="end")
        left = right - text_width(told, 11) - 24
        picture.path(f"M{number(left)} {number(y - 8)}h8l-4 7z", fill="vermilion")
        picture.path(f"M{number(left + 11)} {number(y - 1)}h8l-4 -7z", fill="blue")
