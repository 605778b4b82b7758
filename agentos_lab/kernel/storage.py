"""Storage: versioned values by name, of which nothing is ever lost.

A write adds a version, a deletion adds one without a value, a rollback adds a copy of an old one: the history of a name
only grows. Storage never begins or commits a transaction. The kernel does, so that an effect and the journal's row
about it reach the disk together or not at all.
"""

from __future__ import annotations

import difflib
import json
import math
import sqlite3
from dataclasses import dataclass
from functools import partial
from typing import Any

from .reply import StorageFailed

__all__ = ["Storage", "Version", "as_json", "checked_text", "json_problem"]

_TABLE = """CREATE TABLE IF NOT EXISTS storage (
    name TEXT NOT NULL, version INTEGER NOT NULL, value TEXT, writer TEXT NOT NULL, tick INTEGER NOT NULL,
    rolled_back_to INTEGER, PRIMARY KEY (name, version))"""  # a value that is NULL: deleted here; JSON's null is a text
_DEEPEST, _LARGEST = 100, 64 * 2**20  # levels of a value, and characters of it as JSON
_BITS = 10_000  # of an integer: Python reads and writes no more than 4,300 digits


@dataclass(frozen=True)
class Version:
    """One version of a name: its value, and who wrote it when."""

    name: str
    version: int  # from 1
    value: Any  # None where it was deleted
    by: str
    tick: int
    rolled_back_to: int | None = None  # the version that it repeats
    deleted: bool = False

    def __str__(self) -> str:
        shown = "(deleted)" if self.deleted else json.dumps(self.value, ensure_ascii=False)
        again = f", version {self.rolled_back_to} again" if self.rolled_back_to else ""
        return f"{self.name} version {self.version} (process {self.by}, tick {self.tick}{again}): {shown:.70}"


class Storage:
    """Versioned JSON values in a SQLite database; the caller begins and commits.

    A name or version that is not there, or is deleted, is a `StorageFailed`; a value that is not JSON a `ValueError`.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        connection.execute(_TABLE)

    def write(self, name: str, value: Any, *, by: str, tick: int) -> int:
        """Add a version, and return its number."""
        return self._append(name, as_json(value), by, tick)

    def read(self, name: str, version: int | None = None) -> Any:
        """The value of the newest version, or of a given one."""
        found = self._find(name, version)
        if found.deleted:
            place = f"{name!r} was deleted in version {found.version} by process {found.by} at tick {found.tick}"
            raise StorageFailed(f"{place}; an older version can be read, or rolled back to")
        return found.value

    def delete(self, name: str, *, by: str, tick: int) -> int:
        """Add a version without a value, and return its number: `names` has it no more, its history stays."""
        self.read(name)
        return self._append(name, None, by, tick)

    def rollback(self, name: str, to: int, *, by: str, tick: int) -> int:
        """Add a version like an old one (a deletion too can be repeated), and return its number."""
        old = self._find(name, -1 if to is None else to)
        return self._append(name, None if old.deleted else as_json(old.value), by, tick, to)

    def names(self, prefix: str = "") -> list[str]:
        """The names that begin with `prefix` (no character of it is a wildcard) and are not deleted, in order."""
        checked_text(prefix or "any", "prefix")
        newest = "SELECT name, max(version) AS version FROM storage GROUP BY name"
        kept = f"SELECT name FROM storage JOIN ({newest}) USING (name, version) WHERE value NOT NULL ORDER BY name"
        return [name for (name,) in self._connection.execute(kept) if name.startswith(prefix)]

    def history(self, name: str) -> list[Version]:
        """All versions of a name, the oldest first."""
        return [self._find(name, version) for version in range(1, self._find(name).version + 1)]

    def diff(self, name: str, a: int, b: int | None = None) -> str:
        """What changed from version `a` to `b` (None: the newest) as a unified diff; empty for the same value only.

        Two texts are compared line by line, anything else as indented JSON.
        """
        old, new = self._find(name, a), self._find(name, b)
        plain = all(isinstance(each.value, str) or each.deleted for each in (old, new))  # else "1" would look like 1
        write = str if plain else partial(json.dumps, indent=2, sort_keys=True, ensure_ascii=False)
        before, after = ([] if each.deleted else write(each.value).split("\n") for each in (old, new))
        titles = [f"{name} version {each.version}" for each in (old, new)]
        return "\n".join(difflib.unified_diff(before, after, titles[0], titles[1], lineterm=""))

    def _append(self, name: str, value: str | None, by: str, tick: int, rolled_back_to: int | None = None) -> int:
        newest = "SELECT coalesce(max(version), 0) FROM storage WHERE name = ?"
        version = self._connection.execute(newest, (checked_text(name, "name"),)).fetchone()[0] + 1
        row = (name, version, value, by, tick, rolled_back_to)
        self._connection.execute("INSERT INTO storage VALUES (?, ?, ?, ?, ?, ?)", row)
        return int(version)

    def _find(self, name: str, version: int | None = None) -> Version:
        asked = "SELECT max(version) FROM storage WHERE name = ?"
        newest = self._connection.execute(asked, (checked_text(name, "name"),)).fetchone()[0]
        if newest is None:
            close = difflib.get_close_matches(name, self.names()[:1000], n=1, cutoff=0.5)
            raise StorageFailed(f"nothing is stored as {name!r}" + (f"; did you mean {close[0]!r}?" if close else ""))
        version = newest if version is None else version
        if isinstance(version, bool) or not isinstance(version, int):
            raise ValueError(f"version: a whole number was expected, {version!r} came")
        if not 1 <= version <= newest:
            raise StorageFailed(f"{name!r} has no version {version}; there are 1 to {newest}")
        asked = "SELECT value, writer, tick, rolled_back_to FROM storage WHERE name = ? AND version = ?"
        value, by, tick, again = self._connection.execute(asked, (name, version)).fetchone()
        return Version(name, version, None if value is None else json.loads(value), by, tick, again, value is None)

    def __str__(self) -> str:
        names = self.names()
        lines = [f"storage: {len(names)} names", *(str(self._find(name)) for name in names[:8])]
        return "\n".join([*lines, f"… and {len(names) - 8} more"] if len(names) > 8 else lines)

    __repr__ = __str__


def as_json(value: Any) -> str:
    """A value as one line of JSON that reads back as the same value, or a ValueError that says where it would not."""
    if problem := json_problem(value):
        raise ValueError(f"value{problem}")
    text = json.dumps(value, separators=(",", ":"))
    if len(text) > _LARGEST:
        raise ValueError(f"value has {len(text)} characters as JSON, more than {_LARGEST}: keep it in parts")
    return text


def json_problem(value: Any, depth: int = 0) -> str | None:
    """Which part of a value is not JSON, and why, like ``"['a'][2] is a set: …"``; None when all is well."""
    if isinstance(value, float) and not math.isfinite(value):
        return f" is {value}, a number that JSON has not: write None or a text"
    if isinstance(value, int) and value.bit_length() > _BITS:
        return " is an integer of more than 3,000 digits: write it as a text"
    if value is None or isinstance(value, str | int | float):
        return None
    if not isinstance(value, list | dict):
        return f" is a {type(value).__name__}: JSON has text, numbers, True, False, None, lists, dicts with text keys"
    if depth == _DEEPEST:
        return f" is nested deeper than {_DEEPEST} levels, or holds itself"
    for key, part in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict) and not isinstance(key, str):
            return f" has the key {key!r:.60}: keys are texts in JSON"
        if problem := json_problem(part, depth + 1):
            return f"[{key!r:.60}]{problem}"
    return None


def checked_text(text: Any, what: str) -> str:
    """The text itself, if SQLite can keep it and find it again; else a ValueError about `what`."""
    if not isinstance(text, str) or not text.strip():
        raise ValueError(f"{what}: a text that is not empty was expected, {text!r:.60} came")
    if wrong := [place for place, letter in enumerate(text) if letter == "\0" or "\ud800" <= letter <= "\udfff"]:
        raise ValueError(f"{what}: character {wrong[0]} is {text[wrong[0]]!r}, which cannot be kept: leave it out")
    return text
