"""The ledger: finds the reply to a system call, and commits it together with its effect.

A reply counts once it is written down. The effect in the database and the journal's row are one transaction, so after
a crash either both are there or neither; what the call means for the kernel's own memory happens after the commit.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import nullcontext

from .database import transaction
from .handlers import EFFECTS
from .journal import Journal, as_json
from .process import Process
from .reply import Failed, Ok, StorageFailed
from .syscall import List, Read, Syscall

__all__ = ["Ledger"]

_TOUCHES_DATABASE = {*EFFECTS, List, Read}
Produce = Callable[[], "Ok | Failed | None"]


class Ledger:
    """Commits replies.

    Args:
        connection: The database.
        journal: Where replies are written down; None: nowhere.
    """

    def __init__(self, connection: sqlite3.Connection, journal: Journal | None) -> None:
        self.connection, self.journal = connection, journal
        self.unwritten: list[tuple[Process, Produce]] = []
        self._problem: sqlite3.Error | None = None
        self._afterwards: list[Callable[[], None]] = []

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the present transaction is through; nothing if it fails."""
        self._afterwards.append(action)

    def note(self, process: Process, reply: Ok | Failed, now: int) -> None:
        """Write a reply down, within the present transaction."""
        if self.journal is not None and process.call is not None:
            self.journal.append(process.pid, process.n, process.call, reply, now, process.spent)
            self.journal.fulfil(process.pid, process.n)

    def commit(self, process: Process, produce: Produce, now: int) -> Ok | Failed | None:
        """Produce the reply to a process's call and write it down.

        Args:
            process: Whose call.
            produce: Finds the reply; what it changes in the database is of the same transaction. None: the process
                waits. Whatever it raises becomes the reply.
            now: Virtual time.

        Returns:
            The reply, or None. If nothing can be written any more it is None too, and `retry` produces it again:
            nothing is raised here, in the middle of what others do (`expect_written` does).
        """
        if self.holds(process):
            return None
        self._afterwards = []
        writes = self.journal is not None or type(process.call) in _TOUCHES_DATABASE
        try:
            with transaction(self.connection) if writes else nullcontext():
                reply = produce()
                if reply is not None:
                    self.note(process, reply, now)
                if isinstance(reply, Ok) and self.journal is None:
                    as_json(reply.value, f"the reply to {_name(process.call)}")
        except sqlite3.Error as error:
            return self._refused(process, produce, now, error)
        except Exception as error:  # the boundary: what goes wrong in a handler is the answer to its caller
            failure = Failed.of(error)
            return self.commit(process, lambda: failure, now)
        except BaseException:  # the user's interrupt
            self.unwritten.append((process, produce))
            raise
        actions, self._afterwards = self._afterwards, []
        for action in actions:
            action()
        return reply

    def retry(self, now: int) -> Iterator[tuple[Process, Ok | Failed]]:
        """Produce again what could not be written."""
        unwritten, self.unwritten = self.unwritten, []
        for process, produce in unwritten:
            reply = None if process.ended else self.commit(process, produce, now)
            if reply is not None:
                yield process, reply

    def holds(self, process: Process) -> bool:
        """Whether its reply is one of those that could not be written."""
        return bool(self.unwritten) and any(held is process for held, _ in self.unwritten)

    def expect_written(self) -> None:
        """StorageFailed if there is something that could not be written."""
        if self.unwritten:
            raise StorageFailed(
                f"the journal cannot be written ({self._problem}). Every call that was answered is in it; make room, "
                "and call run() again"
            ) from self._problem

    def _refused(self, process: Process, produce: Produce, now: int, error: sqlite3.Error) -> Failed | None:
        """The database refused: tell the agent, if at least that can be written; else stop, and lose nothing."""
        failure = Failed("StorageFailed", f"{_name(process.call)} could not be stored: {error}")
        try:
            with transaction(self.connection):
                self.note(process, failure, now)
            return failure
        except sqlite3.Error:
            self.unwritten.append((process, produce))
            self._problem = error
            return None


def _name(call: Syscall | None) -> str:
    return "" if call is None else call.name
