"""Natural effects on many samples of a known world."""

from __future__ import annotations

import numpy as np
import pandas as pd

from agentos_lab.causal import natural_effects

GRAPH = "w -> x, m, y; x -> m -> y; x -> y"


def world(seed, count=800, product=0.0):
    generator = np.random.default_rng(seed)
    w = generator.normal(size=count)
    x = (generator.random(count) < 1 / (1 + np.exp(-w))).astype(int)
    m = 0.5 * x + 0.3 * w + generator.normal(size=count)
    y = x + 2 * m + product * x * m + w + generator.normal(size=count)
    return pd.DataFrame({"w": w, "x": x, "m": m, "y": y})


def test_bias_and_coverage_where_the_truth_is_known():
    truth = {"direct": 1.0, "indirect": 1.0, "total": 2.25}  # with a product of 0.5
    found = [
        natural_effects(world(seed, product=0.5), GRAPH, "x", "m", "y", bootstrap=40, seed=seed) for seed in range(24)
    ]
    for part, expected in truth.items():
        estimates = [getattr(one, part) for one in found]
        values = np.array([one.value for one in estimates])
        assert abs(values.mean() - expected) < 3.5 * values.std(ddof=1) / np.sqrt(24)
        assert sum(one.interval[0] < expected < one.interval[1] for one in estimates) >= 18
