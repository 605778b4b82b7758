"""Possible effects against a walk through all DAGs of the class."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import CausalGraph, equivalence_class, possible_effects
from agentos_lab.causal.possible_effects import possible_parents

NAMES = tuple("ABCDEF")


def random_dag(generator: np.random.Generator) -> CausalGraph:
    order = list(generator.permutation(NAMES))
    arrows = [(a, b) for i, a in enumerate(order) for b in order[i + 1 :] if generator.random() < 0.5]
    return CausalGraph(directed=arrows, nodes=NAMES)


@pytest.mark.parametrize("seed", range(30))
def test_the_sets_of_parents_are_those_of_the_dags_of_the_class(seed: int) -> None:
    graph = equivalence_class(random_dag(np.random.default_rng(seed)))
    dags = list(graph.dags())
    for name in NAMES:
        found = list(possible_parents(graph, name))
        assert len(set(found)) == len(found)
        assert {frozenset(names) for names in found} == {frozenset(dag.parents(name)) for dag in dags}


def test_each_effect_is_that_of_least_squares_in_a_dag_of_the_class() -> None:
    generator = np.random.default_rng(1)
    z = generator.normal(size=800)
    x = z + generator.normal(size=800)
    data = pd.DataFrame({"Z": z, "X": x, "Y": 2 * x - z + generator.normal(size=800)})
    graph = equivalence_class("Z -> X -> Y; Z -> Y")
    found = possible_effects(data, graph, "X", "Y")
    expected = {}
    for dag in graph.dags():
        parents = dag.parents("X")
        design = np.column_stack([np.ones(800), data["X"], *(data[name] for name in parents)])
        slope = np.linalg.lstsq(design, data["Y"], rcond=None)[0][1]
        expected[frozenset(parents)] = 0.0 if "Y" in parents else slope
    assert {frozenset(names): one.value for names, one in found.estimates.items()} == pytest.approx(expected)
    assert found.bounds == pytest.approx((0.0, max(expected.values()))) and found.least == 0
    low, high = found.estimates["Z",].interval
    assert low < 2 < high


def test_where_the_parents_are_known_there_is_one_effect() -> None:
    generator = np.random.default_rng(2)
    a, b = generator.normal(size=(2, 500))
    data = pd.DataFrame({"A": a, "B": b, "X": a + b + generator.normal(size=500)})
    data["Y"] = 3 * data["X"] + generator.normal(size=500)
    found = possible_effects(data, "A -> X; B -> X; X -> Y", "X", "Y")
    assert list(found.estimates) == [("A", "B")] and found.least == pytest.approx(3, abs=0.1)
    assert (
        str(found).startswith("effect of X on Y: 3.")
        and "parents A, B" in repr(found)
        and "<table>" in (found._repr_html_())
    )
    assert found.plot().axes[0].get_yticklabels()[0].get_text() == "parents A, B"


@pytest.mark.parametrize(
    ("graph", "treatment", "message"),
    [
        ("X o-> Y", "X", "X o-> Y is no edge of a CPDAG"),
        ("X <-> Y", "X", "X <-> Y is no edge of a CPDAG"),
        ("X - Y", "Q", "no node 'Q'"),
        ("X - Y", "Y", "cannot be treatment and outcome at once"),
        ("Z - X - Y", "X", "no column 'Z'"),
    ],
)
def test_what_cannot_be_asked_is_refused(graph: str, treatment: str, message: str) -> None:
    data = pd.DataFrame(np.random.default_rng(0).normal(size=(50, 2)), columns=["X", "Y"])
    with pytest.raises(ValueError, match=message):
        possible_effects(data, graph, treatment, "Y")
