"""The journal: every system call and its reply, in the order in which they were answered.

The replies are all that an agent learns from the world. So the journal is the whole history: an agent that is driven
again with the same replies comes to the same place. Crash recovery, replay, time travel and forking a run at some step
are this one mechanism, and nobody has to save the state of a coroutine.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from secrets import randbelow
from typing import Any

from .reply import Failed, Ok
from .storage import json_problem
from .syscall import Syscall

__all__ = ["Journal", "ReplayDivergence", "Row", "as_json"]

_TABLES = """
CREATE TABLE IF NOT EXISTS journal (
    seq INTEGER PRIMARY KEY, pid TEXT NOT NULL, n INTEGER NOT NULL, call TEXT NOT NULL, arguments TEXT NOT NULL,
    ok INTEGER NOT NULL, reply TEXT NOT NULL, tick INTEGER NOT NULL, tokens INTEGER NOT NULL, UNIQUE (pid, n));
CREATE TABLE IF NOT EXISTS intents (pid TEXT NOT NULL, n INTEGER NOT NULL, tool TEXT NOT NULL, PRIMARY KEY (pid, n));
"""


_LONGEST = 2000  # characters of the arguments of a call that failed


class ReplayDivergence(RuntimeError):
    """An agent, driven again, asks for something else than the journal says: it is another one, or draws on the world
    behind the kernel's back (clock, random numbers, files)."""


@dataclass(frozen=True)
class Row:
    """One answered system call.

    Attributes:
        seq: Its place in the journal, from 1.
        pid: Who called.
        n: The how-manieth call of that process, from 0.
        call: Name of the call.
        arguments: Its arguments.
        reply: What was answered.
        tick: When, in virtual time.
        tokens: What it cost, also where it failed.
    """

    seq: int
    pid: str
    n: int
    call: str
    arguments: dict[str, Any]
    reply: Ok | Failed
    tick: int
    tokens: int = 0

    def __str__(self) -> str:
        arguments = ", ".join(f"{name}={_short(value)}" for name, value in self.arguments.items() if value is not None)
        answer = _short(self.reply.value) if isinstance(self.reply, Ok) else f"✕ {self.reply.kind}"
        return f"{self.seq:>4}  tick {self.tick:>4}  process {self.pid:<5} {self.call}({arguments}) → {answer}"


class Journal:
    """The journal of a database.

    Args:
        connection: From `open_database`. Appending takes part in the caller's transaction.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.executescript(_TABLES)

    def append(self, pid: str, n: int, call: Syscall, reply: Ok | Failed, tick: int, tokens: int = 0) -> int:
        """Write one answered call down; its number.

        Raises:
            ValueError: An argument or the reply is not JSON.
        """
        if isinstance(reply, Ok):
            arguments = as_json(call.record(), f"the arguments of {call.name}")
            ok, answer = 1, as_json(reply.value, f"the reply to {call.name}")
        else:  # perhaps because the arguments are no JSON, or too large for the disk
            arguments = _roughly(call)
            if len(arguments) > _LONGEST:
                arguments = json.dumps({"shortened": arguments[:_LONGEST]})
            ok, answer = 0, json.dumps([reply.kind, reply.message])
        cursor = self.connection.execute(
            "INSERT INTO journal (pid, n, call, arguments, ok, reply, tick, tokens) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (pid, n, call.name, arguments, ok, answer, tick, tokens),
        )
        return int(cursor.lastrowid or 0)

    def run_id(self) -> str:
        """A name for this run and no other: the same when it is taken up again, another one for a fork."""
        (number,) = self.connection.execute("PRAGMA user_version").fetchone()  # in the head of the file
        if number == 0:
            number = 1 + randbelow(2**31 - 1)
            self.connection.execute(f"PRAGMA user_version = {number}")
        return f"{number:x}"

    def copy(self, row: Row) -> None:
        """Take over a row of another journal."""
        ok = isinstance(row.reply, Ok)
        reply = json.dumps(row.reply.value if isinstance(row.reply, Ok) else [row.reply.kind, row.reply.message])
        arguments = json.dumps(row.arguments, ensure_ascii=False)
        self.connection.execute(
            "INSERT INTO journal VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (row.seq, row.pid, row.n, row.call, arguments, int(ok), reply, row.tick, row.tokens),
        )

    def intend(self, pid: str, n: int, tool: str) -> None:
        """Note that an effect outside of the database is about to happen: after a crash it may or may not have."""
        self.connection.execute("INSERT OR REPLACE INTO intents VALUES (?, ?, ?)", (pid, n, tool))

    def fulfil(self, pid: str, n: int) -> None:
        """The effect has happened and its reply is written down."""
        self.connection.execute("DELETE FROM intents WHERE pid = ? AND n = ?", (pid, n))

    def intended(self, pid: str, n: int) -> bool:
        """Whether an earlier run began this effect and did not note its end."""
        return bool(self.connection.execute("SELECT 1 FROM intents WHERE pid = ? AND n = ?", (pid, n)).fetchone())

    def __len__(self) -> int:
        return int(self.connection.execute("SELECT count(*) FROM journal").fetchone()[0])

    def rows(self, until: int | None = None) -> list[Row]:
        """All rows in order, or those up to a number."""
        return list(self._read("WHERE seq <= ?", 2**62 if until is None else until))

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows())

    def of(self, pid: str) -> list[Row]:
        """The rows of one process."""
        return list(self._read("WHERE pid = ?", pid))

    def expects(self, row: Row, call: Syscall) -> None:
        """Compare what an agent asks in a replay with what it asked.

        Raises:
            ReplayDivergence: It is something else.
        """
        asked = json.loads(_roughly(call))
        if call.name != row.call or (isinstance(row.reply, Ok) and asked != row.arguments):
            raise ReplayDivergence(
                f"row {row.seq} of the journal: process {row.pid} called {row.call}({_short(row.arguments, 80)}), and "
                f"now calls {call.name}({_short(asked, 80)}). Spawn the same agents in the same order; they must learn "
                "of clocks, random numbers and files by system calls alone"
            )

    def last_tick(self) -> int:
        """Virtual time of the last row; 0 when there is none."""
        return int(self.connection.execute("SELECT coalesce(max(tick), 0) FROM journal").fetchone()[0])

    def _read(self, where: str, argument: Any) -> Iterator[Row]:
        query = f"SELECT seq, pid, n, call, arguments, ok, reply, tick, tokens FROM journal {where} ORDER BY seq"
        for seq, pid, n, call, arguments, ok, reply, tick, tokens in self.connection.execute(query, (argument,)):
            answer = Ok(json.loads(reply)) if ok else Failed(*json.loads(reply))
            yield Row(seq, pid, n, call, json.loads(arguments), answer, tick, tokens)

    def __str__(self) -> str:
        rows = self.rows()
        shown = rows if len(rows) <= 12 else rows[:11]
        more = [] if len(rows) == len(shown) else [f"  …   and {len(rows) - len(shown)} more"]
        return "\n".join([f"journal of {len(rows)} system calls", *map(str, shown), *more])

    __repr__ = __str__


def as_json(value: Any, where: str) -> str:
    """A value as JSON text.

    Raises:
        ValueError: It holds something that JSON has no word for; the message says what.
    """
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise ValueError(f"{where} must be JSON:{json_problem(value) or f' {error}'}") from None


def _roughly(call: Syscall) -> str:
    """The arguments as JSON, with a word in place of what is none; this cannot fail, whatever an agent made up."""
    try:
        return json.dumps(call.record(), default=lambda value: f"no JSON: {type(value).__name__}")
    except Exception:
        return "{}"


def _short(value: Any, width: int = 32) -> str:
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= width else f"{text[: width - 1]}…"
