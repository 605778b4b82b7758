"""The front door: its formula by counting, a product of coefficients, and the truth in simulated worlds."""

from __future__ import annotations

import numpy as np
import pytest
from causal_worlds import FRONT_DOOR, behind_a_front_door

from agentos_lab.causal import estimate_effect


def test_the_bootstrap_agrees_with_the_formula():
    data = behind_a_front_door(4, linear=True)
    by_formula = estimate_effect(data, FRONT_DOOR, "x", "y", "front_door")
    drawn = estimate_effect(data, FRONT_DOOR, "x", "y", "front_door", bootstrap=200)
    assert drawn.std_error == pytest.approx(by_formula.std_error, rel=0.2)


def test_two_mediators_together():
    data = behind_a_front_door(5).assign(k=lambda table: (table["x"] + np.arange(len(table))) % 2)
    found = estimate_effect(data, "x -> m, k -> y; x <-> y", "x", "y", "front_door")
    assert found.settings == "through m, k, cells"


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        ("x -> m -> y; x <-> y; x -> y", {}, r"the causal path x -> y passes it by"),
        ("x -> m -> y; x <-> y; x <-> m", {"mediators": "m"}, r"m is no front-door set: the back-door path x <-> m"),
        (FRONT_DOOR, {"model": "curved"}, r"model must be 'cells', 'linear' or 'auto'"),
        (FRONT_DOOR, {"adjust_for": "m"}, r"no use for adjust_for='m': it rests on front door"),
    ],
)
def test_what_is_no_front_door_is_refused(graph, options, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(behind_a_front_door(6), graph, "x", "y", "front_door", **options)


def test_a_linear_model_needs_numbers():
    data = behind_a_front_door(8).assign(m=lambda table: np.where(table["m"] == 1, "tar", "none"))
    assert estimate_effect(data, FRONT_DOOR, "x", "y", "front_door").settings == "through m, cells"
    with pytest.raises(ValueError, match="column 'm' is a mediator of a linear model and must hold numbers"):
        estimate_effect(data, FRONT_DOOR, "x", "y", "front_door", model="linear")


def test_an_empty_cell_is_named():
    data = behind_a_front_door(7)
    data = data[(data["x"] == 1) | (data["m"] == 0)]
    with pytest.raises(ValueError, match=r"no overlap: no row has x=0, m=1; merge rare values"):
        estimate_effect(data, FRONT_DOOR, "x", "y", "front_door")
