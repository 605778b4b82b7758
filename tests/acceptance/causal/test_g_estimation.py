"""Standard errors of g-estimation agree with the bootstrap's."""

from __future__ import annotations

import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect


def test_errors_agree_with_the_bootstrap():
    data = confounded(2)
    by_formula = estimate_effect(data, CONFOUNDED, "x", "y", "g_estimation")
    drawn = estimate_effect(data, CONFOUNDED, "x", "y", "g_estimation", bootstrap=200)
    assert drawn.std_error == pytest.approx(by_formula.std_error, rel=0.2)
