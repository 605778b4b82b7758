"""The front door on many samples of a known behind_a_front_door, and in cells against the plug-in estimate."""

from __future__ import annotations

import numpy as np
import pytest
from causal_worlds import FRONT_DOOR, behind_a_front_door

from agentos_lab.causal import estimate_effect


@pytest.mark.parametrize(("linear", "truth"), [(False, 0.9), (True, 1.05)])
def test_bias_and_coverage_where_the_truth_is_known(linear, truth):
    found = [
        estimate_effect(behind_a_front_door(seed, linear=linear), FRONT_DOOR, "x", "y", "front_door")
        for seed in range(100)
    ]
    assert ("linear" in found[0].settings) == linear
    values = np.array([one.value for one in found])
    assert abs(values.mean() - truth) < 3 * values.std(ddof=1) / 10
    assert 88 <= sum(one.interval[0] < truth < one.interval[1] for one in found) <= 100
    assert np.mean([one.std_error for one in found]) == pytest.approx(values.std(ddof=1), rel=0.2)


def test_in_cells_it_is_the_plug_in_estimate():
    data = behind_a_front_door(3).assign(y=lambda table: (table["y"] > 0) * 1)
    front = estimate_effect(data, FRONT_DOOR, "x", "y", "front_door")
    plug = estimate_effect(data, FRONT_DOOR, "x", "y", "plug_in", bootstrap=300)
    assert front.value == pytest.approx(plug.value)
    assert front.std_error == pytest.approx(plug.std_error, rel=0.15)
    assert str(front.estimand) == "P(y | do(x)) = Σ_{m} P(m | x) Σ_{x'} P(y | x', m) P(x')"
