from __future__ import annotations

import json
import sqlite3

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from agentos_lab.kernel.reply import StorageFailed
from agentos_lab.kernel.storage import Storage, as_json, json_problem

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(), part, max_size=3),
    max_leaves=8,
)
NAMES = ("notes/a", "notes/b", "notes%", "n_tes/a", "Notes/a", "заметки", "notes/a b'; DROP TABLE storage; --")


@pytest.fixture
def connection():
    with sqlite3.connect(":memory:", isolation_level=None) as connection:
        yield connection
    connection.close()


@pytest.fixture
def storage(connection):
    return Storage(connection)


class Stored(RuleBasedStateMachine):
    """Storage against a dictionary of lists, through every sequence of operations."""

    GONE = object()

    def __init__(self):
        super().__init__()
        self.storage = Storage(sqlite3.connect(":memory:", isolation_level=None))
        self.model = {}

    @rule(name=st.sampled_from(NAMES), value=JSON)
    def write(self, name, value):
        self.model.setdefault(name, []).append(value)
        assert self.storage.write(name, value, by="1", tick=0) == len(self.model[name])

    @rule(name=st.sampled_from(NAMES))
    def delete(self, name):
        if self.model.get(name, [self.GONE])[-1] is self.GONE:
            with pytest.raises(StorageFailed):
                self.storage.delete(name, by="1", tick=0)
        else:
            self.model[name].append(self.GONE)
            assert self.storage.delete(name, by="1", tick=0) == len(self.model[name])

    @rule(name=st.sampled_from(NAMES), to=st.integers(0, 5))
    def rollback(self, name, to):
        versions = self.model.get(name, [])
        if 1 <= to <= len(versions):
            versions.append(versions[to - 1])
            assert self.storage.rollback(name, to, by="1", tick=0) == len(versions)
            assert self.storage.history(name)[-1].rolled_back_to == to
        else:
            with pytest.raises(StorageFailed):
                self.storage.rollback(name, to, by="1", tick=0)

    @invariant()
    def both_say_the_same(self):
        living = sorted(name for name, versions in self.model.items() if versions[-1] is not self.GONE)
        assert self.storage.names() == living
        for prefix in ("notes", "n_", "notes%", "N"):
            assert self.storage.names(prefix) == [name for name in living if name.startswith(prefix)]
        for name, versions in self.model.items():
            kept = [self.GONE if each.deleted else each.value for each in self.storage.history(name)]
            assert kept == versions
            if versions[-1] is not self.GONE:
                assert self.storage.read(name) == versions[-1]


TestStored = Stored.TestCase
TestStored.settings = settings(max_examples=40, stateful_step_count=15, deadline=None)


@given(JSON, JSON)
@settings(max_examples=150, deadline=None)
def test_a_diff_is_empty_for_the_same_value_and_only_then(old, new):
    storage = Storage(sqlite3.connect(":memory:", isolation_level=None))
    for value in (old, new):
        storage.write("x", value, by="1", tick=0)
    same = json.dumps(old, sort_keys=True) == json.dumps(new, sort_keys=True)
    assert (storage.diff("x", 1, 2) == "") == same
    assert storage.diff("x", 2, 2) == ""


def test_a_diff_shows_lines_of_texts_and_of_json(storage):
    storage.write("x", "one\ntwo\n", by="1", tick=0)
    storage.write("x", "one\nthree\n", by="1", tick=0)
    assert storage.diff("x", 1) == "--- x version 1\n+++ x version 2\n@@ -1,3 +1,3 @@\n one\n-two\n+three\n "
    storage.write("y", {"b": 1, "a": [1, 2]}, by="1", tick=0)
    storage.write("y", {"a": [1, 3], "b": 1}, by="1", tick=0)
    changed = [line for line in storage.diff("y", 1, 2).split("\n")[3:] if line[0] in "+-"]
    assert changed == ["-    2", "+    3"]
    storage.delete("y", by="1", tick=0)
    assert all(line.startswith("-") for line in storage.diff("y", 2, 3).split("\n")[3:])
    storage.write("z", "1", by="1", tick=0)
    storage.write("z", 1, by="1", tick=0)
    assert '-"1"\n+1' in storage.diff("z", 1, 2)


def test_a_version_knows_who_and_when(storage):
    storage.write("x", [1], by="1.2", tick=7)
    storage.delete("x", by="2", tick=8)
    storage.rollback("x", 1, by="1", tick=9)
    assert [(each.version, each.by, each.tick, each.deleted) for each in storage.history("x")] == [
        (1, "1.2", 7, False),
        (2, "2", 8, True),
        (3, "1", 9, False),
    ]
    assert str(storage.history("x")[2]) == "x version 3 (process 1, tick 9, version 1 again): [1]"
    assert "(deleted)" in str(storage.history("x")[1])
    assert storage.read("x", 1) == storage.read("x") == [1]


def test_a_deleted_value_says_who_deleted_it_and_a_missing_name_what_was_meant(storage):
    storage.write("notes/capital", "Paris", by="1", tick=1)
    with pytest.raises(StorageFailed, match=r"did you mean 'notes/capital'\?"):
        storage.read("notes/capitol")
    with pytest.raises(StorageFailed, match="no version 10; there are 1 to 1"):
        storage.read("notes/capital", 10)
    with pytest.raises(StorageFailed, match="no version 0"):
        storage.rollback("notes/capital", 0, by="1", tick=2)
    storage.delete("notes/capital", by="1.3", tick=2)
    with pytest.raises(StorageFailed, match=r"deleted in version 2 by process 1\.3 at tick 2"):
        storage.read("notes/capital")
    with pytest.raises(StorageFailed, match=r"nothing is stored as 'x'$"):
        storage.read("x")


@pytest.mark.parametrize("version", [True, "1", 1.0, [1]])
def test_a_version_is_a_whole_number(storage, version):
    storage.write("x", 1, by="1", tick=0)
    with pytest.raises(ValueError, match="whole number"):
        storage.read("x", version)
    with pytest.raises(ValueError, match="whole number"):
        storage.rollback("x", version, by="1", tick=0)
    with pytest.raises(StorageFailed, match="no version"):
        storage.rollback("x", None, by="1", tick=0)
    assert storage.read("x", None) == 1 and len(storage.history("x")) == 1
    with pytest.raises(StorageFailed):
        storage.read("x", 10**40)


CYCLE: list = []
CYCLE.append(CYCLE)


@pytest.mark.parametrize(
    ("value", "where"),
    [
        (float("nan"), "value is nan"),
        ({"a": [1, float("-inf")]}, r"value\['a'\]\[1\] is -inf"),
        ((1, 2), "value is a tuple"),
        ({"a": {1, 2}}, r"value\['a'\] is a set"),
        ([b"x"], r"value\[0\] is a bytes"),
        ({"a": {1: 2}}, r"value\['a'\] has the key 1"),
        ({None: 2}, "value has the key None"),
        (object(), "value is a object"),
        (10**4000, "integer of more than"),
        (-(10**4000), "integer of more than"),
        (CYCLE, "holds itself"),
    ],
)
def test_what_is_not_json_is_refused_with_its_place_and_changes_nothing(storage, value, where):
    storage.write("x", 1, by="1", tick=0)
    with pytest.raises(ValueError, match=where):
        storage.write("x", value, by="1", tick=1)
    assert storage.read("x") == 1 and len(storage.history("x")) == 1


@given(JSON)
def test_json_reads_back_as_the_same_value(value):
    assert json_problem(value) is None
    back = json.loads(as_json(value))
    assert back == value and json.dumps(back) == json.dumps(value)


def test_a_value_at_the_limits_is_kept(storage):
    deep: list = []
    for _ in range(99):
        deep = [deep]
    for number, value in enumerate(["\ud800 \0 \U0001f600", 10**2900, -0.0, 5e-324, "", {}, deep, "x" * 10**6], 1):
        assert storage.write("x", value, by="1", tick=0) == number
        assert storage.read("x") == value
    with pytest.raises(ValueError, match="in parts"):
        storage.write("x", "x" * (64 * 2**20), by="1", tick=0)


@pytest.mark.parametrize("name", ["", "  ", None, 3, "a\0b", "\ud800", b"x", ("a",)])
def test_a_name_is_text_that_the_database_can_keep(storage, name):
    for use in (lambda: storage.write(name, 1, by="1", tick=0), lambda: storage.read(name)):
        with pytest.raises(ValueError, match="name: "):
            use()
    assert storage.names() == []


def test_a_thousand_versions_are_numbered_and_read(storage):
    for number in range(1000):
        storage.write("counter", number, by="1", tick=number)
    assert storage.rollback("counter", 1, by="1", tick=1000) == 1001
    assert storage.read("counter") == 0 and storage.read("counter", 1000) == 999
    assert len(storage.history("counter")) == 1001


def test_storage_prints_itself(storage):
    assert str(storage) == "storage: 0 names"
    for number in range(12):
        storage.write(f"n{number:02}", {"text": "ä" * 500}, by="1", tick=3)
    lines = str(storage).split("\n")
    assert len(lines) == 10 and lines[-1] == "… and 4 more" and max(map(len, lines)) < 120


def test_nothing_is_committed_but_by_the_caller(tmp_path):
    connection = sqlite3.connect(tmp_path / "a.db", isolation_level=None)
    storage = Storage(connection)
    storage.write("x", 1, by="1", tick=0)
    connection.execute("BEGIN")
    storage.write("x", 2, by="1", tick=0)
    storage.delete("x", by="1", tick=0)
    assert connection.in_transaction and storage.names() == []
    connection.execute("ROLLBACK")
    assert storage.read("x") == 1
    other = Storage(sqlite3.connect(tmp_path / "a.db", isolation_level=None))
    assert other.read("x") == 1
