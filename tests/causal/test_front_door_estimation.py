"""The front door: its formula by counting, a product of coefficients, and the truth in simulated worlds."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal import estimate_effect

GRAPH = "x -> m -> y; x <-> y"


def world(seed, count=1500, linear=False):
    generator = np.random.default_rng(seed)
    u = generator.normal(size=count)
    x = (generator.random(count) < 1 / (1 + np.exp(-u))).astype(int)
    noise = generator.normal(size=count)
    m = 0.7 * x + noise if linear else (noise < np.where(x == 1, 0.8416, -0.8416)).astype(int)  # 80 % and 20 %
    return pd.DataFrame({"x": x, "m": m, "y": 1.5 * m - 2 * u + generator.normal(size=count)})


def test_the_bootstrap_agrees_with_the_formula():
    data = world(4, linear=True)
    by_formula = estimate_effect(data, GRAPH, "x", "y", "front_door")
    drawn = estimate_effect(data, GRAPH, "x", "y", "front_door", bootstrap=200)
    assert drawn.std_error == pytest.approx(by_formula.std_error, rel=0.2)


def test_two_mediators_together():
    data = world(5).assign(k=lambda table: (table["x"] + np.arange(len(table))) % 2)
    found = estimate_effect(data, "x -> m, k -> y; x <-> y", "x", "y", "front_door")
    assert found.settings == "through m, k, cells"


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        ("x -> m -> y; x <-> y; x -> y", {}, r"the causal path x -> y passes it by"),
        ("x -> m -> y; x <-> y; x <-> m", {"mediators": "m"}, r"m is no front-door set: the back-door path x <-> m"),
        (GRAPH, {"model": "curved"}, r"model must be 'cells', 'linear' or 'auto'"),
        (GRAPH, {"adjust_for": "m"}, r"no use for adjust_for='m': it rests on front door"),
    ],
)
def test_what_is_no_front_door_is_refused(graph, options, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(world(6), graph, "x", "y", "front_door", **options)


def test_a_linear_model_needs_numbers():
    data = world(8).assign(m=lambda table: np.where(table["m"] == 1, "tar", "none"))
    assert estimate_effect(data, GRAPH, "x", "y", "front_door").settings == "through m, cells"
    with pytest.raises(ValueError, match="column 'm' is a mediator of a linear model and must hold numbers"):
        estimate_effect(data, GRAPH, "x", "y", "front_door", model="linear")


def test_an_empty_cell_is_named():
    data = world(7)
    data = data[(data["x"] == 1) | (data["m"] == 0)]
    with pytest.raises(ValueError, match=r"no overlap: no row has x=0, m=1; merge rare values"):
        estimate_effect(data, GRAPH, "x", "y", "front_door")
