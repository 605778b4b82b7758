"""Fitted models against frequencies, plug-in estimands, least squares, and the models that the data came from."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import STONES

from agentos_lab.causal.identification import identify
from agentos_lab.causal.noise import Normal
from agentos_lab.causal.structural_model import StructuralCausalModel

GRAPH = "Z -> X -> Y; Z -> Y"


def stones() -> pd.DataFrame:
    rows = [cell for cell, count in STONES.items() for _ in range(count)]
    return pd.DataFrame(rows, columns=["X", "Z", "Y"])


def test_a_complete_graph_gives_the_frequencies_back() -> None:
    data = stones()
    joint = StructuralCausalModel.fit(GRAPH, data).joint()
    for (x, z, y), count in STONES.items():
        assert joint.xs((x, z, y), level=("X", "Z", "Y")).sum() == pytest.approx(count / 700, abs=1e-12)


def test_an_intervention_on_the_fitted_model_is_the_plug_in_estimate() -> None:
    data = stones()
    estimate = identify(GRAPH, "P(Y | do(X))").estimand.estimate(data)
    model = StructuralCausalModel.fit(GRAPH, data)
    for x in "AB":
        done = model.do({"X": x}).joint()
        assert done.xs(1, level="Y").sum() == pytest.approx(estimate[1, x], abs=1e-12)


def test_a_line_is_least_squares_and_its_counterfactual_keeps_the_residual() -> None:
    generator = np.random.default_rng(0)
    z = generator.normal(size=300)
    x = 0.8 * z + generator.normal(size=300)
    data = pd.DataFrame({"Z": z, "X": x, "Y": 2 * x - z + generator.normal(size=300)})
    model = StructuralCausalModel.fit(GRAPH, data)
    design = np.column_stack([np.ones(300), data["X"], data["Z"]])
    _, slope, _ = np.linalg.lstsq(design, data["Y"], rcond=None)[0]
    unit = data.iloc[7].to_dict()
    imagined = model.counterfactual(unit, {"X": unit["X"] + 1}, "Y")
    assert imagined.method.startswith("exact") and imagined.mean == pytest.approx(unit["Y"] + slope, abs=1e-9)
    assert isinstance(model.noise["U_Y"], Normal) and model.noise["U_Y"].sd == pytest.approx(1, abs=0.1)


def test_a_higher_rank_never_has_a_lower_value() -> None:
    data = pd.DataFrame({"X": [0] * 10 + [1] * 10, "Y": [0] * 6 + [1] * 4 + [0] * 2 + [1] * 8})
    model = StructuralCausalModel.fit("X -> Y", data)
    helped = model.counterfactual({"X": 0, "Y": 0}, {"X": 1}, "Y")
    assert helped.mean == pytest.approx((0.6 - 0.2) / 0.6)  # P(Y_1=1, Y_0=0) / P(Y_0=0) if nobody is harmed
    assert model.counterfactual({"X": 0, "Y": 1}, {"X": 1}, "Y").mean == pytest.approx(1)


@pytest.mark.parametrize(
    ("graph", "data", "message"),
    [
        ("X -> Y; X <-> Y", pd.DataFrame({"X": [0, 1], "Y": [0, 1]}), "X <-> Y stands for a common cause"),
        ("X -> Q", pd.DataFrame({"X": [0, 1], "Y": [0, 1]}), "no column 'Q'"),
        ("X -> Y", pd.DataFrame({"X": [0.0, None, 1.0], "Y": [0, 1, 1]}), "'X' has 1 missing"),
        ("X -> Y", pd.DataFrame({"X": np.arange(30.0), "Y": [0, 1] * 15}), r"cut that into classes"),
        ("X, Z -> Y", pd.DataFrame({"X": [0, 1], "Z": [0, 1], "Y": [0, 1]}), "no row has X=0, Z=1"),
        (
            "X, Z -> Y",
            pd.DataFrame({"X": np.arange(30.0), "Z": -np.arange(30.0), "Y": np.arange(30.0)}),
            "Z follows from the other",
        ),
        (
            "A, B, C, D, E, F, G, H, I, J -> Y",
            pd.DataFrame(np.random.default_rng(0).normal(size=(11, 11)), columns=list("ABCDEFGHIJY")),
            "11 rows are too few for the equation of Y with 11 coefficients",
        ),
        ("X -> Y", pd.DataFrame({"X": ["a", "b"] * 15, "Y": np.arange(30.0)}), "must hold numbers, not 'a'"),
    ],
)
def test_what_cannot_be_fitted_is_named_with_the_remedy(graph: str, data: pd.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        StructuralCausalModel.fit(graph, data)


def test_a_value_that_was_never_seen_is_refused() -> None:
    model = StructuralCausalModel.fit("X -> Y", pd.DataFrame({"X": [0, 1, 0, 1], "Y": [0, 1, 1, 0]}))
    with pytest.raises(ValueError, match="X is never 7"):
        model.do(X=7).sample(3)
