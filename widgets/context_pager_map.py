"""The map of a ContextPager: a row for each page, a bar where it was in the window, a mark for each of its uses."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from .context_pager_layout import COMPARED, Place
from .context_pager_load import Load, Phase
from .context_pager_state import Story
from .picture import number
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["diamonds", "draw_legend", "draw_map", "draw_phases"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
LEGEND = (("stay", "in window"), ("hit", "hit"), ("load", "first load"), ("fault", "fault: was dropped"))
TITLES = ("Which page was in the window, when", "In the window, when", "In the window", "Pages")


def draw_legend(stage: Stage, at: Place) -> None:
    """The title of the map, and what its marks mean."""
    wide = sum(27 + text_width(words, 11) + 10 for _, words in LEGEND)
    start = at.side + 24
    stage.text(start, 13, fitting(stage.width - 16 - wide - start, *TITLES, size=14), weight=600)
    x = stage.width - 16 - wide + 10
    for kind, words in LEGEND:
        if kind == "stay":
            stage.rect(x, 5, 20, 7, fill="blue:0.22", radius=1)
        elif kind == "hit":
            stage.circle(x + 14, 8.5, 2.5, fill="blue")
        else:
            stage.path(diamonds([(x + 14, 8.5)], 4.2), **_mark(kind))
        stage.text(x + 25, 13, words, **SMALL)
        x += 27 + text_width(words, 11) + 10


def draw_map(
    stage: Stage, at: Place, load: Load, story: Story, rows: Sequence[tuple[float, float]],
    compared: Story | None, other: float,
) -> None:  # fmt: skip
    """All rows under the chosen policy, and those of the first group under the other one."""
    draw_rows(stage, at, story, [*enumerate(rows)], "blue")
    first = 0
    for name, count in load.groups:
        edge, height = rows[first][0], rows[first][1] * count
        _draw_name(stage, at, load, name, range(first, first + count), rows)
        told = sum(len(story.of_row(row, "load", "fault")) for row in range(first, first + count))
        _draw_count(stage, at, told, edge, height, "ink" if first else "blue-text")
        first += count
    if compared is not None:
        count, tall = load.groups[0][1], rows[0][1] * COMPARED
        draw_rows(stage, at, compared, [(row, (other + tall * row, tall)) for row in range(count)], "purple")
        stage.line(at.left - 7, other, at.left - 7, other + tall * count, stroke="purple", thickness=1.5)
        label = fitting(at.left - at.side - 30, f"same, {compared.name}", compared.name)
        stage.text(at.left - 13, other + tall * count / 2 + 4, label, anchor="end", size=11, fill="purple-text")
        told = sum(len(compared.of_row(row, "load", "fault")) for row in range(count))
        _draw_count(stage, at, told, other, tall * count, "purple-text")


def draw_rows(
    stage: Stage, at: Place, story: Story, rows: Iterable[tuple[int, tuple[float, float]]], colour: str
) -> None:
    """Bars and marks of some rows."""
    places = {row: (y, high) for row, (y, high) in rows}
    high = max((tall for _, tall in places.values()), default=1)
    bars = [
        f"M{number(at.left + at.pitch * start)} {number(y + tall * 0.1)}h{number(at.pitch * (end - start))}"
        f"v{number(tall * 0.8)}h{number(-at.pitch * (end - start))}z"
        for row, (y, tall) in places.items()
        for start, end in story.stays[row]
    ]
    stage.path("".join(bars), fill=f"{colour}:0.22")

    def marks(kind: str) -> list[tuple[float, float]]:
        return [
            (at.x(time), places[each.row][0] + places[each.row][1] / 2)
            for time, each in enumerate(story.moments)
            if each.kind == kind and each.row in places
        ]

    stage.path(dots(marks("hit"), min(2.6, max(0.8, high * 0.23))), fill=colour if colour == "blue" else "purple-text")
    reach = min(5.2, max(1.4, high * 0.52))
    for kind in ("load", "fault"):
        stage.path(diamonds(marks(kind), reach), **_mark(kind, 1.4 if reach > 3.5 else 1.1))


def draw_phases(stage: Stage, at: Place, phases: Sequence[Phase]) -> None:
    """What went on meanwhile."""
    if phases:
        stage.text(at.left - 13, at.phases + 14, "phase", anchor="end", **SMALL)
    for name, start, end, marked in phases:
        left, right = at.left + at.pitch * start + 1, at.left + at.pitch * end - 1
        stage.rect(left, at.phases, max(0.5, right - left), 3 if marked else 2, fill="vermilion" if marked else "grey")
        look = {"size": 11, "weight": 600, "fill": "vermilion-text"} if marked else SMALL
        label = name if text_width(name, 11, bold=marked) <= right - left + 1 else fit(name, right - left, bold=marked)
        stage.text((left + right) / 2, at.phases + 15, label, anchor="middle", **look)


def diamonds(places: Iterable[tuple[float, float]], reach: float) -> str:
    """Squares on a corner, as one path."""
    r, minus = number(reach), number(-reach)
    return "".join(f"M{number(x - reach)} {number(y)}l{r} {minus}l{r} {r}l{minus} {r}z" for x, y in places)


def dots(places: Iterable[tuple[float, float]], radius: float) -> str:
    """Discs, as one path."""
    r, wide = number(radius), number(2 * radius)
    return "".join(f"M{number(x - radius)} {number(y)}a{r} {r} 0 1 0 {wide} 0a{r} {r} 0 1 0 -{wide} 0z"
                   for x, y in places)  # fmt: skip


def _mark(kind: str, thickness: float = 1.4) -> dict[str, Any]:
    return {"fill": "vermilion" if kind == "fault" else "ground", "stroke": "vermilion", "thickness": thickness}


def _draw_name(
    stage: Stage, at: Place, load: Load, name: str, group: range, rows: Sequence[tuple[float, float]]
) -> None:
    """A group by its name; where it has none and there is room, its pages by theirs."""
    room = at.left - at.side - 30
    top, bottom = rows[group[0]][0], rows[group[-1]][0] + rows[group[-1]][1]
    if name:
        stage.line(at.left - 7, top, at.left - 7, bottom, stroke="grey", thickness=1.5)
        label = fit(name, room, 11, bold=True)
        if bottom - top >= 8:
            stage.text(at.left - 13, (top + bottom) / 2 + 4, label, anchor="end", size=11, weight=600)
    elif rows[group[0]][1] >= 10.5:
        for row in group:
            label = fit(load.names[row] or load.numbers[row], room, 11)
            stage.text(at.left - 13, rows[row][0] + rows[row][1] / 2 + 4, label, anchor="end", size=11)


def _draw_count(stage: Stage, at: Place, faults: int, top: float, height: float, colour: str) -> None:
    if height >= 12:
        told = f"{faults} fault{'' if faults == 1 else 's'}"
        stage.text(at.right + 8, top + height / 2 + 4, told, size=11, weight=600, fill=colour)
