"""The curves of a ContextPager: faults so far under every policy, and faults by the size of the window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from .context_pager_layout import Place
from .context_pager_state import Story
from .picture import number
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["apart", "draw_faults", "draw_filling", "draw_sizes", "look_of", "nice_ticks"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
APART = 13.5  # between the labels at the ends of the curves
SIZES_TOP, SIZES_FLOOR = 312.0, 364.0


def look_of(name: str, chosen: str, comparison: str, rank: int = 0) -> dict[str, Any]:
    """How a policy's curve is drawn: chosen blue, compared purple, the optimum dashed ink, the rest grey."""
    if name == chosen:
        return {"stroke": "blue", "thickness": 2.5}
    if name == comparison:
        return {"stroke": "purple", "thickness": 2}
    if name == "Optimal":
        return {"stroke": "ink", "thickness": 1.5, "dash": "5 3"}
    return {"stroke": "grey", "thickness": 1.2, "dash": ("", "2 2", "6 2 1 2", "1 3")[rank % 4] or None}


def draw_faults(
    stage: Stage, at: Place, stories: Sequence[Story], failed: Sequence[str], chosen: str, comparison: str, loads: int
) -> None:
    """Faults so far under every policy; the name at a curve's end makes it the one that is compared."""
    most = max(story.faults[-1] for story in stories)
    ticks = nice_ticks(most, 2)

    def y(faults: float) -> float:
        return at.floor - (at.floor - at.curve) * faults / max(most, ticks[-1], 1)

    stage.text(at.side + 24, at.curve + 2, "Faults", weight=600)
    stage.text(at.side + 24, at.curve + 17, "so far", **SMALL)
    for tick in ticks:
        stage.line(at.left, y(tick), at.right, y(tick), opacity=0.8)
        stage.text(at.left - 7, y(tick) + 4, str(tick), anchor="end", **SMALL)
    stage.line(at.left, y(loads), at.right, y(loads), stroke="vermilion", dash="1.5 3")
    if y(loads) + 12 <= at.floor:
        told = f"{loads} first load{'' if loads == 1 else 's'}"
        stage.text(at.right - 4, y(loads) + 12, told, anchor="end", **SMALL)
    order = sorted(stories, key=lambda story: (story.name == chosen, story.name == comparison, story.name == "Optimal"))
    for rank, story in enumerate(order):
        points = [(at.x(time), y(faults)) for time, faults in enumerate(story.faults)]
        stage.path(_line(points), fill="none", join="round", **look_of(story.name, chosen, comparison, rank))
    ends = sorted(stories, key=lambda story: (-story.faults[-1], story.name != chosen))
    low = min(at.axis + 3, at.floor + 4 + APART * max(0, len(ends) - 4))
    places = apart([y(story.faults[-1]) + 4 for story in ends], at.curve + 2, low)
    for row, (story, place) in enumerate(zip(ends, places, strict=True)):
        _draw_end(stage, at, story, y(story.faults[-1]), place, row, chosen, comparison)
    if failed:
        stage.text(at.right + 22, min(at.line, places[-1] + APART), fit(f"✕ {failed[0]}", 58, 11), size=11,
                   fill="vermilion-text")  # fmt: skip


def draw_sizes(
    stage: Stage, at: Place, curves: Mapping[str, Mapping[int, int]], frames: int, chosen: str, comparison: str
) -> None:
    """Faults by the size of the window; a click on a size makes it the window's."""
    stage.text(16, SIZES_TOP - 18, "Faults by window size", weight=600)
    sizes = sorted({size for curve in curves.values() for size in curve})
    most = max(faults for curve in curves.values() for faults in curve.values())
    ticks, left = nice_ticks(most, 2), 40.0
    pitch = (at.side - left - 6) / max(1, len(sizes) - 1)

    def place(size: int, faults: float) -> tuple[float, float]:
        x = left + pitch * sizes.index(size) if len(sizes) > 1 else (left + at.side) / 2
        return x, SIZES_FLOOR - (SIZES_FLOOR - SIZES_TOP) * faults / max(most, ticks[-1], 1)

    for tick in ticks:
        y = place(sizes[0], tick)[1]
        stage.line(left, y, at.side, y, opacity=0.8)
        stage.text(left - 7, y + 4, str(tick), anchor="end", **SMALL)
    if frames in sizes:
        x = place(frames, 0)[0]
        stage.line(x, SIZES_TOP - 4, x, SIZES_FLOOR, stroke="ink", dash="3 3")
    order = sorted(curves, key=lambda name: (name == chosen, name == comparison, name == "Optimal"))
    for rank, name in enumerate(order):
        look, points = look_of(name, chosen, comparison, rank), [place(*each) for each in sorted(curves[name].items())]
        stage.path(_line(points), fill="none", join="round", **look)
        if name in (chosen, comparison, "Optimal") and frames in curves[name]:
            x, y = place(frames, curves[name][frames])
            stage.circle(x, y, 3.6, fill=look["stroke"], stroke="ground", thickness=1.5)
    _draw_size_ticks(stage, sizes, [place(size, 0)[0] for size in sizes], frames, pitch)


def draw_filling(stage: Stage, at: Place, filled: Sequence[int], limit: int, unit: str) -> None:
    """How full the window was at each reference: what there is to see where pages are of different sizes."""
    stage.text(16, SIZES_TOP - 18, f"{unit.capitalize()}s in the window", weight=600)
    top, left = max([limit, *filled]), 46.0

    def y(amount: float) -> float:
        return SIZES_FLOOR - (SIZES_FLOOR - SIZES_TOP) * amount / max(top, 1)

    for tick in (0, limit):
        stage.line(left, y(tick), at.side, y(tick), **({"stroke": "ink", "dash": "3 3"} if tick else {}))
        stage.text(left - 7, y(tick) + 4, f"{tick:,}", anchor="end", **SMALL)
    pitch = (at.side - left) / max(1, len(filled))
    path = "".join(f"L{number(left + pitch * time)} {number(y(amount))}h{number(pitch)}"
                   for time, amount in enumerate(filled))  # fmt: skip
    bottom = f"M{number(left)} {number(SIZES_FLOOR)}"
    stage.path(f"{bottom}{path}V{number(SIZES_FLOOR)}z", fill="blue:0.18")
    stage.path(f"{bottom}{path}", fill="none", stroke="blue", thickness=1.5)
    stage.text(at.side, at.axis, fitting(at.side - left, "by reference"), anchor="end", **SMALL)


def nice_ticks(most: float, parts: int) -> list[int]:
    """Round numbers from 0 to at most `most`, about so many steps apart."""
    least = max(1.0, most / (parts + 0.5))
    step = next(size * 10**power for power in range(9) for size in (1, 2, 3, 4, 5) if size * 10**power >= least)
    return list(range(0, max(int(most), 1) + 1, step))


def apart(wanted: Sequence[float], top: float, bottom: float) -> list[float]:
    """Places as near as possible to the wanted ones (in order) that do not overlap; they may go beyond the bottom."""
    places: list[float] = []
    for place in wanted:
        places.append(max(place, top, places[-1] + APART if places else top))
    last = bottom
    for index in range(len(places) - 1, -1, -1):
        places[index] = max(min(places[index], last), top + APART * index)
        last = places[index] - APART
    return places


def _draw_end(
    stage: Stage, at: Place, story: Story, y: float, place: float, row: int, chosen: str, comparison: str
) -> None:
    """The name and the number at the end of a curve."""
    colours = {chosen: "blue-text", comparison: "purple-text", "Optimal": "ink"}
    colour, bold = colours.get(story.name, "quiet"), 600 if story.name == chosen else None
    line = {"blue-text": "blue", "purple-text": "purple", "ink": "ink"}.get(colour, "grey")
    stage.line(at.right + 1, y, at.right + 7, place - 4, stroke=line, thickness=1)
    name, count = story.name, str(story.faults[-1])
    wide = stage.width - 12 - at.right - 8 - text_width(count, 11, bold=True) - 7
    stage.text(at.right + 8, place, fit(name, wide, 11, bold=bool(bold)), size=11, weight=bold, fill=colour)
    stage.text(stage.width - 12, place, count, anchor="end", size=11, weight=600 if bold else None, fill=colour)
    if name != chosen:
        off = name == comparison
        label = f"{name}, {count} faults: " + ("compared" if off else "compare it")
        box = (at.right + 5, place - 11, stage.width - 8 - at.right - 5, APART)
        stage.target(box, label, {"comparison": "" if off else name}, ("curves", row, 0), current=off)


def _draw_size_ticks(stage: Stage, sizes: Sequence[int], places: Sequence[float], frames: int, pitch: float) -> None:
    """The sizes under their chart, the chosen one bold, as many as there is room for; and what answers a click."""
    taken = [(places[sizes.index(frames)], frames)] if frames in sizes else []
    for size, x in zip(sizes, places, strict=True):
        if size != frames and all(abs(x - other) > 15 for other, _ in taken):
            taken.append((x, size))
    for x, size in taken:
        look = {"size": 11, "weight": 600} if size == frames else SMALL
        stage.text(x, 380, str(size), anchor="middle", **look)
    for column, (size, x) in enumerate(zip(sizes, places, strict=True)):
        label, wide = f"a window of {size} page{'' if size == 1 else 's'}", max(4.0, min(pitch, 24.0))
        box = (x - wide / 2, SIZES_TOP - 4, wide, 380 - SIZES_TOP + 8)
        stage.target(box, label, {"frames": size}, ("sizes", 0, column), current=size == frames)


def _line(points: Sequence[tuple[float, float]]) -> str:
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)
