"""ContextPager in Python: loads, moments against the library's own folds, words, curves, the static picture."""

from __future__ import annotations

import doctest
import json
from itertools import pairwise
from xml.etree import ElementTree

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel.context import ContextWindow
from agentos_lab.kernel.paging import FIFO, LRU, LRUK, Clock, Optimal, simulate_paging, windows
from widgets import ContextPager, context_pager
from widgets.context_pager_curves import APART, apart, nice_ticks
from widgets.context_pager_layout import place_of, rows_of
from widgets.context_pager_load import load_of, phases_of
from widgets.context_pager_moment import ticks_of
from widgets.context_pager_state import moment_states, sentence_at, shown_in_stack, story_of
from widgets.runs import plain, runs_width

SVG = "{http://www.w3.org/2000/svg}"
BELADY = "123412512345"


class Newest:
    """The page that came in last goes."""

    def victim(self, pages, now):
        return max(pages, key=lambda page: page.loaded).id


class Wrong:
    """Fails in one way or another."""

    def __init__(self, wrong):
        self.wrong = wrong

    def victim(self, pages, now):
        return self.wrong(pages)


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def story(references, frames, policy):
    load = load_of(references)
    return story_of(str(policy), simulate_paging(references, frames, policy), {p: n for n, p in enumerate(load.pages)})


def conversation():
    window = ContextWindow(60)
    for number in range(8):
        window.add(f"message {number} " + "word " * 6, "user" if number % 2 else "assistant", name=f"message {number}")
        window.reference(number // 2)
    return window


strings = st.lists(st.sampled_from("abcdefg"), min_size=1, max_size=40)
policies = st.sampled_from([FIFO(), LRU(), LRUK(2), Clock(), Optimal()])


# --- what happened at a reference -----------------------------------------------------------------------------------


def test_the_textbook_string_is_told_as_in_the_textbook():
    view = ContextPager(BELADY, frames=3, policy="FIFO", comparison="LRU")
    assert [view.state["moments"][time]["kind"] for time in (6, 7, 8)] == ["load", "hit", "hit"]
    assert view.sentence == "Reference 0: page 1 comes in for the first time: 1 fault so far, LRU has 1, the optimum 1."
    view.time = 11
    assert view.sentence == "Reference 11: page 5 is in the window: 9 faults so far, LRU has 10, the optimum 7."
    view.frames = 4
    assert view.sentence.endswith("10 faults so far, LRU has 8, the optimum 6.")  # Belady's anomaly
    view.time = 9
    assert "page 3 is missing; FIFO loads it and drops page 4: 8 faults" in view.sentence


@settings(max_examples=60, deadline=None)
@given(strings, st.integers(1, 6), policies)
def test_bars_and_stacks_are_the_window_that_the_library_had(references, frames, policy):
    run, told = simulate_paging(references, frames, policy), story(references, frames, policy)
    pages = load_of(references).pages
    for time, held in windows(run.events).items():
        inside = {row for row, stays in enumerate(told.stays) if any(start <= time < end for start, end in stays)}
        assert inside == {pages.index(page) for page in held} == set(told.moments[time].stack)
        assert [pages[row] for row in told.moments[time].stack] == list(held)
        assert pages[told.moments[time].row] == references[time]
    assert told.faults == run.faults_so_far
    kinds = [each.kind for each in told.moments]
    assert kinds.count("load") == len(set(references)) and kinds.count("hit") == run.hits


@settings(max_examples=40, deadline=None)
@given(strings, st.integers(1, 6), policies)
def test_every_page_is_in_the_stack_or_the_archive_or_to_come(references, frames, policy):
    told = story(references, frames, policy)
    for time, each in enumerate(moment_states(told, 12, ())):
        stack, written = [row for row, _, _ in each["stack"]], {moment.row for moment in told.moments[: time + 1]}
        assert set(stack) | set(each["archive"]) == written and not set(stack) & set(each["archive"])
        assert len(stack) == each["size"] <= frames
        for row, ago, look in each["stack"]:
            assert told.moments[time - ago].row == row
            assert (look == "new") == (row == told.moments[time].row and each["kind"] != "hit")


@given(st.lists(st.integers(0, 99), min_size=1, unique=True), st.integers(0, 99), st.integers(3, 12))
def test_a_long_stack_shows_its_top_and_who_goes_next(stack, following, room):
    shown = shown_in_stack(stack, following, room)
    assert len(shown) == min(room, len(stack))
    if len(stack) > room:
        assert shown[: room - 2] == stack[: room - 2] and shown[-2] == -1
        assert following not in stack or following in shown


def test_the_next_to_go_is_the_one_that_goes():
    for policy in (FIFO(), LRU(), LRUK(2), Clock()):
        moments = story("abcadbecafbd", 3, policy).moments
        for before, after in pairwise(moments):
            assert not after.out or policy == Clock() or after.out == (before.next,)


# --- what is given --------------------------------------------------------------------------------------------------


def test_a_run_is_shown_as_it_was():
    view = ContextPager(simulate_paging(BELADY, 4, FIFO()))
    assert (view.policy, view.frames, view.run.faults) == ("FIFO", 4, 10)
    assert list(view.policies) == ["FIFO", "Clock", "LRU", "LRU-2", "Optimal"]
    view.frames = 3
    assert view.run.faults == 9
    pinned = ContextPager(simulate_paging(BELADY, 3, LRU(), pinned="1"))
    assert pinned.policy == "recorded" and pinned.state["fixed"] and pinned.sentence.startswith("Reference 0")
    pinned.frames = 4
    assert pinned.state["status"] == "failed" and "one size" in pinned.sentence


def test_a_policy_of_the_readers_is_named_after_its_class_and_compared():
    view = ContextPager(BELADY, frames=3, policy=Newest())
    assert view.policy == "Newest" and view.run.faults == simulate_paging(BELADY, 3, Newest()).faults
    assert "Newest" in texts(view.svg())
    run = simulate_paging(BELADY, 3, Newest())
    assert ContextPager(run).policy == run.policy
    named = ContextPager(BELADY, policies={"mine": Newest()}, comparison="mine", frames=3)
    assert ", mine has 1," in named.sentence


@pytest.mark.parametrize("wrong", [lambda pages: "z", lambda pages: pages[9].id, lambda pages: 1 // 0])
def test_a_policy_that_fails_is_told_and_the_others_are_drawn(wrong):
    view = ContextPager(BELADY, frames=3, policies={"wrong": Wrong(wrong)})
    assert view.state["moments"] and any(text.startswith("✕ wrong") for text in texts(view.svg()))
    view.policy = "wrong"
    assert view.state["status"] == "failed" and view.sentence.startswith("wrong could not choose a page. ")
    view.policy = "LRU"
    assert "status" not in view.state


def test_a_window_and_its_events_are_shown_as_they_were():
    window = conversation()
    view = ContextPager(window)
    counters = window.counters()
    assert view.run.faults == counters["load"] + counters["fault"] and counters["evict"]
    assert {"assistant", "user", "Tokens in the window", "60"} <= set(texts(view.svg()))
    assert view.state["policies"] == ["recorded"] and view.state["sizes"] == []
    bare = ContextPager(window.events)
    assert bare.state["moments"][-1]["stack"][0][0] == 3
    assert "Pages in the window" in texts(bare.svg())
    with pytest.raises(traitlets.TraitError, match="pinned"):
        view.pinned = ["message 1"]


def test_a_summary_is_told_as_one():
    window = ContextWindow(40, summarize=lambda pages: "short", summary_tokens=10)
    for number in range(6):
        window.add(f"message {number} " + "word " * 8, "user")
    view = ContextPager(window)
    told = [plain(each) for each in view.state["told"]]
    assert any("is written in place of" in each for each in told)


def test_pinned_pages_stay():
    view = ContextPager(frames=6, pinned=["system prompt", "plan"])
    gone = {event.page for event in view.run.events if event.kind == "evict"}
    assert not gone & {"system prompt", "plan"} and min(view.state["sizes"]) >= 3
    looks = {look for each in view.state["moments"] for row, _, look in each["stack"] if row == 0}
    assert "pinned" in looks and "next" not in looks
    view.pinned = ["system prompt", "plan", "notes", "tool specifications", "draft 1", "draft 2"]
    assert view.state["status"] == "failed" and "pin" in view.sentence


def test_attention_brings_its_policy():
    masses = [{page: 1.0} for page in BELADY]
    view = ContextPager(BELADY, frames=3, masses=masses, policy="AttentionMass")
    assert view.run.faults == simulate_paging(BELADY, 3, view.policies["AttentionMass"], masses=masses).faults


@pytest.mark.parametrize(
    ("given", "message"),
    [({"source": 7}, "expected references"), ({"source": [(1, 2)]}, "names or numbers"),
     ({"source": [1, "1"]}, "same name"), ({"source": "abc", "groups": {"x": "ab", "y": "b"}}, "two groups"),
     ({"source": "abc", "phases": [("a", 2), ("b", 1)]}, "one after the other"),
     ({"source": "abc", "phases": ["a"]}, "a name and"), ({"source": "abc", "policies": {"x": LRU}}, "victim"),
     ({"source": "abc", "policy": 3}, "victim"),
     ({"source": "abc", "policies": {str(n): LRU() for n in range(9)}}, "too many")],
)  # fmt: skip
def test_what_cannot_be_shown_is_refused(given, message):
    with pytest.raises(ValueError, match=message):
        ContextPager(**given)


def test_wrong_settings_are_refused():
    with pytest.raises(traitlets.TraitError, match=r"'lottery'.*'LRU'"):
        ContextPager(policy="lottery")
    with pytest.raises(traitlets.TraitError, match="no pages"):
        ContextPager(pinned=["poem"])


def test_what_is_empty_or_too_large_is_told():
    assert ContextPager([]).state["status"] == "empty" and ContextPager([]).svg()
    assert ContextPager([n % 7 for n in range(1001)]).state["status"] == "too-large"
    assert ContextPager(range(121)).state["status"] == "too-large"


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(context_pager).failed == 0


# --- rows, curves, words --------------------------------------------------------------------------------------------


def test_groups_order_the_rows_and_the_rest_comes_last():
    load = load_of("cabdb", {"two": "ba"})
    assert load.pages == ("b", "a", "c", "d") and load.groups == (("two", 2), ("others", 2))
    assert load_of([10, 9, 2, 10]).pages == (2, 9, 10)
    named = load_of(["plan", "notes", "plan"])
    assert (named.numbers, named.names) == (("0", "1"), ("plan", "notes"))


def test_phases_last_until_the_next_one():
    assert [tuple(each) for each in phases_of([("a", 0), ("b", 3)], ["b"], 8)] == [
        ("a", 0, 3, False),
        ("b", 3, 8, True),
    ]
    assert phases_of([], [], 8) == []


def test_the_small_chart_holds_the_faults_of_every_size():
    view = ContextPager(BELADY, frames=3, policy="FIFO")
    curves = view._curves()
    assert curves["FIFO"] == {1: 12, 2: 12, 3: 9, 4: 10, 5: 5}
    for name, policy in view.policies.items():
        assert curves[name] == {size: simulate_paging(BELADY, size, policy).faults for size in range(1, 6)}


def test_nothing_is_simulated_twice(monkeypatch):
    asked = []
    monkeypatch.setattr(
        "widgets.context_pager_load.simulate_paging",
        lambda *given, **more: asked.append(given[1]) or simulate_paging(*given, **more),
    )
    view = ContextPager(BELADY, frames=3)
    assert len(asked) == 5 * 5
    view.policy, view.frames, view.comparison, view.time = "FIFO", 4, "Clock", 5
    assert len(asked) == 5 * 5


@pytest.mark.parametrize("width", [640, 860])
def test_every_sentence_has_room_on_one_line(width):
    view = ContextPager(width=width)
    for policy in view.policies:
        view.policy = policy
        for told in [*view.state["told"], *view.state["about"]]:
            assert runs_width([tuple(run) for run in told]) <= width - 32


def test_a_sentence_names_the_page_that_goes_where_there_is_room():
    load = load_of(["a long name"] + [f"other page {n}" for n in range(4)])
    told = story_of("LRU", simulate_paging(load.references, 2, LRU()), {p: n for n, p in enumerate(load.pages)})
    assert "LRU drops page 0 (a long name)" in plain(sentence_at(load, told, [], 2, 800))
    assert "LRU drops page 0: 3 faults" in plain(sentence_at(load, told, [], 2, 420))


@given(st.lists(st.floats(0, 100), min_size=1, max_size=7))
def test_labels_keep_their_distance_and_their_order(wanted):
    places = apart(sorted(wanted), 0, 100)
    assert all(b - a >= APART - 1e-6 for a, b in pairwise(places)) and places[0] >= 0


@given(st.integers(0, 10**6))
def test_ticks_are_few_and_round(most):
    ticks = nice_ticks(most, 2)
    assert ticks[0] == 0 and 1 <= len(ticks) <= 4 and (most == 0 or ticks[-1] <= max(most, 1))
    assert len(ticks_of(place_of(860, max(1, most), 8, True))) <= 12


@given(st.lists(st.integers(1, 40), min_size=1, max_size=4), st.booleans(), st.booleans())
def test_rows_lie_one_below_the_other_inside_the_map(counts, phases, compared):
    at = place_of(860, 100, 8, phases)
    groups = [(str(n), count) for n, count in enumerate(counts)]
    rows, other = rows_of(at, groups, counts[0] if compared else 0)
    edges = [edge for y, high in rows for edge in (y, y + high)]
    assert len(rows) == sum(counts) and edges[0] == at.top and edges[-1] <= at.bottom + 1e-6
    assert all(b >= a - 1e-6 for a, b in pairwise(edges))
    assert not compared or rows[counts[0] - 1][0] < other


# --- the picture ----------------------------------------------------------------------------------------------------

VIEWS = {
    "conversation": lambda **given: ContextPager(time=66, selected="notes", **given),
    "textbook": lambda **given: ContextPager(BELADY, frames=3, policies={"newest": Newest()}, time=7, **given),
    "window": lambda **given: ContextPager(conversation(), time=9, **given),
    "large": lambda **given: ContextPager([n * n % 97 for n in range(600)], frames=30, time=300, **given),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_state_is_json_and_the_picture_the_same_every_time(name):
    view = VIEWS[name]()
    json.dumps(view.state)
    assert view.svg() == VIEWS[name]().svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
    assert repr(view) == f"ContextPager: {view.sentence}"


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_stays_inside_its_frame(name, width):
    view = VIEWS[name](width=width)
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 500
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
        assert float(rect.get("x")) + float(rect.get("width")) <= width
    for text in document.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
    for each in view.state["targets"]:
        x, y, wide, tall = each["box"]
        assert min(x, y) >= 0 and x + wide <= width and y + tall <= view.state["height"], each["label"]


def test_a_static_picture_has_its_own_width_whatever_room_the_browser_has():
    view = ContextPager(room=700)
    assert view.state["drawn_for"] == 700
    assert view.svg() == ContextPager().svg()
