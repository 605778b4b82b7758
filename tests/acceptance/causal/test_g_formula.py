"""Standard errors of the g-formula agree with the bootstrap's."""

from __future__ import annotations

import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect


def g_formula(data, **options):
    return estimate_effect(data, CONFOUNDED, "x", "y", "g_formula", **options)


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC"])
@pytest.mark.parametrize("model", ["linear", "logit"])
def test_errors_agree_with_the_bootstrap(model, target):
    data = confounded(1, varying=0.5)
    if model == "logit":
        data = data.assign(y=(data["y"] > 1) * 1)
    options = {"outcome_model": model, "target": target, "terms": ["x:z"]}
    drawn = g_formula(data, bootstrap=200, **options)
    assert g_formula(data, **options).std_error == pytest.approx(drawn.std_error, rel=0.2)
