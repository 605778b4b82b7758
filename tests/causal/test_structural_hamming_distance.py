"""Structural Hamming distance against a count in adjacency matrices, and the laws of a distance."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph, MarkedGraph, equivalence_class, pc, structural_hamming_distance
from agentos_lab.causal.independence_tests import d_separation_oracle

NAMES = tuple("ABCDE")


def random_dag(generator: np.random.Generator) -> CausalGraph:
    order = list(generator.permutation(NAMES))
    arrows = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :] if generator.random() < 0.5]
    return CausalGraph(directed=arrows, nodes=NAMES)


def counted(one: CausalGraph, other: CausalGraph) -> int:
    """The entries of the adjacency matrices that differ, each pair once."""
    first, second = (np.array([[(a, b) in graph.directed for b in NAMES] for a in NAMES]) for graph in (one, other))
    differs = first != second
    return int(np.triu(differs | differs.T).sum())


@given(st.integers(0, 10_000))
def test_it_is_the_count_of_pairs_that_differ_and_a_distance(seed: int) -> None:
    generator = np.random.default_rng(seed)
    a, b, c = (random_dag(generator) for _ in range(3))
    ab, bc, ac = (int(structural_hamming_distance(*pair)) for pair in ((a, b), (b, c), (a, c)))
    assert ab == counted(a, b) == int(structural_hamming_distance(b, a))
    assert ac <= ab + bc and int(structural_hamming_distance(a, a)) == 0


def test_the_result_tells_what_is_wrong() -> None:
    found = structural_hamming_distance("A -> B; C -> B; D", "B -> A; C -> D; B")
    assert str(found) == (
        "structural Hamming distance 3\n  too many: C -> B\n  missing: C -> D\n  other marks: A -> B instead of B -> A"
    )
    assert repr(found) == str(found)


def test_marks_count_and_the_order_of_ends_does_not() -> None:
    assert int(structural_hamming_distance("A o-> B; C - B", "B <-o A; B - C")) == 0
    assert int(structural_hamming_distance("A o-> B", "A -> B")) == 1
    assert int(structural_hamming_distance("A - B", CausalGraph("A -> B"))) == 1
    assert int(structural_hamming_distance("A <-> B", CausalGraph("A <-> B"))) == 0


def test_what_an_oracle_lets_pc_learn_has_no_distance_from_the_class() -> None:
    truth = random_dag(np.random.default_rng(4))
    learnt = pc(NAMES, test=d_separation_oracle(truth)).graph
    assert int(structural_hamming_distance(learnt, equivalence_class(truth))) == 0
    assert isinstance(learnt, MarkedGraph)


def test_what_cannot_be_compared_is_refused() -> None:
    with pytest.raises(ValueError, match="the same nodes; only one of them has C, D"):
        structural_hamming_distance("A -> B; C", "A -> B; D")
    with pytest.raises(ValueError, match="two edges between 'A' and 'B'"):
        structural_hamming_distance(CausalGraph("A -> B; A <-> B"), "A -> B")
