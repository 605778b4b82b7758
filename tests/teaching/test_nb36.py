"""The checks of notebook 36: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import CausalGraph, equivalence_class, estimate_effect
from agentos_lab.teaching import check


def v_structures(edges, apart, keep=lambda c, given: c not in given):
    def near(a, b):
        return (a, b) in edges or (b, a) in edges

    nodes = sorted({name for edge in edges for name in edge})
    return {(a, c, b) for (a, b), s in apart.items() for c in nodes if near(a, c) and near(b, c) and keep(c, s)}


def equivalent(one, other):
    nodes = sorted({name for arrow in [*one, *other] for name in arrow})
    classes = (equivalence_class(CausalGraph(directed=arrows, nodes=nodes)) for arrows in (one, other))
    return len(set(classes)) == 1


def as_many(one, other):
    """The same skeleton, and into as many nodes point as many arrows."""

    def degrees(arrows):
        return sorted(Counter(effect for _, effect in arrows).values())

    return set(map(frozenset, one)) == set(map(frozenset, other)) and degrees(one) == degrees(other)


def shielded(one, other):
    def colliders(arrows):
        return {(a, c, b) for a, c in arrows for b, d in arrows if c == d and a < b}

    return {frozenset(x) for x in one} == {frozenset(x) for x in other} and colliders(one) == colliders(other)


def effects(dags, data, x, y):
    return [0.0 if y in g.parents(x) else slope(data, y, [x, *g.parents(x)]) for g in dags]


def slope(data, y, columns):
    return np.linalg.lstsq(data[columns].assign(one=1.0).to_numpy(), data[y].to_numpy(), rcond=None)[0][0]


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("class_sizes", [4, 1, 6]),
        ("class_sizes", (4, 1, 6)),
        ("v_structures", v_structures),
        ("equivalent", equivalent),
        ("effects", effects),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"36.{name}", answer)


@pytest.mark.parametrize(
    ("text", "place"), [("A -> B -> C -> D", 0), ("A -> C <- B; C -> D", 1), ("A -> B; A -> C; B -> C", 2)]
)
def test_the_sizes_of_the_classes_are_those_of_the_library(text, place):
    assert len(list(equivalence_class(CausalGraph(text)).dags())) == [4, 1, 6][place]


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("class_sizes", [8, 1, 6], "new v-structure"),
        ("class_sizes", [2, 1, 6], "fork at B"),
        ("class_sizes", [4, 2, 6], "D -> C would"),
        ("class_sizes", [4, 4, 6], "can be turned"),
        ("class_sizes", [4, 1, 8], "two cycles"),
        ("class_sizes", [4, 1, 1], "A and B are joined"),
        ("class_sizes", [3, 1, 6], "Which node may be the one on top"),
        ("class_sizes", [4, 1], "2 entries, expected 3"),
        ("class_sizes", ["4", "1", "6"], "Entry 1 is '4'"),
        ("class_sizes", 416, "of type int"),
        ("class_sizes", [4, 1, 3], "who is on top"),
        ("v_structures", lambda edges, apart: v_structures(edges, apart, lambda c, s: c in s), "chains and forks"),
        ("v_structures", lambda edges, apart: v_structures(edges, apart, lambda c, s: True), "all common neighbours"),
        ("v_structures", lambda edges, apart: v_structures(edges, apart, lambda c, s: not s), "empty set"),
        ("v_structures", lambda edges, apart: set(), "missing"),
        ("equivalent", lambda one, other: {frozenset(a) for a in one} == {frozenset(a) for a in other}, "v-structures"),
        ("equivalent", shielded, "causes are joined"),
        ("equivalent", lambda one, other: set(one) == set(other), "are the same"),
        ("equivalent", True, "A function was expected"),
        (
            "effects",
            lambda dags, data, x, y: [float(np.polyfit(data[x], data[y], 1)[0]) for _ in dags],
            "expected 0.37",
        ),
        (
            "effects",
            lambda dags, d, x, y: [0.0 if y in g.parents(x) else slope(d, y, [x]) for g in dags],
            "plain slope",
        ),
        (
            "effects",
            lambda dags, d, x, y: [
                0.0
                if y in g.parents(x)
                else np.linalg.lstsq(d[[x, *g.parents(x)]].to_numpy(), d[y].to_numpy(), rcond=None)[0][0]
                for g in dags
            ],
            "intercept",
        ),
        (
            "effects",
            lambda dags, d, x, y: [
                0.0 if y in g.parents(x) else slope(d, y, [x, *(p for p in g.parents(y) if p != x)]) for g in dags
            ],
            "parents of *x*",
        ),
        (
            "effects",
            lambda dags, d, x, y: [slope(d, y, [x, *(p for p in g.parents(x) if p != y)]) for g in dags],
            "effect is 0",
        ),
        ("equivalent", as_many, "compare the sets"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"36.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_holding_the_parents_fixed_agrees_with_the_estimator_of_the_library():
    generator = np.random.default_rng(1)
    data = pd.DataFrame(generator.normal(size=(50, 3)), columns=["A", "B", "C"])
    dags = [CausalGraph("A -> B -> C"), CausalGraph("A <- B -> C"), CausalGraph("B -> A -> C; B -> C")]
    by_the_library = [estimate_effect(data, dag, "A", "C", method="regression").value for dag in dags]
    assert effects(dags, data, "A", "C") == pytest.approx(by_the_library)
