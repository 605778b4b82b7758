"""What there is to see of a kernel at a moment, from its processes, its questions and the folded trace."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, NamedTuple

from agentos_lab.kernel import Failed, Kernel, Question

from .kernel_monitor_fold import Fold, Stretch, Track
from .runs import Run, Runs, counted, strong

__all__ = ["WINDOW", "Line", "Moment", "Use", "moment_of", "sentence_of", "short_number"]

WINDOW = 60  # steps of the past that are drawn


class Use(NamedTuple):
    """A part of a budget: what, how much is used, and the limit."""

    what: str
    used: int
    limit: int

    @property
    def share(self) -> float:
        """Of the limit, at most 1."""
        return min(1.0, self.used / self.limit) if self.limit else 1.0


class Line(NamedTuple):
    """A process.

    Attributes:
        pid, name, depth: Who, and how many ancestors it has.
        mark: "decode", "wait", "tool", "idle", "ask", "ready", "coming", "done" or "failed".
        doing: The same in words.
        tokens: That it has had.
        asked, length: Tokens of its present request, and how many it may have at most (0: there is none).
        slot: Where it decodes, or None.
        budget: Its limited parts.
        facts: More, for who asks: priority, messages, what has tainted it, its result.
        past: What it did in the last steps.
    """

    pid: str
    name: str
    depth: int
    mark: str
    doing: str
    tokens: int
    asked: int
    length: int
    slot: int | None
    budget: tuple[Use, ...]
    facts: tuple[str, ...]
    past: tuple[Stretch, ...]

    @property
    def living(self) -> bool:
        """Whether it has not ended."""
        return self.mark not in ("done", "failed")

    @property
    def tightest(self) -> Use | None:
        """The part of its budget that is nearest to its end."""
        return max(self.budget, key=lambda use: use.share, default=None)


class Moment(NamedTuple):
    """A kernel between two ticks.

    Attributes:
        now: The step that comes.
        lines: The processes, by descent.
        slots: Places of the core.
        queue: Numbers of those who wait for it, in order.
        questions: To the person.
        scheduler: Its name.
    """

    now: int
    lines: tuple[Line, ...]
    slots: int
    queue: tuple[str, ...]
    questions: tuple[Question, ...]
    scheduler: str

    def line(self, pid: str) -> Line | None:
        """The process with this number."""
        return next((line for line in self.lines if line.pid == pid), None)


def moment_of(kernel: Kernel, fold: Fold) -> Moment:
    """What is to be seen of a kernel now.

    Args:
        kernel: It is only read.
        fold: Of its trace, up to now.
    """
    tracks = sorted(fold.tracks.values(), key=lambda track: [int(part) for part in track.pid.split(".")])
    places = {pid: place for place, pid in enumerate(fold.queue, 1)}
    return Moment(
        kernel.now,
        tuple(_line(track, kernel.processes[track.pid], kernel.now, places) for track in tracks),
        kernel.core.slots,
        tuple(fold.queue),
        tuple(kernel.questions),
        _name_of(kernel.scheduler),
    )


def _line(track: Track, process: Any, now: int, places: Mapping[str, int]) -> Line:
    mark, doing = _doing(track, places)
    length = getattr(process.call, "max_new_tokens", 0) if track.state in ("queued", "decoding") else 0
    budget = tuple(
        Use(part.name.replace("_", " "), _used(part.name, track, process, now), limit)
        for part in fields(process.budget)
        if (limit := getattr(process.budget, part.name)) is not None
    )
    result = process.result
    if track.state == "done":
        doing = f"done: {_short(result.value)}" if result is not None and result.value is not None else "done"
    elif isinstance(result, Failed):
        doing = f"{track.state}: {result.kind}"
    return Line(
        track.pid, track.name, track.pid.count("."), mark, doing, track.tokens, track.asked if length else 0, length,
        track.slot, budget, _facts(track, process), tuple(track.shown(max(0, now - WINDOW), now)),
    )  # fmt: skip


def _doing(track: Track, places: Mapping[str, int]) -> tuple[str, str]:
    reason = track.reason
    match track.state:
        case "coming":
            return "coming", f"comes at step {track.arrives}"
        case "queued":
            return "wait", f"waits for the core, {_ordinal(places.get(track.pid, 1))}"
        case "decoding":
            return "decode", f"decodes in slot {(track.slot or 0) + 1}"
        case "waiting" if reason == "the person":
            return "ask", "asks you"
        case "waiting" if reason.startswith("tool "):
            return "tool", reason
        case "waiting":
            until = reason.removeprefix("tick ")
            return "idle", f"sleeps until step {until}" if until != reason else f"waits for {reason}"
        case "ready":
            return "ready", "ready"
        case state:
            return "done" if state == "done" else "failed", state


def _used(part: str, track: Track, process: Any, now: int) -> int:
    """What is used of a part of the budget; of time: from its arrival on."""
    if part == "ticks":
        return max(0, now - track.arrives)
    return int(getattr(process.usage, part))


def _facts(track: Track, process: Any) -> tuple[str, ...]:
    found = [f"priority {process.priority}"] if process.priority else []
    found += [counted(len(process.mailbox), "message")] if process.mailbox else []
    found += [f"has read what {process.tainted} gave"] if process.tainted else []
    found += [track.error] if track.error else []
    return tuple(found)


def _name_of(scheduler: Any) -> str:
    """The scheduler as it was written; of a function its name (an address would differ every time)."""
    return str(getattr(scheduler, "__name__", None) or (repr(scheduler) if " at 0x" not in repr(scheduler) else "own"))


def _ordinal(place: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(place % 10, "th") if place % 100 not in (11, 12, 13) else "th"
    return f"{place}{ending}"


def _short(value: Any) -> str:
    text = value if isinstance(value, str) else json.dumps(value, default=str, ensure_ascii=False)
    return " ".join(text.split())


def short_number(value: int) -> str:
    """64,000,000 as 64M."""
    for size, letter in ((10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= 10 * size:
            return f"{value // size}{letter}"
    return f"{value:,}"


# --- words ---------------------------------------------------------------------------------------------------------


def sentence_of(moment: Moment, mode: str, error: str = "") -> Runs:
    """The header's sentence.

    Args:
        moment: What is to be seen.
        mode: What the monitor does: "paused", "running", "waiting" (for the person), "over", "interrupted", "failed".
        error: What went wrong, if it has failed.
    """
    now = f"{moment.now:,}"
    heads = {
        "paused": f"Paused at step {now}", "running": f"Running, step {now}", "waiting": f"Step {now} waits for you",
        "over": f"All over after {now} steps", "interrupted": f"Interrupted at step {now}",
        "failed": f"Stopped at step {now}",
    }  # fmt: skip
    told: list[Run | str] = [strong(heads[mode])]
    if error:
        return [*told, f". {error}"]
    counts = Counter(line.mark for line in moment.lines)
    words = {"decode": ("decodes", "decode"), "wait": ("waits for the core", "wait for the core"),
             "tool": ("in a tool", "in tools"), "ask": ("asks you", "ask you"),
             "idle": ("waits otherwise", "wait otherwise"), "ready": ("ready", "ready"),
             "coming": ("still to come", "still to come"), "done": ("done", "done"),
             "failed": ("failed or killed", "failed or killed")}  # fmt: skip
    parts = [f"{counts[mark]} {words[mark][counts[mark] != 1]}" for mark in words if counts[mark]]
    tokens = counted(sum(line.tokens for line in moment.lines), "token")
    return [*told, f": {', '.join(parts)}; {tokens}."]
