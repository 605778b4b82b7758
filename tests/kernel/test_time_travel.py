"""Folds over the journal against the real kernel, driven again and stopped at that row; where two runs part."""

from __future__ import annotations

import random

from hypothesis import given, settings
from hypothesis import strategies as st

from agentos_lab.kernel import Kernel, Ok, RoundRobin, ScriptedCore, StorageFailed, fork
from agentos_lab.kernel.replay import replay
from agentos_lab.kernel.time_travel import ABSENT, compare_runs, state_at


async def child(syscall, number):
    await syscall.send(syscall.pid.rpartition(".")[0], {"from child": number})
    await syscall.sleep(number % 3)
    return await syscall.write(f"child/{number}", number)


def wanderer(seed):
    """An agent that does a bit of everything; what it does depends on its seed alone."""

    async def agent(syscall):
        draw, children = random.Random(f"{seed}/{syscall.pid}"), []
        for step in range(draw.randint(3, 12)):
            match draw.choice(["write", "rollback", "send", "receive", "spawn", "generate", "sleep"]):
                case "write":
                    await syscall.write(draw.choice("abc"), [syscall.pid, step])
                case "rollback":
                    try:
                        await syscall.rollback(draw.choice("abc"), draw.randint(1, 3))
                    except StorageFailed:
                        await syscall.write("missed", step)
                case "send":
                    await syscall.send(draw.choice("12"), step)
                case "receive":
                    await syscall.receive(timeout=draw.randint(0, 3))
                case "spawn":
                    children.append(await syscall.spawn(child, number=step))
                case "generate":
                    await syscall.generate(f"prompt {step}", max_new_tokens=draw.randint(1, 5))
                case "sleep":
                    await syscall.sleep(draw.randint(0, 4))
        return [await syscall.wait(pid) for pid in children]

    return agent


def world(seed):
    """A kernel with two such agents, after its run."""
    kernel = Kernel(ScriptedCore(slots=2), scheduler=RoundRobin(2))
    kernel.spawn(wanderer(seed), "ada")
    kernel.spawn(wanderer(seed + 1), "bob")
    return kernel, kernel.run()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10**6), st.data())
def test_the_fold_is_the_kernel_stopped_at_that_row(seed, data):
    kernel, _ = world(seed)
    rows = kernel.journal.rows()
    at = data.draw(st.integers(1, len(rows)))
    moment = state_at(rows, at)
    with fork(kernel, at) as stopped:
        replay(stopped, stopped.journal.rows())
        agree(moment, stopped)


def agree(moment, stopped):
    """The state after a row is that of a kernel that was driven again until this row."""
    assert moment.storage == {name: stopped.storage.read(name) for name in stopped.storage.names()}
    mail = {pid: list(process.mailbox) for pid, process in stopped.processes.items() if process.mailbox}
    assert moment.mailboxes == mail and moment.tick == stopped.now
    assert set(moment.processes) == set(stopped.processes)
    for pid, process in stopped.processes.items():
        doing = moment.processes[pid]
        assert doing.calls == process.n + 1
        assert (doing.last.call if doing.last else None) == (process.call.name if process.call else None)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10**6))
def test_the_next_call_of_a_process_is_the_last_one_when_it_is_answered(seed):
    rows = world(seed)[0].journal.rows()
    for row in rows:
        assert state_at(rows, row.seq - 1).processes[row.pid].next == row
        assert state_at(rows, row.seq).processes[row.pid].last == row
    assert all(each.next is None for each in state_at(rows, len(rows)).processes.values())


def test_the_beginning_is_empty_and_rows_after_the_end_change_nothing():
    rows = world(3)[0].journal.rows()
    first = state_at(rows, 0)
    assert (first.storage, first.mailboxes, first.tick, set(first.processes)) == ({}, {}, 0, {"1", "2"})
    assert state_at(rows, 10**6).storage == state_at(rows, len(rows)).storage


def test_a_run_is_equal_to_its_repetition():
    (one, first), (two, second) = world(7), world(7)
    difference = compare_runs(one.journal, two.journal, (first.results, second.results))
    assert difference.row is None and not difference.calls and not difference.storage and not difference.results
    assert str(difference) == "the runs are equal"


def test_a_fork_parts_at_the_row_with_the_other_reply():
    async def asker(syscall):
        answer = await syscall.generate("Rain?")
        await syscall.write("plan", str(answer))
        await syscall.send("2", str(answer))
        if answer == "No.":
            await syscall.write("extra", 1)
        return str(answer)

    async def listener(syscall):
        await syscall.write("listener", "here")
        return (await syscall.receive())["message"]

    kernel = Kernel(ScriptedCore({"Rain?": "Yes."}))
    kernel.spawn(asker, "asker")
    kernel.spawn(listener, "listener")
    run, rows = kernel.run(), kernel.journal.rows()
    at = next(row.seq for row in rows if row.call == "generate")
    other = fork(kernel, at, reply=Ok({**rows[at - 1].reply.value, "text": "No."}))
    second = other.run()
    difference = compare_runs(rows, other.journal, (run.results, second.results))
    assert difference.row == at and difference.calls == {"1": 0, "2": 1}
    assert difference.storage == {"plan": ("Yes.", "No."), "extra": (ABSENT, 1)}
    assert difference.results == {"1": ("Yes.", "No."), "2": ("Yes.", "No.")}
    assert str(difference).splitlines()[:3] == [
        f"the runs part at row {at}",
        '  plan: "Yes." → "No."',
        "  extra: — → 1",
    ]


def test_a_shorter_run_parts_where_it_ends():
    rows = world(5)[0].journal.rows()
    difference = compare_runs(rows, rows[:-1])
    assert difference.row == len(rows) and difference.calls == {rows[-1].pid: rows[-1].n}
