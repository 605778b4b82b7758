from __future__ import annotations

import time
from itertools import product

import pytest

from agentos_lab.logic.clause_writer import FALSE, TRUE, ClauseWriter, GroundingTooLarge


def worlds(writer: ClauseWriter):
    """The truth values that satisfy the clauses, by trying all."""
    for values in product([False, True], repeat=writer.propositions):
        if all(any(values[abs(lit) - 1] == (lit > 0) for lit in clause) for clause in writer.clauses):
            yield values


def test_a_name_for_a_disjunction_is_true_exactly_if_a_part_is():
    writer = ClauseWriter(1000, None, "this")
    a, b = writer.new(), writer.new()
    name = writer.either([a, -b])
    found = list(worlds(writer))
    assert len(found) == 4 and all(v[name - 1] == (v[a - 1] or not v[b - 1]) for v in found)


def test_a_name_for_both_or_neither_is_true_exactly_then():
    writer = ClauseWriter(1000, None, "this")
    a, b = writer.new(), writer.new()
    name = writer.same(a, b)
    found = list(worlds(writer))
    assert len(found) == 4 and all(v[name - 1] == (v[a - 1] == v[b - 1]) for v in found)


def test_known_parts_need_no_name():
    writer = ClauseWriter(1000, None, "this")
    a = writer.new()
    assert writer.either([FALSE, a, a]) == a and writer.either([a, -a]) == TRUE == writer.either([a, TRUE])
    assert writer.either([]) == FALSE
    assert (writer.same(a, TRUE), writer.same(FALSE, a), writer.same(FALSE, FALSE)) == (a, -a, TRUE)
    assert writer.clauses == [(TRUE,)]


def test_at_most_one_of_several():
    writer = ClauseWriter(1000, None, "this")
    several = tuple(writer.new() for _ in range(4))
    writer.one_of(several)
    assert len(list(worlds(writer))) == 5


def test_the_limit_counts_superfluous_literals_too():
    writer = ClauseWriter(100, None, "this")
    with pytest.raises(GroundingTooLarge, match="this takes more than 100 literals"):
        for _ in range(200):
            writer.add(TRUE, TRUE)


def test_the_deadline_ends_the_writing():
    writer = ClauseWriter(10**9, time.process_time() - 1, "this")
    with pytest.raises(GroundingTooLarge, match="the time ended at this"):
        for _ in range(10_000):
            writer.add(writer.propositions)
