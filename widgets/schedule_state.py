"""What there is to see of a schedule: rows, bars, moments and the figures of all policies, from runs of the kernel."""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from agentos_lab.kernel.trace import Interval, Trace

from .runs import Run, Runs, counted, strong
from .schedule_run import Played
from .text_metrics import fit, text_width

__all__ = ["Bar", "Chart", "Figures", "chart_of", "figures_of", "moment_words", "reading", "sentence_of"]

COLUMNS = ("rate", "turnaround", "first", "waited", "switches")
KINDS = {"queued": "wait", "decoding": "decode", "ready": "ready"}


class Bar(NamedTuple):
    """A stretch of a process's time.

    Attributes:
        row: Of which process.
        kind: "wait" (for the core), "decode", "tool", "idle" (waiting for anything else) or "ready".
        start, end: First step, and first step after it.
        slot: Where it decodes, from 0; −1 elsewhere.
        name: What it waits for.
        told: All of it in words.
    """

    row: int
    kind: str
    start: int
    end: int
    slot: int
    name: str
    told: str


class Chart(NamedTuple):
    """A run as rows and bars.

    Attributes:
        pids, names, arrives: Of the processes, by descent.
        ends: (step, "done", "failed" or "killed"); None while a process lives.
        bars: By row, then by time.
        reads, switches: (row, step) at which a prompt was read, and at which a text was put into the core again.
        last: The last step.
    """

    pids: tuple[str, ...]
    names: tuple[str, ...]
    arrives: tuple[int, ...]
    ends: tuple[tuple[int, str] | None, ...]
    bars: tuple[Bar, ...]
    reads: frozenset[tuple[int, int]]
    switches: frozenset[tuple[int, int]]
    last: int


class Figures(NamedTuple):
    """How a policy did; times in steps, NaN where there is none.

    Attributes:
        last: Step at which the last agent had ended.
        rate: Tokens per step.
        turnaround, first: Means over the agents: from arrival to end, and to the first token.
        waited: Waiting for the core, the value that nine of ten agents do not exceed.
        switches: How often a text was put into the core again.
    """

    last: int
    rate: float
    turnaround: float
    first: float
    waited: float
    switches: int


def chart_of(played: Played) -> Chart:
    """The rows and bars of a run."""
    trace, names = played.trace, played.trace.names
    pids = sorted(names, key=lambda pid: [int(part) for part in pid.split(".")])
    rows = {pid: row for row, pid in enumerate(pids)}
    arrives = {event.pid: event.data.get("arrives", event.tick) for event in trace.of(kind="spawn")}
    ends: dict[str, tuple[int, str]] = {
        event.pid: (event.tick, event.kind) for event in trace if event.kind in ("done", "failed", "killed")
    }
    bars = [_bar(rows[each.pid], each, played, names[each.pid]) for each in trace.intervals()]
    return Chart(
        tuple(pids),
        tuple(names[pid] for pid in pids),
        tuple(arrives[pid] for pid in pids),
        tuple(ends.get(pid) for pid in pids),
        tuple(sorted(bars, key=lambda bar: (bar.row, bar.start))),
        _places(trace, rows, "prefill"),
        _places(trace, rows, "switch in"),
        trace.end,
    )


def _places(trace: Trace, rows: Mapping[str, int], kind: str) -> frozenset[tuple[int, int]]:
    return frozenset((rows[event.pid], event.tick) for event in trace.of(kind=kind))


def _bar(row: int, each: Interval, played: Played, process: str) -> Bar:
    name = re.sub(r"-\d+$", "", each.reason.removeprefix("tool "))
    kind = KINDS.get(each.state) or ("tool" if each.reason.startswith("tool ") else "idle")
    what = {"wait": "waits for the core", "tool": f"calls {name}", "idle": f"waits for {name}", "ready": "computes"}
    length = each.end - each.start
    if kind == "decode":
        said = " ".join(played.said.get((each.pid, each.start), "").split())
        words = f"decodes in slot {(each.slot or 0) + 1}, steps {each.start} to {each.end}, {counted(length, 'token')}"
        told = f"{process} {words}" + (f": {said}" if said else "")
    else:
        told = f"{process} {what[kind]}, steps {each.start} to {each.end}"
    return Bar(row, kind, each.start, each.end, -1 if each.slot is None else each.slot, name, told)


def figures_of(played: Played) -> Figures:
    """The figures of a run, folded from its trace."""
    metrics = played.trace.metrics()
    return Figures(
        metrics.ticks,
        metrics.tokens / metrics.ticks if metrics.ticks else 0.0,
        metrics.mean("turnaround"),
        metrics.mean("first_token"),
        metrics.p90("waiting"),
        sum(each.switches for each in metrics.processes),
    )


# --- a moment ------------------------------------------------------------------------------------------------------


def moment_words(chart: Chart) -> list[tuple[int, str]]:
    """What all do, as (step from which on it is so, words); the first is of step 0."""
    changes = sorted(
        {0, chart.last, *chart.arrives, *(bar.start for bar in chart.bars), *(bar.end for bar in chart.bars)}
    )
    starts = {row: [bar for bar in chart.bars if bar.row == row] for row in range(len(chart.pids))}
    return [(tick, _counted_states(chart, starts, tick)) for tick in changes if tick <= chart.last]


def _counted_states(chart: Chart, bars: Mapping[int, Sequence[Bar]], tick: int) -> str:
    counts: Counter[str] = Counter()
    for row, end in enumerate(chart.ends):
        at = bisect_right(bars[row], tick, key=lambda bar: bar.start) - 1
        if tick < chart.arrives[row]:
            counts["comes"] += 1
        elif end is not None and tick >= end[0]:
            counts["ended"] += 1
        elif at >= 0 and tick < bars[row][at].end:
            counts[bars[row][at].kind] += 1
        else:
            counts["ready"] += 1
    verbs = {
        "decode": ("decodes", "decode"), "wait": ("waits for the core", "wait for the core"),
        "tool": ("in a tool", "in tools"), "idle": ("waits for something else", "wait for something else"),
        "ready": ("ready", "ready"), "comes": ("still to come", "still to come"), "ended": ("done", "done"),
    }  # fmt: skip
    return ", ".join(f"{counts[kind]} {verbs[kind][counts[kind] != 1]}" for kind in verbs if counts[kind])


def reading(chart: Chart, moments: Sequence[tuple[int, str]], tick: int, row: int, width: float) -> list[list[str]]:
    """The line under the chart: what all do at a step, and one of them in full; `schedule_reading.js` has its twin."""
    words = moments[bisect_right(moments, tick, key=lambda each: each[0]) - 1][1]
    found = [bar for bar in chart.bars if bar.row == row and bar.start <= tick < bar.end]
    head = f"Step {tick}: "
    if not found:
        return [["strong", head], ["", fit(f"{words}.", width - text_width(head, bold=True))]]
    return [["strong", head], ["", fit(found[0].told, width - text_width(head, bold=True))]]


# --- words ---------------------------------------------------------------------------------------------------------


def sentence_of(label: str, base: str, chosen: Played, figures: Mapping[str, Figures], digests: Sequence[str]) -> Runs:
    """The header: what the chosen policy came to, beside the first one.

    Args:
        label: Of the chosen policy; "" for a run that was made elsewhere.
        base: Key of the policy to compare with in `figures`; the chosen one is at "".
        chosen: Its run.
        figures: Of the chosen policy and the base.
        digests: Of all policies that have ended.
    """
    mine = figures[""]
    told: list[Run | str] = [strong(label or f"{len(chosen.trace.names)} agents"), ": "]
    if chosen.error:
        return [*told, "the policy could not go on. ", strong(chosen.error)]
    told += ["done after " if chosen.over else "not done after ", strong(f"{mine.last:,}"), " steps, "]
    told += ["first token after ", strong(_shown(mine.first)), " on average"]
    if base in figures:
        told += [f"; {base}: {figures[base].last:,} and {_shown(figures[base].first)}"]
    if len(set(digests)) > 1:
        return [*told, ". ", strong("The outputs differ.")]
    return [*told, ". The outputs are the same." if len(digests) > 1 else "."]


def _shown(value: float) -> str:
    """A mean; a dash where there is none."""
    return "–" if math.isnan(value) else f"{value:,.1f}"
