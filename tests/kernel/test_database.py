"""The database: all of a transaction or nothing."""

from __future__ import annotations

import sqlite3

import pytest

from agentos_lab.kernel import StorageFailed
from agentos_lab.kernel.database import open_database, transaction


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt, sqlite3.OperationalError])
def test_a_block_that_fails_changes_nothing(error):
    connection = open_database(None)
    connection.execute("CREATE TABLE t (x)")
    with pytest.raises(error), transaction(connection):
        connection.execute("INSERT INTO t VALUES (1)")
        raise error
    assert not connection.in_transaction and not connection.execute("SELECT * FROM t").fetchall()
    with transaction(connection):
        connection.execute("INSERT INTO t VALUES (2)")
    assert connection.execute("SELECT x FROM t").fetchall() == [(2,)]


def test_what_was_committed_is_there_when_the_file_is_opened_again(tmp_path):
    for k in range(3):
        connection = open_database(tmp_path / "run.sqlite")
        connection.execute("CREATE TABLE IF NOT EXISTS t (x)")
        with transaction(connection):
            connection.execute("INSERT INTO t VALUES (?)", (k,))
        assert connection.execute("SELECT count(*) FROM t").fetchone() == (k + 1,)
        assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        connection.close()


def test_a_file_in_use_is_free_again_when_it_is_closed(tmp_path):
    path = tmp_path / "run.sqlite"
    first = open_database(path)
    with pytest.raises(StorageFailed, match="another kernel"):
        open_database(path)
    first.close()
    open_database(path).close()


@pytest.mark.parametrize("place", ["missing/run.sqlite", ""])
def test_a_place_where_no_file_can_be_is_named(tmp_path, place):
    with pytest.raises(StorageFailed, match="cannot be used as storage"):
        open_database(tmp_path / place)
