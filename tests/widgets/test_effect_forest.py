"""EffectForest in Python: rows, agreement with published figures, diagnostics, refusals, the static picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import EffectEstimate, compare_effects, difference_in_means, estimate_effect
from widgets import EffectForest
from widgets.effect_forest_state import PANEL, agreement, axis_of, decimals

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def estimate(value=3.4412, low=2.4105, high=4.4719, **more):
    more = {"method": "ipw", "n": 1566, "estimand": "E", "treatment": "A", "outcome": "Y"} | more
    return EffectEstimate(value, 0.5, (low, high), **more)


@pytest.fixture(scope="module")
def data():
    generator = np.random.default_rng(3)
    age = generator.normal(0, 1, 400)
    treated = (generator.random(400) < 1 / (1 + np.exp(-age))).astype(int)
    return pd.DataFrame({"age": age, "A": treated, "Y": 2 * treated + age + generator.normal(0, 1, 400)})


@pytest.fixture(scope="module")
def estimates(data):
    graph = "age -> A -> Y; age -> Y"
    found = {"as seen": difference_in_means(data, "A", "Y")}
    return found | {name: estimate_effect(data, graph, "A", "Y", name) for name in ("ipw", "regression", "matching")}


@pytest.mark.parametrize(
    ("published", "good", "told"),
    [((3.44,), True, "equal in all printed digits"), ((3.44, 2.41, 4.47), True, "equal in all printed digits"),
     ((3.4, 2.4, 4.5), True, "equal in all printed digits"), ((3.44, 2.5, 4.47), False, "equal, but for the interval"),
     ((3.52,), False, "0.08 away"), ((3.0,), False, "0.44 away")],
)  # fmt: skip
def test_an_estimate_agrees_if_it_rounds_to_what_was_printed(published, good, told):
    assert agreement(estimate(), published) == (good, told)


@given(st.integers(-(10**6), 10**6), st.integers(0, 4))
def test_decimals_are_those_that_were_written(whole, places):
    figure = float(f"{whole}.{'1' * places}") if places else whole
    assert decimals(figure) == places


@given(st.floats(-1e4, 1e4), st.floats(0.01, 1e4))
def test_an_axis_holds_its_figures_and_has_few_ticks(low, wide):
    axis = axis_of(low, low + wide)
    assert axis["low"] <= low and axis["high"] >= low + wide
    assert 2 <= len(axis["ticks"]) <= 9
    assert all(axis["low"] <= tick <= axis["high"] for tick, _ in axis["ticks"])
    if low < 0 < low + wide:
        assert 0 in [tick for tick, _ in axis["ticks"]]


def test_rows_hold_what_the_estimates_say(estimates):
    view = EffectForest(estimates, {"ipw": round(estimates["ipw"].value, 2), "regression": 9.0})
    rows = view.state["rows"]
    assert [row["label"] for row in rows] == list(estimates)
    for row, one in zip(rows, estimates.values(), strict=True):
        assert (row["value"], row["low"], row["high"]) == (one.value, *one.interval)
    assert [row["agrees"] for row in rows] == [False, True, False, False]
    values = [rows[k]["value"] for k in view.state["order"]]
    assert values == sorted(values)
    assert "do(" in view.state["meta"]


def test_the_sentence_follows_the_row(estimates):
    view = EffectForest(estimates, {"ipw": round(estimates["ipw"].value, 2)}, row=1)
    assert view.sentence.startswith("ipw: ") and view.sentence.endswith("equal in all printed digits.")
    assert view.estimate is estimates["ipw"]
    view.row = 99
    assert view.sentence.startswith("matching: ") and "published" not in view.sentence


def test_balance_overlap_and_their_absence_are_drawn(estimates):
    view = EffectForest(estimates, row=1)
    shown = texts(view.svg())
    assert {"ipw: what it rests on", "Balance", "Overlap", "age"} <= set(shown)
    assert any(text.startswith("weights ") for text in shown)
    view.row = 0
    assert "this method uses no propensity score" in texts(view.svg())


def test_warnings_are_shown():
    view = EffectForest([estimate(diagnostics={"notes": ["one row carries 30% of all weight: overlap is poor"]})])
    assert any(text.startswith("! one row carries") for text in texts(view.svg()))


def test_a_comparison_brings_its_published_figures(estimates):
    comparison = compare_effects(estimates, {"ipw": 2.0})
    assert EffectForest(comparison).state["rows"][1]["published"] == [2.0]
    assert EffectForest(list(estimates.values())).state["rows"][1]["label"] == "ipw"


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: EffectForest([]), "nothing to compare"),
        (lambda: EffectForest([estimate()], {"aipw": 3.4}), "a published figure is given for 'aipw'"),
        (lambda: EffectForest([estimate()], {"ipw": (3.4, 2.4)}), r"a number or \(figure, low, high\)"),
        (lambda: EffectForest([estimate()], {"ipw": "3.4"}), r"a number or \(figure, low, high\)"),
        (lambda: EffectForest(estimate()), "a single estimate has nothing beside it"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_a_wrong_order_is_refused():
    with pytest.raises(traitlets.TraitError):
        EffectForest([estimate()], order="by name")


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("count", [1, 7, 14])
def test_the_picture_stays_inside_its_frame(width, count):
    many = {f"a method with a long name {k}": estimate(-8497.52 + 900 * k, -9000.0, 9000.0) for k in range(count)}
    view = EffectForest(many, {"a method with a long name 0": -8497.52}, width=width, order="by value")
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 540
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0


def test_a_panel_stays_in_its_box(estimates):
    for row in EffectForest(estimates).state["rows"]:
        for word, place, _ in row["panel"]:
            if word == "text":
                assert 0 <= place[0] <= PANEL[0] and 0 <= place[1] <= PANEL[1]


def test_the_state_is_json_and_the_picture_the_same_every_time(estimates):
    view = EffectForest(estimates, row=1)
    json.dumps(view.state)
    assert view.svg() == EffectForest(estimates, row=1).svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
