"""The map of a ValueMap: values, arrows, walls and goals; `value_map_picture.js` draws the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import hypot
from typing import Any

import numpy as np

from .palette import mix
from .picture import Picture, number
from .text_metrics import text_width
from .value_map_layout import hatch
from .value_map_numbers import signed
from .view import unpack

__all__ = ["DEEPEST", "draw_map", "draw_wall", "frame_of", "stretch_of"]

State = Mapping[str, Any]
Place = Mapping[str, float]
DEEPEST = 0.74  # share of colour in the deepest cell: ink stays readable on it


def frame_of(state: State, sweep: int) -> int:
    """The frame for a sweep: the last one if there are not so many."""
    return min(sweep, state.get("frames", 1) - 1)


def stretch_of(state: State, frame: int) -> int:
    """Number of the stretch that a frame belongs to."""
    return max(index for index, stretch in enumerate(state["stretches"]) if stretch["first"] <= frame)


def draw_map(picture: Picture, at: Place, state: State, frame: int, chosen: int, shown: str) -> None:
    """Names of rows and columns, the cells, and rings about what was changed and what is chosen."""
    side, columns = at["cell"], state["columns"]
    for column in range(columns):
        x = at["left"] + (column + 0.5) * side
        picture.text(x, 12, state["names"][column][:-1], size=11, fill="quiet", anchor="middle")
    for row in range(state["rows"]):
        y = at["top"] + (row + 0.5) * side + 4
        picture.text(at["left"] - 8, y, str(row + 1), size=11, fill="quiet", anchor="end")
    stretch = state["stretches"][stretch_of(state, frame)]
    for cell, kind in enumerate(stretch["kinds"]):
        row, column = divmod(cell, columns)
        with picture.group(at["left"] + column * side, at["top"] + row * side):
            if kind == "floor":
                draw_floor(picture, side, state, frame, cell, shown)
                if cell in stretch["starts"] and side >= 30:
                    picture.text(4, 12, "S", size=11)
            elif kind == "wall":
                draw_wall(picture, side)
            else:
                draw_end(picture, side, kind, stretch["pays"][cell])
    for cell, _, before in stretch["changed"]:
        row, column = divmod(cell, columns)
        with picture.group(at["left"] + column * side, at["top"] + row * side):
            draw_change(picture, side, state, before if stretch["kinds"][cell] == "wall" else None)
    row, column = divmod(chosen, columns)
    ring: dict[str, Any] = {"fill": "none", "stroke": "ink", "thickness": 2, "radius": 5}
    picture.rect(at["left"] + column * side - 0.5, at["top"] + row * side - 0.5, side + 1, side + 1, **ring)


def draw_floor(picture: Picture, side: float, state: State, frame: int, cell: int, shown: str) -> None:
    """A cell to stand on: its value as colour and number, the policy as a rose, a corner where an arrow is wrong."""
    rows, row = ("optimal", stretch_of(state, frame)) if shown == "V*" else ("values", frame)
    value = float(unpack(state[rows])[row, cell])
    best = int(unpack(state["optimal_best" if shown == "V*" else "best"])[row, cell])
    if shown == "Q":
        picture.rect(1, 1, side - 2, side - 2, fill="ground", stroke="hairline", radius=4)
        for action, q in enumerate(unpack(state["q"])[frame, cell]):
            if not np.isnan(q):
                d = petal(side, state["directions"], action)
                picture.path(d, fill=shade(state, float(q)), stroke="hairline", thickness=1)
        draw_rose(picture, side / 2, side / 2, 0.7 * rose_scale(side), state["directions"], best)
    else:
        picture.rect(1, 1, side - 2, side - 2, fill=shade(state, value), radius=4)
        size = 13 if side >= 44 else 11
        numbered = text_width(state["widest"], size) <= side - 4
        middle = (side - size) / 2 - 1 if numbered else side / 2
        draw_rose(picture, side / 2, middle, rose_scale(side), state["directions"], best)
        if numbered:
            text = signed(value, state["digits"])
            picture.text(side / 2, side - 0.12 * side, text, size=size, anchor="middle")
    if shown != "V*" and unpack(state["astray"])[frame, cell]:
        length = number(0.22 * side)
        picture.path(f"M{number(side - 1)} 1v{length}L{number(side - 1 - 0.22 * side)} 1z", fill="vermilion")


def shade(state: State, value: float) -> str:
    """The colour of a value: from the lowest, the ground, to the highest."""
    low, high = state["range"]
    share = (value - low) / (high - low) if high > low else 0.0
    return mix("blue", DEEPEST * min(1.0, max(0.0, share)))


def petal(side: float, directions: Sequence[Sequence[int]], action: int) -> str:
    """The part of a cell that stands for an action: a quarter, or a ninth where there are more than four moves."""
    right, down = directions[action]
    if len(directions) <= 4 and abs(right) + abs(down) == 1:
        m, half = side / 2, side / 2 - 1
        one = (m + half * (right - down), m + half * (down + right))
        two = (m + half * (right + down), m + half * (down - right))
        return f"M{number(m)} {number(m)}L{number(one[0])} {number(one[1])}L{number(two[0])} {number(two[1])}z"
    third = (side - 2) / 3
    x, y = 1 + third * (1 + right), 1 + third * (1 + down)
    return f"M{number(x)} {number(y)}h{number(third)}v{number(third)}h{number(-third)}z"


def rose_scale(side: float) -> float:
    """How large the arrows of a cell are."""
    return min(1.0, side / 42)


def draw_rose(
    picture: Picture, x: float, y: float, scale: float, directions: Sequence[Sequence[int]], best: int
) -> None:
    """A triangle for each of the best actions, the longer the fewer they are; a dot for staying."""
    chosen = [direction for action, direction in enumerate(directions) if best >> action & 1]
    if not chosen:
        return
    share = 1 / len(chosen)
    length, half = (4 + 10 * share) * scale, (2 + 3.4 * share) * scale
    # Moved back by its own lean, so that a lone arrow sits in the middle.
    units = [(right / (hypot(right, down) or 1), down / (hypot(right, down) or 1)) for right, down in chosen]
    x -= 6 * scale * share * sum(right for right, _ in units)
    y -= 6 * scale * share * sum(down for _, down in units)
    for right, down in units:
        if not right and not down:
            picture.circle(x, y, 3 * scale, fill="ink")
            continue
        tip = f"{number(x + length * right)} {number(y + length * down)}"
        foot = 1.5 * scale if len(units) > 1 else 0.0
        fx, fy = x + foot * right, y + foot * down
        one = f"{number(fx - half * down)} {number(fy + half * right)}"
        two = f"{number(fx + half * down)} {number(fy - half * right)}"
        picture.path(f"M{tip}L{one}L{two}z", fill="ink")


def draw_wall(picture: Picture, side: float, radius: float = 4) -> None:
    """A wall: hatched."""
    picture.rect(1, 1, side - 2, side - 2, fill="wash", radius=radius)
    lines = [
        f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}" for x1, y1, x2, y2 in hatch(2, 2, side - 4, side / 5)
    ]
    picture.path("".join(lines), fill="none", stroke="hairline", thickness=1)


def draw_end(picture: Picture, side: float, kind: str, pay: str) -> None:
    """A goal, a pit or a cliff, with what it pays to enter."""
    fill = "green-fill" if kind == "goal" else "vermilion-fill"
    picture.rect(1, 1, side - 2, side - 2, fill=fill, radius=4)
    look: dict[str, Any] = {"fill": "on-fill", "anchor": "middle", "size": 11}
    fits = text_width(kind, 11, bold=True) <= side - 4
    if pay and fits and side >= 32:
        picture.text(side / 2, side / 2 - 3, pay, weight=600, **look)
        picture.text(side / 2, side / 2 + 11, kind, **look)
    elif fits or text_width(pay, 11) <= side - 4:
        picture.text(side / 2, side / 2 + 4, kind if fits else pay, **look)


def draw_change(picture: Picture, side: float, state: State, before: float | None) -> None:
    """A dashed ring about a changed cell; in a new wall, what the cell was worth."""
    look: dict[str, Any] = {"fill": "none", "stroke": "ink", "thickness": 1.5, "dash": "4 3", "radius": 4}
    picture.rect(1, 1, side - 2, side - 2, **look)
    if before is None:
        return
    text = signed(before, state["digits"])
    if side >= 34 and text_width(text, 11) <= side - 8:
        wide = max(text_width(text, 11), text_width("was", 11)) + 6
        picture.rect((side - wide) / 2, side / 2 - 14, wide, 28, fill="ground", radius=3)
        picture.text(side / 2, side / 2 - 3, "was", size=11, fill="quiet", anchor="middle")
        picture.text(side / 2, side / 2 + 10, text, size=11, anchor="middle")
