"""Tail probabilities against scipy's."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import special, stats

from agentos_lab.causal.tail_probability import chi_square_tail, gamma_tail, normal_tail


@given(st.integers(1, 5000), st.floats(0, 20))
def test_the_tail_of_chi_square_is_that_of_scipy(freedom: int, share: float) -> None:
    statistic = share * freedom
    assert chi_square_tail(statistic, freedom) == pytest.approx(stats.chi2.sf(statistic, freedom), rel=1e-9, abs=1e-12)


@given(st.floats(0.01, 300), st.floats(0, 600))
def test_the_incomplete_gamma_function_is_that_of_scipy(shape: float, x: float) -> None:
    assert gamma_tail(shape, x) == pytest.approx(special.gammaincc(shape, x), rel=1e-9, abs=1e-12)


@pytest.mark.parametrize("statistic", [30.0, 200.0, 1000.0, 1400.0])
def test_far_out_the_tail_is_small_but_right(statistic: float) -> None:
    assert chi_square_tail(statistic, 3) == pytest.approx(stats.chi2.sf(statistic, 3), rel=1e-9)


def test_the_ends_of_the_scale_are_one_and_nought() -> None:
    assert chi_square_tail(0, 4) == 1 and chi_square_tail(math.inf, 4) == 0 and chi_square_tail(1e6, 2) == 0
    assert chi_square_tail(0, 0) == 1 and chi_square_tail(0.1, 0) == 0


@pytest.mark.parametrize(("statistic", "freedom"), [(-1.0, 2), (1.0, -2)])
def test_a_negative_argument_is_refused(statistic: float, freedom: float) -> None:
    with pytest.raises(ValueError, match="≥ 0"):
        chi_square_tail(statistic, freedom)


@given(st.floats(-30, 30))
def test_the_normal_tail_is_that_of_scipy(z: float) -> None:
    assert normal_tail(z) == pytest.approx(2 * stats.norm.sf(abs(z)), rel=1e-12)
