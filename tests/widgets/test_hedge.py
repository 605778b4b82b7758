"""HedgeExplorer in Python: worlds, numbers, words, refusals, the static picture."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.causal import CausalGraph, effect_bounds, identify
from agentos_lab.causal.query import parse_query
from widgets import HedgeExplorer
from widgets.hedge_frames import DIRECTIONS, bow_worlds, is_bow, walk_worlds
from widgets.hedge_layout import place, segments
from widgets.hedge_state import drawn_shares, power_of_ten, span_of

SVG = "{http://www.w3.org/2000/svg}"
BOW = parse_query("P(Y | do(X))")
inside = st.floats(0.02, 0.98)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


@given(st.tuples(inside, inside, inside), st.sampled_from(DIRECTIONS))
def test_all_worlds_of_a_bow_have_the_observed_data(shares, direction):
    worlds = bow_worlds(BOW, shares, direction)
    treated, without, with_it = shares
    table = [(1 - treated) * (1 - without), (1 - treated) * without, treated * (1 - with_it), treated * with_it]
    assert np.allclose(worlds.joint, table, atol=1e-12) and worlds.gap < 1e-12
    assert np.allclose(worlds.types.sum(axis=(1, 2)), 1) and (worlds.types >= -1e-15).all()
    assert (np.diff(worlds.contrast) > 0).all()


@given(st.tuples(inside, inside, inside))
def test_the_ends_of_the_strip_are_the_sharp_bounds(shares):
    worlds = bow_worlds(BOW, shares)
    index = pd.MultiIndex.from_tuples(worlds.cells, names=["X", "Y"])
    bounds = effect_bounds(pd.Series(worlds.joint[0], index=index), "X", "Y")
    assert np.allclose([worlds.contrast[0], worlds.contrast[-1]], [bounds.low, bounds.high], atol=1e-12)


def test_a_direction_moves_one_bar_only():
    one, other = bow_worlds(BOW, (0.5, 0.4, 0.7), "do(1) only"), bow_worlds(BOW, (0.5, 0.4, 0.7), "do(0) only")
    assert np.ptp(one.effects[:, 0]) < 1e-12 < np.ptp(one.effects[:, 1]) and one.steered == 1
    assert np.ptp(other.effects[:, 1]) < 1e-12 < np.ptp(other.effects[:, 0]) and other.steered == 0


@pytest.mark.parametrize("shares", [(0.5, 0.4), (0.0, 0.4, 0.7), (0.5, 0.4, 1.2), ("half", 0.4, 0.7)])
def test_shares_that_are_none_are_refused(shares):
    with pytest.raises(ValueError, match="strictly between 0 and 1"):
        bow_worlds(BOW, shares)


@pytest.mark.parametrize(
    ("graph", "query", "bow"),
    [("X -> Y; X <-> Y", "P(Y | do(X))", True), ("X -> Y; X <-> Y", "P(Y=1 | do(X))", False),
     ("X -> Y; X <-> Y; Z", "P(Y | do(X))", False), ("X <-> Y", "P(Y | do(X))", False)],
)  # fmt: skip
def test_only_the_bow_arc_is_told_by_types(graph, query, bow):
    assert is_bow(CausalGraph(graph), parse_query(query)) is bow


@pytest.mark.parametrize(
    ("graph", "query"),
    [("Z -> X -> Y; X <-> Y", "P(Y | do(X))"), ("X -> Z -> Y; X <-> Z", "P(Y | do(X))"),
     ("Z -> X -> Y; X <-> Y; Z -> Y", "P(Y | do(X), Z)"), ("Z -> X -> Y; X <-> Y", "P(Y=0 | do(X=1))")],
)  # fmt: skip
def test_worlds_on_a_walk_have_one_joint_and_answers_that_grow(graph, query):
    found = identify(CausalGraph(graph), query)
    models = found.counterexample().path
    worlds = walk_worlds(models, found.query)
    assert worlds.gap < 1e-12 and len(worlds) == len(models)
    moving = worlds.effects[:, worlds.steered]
    assert (np.diff(moving) >= 0).all() and moving[-1] - moving[0] > 0.01
    (y,) = worlds.outcome.values()
    for effect, setting in zip(worlds.effects.T, worlds.settings, strict=True):
        answers = sorted(_answer(model, found.query, setting, y) for model in models)
        assert np.allclose(sorted(effect), answers)
    for name, value in re.findall(r"(\w)=(\d)", query):
        assert all(str((worlds.outcome | dict(each))[name]) == value for each in worlds.settings)


def _answer(model, query, setting, y):
    table = model.interventional({v.name for v in query.treatments})
    fixed = tuple(setting.get(axis, slice(None)) for axis in table.axes)
    rest = [axis for axis in table.axes if axis not in setting]
    values = table.values[fixed]
    kept = values.sum(axis=tuple(i for i, axis in enumerate(rest) if axis != "Y"))
    return kept[y] / kept.sum()


def test_a_value_that_the_worlds_do_not_have_is_refused():
    with pytest.raises(ValueError, match="values 0 and 1 only"):
        HedgeExplorer("Z -> X -> Y; X <-> Y", "P(Y | do(X=7))")


def test_the_sentence_follows_the_two_worlds():
    view = HedgeExplorer()
    assert view.sentence == (
        "Both worlds produce the same P(X, Y). Set X = 1 for everyone, and Y = 1 for 75 % in world A but 45 % in "
        "world B."
    )
    view.world_a, view.world_b = 100, 0
    assert "85 % in world A but 35 % in world B" in view.sentence
    view.world_a = 0
    assert "one and the same here: Y = 1 for 35 %; move" in view.sentence
    assert view.worlds.contrast[view.chosen[0]] == pytest.approx(-0.35)


def test_the_effects_on_the_picture_are_those_of_the_engine():
    shown = texts(HedgeExplorer().svg())
    wanted = "+0.45;raises Y;−0.15;lowers Y;0.75;0.60;always;harmed;lowest −0.35;highest +0.65;as seen +0.30"
    for text in (*wanted.split(";"), "F = {X, Y}", "F′ = {Y}", "not identifiable", "gap 0.30 in do(1)"):
        assert text in shown, text
    assert shown.count("0.35") == 2 and "World A helps 52 %, harms 7 %" in shown


def test_other_shares_directions_and_graphs_are_shown_at_once():
    view = HedgeExplorer()
    view.shares = [0.3, 0.2, 0.9]
    assert view.state["joint"][0] == pytest.approx([0.56, 0.14, 0.03, 0.27])
    view.direction = "do(1) only"
    assert "Set X = 1" in view.sentence
    view.graph = "X -> Z -> Y; X <-> Z"
    assert view.state["kind"] == "tables" and "P(Z=1 | X, U)" not in view.sentence
    first = view.worlds
    view.draws = 1000
    assert view.worlds is first and len(view.state["drawn"]) == 2
    view.graph = "X -> Z -> Y; X <-> Y"
    assert view.state["kind"] == "point" and view.sentence.endswith("the interval is a point.")
    assert "identified" in texts(view.svg()) and len(view.worlds) == 1


def test_draws_are_alike_in_both_worlds_because_their_data_are():
    worlds = bow_worlds(BOW, (0.5, 0.4, 0.7))
    one, two = drawn_shares(worlds, 1000, 1)
    assert one != two and sum(one) == pytest.approx(1)
    assert np.allclose(one, worlds.joint[0], atol=0.06) and np.allclose(two, worlds.joint[0], atol=0.06)
    assert drawn_shares(worlds, 1000, 1) == [one, two] and drawn_shares(worlds, 0, 1) == []


def test_what_cannot_be_asked_is_refused_and_told_after_a_change():
    for graph, query, message in (("X -> Y", "P(Q | do(X))", "Q"), ("X -> X", "P(X)", "X"), ("X -> Y", "P(Y", "P")):
        with pytest.raises(ValueError, match=message):
            HedgeExplorer(graph, query)
    view = HedgeExplorer()
    view.query = "P(Q | do(X))"
    assert view.state["status"] == "failed" and "Q" in view.sentence
    view.query = "P(Y | do(X))"
    assert "status" not in view.state
    with pytest.raises(traitlets.TraitError):
        view.direction = "up"


def test_a_graph_with_too_many_cells_says_so():
    view = HedgeExplorer("A -> B -> C -> D -> E -> X -> Y; X <-> Y")
    assert view.state["status"] == "too-large" and "128 cells" in view.sentence and view.svg()


def test_the_state_is_json_and_the_picture_the_same_every_time():
    for graph in ("X -> Y; X <-> Y", "X -> Z -> Y; X <-> Z", "Z -> X -> Y; Z -> Y"):
        view = HedgeExplorer(graph)
        json.dumps(view.state)
        assert view.svg() == HedgeExplorer(graph).svg()
        assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence


@pytest.fixture(scope="module")
def three_views():
    graphs = ("X -> Y; X <-> Y", "X -> Z -> Y; X <-> Y; Z <-> Y", "Z -> X -> Y; Z -> Y")
    return [HedgeExplorer(graph, draws=500) for graph in graphs]


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_stays_inside_its_frame(width, three_views):
    for view in three_views:
        view.width = width
        document = ElementTree.fromstring(view.svg())
        assert float(document.get("width")) == width and float(document.get("height")) <= 490
        for rect in document.iter(f"{SVG}rect"):
            assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0


@settings(max_examples=30)
@given(st.integers(0, 100), st.sampled_from([640, 860, 1200]))
def test_the_bold_line_of_a_row_never_moves(frame, width):
    view = HedgeExplorer.measures
    worlds = bow_worlds(BOW, (0.5, 0.4, 0.7))
    at = place(view, width)
    for row, share in ((0, 0.4), (1, 0.7)):
        parts = segments(at, worlds.types[frame].tolist(), row)
        assert parts[2][2] == pytest.approx(at["rows"] + share * at["rows_width"])
        assert parts[3][2] + parts[3][3] == pytest.approx(at["rows"] + at["rows_width"])


def test_numbers_are_told_round():
    assert [power_of_ten(gap) for gap in (0.0, 3e-17, 2e-13)] == ["10⁻¹⁶", "10⁻¹⁶", "10⁻¹²"]
    span, ticks = span_of(-0.35, 0.65)
    assert span[0] < -0.35 and span[1] > 0.65 and ticks == [-0.4, -0.2, 0.0, 0.2, 0.4, 0.6]


def test_a_walk_says_that_it_is_under_way_before_it_answers():
    view, heard = HedgeExplorer(), []
    view.observe(lambda change: heard.append(change.new.get("status")), "state")
    view.graph = "Z -> X -> Y; X <-> Y"
    assert heard == ["loading", None]
    view.graph = "X -> Y; X <-> Y"
    view.graph = "Z -> X -> Y; X <-> Y"
    assert heard == ["loading", None, None, None]  # the walk is remembered


def test_the_hulls_hold_the_hedge_and_nothing_else():
    def wide(graph):
        marks = HedgeExplorer(graph).state["graph"]
        return [place[0] for word, place, look in marks if word == "path" and look.get("thickness", 0) > 20]

    outer, _, inner, _ = wide("Z -> X -> Y; X <-> Y")
    assert outer.count("M") == 2 + 2 and inner.count("M") == 1  # an arrow, an arc and two nodes; one node
    assert wide("X -> Z -> Y; X <-> Y") == []
