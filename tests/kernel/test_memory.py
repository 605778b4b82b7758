from __future__ import annotations

import json
import math
import random
import sqlite3
from collections import Counter
from dataclasses import asdict

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from agentos_lab.kernel.memory import Memory, fuse, match_expression, retention

TOPICS = ("tar", "cat", "sun")


def embed(texts):
    """Letters of three words counted: an embedding that can be followed by hand."""
    return [[float(text.count(word)) for word in TOPICS] for text in texts]


def memory_of(*texts, embed=None, by="1"):
    memory = Memory(sqlite3.connect(":memory:", isolation_level=None), embed)
    for tick, text in enumerate(texts):
        memory.remember(text, by=by, tick=tick)
    return memory


def bm25(query, documents, k1=1.2, b=0.75):
    """Robertson & Zaragoza 2009, with SQLite's floor under the weight of a common word."""
    words = [document.split() for document in documents]
    mean = sum(map(len, words)) / len(words)
    scores = []
    for document in words:
        count, score = Counter(document), 0.0
        for term in set(query.split()):
            holding = sum(term in other for other in words)
            weight = math.log((len(words) - holding + 0.5) / (holding + 0.5))
            weight = weight if weight > 0 else 1e-6
            f = count[term]
            score += weight * f * (k1 + 1) / (f + k1 * (1 - b + b * len(document) / mean))
        scores.append(score)
    return scores


@pytest.mark.parametrize("seed", range(10))
def test_scores_are_bm25_by_the_formula(seed):
    random_ = random.Random(seed)
    documents = [
        " ".join(random_.choices(["xa", "xb", "xc", "xd", "xf", "xg"], k=random_.randint(1, 9))) for _ in range(12)
    ]
    expected = bm25("xa xb", documents)
    found = memory_of(*documents).recall("xa xb", k=12, tick=0)
    assert {item.id - 1 for item in found} == {place for place, score in enumerate(expected) if score > 0}
    for item in found:
        assert item.score == pytest.approx(expected[item.id - 1], rel=1e-9)
    assert [item.score for item in found] == sorted((item.score for item in found), reverse=True)


def test_a_question_finds_the_fact_with_its_provenance():
    memory = memory_of("Tar causes cancer", "Lyon has two rivers")
    memory.remember("Paris is the capital of France", by="1.2", tick=7, source="search", tags=["geography"])
    (found,) = memory.recall("What are the CAPITALS of the world, in francé?", k=1, tick=9)
    assert (found.text, found.by, found.tick, found.source) == ("Paris is the capital of France", "1.2", 7, "search")
    assert found.tags == ["geography"] and json.loads(json.dumps(asdict(found))) == asdict(found)
    assert "process 1.2, tick 7, from search" in str(found)
    assert [item.text for item in memory.recall("capital rivers", tick=9, by="1")] == ["Lyon has two rivers"]
    assert memory.recall("capital", tick=9, by="nobody") == []


def test_of_equals_the_newest_comes_first():
    memory = memory_of("the key is red", "the key is blue", "other", "words", "here")
    assert [item.id for item in memory.recall("key", tick=5)] == [2, 1]
    assert [item.id for item in memory.recall("key", k=1, tick=5)] == [2]


@given(st.text(max_size=40))
@example('" OR * NEAR(a b) AND NOT ( col: ^x + - "')
@example("'; DROP TABLE memory; --")
@example("\ud800 \0 ² ½ ß İ ﬁ 日本語 हिन्दी \U0001f600")
@example("")
@settings(max_examples=200, deadline=None)
def test_any_query_is_safe_and_finds_its_own_text(query):
    memory = memory_of("col x AND OR NOT NEAR", "a b", "zebra", embed=embed)
    for method in ("bm25", "cosine", "hybrid"):
        memory.recall(query, tick=1, method=method)
    try:
        id = memory.remember(query, by="1", tick=1)
    except ValueError:
        return
    found = {item.id for item in memory.recall(query, k=9, tick=1, method="bm25")}
    assert id in found or not query.isascii() or not match_expression(query), "a text is found by its own words"


@pytest.mark.parametrize(
    "text",
    ["Straße", "İstanbul", "ﬁn", "Zoe\u0308", "ПРИВЕТ", "日本語", "हिन्दी", "x²", "don't", "snake_case", "C3PO", "Ǆ"],
)
def test_words_of_every_script_find_themselves(text):
    memory = memory_of("nothing of the kind", f"so {text}, then")
    assert [item.id for item in memory.recall(text, tick=1)] == [2]
    assert memory.recall(f"{text} {text.lower()}", tick=1)[0].score == memory.recall(text, tick=1)[0].score


def test_a_query_may_be_as_long_as_a_book():
    memory = memory_of("a needle", "hay")
    assert [item.text for item in memory.recall("needle " + " ".join(map(str, range(10**5))), tick=1)] == ["a needle"]
    assert memory.recall("!?", tick=1) == memory.recall("   ", tick=1) == []
    assert memory_of().recall("x", tick=1) == []


def test_an_embedding_finds_meaning_and_fusion_both():
    memory = memory_of("cat cat tar", "sun", "tar tar", "cat", "nothing", embed=embed)
    by_cosine = memory.recall("tar", k=3, tick=9, method="cosine")
    assert [item.id for item in by_cosine] == [3, 1, 5]
    assert [item.score for item in by_cosine] == pytest.approx([1, 1 / math.sqrt(5), 0], abs=1e-6)
    assert [item.id for item in memory.recall("tar", k=2, tick=9)] == [3, 1]
    words = [item.id for item in memory.recall("tar", tick=9, method="bm25")]
    assert words == [3, 1]
    assert memory.recall("tar", k=1, tick=9)[0].score == pytest.approx(2 / 61)


def test_fusion_is_the_sum_of_reciprocal_ranks():
    assert fuse([[7, 8], [8, 9]]) == pytest.approx({7: 1 / 61, 8: 1 / 62 + 1 / 61, 9: 1 / 62})
    assert fuse([[], [3]], constant=0) == {3: 1.0} and fuse([]) == {}


def test_arrays_of_any_library_are_taken_and_a_changed_embedding_is_noticed():
    import numpy
    import torch

    for library in (numpy.array, torch.tensor):
        memory = memory_of("cat", "sun", embed=lambda texts, make=library: make(embed(texts)))
        assert memory.recall("cat", k=1, tick=1, method="cosine")[0].score == pytest.approx(1)
    memory._embed = lambda texts: [[1.0]]
    with pytest.raises(ValueError, match="1 numbers came, item 1 has 3"):
        memory.recall("cat", tick=1)
    for wrong in ([[]], [[math.nan]], [[math.inf]]):
        memory._embed = lambda texts, wrong=wrong: wrong
        with pytest.raises(ValueError, match="finite numbers"):
            memory.remember("cat", by="1", tick=0)
    assert len(memory) == 2


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 3), st.floats(0.1, 9)), max_size=8),
    st.integers(0, 9),
)
@settings(max_examples=60, deadline=None)
def test_forgetting_keeps_the_best_remembered(items, keep):
    memory = memory_of()
    for tick, uses, importance in items:
        memory.remember(f"item{tick} x", by="1", tick=tick, importance=importance)
        memory._connection.execute("UPDATE memory SET uses = ? WHERE id = last_insert_rowid()", (0,))
        memory._connection.execute("UPDATE memory SET uses = ? WHERE id = (SELECT max(id) FROM memory)", (uses,))
    strength = {n: retention(100 - t, uses, weight) for n, (t, uses, weight) in enumerate(items, 1)}
    best = sorted(strength, key=lambda id: (strength[id], id))[max(0, len(items) - keep) :]
    assert memory.forget(keep=keep, tick=100) == len(items) - len(best)
    assert {item.id for item in memory.recall("x", k=99, tick=100)} == set(best)


@given(st.integers(0, 10**9), st.integers(0, 100), st.floats(1e-6, 1e6), st.floats(1, 1e6))
def test_retention_falls_with_age_and_rises_with_use_and_importance(age, uses, importance, half_life):
    strength = retention(age, uses, importance, half_life)
    assert math.isfinite(strength)
    assert (
        retention(age + 1, uses, importance, half_life) <= strength <= retention(age, uses + 1, importance, half_life)
    )
    assert strength < retention(age, uses, 2 * importance, half_life) == pytest.approx(strength + 1)
    assert retention(0, uses, 1.0) - retention(int(1000 * (1 + uses)), uses, 1.0) == pytest.approx(1)


def test_recalling_is_a_use_and_keeps_an_item_alive():
    memory = memory_of("a cat", "a dog")
    memory.recall("cat", tick=500)
    assert memory.forget(keep=1, tick=1000) == 1
    assert [item.text for item in memory.recall("cat dog", tick=1001)] == ["a cat"]
    ages = []
    memory.forget(keep=1, tick=1100, score=lambda age, uses, importance: ages.append((age, uses)) or 0.0)
    assert ages == [(99, 2)], "age counts from the last use"


def test_forgetting_has_three_rules_and_never_reuses_a_number():
    memory = memory_of("zero x", "one x", "two x", "three x")
    assert memory.forget([4, 4, 99, -1, 10**30]) == 1
    assert memory.forget(older_than=2) == 2
    assert [item.id for item in memory.recall("x", tick=9)] == [3]
    assert memory.forget(keep=5, tick=9) == 0 and memory.forget([]) == 0
    assert memory.forget(keep=0, tick=9) == 1 and len(memory) == 0
    assert memory.remember("again", by="1", tick=9) == 5
    assert memory.forget(keep=0, tick=9, score=lambda age, uses, importance: -age) == 1


@pytest.mark.parametrize(
    "rules",
    [
        {},
        {"ids": [1], "keep": 1, "tick": 1},
        {"keep": 1},
        {"keep": -1, "tick": 1},
        {"keep": True, "tick": 1},
        {"ids": [1], "older_than": 1},
        {"ids": "12"},
        {"ids": [[1]]},
        {"ids": [1.5]},
        {"ids": None},
    ],
)
def test_rules_that_are_unclear_forget_nothing(rules):
    memory = memory_of("a", "b", "c", "d")
    with pytest.raises(ValueError):
        memory.forget(**rules)
    assert len(memory) == 4


@pytest.mark.parametrize("text", ["", " \n", None, 3, b"x", "half \ud800", "a\0b", ["a"]])
def test_what_is_no_text_is_not_remembered(text):
    memory = memory_of(embed=embed)
    with pytest.raises(ValueError, match="text: "):
        memory.remember(text, by="1", tick=0)
    with pytest.raises(ValueError, match="tags: "):
        memory.remember("a", by="1", tick=0, tags=[text])
    if text is not None:
        with pytest.raises(ValueError, match="source: "):
            memory.remember("a", by="1", tick=0, source=text)
    assert len(memory) == 0 and memory.recall("a", tick=0) == []


@pytest.mark.parametrize("importance", [0, -1, math.nan, math.inf, "high", None])
def test_importance_is_a_positive_number(importance):
    with pytest.raises(ValueError, match="importance"):
        memory_of().remember("a", by="1", tick=0, importance=importance)


@pytest.mark.parametrize(
    ("query", "settings"),
    [("a", {"k": 0}), ("a", {"k": True}), ("a", {"k": "3"}), (None, {}), (["a"], {}), ("a", {"method": "cosine"})],
)
def test_a_wrong_question_is_refused(query, settings):
    with pytest.raises(ValueError, match=r"expected|method"):
        memory_of("a").recall(query, tick=1, **settings)


def test_a_large_text_and_many_of_them_are_kept():
    memory = memory_of("word " * 200_000 + "needle", *(f"item {n} hay" for n in range(2000)))
    (found,) = memory.recall("needle", tick=1)
    assert found.id == 1 and len(found.text) > 10**6
    assert len(memory.recall("hay", k=5000, tick=1)) == 2000
    assert str(memory).startswith("memory: 2001 items\n2001  item 1999 hay\n") and len(str(memory).split("\n")) == 9


def test_the_caller_commits_and_a_rollback_undoes_all():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    memory = Memory(connection)
    memory.remember("kept x", by="1", tick=0)
    connection.execute("BEGIN")
    memory.remember("undone x", by="1", tick=1)
    memory.recall("x", tick=5)
    memory.forget([1])
    assert connection.in_transaction
    connection.execute("ROLLBACK")
    assert [item.text for item in memory.recall("x", tick=6)] == ["kept x"]
    assert connection.execute("SELECT uses FROM memory").fetchall() == [(1,)]
    assert len(Memory(connection)) == 1
