"""What agents can do, and what the kernel does for them."""

from __future__ import annotations

import asyncio
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.errors import AccessDenied
from agentos_lab.kernel import (
    Budget,
    Cancelled,
    Deadlock,
    Failed,
    Fifo,
    Kernel,
    NobodyAnswers,
    Priority,
    ProcessFailed,
    RoundRobin,
    ScriptedCore,
    StorageFailed,
    tool,
)  # fmt: skip


def run(*agents, core=None, **settings):
    """The results of some agents, in order; a failure is raised."""
    kernel = Kernel(core or ScriptedCore(slots=2), **settings)
    pids = [kernel.spawn(agent) for agent in agents]
    outcome = kernel.run()
    for pid in pids:
        if isinstance(outcome.results[pid], Failed):
            raise outcome.results[pid].error()
    results = [outcome.results[pid] for pid in pids]
    return results[0] if len(results) == 1 else results


def test_an_agent_is_an_ordinary_coroutine_whose_awaits_are_system_calls():
    async def agent(syscall):
        reply = await syscall.generate("Who are you?")
        await syscall.write("notes", [reply, len(reply.tokens)])
        return await syscall.read("notes")

    assert run(agent, core=ScriptedCore({"Who are you?": "A small model."})) == ["A small model.", 3]


def test_results_are_found_by_number_and_by_name():
    async def agent(syscall):
        return syscall.pid

    kernel = Kernel(ScriptedCore())
    pid = kernel.spawn(agent, name="ada")
    results = kernel.run().results
    assert results[pid] == results["ada"] == "1"
    with pytest.raises(KeyError, match="'ada'"):
        results["bob"]


def test_a_process_without_a_core_that_decodes_is_refused_with_the_way_out():
    with pytest.raises(ValueError, match=r"lm\.core\(\)"):
        Kernel(object())


@pytest.mark.parametrize("wrong", [lambda syscall: 1, 3, print])
def test_only_async_functions_are_agents(wrong):
    with pytest.raises(ValueError, match="an agent is an async function"):
        Kernel(ScriptedCore()).spawn(wrong)


def test_arguments_that_the_agent_does_not_take_are_refused_at_once():
    async def agent(syscall, text):
        return text

    with pytest.raises(ValueError, match="missing a required argument: 'text'"):
        Kernel(ScriptedCore()).spawn(agent)


def test_awaiting_anything_but_a_system_call_ends_the_agent_alone():
    async def agent(syscall):
        await asyncio.sleep(1)

    async def other(syscall):
        return "fine"

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    kernel.spawn(other)
    results = kernel.run().results
    assert results["other"] == "fine"
    assert results["agent"].kind in ("TypeError", "RuntimeError")


# --- children


def test_parents_get_the_results_of_their_children():
    async def child(syscall, k):
        return (await syscall.generate(f"number {k}", max_new_tokens=3)) + f" for {k}"

    async def parent(syscall):
        pids = [await syscall.spawn(child, k=k) for k in range(3)]
        return [pids, [await syscall.wait(pid) for pid in pids]]

    pids, texts = run(parent)
    assert pids == ["1.1", "1.2", "1.3"]
    assert [text[-1] for text in texts] == ["0", "1", "2"]


def test_the_failure_of_a_child_is_raised_where_it_is_waited_for():
    async def child(syscall):
        raise ZeroDivisionError("a mistake")

    async def parent(syscall):
        try:
            await syscall.wait(await syscall.spawn(child))
        except ProcessFailed as error:
            return str(error)

    assert run(parent) == "parent/child (process 1.1): a mistake"


def test_a_child_is_cancelled_and_may_tidy_up():
    async def child(syscall):
        try:
            await syscall.sleep(1000)
        except Cancelled:
            await syscall.write("tidy", True)
            return "tidied"

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(2)
        await syscall.cancel(pid)
        return [await syscall.wait(pid), await syscall.read("tidy")]

    assert run(parent) == ["tidied", True]


def test_a_killed_process_ends_at_once_and_gives_back_what_it_held():
    async def child(syscall):
        async with syscall.lock("x"):
            await syscall.generate("a long text", max_new_tokens=1000)

    async def parent(syscall):
        pid = await syscall.spawn(child)
        await syscall.sleep(3)
        await syscall.kill(pid)
        async with syscall.lock("x"):
            try:
                await syscall.wait(pid)
            except ProcessFailed as error:
                return str(error)

    assert "killed by parent" in run(parent)


def test_strangers_may_not_be_killed():
    async def killer(syscall):
        await syscall.kill("2")

    async def victim(syscall):
        await syscall.sleep(5)
        return "alive"

    with pytest.raises(AccessDenied, match="permission"):
        run(killer, victim)


# --- messages, time, locks


def test_messages_arrive_in_order_and_as_they_were_when_sent():
    async def sender(syscall):
        message = {"n": [1]}
        await syscall.send("2", message)
        message["n"].append(2)
        await syscall.send("2", message)

    async def receiver(syscall):
        return [(await syscall.receive())["message"]["n"] for _ in range(2)]

    assert run(sender, receiver)[1] == [[1], [1, 2]]


def test_receiving_from_one_sender_leaves_the_others_messages_where_they_are():
    async def a(syscall):
        await syscall.send("3", "from a")

    async def b(syscall):
        await syscall.sleep(4)
        await syscall.send("3", "from b")

    async def c(syscall):
        first = await syscall.receive(sender="2")
        return [first["message"], (await syscall.receive())["message"]]

    assert run(a, b, c)[2] == ["from b", "from a"]


def test_a_receive_with_a_timeout_gives_none_when_the_time_is_over():
    async def agent(syscall):
        return await syscall.receive(timeout=7)

    kernel = Kernel(ScriptedCore())
    kernel.spawn(agent)
    assert kernel.run().results["1"] is None
    assert kernel.now == 7


def test_the_clock_counts_decode_steps_and_jumps_over_idle_time():
    async def sleeper(syscall):
        await syscall.sleep(1_000_000)

    async def writer(syscall):
        await syscall.generate("text", max_new_tokens=10)

    kernel = Kernel(ScriptedCore())
    kernel.spawn(writer)
    kernel.run()
    assert kernel.now == 10
    kernel.spawn(sleeper)
    kernel.run()
    assert kernel.now == 1_000_010


def test_locks_exclude_and_go_to_the_most_urgent():
    order = []

    async def agent(syscall, k):
        async with syscall.lock("printer"):
            order.append(k)
            await syscall.sleep(5)

    kernel = Kernel(ScriptedCore(), scheduler=Priority())
    for k in range(4):
        kernel.spawn(agent, arguments={"k": k}, priority=k)
    kernel.run()
    assert order == [0, 3, 2, 1]
    assert kernel.now == 20


def inversion(kernel):
    async def low(syscall):
        async with syscall.lock("bus"):
            await syscall.generate("low", max_new_tokens=6)

    async def high(syscall):
        await syscall.sleep(2)
        async with syscall.lock("bus"):
            return await syscall.generate("high", max_new_tokens=2)

    async def medium(syscall):
        await syscall.sleep(3)
        await syscall.generate("medium", max_new_tokens=50)

    for agent, priority in ((low, 0), (high, 9), (medium, 5)):
        kernel.spawn(agent, priority=priority)
    return {each.name: each.turnaround for each in kernel.run().trace.metrics().processes}


def test_priority_inheritance_cures_priority_inversion(monkeypatch):
    cured = inversion(Kernel(ScriptedCore(slots=1), scheduler=Priority(ageing=None)))
    monkeypatch.setattr(Kernel, "priority", lambda self, pid: self.processes[pid].priority)
    inverted = inversion(Kernel(ScriptedCore(slots=1), scheduler=Priority(ageing=None)))
    assert cured["high"] == 8  # the six tokens of low, its own two
    assert inverted["high"] == 58  # and all fifty of medium


def test_a_ring_of_locks_is_reported_with_its_members_and_the_others_go_on():
    async def one(syscall):
        async with syscall.lock("a"):
            await syscall.sleep(1)
            async with syscall.lock("b"):
                return "both"

    async def two(syscall):
        async with syscall.lock("b"):
            await syscall.sleep(1)
            async with syscall.lock("a"):
                return "both"

    kernel = Kernel(ScriptedCore())
    kernel.spawn(one)
    kernel.spawn(two)
    results = kernel.run().results
    failed = [result for result in results.values() if isinstance(result, Failed)]
    assert [each.kind for each in failed] == ["Deadlock"]
    assert "(one)" in failed[0].message and "(two)" in failed[0].message
    assert "both" in results.values()
    assert kernel.trace.of(kind="deadlock")


def test_processes_that_wait_for_each_others_messages_are_a_deadlock():
    async def waits(syscall):
        try:
            await syscall.receive()
        except Deadlock:
            return "deadlock"
        except NobodyAnswers:
            return "nobody"

    assert sorted(run(waits, waits, waits)) == ["deadlock", "deadlock", "nobody"]


def test_waiting_for_one_that_waits_for_me_fails_at_once():
    async def child(syscall):
        return await syscall.wait("1")

    async def parent(syscall):
        return await syscall.wait(await syscall.spawn(child))

    with pytest.raises((Deadlock, ProcessFailed), match="wait for each other"):
        run(parent)


def test_daemons_end_when_only_daemons_are_left():
    async def server(syscall):
        while True:
            request = await syscall.receive()
            await syscall.send(request["from"], request["message"] * 2)

    async def client(syscall):
        await syscall.send("1", 21)
        return (await syscall.receive())["message"]

    kernel = Kernel(ScriptedCore())
    kernel.spawn(server, daemon=True)
    kernel.spawn(client)
    outcome = kernel.run()
    assert outcome.results["client"] == 42
    assert outcome.states["1"] == "killed"


# --- budgets


@pytest.mark.parametrize(
    ("budget", "what"),
    [
        ({"tokens": 5}, "5 tokens"), (7, "7 tokens"), ({"syscalls": 3}, "3 syscalls"),
        ({"ticks": 4}, "4 ticks"), (Budget(memory=20), "20 memory"), ({"processes": 1}, "1 processes"),
        ({"tool_calls": 2}, "2 tool calls"),
    ],
)  # fmt: skip
def test_a_budget_ends_what_would_never_end(budget, what):
    async def child(syscall):
        return 1

    async def agent(syscall):
        for _ in range(100):
            await syscall.generate("more", max_new_tokens=2)
            await syscall.write("x", "123456789")
            await syscall.spawn(child)
            await syscall.call("zero")

    @tool
    def zero() -> int:
        return 0

    kernel = Kernel(ScriptedCore(), tools=[zero])
    kernel.spawn(agent, budget=budget)
    failed = kernel.run().results["1"]
    assert failed.kind == "BudgetExceeded"
    assert what in failed.message


def test_children_use_the_budget_of_their_parents():
    async def child(syscall):
        await syscall.generate("text", max_new_tokens=10)

    async def parent(syscall):
        for _ in range(5):
            pid = await syscall.spawn(child)
            try:
                await syscall.wait(pid)
            except ProcessFailed as error:
                return str(error)

    kernel = Kernel(ScriptedCore())
    kernel.spawn(parent, budget=25)
    assert "its ancestor parent's 25 tokens" in kernel.run().results["1"]


def test_an_unknown_budget_is_refused():
    async def agent(syscall):
        pass

    with pytest.raises(ValueError, match="'token'"):
        Kernel(ScriptedCore()).spawn(agent, budget={"token": 3})


# --- storage, memory, people


def test_versions_roll_back_and_memory_recalls():
    async def agent(syscall):
        await syscall.write("plan", "walk")
        await syscall.write("plan", "run")
        await syscall.rollback("plan", 1)
        await syscall.remember("Ada likes tea", tags=["taste"])
        number = await syscall.remember("Bob likes coffee")
        await syscall.forget(number)
        found = await syscall.recall("who likes tea or coffee")
        return [await syscall.read("plan"), await syscall.list("pl"), [each["text"] for each in found]]

    assert run(agent) == ["walk", ["plan"], ["Ada likes tea"]]


def test_what_is_not_there_is_said_and_what_could_be_meant():
    async def agent(syscall):
        await syscall.write("notes/today", 1)
        await syscall.read("notes/tody")

    with pytest.raises(StorageFailed, match="notes/today"):
        run(agent)


@pytest.mark.parametrize(
    "rubbish",
    [{1, 2}, object(), float("nan"), b"bytes", {"a": {"b": {3}}}],
    ids=["set", "object", "nan", "bytes", "deep"],
)
def test_values_that_are_no_json_are_refused_and_the_agent_goes_on(rubbish):
    async def agent(syscall):
        try:
            await syscall.write("x", rubbish)
        except ValueError as error:
            assert "JSON" in str(error)
        try:
            await syscall.send("1", rubbish)
        except ValueError as error:
            return str(error)

    assert "JSON" in run(agent)


def test_the_person_answers_by_a_function():
    async def agent(syscall):
        return await syscall.ask("Tea or coffee?", ["tea", "coffee"])

    assert run(agent, person=lambda question: question.options[0]) == "tea"


def test_the_person_answers_later():
    async def agent(syscall):
        return await syscall.ask("Your name?")

    async def other(syscall):
        return await syscall.generate("meanwhile", max_new_tokens=2)

    kernel = Kernel(ScriptedCore(), person="later")
    kernel.spawn(agent)
    kernel.spawn(other)
    outcome = kernel.run()
    assert "2" in outcome.results and "1" not in outcome.results
    assert [question.text for question in outcome.questions] == ["Your name?"]
    kernel.answer(outcome.questions[0].number, "Ada")
    assert kernel.run().results["1"] == "Ada"
    with pytest.raises(ValueError, match="no open question"):
        kernel.answer(1, "again")


def test_without_a_person_questions_fail_and_what_needs_permission_is_denied():
    async def asks(syscall):
        try:
            await syscall.ask("Hello?")
        except NobodyAnswers:
            return "nobody"

    async def erases(syscall):
        try:
            return await syscall.call("erase")
        except AccessDenied:
            return "denied"

    done = []

    @tool(effect="irreversible")
    def erase() -> str:
        done.append(1)
        return "gone"

    assert run(asks, erases, tools=[erase]) == ["nobody", "denied"]
    assert not done
    assert run(erases, tools=[erase], person=lambda question: "allow") == "gone"


# --- the order of things


def test_a_process_that_calls_without_end_lets_the_others_have_their_turn():
    async def busy(syscall):
        while True:
            await syscall.list()

    async def writer(syscall):
        return await syscall.generate("text", max_new_tokens=20)

    kernel = Kernel(ScriptedCore(), journal=False)
    kernel.spawn(busy, budget={"syscalls": 5000})
    kernel.spawn(writer)
    outcome = kernel.run()
    assert outcome.results["busy"].kind == "BudgetExceeded"
    assert outcome.trace.metrics().processes[1].turnaround == 20


def test_virtual_time_does_not_depend_on_how_long_a_tool_really_takes():
    import time

    def workload(seconds):
        @tool(ticks=5)
        def slow() -> str:
            time.sleep(seconds)
            return "done"

        async def calls(syscall):
            await syscall.call("slow")
            return await syscall.generate("after", max_new_tokens=3)

        async def writes(syscall):
            return await syscall.generate("meanwhile", max_new_tokens=12)

        kernel = Kernel(ScriptedCore(slots=1), scheduler=RoundRobin(2), tools=[slow])
        kernel.spawn(calls)
        kernel.spawn(writes)
        outcome = kernel.run()
        return [(event.tick, event.pid, event.kind) for event in outcome.trace], outcome.digest

    assert workload(0.0) == workload(0.1)


@given(st.integers(0, 10**6), st.sampled_from([Fifo(), RoundRobin(1), RoundRobin(5), Priority()]), st.integers(1, 4))
def test_the_same_agents_make_the_same_trace(seed, scheduler, slots):
    def once():
        draw = random.Random(seed)

        async def agent(syscall, plan):
            out = []
            for step in plan:
                if step < 5:
                    out.append(await syscall.generate(str(step), max_new_tokens=step + 1, temperature=1.0))
                elif step < 7:
                    await syscall.sleep(step)
                else:
                    out.append(await syscall.write(f"{syscall.name}/{step}", out))
            return out

        kernel = Kernel(ScriptedCore(slots=slots), scheduler=scheduler)
        for _ in range(draw.randint(1, 4)):
            plan = [draw.randint(0, 9) for _ in range(draw.randint(0, 5))]
            kernel.spawn(agent, arguments={"plan": plan}, priority=draw.randint(0, 2), arrives=draw.randint(0, 4))
        outcome = kernel.run()
        return outcome.digest, [(event.tick, event.pid, event.kind) for event in outcome.trace]

    assert once() == once()


def test_an_interrupt_leaves_the_kernel_ready_to_go_on():
    class Interrupted(ScriptedCore):
        def step(self, batch):
            if self.steps == 4:
                self.steps += 1
                raise KeyboardInterrupt
            return super().step(batch)

    async def agent(syscall):
        return [await syscall.generate("a", max_new_tokens=3), await syscall.generate("b", max_new_tokens=6)]

    def results(core):
        kernel = Kernel(core)
        kernel.spawn(agent)
        kernel.spawn(agent)
        try:
            return kernel.run().results
        except KeyboardInterrupt:
            return kernel.run().results

    assert results(Interrupted()) == results(ScriptedCore())


def test_a_run_prints_its_processes_and_its_trace_a_chart():
    async def agent(syscall):
        return await syscall.generate("x", max_new_tokens=4)

    kernel = Kernel(ScriptedCore(slots=1), scheduler=Fifo())
    kernel.spawn(agent, name="ada")
    kernel.spawn(agent, name="bob")
    outcome = kernel.run()
    assert str(outcome).splitlines()[0].split()[:3] == ["1", "ada", "done"]
    assert str(outcome.trace).splitlines()[:2] == ["ada ████", "bob ░░░░████"]
    assert "<pre>" in outcome._repr_html_()
