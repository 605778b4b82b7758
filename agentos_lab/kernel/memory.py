"""Long-term memory: texts found again by what they say, with who noted them, when, and from where.

Words are matched by SQLite's full-text index and ranked by BM25; with an embedding, meaning is compared too. What is
seldom used fades: `retention` says how well an item is remembered, and forgetting drops the weakest. Like `Storage`,
it leaves transactions to the kernel and is told the time.
"""

from __future__ import annotations

import json
import math
import operator
import re
import sqlite3
from array import array
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from .storage import checked_text

__all__ = ["Memory", "Recollection", "fuse", "match_expression", "retention"]

_TABLES = (
    """CREATE TABLE IF NOT EXISTS memory (
    id INTEGER PRIMARY KEY AUTOINCREMENT, writer TEXT NOT NULL, source TEXT, tags TEXT NOT NULL, tick INTEGER NOT NULL,
    importance REAL NOT NULL, uses INTEGER NOT NULL, used INTEGER NOT NULL, vector BLOB)""",  # no id is given twice
    """CREATE VIRTUAL TABLE IF NOT EXISTS memory_text
    USING fts5(text, tokenize = 'porter unicode61 remove_diacritics 2')""",
)
_WORDS = 256  # of a query; the rest of a longer one is not looked for


@dataclass(frozen=True)
class Recollection:
    """An item of memory that answers a query."""

    id: int
    text: str
    score: float  # BM25, cosine, or the fusion of both ranks: comparable within one answer only
    by: str  # the process that noted it
    source: str | None  # where it had it from: a tool, say
    tags: list[str]  # no tuple: all of it is JSON
    tick: int  # when it was noted

    def __str__(self) -> str:
        origin = f"process {self.by}, tick {self.tick}" + (f", from {self.source}" if self.source else "")
        return f"{self.id:>3}  {self.score:.4f}  {self.text}  ({origin})"


class Memory:
    """Texts of all processes in a SQLite database; the caller begins and commits.

    Args:
        connection: An open connection.
        embed: Turns N texts into an (N, D) array; None: words alone count.
    """

    def __init__(self, connection: sqlite3.Connection, embed: Callable[[list[str]], Any] | None = None) -> None:
        self._connection, self._embed = connection, embed
        for table in _TABLES:
            connection.execute(table)

    def remember(
        self, text: str, *, by: str, tick: int,
        source: str | None = None, tags: Iterable[str] = (), importance: float = 1.0,
    ) -> int:  # fmt: skip
        """Keep a text and return its number; `importance`, a positive factor, lets it fade later (see `retention`)."""
        labels = [tags] if isinstance(tags, str) else [checked_text(tag, "tags") for tag in tags]
        origin = None if source is None else checked_text(source, "source")
        if not isinstance(importance, int | float) or not 0 < importance < math.inf:
            raise ValueError(f"importance: a positive number was expected, {importance!r} came")
        vector = self._vector(checked_text(text, "text")).tobytes() if self._embed else None
        row = (by, origin, json.dumps(labels), tick, float(importance), tick, vector)
        id = self._connection.execute("INSERT INTO memory VALUES (NULL, ?, ?, ?, ?, ?, 0, ?, ?)", row).lastrowid
        self._connection.execute(
            "INSERT INTO memory_text (rowid, text) VALUES (?, ?)", (id, checked_text(text, "text"))
        )
        return int(id or 0)

    def recall(
        self, query: str, k: int = 5, *, tick: int, by: str | None = None, method: str | None = None
    ) -> list[Recollection]:
        """The items that fit a query best, of equals the newest first; it counts as a use of each.

        Args:
            query: Any text; nothing in it is an operator. Without a word in it, nothing is found.
            k: Most items.
            tick: The time.
            by: Only what this process noted; None: all.
            method: bm25 (words), cosine (embedding), or hybrid (both ranks); None: by as much as there is.
        """
        method = method or ("hybrid" if self._embed else "bm25")
        if method not in ("bm25", "cosine", "hybrid")[: 3 if self._embed else 1]:
            raise ValueError(f"method: bm25 was expected, or with embed cosine or hybrid; {method!r} came")
        if not isinstance(query, str) or isinstance(k, bool) or not isinstance(k, int) or k < 1:
            raise ValueError(f"query and k: a text and a number from 1 were expected, {query!r:.60} and {k!r} came")
        if not match_expression(query):
            return []
        words = self._by_words(query, by) if method != "cosine" else {}
        meaning = self._by_meaning(query, by) if method != "bm25" else {}
        scores = fuse([_ranked(words), _ranked(meaning)]) if method == "hybrid" else words or meaning
        best = _ranked(scores)[:k]
        used = "UPDATE memory SET uses = uses + 1, used = ? WHERE id = ?"
        self._connection.executemany(used, [(tick, id) for id in best])
        return [self._item(id, scores[id]) for id in best]

    def forget(
        self, ids: Iterable[int] | None = None, *, older_than: int | None = None, keep: int | None = None,
        tick: int | None = None, score: Callable[[int, int, float], float] | None = None,
    ) -> int:  # fmt: skip
        """Drop items by one rule, and return how many went. Numbers are never given again.

        Args:
            ids: These; unknown ones are passed over.
            older_than: Those noted before this tick.
            keep: All but so many, those best remembered at the time `tick` by `score` (None: `retention`).
        """
        if sum(rule is not None for rule in (ids, older_than, keep)) != 1 or (keep is not None and tick is None):
            raise ValueError("give one of ids, older_than and keep; keep needs the present time too, as tick")
        wanted = list(ids) if isinstance(ids, Iterable) else [ids]
        if ids is not None and not all(isinstance(id, int) for id in wanted):
            raise ValueError(f"ids: whole numbers were expected, {ids!r:.60} came")
        rows = self._connection.execute("SELECT id, tick, used, uses, importance FROM memory").fetchall()
        if keep is not None:
            if isinstance(keep, bool) or not isinstance(keep, int) or keep < 0:
                raise ValueError(f"keep: a whole number from 0 was expected, {keep!r} came")
            kept = {id: (score or retention)(int(tick or 0) - used, uses, weight) for id, _, used, uses, weight in rows}
            going = _ranked(kept)[keep:]
        else:
            chosen = set(wanted)
            going = [row[0] for row in rows if row[0] in chosen or (older_than is not None and row[1] < older_than)]
        for table, key in (("memory", "id"), ("memory_text", "rowid")):
            self._connection.executemany(f"DELETE FROM {table} WHERE {key} = ?", [(id,) for id in going])
        return len(going)

    def _by_words(self, query: str, by: str | None) -> dict[int, float]:
        found = """SELECT id, -bm25(memory_text) FROM memory_text JOIN memory ON id = memory_text.rowid
            WHERE memory_text MATCH ? AND (? IS NULL OR writer = ?)"""
        return dict(self._connection.execute(found, (match_expression(query), by, by)))

    def _by_meaning(self, query: str, by: str | None) -> dict[int, float]:
        asked, scores = self._vector(query), {}
        rows = "SELECT id, vector FROM memory WHERE vector NOT NULL AND (? IS NULL OR writer = ?)"
        for id, blob in self._connection.execute(rows, (by, by)):
            kept = array("f", blob)
            if len(kept) != len(asked):
                raise ValueError(f"embed: {len(asked)} numbers came, item {id} has {len(kept)}: use the one of before")
            scores[id] = sum(map(operator.mul, asked, kept))
        return scores

    def _vector(self, text: str) -> array[float]:
        """The embedding of a text, of length 1 (or 0)."""
        assert self._embed is not None
        (row,) = self._embed([text])
        numbers = [float(number) for number in row]
        length = math.hypot(*numbers)
        if not numbers or not math.isfinite(length):
            raise ValueError("embed: finite numbers were expected for each text")
        return array("f", [number / (length or 1.0) for number in numbers])

    def _item(self, id: int, score: float) -> Recollection:
        item = "SELECT text, writer, source, tags, tick FROM memory JOIN memory_text t ON id = t.rowid WHERE id = ?"
        text, by, source, tags, tick = self._connection.execute(item, (id,)).fetchone()
        return Recollection(id, text, score, by, source, json.loads(tags), tick)

    def __len__(self) -> int:
        return int(self._connection.execute("SELECT count(*) FROM memory").fetchone()[0])

    def __str__(self) -> str:
        newest = self._connection.execute("SELECT rowid, text FROM memory_text ORDER BY rowid DESC LIMIT 8")
        return "\n".join([f"memory: {len(self)} items", *(f"{id:>3}  {text:.80}" for id, text in newest)])

    __repr__ = __str__


def match_expression(query: str) -> str:
    """A query for the full-text index that finds any of the words of a text, and obeys none of them."""
    words = {word.lower(): f'"{word}"' for word in re.findall(r"[^\W_]+", query)}
    return " OR ".join(list(words.values())[:_WORDS])


def fuse(rankings: Iterable[Sequence[int]], constant: int = 60) -> dict[int, float]:
    """Reciprocal rank fusion (Cormack, Clarke & Büttcher 2009): each ranking gives 1 / (constant + rank)."""
    scores: dict[int, float] = {}
    for ranking in rankings:
        for rank, id in enumerate(ranking, 1):
            scores[id] = scores.get(id, 0.0) + 1 / (constant + rank)
    return scores


def retention(age: int, uses: int, importance: float, half_life: float = 1000.0) -> float:
    """How well an item is remembered: log2 of ``importance * 2 ** (-age / (half_life * (1 + uses)))``.

    Forgetting is exponential (Ebbinghaus 1885) in the ticks since the last use, and slower after each use, as in
    Zhong et al. 2023 (MemoryBank). What was never used fades by half in `half_life` ticks.
    """
    return math.log2(importance) - age / (half_life * (1 + uses))


def _ranked(scores: dict[int, float]) -> list[int]:
    """Best first; of equals the newest."""
    return sorted(scores, key=lambda id: (-scores[id], -id))
