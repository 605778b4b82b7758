"""How an estimate prints, what its numbers mean."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import pytest

from agentos_lab.causal.effect_estimate import EffectEstimate, Estimated, finished, normal_interval


def estimate(value=2.0, std_error=1.0, diagnostics=None, **about):
    return finished(
        Estimated(value, std_error, diagnostics=diagnostics or {}),
        None,
        0.95,
        **{"method": "ipw", "n": 10, "estimand": "", **about},
    )


def test_the_interval_is_the_normal_one():
    low, high = normal_interval(1.0, 2.0, 0.9)
    assert (low, high) == pytest.approx((1 - 2 * 1.6448536, 1 + 2 * 1.6448536))
    assert estimate().p_value == pytest.approx(2 * NormalDist().cdf(-2))
    assert estimate(0.0, 0.0).p_value == 1 and estimate(1.0, 0.0).p_value == 0


def test_the_bootstrap_gives_error_and_percentiles():
    values = np.arange(1000.0)
    found = finished(Estimated(500.0, None), values, 0.9, method="ipw", n=3, estimand="")
    assert found.interval == pytest.approx((49.95, 949.05)) and found.std_error == pytest.approx(values.std(ddof=1))
    assert "1000 bootstrap samples" in str(found) and found.replicates is values


def test_large_numbers_are_printed_with_fewer_decimals():
    assert "= -8,497.52, standard error 583.432, 95% interval" in str(estimate(-8497.52, 583.432))
    assert "= 0.1242, standard error 0.0500" in str(estimate(0.12419, 0.05))


def test_names_are_escaped_in_html():
    shown = estimate(contrast="E[a<b]", diagnostics={"means": "x < y", "notes": ["n < 5"]})._repr_html_()
    assert "E[a&lt;b]" in shown and "x &lt; y" in shown and "n &lt; 5" in shown and "<b>2.0000</b>" in shown


def test_notes_come_last_and_tables_stay_out_of_the_text():
    found = estimate(diagnostics={"table": "two\nlines", "notes": ["look here"]})
    assert isinstance(found, EffectEstimate) and found.notes == ("look here",)
    assert str(found).splitlines()[-1] == "  note: look here" and "two" not in str(found)
