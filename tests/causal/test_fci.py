"""FCI on the examples that teach it: hidden causes, colliders, selection, its steps and its refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal.fci import fci
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.independence_tests import d_separation_oracle
from agentos_lab.causal.marked_graph import MarkedGraph


# A mixed graph of the tests: for each pair of nodes (i < j) the marks at i and at j.
def test_an_unobserved_common_cause_is_recognised() -> None:
    graph = CausalGraph("A -> B <-> C <- D")
    found = fci("ABCD", test=d_separation_oracle(graph))
    assert found.graph == MarkedGraph("A o-> B <-> C <-o D")


def test_a_cause_is_recognised_behind_a_collider() -> None:
    graph = CausalGraph("A -> C <- B; C -> D; A <-> C")
    assert fci("ABCD", test=d_separation_oracle(graph)).graph == MarkedGraph("A o-> C <-o B; C -> D")


def test_a_pair_that_its_neighbours_do_not_separate_is_parted_in_the_second_search() -> None:
    graph = CausalGraph("A -> C -> D; E -> F; A <-> E; C <-> F; D <-> E")
    found = fci("ACDEF", test=d_separation_oracle(graph))
    parted = [step for step in found.derivation if "possible d-sep" in step.reason]
    assert [str(step.test) for step in parted] == ["D ⊥⊥ F | A, C, E (p = 1)"]
    assert found.graph == MarkedGraph("A o-> C; A o-> E; C -> D; C <-> F; D <-> E; E -> F")


def test_selection_leaves_tails() -> None:
    graph = CausalGraph("A -> S1 <- B; B -> S2 <- C; C -> S3 <- D; D -> S4 <- A")
    oracle = d_separation_oracle(graph, selected=["S1", "S2", "S3", "S4"])
    found = fci("ABCD", test=oracle)
    assert found.graph == MarkedGraph("A - B - C - D - A")
    assert any(step.rule == "FCI R5" for step in found.derivation)


def test_the_steps_lead_from_the_complete_graph_to_the_answer() -> None:
    graph = CausalGraph("A -> B -> C; A <-> C; D -> B; D <-> C")
    found = fci("ABCD", test=d_separation_oracle(graph))
    assert found.after(len(found.derivation)) == found.graph
    assert len(found.after(0).edges) == 6 and all(step.reason for step in found.derivation)


def test_data_of_a_linear_model_with_an_unobserved_cause_give_its_pag() -> None:
    generator = np.random.default_rng(0)
    a, d, u, e1, e2 = generator.normal(size=(5, 5000))
    data = pd.DataFrame({"a": a, "b": a + u + e1, "c": d + u + e2, "d": d})
    assert fci(data, test="fisher_z").graph == MarkedGraph("a o-> b <-> c <-o d")


def test_bad_input_is_refused_with_a_reason() -> None:
    with pytest.raises(ValueError, match="'b' is constant"):
        fci(pd.DataFrame({"a": [0, 1] * 10, "b": [1] * 20}))
    with pytest.raises(ValueError, match="alpha"):
        fci("AB", alpha=0, test=lambda *asked: 1)
