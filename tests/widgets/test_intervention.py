"""InterventionLab in Python: the three answers against exact ones, words, persons, refusals, the static picture."""

from __future__ import annotations

import json
from xml.etree import ElementTree

import numpy as np
import pytest
import traitlets
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.causal import Bernoulli, Categorical, CausalGraph, Normal, StructuralCausalModel
from widgets import InterventionLab
from widgets.intervention_examples import exercise
from widgets.intervention_numbers import Axis, density_of, imagined_curves, simulate, smooth
from widgets.intervention_sketches import done_sketches, seen_sketch, twin_sketch
from widgets.intervention_state import at_value

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def view():
    return InterventionLab()


def coins():
    noise = {"U": Bernoulli(0.5), "E": Bernoulli(0.2), "F": Bernoulli(0.3)}
    return StructuralCausalModel("Z = U; X = Z ^ E; Y = (X & F) | Z", noise)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_seeing_doing_and_imagining_agree_with_the_exact_answers():
    model = exercise()
    found = simulate(model, "X", "Y", 0)
    at = at_value(found.grid, 6.0)
    x = found.grid[at]
    age = 50 + 0.12 * 100 / (0.12**2 * 100 + 0.8**2) * (x - 5)  # E[A | X = x] of jointly normal A and X
    assert found.seen.mean[at] == pytest.approx(-1.2 + 0.12 * age - 0.004 * age * x, abs=0.03)
    assert found.done.mean[at] == pytest.approx(-1.2 + 6.0 - 0.2 * x, abs=0.03)
    _, ada = imagined_curves(model, "X", "Y", {"A": 62, "X": 5.0, "Y": 5.2}, found, 0)
    noise = 5.2 - (-1.2 + 0.12 * 62 - 0.004 * 62 * 5)
    assert ada.mean[at] == pytest.approx(-1.2 + 0.12 * 62 - 0.004 * 62 * x + noise)
    assert ada.sd[at] < 1e-9


def test_a_discrete_model_is_counted_out():
    model = coins()
    found = simulate(model, "X", "Y", 3)
    assert found.x.levels == (0.0, 1.0) and found.y.levels == (0.0, 1.0) and found.window == 0
    joint = model.joint()
    seen = [joint.xs(x, level="X").groupby("Y").sum().pipe(lambda p: p[1] / p.sum()) for x in (0, 1)]
    assert np.allclose(found.seen.mean, seen, atol=0.02)
    done = [float(model.do(X=x).joint().groupby("Y").sum()[1]) for x in (0, 1)]
    assert np.allclose(found.done.mean, done, atol=0.03)
    _, curves = imagined_curves(model, "X", "Y", {"X": 0, "Y": 0}, found, 0)
    exact = model.counterfactual({"X": 0, "Y": 0}, {"X": 1}, "Y").mean
    assert curves.mean[1] == pytest.approx(exact) and curves.density[1, 1] == pytest.approx(exact)


def test_without_confounding_seeing_is_doing():
    found = simulate(exercise(ageing=0.0, noise=0.2), "X", "Y", 1)
    inner = slice(35, 65)
    gap = found.seen.mean[inner] - found.done.mean[inner]
    assert np.nanmax(np.abs(gap)) < 0.35  # what is left is that age changes the slope
    confounded = simulate(exercise(), "X", "Y", 1)
    assert np.nanmax(np.abs((confounded.seen.mean - confounded.done.mean)[inner])) > 2 * np.nanmax(np.abs(gap))


def test_the_seen_curve_stops_where_nobody_is_seen():
    found = simulate(exercise(), "X", "Y", 0)
    assert np.isnan(found.seen.mean[[0, -1]]).all() and not np.isnan(found.done.mean).any()
    assert (found.near >= 0).all() and found.near.max() <= len(found.records["X"])


@given(st.lists(st.floats(0, 1), min_size=12, max_size=30))
def test_smoothing_keeps_the_total(shares):
    assert smooth(shares).sum() == pytest.approx(sum(shares))
    assert (smooth(shares) >= 0).all()


def test_a_density_sums_to_one_on_its_axis():
    values = np.random.default_rng(0).normal(0, 1, 500)
    assert density_of(values, np.ones(500), Axis(-5, 5)).sum() == pytest.approx(1)
    assert density_of(np.array([0, 1, 1, 1]), np.ones(4), Axis(-0.5, 1.5, (0.0, 1.0))).tolist() == [0.25, 0.75]


# --- the view ----------------------------------------------------------------------------------------------------


def test_the_sentence_gives_the_three_answers(view):
    view.x = 7.0
    assert view.sentence == (
        "With exercise 7.0 h, cholesterol is seen to be 4.4 mmol/L; were everyone set to it, 3.4; Ada, at 5.2 with "
        "5.0 h, would have 4.7."
    )
    view.x = 0.0
    assert view.sentence.startswith("Nobody is seen with exercise ")
    view.x = 7.0


def test_the_picture_holds_the_numbers_and_the_surgery(view):
    shown = texts(view.svg())
    wanted = "1 Seeing;2 Doing;3 Imagining;4.4;3.4;4.7;seen 4.4;Ada 5.2;↘ −0.20 per h;↘ −0.25 per h;age"
    for text in (*wanted.split(";"), "put all 1,500 at X = 7.0", "keep Ada’s U_Y = +0.20, set X to 7.0"):
        assert text in shown, text
    view.cut = False
    assert "arrows mended: nobody is set, only seen" in texts(view.svg())
    view.cut = True
    view.panels = "three stages"
    shown = texts(view.svg())
    for text in ("1 Abduction", "2 Action", "3 Prediction", "U_Y", "+0.20", "X := 7.0", "X = 0.12 * A - 1 + U_X"):
        assert text in shown, text
    view.panels = "three questions"


def test_a_hidden_variable_leaves_a_spread():
    view = InterventionLab()
    at = at_value(view.state["grid"], 7.0)
    assert view.state["imagined"]["sd"][at] == 0
    view.known = ["A", "X"]
    assert view.state["imagined"]["sd"][at] == pytest.approx(0.32, abs=0.05)
    assert "±" in view.state["abduction"][2]["told"]


def test_a_record_is_imagined_and_sliders_make_another_model():
    view = InterventionLab()
    view.person = 3
    record = {name: column[3] for name, column in view.simulation.records.items()}
    assert view.state["person"]["x"] == pytest.approx(record["X"], abs=1e-4) and "unit 4" in view.sentence
    assert view.state["imagined"]["mean"][at_value(view.state["grid"], record["X"])] == pytest.approx(
        record["Y"], abs=0.02
    )
    steep = view.state["slopes"]["seen"][0]
    view.values = {"ageing": 0.0, "noise": 0.32}
    assert view.state["slopes"]["seen"][0] != steep and view.model.equations["Y"].text.startswith("4.8 + 0 * A")


def test_a_variable_of_words_stands_in_the_record():
    noise = {"U": Categorical(("boy", "girl")), "V": Normal(), "W": Normal()}
    view = InterventionLab(StructuralCausalModel("Z = U; X = where(Z == 'boy', 1, 0) + V; Y = X + W", noise))
    assert view.state["person"]["record"].startswith(("Z = boy, X = ", "Z = girl, X = ")) and view.svg()


@pytest.mark.parametrize("size", [1e-9, 1e12])
def test_an_axis_has_ticks_at_any_scale(size):
    view = InterventionLab(StructuralCausalModel(f"X = U; Y = {size} * (X + V)", {"U": Normal(), "V": Normal()}))
    assert 3 <= len(view.state["y_axis"]["ticks"]) <= 8


def test_a_person_that_cannot_be_imagined_is_told_why():
    model = StructuralCausalModel("X = U; Y = max(X, 0) + 0 * E", {"U": Normal(), "E": Normal()})
    view = InterventionLab(model, person={"name": "Max", "X": 1.0, "Y": 9.0})
    assert "cannot be imagined" in view.state["trouble"] and view.svg()
    assert view.state["imagined"] is None and "Max" not in view.sentence


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: InterventionLab(exercise(), treatment="Q"), "no variable 'Q'"),
        (lambda: InterventionLab(exercise(), treatment="Y"), "both the treatment and the outcome"),
        (lambda: InterventionLab(StructuralCausalModel("X = 1; Y = X + U", {"U": Normal()})), "nothing to compare"),
        (lambda: InterventionLab(exercise(), sliders={"ageing": (0, 1)}), "go with a function"),
        (lambda: InterventionLab(exercise, sliders={"speed": (0, 1)}), "no argument 'speed'"),
        (lambda: InterventionLab(person={"X": 3.0, "Y": 4.0}), "no value for A"),
        (lambda: InterventionLab(known=["Q"]), "known holds 'Q'"),
        (lambda: InterventionLab(5), "a StructuralCausalModel is expected"),
        (lambda: InterventionLab(lambda slope: coins()), "the argument 'slope' has no default"),
        (lambda: InterventionLab(exercise, sliders={"noise": (1, 0.5)}), "not 1 to 0.5"),
        (lambda: InterventionLab(person={"A": 50, "X": "much", "Y": 4.0}), "X = 'much', and a number is expected"),
    ],
)
def test_what_cannot_be_shown_is_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make().compute()


def test_a_wrong_setting_is_refused():
    with pytest.raises(traitlets.TraitError):
        InterventionLab(panels="four")


@pytest.fixture(scope="module")
def two_labs():
    return InterventionLab(), InterventionLab(coins(), x=1.0)


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_stays_inside_its_frame(width, two_labs):
    for view in two_labs:
        for panels in ("three questions", "three stages"):
            view.width, view.panels = width, panels
            document = ElementTree.fromstring(view.svg())
            assert float(document.get("width")) == width and float(document.get("height")) <= 500
            for rect in document.iter(f"{SVG}rect"):
                assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0


def test_the_state_is_json_and_the_picture_the_same_every_time(view):
    json.dumps(view.state)
    assert view.svg() == InterventionLab(x=7.0).svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence


@pytest.mark.parametrize("text", ["X -> Y", "A -> X -> Y; A -> Y", "X -> M -> Y; A -> X; A -> M; B -> Y; X <-> Y"])
def test_graphs_of_other_shapes_are_drawn(text):
    graph = CausalGraph(text)
    parts = done_sketches(graph, "X", "Y", {})
    assert len(parts["spots"]) == sum("X" in edge for edge in graph.bidirected) + len(graph.parents("X"))
    assert seen_sketch(graph, "X", "Y", {"X": "cause"}) and twin_sketch(graph, "X", "Y")


def test_a_common_hidden_cause_reaches_both_worlds_but_not_the_treatment_that_is_set():
    marks = twin_sketch(CausalGraph("X -> Y; X <-> Y"), "X", "Y")
    purple = [
        look for word, place, look in marks if word == "path" and "Q" in place[0] and look["stroke"] == "purple-text"
    ]
    assert len(purple) == 1 + 2 + 3  # X' to Y'; U(Y) to Y and Y'; U(X, Y) to X, Y and Y'


def test_numbers_have_a_real_minus():
    noise = {name: Normal() for name in ("U", "H", "E")}
    view = InterventionLab(StructuralCausalModel("X = U + H; Y = X - 3 * H + E - 9", noise), x=1.0)
    assert "-" not in view.sentence and view.state["keep"].startswith("keep unit 1’s E = ")
