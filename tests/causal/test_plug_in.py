"""The plug-in estimate, where neither adjustment nor the front door serves: against the truth of random models."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import CausalGraph, DiscreteModel, estimate_effect, parse_query

NAPKIN = CausalGraph("W -> R -> X -> Y; W <-> X; W <-> Y")


def drawn(model, count, seed):
    joint = model.joint()
    rows = np.random.default_rng(seed).choice(len(joint), count, p=joint.to_numpy() / joint.sum())
    return joint.index.to_frame(index=False).iloc[rows].reset_index(drop=True)


def truth(model):
    table = model.probability(parse_query("P(Y | do(X))").term)
    values = table.expanded(("Y", "X"))
    return float(values[1, 1] - values[1, 0])


@pytest.mark.parametrize("seed", range(3))
def test_the_napkin_is_estimated_by_its_formula(seed):
    model = DiscreteModel.random(NAPKIN, seed=seed)
    found = estimate_effect(drawn(model, 20_000, seed), NAPKIN, "X", "Y", "plug_in", bootstrap=50)
    assert abs(found.value - truth(model)) < 4 * found.std_error
    assert found.replicates.shape == (50,)
    assert str(found.estimand).startswith("P(Y | do(X)) = (Σ_{W}") and "cells" in str(found)


def test_on_the_whole_distribution_it_is_exact():
    model = DiscreteModel.random(CausalGraph("Z -> X -> Y; Z -> Y"), seed=4)
    joint = model.joint()
    counts = np.round(joint.to_numpy() * 1e5).astype(int)
    data = joint.index.to_frame(index=False).loc[np.repeat(np.arange(len(joint)), counts)].reset_index(drop=True)
    found = estimate_effect(data, "Z -> X -> Y; Z -> Y", "X", "Y", "plug_in", bootstrap=2)
    assert found.value == pytest.approx(truth(model), abs=1e-4)


def test_a_column_that_is_not_discrete_is_named():
    generator = np.random.default_rng(0)
    data = pd.DataFrame(generator.normal(size=(200, 3)), columns=["z", "x", "y"]).assign(x=lambda d: (d["x"] > 0) * 1)
    with pytest.raises(ValueError, match=r"counts in cells, and 'z' has 200 values; cut it .*pandas.cut\(data\['z'\]"):
        estimate_effect(data, "z -> x -> y; z -> y", "x", "y", "plug_in")


def test_an_outcome_in_words_has_no_mean():
    data = pd.DataFrame({"x": [0, 1] * 5, "y": ["well", "ill"] * 5})
    with pytest.raises(ValueError, match="column 'y' is the outcome and must hold numbers, not 'well'"):
        estimate_effect(data, "x -> y", "x", "y", "plug_in")


def test_a_treatment_of_true_and_false_needs_no_levels_and_one_in_words_does():
    data = pd.DataFrame({"x": [False, True] * 10, "y": [0, 1, 1, 1] * 5})
    assert estimate_effect(data, "x -> y", "x", "y", "plug_in", bootstrap=2).value == pytest.approx(0.5)
    words = data.assign(x=np.where(data["x"], "drug", "none"))
    with pytest.raises(ValueError, match=r"no row has x = 0; its values are drug, none: say which two to compare"):
        estimate_effect(words, "x -> y", "x", "y", "plug_in")


def test_no_overlap_says_where():
    data = pd.DataFrame({"z": [0, 0, 1, 1] * 5, "x": [0, 1, 1, 1] * 5, "y": [0, 1, 1, 0] * 5})
    with pytest.raises(ValueError, match=r"no overlap: .* cannot be computed at"):
        estimate_effect(data, "z -> x -> y; z -> y", "x", "y", "plug_in")
