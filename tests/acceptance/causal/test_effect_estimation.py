"""Every estimator on many samples of a known world: how far off it is, and how often its interval holds the truth."""

from __future__ import annotations

import numpy as np
import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect

WORLD = confounded(0)


def effect(method="aipw", data=WORLD, graph=CONFOUNDED, **options):
    return estimate_effect(data, graph, "x", "y", method, **options)


@pytest.mark.parametrize(
    ("method", "options"),
    [
        ("aipw", {}),
        ("ipw", {}),
        ("ipw", {"errors": "sandwich"}),
        ("matching", {"neighbours": 3}),
        ("g_formula", {}),
        ("g_estimation", {}),
        ("regression", {}),
    ],
)
def test_bias_and_coverage_where_the_truth_is_known(method, options):
    found = [effect(method, confounded(seed, 400), **options) for seed in range(100)]
    values = np.array([one.value for one in found])
    assert abs(values.mean() - 2) < 3 * values.std(ddof=1) / 10
    covered = sum(one.interval[0] < 2 < one.interval[1] for one in found)
    assert 88 <= covered <= 100
    if (method, options) != ("ipw", {}):  # its errors are on the safe side
        assert np.mean([one.std_error for one in found]) == pytest.approx(values.std(ddof=1), rel=0.25)
