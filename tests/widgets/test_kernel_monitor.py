"""KernelMonitor in Python: the folded trace against the trace's own figures, words, driving a kernel, the picture."""

from __future__ import annotations

import asyncio
import doctest
import json
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel import Kernel, RoundRobin, ScriptedCore, tool
from agentos_lab.kernel.trace import Trace
from widgets import KernelMonitor, kernel_monitor
from widgets.kernel_monitor_fold import Fold
from widgets.kernel_monitor_picture import MOST_LINES, options_shown, shown_lines
from widgets.kernel_monitor_state import Use, moment_of, short_number
from widgets.schedule_run import Job, agent_of

SVG = "{http://www.w3.org/2000/svg}"
KINDS = {"queued": "wait", "decoding": "decode"}


def texts(svg):
    return ["".join(text.itertext()) for text in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def words(count):
    async def agent(syscall):
        return await syscall.generate("words", max_new_tokens=count)

    return agent


async def endless(syscall):
    while True:
        await syscall.generate("again", max_new_tokens=7)


async def asking(syscall):
    return await syscall.ask("Which city?")


async def deleting(syscall):
    await syscall.generate("which", max_new_tokens=2)
    return await syscall.call("delete", name="old.txt")


def kernel_with(*agents, slots=2, **given):
    @tool(effect="irreversible")
    def delete(name: str) -> str:
        """Delete."""
        return f"{name} is gone"

    kernel = Kernel(ScriptedCore(slots=slots), scheduler=RoundRobin(5), tools=[delete], journal=False, **given)
    for agent in agents:
        kernel.spawn(agent)
    return kernel


def doing(monitor):
    return {line.pid: line.doing for line in monitor.moment().lines}


jobs = st.lists(
    st.builds(
        lambda arrives, tokens, ticks: Job("job", arrives, tokens, ((tokens // 2, ticks),) if ticks else ()),
        st.integers(0, 12), st.integers(2, 12), st.integers(0, 6),
    ),
    min_size=1, max_size=5,
)  # fmt: skip


# --- the fold ------------------------------------------------------------------------------------------------------


@settings(max_examples=20, deadline=None)
@given(jobs, st.integers(1, 3), st.integers(1, 4))
def test_the_fold_agrees_with_the_trace_after_every_tick(load, slots, quantum):
    tools = [tool(lambda: "", name=f"tool-{ticks}", ticks=ticks) for ticks in range(1, 7)]
    kernel = Kernel(ScriptedCore(slots=slots), scheduler=RoundRobin(quantum), tools=tools, journal=False)
    for job in load:
        kernel.spawn(agent_of(job), job.name, arrives=job.arrives)
    fold, going = Fold(kernel.trace), True
    while going:
        going = kernel.tick()
        fold.advance()
        for figures in kernel.trace.metrics().processes:
            track = fold.tracks[figures.pid]
            assert track.tokens == figures.tokens
            assert track.arrives == figures.arrival
            open_ = kernel.trace.end - track.since if track.state == "queued" else 0
            assert track.waited + open_ == figures.waiting
        assert fold.queue == [pid for pid in kernel.dispatcher.queue if kernel.processes[pid].state == "queued"]
        assert {pid: track.state for pid, track in fold.tracks.items() if track.state != "coming"} == {
            pid: process.state for pid, process in kernel.processes.items() if fold.tracks[pid].state != "coming"
        }
    drawn = [
        (pid, *stretch) for pid, track in fold.tracks.items() for stretch in track.shown(0, kernel.now)
    ]  # fmt: skip
    wanted = [
        (each.pid, KINDS.get(each.state, "tool"), each.start, each.end)
        for each in kernel.trace.intervals()
        if each.state != "ready"
    ]
    assert sorted(drawn) == sorted(wanted)


def test_only_the_last_steps_are_shown_and_the_present_one_grows():
    kernel = kernel_with(endless)
    fold = Fold(kernel.trace)
    kernel.run(until=10)
    fold.advance()
    assert fold.tracks["1"].shown(3, 10) == [("decode", 3, 7), ("decode", 7, 10)]
    assert Fold(Trace()).tracks == {}


# --- what is seen --------------------------------------------------------------------------------------------------


def test_it_says_what_each_process_waits_for():
    async def sleeping(syscall):
        await syscall.sleep(9)

    async def receiving(syscall):
        await syscall.receive(timeout=9)

    async def child(syscall):
        await syscall.generate("c", max_new_tokens=9)

    async def parent(syscall):
        await syscall.wait(await syscall.spawn(child))

    kernel = kernel_with(words(9), words(9), words(9), sleeping, asking, deleting, slots=2)
    kernel.spawn(words(3), arrives=7)
    kernel.spawn(parent)
    monitor = KernelMonitor(kernel)
    monitor.run(ticks=6)
    told = doing(monitor)
    assert told["4"] == "sleeps until step 9" and told["5"] == "asks you" and told["7"] == "comes at step 7"
    wanted = {"waits for the core", "decodes in slot 1", "decodes in slot 2"}
    assert wanted <= {text.split(",")[0] for text in told.values()}
    assert any(text.endswith(", 1st") for text in told.values()) and "8.1" in told["8"]
    depths = {line.pid: line.depth for line in monitor.moment().lines}
    assert list(depths) == ["1", "2", "3", "4", "5", "6", "7", "8", "8.1"] and depths["8.1"] == 1
    assert "Paused at step 6: " in monitor.sentence and "1 asks you" in monitor.sentence
    kernel = kernel_with(receiving)
    assert doing(KernelMonitor(kernel).run(ticks=1))["1"].startswith(("waits for", "sleeps"))


def test_budgets_show_the_tightest_part():
    kernel = Kernel(ScriptedCore(slots=1), journal=False)
    kernel.spawn(endless, budget={"tokens": 20, "ticks": 40})
    monitor = KernelMonitor(kernel, selected="1").run(ticks=16)
    line = monitor.moment().lines[0]
    assert line.tightest == Use("tokens", 16, 20) and Use("ticks", 16, 40) in line.budget
    assert line.tightest.share == 0.8 and (line.asked, line.length) == (2, 7)
    assert "16 of 20 tokens" in texts(monitor.svg()) and "2 / 7" in texts(monitor.svg())
    monitor.run()
    line = monitor.moment().lines[0]
    assert line.mark == "failed" and line.tightest.share == 1.0 and "BudgetExceeded" in line.doing
    assert Use("none", 0, 0).share == 1.0


@pytest.mark.parametrize(
    ("value", "text"), [(0, "0"), (9_999, "9,999"), (10_000, "10k"), (64_000_000, "64M"), (10**10, "10G")]
)
def test_large_numbers_are_short(value, text):
    assert short_number(value) == text


def test_of_many_processes_the_living_and_the_selected_one_are_shown():
    kernel = kernel_with(*[words(1)] * 20, *[endless] * 5, slots=8)
    monitor = KernelMonitor(kernel, selected="2").run(ticks=12)
    shown = [line.pid for line in shown_lines(monitor.moment(), "2")]
    assert len(shown) == MOST_LINES and {"2", "21", "22", "23", "24", "25"} <= set(shown)
    assert shown == sorted(shown, key=int)
    assert f"{MOST_LINES} of 25 processes" in texts(monitor.svg())


def test_looking_changes_nothing():
    kernel = kernel_with(words(5), endless, asking)
    monitor = KernelMonitor(kernel).run(ticks=4)
    before = len(kernel.trace)
    assert moment_of(kernel, monitor.fold) == moment_of(kernel, monitor.fold) and len(kernel.trace) == before
    plain = kernel_with(words(5), endless, asking, person="later")
    plain.run(until=4)
    assert [event[:1] + event[2:4] for event in plain.trace] == [event[:1] + event[2:4] for event in kernel.trace]


# --- driving -------------------------------------------------------------------------------------------------------


def test_the_monitor_is_the_person_whom_the_kernel_asks():
    monitor = KernelMonitor(kernel_with(asking, deleting, deleting)).run()
    assert [question.permission for question in monitor.kernel.questions] == [False, True, True]
    assert "3 ask you" in monitor.sentence and {"Allow", "Deny"} <= set(texts(monitor.svg()))
    monitor.answers = {"1": "Lisbon"}
    monitor.answers = {**monitor.answers, "2": "allow", "3": "deny"}
    monitor.run()
    results = monitor.result().results
    assert results["1"] == "Lisbon" and results["2"] == "old.txt is gone" and results["3"].kind == "AccessDenied"
    assert monitor.sentence.startswith("All over after 3 steps: 2 done, 1 failed or killed")
    assert "No open question." in texts(monitor.svg())


def test_somebody_else_whom_the_kernel_asks_is_left_in_place():
    monitor = KernelMonitor(kernel_with(asking, person=lambda question: "Rome")).run()
    assert monitor.result().results["1"] == "Rome"


def test_a_process_is_killed():
    monitor = KernelMonitor(kernel_with(endless, words(3))).run(ticks=5)
    monitor.kills = ["1"]
    assert monitor.kernel.processes["1"].state == "killed" and doing(monitor)["1"] == "killed: Cancelled"
    assert monitor.run().sentence.startswith("All over")
    monitor.kills = ["1", "1"]
    assert monitor.sentence.startswith("All over")


def test_it_runs_in_the_background_of_a_loop_and_pauses():
    async def work():
        monitor = KernelMonitor(kernel_with(endless), speed=0, playing=True)
        while monitor.now < 20:
            await asyncio.sleep(0.001)
        assert monitor.playing and monitor.sentence.startswith("Running")
        monitor.playing = False
        while not monitor.sentence.startswith("Paused"):
            await asyncio.sleep(0.001)
        now = monitor.kernel.now
        await asyncio.sleep(0.05)
        assert monitor.kernel.now == now == monitor.now
        monitor.steps_asked += 1
        assert monitor.now == now + 1
        monitor.playing = True
        while monitor.now < now + 5:
            await asyncio.sleep(0.001)
        monitor.close()

    asyncio.run(asyncio.wait_for(work(), 60))


def test_a_run_that_is_taken_over_ends_quietly():
    async def work():
        monitor = KernelMonitor(kernel_with(endless), speed=20, playing=True)
        while monitor.now < 2:
            await asyncio.sleep(0.001)
        monitor.playing = False
        monitor.steps_asked += 1  # while the first run still sleeps
        monitor.playing = True
        await asyncio.sleep(0.2)
        running = [task for task in asyncio.all_tasks() if "_go" in repr(task.get_coro())]
        assert len(running) == 1 and monitor.playing and monitor.now > 3
        now = monitor.run(ticks=5).now
        assert not monitor.playing and monitor.sentence.startswith("Paused")
        await asyncio.sleep(0.1)
        assert monitor.kernel.now == now and monitor.sentence.startswith("Paused")

    asyncio.run(asyncio.wait_for(work(), 60))


def test_it_waits_for_the_person_and_goes_on_with_wishes_from_another_thread():
    async def work():
        monitor = KernelMonitor(kernel_with(asking, words(4)), speed=0)
        await asyncio.to_thread(setattr, monitor, "playing", True)
        while "waits for you" not in monitor.sentence:
            await asyncio.sleep(0.001)
        assert monitor.playing
        await asyncio.to_thread(setattr, monitor, "answers", {"1": "Lisbon"})
        while monitor.playing:
            await asyncio.sleep(0.001)
        return monitor

    monitor = asyncio.run(asyncio.wait_for(work(), 60))
    assert monitor.result().results["1"] == "Lisbon" and monitor.sentence.startswith("All over")


def test_the_speed_is_that_of_the_ticks(monkeypatch):
    asked = []
    sleep = asyncio.sleep

    async def work():
        async def noted(seconds):
            asked.append(seconds)
            await sleep(0)

        monkeypatch.setattr(kernel_monitor.asyncio, "sleep", noted)
        monitor = KernelMonitor(kernel_with(words(6)), speed=40, playing=True)
        while monitor.playing:
            await sleep(0)
        monkeypatch.undo()

    asyncio.run(asyncio.wait_for(work(), 60))
    assert asked.count(1 / 40) >= 6


def test_without_an_event_loop_it_says_how_to_run():
    monitor = KernelMonitor(kernel_with(words(2)))
    with pytest.raises(RuntimeError, match=r"monitor\.run"):
        monitor.playing = True
    assert not monitor.playing


def test_an_error_of_the_kernel_is_told(monkeypatch):
    kernel = kernel_with(words(5))
    monitor = KernelMonitor(kernel)
    kernel.scheduler = lambda views, slots, now: ["9"]
    monitor.run()
    assert monitor.sentence.startswith("Stopped at step 0. ValueError: ") and not monitor.playing
    kernel.scheduler = RoundRobin(5)
    assert monitor.run().sentence.startswith("All over")

    def interrupt():
        raise KeyboardInterrupt

    monitor = KernelMonitor(kernel_with(words(5)))
    monkeypatch.setattr(monitor.kernel, "tick", interrupt)
    assert monitor.run().sentence.startswith("Interrupted at step 0")


def test_it_starts_anew_with_a_function_that_makes_the_kernel():
    monitor = KernelMonitor(lambda: kernel_with(asking, words(3)))
    monitor.run()
    monitor.answers = {"1": "x"}
    first, monitor.restarts_asked = monitor.kernel, 1
    assert monitor.kernel is not first and monitor.now == 0 and monitor.answers == {}
    assert monitor.state["can"] == {"run": True, "restart": True}
    with pytest.raises(ValueError, match="function that makes one"):
        KernelMonitor(kernel_with(words(3))).restart()
    with pytest.raises(ValueError, match="got str"):
        KernelMonitor(lambda: "kernel")


def test_a_kernel_without_processes_is_told_what_to_do():
    kernel = kernel_with()
    monitor = KernelMonitor(kernel)
    assert monitor.state["status"] == "empty" and "kernel.spawn" in monitor.sentence and monitor.svg()
    kernel.spawn(words(2))
    monitor.refresh()
    assert monitor.sentence == "Paused at step 0: 1 ready; 0 tokens."


def test_the_example_of_the_docstring_is_true():
    assert doctest.testmod(kernel_monitor).failed == 0


# --- the picture ---------------------------------------------------------------------------------------------------


def busy(**given):
    async def choosing(syscall):
        await syscall.ask("Which of these many things do you want?", options=[f"thing number {n}" for n in range(9)])

    kernel = kernel_with(asking, deleting, choosing, *[endless] * 8, asking, slots=3)
    return KernelMonitor(kernel, selected="4", **given).run(ticks=70)


def test_a_question_with_too_many_answers_gets_a_field():
    monitor = busy()
    question = next(each for each in monitor.kernel.questions if each.options and not each.permission)
    assert options_shown(860, question) == () and options_shown(4000, question) == question.options
    assert {each["name"] for each in monitor.state["asks"]} == {"asking", "choosing"}
    assert "and 1 more" in texts(monitor.svg())


def test_the_state_is_json_and_the_picture_the_same_every_time():
    monitor = busy()
    json.dumps(monitor.state)
    assert monitor.svg() == busy().svg() and " at 0x" not in monitor.svg()
    assert ElementTree.fromstring(monitor.svg()).findtext(f"{SVG}title") == monitor.sentence
    assert repr(monitor) == f"KernelMonitor: {monitor.sentence}"


@pytest.mark.parametrize("width", [640, 860, 1200])
def test_the_picture_stays_inside_its_frame(width):
    monitor = busy(width=width)
    document = ElementTree.fromstring(monitor.svg())
    assert float(document.get("width")) == width and float(document.get("height")) <= 540
    for rect in document.iter(f"{SVG}rect"):
        assert float(rect.get("width")) >= 0 and float(rect.get("height")) >= 0
    for text in document.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x")) <= width
    for each in monitor.state["targets"]:
        x, y, wide, tall = each["box"]
        assert min(x, y) >= 0 and x + wide <= width and y + tall <= monitor.state["height"], each["label"]
