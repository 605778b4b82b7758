"""The dispatcher: slots, context switches, and what happens when core, disk or policy fail."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Failed, Fifo, Kernel, RoundRobin, ScriptedCore
from agentos_lab.kernel.dispatcher import Dispatcher
from agentos_lab.kernel.process import Process
from agentos_lab.kernel.syscall import Generate
from agentos_lab.kernel.trace import Trace


class Counted(ScriptedCore):
    """Notes how many texts were in at once, and that no step has too many or strangers."""

    most = 0

    def restore(self, snapshot):
        sequence = super().restore(snapshot)
        self.most = max(self.most, len(self._texts))
        return sequence

    def step(self, batch):
        assert 1 <= len(batch) == len(set(batch)) <= self.slots
        return super().step(batch)


async def writes(syscall, length):
    return await syscall.generate(syscall.pid, max_new_tokens=length)


def texts(lengths, core, scheduler, **settings):
    kernel = Kernel(core, scheduler=scheduler, journal=False, **settings)
    for k, length in enumerate(lengths):
        kernel.spawn(writes, arguments={"length": length}, arrives=k % 3)
    return kernel.run().results, kernel


@given(st.lists(st.integers(1, 8), min_size=1, max_size=7), st.integers(1, 4), st.integers(0, 10**6))
def test_whatever_a_policy_chooses_no_more_than_the_slots_are_in_and_the_texts_are_the_same(lengths, slots, seed):
    draw = random.Random(seed)

    def at_random(views, slots, now):
        return draw.sample([view.pid for view in views], draw.randint(1, min(slots, len(views))))

    core = Counted(slots=slots)
    results, kernel = texts(lengths, core, at_random)
    assert results == texts(lengths, ScriptedCore(slots=1), Fifo())[0]
    assert core.most <= slots and not core._texts and not kernel.dispatcher.queue


def test_a_core_that_cannot_be_preempted_lets_each_finish():
    results, kernel = texts([5, 5, 5], Counted(slots=2, preemptible=False), RoundRobin(1))
    assert not kernel.trace.of(kind="switch out") and len(results) == 3
    assert not [event for event in kernel.trace.of(kind="queued") if event.data.get("preempted")]


def test_a_switch_back_costs_nothing_while_nobody_needs_the_slot():
    views = iter([["1"], ["2"], ["1"], ["2"]])
    _, kernel = texts([2, 2], ScriptedCore(slots=2), lambda *_: next(views))
    assert not kernel.trace.of(kind="switch out") and len(kernel.trace.of(kind="prefill")) == 2


def test_a_policy_may_be_exchanged_in_mid_run_and_one_that_raises_too():
    def broken(views, slots, now):
        raise ZeroDivisionError("a policy in the making")

    calm, _ = texts([6, 5, 4], ScriptedCore(slots=2), Fifo())
    kernel = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(1))
    for k, length in enumerate([6, 5, 4]):
        kernel.spawn(writes, arguments={"length": length}, arrives=k % 3)
    kernel.run(until=3)
    kernel.scheduler = broken
    with pytest.raises(ZeroDivisionError):
        kernel.run()
    kernel.scheduler = Fifo()
    assert kernel.run().results == calm


@pytest.mark.parametrize("method", ["load", "save", "restore"])
def test_a_swap_that_fails_costs_time_and_no_text(method):
    class Swapping(ScriptedCore):
        def __init__(self, slots):
            super().__init__(slots=slots)
            self.files = {}

        def snapshot(self, sequence):
            from dataclasses import replace

            return replace(super().snapshot(sequence), nbytes=100)

        def save(self, snapshot, path):
            if method == "save":
                raise OSError("no space left on device")
            path.touch()
            self.files[path] = snapshot

        def load(self, path, **settings):
            if method == "load":
                raise OSError("the file is gone")
            return self.files[path]

        def restore(self, snapshot):
            if method == "restore" and snapshot.done:
                raise RuntimeError("out of memory")
            return super().restore(snapshot)

    results, kernel = texts([5, 5, 5], Swapping(slots=1), RoundRobin(2), swap_beyond=150)
    assert results == texts([5, 5, 5], ScriptedCore(slots=1), Fifo())[0]
    assert kernel.trace.of(kind="swap failed")


def test_a_core_whose_reply_fails_hurts_one_agent_alone():
    class Mute(ScriptedCore):
        def reply(self, sequence):
            if self._texts[sequence].limit == 3:
                raise UnicodeDecodeError("utf-8", b"x", 0, 1, "half a character")
            return super().reply(sequence)

    results, _ = texts([3, 4], Mute(slots=2), Fifo())
    assert results["1"].kind == "CoreFailed" and not isinstance(results["2"], Failed)


def test_a_process_that_waited_beside_the_core_gets_no_bill_for_the_time_it_was_alone():
    from agentos_lab.kernel import FairShare

    async def alone_first(syscall):
        await syscall.generate("a", max_new_tokens=60)
        await syscall.sleep(1)
        await syscall.generate("b", max_new_tokens=20)

    async def newcomer(syscall):
        await syscall.generate("c", max_new_tokens=20)

    kernel = Kernel(ScriptedCore(slots=1), scheduler=FairShare(2), journal=False)
    kernel.spawn(alone_first)
    kernel.spawn(newcomer, arrives=60)
    kernel.run()
    turn = [pid for event in kernel.trace.of(kind="step") for pid in event.data["pids"]][60:80]
    assert abs(turn.count("1") - turn.count("2")) <= 4


def test_a_withdrawn_request_leaves_its_slot():
    core, trace = ScriptedCore(slots=1), Trace()
    dispatcher = Dispatcher(core, Fifo(), trace)
    for pid in ("1", "2"):
        dispatcher.submit(Process(pid, pid, None), Generate("x", 5), 0, 0)  # type: ignore[arg-type]
    dispatcher.tick(0, lambda pid: 0)
    dispatcher.withdraw("1")
    dispatcher.withdraw("1")
    assert not core._texts and list(dispatcher.queue) == ["2"] and len(dispatcher) == 1
    dispatcher.tick(1, lambda pid: 0)
    assert len(core._texts) == 1
