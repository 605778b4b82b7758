"""SatTrail in Python: moments of a search, states of clauses, graphs and cuts, words, the static picture."""

from __future__ import annotations

import doctest
import json
import random
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.logic import CNF, cdcl, solve
from agentos_lab.logic.satisfiability_trace import Conflict, Learned, Propagation
from widgets import SatTrail, sat_trail
from widgets.sat_trail_clauses import shown_clauses
from widgets.sat_trail_graph import edges_of, graph_places
from widgets.sat_trail_moment import moment, positions_of
from widgets.sat_trail_picture import search_levels
from widgets.text_metrics import text_width

SVG = "{http://www.w3.org/2000/svg}"
SMALL = [(1, 2), (1, -2), (-1, 3), (-1, -3)]


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def random_clauses(seed, names=14, count=60):
    made = random.Random(seed)
    return [tuple(n * made.choice((1, -1)) for n in made.sample(range(1, names + 1), 3)) for _ in range(count)]


def pigeons(holes):
    at = [[f"in({bird}, {hole})" for hole in range(holes)] for bird in "abcdefg"[: holes + 1]]
    housed = [" | ".join(row) for row in at]
    alone = [f"~{one[hole]} | ~{two[hole]}" for hole in range(holes) for n, one in enumerate(at) for two in at[:n]]
    return [*housed, *alone]


TRACES = [cdcl(random_clauses(seed)).trace for seed in range(6)]
moments = st.builds(
    lambda trace, share: moment(trace, round(share * len(trace))), st.sampled_from(TRACES), st.floats(0, 1)
)


# --- moments -------------------------------------------------------------------------------------------------------


@given(moments)
def test_the_state_of_a_clause_is_what_its_literals_say(now):
    true = {entry.literal for entry in now.trail}
    for each in now.clauses:
        values = [True if x in true else False if -x in true else None for x in each.clause]
        wanted = "true" if True in values else "false" if not values.count(None) else "open"
        assert each.state == ("unit" if wanted == "open" and values.count(None) == 1 else wanted)


@given(moments)
def test_the_clause_that_an_event_speaks_of_is_in_the_state_that_it_says(now):
    states = {each.number: each.state for each in now.clauses}
    if isinstance(now.event, Conflict):
        assert states[now.focus] == "false"
    if isinstance(now.event, Propagation):
        assert states[now.focus] == "true"
    if isinstance(now.event, Learned) and now.event.clause:
        assert states[now.focus] == "unit"


def test_the_learned_clause_is_what_crosses_the_cut():
    seen = 0
    for trace in TRACES:
        for position in positions_of(trace, Learned):
            now = moment(trace, position)
            if not now.learned.clause:
                continue
            side, level = now.conflict_side, {entry.literal: entry.level for entry in now.graph.entries}
            crossing = {one for one, other in edges_of(now.graph) if other in side and one not in side}
            # What holds at level 0 holds for good and is left out of what is learned.
            assert {literal for literal in crossing if level[literal]} == now.frontier
            assert now.graph.unique_implication_points[0] == -now.learned.clause[0]
            assert sum(level[literal] == now.graph.level for literal in now.frontier) == 1
            seen += 1
    assert seen > 10


@given(moments)
def test_causes_stand_above_what_they_force(now):
    places = graph_places(now.graph, (0, 0, 300, 240))
    for one, other in edges_of(now.graph):
        if one in places and other in places:
            assert places[one][1] < places[other][1]
    assert len(set(places.values())) == len(places)


@given(moments, st.integers(3, 20))
def test_where_not_all_clauses_have_room_the_one_spoken_of_does(now, capacity):
    shown = shown_clauses(now, capacity)
    assert len(shown) == min(capacity, len(now.clauses))
    assert now.focus < 0 or now.focus in {each.number for each in shown}
    assert [each.number for each in shown] == sorted(each.number for each in shown)


def test_the_level_is_that_of_the_trail():
    for trace in TRACES:
        levels = search_levels(trace)
        for position in range(len(trace) + 1):
            assert levels[position] >= max((entry.level for entry in trace.trail(position)), default=0)


# --- words ---------------------------------------------------------------------------------------------------------


def test_a_conflict_its_lesson_and_the_end_are_told():
    view = SatTrail(SMALL)
    assert view.sentence == "Nothing is decided yet: 4 clauses over 3 propositions, all open."
    view.position = view.state["next"]
    assert "conflict (level 1): clause 1 is false: x1 ∨ ¬x2" in view.sentence
    view.position += 1
    assert "learn clause 4: x1; jump back to level 0" in view.sentence
    shown = texts(view.svg())
    for text in ("1-UIP", "Learned: x1", "Every way from decision to conflict passes ¬x1.", "clause 4: resolved on x2"):
        assert text in shown, text
    view.position = 10_000
    assert view.sentence.endswith("So the clauses cannot hold together.") and view.state["chosen"] == len(view.trace)
    assert SatTrail("p & (p -> q)", position=99).sentence.endswith("All clauses are true: satisfiable.")


def test_formulas_results_and_dpll_can_be_walked_along():
    view = SatTrail(pigeons(2), position=4)
    assert view.result.satisfiable is False and any("in(a, 0)" in text for text in texts(view.svg()))
    result = cdcl(random_clauses(1))
    assert SatTrail(result).trace is result.trace
    plain = SatTrail(SMALL, "dpll")
    assert plain.state["meta"].startswith("DPLL")
    plain.position = plain.state["next"]
    assert "Why there is a conflict" in texts(plain.svg()) and plain.state["previous"] == -1


def test_what_cannot_be_shown_is_refused_or_told():
    for problem, method, message in (
        (SMALL, "truth table", "'cdcl' or 'dpll'"), (solve(SMALL, "truth table"), "cdcl", "no trace"),
        ("∀x P(x)", "cdcl", "quantifier"), ([(1, 0)], "cdcl", "literal"),
    ):  # fmt: skip
        with pytest.raises(ValueError, match=message):
            SatTrail(problem, method)
    nothing = SatTrail(CNF((), (), 0))
    assert nothing.state["status"] == "empty" and nothing.svg()


def test_a_search_that_was_not_kept_whole_or_gave_up_says_so():
    view = SatTrail(cdcl(random_clauses(2), max_events=8), position=8)
    assert "its later events were not kept" in view.sentence and "first 8 events" in view.state["meta"]
    view = SatTrail(cdcl(pigeons(5), max_conflicts=3), position=10_000)
    assert "gave up (3 conflicts): that is no answer" in view.sentence


def test_conflicts_are_visited_one_after_the_other():
    view = SatTrail(random_clauses(3))
    visited = []
    while view.state["next"] > 0:
        view.position = view.state["next"]
        visited.append(view.position)
    assert visited == positions_of(view.trace, Conflict) and len(visited) > 2
    assert view.state["previous"] == visited[-2]


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(sat_trail).failed == 0


# --- the picture ---------------------------------------------------------------------------------------------------

VIEWS = {
    "small": lambda share: SatTrail(SMALL, position=round(8 * share)),
    "pigeons": lambda share: SatTrail(pigeons(3), position=round(80 * share)),
    "random": lambda share: SatTrail(random_clauses(1, 60, 250), position=round(900 * share)),
}


@pytest.mark.parametrize("share", [0, 0.33, 1])
@pytest.mark.parametrize("name", VIEWS)
def test_the_state_is_json_and_the_picture_the_same_every_time(name, share):
    view = VIEWS[name](share)
    json.dumps(view.state)
    assert view.svg() == VIEWS[name](share).svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
    assert repr(view) == f"SatTrail: {view.sentence}"


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(sorted(VIEWS)), st.sampled_from([640, 860, 1200]), st.floats(0, 1))
def test_the_picture_stays_inside_its_frame(name, width, share):
    view = VIEWS[name](share)
    view.width = width
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 500
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
    for each in view.state["targets"]:
        x, y, wide, tall = each["box"]
        assert min(x, y) >= 0 and x + wide <= width and y + tall <= view.state["height"], each["label"]


def test_clauses_that_are_cut_leave_room_for_the_word_about_them():
    view = SatTrail([tuple(range(1, 30)), *((-one, -two) for one, two in ((1, 2), (3, 4)))])
    lines = {}
    for text in ElementTree.fromstring(view.svg()).iter("{http://www.w3.org/2000/svg}text"):
        lines.setdefault(text.get("y"), []).append((float(text.get("x")), "".join(text.itertext())))
    line = next(line for line in lines.values() if any(text == "29 open" for _, text in line))
    end = next(x for x, text in line if text == "29 open") - text_width("29 open", 11)
    assert any(text == "…" for _, text in line)
    assert all(x + text_width(text) <= end for x, text in line if text != "29 open")
