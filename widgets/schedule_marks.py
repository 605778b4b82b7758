"""The marks of schedules: what waiting, working elsewhere, coming and going look like."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .picture import number
from .sketch_stage import Stage

__all__ = ["boxes_path", "draw_arrival", "draw_end", "draw_waits", "hatch", "outlined"]


def outlined(kind: str) -> dict[str, Any]:
    """The look of a time spent somewhere else."""
    return {"fill": "wash", "stroke": "grey", "thickness": 1, "radius": 3, "dash": "3 2" if kind == "idle" else None}


def draw_waits(stage: Stage, boxes: Sequence[tuple[float, float, float, float]]) -> None:
    """Times of waiting for the core: hatched between two lines."""
    stage.path(boxes_path(boxes), fill="amber:0.12")
    stage.path("".join(hatch(*box) for box in boxes), fill="none", stroke="amber", thickness=1.6)
    edges = [(x, edge, wide, 1.0) for x, y, wide, high in boxes for edge in (y - 0.5, y + high - 0.5)]
    stage.path(boxes_path(edges), fill="amber")


def draw_arrival(stage: Stage, x: float, y: float, size: float = 1.0) -> None:
    """A process comes; (x, y) is the tip."""
    wide, high = number(5 * size), number(4 * size)
    stage.path(f"M{number(x - 5 * size)} {number(y - 4 * size)}l{wide} {high}l-{wide} {high}z", fill="quiet")


def draw_end(stage: Stage, x: float, y: float, kind: str, size: float = 1.0) -> None:
    """A process goes: well, or else with a cross."""
    if kind == "done":
        stage.circle(x, y, 3.6 * size, fill="ink")
    else:
        stage.cross(x, y, reach=3.2 * size)


def boxes_path(boxes: Iterable[tuple[float, float, float, float]]) -> str:
    """Rectangles as one path."""
    return "".join(
        f"M{number(x)} {number(y)}h{number(wide)}v{number(high)}h{number(-wide)}z" for x, y, wide, high in boxes
    )


def hatch(x: float, y: float, wide: float, high: float, pitch: float = 5.0) -> str:
    """Slanted lines inside a rectangle, at the same places whatever rectangle it is."""
    parts = []
    start = (x - high) // pitch * pitch
    while start < x + wide:
        left, right = max(start, x), min(start + high, x + wide)
        if left < right:
            parts.append(f"M{number(left)} {number(y + high - (left - start))}L{number(right)} "
                         f"{number(y + high - (right - start))}")  # fmt: skip
        start += pitch
    return "".join(parts)
