"""GES: the true class from much data, and every move a gain."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_worlds import linear_data

from agentos_lab.causal.equivalence_class import equivalence_class
from agentos_lab.causal.ges import ges
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.marked_graph import MarkedGraph
from agentos_lab.causal.score import gaussian_bic
from tests.causal.bayesian_networks import asia, sample
from tests.causal.test_score import total


@pytest.mark.parametrize("text", ["a -> b -> c -> d", "a -> c <- b; c -> d", "a -> b -> d; a -> c -> d", "a -> b; c"])
def test_much_data_of_a_linear_model_give_its_class(text: str) -> None:
    graph = CausalGraph(text)
    data = linear_data(graph, 20_000, seed=0)
    found = ges(data)
    assert found.graph == equivalence_class(graph)
    assert found.score == pytest.approx(total(gaussian_bic(data), graph))


def test_every_move_gains_and_the_steps_lead_to_the_answer() -> None:
    data = sample(asia(), 5000, seed=0)
    found = ges(data, score="bdeu")
    scores = []
    for step in found.derivation:
        assert isinstance(step.after, MarkedGraph) and "rises by" in step.reason
        scores.append(float(step.reason.split("rises by ")[1].split(",")[0]))
    assert min(scores) > 0 and found.after(len(found.derivation)) == found.graph
    assert not found.after(0).edges and "arrows put in" in str(found) and "GES (BDeu)" in str(found)
    true = {frozenset(edge) for edge in asia().graph.directed}
    assert sum(frozenset((edge.a, edge.b)) in true for edge in found.graph.edges) >= 7


def test_a_score_of_ones_own_is_used() -> None:
    data = linear_data(CausalGraph("a -> c <- b"), 500, 0)
    assert ges(data, score=lambda name, causes: -len(causes)).graph.edges == ()
    assert ges(data, score=gaussian_bic(data)).graph == MarkedGraph("a -> c <- b")


@pytest.mark.parametrize(
    ("data", "score", "message"),
    [
        (pd.DataFrame({"a": [0, 1] * 10, "b": [1] * 20}), "bic", "'b' is constant"),
        (pd.DataFrame({"a": np.arange(50.0), "b": [1.5, None] * 25}), "bic", "'b' has 25 missing"),
        (pd.DataFrame({"a": np.arange(50.0), "b": [1.5, 2.5] * 25}), "bdeu", "'a' has 50 different"),
        (pd.DataFrame({"a": [0, 1] * 10, "b": [1, 0] * 10}), "aic", "'bdeu'"),
        (np.zeros((10, 2)), "bic", "DataFrame"),
    ],
)
def test_bad_input_is_refused_with_a_reason(data: pd.DataFrame, score: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ges(data, score=score)
