"""The trace: one append-only list of what happened, and everything that can be read out of it.

Every figure (waiting, turnaround, time to first token, throughput) and every chart is a fold over the events: nothing
is counted twice, and nothing that is shown can differ from what took place.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean
from time import perf_counter
from typing import Any, NamedTuple

from agentos_lab.atomic_file import replacing

__all__ = ["Event", "Interval", "Metrics", "ProcessMetrics", "Trace"]

# Kinds of events that begin a state of a process; the chart draws them.
STATES = ("ready", "queued", "decoding", "waiting", "done", "failed", "killed")
_SIGNS = {"ready": "·", "queued": "░", "decoding": "█", "waiting": "─"}


class Event(NamedTuple):
    """Something that happened.

    Attributes:
        tick: In virtual time.
        wall: Seconds since the kernel began.
        pid: To which process; empty: to the kernel.
        kind: What: a state that begins, or spawn, call, step, prefill, switch in, switch out, …
        data: More, by kind.
    """

    tick: int
    wall: float
    pid: str
    kind: str
    data: dict[str, Any]


@dataclass(frozen=True)
class Interval:
    """A stretch of time in which a process was in one state.

    Attributes:
        pid, state: Of whom, in which.
        start, end: First tick, and first tick after it.
        slot: Where it was decoded.
        reason: What it waited for.
    """

    pid: str
    state: str
    start: int
    end: int
    slot: int | None = None
    reason: str = ""


@dataclass(frozen=True)
class ProcessMetrics:
    """How a process fared; times in ticks.

    Attributes:
        pid, name: Of whom.
        arrival: When it was spawned.
        waiting: Ticks for which it wanted the core and did not have it.
        first_token: Ticks from its arrival to its first token; None: it never had one.
        turnaround: Ticks from its arrival to its end; None: it has not ended.
        tokens: How many it had.
        switches: How often it was put into the core again.
    """

    pid: str
    name: str
    arrival: int
    waiting: int
    first_token: int | None
    turnaround: int | None
    tokens: int
    switches: int


@dataclass(frozen=True)
class Metrics:
    """How all fared.

    Attributes:
        processes: One by one.
        ticks: Of virtual time.
        seconds: Of wall time.
    """

    processes: tuple[ProcessMetrics, ...]
    ticks: int
    seconds: float

    @property
    def tokens(self) -> int:
        """Of all together."""
        return sum(each.tokens for each in self.processes)

    def mean(self, what: str) -> float:
        """Mean of ``"waiting"``, ``"turnaround"`` or ``"first_token"`` over those that have one."""
        values = self.values(what)
        return mean(values) if values else float("nan")

    def p90(self, what: str) -> float:
        """The value that nine of ten do not exceed (nearest rank)."""
        values = sorted(self.values(what))
        return values[-(-9 * len(values) // 10) - 1] if values else float("nan")

    def values(self, what: str) -> list[float]:
        """One value a process."""
        return [value for each in self.processes if (value := getattr(each, what)) is not None]

    def __str__(self) -> str:
        lines = [f"{len(self.processes)} processes, {self.tokens} tokens in {self.ticks} ticks"]
        for what, label in (("waiting", "waiting"), ("first_token", "first token"), ("turnaround", "turnaround")):
            lines.append(f"  {label:<12} mean {self.mean(what):8.1f}   p90 {self.p90(what):8.1f}")
        return "\n".join(lines)

    __repr__ = __str__


@dataclass
class Trace:
    """What happened in a kernel.

    Attributes:
        events: In order.
    """

    events: list[Event] = field(default_factory=list)
    _start: float = field(default_factory=perf_counter, repr=False)

    def add(self, tick: int, pid: str, kind: str, **data: Any) -> None:
        """Write an event down."""
        self.events.append(Event(tick, perf_counter() - self._start, pid, kind, data))

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[Event]:
        return iter(self.events)

    def of(self, pid: str = "", kind: str = "") -> list[Event]:
        """The events of one process, or of one kind, or both."""
        return [event for event in self.events if pid in ("", event.pid) and kind in ("", event.kind)]

    @property
    def names(self) -> dict[str, str]:
        """Number -> name of the processes, in order of their spawning."""
        return {event.pid: event.data["name"] for event in self.of(kind="spawn")}

    @property
    def end(self) -> int:
        """The last tick."""
        return max((event.tick for event in self.events), default=0)

    def intervals(self) -> list[Interval]:
        """Who was in which state, from when to when; empty stretches are left out."""
        open_: dict[str, Event] = {}
        closed: list[tuple[Event | None, int]] = []
        for event in self.events:
            if event.kind in STATES:
                closed.append((open_.get(event.pid), event.tick))
                open_[event.pid] = event
        closed += [(event, self.end) for event in open_.values() if event.kind not in STATES[4:]]
        return [
            Interval(event.pid, event.kind, event.tick, end, event.data.get("slot"), event.data.get("reason", ""))
            for event, end in closed
            if event is not None and end > event.tick
        ]

    def metrics(self) -> Metrics:
        """Waiting, first token, turnaround and tokens of every process."""
        intervals, tokens = self.intervals(), dict.fromkeys(self.names, 0)
        first: dict[str, int] = {}
        for event in self.of(kind="step"):
            for pid in event.data["pids"]:
                tokens[pid] += 1
                first.setdefault(pid, event.tick + 1)
        arrivals = {event.pid: event.data.get("arrives", event.tick) for event in self.of(kind="spawn")}
        ends = {event.pid: event.tick for event in self.events if event.kind in STATES[4:]}
        waiting, switches = dict.fromkeys(self.names, 0), dict.fromkeys(self.names, 0)
        for interval in intervals:
            waiting[interval.pid] += (interval.end - interval.start) * (interval.state == "queued")
        for event in self.of(kind="switch in"):
            switches[event.pid] += 1
        processes = tuple(
            ProcessMetrics(
                pid, name, arrivals[pid], waiting[pid],
                first[pid] - arrivals[pid] if pid in first else None,
                ends[pid] - arrivals[pid] if pid in ends else None,
                tokens[pid], switches[pid],
            )
            for pid, name in self.names.items()
        )  # fmt: skip
        return Metrics(processes, self.end, self.events[-1].wall if self.events else 0.0)

    def gantt(self, width: int = 72) -> str:
        """A chart of text: a row a process, █ decoding, ░ waiting for the core, ─ waiting for something else."""
        names, end = self.names, max(self.end, 1)
        scale = max(1, -(-end // width))
        gutter = max((len(name) for name in names.values()), default=0)
        rows = {pid: [" "] * (-(-end // scale)) for pid in names}
        for interval in self.intervals():
            for cell in range(interval.start // scale, -(-interval.end // scale)):
                if interval.state in _SIGNS and (rows[interval.pid][cell] != "█"):
                    rows[interval.pid][cell] = _SIGNS[interval.state]
        lines = [f"{names[pid]:<{gutter}} {''.join(row).rstrip()}" for pid, row in rows.items()]
        unit = "1 tick" if scale == 1 else f"{scale} ticks"
        lines.append(f"{'':<{gutter}} 0 … {end}, {unit} a character: █ decoding  ░ queued  ─ waiting")
        return "\n".join(lines)

    def __str__(self) -> str:
        return self.gantt()

    def __repr__(self) -> str:
        return f"Trace({len(self.events)} events of {len(self.names)} processes, {self.end} ticks)"

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {"text/plain": self.gantt()}

    def save(self, path: str | Path) -> Path:
        """Write the events as lines of JSON, atomically."""
        with replacing(Path(path)) as file:
            Path(file).write_text("".join(json.dumps(event, default=str) + "\n" for event in self.events), "utf-8")
        return Path(path)

    @classmethod
    def load(cls, path: str | Path) -> Trace:
        """Read what `save` wrote.

        Raises:
            ValueError: A line is none of ours.
        """
        events = []
        for number, line in enumerate(Path(path).read_text("utf-8").splitlines(), 1):
            try:
                tick, wall, pid, kind, data = json.loads(line)
                events.append(Event(int(tick), float(wall), str(pid), str(kind), dict(data)))
            except (ValueError, TypeError) as error:
                raise ValueError(f"{path}, line {number} is no event of a trace: {error}") from None
        return cls(events)
