"""Matching against brute force, stratification on discrete covariates, and the worked example of the Mixtape."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import CONFOUNDED, confounded
from scipy.spatial.distance import cdist

from agentos_lab.causal import estimate_effect
from agentos_lab.causal.matching import nearest

GRAPH = "z, w -> x -> y; z, w -> y"


def world(seed, count=120):
    generator = np.random.default_rng(seed)
    z, w = generator.normal(size=(2, count)) * [[1], [100]]
    x = (generator.random(count) < 1 / (1 + np.exp(-z))).astype(int)
    return pd.DataFrame({"z": z, "w": w, "x": x, "y": x + z + w / 100 + generator.normal(size=count)})


@pytest.mark.parametrize("target", ["ATE", "ATT", "ATC"])
@pytest.mark.parametrize("count", [1, 4])
def test_matches_are_the_nearest_by_mahalanobis_distance(target, count):
    data = world(0)
    points, y, x = data[["z", "w"]].to_numpy(), data["y"].to_numpy(), data["x"].to_numpy()
    distances = cdist(points, points, "mahalanobis", VI=np.linalg.inv(np.cov(points.T)))
    effects = []
    for unit in range(len(data)):
        if {"ATE": True, "ATT": x[unit] == 1, "ATC": x[unit] == 0}[target]:
            others = np.flatnonzero(x != x[unit])
            matches = others[np.argsort(distances[unit, others])[:count]]
            effects.append((2 * x[unit] - 1) * (y[unit] - y[matches].mean()))
    options = {"neighbours": count, "target": target, "bias_correction": False}
    assert estimate_effect(data, GRAPH, "x", "y", "matching", **options).value == pytest.approx(np.mean(effects))


def test_on_discrete_covariates_it_is_stratification():
    data = confounded(2).drop(columns="z")
    found = estimate_effect(data, "c -> x -> y; c -> y", "x", "y", "matching")
    means = data.groupby(["c", "x"])["y"].mean().unstack()
    by_stratum = (means[1] - means[0]) @ data["c"].value_counts(normalize=True)
    assert found.value == pytest.approx(by_stratum)


def test_all_neighbours_at_the_same_distance_count():
    ((who, match),) = nearest(np.array([[0.0]]), np.array([[1.0], [-1.0], [2.0], [1.0]]), 1)
    assert (who.tolist(), match.tolist()) == ([0, 0, 0], [0, 1, 3])


def test_small_portions_give_the_same(monkeypatch):
    data = world(3)
    whole = estimate_effect(data, GRAPH, "x", "y", "matching")
    monkeypatch.setattr("agentos_lab.causal.matching._CELLS", 200)
    parts = estimate_effect(data, GRAPH, "x", "y", "matching")
    assert (parts.value, parts.std_error) == pytest.approx((whole.value, whole.std_error))


def test_the_trainees_of_the_mixtape():
    """Ten trainees matched by age with twenty others: 11,075 − 9,380 = 1,695 (Cunningham 2021, section 5.3)."""
    from causaldata import training_example

    table = training_example.load_pandas().data.iloc[:20]  # below stand sums
    treated = table[["age_treat", "earnings_treat"]].dropna().set_axis(["age", "earnings"], axis=1).assign(trained=1)
    control = (
        table[["age_control", "earnings_control"]].dropna().set_axis(["age", "earnings"], axis=1).assign(trained=0)
    )
    data = pd.concat([treated, control], ignore_index=True).astype(float)
    found = estimate_effect(data, "age -> trained -> earnings; age -> earnings", "trained", "earnings", "matching",
                            target="ATT", bias_correction=False)  # fmt: skip
    assert found.value == pytest.approx(1695)


def test_bias_correction_mends_what_distance_leaves():
    truth, found = 2.0, {}
    for corrected in (False, True):
        runs = [
            estimate_effect(
                confounded(seed, 300), CONFOUNDED, "x", "y", "matching", bias_correction=corrected, neighbours=4
            )
            for seed in range(20)
        ]
        found[corrected] = abs(np.mean([one.value for one in runs]) - truth)
    assert found[True] < found[False] / 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"neighbours": 0}, "neighbours must lie between 1"),
        ({"metric": "taxicab"}, "metric must be 'mahalanobis', 'scaled' or 'propensity'"),
        ({"target": "ATO"}, "target must be one of"),
    ],
)
def test_bad_options_are_refused(options, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(world(1), GRAPH, "x", "y", "matching", **options)


def test_with_nothing_to_match_on_it_is_refused():
    with pytest.raises(ValueError, match="nothing to match on; use method='difference'"):
        estimate_effect(world(1), "x -> y", "x", "y", "matching")


@pytest.mark.parametrize("metric", ["scaled", "propensity"])
def test_other_metrics_find_the_effect_too(metric):
    found = estimate_effect(confounded(6, 2000), CONFOUNDED, "x", "y", "matching", metric=metric)
    assert abs(found.value - 2) < 4 * found.std_error
