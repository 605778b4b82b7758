"""Tool calls in virtual time: due at their tick, late if the machine is."""

from __future__ import annotations

import threading

from agentos_lab.kernel import Kernel, Ok, ScriptedCore, tool
from agentos_lab.kernel.tool_calls import ToolCalls


def test_a_result_arrives_at_its_tick_and_not_before():
    calls = ToolCalls(patience=5.0)
    calls.start("1", tool(lambda: "a", name="a", ticks=3), {}, "key", 10)
    calls.start("2", tool(lambda: "b", name="b", ticks=1), {}, "key", 10)
    assert calls.next == 11 and list(calls.arrived(10)) == []
    assert [call.pid for call in calls.arrived(11)] == ["2"]
    assert calls.take("2").running.result() == Ok("b") and "2" not in calls
    assert [call.pid for call in calls.arrived(13)] == ["1"] and calls.take("3") is None


def test_a_late_call_is_told_once_and_delivered_when_it_is_there():
    gate = threading.Event()
    calls = ToolCalls(patience=0.01)
    calls.start("1", tool(lambda: gate.wait(5), name="waits"), {}, "key", 0)
    assert [call.late for call in calls.arrived(1)] == [True]
    assert list(calls.arrived(2)) == [] and calls.next is None and calls.wait_for_late()
    gate.set()
    calls.calls["1"].running.wait(5)
    assert [call.late for call in calls.arrived(9)] == [False]
    calls.take("1")
    assert not calls.wait_for_late()


def test_a_killed_process_hears_nothing_of_its_tool_and_leaves_no_call():
    gate = threading.Event()

    async def child(syscall):
        return await syscall.call("waits")

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(1)
        await syscall.kill(pid)
        gate.set()
        return "done"

    kernel = Kernel(ScriptedCore(), tools=[tool(lambda: gate.wait(5), name="waits", ticks=9, exclusive="x")])
    kernel.spawn(parent)
    assert kernel.run().states == {"1": "done", "1.1": "killed"}
    assert not kernel.tool_calls.calls and not kernel.locks.holders
