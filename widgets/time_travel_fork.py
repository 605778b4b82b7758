"""The other run of a TimeTravel: the same past up to a row, another reply to it, and a future of its own."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from agentos_lab.kernel import Failed, Kernel, Ok, fork
from agentos_lab.kernel.journal import Row
from agentos_lab.kernel.time_travel import Difference, compare_runs

__all__ = ["FAILS", "Branch", "branch_off", "reply_of", "text_of"]

FAILS = "!"  # begins a text that stands for a failure
MOST_TICKS = 5_000  # that the other run may take beyond the end of the first one
FAILURES = {"call": "ToolFailed", "generate": "CoreFailed"}


@dataclass(frozen=True)
class Branch:
    """Another run.

    Attributes:
        row: The row whose reply is another one.
        kernel: After its run.
        rows: Its journal.
        difference: From the first run.
        ended: Whether all its processes did.
    """

    row: int
    kernel: Kernel
    rows: list[Row]
    difference: Difference
    ended: bool


def branch_off(kernel: Kernel, row: Row, reply: Ok | Failed) -> Branch:
    """Fork a run at a row, with another reply, and let it run.

    Raises:
        ValueError: The kernel's core is busy, or it has no such row.
        RuntimeError: The agents do something else when they are driven again.
    """
    other = fork(kernel, row.seq, reply=reply)
    run = other.run(until=kernel.now + MOST_TICKS)
    assert kernel.journal is not None and other.journal is not None
    rows = other.journal.rows()
    difference = compare_runs(kernel.journal.rows(), rows, (kernel.result().results, run.results))
    ended = all(state in ("done", "failed", "killed") for state in run.states.values())
    return Branch(row.seq, other, rows, difference, ended)


def text_of(row: Row) -> str:
    """A reply as the reader edits it: what was written, a text, JSON, or ``!`` and what went wrong."""
    if isinstance(row.reply, Failed):
        return f"{FAILS}{row.reply.message}"
    if row.call == "generate":
        return str(row.reply.value["text"])
    return row.reply.value if isinstance(row.reply.value, str) else json.dumps(row.reply.value, ensure_ascii=False)


def reply_of(row: Row, text: str) -> Ok | Failed:
    """The reply that such a text stands for, in the place of a row's own.

    Raises:
        ValueError: It is neither a text where there was one, nor JSON.
    """
    if text.startswith(FAILS):
        kind = row.reply.kind if isinstance(row.reply, Failed) else FAILURES.get(row.call, "StorageFailed")
        return Failed(kind, text[len(FAILS) :].strip() or "it failed")
    value: Any = row.reply.value if isinstance(row.reply, Ok) else None
    if row.call == "generate":  # no core has written it: there are no tokens
        return Ok({"text": text, "tokens": [], "logprobs": [], "finish_reason": "stop"})
    if isinstance(value, str):
        return Ok(text)
    try:
        return Ok(json.loads(text))
    except ValueError as error:
        if row.call == "call":  # a tool may have answered anything
            return Ok(text)
        raise ValueError(f"the reply to {row.call} is no JSON ({error}): write it like {text_of(row)[:60]}") from None
