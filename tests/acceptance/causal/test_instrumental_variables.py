"""Two-stage least squares on many samples of a known world."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import estimate_effect

GRAPH = "z, v -> x -> y; x <-> y; w -> z, v, x, y"


def world(seed, count=800):
    generator = np.random.default_rng(seed)
    w, u = generator.normal(size=(2, count))
    z, v = generator.integers(0, 2, count), w + generator.normal(size=count)
    x = z + 0.5 * v + u + w + generator.normal(size=count)
    return pd.DataFrame({"w": w, "z": z, "v": v, "x": x, "y": 2 * x - 3 * u + w + generator.normal(size=count)})


@pytest.mark.parametrize("errors", ["classical", "HC1"])
def test_bias_and_coverage_where_the_truth_is_known(errors):
    found = [
        estimate_effect(world(seed), GRAPH, "x", "y", "2sls", instrument="z", errors=errors) for seed in range(100)
    ]
    values = np.array([one.value for one in found])
    assert abs(values.mean() - 2) < 3 * values.std(ddof=1) / 10
    assert 88 <= sum(one.interval[0] < 2 < one.interval[1] for one in found) <= 100
