"""DirectLiNGAM: the order and the effects from data with noise that is not normal, and a warning where it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.lingam import lingam
from agentos_lab.causal.marked_graph import MarkedGraph
from tests.causal.test_pc import random_dag


def linear_data(graph: CausalGraph, rows: int, seed: int, normal: bool = False) -> tuple[pd.DataFrame, dict]:
    """Linear equations with uniform, exponential or Laplacian noise; and their coefficients."""
    generator = np.random.default_rng(seed)
    kinds = [
        lambda: generator.uniform(-2, 2, rows),
        lambda: generator.exponential(1, rows),
        lambda: generator.laplace(0, 1, rows),
    ]
    values: dict[str, np.ndarray] = {}
    effects = {}
    for name in graph.topological_order():
        values[name] = generator.normal(size=rows) if normal else kinds[generator.integers(3)]()
        for cause in graph.parents(name):
            effects[cause, name] = float(generator.choice([-1, 1]) * generator.uniform(0.5, 1.5))
            values[name] = values[name] + effects[cause, name] * values[cause]
    return pd.DataFrame({name: values[name] for name in graph.nodes}), effects


@pytest.mark.parametrize("seed", range(15))
def test_the_order_and_the_effects_are_recovered(seed: int) -> None:
    graph = random_dag(seed, 6)
    data, effects = linear_data(graph, 10_000, seed)
    found = lingam(data, alpha=1e-4)
    place = {name: number for number, name in enumerate(found.order)}
    assert all(place[cause] < place[effect] for cause, effect in graph.directed)
    assert set(found.coefficients) == set(graph.directed) == set(found.graph.directed)
    assert all(found.coefficients[arrow] == pytest.approx(effects[arrow], abs=0.1) for arrow in effects)
    assert found.normal_noise == ()


def test_one_arrow_shows_its_direction_both_ways_round() -> None:
    for graph in (CausalGraph("x -> y"), CausalGraph("y -> x")):
        data, _ = linear_data(graph, 2000, 0)
        assert lingam(data[["x", "y"]]).graph == MarkedGraph(str(graph))
        assert lingam(data[["y", "x"]]).graph == MarkedGraph(str(graph))


def test_units_do_not_matter() -> None:
    data, _ = linear_data(CausalGraph("x -> y -> z; x -> z"), 2000, 1)
    assert lingam(data).order == lingam(data * [1000, 0.001, 1] + 7).order == ("x", "y", "z")


def test_normal_noise_is_told() -> None:
    data, _ = linear_data(CausalGraph("x -> y -> z"), 3000, 2, normal=True)
    found = lingam(data)
    assert found.normal_noise == found.order and "looks normal; their order is a guess" in str(found)


def test_the_steps_lead_from_the_complete_graph_to_the_answer() -> None:
    data, _ = linear_data(CausalGraph("x -> y; x -> z; w"), 3000, 0)
    found = lingam(data)
    assert found.after(len(found.derivation)) == found.graph
    rules = {step.rule for step in found.derivation}
    assert rules == {"first cause of those left", "coefficient near 0"}
    assert "least dependent" in found.derivation[0].reason and "effects: x -> " in str(found)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (pd.DataFrame({"a": np.arange(30.0), "b": [1.0] * 30}), "'b' is constant"),
        (pd.DataFrame({"a": np.arange(30.0), "b": [1.0, None] * 15}), "'b' has 15 missing"),
        (pd.DataFrame({"a": np.arange(30.0), "b": ["x", "y"] * 15}), "'b' must hold numbers"),
        (pd.DataFrame({"a": np.arange(30.0), "b": 2 * np.arange(30.0)}), "'b' follows exactly"),
        (pd.DataFrame({"a": np.arange(4.0), "b": [1.0, 0, 0, 1]}), "4 rows are too few"),
        ([[1, 2]], "DataFrame"),
    ],
)
def test_bad_input_is_refused_with_a_reason(data: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        lingam(data)
