"""E-values: the published example, and what they mean."""

from __future__ import annotations

import math

import pytest
from causal_studies import CONFOUNDED, confounded
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import e_value, estimate_effect


def test_the_published_example():
    """VanderWeele & Ding 2017: breastfeeding and respiratory death, risk ratio 3.9 (1.8 to 8.7)."""
    found = e_value(3.9, (1.8, 8.7))
    assert (round(found.value, 1), round(found.of_interval, 1)) == (7.3, 3.0)
    assert "risk ratios of at least 7.26 with both" in str(found)


@given(st.floats(1.01, 20))
def test_a_cause_of_just_that_strength_explains_the_ratio(ratio):
    """Ding & VanderWeele's bound: a cause with ratios a and b can make a ratio of at most ab / (a + b − 1)."""
    value = e_value(ratio).value
    assert value**2 / (2 * value - 1) == pytest.approx(ratio)
    assert e_value(1 / ratio).value == pytest.approx(value)


def test_an_interval_with_no_effect_in_it_needs_nothing():
    assert e_value(1.4, (0.9, 2.0)).of_interval == 1
    assert e_value(0.5, (0.3, 0.8)).of_interval == pytest.approx(e_value(0.8).value)


def test_an_estimate_becomes_a_ratio():
    data = confounded(0)
    found = estimate_effect(data, CONFOUNDED, "x", "y")
    judged = e_value(found, outcome_sd=data["y"].std())
    assert judged.ratio == pytest.approx(math.exp(0.91 * found.value / data["y"].std()))
    risks = data.assign(y=(data["y"] > 2) * 1)
    share = estimate_effect(risks, CONFOUNDED, "x", "y")
    assert e_value(share, baseline_risk=0.2).ratio == pytest.approx(1 + share.value / 0.2)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((-1.0,), "a risk ratio is positive"),
        ((2.0, (2.5, 3.0)), "must be positive and hold the ratio"),
        ((2.0, (-1.0, 3.0)), "must be positive and hold the ratio"),
    ],
)
def test_what_is_no_ratio_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        e_value(*arguments)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({}, "give outcome_sd .* or baseline_risk"),
        ({"outcome_sd": 1.0, "baseline_risk": 0.2}, "and not both"),
        ({"outcome_sd": 0.0}, "must be positive"),
        ({"baseline_risk": 0.2}, "do not all lie between 0 and 1"),
    ],
)
def test_an_estimate_needs_its_scale(options, message):
    with pytest.raises(ValueError, match=message):
        e_value(estimate_effect(confounded(0), CONFOUNDED, "x", "y"), **options)
