"""The stage of a TimeTravel: a lane for each process and a mark for each row of its journal; below, the state."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agentos_lab.kernel import Failed
from agentos_lab.kernel.journal import Row

from .picture import number
from .sketch import Sketch
from .sketch_stage import Stage
from .text_metrics import fit, text_width
from .time_travel_state import KINDS, Columns, deliveries

__all__ = [
    "Place",
    "columns_of",
    "draw_differences",
    "draw_lanes",
    "draw_legend",
    "draw_moment",
    "mark_size",
    "middles_of",
    "place_of",
    "ticks_of",
]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
TOP, LINE = 26.0, 18.0  # where the lanes begin; height of a line of text
ALL, HALF = 138.0, 78.0  # most height of all lanes, of one run and of each of two
LOOKS = {
    "core": ("blue-fill", "blue-fill", "on-fill", "language core"),
    "tool": ("amber-fill", "amber-fill", "on-fill", "tool"),
    "storage": ("green-fill", "green-fill", "on-fill", "storage"), "message": ("ground", "sky", "sky-text", "message"),
    "other": ("ground", "grey", "quiet", "anything else"),
}  # fmt: skip
TITLES = ("Processes", "Storage", "Mailboxes")


class Place(NamedTuple):
    """The rows' ends; lanes of the first run, of the second one; axis, call, state, differences; number of rows."""

    left: float
    right: float
    top: float
    lane: float
    lanes: int
    second: float
    axis: float
    call: float
    state: float
    differences: float
    end: float
    count: int  # type: ignore[assignment]  # no one counts in this tuple

    @property
    def pitch(self) -> float:
        """Pixels of a row."""
        return (self.right - self.left) / max(self.count, 1)

    def x(self, row: float) -> float:
        """The middle of a row, from 1; 0 is the beginning."""
        return self.left + self.pitch * (row - 0.5) if row else self.left - 7


def place_of(width: float, lanes: int, count: int, lines: int, differences: int | None) -> Place:
    """The places for so many pixels, processes, rows, lines of the state, and differences (None: there is one run)."""
    forked = differences is not None
    lane = min(26.0, (HALF if forked else ALL) / max(lanes, 1))
    bottom = TOP + lane * lanes
    second = bottom + 24 if forked else 0.0
    bottom = second + lane * lanes if forked else bottom
    axis, state = bottom + 17, bottom + (79 if forked else 62)
    third = state + LINE * (max(lines, 1) + 1) + 16
    end = third + (LINE * (max(1, -(-differences // 2)) + 1) if differences is not None else -14)
    return Place(118, width - 20, TOP, lane, lanes, second, axis, axis + 25, state, third, end, count)


def columns_of(width: float) -> Columns:
    """Where the three columns of the state stand."""
    wide = width - 32 - 2 * 24
    first, second = wide * 0.36, wide * 0.36
    return Columns((16, first), (40 + first, second), (64 + first + second, wide - first - second))


def mark_size(at: Place) -> tuple[float, float]:
    """Width and height of a row's mark."""
    return max(1.0, min(at.pitch - 1, 17.0)), max(3.0, min(at.lane - 4, 17.0))


def pairs(edges: Sequence[float]) -> list[tuple[float, float]]:
    """Every second stretch between edges, from the first one on."""
    return list(zip(edges[::2], edges[1::2], strict=True))


def middles_of(at: Place, pids: Sequence[str], rows: Sequence[Row], others: Sequence[Row]) -> list[list[float]]:
    """For each row, from 0, the middles of its marks: in the first run and, where there is one, in the second."""
    lanes = {pid: at.lane * (index + 0.5) for index, pid in enumerate(pids)}
    found: list[list[float]] = [[]]
    for seq in range(1, len(rows) + 1):
        second = [at.second + lanes[others[seq - 1].pid]] if seq <= len(others) else []
        found.append([round(y, 2) for y in (at.top + lanes[rows[seq - 1].pid], *second)])
    return found


def ticks_of(at: Place) -> list[int]:
    """Rows with a number on the axis."""
    fits = max(1.0, (at.right - at.left) / 44)
    pitch = next(size * 10**power for power in range(9) for size in (1, 2, 5) if at.count / (size * 10**power) <= fits)
    return [row for row in range(0, at.count + 1, pitch) if row]


def draw_legend(stage: Stage, forked: bool) -> None:
    """What the marks mean."""
    title = "What was answered, row by row"
    stage.text(16, 13, title, weight=600)
    shown = [(fill, edge, label) for fill, edge, _, label in LOOKS.values()]
    shown += [("ground", "vermilion", "failed")] + (
        [("purple-fill", "purple-fill", "another one in the fork")] if forked else []
    )
    wide = sum(25 + text_width(label, 11) for *_, label in shown)
    room = stage.width - 16 - 30 - text_width(title, bold=True)
    while wide > room and len(shown) > 2:
        wide -= 25 + text_width(shown.pop(-2 if forked else -1)[2], 11)
    x = stage.width - 16 - wide + 11
    for fill, edge, label in shown:
        stage.rect(x + 0.75, 3.75, 9.5, 9.5, fill=fill, stroke=edge, thickness=1.5, radius=2)
        stage.text(x + 15, 13, label, **SMALL)
        x += 25 + text_width(label, 11)


def draw_lanes(
    stage: Stage, at: Place, rows: Sequence[Row], pids: Sequence[str], names: Mapping[str, str], top: float,
    others: frozenset[int] | None = None, parted: int = 0,
) -> None:  # fmt: skip
    """The lanes of one run.

    Args:
        stage: Where.
        at: The places.
        rows: The journal.
        pids: The process of each lane.
        names: Of the processes.
        top: Where the lanes begin.
        others: Of a second run, the rows that the first one has not; None: this is the first one.
        parted: Of a second run, the row of the fork.
    """
    lanes = {pid: top + at.lane * (index + 0.5) for index, pid in enumerate(pids)}
    for pid, y in lanes.items():
        mine = [row.seq for row in rows if row.pid == pid]
        if mine:
            stage.line(at.x(mine[0]), y, at.x(mine[-1]), y, stroke="hairline", thickness=2)
        label = fit(names.get(pid, pid), at.left - 34, 13 if at.lane >= 15 else 11)
        if at.lane >= 9:
            stage.text(at.left - 16, y + 4.5, label, anchor="end", size=13 if at.lane >= 15 else 11)
    for sent, received in deliveries(rows):
        one, two = rows[sent - 1], rows[received - 1]
        d = f"M{number(at.x(sent))} {number(lanes[one.pid])}L{number(at.x(received))} {number(lanes[two.pid])}"
        stage.path(d, fill="none", stroke="sky", thickness=1.2)
    for row in rows:
        faint = others is not None and row.seq < parted
        _draw_mark(stage, at, row, lanes[row.pid], others is not None and row.seq in others, faint)


def draw_differences(stage: Stage, at: Place, lines: Sequence[Sequence[str]], ended: bool) -> None:
    """Results and values that differ: of the first run in ink, of the second in purple; two columns."""
    y, wide = at.differences, (stage.width - 32 - 24) / 2
    stage.line(16, y - 16, stage.width - 16, y - 16)
    stage.text(16, y, "What differs in the end", weight=600)
    about = "the first run → the fork" if ended else "the first run → the fork, some of whose processes did not end"
    stage.text(16 + text_width("What differs in the end", bold=True) + 10, y, about, **SMALL)
    if not lines:
        stage.text(16, y + LINE, "No value in storage and no result: the other reply made no difference.", **SMALL)
    for index, line in enumerate(lines):
        draw_line(stage, 16 + (wide + 24) * (index % 2), y + LINE * (index // 2 + 1), line)


def draw_moment(sketch: Sketch, state: Mapping[str, Any], row: int) -> None:
    """The line at a row and the state after it; `time_travel.js` has the twin."""
    at, columns, moment = Place(*state["place"]), Columns(*state["columns"]), state["moments"][row]
    x = at.x(row)
    sketch.text(at.left - 16, at.axis, "row", anchor="end", **SMALL)
    for label in state["ticks"]:
        if abs(at.x(label) - x) > 24:
            sketch.text(at.x(label), at.axis, str(label), anchor="middle", **SMALL)
    wide, gap = mark_size(at)[0] / 2 + 2, mark_size(at)[1] / 2 + 2
    ends = [edge for y in state["middles"][row] for edge in (y - gap, y + gap)]
    for start, end in pairs([at.top - 4, *ends, at.axis - 11]):
        sketch.line(x, start, x, end, stroke="ink", thickness=1.25)
    for y in state["middles"][row]:
        sketch.rect(x - wide, y - gap, 2 * wide, 2 * gap, fill="none", stroke="ink", thickness=1.25, radius=4)
    sketch.rect(x - 15, at.axis - 13, 30, 18, fill="ink", radius=6)
    sketch.text(x, at.axis, str(row), size=11, weight=600, fill="ground", anchor="middle")
    sketch.text(16, at.call, moment["call"])
    if state["forked"]:
        sketch.text(16, at.call + 17, moment["other_call"], size=13, fill="purple-text")
    for title, (left, wide), lines in zip(
        TITLES, columns, (moment[name] for name in ("processes", "storage", "mail")), strict=True
    ):
        sketch.text(left, at.state, title, size=13, weight=600)
        sketch.line(left, at.state + 5, left + wide, at.state + 5)
        if not lines:
            sketch.text(left, at.state + LINE + 4, "empty" if title == "Storage" else "no message waits", **SMALL)
        for index, line in enumerate(lines):
            y = at.state + LINE * (index + 1) + 4
            if line[3] in ("now", "fresh"):
                colour = "blue:0.12" if line[3] == "now" else "green:0.16"
                sketch.rect(left - 4, y - 13, wide + 8, LINE - 1, fill=colour, radius=3)
            draw_line(sketch, left, y, line)


def draw_line(sketch: Sketch, x: float, y: float, line: Sequence[str]) -> None:
    """A label, what it stands for, and in purple what it stands for in the second run."""
    label, text, other, look = line
    after = x + (text_width(label, 13, bold=True) + 10 if label else 0)
    sketch.text(x, y, label, size=13, weight=600)
    sketch.text(after, y, text, size=13, fill="quiet" if look == "quiet" else "ink")
    if other:
        sketch.text(after + text_width(text) + 6, y, f"→ {other}", size=13, fill="purple-text")


def _draw_mark(stage: Stage, at: Place, row: Row, y: float, another: bool, faint: bool) -> None:
    letter, kind = KINDS.get(row.call, (row.call[:1], "other"))
    fill, edge, ink, _ = LOOKS[kind]
    if another:
        fill, edge, ink = "purple-fill", "purple-fill", "on-fill"
    if isinstance(row.reply, Failed):
        edge = "vermilion"
    wide, high = mark_size(at)
    inset = 0.75 if wide > 4 else 0.0
    look = {"stroke": edge if inset else None, "thickness": 2 if edge == "vermilion" else 1.5 if inset else None}
    opacity = 0.35 if faint else None
    stage.rect(at.x(row.seq) - wide / 2 + inset, y - high / 2 + inset, wide - 2 * inset, high - 2 * inset,
               fill=fill if inset else edge, radius=2 if inset else 0, opacity=opacity, **look)  # fmt: skip
    if wide >= 11 and high >= 11:
        stage.text(at.x(row.seq), y + 4, letter, anchor="middle", size=11, weight=600, fill=ink, opacity=opacity)
