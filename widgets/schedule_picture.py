"""The chart of a ScheduleView: a row for each process, one for each slot, over the steps."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from .schedule_marks import boxes_path, draw_arrival, draw_end, draw_waits, outlined
from .schedule_state import Bar, Chart
from .sketch_stage import Stage
from .text_metrics import text_width

__all__ = ["MOST_ROWS", "Place", "draw_chart", "joined", "place_of", "short_names", "ticks_of"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
TOP = 22.0  # where the rows begin; the legend stands above
ROW, MANY = 17.0, 12  # height of a row; more rows than that are drawn closer together
SLOT, SLOTS = 20.0, 60.0  # height of a slot's row, and of all together
MOST_ROWS = 48  # of more processes the first are drawn
LEGEND = (
    ("arrives", "arrives"), ("wait", "waits for the core"), ("read", "reads prompt"), ("decode", "decodes"),
    ("tool", "tool"), ("idle", "waits otherwise"), ("switch", "put in again"), ("done", "done"),
    ("failed", "failed"),
)  # fmt: skip


class Place(NamedTuple):
    """Where things stand: left and right end of the steps, rows of processes and slots, axis, read-out."""

    left: float
    right: float
    top: float
    row: float
    rows: int
    slot_top: float
    slot: float
    slots: int
    axis: float
    line: float
    end: float
    last: int

    def x(self, tick: float) -> float:
        """Where a step begins."""
        return self.left + (self.right - self.left) * tick / max(self.last, 1)


def place_of(width: float, rows: int, slots: int, last: int) -> Place:
    """The places for so many pixels, processes, slots and steps."""
    shown = min(rows, MOST_ROWS)
    tall = ROW * min(max(shown, 1), MANY)
    slot_top = TOP + tall + 10
    slot = min(SLOT, SLOTS / max(slots, 1))
    axis = slot_top + (SLOTS if slots else -4) + 3
    return Place(104, width - 62, TOP, min(ROW, tall / max(shown, 1)), shown, slot_top, slot, slots, axis, axis + 37,
                 axis + 46, last)  # fmt: skip


def ticks_of(at: Place) -> list[int]:
    """Steps with a number on the axis."""
    fits = max(1.0, (at.right - at.left) / 52)
    pitch = next(size * 10**power for power in range(9) for size in (1, 2, 5) if at.last / (size * 10**power) <= fits)
    return list(range(0, at.last + 1, pitch))


def draw_chart(stage: Stage, at: Place, chart: Chart) -> None:
    """Legend, rows, slots, and the lines of the axis."""
    bars = [bar for bar in chart.bars if bar.row < at.rows]
    bottom = at.axis
    for tick in ticks_of(at):
        stage.line(at.x(tick), at.top - 4, at.x(tick), bottom, opacity=0.7)
    _draw_legend(stage, at, chart, bars)
    _draw_bars(stage, at, chart, bars)
    for row in range(at.rows):
        _draw_ends(stage, at, chart, row)
    if at.slots:
        stage.line(16, at.slot_top - 5, stage.width - 16, at.slot_top - 5)
        _draw_slots(stage, at, chart)
    stage.text(16, at.axis + 15, "step", **SMALL)


def _draw_legend(stage: Stage, at: Place, chart: Chart, bars: Sequence[Bar]) -> None:
    present = {"arrives", *(bar.kind for bar in bars), *(end[1] for end in chart.ends if end)}
    present |= {"failed"} & {"failed" for end in chart.ends if end and end[1] == "killed"}
    present |= ({"read"} if chart.reads else set()) | ({"switch"} if chart.switches else set())
    shown = [(kind, words) for kind, words in LEGEND if kind in present]
    taken = sum(26 + text_width(words, 11) for _, words in shown)
    note = f"{at.rows} of {len(chart.pids)} are drawn" if len(chart.pids) > at.rows else ""
    room = stage.width - 32 - text_width(note, 11) - taken
    gap = min(18.0, room / len(shown))
    x = at.left if room - (at.left - 16) > gap * len(shown) else 16.0
    for kind, words in shown:
        _draw_sample(stage, kind, x, 2)
        stage.text(x + 26, 12, words, **SMALL)
        x += 26 + text_width(words, 11) + gap
    stage.text(stage.width - 16, 12, note, anchor="end", **SMALL)


def _draw_sample(stage: Stage, kind: str, x: float, y: float) -> None:
    if kind == "arrives":
        draw_arrival(stage, x + 14, y + 6)
    elif kind in ("done", "failed"):
        draw_end(stage, x + 14, y + 6, kind)
    elif kind == "switch":
        stage.rect(x + 12, y - 1, 3, 14, fill="ink")
    elif kind == "wait":
        draw_waits(stage, [(x, y + 2, 20, 8)])
    elif kind in ("tool", "idle"):
        stage.rect(x + 0.5, y + 0.5, 19, 11, **outlined(kind))
    else:
        stage.rect(x, y, 20, 12, fill={"read": "sky", "decode": "blue"}[kind], radius=2)


def _draw_bars(stage: Stage, at: Place, chart: Chart, bars: Sequence[Bar]) -> None:
    """Thin and hatched: waiting; full: decoding; outlined: somewhere else."""
    tall = max(2.0, at.row - 3)

    def box(bar: Bar, share: float = 1.0) -> tuple[float, float, float, float]:
        middle, high = at.top + at.row * (bar.row + 0.5), tall * share
        return at.x(bar.start), middle - high / 2, at.x(bar.end) - at.x(bar.start), high

    draw_waits(stage, [box(bar, 0.58) for bar in bars if bar.kind == "wait"])
    decodes = [bar for bar in bars if bar.kind == "decode"]
    stage.path(boxes_path(box(bar) for bar in decodes), fill="blue")
    reads = [bar._replace(end=bar.start + 1) for bar in decodes if (bar.row, bar.start) in chart.reads]
    stage.path(boxes_path(box(bar) for bar in reads), fill="sky")
    for bar in bars:
        if bar.kind in ("tool", "idle"):
            x, y, wide, high = box(bar)
            stage.rect(x + 0.5, y + 0.5, max(1.0, wide - 1), high - 1, **outlined(bar.kind))
            label = bar.name if text_width(bar.name, 11) < wide - 6 else ""
            if label and at.row >= 13:
                stage.text(x + wide / 2, y + high / 2 + 4, label, anchor="middle", **SMALL)
    for row, tick in sorted(chart.switches):
        if row < at.rows:
            stage.rect(at.x(tick) - 1.5, at.top + at.row * row + 0.5, 3, at.row - 1, fill="ink")


def _draw_ends(stage: Stage, at: Place, chart: Chart, row: int) -> None:
    """When a process came, and when and how it went."""
    middle, size = at.top + at.row * (row + 0.5), min(1.0, at.row / 10)
    draw_arrival(stage, at.x(chart.arrives[row]) - 1, middle, size)
    end = chart.ends[row]
    if end is None:
        return
    x = at.x(end[0])
    draw_end(stage, x + 7 * size, middle, end[1], size)
    if at.row >= 10:
        stage.text(x + 14, middle + 4, str(end[0]), size=11, weight=600)


def _draw_slots(stage: Stage, at: Place, chart: Chart) -> None:
    """Who has each place of the core: a second look at the same bars."""
    held = [joined(sorted((bar for bar in chart.bars if bar.slot == slot), key=lambda bar: bar.start))
            for slot in range(at.slots)]  # fmt: skip
    boxes = [
        (at.x(bar.start) + 0.5, at.slot_top + at.slot * slot + 1, at.x(bar.end) - at.x(bar.start) - 1, at.slot - 2)
        for slot, bars in enumerate(held)
        for bar in bars
    ]
    stage.path(boxes_path(boxes), fill="blue:0.16")
    if at.slot < 12:
        return
    short = short_names(chart)
    for slot, bars in enumerate(held):
        y = at.slot_top + at.slot * (slot + 0.5) + 4
        stage.text(18, y, f"slot {slot + 1}", **SMALL)
        for bar in bars:
            wide, labels = at.x(bar.end) - at.x(bar.start), (chart.names[bar.row], short[bar.row])
            label = next((text for text in labels if text_width(text, 11) <= wide - 6), "")
            if label:
                stage.text(at.x(bar.start) + wide / 2, y, label, size=11, anchor="middle")


def short_names(chart: Chart) -> list[str]:
    """As much of each name as tells it from the others; its number where that is long."""
    found = []
    for pid, name in zip(chart.pids, chart.names, strict=True):
        sizes = (size for size in (1, 2, 3) if sum(other[:size] == name[:size] for other in chart.names) == 1)
        size = next(sizes, 0)
        found.append(name[:size] if size else pid)
    return found


def joined(bars: Iterable[Bar]) -> list[Bar]:
    """Bars of one slot, those of one process that follow each other without a gap as one."""
    found: list[Bar] = []
    for bar in bars:
        if found and found[-1].row == bar.row and found[-1].end == bar.start:
            found[-1] = found[-1]._replace(end=bar.end)
        else:
            found.append(bar)
    return found
