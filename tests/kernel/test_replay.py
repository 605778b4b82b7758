"""Replay: a run that is taken up anywhere comes to the end of the run that was left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Fifo, Kernel, Ok, RoundRobin, ScriptedCore, fork
from agentos_lab.kernel.replay import ReplayDivergence

STEPS = st.lists(
    st.tuples(st.sampled_from(["generate", "write", "sleep", "child", "lock"]), st.integers(1, 4)), max_size=5
)


async def worker(syscall, steps):
    """Its result depends on its own doings alone, so no crash may change it."""
    out = []
    for kind, number in steps:
        if kind == "generate":
            out.append(await syscall.generate(f"{syscall.pid} {number}", max_new_tokens=number, temperature=1.0))
        elif kind == "write":
            out.append(await syscall.write(f"{syscall.pid}/{number}", out))
        elif kind == "sleep":
            await syscall.sleep(number)
        elif kind == "lock":
            async with syscall.lock("x"):
                await syscall.sleep(number)
        else:
            out.append(await syscall.wait(await syscall.spawn(worker, steps=[("generate", number), ("write", 1)])))
    return out


@given(st.lists(STEPS, min_size=1, max_size=4), st.lists(st.integers(0, 12), min_size=1, max_size=3))
def test_a_run_that_stops_anywhere_and_is_taken_up_is_the_run_that_never_stopped(tmp_path_factory, plans, stops):
    folder = tmp_path_factory.mktemp("replay")

    def kernel(name):
        made = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(2), storage=folder / name)
        for steps in plans:
            made.spawn(worker, arguments={"steps": steps})
        return made

    def state(kernel):
        names = kernel.storage.names()
        return kernel.run().results, {name: [each.value for each in kernel.storage.history(name)] for name in names}

    with kernel("calm") as calm:
        calm.run()
        expected = state(calm)
    for ticks in stops:
        with kernel("run") as stopped:
            for _ in range(ticks):
                stopped.tick()
    with kernel("run") as last:
        last.run()
        assert state(last) == expected


async def writes(syscall, value):
    await syscall.write("x", value)
    await syscall.write("y", value)


@pytest.mark.parametrize(
    ("agents", "message"),
    [
        ([2], r"row 1 of the journal: process 1 called write\(.*1.*now calls write\(.*2"),
        ([], "row 1 of the journal is call 0 of process 1, and there is no such call now"),
    ],
)
def test_other_agents_than_the_journals_are_told_so(tmp_path, agents, message):
    path = tmp_path / "run.sqlite"
    for values in ([1], agents):
        with Kernel(ScriptedCore(), storage=path) as kernel:
            for value in values:
                kernel.spawn(writes, arguments={"value": value})
            if values == [1]:
                kernel.run()
                continue
            with pytest.raises(ReplayDivergence, match=message):
                kernel.run()


def test_an_agent_that_ends_earlier_than_it_did_is_told_so(tmp_path):
    async def shorter(syscall, value):
        await syscall.write("x", value)

    path = tmp_path / "run.sqlite"
    for agent in (writes, shorter):
        with Kernel(ScriptedCore(), storage=path) as kernel:
            kernel.spawn(agent, arguments={"value": 1})
            if agent is writes:
                kernel.run()
            else:
                with pytest.raises(ReplayDivergence, match="row 2 of the journal is call 1 of process 1"):
                    kernel.run()


def test_a_fork_of_a_fork_has_the_past_of_both():
    async def agent(syscall):
        return [await syscall.ask(str(k)) for k in range(3)]

    kernel = Kernel(ScriptedCore(), person=lambda question: f"first {question.text}")
    kernel.spawn(agent)
    kernel.run()
    second = fork(kernel, 2, reply=Ok("changed"), person=lambda question: f"second {question.text}")
    second.run()
    third = fork(second, 3, reply=Ok("again"))
    assert kernel.result().results["1"] == ["first 0", "first 1", "first 2"]
    assert second.result().results["1"] == ["first 0", "changed", "second 2"]
    assert third.run().results["1"] == ["first 0", "changed", "again"]


def test_a_fork_needs_a_row_and_a_core_that_is_free():
    kernel = Kernel(ScriptedCore(slots=1), scheduler=Fifo())

    async def agent(syscall):
        await syscall.write("x", 1)
        await syscall.generate("long", max_new_tokens=50)

    kernel.spawn(agent)
    with pytest.raises(ValueError, match="no row 1"):
        fork(kernel, 1)
    kernel.run(until=3)
    with pytest.raises(ValueError, match="the core is busy"):
        fork(kernel, 1)
    assert fork(kernel, 1, core=ScriptedCore()).run().states == {"1": "done"}
