"""Natural effects: known truths, what the graph must promise, and exact truths of discrete worlds."""

from __future__ import annotations

import numpy as np
import pytest
from causal_worlds import MEDIATION, mediated

from agentos_lab.causal import MediationEstimate, StructuralCausalModel, natural_effects
from agentos_lab.causal.noise import Bernoulli


def test_without_a_product_the_parts_add_up():
    found = natural_effects(mediated(0), MEDIATION, "x", "m", "y", interaction=False, bootstrap=20)
    assert isinstance(found, MediationEstimate) and abs(found.together) < 1e-10
    assert found.total.value == pytest.approx(found.direct.value + found.indirect.value)
    assert found.adjusted_for == ("w",) and "indirect / total = " in str(found)
    assert "<table>" in found._repr_html_() and found.plot().alt.startswith("Forest plot: direct")


def test_in_a_discrete_world_it_is_the_nested_counterfactual():
    """M and Y are 0 or 1; both worlds of each unit are computed from the same noise."""
    model = StructuralCausalModel(
        "X = U_X; M = A * X + B * (1 - X); Y = C * X * M + D * X * (1 - M) + E * (1 - X) * M + F * (1 - X) * (1 - M)",
        noise={
            name: Bernoulli(p) for name, p in zip(("U_X", *"ABCDEF"), (0.5, 0.7, 0.3, 0.9, 0.6, 0.5, 0.2), strict=True)
        },
    )
    found = natural_effects(model.sample(20_000, seed=1), model.graph, "X", "M", "Y", bootstrap=30)
    direct = 0.3 * (0.9 - 0.5) + 0.7 * (0.6 - 0.2)
    indirect = (0.7 - 0.3) * (0.5 - 0.2)
    total = (0.7 * 0.9 + 0.3 * 0.6) - (0.3 * 0.5 + 0.7 * 0.2)
    for part, expected in ((found.direct, direct), (found.indirect, indirect), (found.total, total)):
        assert abs(part.value - expected) < 4 * part.std_error


def test_several_mediators_together_and_words_as_mediators():
    data = mediated(1, 3000).assign(k=lambda table: np.where(table["m"] > 0, "up", "down"))
    found = natural_effects(
        data, "w -> x, m, k, y; x -> m -> y; x -> y; m -> k -> y", "x", ["m", "k"], "y", bootstrap=20
    )
    assert found.mediators == ("m", "k") and abs(found.indirect.value - 1) < 5 * found.indirect.std_error


@pytest.mark.parametrize(
    ("graph", "options", "message"),
    [
        (MEDIATION + "; m <-> y", {}, r"natural effects through m cannot be had by adjustment: m <-> y is not causal"),
        (MEDIATION + "; x -> l -> m; l -> y", {}, r"cannot be had by adjustment: m <- l -> y .*into the mediators"),
        (MEDIATION + "; x <-> m", {}, r"cannot be had by adjustment: x <-> m"),
        (MEDIATION, {"adjust_for": ()}, r"adjusting for nothing does not do: "),
        (MEDIATION + "; x -> l", {"adjust_for": ["w", "l"]}, r"l is changed by x"),
        ("w -> x, y; x -> m; x -> y", {}, r"'m' carries nothing from x to y in this graph"),
        (MEDIATION, {"terms": ["l"]}, r"the term l uses 'l'"),
    ],
)
def test_what_the_graph_does_not_promise_is_refused(graph, options, message):
    data = mediated(2).assign(l=lambda table: np.cos(np.arange(len(table))))
    with pytest.raises(ValueError, match=message):
        natural_effects(data, graph, "x", "m", "y", bootstrap=5, **options)


def test_bad_data_are_refused():
    with pytest.raises(ValueError, match="no column 'm'"):
        natural_effects(mediated(3).drop(columns="m"), MEDIATION, "x", "m", "y")
    with pytest.raises(ValueError, match="'mediation' needs a treatment that is 0 or 1"):
        natural_effects(mediated(3).assign(x=lambda table: table["w"] * table["m"]), MEDIATION, "x", "m", "y")
    with pytest.raises(ValueError, match="'y' is the treatment or the outcome"):
        natural_effects(mediated(3), MEDIATION, "x", "y", "y")
