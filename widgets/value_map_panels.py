"""The panels of a ValueMap in the static picture: the numbers of a cell, what is missing to V*, the error's curve."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from .palette import mix
from .picture import Picture, number
from .text_metrics import text_width
from .value_map_numbers import signed
from .value_map_picture import DEEPEST, Place, State, draw_wall, stretch_of
from .view import unpack

__all__ = ["draw_error", "draw_inspector", "draw_missing"]

QUIET: Mapping[str, Any] = {"size": 11, "fill": "quiet"}


def draw_inspector(picture: Picture, at: Place, state: State, frame: int, cell: int) -> None:
    """The cell's name, Q and π of each action, V and V*."""
    stretch = stretch_of(state, frame)
    kind, pay = state["stretches"][stretch]["kinds"][cell], state["stretches"][stretch]["pays"][cell]
    left, y = at["left"], at["inspector"]
    picture.text(left, y + 16, state["names"][cell], weight=600)
    if kind != "floor":
        picture.text(left + 44, y + 16, said_of(kind, pay), fill="quiet")
        return
    picture.text(left, y + 34, "policy π", **QUIET)
    q, best = unpack(state["q"])[frame, cell], int(unpack(state["best"])[frame, cell])
    start, end = left + 52, left + at["inspected"] - 76
    wide = (end - start) / len(q)
    chosen = bin(best).count("1")
    texts = ["–" if np.isnan(value) else signed(float(value), state["digits"] + 1) for value in q]
    longest = max(text_width(text, 13, bold=True) for text in texts) + 16
    # Labels beside the numbers where there is room, names if for all of them; else arrows under the numbers.
    labels = state["actions"] if room_for(state["actions"], wide - longest) else state["arrows"]
    beside = room_for(labels, wide - longest)
    size = 13 if longest - 12 <= wide else 11
    for action, text in enumerate(texts):
        x, is_best = start + action * wide, bool(best >> action & 1)
        share = 1 / chosen if is_best else 0.0
        look: dict[str, Any] = {"weight": 600, "fill": "blue-text"} if is_best else {}
        if beside:
            picture.text(x, y + 16, labels[action], fill="quiet")
            picture.text(x + wide - 10, y + 16, text, anchor="end", **look)
            picture.text(x + wide - 10, y + 34, f"{share:.2f}", anchor="end", **QUIET)
            bar, room = x, wide - 40
        else:
            told = text if text_width(text, size, bold=True) <= wide - 2 else in_cells(q[action], state)
            if text_width(told, size, bold=True) <= wide - 2:
                picture.text(x, y + 16, told, size=size, **look)
            picture.text(x, y + 35, labels[action], **({"fill": "quiet"} | look))
            bar, room = x + 16, max(0.0, wide - 24)
        picture.rect(bar, y + 28, room, 5, fill="hairline", radius=2)
        picture.rect(bar, y + 28, room * share, 5, fill="blue", radius=2)
    picture.line(end + 2.5, y + 4, end + 2.5, y + 38)
    value = float(unpack(state["values"])[frame, cell])
    optimal = float(unpack(state["optimal"])[stretch, cell])
    for line, (name, what) in enumerate((("V", value), ("V*", optimal))):
        picture.text(end + 12, y + 16 + 18 * line, name, fill="quiet")
        picture.text(left + at["inspected"], y + 16 + 18 * line, signed(what, state["digits"] + 1), anchor="end")


def in_cells(value: float, state: State) -> str:
    """An action's value with the decimals of the map, one fewer than the inspector would like."""
    return "–" if np.isnan(value) else signed(float(value), state["digits"])


def room_for(labels: Sequence[str], room: float) -> bool:
    """Whether each of these texts is at most so wide."""
    return all(text_width(label, 13) <= room for label in labels)


def said_of(kind: str, pay: str) -> str:
    """What there is to know of a cell where nobody stands."""
    if kind == "wall":
        return "wall: a move into it goes nowhere"
    paid = f" pays {pay}" if pay else ""
    return f"{kind}: entering{paid} {'and leads back to the start' if kind == 'cliff' else 'and ends the episode'}"


def draw_missing(picture: Picture, at: Place, state: State, frame: int, cell: int) -> None:
    """V* − V, cell by cell, and the legend of its colours."""
    x, top, side = at["right"], at["top"], at["small"]
    heading(picture, x, 12, state["words"]["missing"], "V* − V now")
    misses = unpack(state["misses"])[frame]
    stretch = state["stretches"][stretch_of(state, frame)]
    kinds, most = stretch["kinds"], stretch["most"]
    numbered = side >= 22
    for each, kind in enumerate(kinds):
        row, column = divmod(each, state["columns"])
        with picture.group(x + column * side, top + row * side):
            if kind == "wall":
                draw_wall(picture, side, 2)
                continue
            miss = float(misses[each])
            fill = "wash" if kind != "floor" else tone(miss / most)
            picture.rect(1, 1, side - 2, side - 2, fill=fill, stroke="hairline", thickness=0.5, radius=2)
            text = short(miss) if kind == "floor" else {"goal": "G", "pit": "P", "cliff": "C"}[kind]
            if (numbered and text) or (kind != "floor" and side >= 13):
                picture.text(
                    side / 2, side / 2 + 4, text, size=11, anchor="middle", fill="ink" if kind == "floor" else "quiet"
                )
    row, column = divmod(cell, state["columns"])
    ring: dict[str, Any] = {"fill": "none", "stroke": "ink", "thickness": 1.5, "radius": 3}
    picture.rect(x + column * side, top + row * side, side, side, **ring)
    draw_legend(picture, x + state["columns"] * side + 16, top, state, stretch["legend"])


def tone(share: float) -> str:
    """Blue for what will rise, vermilion for what will fall."""
    return mix("blue" if share >= 0 else "vermilion", DEEPEST * min(1.0, abs(share)))


def short(miss: float) -> str:
    """A number of at most two digits, without a nought in front; nothing for what is settled."""
    if abs(miss) < 0.995:
        text = signed(miss, 2)
        return "" if text == "0.00" else text.replace("0.", ".", 1)
    return signed(miss, 1 if abs(miss) < 9.95 else 0)


def draw_legend(picture: Picture, x: float, y: float, state: State, amounts: Sequence[str]) -> None:
    """The scale of V* − V from its largest to its smallest, and what the corner means."""
    for step in range(17):
        picture.rect(x, y + 1 + 5 * step, 9, 5, fill=tone(1 - step / 8))
    for step, (amount, word) in enumerate(zip(amounts, state["words"]["signs"], strict=True)):
        picture.text(x + 15, y + 9 + 38 * step, f"{amount} {word}", **QUIET)
    picture.path(f"M{number(x)} {number(y + 99)}h9v9z", fill="vermilion")
    picture.text(x + 15, y + 107, state["words"]["corner"], **QUIET)


def draw_error(picture: Picture, at: Place, state: State, frame: int) -> None:
    """The largest error from the first frame to the last, on a log scale; the axis is the slider."""
    left, right, top = at["chart_left"], at["chart_right"], at["chart"]
    bottom = top + at["curve"]
    heading(picture, at["right"], top - 14, "Largest error", "log scale")
    for power, text in state["axis"]["ticks"]:
        y = error_y(at, state, 10.0**power)
        picture.line(left, y, right, y)
        picture.text(left - 6, y + 4, text, anchor="end", **QUIET)
    draw_changes(picture, at, state)
    picture.path(curve(at, state, frame, state["frames"] - 1), fill="none", stroke="grey", thickness=1.5, dash="3 3")
    picture.path(curve(at, state, 0, frame), fill="none", stroke="blue", thickness=2, join="round")
    x, y = frame_x(at, state, frame), error_y(at, state, state["errors"][frame])
    picture.line(x, y, x, bottom + 14, stroke="blue", thickness=1.25)
    picture.circle(x, y, 4, fill="vermilion", stroke="ground", thickness=1.5)
    told = state["told"][frame]
    beyond = x + 8 + text_width(told, 11, bold=True) > right
    look: dict[str, Any] = {"size": 11, "weight": 600, "fill": "vermilion-text"}
    picture.text(x - 8 if beyond else x + 8, max(top - 2, y - 7), told, anchor="end" if beyond else "start", **look)
    draw_slider(picture, at, state, frame)


def draw_changes(picture: Picture, at: Place, state: State) -> None:
    """A dashed line where the grid was changed; before it, where the curve leaves room, what was changed."""
    top, free = at["chart"], at["chart_left"]
    for stretch in state["stretches"]:
        if not stretch["note"]:
            continue
        x = frame_x(at, state, stretch["first"])
        picture.line(x, top - 4, x, top + at["curve"], stroke="ink", dash="3 3")
        begin = x - 10 - text_width(stretch["note"], 11)
        if begin > free and error_y(at, state, state["errors"][frame_at(at, state, begin)]) > top + 16:
            picture.text(x - 5, top + 11, stretch["note"], anchor="end", **QUIET)
        free = x


def draw_slider(picture: Picture, at: Place, state: State, frame: int) -> None:
    """The axis of frames with its knob."""
    left, right, y = at["chart_left"], at["chart_right"], at["chart"] + at["curve"] + 14
    x, last = frame_x(at, state, frame), state["frames"] - 1
    picture.line(left, y, right, y, thickness=3, cap="round")
    picture.line(left, y, x, y, stroke="blue", thickness=3, cap="round")
    picture.circle(x, y, 6, fill="blue", stroke="ground", thickness=1.5)
    now = f"{state['words']['unit']} {frame}"
    half = text_width(now, 11, bold=True) / 2
    middle = min(max(x, at["right"] + half), right + 14 - half)
    for tick in sorted({0, last // 2, last}):
        at_tick = frame_x(at, state, tick)
        if abs(at_tick - middle) > half + 14:
            picture.text(at_tick, y + 20, str(tick), anchor="middle", **QUIET)
    picture.text(middle, y + 20, now, size=11, weight=600, anchor="middle")


def heading(picture: Picture, x: float, y: float, title: str, about: str) -> None:
    """A panel's title and, beside it, what it shows."""
    picture.text(x, y, title, weight=600)
    picture.text(x + text_width(title, 13, bold=True) + 10, y, about, **QUIET)


def frame_x(at: Place, state: State, frame: int) -> float:
    """Where a frame stands on the axis."""
    return at["chart_left"] + (at["chart_right"] - at["chart_left"]) * frame / max(1, state["frames"] - 1)


def frame_at(at: Place, state: State, x: float) -> int:
    """The last frame that stands no further right."""
    last = max(1, state["frames"] - 1)
    return min(last, max(0, math.floor(last * (x - at["chart_left"]) / (at["chart_right"] - at["chart_left"]))))


def error_y(at: Place, state: State, error: float) -> float:
    """The height of an error; what is too small for the axis lies on its foot."""
    top, bottom = state["axis"]["top"], state["axis"]["bottom"]
    power = math.log10(max(error, 10.0**bottom))
    return at["chart"] + at["curve"] * min(1.0, (top - power) / (top - bottom))


def curve(at: Place, state: State, start: int, end: int) -> str:
    """The errors from one frame to another; a changed grid begins a new line."""
    firsts = {stretch["first"] for stretch in state["stretches"]}
    points = []
    for frame in range(start, end + 1):
        pen = "M" if frame == start or frame in firsts else "L"
        points.append(f"{pen}{number(frame_x(at, state, frame))} {number(error_y(at, state, state['errors'][frame]))}")
    return "".join(points)
