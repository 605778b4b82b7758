"""The right side of a KernelMonitor: the core's slots and queue, and one process in full."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from .kernel_monitor_state import Line, Moment, short_number
from .runs import counted
from .sketch_stage import Stage
from .text_metrics import fit, text_width, wrap

__all__ = ["draw_panel", "panel_height"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
SLOT, SLOTS = 22.0, 8  # height of a slot, and how many are drawn
USE = 17.0  # height of a part of a budget
PROCESS = 152.0  # room for the process that is looked at


def panel_height(moment: Moment) -> float:
    """Pixels that the panel needs."""
    return 22 + SLOT * min(moment.slots, SLOTS) + 44 + PROCESS


def draw_panel(stage: Stage, x: float, wide: float, moment: Moment, selected: str, kills: Sequence[str]) -> None:
    """Slots, queue, and the selected process."""
    stage.text(x, 13, "Language core", weight=600)
    stage.text(x + wide, 13, counted(moment.slots, "slot"), anchor="end", **SMALL)
    drawn = min(moment.slots, SLOTS)
    held = {line.slot: line for line in moment.lines if line.mark == "decode"}
    for slot in range(drawn):
        draw_slot(stage, x, 22 + SLOT * slot, wide, slot, held.get(slot))
    y = 22 + SLOT * drawn
    more = f" (and {moment.slots - drawn} more slots)" if moment.slots > drawn else ""
    draw_queue(stage, x, y, wide, moment, more)
    stage.line(x, y + 44, x + wide, y + 44)
    line = moment.line(selected)
    if line is None:
        stage.text(x, y + 64, "Choose a process to see its budget.", **SMALL)
    else:
        draw_process(stage, x, y + 50, wide, line, kills)


def draw_slot(stage: Stage, x: float, y: float, wide: float, slot: int, line: Line | None) -> None:
    """Who decodes here, and how far the request has come."""
    left, room = x + 18, wide - 18
    stage.text(x, y + 14, str(slot + 1), **SMALL)
    stage.rect(left + 0.5, y + 1.5, room - 1, SLOT - 5, fill="none", stroke="hairline", thickness=1, radius=3)
    if line is None:
        return
    done = f"{line.asked} / {line.length}" if line.length else str(line.asked)
    share = min(1.0, line.asked / line.length) if line.length else 1.0
    stage.rect(left + 1, y + 2, max(1.0, (room - 2) * share), SLOT - 6, fill="blue:0.22", radius=2)
    stage.text(left + 8, y + 14, fit(line.name, room - 24 - text_width(done, 11), 12), size=12)
    stage.text(left + room - 7, y + 14, done, anchor="end", **SMALL)


def draw_queue(stage: Stage, x: float, y: float, wide: float, moment: Moment, more: str) -> None:
    """Who waits for the core, in order."""
    names = {line.pid: line.name for line in moment.lines}
    told = " · ".join(names[pid] for pid in moment.queue) if moment.queue else "empty"
    lines = wrap(f"Queue: {told}{more}", wide, 11)
    if len(lines) > 2:
        lines[1:] = [fit(" ".join(lines[1:]), wide, 11)]
    for row, text in enumerate(lines):
        stage.text(x, y + 15 + 15 * row, fit(text, wide, 11), **SMALL)


def draw_process(stage: Stage, x: float, y: float, wide: float, line: Line, kills: Sequence[str]) -> None:
    """One process: number, budget part by part, what else there is to say, and the button that ends it."""
    title = f"{line.name}, process {line.pid}"
    stage.text(x, y + 15, fit(title, wide - (58 if line.living else 0), bold=True), weight=600)
    if line.living:
        box = (x + wide - 50, y, 50, 21)
        stage.rect(box[0] + 0.5, box[1] + 0.5, 49, 20, fill="ground", stroke="vermilion", thickness=1, radius=6)
        stage.text(x + wide - 25, y + 14.5, "Kill", size=12, weight=600, fill="vermilion-text", anchor="middle")
        stage.target(box, f"kill {line.name}", {"kills": [*kills, line.pid]}, ("kill", 0, 0))
    y += 26
    for use in line.budget[:5]:
        stage.text(x, y + 11, use.what, **SMALL)
        stage.text(x + wide, y + 11, f"{short_number(use.used)} / {short_number(use.limit)}", anchor="end", **SMALL)
        left, right = x + 68, x + wide - 84
        colour = "blue" if use.share < 0.8 else "amber" if use.share < 1 else "vermilion"
        stage.rect(left, y + 5, right - left, 5, fill="hairline", radius=2)
        if use.used:
            stage.rect(left, y + 5, max(2.0, (right - left) * use.share), 5, fill=colour, radius=2)
        y += USE
    facts = "; ".join(line.facts) if line.facts else line.doing
    lines = wrap(facts, wide, 11)
    for row, text in enumerate([lines[0], " ".join(lines[1:])][: len(lines)]):
        stage.text(x, y + 13 + 14 * row, fit(text, wide, 11), **SMALL)
