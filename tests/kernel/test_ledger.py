"""The ledger: effect and reply together, or neither."""

from __future__ import annotations

import sqlite3

from agentos_lab.kernel import Failed, Ok, Storage
from agentos_lab.kernel.database import open_database
from agentos_lab.kernel.journal import Journal
from agentos_lab.kernel.ledger import Ledger
from agentos_lab.kernel.process import Process
from agentos_lab.kernel.syscall import Write


def ledger():
    connection = open_database(None)
    process = Process("1", "ada", None, call=Write("x", 1), n=0)  # type: ignore[arg-type]
    return Ledger(connection, Journal(connection)), Storage(connection), process


def test_effect_and_row_are_written_together():
    books, storage, process = ledger()
    reply = books.commit(process, lambda: Ok(storage.write("x", 1, by="1", tick=0)), 0)
    assert reply == Ok(1) and storage.read("x") == 1 and len(books.journal) == 1


def test_what_a_handler_raises_is_the_reply_and_its_effect_is_undone():
    books, storage, process = ledger()

    def half():
        storage.write("x", 1, by="1", tick=0)
        raise ZeroDivisionError("no")

    assert books.commit(process, half, 0) == Failed("ZeroDivisionError", "no")
    assert storage.names() == [] and books.journal.rows()[0].reply == Failed("ZeroDivisionError", "no")


def test_what_is_to_be_done_afterwards_is_done_once_and_never_after_a_failure():
    books, _, process = ledger()
    done = []

    def produce(fails):
        books.after_commit(lambda: done.append(fails))
        if fails:
            raise sqlite3.OperationalError("database or disk is full")
        return Ok()

    assert books.commit(process, lambda: produce(True), 0).kind == "StorageFailed"
    process.n = 1
    assert books.commit(process, lambda: produce(False), 0) == Ok() and done == [False]


def test_a_process_that_waits_has_no_row():
    books, _, process = ledger()
    assert books.commit(process, lambda: None, 0) is None and len(books.journal) == 0
