"""ScheduleView in Python: runs of loads, bars against the trace, figures, digests, words, the static picture."""

from __future__ import annotations

import doctest
import json
import re
from xml.etree import ElementTree

import pytest
import traitlets
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel import Fifo, Kernel, RoundRobin, ScriptedCore, tool
from agentos_lab.lm import GPT, CharTokenizer, GPTConfig
from agentos_lab.lm.language_model import LanguageModel
from widgets import ScheduleView, schedule
from widgets.runs import runs_width
from widgets.schedule_marks import hatch
from widgets.schedule_picture import joined, place_of, short_names, ticks_of
from widgets.schedule_run import LOADS, Job, agent_of, play, recorded
from widgets.schedule_state import Bar, chart_of, figures_of, moment_words, reading

SVG = "{http://www.w3.org/2000/svg}"
TWO = [("long", 0, 12), ("short", 1, 4)]


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def last_come(views, slots, now):
    return [view.pid for view in sorted(views, key=lambda view: -view.arrived)][:slots]


def dice(kernel):
    """Agents whose results depend on the schedule: who comes first takes the name."""

    async def agent(syscall):
        await syscall.generate("x", max_new_tokens=4 if syscall.pid == "1" else 2)
        return await syscall.write("first", syscall.pid)

    kernel.spawn(agent, "slow")
    kernel.spawn(agent, "quick")


jobs = st.lists(
    st.builds(
        lambda name, arrives, tokens, ticks: Job(name, arrives, tokens, ((tokens // 2, ticks),) if ticks else ()),
        st.sampled_from(["ada", "bob", "eve"]), st.integers(0, 20), st.integers(2, 15), st.integers(0, 9),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


# --- runs ----------------------------------------------------------------------------------------------------------


def test_the_schedules_of_two_jobs_are_those_drawn_by_hand():
    chart = chart_of(play(TWO, Fifo(), 1))
    assert [(bar.kind, bar.start, bar.end) for bar in chart.bars] == [
        ("decode", 0, 12),
        ("wait", 1, 12),
        ("decode", 12, 16),
    ]
    chart = chart_of(play(TWO, RoundRobin(4), 1))
    assert [(bar.row, bar.kind, bar.start, bar.end) for bar in chart.bars] == [
        (0, "decode", 0, 4), (0, "wait", 4, 8), (0, "decode", 8, 16), (1, "wait", 1, 4), (1, "decode", 4, 8),
    ]  # fmt: skip
    assert chart.ends == ((16, "done"), (8, "done")) and chart.switches == {(0, 8)}


def test_the_figures_are_those_reckoned_by_hand():
    figures = figures_of(play(TWO, RoundRobin(4), 1))
    assert (figures.last, figures.rate, figures.switches) == (16, 1.0, 1)
    assert (figures.turnaround, figures.first, figures.waited) == ((16 + 7) / 2, (1 + 4) / 2, 4)


@settings(max_examples=25, deadline=None)
@given(jobs, st.integers(1, 3), st.integers(1, 5))
def test_bars_fill_the_time_of_every_agent_and_hold_as_many_tokens_as_steps(load, slots, quantum):
    played = play(load, RoundRobin(quantum), slots)
    chart = chart_of(played)
    for row, job in enumerate(load):
        bars = [bar for bar in chart.bars if bar.row == row]
        assert sum(bar.end - bar.start for bar in bars if bar.kind == "decode") == job.tokens
        edges = [job.arrives, *(edge for bar in bars for edge in (bar.start, bar.end)), chart.ends[row][0]]
        assert edges == sorted(edges) and edges[0::2] == edges[1::2]
    for tick in range(chart.last):
        held = [bar.slot for bar in chart.bars if bar.kind == "decode" and bar.start <= tick < bar.end]
        assert len(held) == len(set(held)) <= slots and all(0 <= slot < slots for slot in held)


@settings(max_examples=15, deadline=None)
@given(jobs, st.integers(1, 3), st.integers(1, 5))
def test_the_stretches_of_text_put_together_are_what_the_agents_return(load, slots, quantum):
    played = play(load, RoundRobin(quantum), slots)
    chart = chart_of(played)
    everything = {pid: [text for (of, _), text in sorted(played.said.items()) if of == pid] for pid in chart.pids}
    tools = [tool(lambda: "", name=f"tool-{n}", ticks=n) for n in range(1, 10)]
    kernel = Kernel(ScriptedCore(slots=8), journal=False, tools=tools)
    for job in load:
        kernel.spawn(agent_of(job), job.name, arrives=job.arrives)
    results = kernel.run().results
    assert {pid: "".join(parts) for pid, parts in everything.items()} == dict(results)


def test_the_outputs_are_the_same_under_every_policy_or_the_view_says_that_they_differ():
    view = ScheduleView()
    assert view.sentence.endswith("The outputs are the same.") and "outputs, equal ✓" in texts(view.svg())
    digests = [text for text in texts(view.svg()) if re.fullmatch("[0-9a-f]{8}", text)]
    assert len(digests) == 5 and len(set(digests)) == 1
    view = ScheduleView(dice, slots=2)
    assert view.sentence.endswith("The outputs differ.") and "outputs ≠" in texts(view.svg())
    assert any(text.startswith("≠ ") for text in texts(view.svg()))


def test_a_real_model_can_be_the_core_and_its_outputs_are_compared():
    tokenizer = CharTokenizer("abcdefghijklmnopqrstuvwxyz 0123456789")
    config = GPTConfig.llama(vocab_size=tokenizer.vocab_size, context=64, layers=1, heads=2, width=16)
    lm = LanguageModel(GPT(config, seed=0), tokenizer, "small")
    view = ScheduleView(
        [("ada", 0, 12), ("bob", 1, 9, ((4, 3),)), ("eve", 2, 6)],
        core=lambda slots: lm.core(slots=slots, capacity=64), slots=2, quantum=3,
    )  # fmt: skip
    assert view.sentence.endswith("The outputs are the same.")
    assert any("tokens: " in bar[6] for bar in view.state["bars"])


def test_a_trace_a_run_and_a_kernel_can_be_shown():
    kernel = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(4), journal=False)
    for source in (kernel, kernel.run(), kernel.trace):
        assert ScheduleView(source).state["status"] == "empty"

    async def agent(syscall):
        await syscall.sleep(3)
        return await syscall.generate("a", max_new_tokens=5)

    kernel.spawn(agent, "ada")
    run = kernel.run()
    for source, digest in ((kernel, True), (run, True), (run.trace, False)):
        view = ScheduleView(source)
        assert view.sentence == "1 agents: done after 8 steps, first token after 4.0 on average."
        assert (run.digest[:8] in texts(view.svg())) == digest and not view.state["targets"]
    assert recorded(run).slots == 1
    with pytest.raises(traitlets.TraitError, match="policy"):
        view.policy = "round-robin"
    view = ScheduleView(kernel)
    kernel.spawn(agent, "bob")
    kernel.run()
    view.refresh()
    assert view.state["last"] == 16


# --- policies, loads, settings -------------------------------------------------------------------------------------


def test_a_readers_policy_stands_in_the_table():
    view = ScheduleView(TWO, policies={"mine": last_come, "turns": RoundRobin}, slots=1, policy="mine", quantum=3)
    assert view.sentence.startswith("Mine: done after 16 steps, first token after 1.0")
    assert {"Mine", "Turns, quantum 3"} <= set(texts(view.svg()))


def test_a_policy_that_fails_is_told_and_the_others_are_drawn():
    for wrong, message in (
        (lambda views, slots, now: ["9"], "ValueError"), (lambda views, slots, now: views[0].colour, "AttributeError"),
        (lambda views, slots, now: 1 // 0, "ZeroDivisionError"), (lambda views: [], "TypeError"),
    ):  # fmt: skip
        view = ScheduleView(TWO, policies={"wrong": wrong})
        assert any(text.startswith(f"✕ {message}") for text in texts(view.svg())), message
        assert view.sentence.endswith("The outputs are the same.")
        view.policy = "wrong"
        assert f"the policy could not go on. {message}" in view.sentence and " at 0x" not in view.svg()


def test_what_is_asked_for_is_recomputed_and_nothing_twice(monkeypatch):
    asked = []
    monkeypatch.setattr(schedule, "play", lambda load, *rest: asked.append(rest[0]) or play(load, *rest))
    view = ScheduleView(TWO)
    assert len(asked) == 5
    view.policy = "shortest first"
    assert len(asked) == 5
    view.quantum = 2
    assert asked[5:] == [RoundRobin(2), view.policies["multilevel feedback"](2)]
    view.slots = 1
    assert len(asked) == 7 + 4
    view.tick, view.selected = 3, "1"
    assert len(asked) == 11


def test_an_agent_that_never_ends_is_left_and_said_so(monkeypatch):
    monkeypatch.setattr("widgets.schedule_run.MOST_TICKS", 40)

    def endless(kernel):
        async def agent(syscall):
            while True:
                await syscall.generate("again", max_new_tokens=3)

        kernel.spawn(agent, "loop")

    view = ScheduleView(endless)
    assert view.sentence.startswith("Round-robin, quantum 8: not done after 39 steps") and "not done" in texts(
        view.svg()
    )


def test_an_agent_that_fails_is_marked():
    def load(kernel):
        async def agent(syscall):
            await syscall.generate("a", max_new_tokens=3)
            raise RuntimeError("no")

        kernel.spawn(agent, "ada")

    view = ScheduleView(load)
    assert view.state["bars"] and chart_of(play(load, Fifo(), 1)).ends == ((3, "failed"),)
    assert "failed" in texts(view.svg()) and "done" not in texts(view.svg())


@pytest.mark.parametrize(
    ("source", "message"),
    [("text", "list of jobs"), (7, "list of jobs"), ([("a", 0, 5, ((9, 2),))], "is no job"), ([("a", -1)], "is no job"),
     ([3], "is no job"), ({"one": 5}, "list of jobs")],
)  # fmt: skip
def test_what_is_no_load_is_refused(source, message):
    with pytest.raises(ValueError, match=message):
        ScheduleView(source)


def test_wrong_settings_are_refused():
    with pytest.raises(ValueError, match="no function"):
        ScheduleView(TWO, policies={"mine": 3})
    with pytest.raises(traitlets.TraitError, match=r"'lottery'.*'round-robin'"):
        ScheduleView(TWO, policy="lottery")
    with pytest.raises(ValueError, match="too many"):
        ScheduleView(TWO, policies={str(n): last_come for n in range(9)})


def test_what_cannot_be_drawn_is_told(monkeypatch):
    assert ScheduleView([]).state["status"] == "empty"
    monkeypatch.setattr(schedule, "MOST_BARS", 5)
    view = ScheduleView()
    assert view.state["status"] == "too-large" and "larger quantum" in view.sentence and view.svg()


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(schedule).failed == 0


# --- words and places ----------------------------------------------------------------------------------------------


def test_a_moment_counts_every_agent_once():
    chart = chart_of(play(LOADS["mixed"], RoundRobin(8), 3))
    words = dict(moment_words(chart))
    assert words[0] == "2 decode, 6 still to come" and words[chart.last] == "8 done"
    for told in words.values():
        assert sum(map(int, re.findall(r"\d+", told))) == 8


def test_the_line_under_the_chart_tells_one_agents_tokens():
    played = play([("ada", 0, 5)], Fifo(), 1)
    chart = chart_of(played)
    said = " ".join(played.said["1", 0].split())
    line = reading(chart, moment_words(chart), 2, 0, 900)
    assert line == [["strong", "Step 2: "], ["", f"ada decodes in slot 1, steps 0 to 5, 5 tokens: {said}"]]
    assert len(said.split()) == 5 and reading(chart, moment_words(chart), 2, -1, 900)[1] == ["", "1 decodes."]
    assert reading(chart, moment_words(chart), 2, 0, 200)[1][1].endswith("…")


@pytest.mark.parametrize("load", LOADS)
def test_the_sentence_has_room_on_one_line_at_860_pixels(load):
    view = ScheduleView(load=load)
    for policy in view.policies:
        view.policy = policy
        assert runs_width(view.telling()) <= 828, policy


def test_names_are_cut_to_what_tells_them_apart():
    chart = chart_of(
        play([("coder", 0, 2), ("critic", 0, 2), ("writer", 0, 2), ("note 1", 0, 2), ("note 2", 0, 2)], Fifo(), 1)
    )
    assert short_names(chart) == ["co", "cr", "w", "4", "5"]
    bars = [Bar(0, "decode", 0, 3, 0, "", ""), Bar(0, "decode", 3, 5, 0, "", ""), Bar(1, "decode", 5, 6, 0, "", "")]
    assert [(bar.row, bar.start, bar.end) for bar in joined(bars)] == [(0, 0, 5), (1, 5, 6)]


@given(st.integers(0, 100_000), st.floats(640, 1200))
def test_the_axis_has_a_few_round_numbers(last, width):
    ticks = ticks_of(place_of(width, 8, 4, last))
    assert ticks[0] == 0 and len(ticks) <= 22 and ticks[-1] <= last


@given(st.floats(0, 900), st.floats(0, 200), st.floats(0.1, 300), st.floats(2, 16))
def test_hatching_stays_in_its_rectangle(x, y, wide, high):
    for left, top in re.findall(r"[ML]([\d.]+) ([\d.]+)", hatch(x, y, wide, high)):
        assert x - 0.01 <= float(left) <= x + wide + 0.01 and y - 0.02 <= float(top) <= y + high + 0.02


# --- the picture ---------------------------------------------------------------------------------------------------

VIEWS = {
    "mixed": lambda **given: ScheduleView(tick=58, selected="3", **given),
    "convoy": lambda **given: ScheduleView(load="convoy", policies={"mine": last_come}, **given),
    "crowd": lambda **given: ScheduleView([(f"agent {n}", n, 9) for n in range(60)], slots=16, tick=9, **given),
}


@pytest.mark.parametrize("name", VIEWS)
def test_the_state_is_json_and_the_picture_the_same_every_time(name):
    view = VIEWS[name]()
    json.dumps(view.state)
    assert view.svg() == VIEWS[name]().svg()
    assert ElementTree.fromstring(view.svg()).findtext(f"{SVG}title") == view.sentence
    assert repr(view) == f"ScheduleView: {view.sentence}"


@pytest.mark.parametrize("width", [640, 860, 1200])
@pytest.mark.parametrize("name", VIEWS)
def test_the_picture_stays_inside_its_frame(name, width):
    view = VIEWS[name](width=width)
    document = ElementTree.fromstring(view.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 570
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
    for text in document.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
    for each in view.state["targets"]:
        x, y, wide, tall = each["box"]
        assert min(x, y) >= 0 and x + wide <= width and y + tall <= view.state["height"], each["label"]


def test_a_static_picture_has_its_own_width_whatever_room_the_browser_has():
    view = ScheduleView(room=700)
    assert view.state["drawn_for"] == 700
    assert view.svg() == ScheduleView().svg()
