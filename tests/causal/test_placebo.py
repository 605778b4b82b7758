"""Placebo treatments and negative controls: they pass where the graph is right and fail where it is not."""

from __future__ import annotations

import numpy as np
import pytest
from causal_studies import CONFOUNDED, confounded

from agentos_lab.causal import estimate_effect, negative_control, placebo_treatment


def with_control(seed):
    data = confounded(seed)
    return data.assign(weight=data["z"] + np.random.default_rng(seed + 100).normal(size=len(data)))


def test_shuffled_treatments_have_no_effect():
    found = placebo_treatment(confounded(0), CONFOUNDED, "x", "y", replicates=40)
    assert abs(found.values.mean()) < 3 * found.values.std(ddof=1) / np.sqrt(40)
    assert found.p_value == pytest.approx(1 / 41) and "the real one" in str(found)
    nothing = confounded(1, effect=0.0)
    assert placebo_treatment(nothing, CONFOUNDED, "x", "y", replicates=40).p_value > 0.05
    assert found.plot().alt == str(found)


def test_any_method_can_be_put_to_the_test():
    found = placebo_treatment(confounded(2, 200), CONFOUNDED, "x", "y", "ipw", replicates=5, normalize=False)
    assert (
        found.estimate.value == estimate_effect(confounded(2, 200), CONFOUNDED, "x", "y", "ipw", normalize=False).value
    )


def test_a_negative_control_passes_where_the_graph_is_right():
    graph = "z, c -> x -> y; z, c -> y; z -> weight"
    runs = [negative_control(with_control(seed), graph, "x", "y", "weight") for seed in range(40)]
    passed = [run for run in runs if run.passed]
    assert 34 <= len(passed) <= 40 and "nothing speaks against" in str(passed[0])  # 95 % of them should
    assert passed[0].real.value == pytest.approx(2, abs=0.4)


def test_a_negative_control_fails_where_a_cause_was_forgotten():
    found = negative_control(with_control(4), "c -> x -> y; c -> y; weight", "x", "y", "weight")
    assert not found.passed and "something common is left" in str(found)
    assert found.real.value > 2.5


@pytest.mark.parametrize(
    ("graph", "message"),
    [
        ("z, c -> x -> y; z, c -> y; x -> weight", "x changes weight in this graph"),
        ("z, c, weight -> x -> y; z, c, weight -> y", "weight is adjusted for and cannot serve"),
    ],
)
def test_what_is_no_control_is_refused(graph, message):
    with pytest.raises(ValueError, match=message):
        negative_control(with_control(5), graph, "x", "y", "weight")


@pytest.mark.parametrize("method", ["2sls", "front_door", "plug_in"])
def test_a_negative_control_is_for_methods_that_adjust(method):
    with pytest.raises(ValueError, match=f"tests an adjustment, and method '{method}' makes none"):
        negative_control(with_control(5), "z, c -> x -> y; z, c -> y; z -> weight", "x", "y", "weight", method)


def test_a_negative_control_of_the_bare_difference_needs_no_set():
    data = with_control(5).assign(x=np.random.default_rng(1).permutation(with_control(5)["x"]))
    assert negative_control(data, "x -> y; z -> y; z -> weight", "x", "y", "weight", "difference").passed


def test_results_show_themselves_as_they_print():
    test = placebo_treatment(confounded(6), CONFOUNDED, "x", "y", replicates=3)
    assert repr(test) == str(test)


def test_too_few_shuffles_are_refused():
    with pytest.raises(ValueError, match="at least 2 replicates"):
        placebo_treatment(confounded(6), CONFOUNDED, "x", "y", replicates=1)
