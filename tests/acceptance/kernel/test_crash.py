"""The third theorem: killed at any commit and started again, a run comes to the same end, each effect once.

The process is a real one, forked for speed, and dies by SIGKILL: before a transaction is committed, or after.
"""

from __future__ import annotations

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agentos_lab.kernel import Kernel, RoundRobin, ScriptedCore, ledger, tool

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="processes are forked and killed as POSIX has it")


def append_to(path: Path):
    """A tool with an effect outside of the database, made once by its idempotency key."""

    @tool(effect="write")
    def append(line: str, idempotency_key: str) -> str:
        """Append a line to a file."""
        known = path.read_text().splitlines() if path.exists() else []
        if not any(each.startswith(f"{idempotency_key} ") for each in known):
            with path.open("a") as file:
                file.write(f"{idempotency_key} {line}\n")
        return "done"

    return append


async def child(syscall, k):
    reply = await syscall.generate(f"child {k}", max_new_tokens=4)
    await syscall.send("1", [syscall.pid, reply])
    await syscall.write(f"child/{k}", reply)
    return reply


async def ada(syscall):
    replies = []
    for k in range(3):
        await syscall.spawn(child, k=k)
        await syscall.write("log", k)
        replies.append((await syscall.receive())["message"])
        await syscall.call("append", line=f"ada {k}")
    await syscall.remember(f"finished {len(replies)}")
    await syscall.rollback("log", 1)
    return [replies, [await syscall.wait(f"1.{k + 1}") for k in range(3)]]


async def bob(syscall):
    for k in range(4):
        async with syscall.lock("printer"):
            reply = await syscall.generate(f"bob {k}", max_new_tokens=3, temperature=1.0)
            await syscall.call("append", line=f"bob {k} {reply}")
        await syscall.sleep(2)
    await syscall.checkpoint("end")
    return await syscall.ask("Done?")


async def cyd(syscall):
    async with syscall.lock("printer"):
        await syscall.sleep(3)
    try:
        await syscall.call("append", line=3)
    except ValueError as error:
        await syscall.write("cyd", str(error))
    victim = await syscall.spawn(child, k=9)
    await syscall.cancel(victim)
    await syscall.kill(victim)
    return "done"


def final_state(folder: Path) -> str:
    """Run to the end, or take the run up; all that is there afterwards."""
    effects = folder / "effects.txt"
    with Kernel(
        ScriptedCore(slots=2), scheduler=RoundRobin(2), storage=folder / "run.sqlite", tools=[append_to(effects)],
        person=lambda question: "yes", watchdog=None,
    ) as kernel:  # fmt: skip
        for agent in (ada, bob, cyd):
            kernel.spawn(agent)
        results = kernel.run().results
        stored = {name: [each.value for each in kernel.storage.history(name)] for name in kernel.storage.names()}
        lines = sorted(line.split(" ", 1)[1] for line in effects.read_text().splitlines())
        return json.dumps([results, stored, len(kernel.memory), lines, len(kernel.journal)], default=str)


@contextmanager
def counted_commits(kill_at: int, moment: str) -> Iterator[list[int]]:
    """Count the transactions that come to their commit, and die before or after one of them."""
    count, transaction = [0], ledger.transaction

    @contextmanager
    def counted(connection):
        with transaction(connection):
            yield
            count[0] += 1
            if count[0] == kill_at and moment == "before":
                os.kill(os.getpid(), signal.SIGKILL)
        if count[0] == kill_at and moment == "after":
            os.kill(os.getpid(), signal.SIGKILL)

    ledger.transaction = counted
    try:
        yield count
    finally:
        ledger.transaction = transaction


def killed(folder: Path, kill_at: int, moment: str) -> bool:
    """Run in a process of its own that dies at a commit; whether it did (else the run had ended before)."""
    pid = os.fork()
    if pid == 0:  # the child; it must never come back into pytest
        try:
            with counted_commits(kill_at, moment):
                final_state(folder)
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    return os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL


def test_killed_at_any_commit_and_started_again_the_run_comes_to_the_same_end(tmp_path):
    (tmp_path / "calm").mkdir()
    with counted_commits(0, "") as count:
        calm = final_state(tmp_path / "calm")
    points = [(commit, moment) for commit in range(1, count[0] + 1) for moment in ("before", "after")]
    kills = 0
    for commit, moment in points:
        folder = tmp_path / f"{commit}-{moment}"
        folder.mkdir()
        assert killed(folder, commit, moment)
        kills += 1
        if commit % 3 == 0:  # and again, soon after the start
            kills += killed(folder, 1 + commit % 7, moment)
        assert final_state(folder) == calm, f"killed {moment} commit {commit}"
    assert kills >= 200


def test_an_effect_of_unknown_fate_is_not_repeated(tmp_path):
    """A tool without idempotency key, killed while it runs: the agent is told, and nothing happens twice."""
    path = tmp_path / "run.sqlite"
    effects = tmp_path / "effects.txt"

    @tool(effect="irreversible")
    def launch() -> str:
        with effects.open("a") as file:
            file.write("launched\n")
        os.kill(os.getpid(), signal.SIGKILL)
        return "never"

    async def agent(syscall):
        try:
            return await syscall.call("launch")
        except Exception as error:
            return str(error)

    def outcome():
        with Kernel(ScriptedCore(), storage=path, tools=[launch], person=lambda question: "allow") as kernel:
            kernel.spawn(agent)
            return kernel.run().results["1"]

    pid = os.fork()
    if pid == 0:
        try:
            outcome()
        finally:
            os._exit(0)
    _, status = os.waitpid(pid, 0)
    assert os.WIFSIGNALED(status)
    assert "whether it took effect is not known" in outcome()
    assert effects.read_text() == "launched\n"
