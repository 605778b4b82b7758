"""The journal: every answered call, in order, as it was."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Failed, Kernel, Ok, ScriptedCore
from agentos_lab.kernel.database import open_database
from agentos_lab.kernel.journal import Journal, ReplayDivergence, as_json
from agentos_lab.kernel.syscall import Read, Sleep, Spawn, Write

JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def journal() -> Journal:
    return Journal(open_database(None))


@given(st.lists(st.tuples(st.sampled_from(["1", "2", "1.1"]), st.text(), JSON, JSON), max_size=8))
def test_what_is_written_is_read_again(calls):
    book, counts = journal(), {}
    for pid, key, value, reply in calls:
        n = counts[pid] = counts.get(pid, -1) + 1
        book.append(pid, n, Write(key, value), Ok(reply), tick=n)
    rows = book.rows()
    assert [(row.pid, row.arguments, row.reply) for row in rows] == [
        (pid, {"key": key, "value": value}, Ok(reply)) for pid, key, value, reply in calls
    ]
    assert [row.seq for row in rows] == list(range(1, len(calls) + 1)) and len(book) == len(calls)
    assert [row.n for row in book.of("1")] == list(range(counts.get("1", -1) + 1))


def test_a_failure_is_written_down_whatever_the_arguments_were():
    book = journal()
    book.append("1", 0, Write("x", {1, 2}), Failed("ValueError", "no JSON"), 0)
    book.append("1", 1, Write("x", "y" * 10_000), Failed("StorageFailed", "no room"), 0)
    first, second = book
    assert first.reply == Failed("ValueError", "no JSON") and "no JSON: set" in json.dumps(first.arguments)
    assert len(second.arguments["shortened"]) == 2000


@pytest.mark.parametrize(
    "value", [{1}, object(), float("nan"), b"x", {"a": [{3: 4}, {1}]}], ids=["set", "object", "nan", "bytes", "deep"]
)
def test_values_that_are_no_json_are_named_with_their_place(value):
    with pytest.raises(ValueError, match="the reply to read must be JSON"):
        journal().append("1", 0, Read("x"), Ok(value), 0)
    with pytest.raises(ValueError, match="here must be JSON"):
        as_json(value, "here")


def test_a_call_has_one_answer():
    import sqlite3

    book = journal()
    book.append("1", 0, Read("x"), Ok(1), 0)
    with pytest.raises(sqlite3.IntegrityError):
        book.append("1", 0, Read("x"), Ok(2), 0)


def test_an_intended_effect_is_known_until_it_is_fulfilled():
    book = journal()
    assert not book.intended("1", 3)
    book.intend("1", 3, "send")
    book.intend("1", 3, "send")
    assert book.intended("1", 3) and not book.intended("1", 4) and not book.intended("2", 3)
    book.fulfil("1", 3)
    assert not book.intended("1", 3)


def test_a_divergence_names_the_row_and_both_calls():
    book = journal()
    book.append("1", 0, Write("x", 1), Ok(1), 0)
    (row,) = book
    book.expects(row, Write("x", 1))
    with pytest.raises(ReplayDivergence, match=r"row 1 .* process 1 called write\(.*1.*\), and now calls write\(.*2"):
        book.expects(row, Write("x", 2))
    with pytest.raises(ReplayDivergence, match=r"now calls sleep"):
        book.expects(row, Sleep(1))


def test_a_copied_row_is_the_same_row():
    book, other = journal(), journal()
    book.append("1", 0, Write("ü", [1, None]), Ok("é"), 4)
    book.append("1", 1, Read("x"), Failed("StorageFailed", "nothing"), 5)
    for row in book:
        other.copy(row)
    assert other.rows() == book.rows() and other.last_tick() == 5 and book.rows(until=1) == book.rows()[:1]


def test_it_prints_its_rows_and_says_how_many_more_there_are():
    book = journal()
    for n in range(20):
        book.append("1", n, Read("x"), Ok(n), n)
    lines = str(book).splitlines()
    assert lines[0] == "journal of 20 system calls" and lines[-1].strip() == "…   and 9 more" and len(lines) == 13
    assert 'read(key="x") → 0' in lines[1]


def test_children_are_known_by_the_name_of_their_function():
    async def child(syscall):
        return 1

    assert Spawn(child, arguments={"k": 1}).record()["agent"].endswith("child")


def test_the_journal_of_a_run_holds_each_call_once():
    async def agent(syscall):
        await syscall.write("x", await syscall.generate("hello", max_new_tokens=2))
        return await syscall.read("x")

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    kernel.run()
    assert [row.call for row in kernel.journal] == ["generate", "write", "read"]
    assert [row.tick for row in kernel.journal] == [2, 2, 2]
