"""Random models: their truncated factorisation against the sum over all worlds."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.expression import Probability, Variable
from agentos_lab.causal.graph import CausalGraph

X, Y = Variable("X"), Variable("Y")


def test_the_truncated_factorisation_equals_the_sum_over_all_worlds() -> None:
    graph = CausalGraph("X -> Z -> Y; X <-> Y; Z <-> Y")
    model = DiscreteModel.random(graph, {"X": 2, "Y": 3, "Z": 2}, latent_card=2, seed=5)
    tables, names = model.tables, ("X", "Z", "Y", *model.latents)
    levels = {**model.levels, **dict.fromkeys(model.latents, (0, 1))}
    for x, y in itertools.product(model.levels["X"], model.levels["Y"]):
        by_hand = 0.0
        for world in itertools.product(*(levels[name] for name in names)):
            value = dict(zip(names, world, strict=True))
            if value["X"] == x and value["Y"] == y:
                others = [tables[name] for name in names if name != "X"]
                by_hand += float(np.prod([table.values[tuple(value[a] for a in table.axes)] for table in others]))
        done = model.probability(Probability((Y,), do=(X,))).select({"X": x, "Y": y}).values
        assert done == pytest.approx(by_hand, abs=1e-12)


def test_a_random_model_is_a_distribution_and_repeats_by_its_seed() -> None:
    graph = CausalGraph("A -> B; B <-> C; D")
    joint = DiscreteModel.random(graph, 3, seed=1).joint()
    assert joint.sum() == pytest.approx(1, abs=1e-12) and (joint > 0).all()
    pd.testing.assert_series_equal(joint, DiscreteModel.random(graph, 3, seed=1).joint())
    assert not joint.equals(DiscreteModel.random(graph, 3, seed=2).joint())
