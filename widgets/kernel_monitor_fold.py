"""What a trace says of every process up to now, folded event by event: a long run costs no more than a short one."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

from agentos_lab.kernel.trace import STATES, Event, Trace

__all__ = ["Fold", "Stretch", "Track"]

KEPT = 400  # stretches of a process that are remembered
Stretch = tuple[str, int, int]  # kind of time ("wait", "decode", "tool", "idle"), first step, first step after it


@dataclass
class Track:
    """A process as the trace tells of it.

    Attributes:
        pid, name, parent: Who; the parent's number or None.
        arrives: When it begins.
        state, since: What it does ("coming" before it begins), and from which step on.
        reason: What it waits for.
        slot: Where it decodes, from 0.
        tokens: That it has had; `asked`: those of its present request.
        waited: Steps for which it waited for the core, without the present ones.
        error: How it failed.
        stretches: What it did before.
    """

    pid: str
    name: str
    parent: str | None
    arrives: int
    state: str = "coming"
    since: int = 0
    reason: str = ""
    slot: int | None = None
    tokens: int = 0
    asked: int = 0
    waited: int = 0
    error: str = ""
    stretches: deque[Stretch] = field(default_factory=lambda: deque(maxlen=KEPT))

    def kind(self) -> str:
        """What its present time looks like in a chart; empty where nothing is drawn."""
        if self.state == "waiting":
            return "tool" if self.reason.startswith("tool ") else "idle"
        return {"queued": "wait", "decoding": "decode"}.get(self.state, "")

    def shown(self, start: int, now: int) -> list[Stretch]:
        """The stretches from a step on, the present one included."""
        open_ = [(self.kind(), self.since, now)] if self.kind() else []
        kept = [each for each in (*self.stretches, *open_) if each[2] > start and each[2] > each[1]]
        return [(kind, max(first, start), end) for kind, first, end in kept]


class Fold:
    """The tracks of all processes of a trace, as far as it has been read.

    Attributes:
        tracks: Number -> track, in order of spawning.
        queue: Numbers of those who wait for the core, in the order in which they queue.
    """

    def __init__(self, trace: Trace) -> None:
        self.trace, self.tracks, self.queue = trace, dict[str, Track](), list[str]()
        self._read = 0

    def advance(self) -> None:
        """Read what has happened since the last time."""
        events = self.trace.events
        for at in range(self._read, len(events)):
            self._take(events[at])
        self._read = len(events)

    def _take(self, event: Event) -> None:
        if event.kind == "spawn":
            self.tracks[event.pid] = Track(
                event.pid, event.data["name"], event.data["parent"], event.data.get("arrives", event.tick)
            )
        elif event.kind == "step":
            for pid in event.data["pids"]:
                self.tracks[pid].tokens += 1
                self.tracks[pid].asked += 1
        elif event.kind in STATES and event.pid in self.tracks:
            self._change(self.tracks[event.pid], event)

    def _change(self, track: Track, event: Event) -> None:
        if track.kind() and event.tick > track.since:
            track.stretches.append((track.kind(), track.since, event.tick))
        if track.state == "queued":
            track.waited += event.tick - track.since
            self.queue.remove(track.pid)
        if event.kind == "queued":
            self.queue.append(track.pid)
            if not event.data.get("preempted"):
                track.asked = 0
        track.state, track.since = event.kind, event.tick
        track.slot, track.reason = event.data.get("slot"), event.data.get("reason", "")
        track.error = event.data.get("error", "")
