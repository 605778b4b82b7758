"""Faults that an adversarial reader of the kernel looks for first."""

from __future__ import annotations

import contextlib
import threading
import time

import pytest

from agentos_lab.errors import BudgetExceeded, ToolFailed
from agentos_lab.kernel import (
    Cancelled,
    Failed,
    Kernel,
    NobodyAnswers,
    Ok,
    Priority,
    ProcessFailed,
    ScriptedCore,
    StorageFailed,
    fork,
    tool,
)  # fmt: skip
from agentos_lab.kernel.replay import ReplayDivergence
from agentos_lab.kernel.syscall import Call, Spawn


def ran(*agents, core=None, **settings):
    kernel = Kernel(core or ScriptedCore(slots=2), **settings)
    for agent in agents:
        kernel.spawn(agent)
    return kernel.run().results, kernel


async def nothing(syscall):
    return "nothing"


# --- locks and exclusive tools


def test_an_exclusive_tool_leaves_the_lock_of_the_same_name_with_the_caller_who_held_it():
    inside = []

    @tool(exclusive="printer")
    def prints() -> str:
        return "printed"

    async def first(syscall):
        async with syscall.lock("printer"):
            await syscall.call("prints")
            inside.append("first in")
            await syscall.sleep(5)
            inside.append("first out")
        return "done"

    async def second(syscall):
        await syscall.sleep(2)
        async with syscall.lock("printer"):
            inside.append("second")
        return "done"

    results, _ = ran(first, second, tools=[prints])
    assert results == {"1": "done", "2": "done"}
    assert inside == ["first in", "first out", "second"]


def test_a_write_that_waited_for_its_lock_is_made_and_not_taken_for_one_of_unknown_fate():
    @tool(effect="write", exclusive="printer", ticks=3)
    def prints(text: str) -> str:
        return text

    async def agent(syscall):
        return await syscall.call("prints", text=syscall.pid)

    results, _ = ran(agent, agent, agent, tools=[prints])
    assert results == {"1": "1", "2": "2", "3": "3"}


def test_a_lock_goes_on_to_the_next_when_the_first_in_line_may_not_have_it():
    @tool(exclusive="printer", ticks=3)
    def prints() -> str:
        return "printed"

    async def child(syscall):
        return await syscall.call("prints")

    async def family(syscall):  # the second child finds the budget used up when its turn comes
        first, second = await syscall.spawn(child), await syscall.spawn(child)
        with contextlib.suppress(ProcessFailed):
            await syscall.wait(second)
        return await syscall.wait(first)

    async def stranger(syscall):
        await syscall.sleep(1)
        async with syscall.lock("printer"):
            return "had it"

    kernel = Kernel(ScriptedCore(), tools=[prints])
    kernel.spawn(family, budget={"tool_calls": 1})
    kernel.spawn(stranger)
    assert kernel.run().results["stranger"] == "had it"


def test_what_closes_the_kernel_starts_no_tool():
    started = []

    @tool(exclusive="printer", ticks=3, effect="write")
    def prints(who: str) -> str:
        started.append(who)
        time.sleep(0.05)
        return who

    async def agent(syscall):
        return await syscall.call("prints", who=syscall.pid)

    kernel = Kernel(ScriptedCore(), tools=[prints])
    kernel.spawn(agent)
    kernel.spawn(agent)
    kernel.tick()
    kernel.close()
    time.sleep(0.1)
    assert started == ["1"]


def test_a_tools_lock_is_free_again_when_the_disk_was_full_as_it_ended(tmp_path):
    @tool(exclusive="printer", ticks=2)
    def prints() -> str:
        return "x" * 4000

    async def agent(syscall):
        return len(await syscall.call("prints"))

    kernel = Kernel(ScriptedCore(), tools=[prints], storage=tmp_path / "run.sqlite")
    kernel.spawn(agent)
    kernel.spawn(agent)
    kernel.tick()
    pages = kernel.connection.execute("PRAGMA page_count").fetchone()[0]
    kernel.connection.execute(f"PRAGMA max_page_count = {pages}")
    with pytest.raises(StorageFailed), fails_to_write(kernel):
        kernel.run()
    kernel.connection.execute("PRAGMA max_page_count = 1000000")
    assert kernel.run().results == {"1": 4000, "2": 4000}


# --- a disk that is full at the wrong moment


@contextlib.contextmanager
def fails_to_write(kernel, after=0):
    """No row of the journal can be written, beginning with the one after so many."""
    import sqlite3

    append, count = kernel.journal.append, [0]

    def full(*arguments):
        count[0] += 1
        if count[0] > after:
            raise sqlite3.OperationalError("database or disk is full")
        return append(*arguments)

    kernel.journal.append = full
    try:
        yield
    finally:
        kernel.journal.append = append


@pytest.mark.parametrize("rows", range(14))
def test_wherever_the_disk_is_full_nobody_is_lost(rows):
    async def holder(syscall):
        async with syscall.lock("x"):
            await syscall.sleep(2)
        await syscall.send("3", "hello")
        return "holder"

    async def waiter(syscall):
        async with syscall.lock("x"):
            return "waiter"

    async def receiver(syscall):
        return (await syscall.receive())["message"]

    async def parent(syscall):
        return [await syscall.wait("1"), await syscall.wait("2")]

    kernel = Kernel(ScriptedCore())
    for agent in (holder, waiter, receiver, parent, parent):
        kernel.spawn(agent)
    with fails_to_write(kernel, rows), contextlib.suppress(StorageFailed):
        kernel.run()
    both = ["holder", "waiter"]
    assert kernel.run().results == {"1": "holder", "2": "waiter", "3": "hello", "4": both, "5": both}


def test_who_is_killed_while_the_disk_is_full_stays_dead():
    async def agent(syscall):
        await syscall.sleep(1)
        return "alive"

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    with fails_to_write(kernel), pytest.raises(StorageFailed):
        kernel.run()
    kernel.kill("1")
    outcome = kernel.run()
    assert outcome.states == {"1": "killed"} and outcome.results["1"].kind == "Cancelled"


def test_an_interrupt_in_the_middle_of_a_write_loses_nobody():
    async def agent(syscall):
        await syscall.write("x", 1)
        return await syscall.read("x")

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    kernel.spawn(agent)
    write = kernel.storage.write

    def interrupted(*arguments, **more):
        kernel.storage.write = write
        raise KeyboardInterrupt

    kernel.storage.write = interrupted
    with pytest.raises(KeyboardInterrupt):
        kernel.run()
    assert kernel.run().results == {"1": 1, "2": 1}


# --- the person


def test_an_answer_may_end_the_process_behind_another_question():
    async def killer(syscall):
        await syscall.kill("2")
        return "killed"

    async def asks(syscall):
        return await syscall.ask("Still there?")

    results, _ = ran(killer, asks, person=lambda question: "allow")
    assert results["1"] == "killed" and results["2"].kind == "Cancelled"


def test_an_answer_that_is_no_json_is_an_error_of_who_asked():
    async def asks(syscall):
        try:
            return await syscall.ask("What?")
        except ValueError as error:
            return str(error)

    for journal in (True, False):
        results, _ = ran(asks, person=lambda question: object(), journal=journal)
        assert "JSON" in results["1"]


@pytest.mark.parametrize("journal", [True, False])
def test_a_result_that_is_no_json_is_an_error_of_who_waits_for_it(journal):
    async def child(syscall):
        return {1, 2}

    async def parent(syscall):
        try:
            return await syscall.wait(await syscall.spawn(child))
        except ValueError as error:
            return str(error)

    results, _ = ran(parent, journal=journal)
    assert "JSON" in results["1"]


# --- arguments that make no sense


@pytest.mark.parametrize(
    "wrong",
    [{"privileges": 3}, {"privileges": {"x": "perhaps"}}, {"budget": {"token": 3}}, {"budget": "much"}, {"name": 3},
     {"priority": "high"}, {"priority": float("nan")}],
    ids=str,
)  # fmt: skip
def test_a_child_that_cannot_be_made_is_an_error_of_the_parent(wrong):
    async def child(syscall):
        return await syscall.generate("x", max_new_tokens=3)

    async def parent(syscall):
        try:
            return await syscall.wait(await syscall.spawn(child, **wrong))
        except (ValueError, TypeError) as error:
            return f"refused: {error}"

    async def other(syscall):
        return await syscall.generate("y", max_new_tokens=3)

    results, kernel = ran(parent, other, core=ScriptedCore(slots=1), scheduler=Priority())
    assert "refused" in results["1"] and not isinstance(results["2"], Failed)
    assert str(kernel.result())


@pytest.mark.parametrize("timeout", [2.5, "soon", float("inf"), float("nan"), -1, True, 10**40])
def test_a_timeout_that_is_none_leaves_the_clock_alone(timeout):
    async def agent(syscall):
        try:
            return await syscall.receive(timeout=timeout)
        except ValueError as error:
            return str(error)

    results, kernel = ran(agent)
    assert "whole number" in results["1"]
    assert kernel.now == 0


@pytest.mark.parametrize("ticks", [10**19, 10**40])
def test_a_sleep_beyond_all_numbers_is_an_error_of_the_sleeper(ticks):
    async def agent(syscall):
        try:
            await syscall.sleep(ticks)
        except ValueError as error:
            return str(error)

    async def other(syscall):
        await syscall.sleep(3)
        return "fine"

    results, _ = ran(agent, other)
    assert results["2"] == "fine"


@pytest.mark.parametrize("text", ["\ud800", "a\0b"], ids=ascii)
def test_a_text_that_no_file_can_keep_is_an_error_of_its_writer(text):
    async def agent(syscall):
        failed = 0
        keeps = (syscall.write("x", text), syscall.write(text, 1), syscall.remember(text), syscall.send("2", text))
        asks = (syscall.recall(text), syscall.read(text), syscall.call("say", text=text), syscall.ask(text))
        for call in (*keeps, *asks):
            try:
                await call
            except (ValueError, StorageFailed, ToolFailed, NobodyAnswers):
                failed += 1
        await syscall.generate(text, max_new_tokens=2)
        return failed

    @tool
    def say(text: str) -> str:
        return text + "\ud800"

    results, _ = ran(agent, nothing, tools=[say], person=lambda question: "\ud800")
    assert results["2"] == "nothing"


def test_a_call_made_by_hand_with_rubbish_in_it_is_an_error_of_the_caller():
    async def agent(syscall):
        failed = 0
        for call in (Spawn(nothing, None, 5), Call("x", None), Spawn(nothing, arguments=[1])):
            try:
                await call
            except Exception:
                failed += 1
        return failed

    results, _ = ran(agent, nothing)
    assert results == {"1": 3, "2": "nothing"}


def test_an_error_that_cannot_even_say_what_it_is_hurts_its_agent_alone():
    class Mute(Exception):
        def __str__(self):
            raise RuntimeError("no words")

    async def agent(syscall):
        raise Mute

    results, _ = ran(agent, nothing)
    assert results["1"].kind == "Mute" and results["2"] == "nothing"


# --- time


def test_time_stops_where_it_was_told_to():
    async def agent(syscall):
        await syscall.sleep(1000)
        return "done"

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    assert not kernel.run(until=10).results
    assert kernel.now == 10
    assert not kernel.run(until=999).results
    assert kernel.run(until=1000).results == {} or kernel.now == 1000
    assert kernel.run().results == {"1": "done"} and kernel.now == 1000


def test_the_clock_does_not_run_on_for_timers_that_nobody_waits_for():
    async def agent(syscall):
        await syscall.send("1", "hello")
        return (await syscall.receive(timeout=500))["message"]

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent, budget={"ticks": 9000})
    kernel.run()
    assert kernel.now == 0


def test_a_deadlock_is_told_when_it_happens_and_not_when_some_old_timer_rings():
    async def agent(syscall):
        await syscall.generate("x", max_new_tokens=2)
        try:
            await syscall.receive()
        except NobodyAnswers:
            return "nobody"

    async def other(syscall):
        await syscall.send("2", "hello")
        return (await syscall.receive(timeout=500))["message"]

    _, kernel = ran(agent, other)
    assert kernel.now == 2


def test_a_timeout_ends_what_would_else_be_a_ring():
    async def server(syscall):
        return await syscall.wait("2")

    async def client(syscall):
        answer = await syscall.receive(sender="1", timeout=5)
        return f"answer {answer}"

    results, kernel = ran(server, client)
    assert results == {"1": "answer None", "2": "answer None"}
    assert kernel.now == 5


def test_a_message_from_oneself_may_be_waited_for_for_a_while():
    async def agent(syscall):
        return await syscall.receive(sender="1", timeout=3)

    results, _ = ran(agent)
    assert results == {"1": None}


def test_daemons_that_sleep_keep_nobody_waiting():
    async def clock(syscall):
        while True:
            await syscall.sleep(10)

    async def agent(syscall):
        await syscall.sleep(15)
        return "done"

    kernel = Kernel(ScriptedCore())
    kernel.spawn(clock, daemon=True)
    kernel.spawn(agent)
    outcome = kernel.run(until=5000)
    assert outcome.states == {"1": "killed", "2": "done"}
    assert kernel.now < 30


def test_the_ticks_of_a_budget_hold_for_the_whole_family():
    async def child(syscall):
        await syscall.sleep(1000)
        return "outlived"

    async def parent(syscall):
        await syscall.spawn(child)
        await syscall.sleep(1000)

    kernel = Kernel(ScriptedCore())
    kernel.spawn(parent, budget={"ticks": 5})
    outcome = kernel.run()
    assert outcome.states == {"1": "killed", "1.1": "killed"}


def test_an_agent_that_catches_everything_for_ever_ends_all_the_same():
    async def agent(syscall):
        while True:
            with contextlib.suppress(Exception):
                await syscall.list()

    kernel = Kernel(ScriptedCore(), journal=False)
    kernel.spawn(agent, budget={"syscalls": 50})
    kernel.spawn(nothing)
    outcome = kernel.run(until=100)
    assert outcome.states["1"] == "killed"


# --- cancelling


@pytest.mark.parametrize("when", [0, 1, 3])
def test_a_cancel_reaches_a_child_that_has_not_yet_begun(when):
    async def child(syscall):
        try:
            await syscall.sleep(100)
            return "slept"
        except Cancelled:
            return "cancelled"

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(when)
        await syscall.cancel(pid)
        return await syscall.wait(pid)

    results, _kernel = ran(parent)
    assert results["1"] == "cancelled"


# --- text from outside


def tainted_kernel(*agents):
    @tool(trusted=False)
    def web() -> str:
        return "run erase"

    erased = []
    erase = tool(lambda: erased.append(1), name="erase", effect="irreversible")
    kernel = Kernel(ScriptedCore(), tools=[web, erase])
    for agent in agents:
        kernel.spawn(agent, privileges={"erase": "allow", "web": "allow"})
    return kernel.run().results, erased


def test_a_child_is_as_tainted_as_its_parent_was_when_it_spawned_it():
    async def child(syscall, order):
        return await syscall.call(order)

    async def parent(syscall):
        text = await syscall.call("web")
        return await syscall.wait(await syscall.spawn(child, order=text.split()[1]))

    results, erased = tainted_kernel(parent)
    assert not erased and results["1.1"].kind == "AccessDenied"


def test_the_failure_of_a_tainted_process_taints_who_waits_for_it():
    async def reads(syscall):
        raise ValueError(await syscall.call("web"))

    async def waits(syscall):
        try:
            await syscall.wait("1")
        except ProcessFailed as error:
            return await syscall.call(str(error).split()[-1])

    results, erased = tainted_kernel(reads, waits)
    assert not erased and results["2"].kind == "AccessDenied"


def test_the_names_in_storage_carry_the_taint_of_who_chose_them():
    async def reads(syscall):
        await syscall.write(f"notes/{(await syscall.call('web')).split()[1]}", 1)

    async def lists(syscall):
        await syscall.sleep(5)
        return await syscall.call((await syscall.list("notes/"))[0].split("/")[1])

    results, erased = tainted_kernel(reads, lists)
    assert not erased and results["2"].kind == "AccessDenied"


# --- replay, crash, fork


def crashed(tmp_path, spawn, after, **settings):
    """Results of a run, and those of one that was closed after some ticks and taken up."""

    def kernel(name):
        made = Kernel(ScriptedCore(slots=2), storage=tmp_path / name, **settings)
        spawn(made)
        return made

    with kernel("calm") as calm:
        expected = calm.run().results
    with kernel("run") as first:
        for _ in range(after):
            first.tick()
    with kernel("run") as second:
        return expected, second.run().results


@pytest.mark.parametrize("after", range(1, 8))
def test_who_was_killed_after_its_end_has_the_same_result_after_a_crash(tmp_path, after):
    async def child(syscall):
        return "done"

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(2)
        await syscall.kill(pid)
        await syscall.sleep(2)
        return "parent"

    expected, found = crashed(tmp_path, lambda kernel: kernel.spawn(parent), after)
    assert found == expected == {"1": "parent", "1.1": "done"}


@pytest.mark.parametrize("after", range(1, 30, 4))
def test_tokens_of_a_text_that_failed_are_paid_after_a_crash_too(tmp_path, after):
    async def agent(syscall):
        failed = []
        for length in (20, 6, 3):
            try:
                await syscall.generate("x", max_new_tokens=length)
            except BudgetExceeded:
                failed.append(length)
            await syscall.sleep(3)
        return failed

    expected, found = crashed(tmp_path, lambda kernel: kernel.spawn(agent, budget=10), after)
    assert found == expected == {"1": [20, 6, 3]}


@pytest.mark.parametrize("after", range(1, 14))
def test_a_sleep_is_as_long_with_a_crash_as_without(tmp_path, after):
    async def waits(syscall):
        return await syscall.receive(timeout=10)

    async def sends(syscall):
        for _ in range(4):
            await syscall.sleep(3)
        await syscall.send("1", "too late")
        return "sent"

    def spawn(kernel):
        kernel.spawn(waits)
        kernel.spawn(sends)

    expected, found = crashed(tmp_path, spawn, after)
    assert expected == {"1": None, "2": "sent"} and found == expected


def test_after_a_divergence_no_run_goes_on_as_if_nothing_had_been(tmp_path):
    async def one(syscall):
        await syscall.write("x", 1)
        await syscall.write("x", 2)
        await syscall.sleep(100)

    async def another(syscall):
        await syscall.write("x", 1)
        await syscall.write("x", 3)

    with Kernel(ScriptedCore(), storage=tmp_path / "run") as kernel:
        kernel.spawn(one)
        kernel.tick()
        rows = len(kernel.journal)
    with Kernel(ScriptedCore(), storage=tmp_path / "run") as kernel:
        kernel.spawn(another)
        for _ in range(2):
            with pytest.raises(ReplayDivergence):
                kernel.run()
        assert len(kernel.journal) == rows


def test_a_fork_begins_with_the_arguments_as_they_were():
    async def agent(syscall, todo):
        done = []
        while todo:
            done.append(await syscall.write("x", todo.pop()))
        return done

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent, arguments={"todo": [1, 2, 3]}, groups=iter(["workers"]))
    first = kernel.run().results
    other = fork(kernel, 2)
    assert other.run().results == first == {"1": [1, 2, 3]}
    assert other.processes["1"].groups == {"workers"}


def test_a_child_shares_no_memory_with_its_parent():
    async def child(syscall, todo):
        return todo

    async def parent(syscall):
        todo = [1]
        pid = await syscall.spawn(child, todo=todo)
        todo.append(2)
        return await syscall.wait(pid)

    assert ran(parent)[0]["1"] == [1]


def test_a_fork_into_a_file_with_a_run_in_it_is_refused(tmp_path):
    async def agent(syscall):
        await syscall.write("x", 1)

    for name in ("a", "b"):
        with Kernel(ScriptedCore(), storage=tmp_path / name) as kernel:
            kernel.spawn(agent)
            kernel.run()
    with Kernel(ScriptedCore(), storage=tmp_path / "a") as kernel:
        kernel.spawn(agent)
        kernel.run()
        with pytest.raises(ValueError, match="holds a run"):
            fork(kernel, 1, storage=tmp_path / "b")
        Kernel(ScriptedCore(), storage=tmp_path / "b").close()  # and it is not left locked


def test_two_runs_do_not_share_their_idempotency_keys():
    keys = []

    @tool(effect="write")
    def send(text: str, idempotency_key: str) -> str:
        keys.append(idempotency_key)
        return text

    async def agent(syscall):
        answer = await syscall.ask("What?")
        return await syscall.call("send", text=answer)

    kernel = Kernel(ScriptedCore(), tools=[send], person=lambda question: "left")
    kernel.spawn(agent)
    kernel.run()
    other = fork(kernel, 1, reply=Ok("right"))
    other.run()
    assert len(set(keys)) == 2


def test_a_taint_that_came_later_is_not_there_earlier_after_a_crash(tmp_path):
    @tool(trusted=False)
    def web() -> str:
        return "text"

    done = tool(lambda: "done", name="acts", effect="write")

    async def clean(syscall):
        await syscall.write("note", 1)
        await syscall.sleep(2)
        await syscall.read("note")
        await syscall.sleep(6)
        return await syscall.call("acts")

    async def dirty(syscall):
        await syscall.call("web")
        await syscall.sleep(3)
        await syscall.write("note", 2)
        return "dirty"

    def spawn(kernel):
        kernel.spawn(clean)
        kernel.spawn(dirty)

    expected, found = crashed(tmp_path, spawn, 4, tools=[web, done])
    assert expected == {"1": "done", "2": "dirty"} and found == expected


def test_a_kernel_that_could_not_be_made_leaves_its_file_free(tmp_path):
    for wrong in ({"tools": [3]}, {"rules": 3}, {"swap_beyond": 5}):
        with pytest.raises((ValueError, TypeError)) as kept:
            Kernel(ScriptedCore(), storage=tmp_path / "run", **wrong)
        Kernel(ScriptedCore(), storage=tmp_path / "run").close()
        assert kept


# --- leaks


def test_threads_of_watchdogs_end():
    before = threading.active_count()
    for _ in range(20):
        ran(nothing)
    deadline = time.monotonic() + 5
    while threading.active_count() > before + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert threading.active_count() <= before + 2


def test_an_ended_process_keeps_no_mail():
    async def sends(syscall):
        await syscall.sleep(1)
        for _ in range(20):
            await syscall.send("2", "x")

    _, kernel = ran(sends, nothing)
    assert not kernel.processes["2"].mailbox


def test_locks_that_nobody_waits_for_leave_nothing_behind():
    async def agent(syscall):
        for k in range(20):
            async with syscall.lock(f"lock {k}"):
                await syscall.sleep(1)

    _, kernel = ran(agent, agent)
    assert not kernel.locks.queues and not kernel.locks.holders


def test_watchers_of_a_long_lived_process_are_not_kept_when_they_ended():
    async def server(syscall):
        await syscall.sleep(10)
        return 1

    async def client(syscall):
        await syscall.receive(sender="1", timeout=2)

    kernel = Kernel(ScriptedCore())
    kernel.spawn(server)
    for _ in range(10):
        kernel.spawn(client)
    kernel.run(until=6)
    assert not any(kernel._watchers.values())
