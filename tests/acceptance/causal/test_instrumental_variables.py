"""Two-stage least squares on many samples of a known with_instruments."""

from __future__ import annotations

import numpy as np
import pytest
from causal_worlds import INSTRUMENTS, with_instruments

from agentos_lab.causal import estimate_effect


@pytest.mark.parametrize("errors", ["classical", "HC1"])
def test_bias_and_coverage_where_the_truth_is_known(errors):
    found = [
        estimate_effect(with_instruments(seed), INSTRUMENTS, "x", "y", "2sls", instrument="z", errors=errors)
        for seed in range(100)
    ]
    values = np.array([one.value for one in found])
    assert abs(values.mean() - 2) < 3 * values.std(ddof=1) / 10
    assert 88 <= sum(one.interval[0] < 2 < one.interval[1] for one in found) <= 100
