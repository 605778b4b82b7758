"""The bootstrap: the same answer from every executor, the right spread, failures counted."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

import numpy as np
import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect
from agentos_lab.causal.bootstrap import bootstrap, bootstrap_counts, percentile_interval

VALUES = np.random.default_rng(0).normal(size=300)


def mean(rows):
    return VALUES[rows].mean()


def test_the_spread_of_a_mean_is_its_standard_error():
    found = bootstrap(mean, 300, replicates=800)
    assert found.std(ddof=1) == pytest.approx(VALUES.std() / np.sqrt(300), rel=0.1)
    low, high = percentile_interval(found, 0.9)
    assert np.mean((found > low) & (found < high)) == pytest.approx(0.9, abs=0.01)


def test_any_executor_gives_the_same_answer():
    alone = bootstrap(mean, 300, replicates=37, seed=5)
    with ThreadPoolExecutor(3) as threads:
        np.testing.assert_array_equal(bootstrap(mean, 300, replicates=37, seed=5, executor=threads), alone)
    assert not np.array_equal(bootstrap(mean, 300, replicates=37, seed=6), alone)


def test_a_pool_of_processes_estimates_an_effect():
    data, options = confounded(0, 200), {"method": "g_formula", "bootstrap": 20, "seed": 2}
    alone = estimate_effect(data, CONFOUNDED, "x", "y", **options)
    with ProcessPoolExecutor(1) as processes:
        shared = estimate_effect(data, CONFOUNDED, "x", "y", executor=processes, **options)
    np.testing.assert_array_equal(shared.replicates, alone.replicates)


def test_a_statistic_may_have_several_parts():
    found = bootstrap(lambda rows: np.array([mean(rows), -mean(rows)]), 300, replicates=4)
    assert found.shape == (4, 2) and (found[:, 0] == -found[:, 1]).all()


def test_few_failures_are_left_out_and_many_refused():
    def fragile(rows):
        if rows[0] < limit:
            raise ValueError("an unlucky sample")
        return 1.0

    limit = 10
    assert 90 <= len(bootstrap(fragile, 300, replicates=100)) < 100
    limit = 150
    with pytest.raises(ValueError, match=r"of 100 bootstrap samples could not be estimated; .* an unlucky sample"):
        bootstrap(fragile, 300, replicates=100)


def test_counts_are_of_rows_drawn():
    counts = bootstrap_counts(50, 7, seed=1)
    assert counts.shape == (7, 50) and (counts.sum(axis=1) == 50).all()


def test_too_few_replicates_are_refused():
    with pytest.raises(ValueError, match="at least 2 replicates"):
        bootstrap(mean, 300, replicates=1)
