"""Time travel: what the journal knows of every moment of a run, and where two runs part.

Values in storage, mailboxes and the call that each process is in are folds over the rows of the journal up to a moment:
no snapshot is needed, and no agent is driven again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from .journal import Row
from .process import lineage
from .reply import Failed, Ok

__all__ = ["ABSENT", "Difference", "Doing", "Moment", "compare_runs", "state_at"]

# Stands for a value that one of two runs has not.
ABSENT = type("Absent", (), {"__repr__": lambda self: "—"})()


@dataclass(frozen=True)
class Doing:
    """Where a process stands: how many calls were answered, the last of them, and the next that was (None: the process
    ended, or was waiting still when the journal did)."""

    calls: int
    last: Row | None
    next: Row | None


@dataclass(frozen=True)
class Moment:
    """What there was after a row of the journal: values by name, messages that nobody has received, processes."""

    seq: int
    tick: int
    storage: dict[str, Any]
    mailboxes: dict[str, list[tuple[str, Any]]]
    processes: dict[str, Doing]


def state_at(rows: Iterable[Row], seq: int) -> Moment:
    """The moment after a row, as a fold over the rows until then; later rows tell only what a process asks next.

    Args:
        rows: A journal, or all its rows.
        seq: Number of the row; 0 is the beginning.
    """
    rows = list(rows)
    past = [row for row in rows if row.seq <= seq]
    versions, newest, mailboxes = dict[str, dict[int, Any]](), dict[str, Any](), dict[str, list[tuple[str, Any]]]()
    pids = {row.pid for row in rows if "." not in row.pid}  # those that the user spawned are there from the first
    for row, reply in ((row, row.reply) for row in past if isinstance(row.reply, Ok)):
        asked, value = row.arguments, reply.value
        match row.call:
            case "write" | "rollback":
                known = versions.setdefault(asked["key"], {})
                known[value] = asked["value"] if row.call == "write" else known.get(asked["to"])
                newest[asked["key"]] = known[value]
            case "send":
                mailboxes.setdefault(asked["to"], []).append((row.pid, asked["message"]))
            case "receive" if value is not None:
                mailboxes[row.pid].remove((value["from"], value["message"]))
            case "spawn":
                pids.add(value)
    processes = {}
    for pid in sorted(pids, key=lineage):
        mine = [row for row in rows if row.pid == pid]
        done = [row for row in mine if row.seq <= seq]
        processes[pid] = Doing(len(done), done[-1] if done else None, next(iter(mine[len(done) :]), None))
    boxes, tick = {pid: box for pid, box in mailboxes.items() if box}, past[-1].tick if past else 0
    return Moment(seq, tick, dict(sorted(newest.items())), boxes, processes)


@dataclass(frozen=True)
class Difference:
    """Where two runs part: the first row that differs (None: none does), the first call of each process that does, and
    the values in storage and the results that do, of the one run and of the other."""

    row: int | None
    calls: dict[str, int]
    storage: dict[str, tuple[Any, Any]]
    results: dict[str, tuple[Any, Any]]

    def __str__(self) -> str:
        if self.row is None and not self.results:
            return "the runs are equal"
        changed = [*self.storage.items(), *((f"result of {pid}", pair) for pid, pair in self.results.items())]
        lines = [f"  {name}: {_short(one)} → {_short(other)}" for name, (one, other) in changed]
        return "\n".join([f"the runs part at row {self.row}", *lines])


def compare_runs(
    one: Iterable[Row], other: Iterable[Row], results: tuple[Mapping[str, Any], Mapping[str, Any]] = ({}, {})
) -> Difference:
    """Compare two runs by their rows, and by the results of their processes (``run.results`` of each)."""
    first, second = [*one], [*other]
    parted = next((n for n, (a, b) in enumerate(zip_longest(first, second), 1) if a != b), None)
    kept = (state_at(rows, len(rows)).storage for rows in (first, second))
    return Difference(parted, _first_calls(first, second), _unequal(*kept), _unequal(*results))


def _first_calls(first: Sequence[Row], second: Sequence[Row]) -> dict[str, int]:
    """Process -> its first call that was another one, or was answered otherwise, whenever that was."""
    said = [{(row.pid, row.n): (row.call, row.arguments, row.reply) for row in rows} for rows in (first, second)]
    return dict(sorted(_unequal(*said), key=lambda key: (lineage(key[0]), -key[1])))  # the first of each comes last


def _unequal(one: Mapping[Any, Any], other: Mapping[Any, Any]) -> dict[Any, tuple[Any, Any]]:
    pairs = {name: (one.get(name, ABSENT), other.get(name, ABSENT)) for name in [*one, *other]}
    return {name: (a, b) for name, (a, b) in pairs.items() if a is not b and a != b}


def _short(value: Any) -> str:
    text = repr(value) if value is ABSENT or isinstance(value, Ok | Failed) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 60 else f"{text[:59]}…"
