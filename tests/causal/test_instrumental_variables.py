"""Two-stage least squares against statsmodels; Wald's ratio; conditional instruments."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_worlds import INSTRUMENTS, with_instruments
from statsmodels.sandbox.regression.gmm import IV2SLS

from agentos_lab.causal import estimate_effect


@pytest.mark.parametrize("instrument", ["z", ("z", "v")])
def test_it_is_the_one_of_statsmodels(instrument):
    data = with_instruments(0)
    names = [instrument] if isinstance(instrument, str) else list(instrument)
    found = estimate_effect(data, INSTRUMENTS, "x", "y", "2sls", instrument=instrument, adjust_for="w")
    exogenous = data[["x", "w"]].assign(one=1.0)
    theirs = IV2SLS(data["y"], exogenous, data[["w", *names]].assign(one=1.0)).fit()
    assert (found.value, found.std_error) == pytest.approx((theirs.params["x"], theirs.bse["x"]))


def test_the_first_stage_is_a_regression_with_its_f():
    import statsmodels.api as sm

    data = with_instruments(1)
    found = estimate_effect(data, INSTRUMENTS, "x", "y", "iv", instrument=["z", "v"], adjust_for="w")
    first = sm.OLS(data["x"], sm.add_constant(data[["w", "z", "v"]])).fit()
    assert found.diagnostics["first stage F"] == pytest.approx(float(first.f_test("z = 0, v = 0").fvalue), abs=1e-4)
    assert f"z {first.params['z']:.4f} (standard error {first.bse['z']:.4f})" in found.diagnostics["first stage"]


def test_walds_ratio_is_the_simplest_case():
    data = with_instruments(2)
    graph = "z -> x -> y; x <-> y"
    wald, two = (estimate_effect(data, graph, "x", "y", method) for method in ("wald", "2sls"))
    assert (wald.value, wald.std_error) == pytest.approx((two.value, two.std_error))
    means = data.groupby("z")[["x", "y"]].mean()
    assert wald.value == pytest.approx((means["y"][1] - means["y"][0]) / (means["x"][1] - means["x"][0]))
    assert "ratio" in wald.diagnostics and "cov(z, y) / cov(z, x)" in wald.chosen


def test_the_graph_gives_the_instrument_and_what_goes_with_it():
    found = estimate_effect(with_instruments(3), INSTRUMENTS, "x", "y", "2sls", instrument="z")
    assert found.adjusted_for == ("w",) and "z is an instrument for x -> y given w" in found.chosen


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        ("z -> x -> y; z -> y; x <-> y", {"instrument": "z"}, r"z is no instrument for x -> y: z -> y is open"),
        ("z -> x -> y; x <-> y; w", {"instrument": "w"}, r"w is no instrument for x -> y: it says nothing about x"),
        (INSTRUMENTS, {"instrument": "z", "adjust_for": ()}, r"z is no instrument for x -> y: z <- w -> y is open"),
        (INSTRUMENTS, {"instrument": "z", "method": "wald"}, r"no covariates, not z given w; use method='2sls'"),
        ("v -> x -> y; x <-> y", {"method": "wald"}, r"needs an instrument with two values; v has 800"),
        (INSTRUMENTS, {"instrument": "z", "terms": ["x:w"]}, r"no room for the term x:w"),
    ],
)
def test_what_is_no_instrument_is_refused(graph, options, message):
    with pytest.raises(ValueError, match=message):
        estimate_effect(with_instruments(4), graph, "x", "y", **{"method": "2sls", **options})


def test_an_instrument_that_does_not_serve_is_weak_or_refused():
    data = with_instruments(5).assign(z=np.random.default_rng(9).integers(0, 2, 800))
    found = estimate_effect(data, "z -> x -> y; x <-> y", "x", "y", "2sls")
    assert "the instrument is weak" in found.notes[0]
    with pytest.raises(ValueError, match="column 'z' is an instrument and must hold numbers, not '"):
        words = data.assign(z=np.where(data["z"] == 1, "near", "far"))
        estimate_effect(words, "z -> x -> y; x <-> y", "x", "y", "2sls")
    with pytest.raises(ValueError, match="z follows exactly from what is held fixed"):
        estimate_effect(data.assign(z=2 * data["w"]), "w -> z -> x -> y; x <-> y; w -> y", "x", "y", "2sls")
    balanced = pd.DataFrame({"z": [0, 0, 1, 1] * 5, "x": [0, 1, 0, 1] * 5, "y": np.arange(20.0)})
    with pytest.raises(ValueError, match="z does not move x at all in these data"):
        estimate_effect(balanced, "z -> x -> y; x <-> y", "x", "y", "2sls")
