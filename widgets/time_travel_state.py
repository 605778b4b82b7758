"""What a TimeTravel says of every row of a journal: the call, and the state of the system after it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from agentos_lab.kernel import Failed, Ok
from agentos_lab.kernel.journal import Row
from agentos_lab.kernel.process import lineage
from agentos_lab.kernel.time_travel import ABSENT, Difference, Doing, Moment

from .runs import counted, rich, strong
from .text_metrics import fit, text_width

__all__ = [
    "KINDS", "Columns", "call_text", "deliveries", "difference_lines", "moment_state", "pids_of", "sentence_at",
    "value_text",
]  # fmt: skip

# Call -> the letter in its mark, and what it is about, which chooses the mark's look.
KINDS: Mapping[str, tuple[str, str]] = {
    "generate": ("G", "core"), "call": ("T", "tool"), "ask": ("?", "tool"), "write": ("W", "storage"),
    "read": ("R", "storage"), "list": ("L", "storage"), "rollback": ("B", "storage"), "remember": ("M", "storage"),
    "recall": ("m", "storage"), "forget": ("f", "storage"), "send": ("S", "message"), "receive": ("r", "message"),
    "spawn": ("+", "other"), "wait": ("w", "other"), "sleep": ("z", "other"), "cancel": ("c", "other"),
    "kill": ("k", "other"), "acquire": ("[", "other"), "release": ("]", "other"), "checkpoint": ("·", "other"),
}  # fmt: skip
LINES = 5  # of each column


class Columns(NamedTuple):
    """The columns of the state: the left edge and the width of each."""

    processes: tuple[float, float]
    storage: tuple[float, float]
    mail: tuple[float, float]


def pids_of(*journals: Sequence[Row]) -> list[str]:
    """All processes of some runs, by descent."""
    return sorted({row.pid for rows in journals for row in rows}, key=lineage)


def value_text(value: Any) -> str:
    """A value in one line."""
    if value is ABSENT:
        return "nothing"
    if isinstance(value, Failed):
        return f"✕ {value.kind}: {value.message}"
    text = json.dumps(value, ensure_ascii=False, default=str)
    return text if len(text) < 400 else text[:400]


def call_text(row: Row, names: Mapping[str, str]) -> str:
    """A row in words: who called what with what, and what was answered."""
    shown = [value_text(value) for value in row.arguments.values() if value not in (None, [], {})]
    if row.call == "generate":
        shown = [value_text(row.arguments.get("prompt"))]
    answer = value_text(row.reply) if isinstance(row.reply, Failed) else _answer(row, row.reply)
    told = f"{names.get(row.pid, row.pid)} calls {row.call}({', '.join(shown)})"
    return told if row.reply == Ok(None) else f"{told} → {answer}"


def sentence_at(rows: Sequence[Row], moment: Moment, names: Mapping[str, str], difference: Difference | None) -> Any:
    """The header's sentence after a row, with what a second run does otherwise."""
    told: list[Any] = [f"Row {moment.seq} of {len(rows)}, tick {moment.tick}: "]
    if moment.seq:
        row = rows[moment.seq - 1]
        failed = " and fails" if isinstance(row.reply, Failed) else ""
        told += [strong(fit(names.get(row.pid, row.pid), 120, bold=True)), f" calls {row.call}{failed}; "]
    waiting = sum(map(len, moment.mailboxes.values()))
    told.append(f"storage holds {counted(len(moment.storage), 'value')}, {counted(waiting, 'message')} "
                f"wait{'s' if waiting == 1 else ''}.")  # fmt: skip
    if difference is not None and difference.row is None:
        told.append(" The fork is the same run.")
    elif difference is not None:
        told += [" The fork parts at ", strong(f"row {difference.row}"),
                 f": {counted(len(difference.storage), 'value')}, "
                 f"{counted(len(difference.results), 'result')} differ."]  # fmt: skip
    return rich(told)


def moment_state(
    rows: Sequence[Row], moment: Moment, names: Mapping[str, str], columns: Columns, width: float,
    elsewhere: Mapping[str, Any] | None = None, other: Row | None = None,
) -> dict[str, Any]:  # fmt: skip
    """The state after a row as lines of text, cut to the columns that there are.

    Args:
        rows: The journal.
        moment: The state after a row.
        names: Of the processes.
        columns: Where the lines stand.
        width: Pixels for the line about the call.
        elsewhere: The values in storage of a second run, which are told where they are others.
        other: The row of the second run.

    Returns:
        ``call``, ``other_call``, ``processes``, ``storage``, ``mail``; lines are ``[label, text, other text, look]``.
    """
    elsewhere = moment.storage if elsewhere is None else elsewhere
    row = rows[moment.seq - 1] if moment.seq else None
    fresh = row.arguments.get("key") if row is not None and row.call in ("write", "rollback") else None
    processes = [_process_line(pid, doing, names, row, columns.processes[1]) for pid, doing in moment.processes.items()]
    storage = []
    for name in sorted({*moment.storage, *elsewhere}):
        here, there = moment.storage.get(name, ABSENT), elsewhere.get(name, ABSENT)
        unequal = here is not there and here != there
        storage.append(_line(name, value_text(here), value_text(there) if unequal else "",
                             "fresh" if name == fresh else "", columns.storage[1]))  # fmt: skip
    mail = [
        _line(names.get(pid, pid), f"from {names.get(sender, sender)}: {value_text(message)}", "", "", columns.mail[1])
        for pid, box in moment.mailboxes.items()
        for sender, message in box
    ]
    told = fit(call_text(row, names), width) if row is not None else "The beginning: nobody has called anything yet."
    forked = f"Fork: {call_text(other, names)}" if other is not None else ""
    lines = LINES - (elsewhere is not moment.storage)  # two runs need more room
    parts = {"processes": processes, "storage": storage, "mail": mail}
    calls = {"call": told, "other_call": fit(forked, width)}
    return calls | {name: _shown(part, lines) for name, part in parts.items()}


def deliveries(rows: Sequence[Row]) -> list[tuple[int, int]]:
    """The rows that sent and received the same message."""
    boxes: dict[str, list[tuple[int, str, Any]]] = {}
    found = []
    for row in rows:
        if row.call == "send" and isinstance(row.reply, Ok):
            boxes.setdefault(row.arguments["to"], []).append((row.seq, row.pid, row.arguments["message"]))
        elif row.call == "receive" and isinstance(row.reply, Ok) and row.reply.value is not None:
            wanted, box = (row.reply.value["from"], row.reply.value["message"]), boxes.get(row.pid, [])
            sent = next((each for each in box if each[1:] == wanted), None)
            if sent is not None:
                box.remove(sent)
                found.append((sent[0], row.seq))
    return found


def difference_lines(difference: Difference, names: Mapping[str, str], width: float) -> list[list[str]]:
    """The results and values that differ, each as ``[label, text of the one, of the other, ""]``."""
    results = [(f"result of {names.get(pid, pid)}", pair) for pid, pair in difference.results.items()]
    return [_line(name, value_text(one), value_text(two), "", width)
            for name, (one, two) in [*results, *difference.storage.items()]]  # fmt: skip


def _answer(row: Row, reply: Ok) -> str:
    return value_text(reply.value["text"] if row.call == "generate" else reply.value)


def _process_line(pid: str, doing: Doing, names: Mapping[str, str], row: Row | None, width: float) -> list[str]:
    now = row is not None and row.pid == pid
    if doing.next is not None:
        text = f"{'goes on to' if now else 'is in'} {doing.next.call}({_first(doing.next)})"
    else:
        text = "has its last reply" if now else "has no more calls"
    return _line(names.get(pid, pid), text, "", "now" if now else "", width)


def _first(row: Row) -> str:
    """The first argument that says something."""
    return next((value_text(value) for value in row.arguments.values() if value not in (None, [], {}, "")), "")


def _line(label: str, text: str, other: str, look: str, width: float) -> list[str]:
    label = fit(label, width * 0.42, bold=True)
    room = width - text_width(label, bold=True) - 14
    if other:
        room = (room - 24) / 2
        return [label, fit(text, room), fit(other, room), look]
    return [label, fit(text, room), "", look]


def _shown(lines: list[list[str]], most: int) -> list[list[str]]:
    """At most so many lines, those with a look among them."""
    if len(lines) <= most:
        return lines
    kept = lines[: most - 1]
    marked = [line for line in lines[most - 1 :] if line[3] or line[2]]
    if marked:
        kept[-1] = marked[0]
    return [*kept, ["", f"… and {len(lines) - most + 1} more", "", "quiet"]]
