"""What all strips of a RolloutPlayer are made of: places along the steps, paths of bars, names and ticks."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from numpy.typing import NDArray

from .picture import Picture, number

__all__ = [
    "Place",
    "bars_path",
    "draw_name",
    "draw_tick",
    "extremes",
    "film_steps",
    "layout",
    "marks_path",
    "step_x",
    "stride_of",
    "upright",
]

Data = Mapping[str, Any]
Values = Sequence[float] | NDArray[Any]
Bar = tuple[int, float, float]  # first step, upper and lower end
THINNEST = 2.0  # pixels of a bar
WIDEST = 6.0  # pixels of a mark


class Place(NamedTuple):
    """Where the strips begin and end, and where the panels do."""

    left: float
    right: float
    panel: float
    end: float


def layout(measures: Mapping[str, float], width: float) -> Place:
    """The places for a width."""
    side = min(measures["side"], 0.28 * width)
    end = width - 16
    return Place(measures["left"], end - side - measures["gap"], end - side, end)


def stride_of(at: Place, steps: int) -> int:
    """How many steps share a bar, so that none is too thin to be seen."""
    return max(1, math.ceil(THINNEST * steps / (at.right - at.left) - 1e-9))


def step_x(at: Place, steps: int, step: float) -> float:
    """Where the middle of a step stands."""
    return at.left + (step + 0.5) * (at.right - at.left) / steps


def film_steps(at: Place, steps: int) -> list[int]:
    """The steps of the film's pictures, each in the middle of the stretch it stands for."""
    count = min(steps, int((at.right - at.left) // 38))
    return [int((index + 0.5) * steps / count) for index in range(count)]


def extremes(values: Values, stride: int) -> list[tuple[int, float]]:
    """For each bar its first step and the value farthest from zero; bars without a number are left out."""
    found = []
    for start in range(0, len(values), stride):
        known = [float(value) for value in values[start : start + stride] if math.isfinite(value)]
        if known:
            found.append((start, max(known, key=abs)))
    return found


def bars_path(at: Place, steps: int, stride: int, bars: Iterable[Bar]) -> str:
    """One path of upright bars (first step, from y, to y)."""
    pitch = (at.right - at.left) / steps
    gap = min(0.6, 0.2 * pitch * stride)
    parts = []
    for start, top, bottom in bars:
        x, width = at.left + start * pitch, min(stride, steps - start) * pitch - gap
        parts.append(f"M{number(x)} {number(top)}h{number(width)}V{number(bottom)}h{number(-width)}Z")
    return "".join(parts)


def upright(start: int, one: float, other: float) -> Bar:
    """A bar between two heights."""
    return start, min(one, other), max(one, other)


def marks_path(at: Place, steps: int, stride: int, starts: Iterable[int], top: float) -> str:
    """One path of small marks, 4 pixels high, in the middle of their steps."""
    pitch = (at.right - at.left) / steps
    width = min(WIDEST, max(1.0, 0.8 * pitch * stride))
    middles = (at.left + (start + min(stride, steps - start) / 2) * pitch for start in starts)
    return "".join(f"M{number(x - width / 2)} {number(top)}h{number(width)}v4h{number(-width)}Z" for x in middles)


def draw_name(picture: Picture, y: float, name: str, *lines: str) -> None:
    """Name of a strip and what it shows."""
    picture.text(16, y, name, weight=600)
    for index, line in enumerate(lines):
        picture.text(16, y + 14 + 13 * index, line, size=11, fill="quiet")


def draw_tick(picture: Picture, at: Place, y: float, label: str) -> None:
    """A number or name at the left of a strip."""
    picture.text(at.left - 6, y, label, size=11, fill="quiet", anchor="end")
