"""Runs: results by number and name, and how they print."""

from __future__ import annotations

import pytest

from agentos_lab.kernel import Failed, Fifo, Kernel, RoundRobin, ScriptedCore


def run(*agents, scheduler=None, person=None):
    kernel = Kernel(ScriptedCore(slots=1), scheduler=scheduler, person=person)
    for agent in agents:
        kernel.spawn(agent)
    return kernel.run()


async def writes(syscall):
    return await syscall.generate(syscall.pid, max_new_tokens=3)


async def fails(syscall):
    raise ValueError("a <mistake>")


async def asks(syscall):
    return await syscall.ask("Tea?")


def test_a_name_that_two_processes_have_asks_for_a_number():
    outcome = run(writes, writes, fails)
    with pytest.raises(KeyError, match="'writes' are the processes 1, 2"):
        outcome.results["writes"]
    with pytest.raises(KeyError, match="no process 'bob' has ended"):
        outcome.results["bob"]
    assert outcome.failures == {"3": Failed("ValueError", "a <mistake>")} == {"3": outcome.results["fails"]}


def test_the_hash_of_the_results_does_not_depend_on_the_schedule():
    assert run(writes, writes, scheduler=Fifo()).digest == run(writes, writes, scheduler=RoundRobin(1)).digest
    assert run(writes).digest != run(writes, writes).digest


def test_it_prints_results_failures_and_open_questions():
    outcome = run(writes, fails, asks, person="later")
    lines = str(outcome).splitlines()
    assert lines[1] == "2    fails   failed   ValueError: a <mistake>"
    assert lines[2] == "3    asks    waiting" and lines[3] == "waits for you: [1] asks (process 3): Tea?"
    assert "a &lt;mistake&gt;" in outcome._repr_html_()
    assert str(run(*[writes] * 11)).splitlines()[-1] == "… and 3 more processes"
