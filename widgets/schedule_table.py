"""The policies side by side: a small chart of each on one scale of time, its figures, and the digest of its outputs."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, NamedTuple

from .schedule_marks import boxes_path
from .schedule_run import Played
from .schedule_state import Chart, Figures
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["Policy", "draw_table", "table_height"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
HEAD, ROW = 20.0, 22.0
# Name of the figure, heading, digits, pixels, whether small is good, and whether it is left out where there is no room
COLUMNS = (
    ("rate", "tokens / step", 2, 72, False, False), ("turnaround", "turnaround", 1, 66, True, True),
    ("first", "first token", 1, 62, True, False), ("waited", "waits, p90", 0, 62, True, False),
    ("switches", "put in again", 0, 76, True, True),
)  # fmt: skip
OUTPUTS, NAMES, NARROWEST, LEAST = 100.0, 0.235, 190.0, 0.75  # pixels, share of the width, pixels, pixels drawn


class Policy(NamedTuple):
    """A row of the table.

    Attributes:
        name: The value of the trait that chooses it.
        label: What the reader sees.
        played, chart, figures: Its run.
    """

    name: str
    label: str
    played: Played
    chart: Chart
    figures: Figures


def table_height(policies: Sequence[Policy]) -> float:
    """Pixels."""
    return HEAD + ROW * len(policies) + 8


def draw_table(stage: Stage, top: float, policies: Sequence[Policy], chosen: str) -> None:
    """All policies; a click on one chooses it."""
    narrow = stage.width < 760
    columns = [column for column in COLUMNS if not (narrow and column[-1])]
    figures_left = stage.width - 16 - OUTPUTS - sum(column[3] for column in columns)
    names = max(NARROWEST, NAMES * stage.width)
    done = [each for each in policies if each.played.over and not each.played.error]
    digests = [each.played.digest for each in done]
    told = "outputs ≠" if len(set(digests)) > 1 else "outputs, equal ✓" if len(digests) > 1 else "outputs"
    _draw_heads(stage, top, columns, figures_left, names, told)
    scale = (figures_left - names - 40) / max(1, *(each.figures.last for each in policies))
    best = {name: _best([round(getattr(each.figures, name), digits) for each in done], small)
            for name, _, digits, _, small, _ in columns}  # fmt: skip
    for index, each in enumerate(policies):
        y = top + HEAD + ROW * index
        mine = each.name == chosen
        if mine:
            stage.rect(16, y, stage.width - 32, ROW, fill="blue:0.1", radius=4)
            stage.rect(11, y, 3, ROW, fill="blue")
        if each.name:
            stage.circle(26, y + ROW / 2, 5.5, fill="ground", stroke="blue" if mine else "grey", thickness=1.6)
            stage.target(
                (16, y, stage.width - 32, ROW), each.label, {"policy": each.name}, ("policies", index, 0), current=mine
            )
        if each.name and mine:
            stage.circle(26, y + ROW / 2, 2.8, fill="blue")
        stage.text(38, y + 15.5, fit(each.label, names - 34, bold=mine), weight=600 if mine else None)
        if each.played.error:
            told = fit(f"✕ {each.played.error}", stage.width - 24 - names)
            stage.text(names + 10, y + 15.5, told, fill="vermilion-text")
        else:
            _draw_small_chart(stage, names + 10, y + 1.5, scale, each.chart)
            _draw_figures(stage, y + 15.5, each, columns, figures_left, best, digests)


def _draw_heads(
    stage: Stage, top: float, columns: Sequence[tuple[Any, ...]], left: float, names: float, outputs: str
) -> None:
    y = top + 11
    stage.text(38, y, "Policy", **SMALL)
    room = left + columns[0][3] - text_width(columns[0][1], 11) - names - 20
    stage.text(names + 10, y, fitting(room, "the same work on one scale of steps", "on one scale"), **SMALL)
    for _, heading, _, wide, *_ in columns:
        left += wide
        stage.text(left, y, heading, anchor="end", **SMALL)
    look = SMALL | ({"fill": "vermilion-text"} if "≠" in outputs else {})
    stage.text(stage.width - 16, y, outputs, anchor="end", **look)
    stage.line(16, top + 16, stage.width - 16, top + 16)


def _draw_small_chart(stage: Stage, left: float, top: float, scale: float, chart: Chart) -> None:
    pitch = (ROW - 3) / max(1, len(chart.pids))
    high = max(0.4, 0.8 * pitch)
    boxes: dict[str, list[tuple[float, float, float, float]]] = {"decode": [], "wait": [], "tool": []}
    drawn: dict[tuple[int, str], float] = {}
    for bar in chart.bars:
        x, end = left + scale * bar.start, left + scale * bar.end
        kind = "tool" if bar.kind == "idle" else bar.kind
        if kind not in boxes or end - drawn.get((bar.row, kind), -math.inf) < LEAST:
            continue  # nobody would see it
        drawn[bar.row, kind] = end
        y = top + pitch * bar.row
        thin = 1.0 if kind == "decode" else 0.45
        boxes[kind].append((x, y + high * (1 - thin) / 2, max(end - x, 0.6), high * thin))
    for kind, look in (("wait", "amber"), ("tool", "grey"), ("decode", "blue")):
        stage.path(boxes_path(boxes[kind]), fill=look)
    x = left + scale * chart.last + 3
    stage.line(x, top - 0.5, x, top + ROW - 3.5, stroke="ink", thickness=1.25)
    stage.text(x + 4, top + 14, f"{chart.last:,}", size=11)


def _draw_figures(
    stage: Stage,
    y: float,
    each: Policy,
    columns: Sequence[tuple[Any, ...]],
    left: float,
    best: dict[str, Any],
    digests: Sequence[str],
) -> None:
    for name, _, digits, wide, *_ in columns:
        left += wide
        value = getattr(each.figures, name)
        text = "–" if math.isnan(value) else f"{value:,.{digits}f}"
        stage.text(left, y, text, anchor="end", weight=600 if best[name] == round(value, digits) else None)
    digest = each.played.digest[:8]
    if not each.played.over:
        stage.text(stage.width - 16, y, "not done", anchor="end", fill="vermilion-text")
    elif digest:
        same = each.played.digest == digests[0]
        stage.text(stage.width - 16, y, digest if same else f"≠ {digest}", size=11, anchor="end", mono=True,
                   fill="green-text" if same else "vermilion-text")  # fmt: skip


def _best(values: Sequence[float], small: bool) -> float | None:
    """The best of the figures as they are printed; None where most are as good."""
    known = [value for value in values if not math.isnan(value)]
    best = (min if small else max)(known, default=None)
    return None if 2 * known.count(best) > len(known) else best  # type: ignore[arg-type]
