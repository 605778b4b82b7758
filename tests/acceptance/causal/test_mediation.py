"""Natural effects on many samples of a known mediated."""

from __future__ import annotations

import numpy as np
from causal_worlds import MEDIATION, mediated

from agentos_lab.causal import natural_effects


def test_bias_and_coverage_where_the_truth_is_known():
    truth = {"direct": 1.0, "indirect": 1.0, "total": 2.25}  # with a product of 0.5
    found = [
        natural_effects(mediated(seed, product=0.5), MEDIATION, "x", "m", "y", bootstrap=40, seed=seed)
        for seed in range(24)
    ]
    for part, expected in truth.items():
        estimates = [getattr(one, part) for one in found]
        values = np.array([one.value for one in estimates])
        assert abs(values.mean() - expected) < 3.5 * values.std(ddof=1) / np.sqrt(24)
        assert sum(one.interval[0] < expected < one.interval[1] for one in estimates) >= 18
