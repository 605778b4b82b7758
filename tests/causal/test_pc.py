"""PC: exact with an oracle, as good as the peers from data, and clear about what it cannot use."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal.d_separation import d_separated
from agentos_lab.causal.equivalence_class import equivalence_class
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.independence_tests import d_separation_oracle
from agentos_lab.causal.marked_graph import MarkedGraph
from agentos_lab.causal.pc import pc
from tests.causal.bayesian_networks import asia, sample


def random_dag(seed: int, most: int = 8) -> CausalGraph:
    generator = np.random.default_rng(seed)
    names = [f"V{i}" for i in generator.permutation(int(generator.integers(2, most + 1)))]
    density = generator.uniform(0.1, 0.9)
    arrows = [(a, b) for i, a in enumerate(names) for b in names[i + 1 :] if generator.random() < density]
    return CausalGraph(directed=arrows, nodes=sorted(names))


@given(st.integers(0, 10**6))
def test_with_an_oracle_the_graph_is_exactly_the_cpdag(seed: int) -> None:
    dag = random_dag(seed)
    found = pc(dag.nodes, test=d_separation_oracle(dag))
    assert found.graph == equivalence_class(dag)  # which is tested against a count of all DAGs
    assert all(d_separated(dag, a, b, given) for (a, b), given in found.separating_sets.items())


@given(st.integers(0, 10**6))
def test_the_steps_lead_from_the_complete_graph_to_the_answer(seed: int) -> None:
    dag = random_dag(seed, 6)
    found = pc(dag.nodes, test=d_separation_oracle(dag))
    pairs = len(dag) * (len(dag) - 1) // 2
    assert len(found.after(0).edges) == pairs and found.after(len(found.derivation)) == found.graph
    removed = [step for step in found.derivation if not step.after.mark_a]
    assert len(removed) == pairs - len(dag.directed)
    assert all(step.reason and step.rule for step in found.derivation)


def test_the_derivation_names_the_test_the_collider_and_the_rule() -> None:
    dag = CausalGraph("A -> C <- B; C -> D")
    found = pc(dag.nodes, test=d_separation_oracle(dag))
    assert str(found.graph) == "A -> C; C -> D; B -> C" or found.graph == MarkedGraph("A -> C <- B; C -> D")
    told = str(found.derivation)
    assert "A, B: no edge    A ⊥⊥ B (p = 1)" in told and "A ⊥⊥ D | C" in told
    assert "A -> C    collider" in told and "C -> D    Meek R1" in told
    assert found.derivation[-1].reason == "D -> C would make a new collider A -> C <- D"
    assert str(found.separation("D", "A")) == "A ⊥⊥ D | C (p = 1)" and found.separation("A", "C") is None


def test_the_order_of_the_columns_does_not_matter() -> None:
    data = sample(asia(), 2000, seed=3)
    graphs = {pc(data[list(data.columns)[shift:] + list(data.columns)[:shift]]).graph for shift in range(8)}
    assert len(graphs) == 1


def test_a_linear_model_is_found_from_its_data() -> None:
    generator = np.random.default_rng(0)
    a, b, noise, other = generator.normal(size=(4, 4000))
    c = 0.8 * a + 0.7 * b + noise
    found = pc(pd.DataFrame({"a": a, "b": b, "c": c, "d": 0.9 * c + other}), test="fisher_z")
    assert found.graph == MarkedGraph("a -> c <- b; c -> d")


def test_the_clinic_is_found_although_one_variable_is_a_logical_or_of_two() -> None:
    model = asia()
    true = {frozenset(edge) for edge in model.graph.directed}
    for seed in range(4):
        found = pc(sample(model, 5000, seed), alpha=0.01, test="g2").graph.edges
        right = sum(frozenset((edge.a, edge.b)) in true for edge in found)
        assert right >= 7 and len(found) - right <= 1


@pytest.mark.parametrize("test", ["auto", "g2", "chi2"])
def test_discrete_tests_agree_on_a_plain_chain(test: str) -> None:
    generator = np.random.default_rng(1)
    a = generator.integers(0, 2, 3000)
    b = np.where(generator.random(3000) < 0.8, a, 1 - a)
    c = np.where(generator.random(3000) < 0.8, b, 1 - b)
    found = pc(pd.DataFrame({"a": a, "b": b, "c": c}), test=test)
    assert found.graph == MarkedGraph("a - b - c") and "PC (" in str(found)
    assert {tuple(sorted(dag.directed)) for dag in found.graph.dags()} == {
        (("a", "b"), ("b", "c")), (("b", "a"), ("b", "c")), (("b", "a"), ("c", "b")),
    }  # fmt: skip


def test_a_test_of_ones_own_may_return_a_p_value_a_bool_or_a_separation() -> None:
    dag = CausalGraph("A -> B -> C")
    for answer in (lambda *asked: 0.9 * d_separated(dag, *asked).holds, lambda *asked: d_separated(dag, *asked)):
        assert pc(dag.nodes, test=answer).graph == MarkedGraph("A - B - C")
    with pytest.raises(ValueError, match=r"the test of A and B given nothing returned None; .* is there a return\?"):
        pc(dag.nodes, test=lambda *asked: None)
    with pytest.raises(ValueError, match="p-value between 0 and 1"):
        pc(dag.nodes, test=lambda *asked: 3.5)


def test_a_limit_to_the_condition_leaves_edges() -> None:
    dag = CausalGraph("A -> B -> C; A -> D -> C")
    found = pc(dag.nodes, test=d_separation_oracle(dag), max_condition=1)
    assert len(found.graph.edges) == 5 and max(len(test.given) for test in found.tests) == 1


def test_contradicting_colliders_never_make_a_two_headed_edge_or_a_cycle() -> None:
    answers = np.random.default_rng(0)
    for _ in range(200):
        found = pc("ABCDE", alpha=0.3, test=lambda a, b, given: answers.random())
        graph = found.graph
        assert not graph.bidirected and not any(graph.circle_masks)
        assert len(graph.order) == len(graph)  # no directed cycle
        assert found.after(len(found.derivation)) == graph


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"data": pd.DataFrame({"a": [0, 1] * 10, "b": [1] * 20})}, "'b' is constant"),
        ({"data": pd.DataFrame({"a": [0, 1] * 10, "b": [1, 0, None, 0] * 5})}, "'b' has 5 missing"),
        ({"data": pd.DataFrame({"a": [0, 1], "b": [0, 1]})}, "2 rows are too few"),
        ({"data": pd.DataFrame({"a": [0, 1] * 10})}, "two columns or more"),
        ({"data": pd.DataFrame({0: [0, 1] * 10, 1: [0, 1] * 10})}, "names that are text"),
        ({"data": np.zeros((10, 2))}, "must be a pandas DataFrame"),
        ({"data": pd.DataFrame({"a": [0, 1] * 10, "b": [1, 0] * 10}), "test": "t"}, "'g2'"),
        ({"data": pd.DataFrame({"a": [0, 1] * 10, "b": [1, 0] * 10}), "alpha": 5}, "alpha"),
        ({"data": pd.DataFrame({"a": [0, 1] * 10, "b": [1, 0] * 10}), "max_condition": -1}, "max_condition"),
    ],
)
def test_bad_input_is_refused_with_a_reason(arguments: dict, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        pc(**arguments)


def test_every_order_of_a_small_oracle_gives_one_graph() -> None:
    dag = CausalGraph("A -> C <- B; C -> D; B -> D")
    graphs = {pc(order, test=d_separation_oracle(dag)).graph for order in permutations(dag.nodes)}
    assert graphs == {equivalence_class(dag)}


def test_the_result_shows_itself() -> None:
    dag = CausalGraph("A -> C <- B")
    found = pc(dag.nodes, test=d_separation_oracle(dag))
    assert str(found).splitlines()[0] == "PC (d-separation, α = 0.01) on 3 variables: 2 edges"
    assert "<svg" in found._repr_html_() and found.plot().alt == "Graph with marks: A -> C; B -> C"
