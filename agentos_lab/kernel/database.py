"""The database: one SQLite file that holds journal, storage and memory, so that one transaction can change all three.

Write-ahead logging makes a commit cheap and safe against a process that dies at any moment (against a power cut: as of
the last checkpoint of the log). The file is locked while a kernel has it open: two kernels on one journal would both
be right about a different past.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .reply import StorageFailed

__all__ = ["open_database", "transaction"]


def open_database(path: str | Path | None) -> sqlite3.Connection:
    """Open or make a database.

    Args:
        path: The file; None: in memory.

    Raises:
        StorageFailed: The file is damaged, no database, locked by another kernel, or cannot be made.
    """
    connection = None
    try:
        connection = sqlite3.connect(":memory:" if path is None else path, isolation_level=None, timeout=1.0)
        if path is not None:
            connection.execute("PRAGMA locking_mode=EXCLUSIVE")
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=NORMAL")
            with transaction(connection):  # takes the lock
                problems = [row[0] for row in connection.execute("PRAGMA quick_check(3)") if row[0] != "ok"]
            if problems:
                raise sqlite3.DatabaseError("; ".join(problems))
    except sqlite3.Error as error:
        if connection is not None:
            connection.close()
        if "locked" in str(error):
            raise StorageFailed(
                f"{path} is in use by another kernel; close it first (kernel.close()), or take another file"
            ) from None
        raise StorageFailed(
            f"{path} cannot be used as storage: {error}. The file is as it was; take another one, or restore a copy"
        ) from error
    return connection


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """All of a block's changes, or none."""
    connection.execute("BEGIN IMMEDIATE")
    try:
        yield
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise
