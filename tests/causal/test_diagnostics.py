"""Balance, overlap and weights, by their definitions."""

from __future__ import annotations

import numpy as np
import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect
from agentos_lab.causal.diagnostics import covariate_balance, overlap, weight_summary
from agentos_lab.causal.study import make_study

WORLD = confounded(0)
STUDY = make_study(WORLD, "x", "y", ("z", "c"))


def test_a_standardised_difference_is_in_standard_deviations():
    groups = [WORLD["z"][WORLD["x"] == kind] for kind in (1, 0)]
    spread = np.sqrt(sum(group.var(ddof=1) for group in groups) / 2)
    found = covariate_balance(STUDY, np.ones(len(WORLD)))
    assert found.before[0] == found.after[0] == pytest.approx((groups[0].mean() - groups[1].mean()) / spread)
    assert list(found.table.index) == ["z", "c[low]", "c[middle]"]
    assert "before" in found._repr_html_() and found.plot().alt == str(found)


def test_nothing_adjusted_for_is_no_balance():
    empty = covariate_balance(make_study(WORLD, "x", "y"), np.ones(len(WORLD)))
    assert str(empty) == "no covariates"


def test_the_effective_sample_of_equal_weights_is_all():
    assert weight_summary(np.full(40, 3.0)).effective == pytest.approx(40)
    assert weight_summary(np.array([1.0, 0, 0, 1])).effective == pytest.approx(2)
    heavy = weight_summary(np.array([1.0, 1, 8]))
    assert (heavy.lowest, heavy.highest, heavy.largest_share) == (1, 8, 0.8)


def test_overlap_counts_what_is_near_the_ends():
    scores = np.where(np.arange(len(WORLD)) < 7, 0.995, 0.5)
    found = overlap(STUDY, scores)
    assert found.extreme == 7 and "7 within 0.01 of 0 or 1" in str(found)
    assert found.plot().alt.startswith("Histograms of propensity scores")


def test_a_heavy_row_is_noted():
    data = WORLD.copy()
    data.loc[data["z"].idxmin(), "x"] = 1
    data["z"] = data["z"] * 1.0
    found = estimate_effect(data.assign(z=data["z"] ** 3), CONFOUNDED, "x", "y", "ipw")
    assert any("overlap is poor" in note or "within 0.01" in note for note in found.notes)
