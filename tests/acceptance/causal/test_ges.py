"""GES: the true class from much data, and on little data nearly the best class of all."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from causal_worlds import linear_data

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.equivalence_class import equivalence_class
from agentos_lab.causal.ges import ges
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.score import LocalScore, gaussian_bic
from tests.causal.bayesian_networks import sample
from tests.causal.test_equivalence_class import dags
from tests.causal.test_pc import random_dag
from tests.causal.test_score import total


def endless_data(graph: CausalGraph, seed: int, rows: float = 1e10) -> LocalScore:
    """The score of data whose covariance is the model's own: with so many rows no chance is left."""
    generator = np.random.default_rng(seed)
    index = {name: place for place, name in enumerate(graph.nodes)}
    effects = np.zeros((len(graph), len(graph)))
    for cause, effect in graph.directed:
        effects[index[effect], index[cause]] = generator.choice([-1, 1]) * generator.uniform(0.5, 1.5)
    inverse = np.linalg.inv(np.eye(len(graph)) - effects)
    covariance = inverse @ inverse.T

    def score(name: str, causes: Sequence[str]) -> float:
        own, places = index[name], [index[cause] for cause in causes]
        with_own = covariance[places, own]
        left = covariance[own, own] - with_own @ np.linalg.solve(covariance[np.ix_(places, places)], with_own)
        return -rows / 2 * math.log(left) - math.log(rows) / 2 * len(places)

    return score


def test_endless_data_give_exactly_the_class() -> None:
    for seed in range(100):
        graph = random_dag(seed, 7)
        found = ges(pd.DataFrame(columns=list(graph.nodes)), endless_data(graph, seed))
        assert found.graph == equivalence_class(graph)


@pytest.mark.parametrize("score", ["bic", "bdeu"])
@pytest.mark.parametrize("seed", range(6))
def test_much_data_of_a_discrete_model_give_exactly_its_class(seed: int, score: str) -> None:
    generator = np.random.default_rng(seed)
    graph = random_dag(int(generator.integers(100)), 5)
    data = sample(DiscreteModel.random(graph, cards=3, seed=seed), 100_000, seed)
    assert ges(data, score=score).graph == equivalence_class(graph)


def test_on_little_data_few_classes_are_better() -> None:
    """Greedy search may end in a local best; the true best is found by a count of all 543 DAGs on four nodes."""
    best = 0
    for seed in range(10):
        graph = random_dag(seed, 4)
        data = linear_data(graph, 40, seed)
        score = gaussian_bic(data)
        most = max(total(score, dag) for dag in dags(graph.nodes))
        found = ges(data).score
        assert found <= most + 1e-9
        best += found > most - 1e-9
    assert best >= 8
