"""Handlers: what each system call does.

A handler decides on the reply, or returns None and the process waits; it may change the database, within the
transaction that also writes the journal. What the call changes in the kernel's own memory is done afterwards by its
*consequence*, a function of the call and its reply alone. A replay runs the consequences without the handlers: so after
a crash the kernel's memory is rebuilt by the same code that built it.
"""

from __future__ import annotations

import difflib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from .access import as_rules
from .deadlock import find_cycle
from .journal import as_json
from .process import Process, budget_of, copied, lineage
from .reply import Failed, Ok
from .syscall import (
    Acquire,
    Ask,
    Call,
    Cancel,
    Checkpoint,
    Forget,
    Generate,
    Kill,
    List,
    Read,
    Recall,
    Receive,
    Release,
    Remember,
    Rollback,
    Send,
    Sleep,
    Spawn,
    Syscall,
    Wait,
    Write,
)  # fmt: skip

if TYPE_CHECKING:
    from .supervisor import Supervisor

__all__ = ["CONSEQUENCES", "EFFECTS", "HANDLERS", "resource_of"]

Answer = Ok | Failed | None
_LONGEST = 10**12  # ticks


def resource_of(process: Process, call: Syscall) -> tuple[str, str] | None:
    """What a call touches and how, for the access rules; None: nothing that anybody guards."""
    match call:
        case Generate():
            return "generate:", "pure"
        case Read(key):
            return f"storage:{key}", "read"
        case Write(key) | Rollback(key):
            return f"storage:{key}", "write"
        case Recall():
            return "memory:", "read"
        case Remember() | Forget():
            return "memory:", "write"
        case Send(to):
            return f"process:{to}", "write"
        case Cancel(pid) | Kill(pid) if lineage(pid)[: len(lineage(process.pid))] != lineage(process.pid):
            return f"process:{pid}", "irreversible"  # its own descendants are its own business
        case _:
            return None


# --- what touches the database: functions of the caller's number and the call, so that a fork can do it again


def _write(kernel: Supervisor, pid: str, call: Write) -> int:
    return kernel.storage.write(call.key, call.value, by=pid, tick=kernel.now)


def _rollback(kernel: Supervisor, pid: str, call: Rollback) -> int:
    return kernel.storage.rollback(call.key, call.to, by=pid, tick=kernel.now)


def _remember(kernel: Supervisor, pid: str, call: Remember) -> int:
    return kernel.memory.remember(call.text, by=pid, tick=kernel.now, source=call.source, tags=call.tags)


def _recall(kernel: Supervisor, pid: str, call: Recall) -> list[dict[str, Any]]:
    return [asdict(found) for found in kernel.memory.recall(call.query, call.k, tick=kernel.now)]


def _forget(kernel: Supervisor, pid: str, call: Forget) -> int:
    return kernel.memory.forget(list(call.ids))


EFFECTS: dict[type[Syscall], Callable[[Any, str, Any], Any]] = {
    Write: _write, Rollback: _rollback, Remember: _remember, Recall: _recall, Forget: _forget,
}  # fmt: skip


def _effect(kernel: Supervisor, process: Process, call: Syscall) -> Answer:
    exceeded = process.exceeds("memory", size_of(call))
    return exceeded or Ok(EFFECTS[type(call)](kernel, process.pid, call))


def size_of(call: Syscall) -> int:
    """Bytes that a call leaves behind."""
    match call:
        case Write(value=kept) | Remember(text=kept) | Send(message=kept):
            return len(as_json(kept, f"what {call.name} keeps"))
        case _:
            return 0


# --- the language core and tools


def generate(kernel: Supervisor, process: Process, call: Generate) -> Answer:
    """Queue for the language core."""
    if type(call.max_new_tokens) is not int or call.max_new_tokens < 1:
        raise ValueError(f"max_new_tokens must be a whole number of at least 1, got {call.max_new_tokens!r}")
    seed = process.seed(kernel.seed) if call.seed is None else call.seed
    kernel.after_commit(lambda: kernel.dispatcher.submit(process, call, seed, kernel.now))
    return None


def call_tool(kernel: Supervisor, process: Process, call: Call) -> Answer:
    """Check a call of a tool and start it; the reply comes when it has ended."""
    tool = kernel.tools[call.tool]  # an unknown name: a ValueError that says which are there
    arguments = tool.check(call.arguments)
    exceeded = process.exceeds("tool_calls")
    if exceeded is not None:
        return exceeded
    if tool.exclusive is not None:
        blocked = _take_lock(kernel, process, tool.exclusive)
        if blocked is not None:
            return blocked if isinstance(blocked, Failed) else None
    changes = tool.effect in ("write", "irreversible")
    if changes and kernel.journal is not None:
        if not tool.takes_key and kernel.journal.intended(process.pid, process.n):
            return Failed(
                "ToolFailed",
                f"{tool.name} was running when the machine stopped, and takes no idempotency_key: whether it took "
                "effect is not known. Look before you call it again",
            )
        kernel.journal.intend(process.pid, process.n, tool.name)
    kernel.after_commit(lambda: kernel.start_tool(process, tool, arguments))
    return None


# --- processes and messages


def send(kernel: Supervisor, process: Process, call: Send) -> Answer:
    """Deliver a message."""
    kernel.process(call.to)
    return process.exceeds("memory", size_of(call)) or Ok()


def receive(kernel: Supervisor, process: Process, call: Receive) -> Answer:
    """Hand out the oldest message that fits, or wait for one."""
    if call.timeout is not None:
        _expect_ticks(call.timeout, "a timeout")
    for sender, message in process.mailbox:
        if call.sender in (None, sender):
            return Ok({"from": sender, "message": message})
    if call.sender is not None and kernel.process(call.sender).ended:
        return Failed("NobodyAnswers", f"process {call.sender} has ended without sending what is waited for")
    reason = f"message from {call.sender or 'anyone'}"
    if call.timeout is None:
        return _wait_for(kernel, process, reason, call.sender)
    if call.sender is not None:  # no ring: it goes on by itself
        kernel.watch(call.sender, process)
    kernel.wake_at(process.since + call.timeout, process, Ok(None))
    kernel.block(process, reason)
    return None


def spawn(kernel: Supervisor, process: Process, call: Spawn) -> Answer:
    """Give the child its number."""
    exceeded = process.exceeds("processes")
    if exceeded is not None:
        return exceeded
    kernel.check_agent(call.agent, call.arguments)
    if call.title is not None and not isinstance(call.title, str):
        raise ValueError(f"the name of a process is a text, got {call.title!r}")
    if call.priority is not None and not isinstance(call.priority, int):
        raise ValueError(f"a priority is a whole number, got {call.priority!r}")
    as_rules(call.privileges)
    budget_of(call.budget)
    return Ok(f"{process.pid}.{process.children + 1}")


def wait(kernel: Supervisor, process: Process, call: Wait) -> Answer:
    """The result of a process, when it has one."""
    other = kernel.process(call.pid)
    if other.result is None:
        return _wait_for(kernel, process, f"end of process {other.pid}", other.pid)
    if isinstance(other.result, Failed):
        return Failed("ProcessFailed", f"{other.name} (process {other.pid}): {other.result.message}")
    return other.result


def cancel(kernel: Supervisor, process: Process, call: Cancel) -> Answer:
    """Let the present call of another process fail; its journal row is of the same transaction."""
    victim = kernel.process(call.pid)
    if victim is process:
        raise ValueError("a process cannot cancel itself; it can return")
    if victim.ended:
        return Ok()
    if victim.call is None or victim.state == "ready":  # it has no call that could fail: the next one will
        return Ok("later")
    kernel.answer_within(victim, _cancelled_by(process))
    return Ok("at once")


def kill(kernel: Supervisor, process: Process, call: Kill) -> Answer:
    """End another process."""
    victim = kernel.process(call.pid)
    if victim is process:
        raise ValueError("a process cannot kill itself; it can return")
    return Ok(not victim.ended)  # a replay has to know


def sleep(kernel: Supervisor, process: Process, call: Sleep) -> Answer:
    """Wait for the clock."""
    _expect_ticks(call.ticks, "sleep")
    if call.ticks == 0:
        return Ok()
    kernel.wake_at(process.since + call.ticks, process, Ok())
    return _wait_for(kernel, process, f"tick {process.since + call.ticks}", None)


def _expect_ticks(ticks: Any, what: str) -> None:
    if type(ticks) is not int or not 0 <= ticks <= _LONGEST:
        raise ValueError(f"{what} takes a whole number of ticks, at most {_LONGEST:,}, got {ticks!r}")


def ask(kernel: Supervisor, process: Process, call: Ask) -> Answer:
    """Ask the person."""
    return kernel.ask(process, call.question, call.options, permission=False)


def acquire(kernel: Supervisor, process: Process, call: Acquire) -> Answer:
    """Take a lock, or wait for it."""
    if kernel.locks.holders.get(call.lock) == process.pid:
        raise ValueError(f"process {process.pid} holds the lock {call.lock!r} already")
    blocked = _take_lock(kernel, process, call.lock)
    return Ok() if blocked is None else blocked if isinstance(blocked, Failed) else None


def release(kernel: Supervisor, process: Process, call: Release) -> Answer:
    """Give a lock back."""
    if kernel.locks.holders.get(call.lock) != process.pid:
        raise ValueError(f"process {process.pid} does not hold the lock {call.lock!r}")
    return Ok()


def _take_lock(kernel: Supervisor, process: Process, lock: str) -> Failed | bool | None:
    """None if the lock is free for it; else it waits (True), unless that would close a ring."""
    holder = kernel.locks.holders.get(lock)
    if holder in (None, process.pid):
        return None
    if process.pid not in kernel.locks.queues.get(lock, []):
        kernel.locks.enqueue(lock, process.pid)
    blocked = _wait_for(kernel, process, f"lock {lock}", holder)
    return True if blocked is None else blocked


def _wait_for(kernel: Supervisor, process: Process, reason: str, target: str | None) -> Failed | None:
    """Make a process wait, unless the one for whom it waits waits for it."""
    if target is not None:
        cycle = find_cycle(lambda pid: [target] if pid == process.pid else kernel.waits_for(pid), process.pid)
        if cycle:
            kernel.locks.leave(process.pid)
            return kernel.deadlock(cycle)
        kernel.watch(target, process)
    kernel.block(process, reason)
    return None


# --- storage and memory


def read(kernel: Supervisor, process: Process, call: Read) -> Answer:
    """A value from storage."""
    return Ok(kernel.storage.read(call.key, call.version))


def list_names(kernel: Supervisor, process: Process, call: List) -> Answer:
    """Names in storage."""
    return Ok(kernel.storage.names(call.prefix))


def checkpoint(kernel: Supervisor, process: Process, call: Checkpoint) -> Answer:
    """The number that this row will have; the log is flushed once it is written."""
    kernel.after_commit(kernel.flush)
    return Ok(0 if kernel.journal is None else len(kernel.journal) + 1)


HANDLERS: dict[type[Syscall], Callable[[Any, Process, Any], Answer]] = {
    Acquire: acquire, Ask: ask, Call: call_tool, Cancel: cancel, Checkpoint: checkpoint, Forget: _effect,
    Generate: generate, Kill: kill, List: list_names, Read: read, Recall: _effect, Receive: receive,
    Release: release, Remember: _effect, Rollback: _effect, Send: send, Sleep: sleep, Spawn: spawn, Wait: wait,
    Write: _effect,
}  # fmt: skip


# --- consequences in the kernel's memory, of a successful call (of a tool: of any): what a replay does again


def _sent(kernel: Supervisor, process: Process, call: Send, value: Any) -> None:
    process.charge("memory", size_of(call))
    target = kernel.process(call.to)
    if target.ended:
        return
    target.mailbox.append((process.pid, json.loads(json.dumps(call.message))))  # nobody changes it afterwards
    kernel.wake(target, Receive)


def _received(kernel: Supervisor, process: Process, call: Receive, value: dict[str, Any] | None) -> None:
    if value is not None:
        process.mailbox.remove((value["from"], value["message"]))
        _learnt_from(kernel, process, [value["from"]])


def _spawned(kernel: Supervisor, process: Process, call: Spawn, value: str) -> None:
    process.charge("processes")
    process.children += 1
    arguments = copied(call.arguments)  # processes share no memory
    child = kernel.start(
        call.agent, value, process, name=call.title, arguments=arguments, privileges=call.privileges,
        budget=call.budget, priority=process.priority if call.priority is None else call.priority,
    )  # fmt: skip
    child.tainted = process.tainted
    _learnt_from(kernel, kernel.process(value), [process.pid])  # its arguments are text of its parent's


def _cancelled_by(process: Process) -> Failed:
    return Failed("Cancelled", f"cancelled by {process.name} (process {process.pid})")


def _cancelled(kernel: Supervisor, process: Process, call: Cancel, value: str | None) -> None:
    if value == "later":
        kernel.process(call.pid).cancelled = _cancelled_by(process)


def _killed(kernel: Supervisor, process: Process, call: Kill, value: bool) -> None:
    victim = kernel.process(call.pid)
    if value and not victim.ended:
        kernel.end(victim, "killed", Failed("Cancelled", f"killed by {process.name} (process {process.pid})"))


def _acquired(kernel: Supervisor, process: Process, call: Acquire, value: None) -> None:
    kernel.locks.leave(process.pid)
    kernel.locks.holders[call.lock] = process.pid


def _released(kernel: Supervisor, process: Process, call: Release, value: None) -> None:
    kernel.give_back(call.lock)


def _called(kernel: Supervisor, process: Process, call: Call, value: Any) -> None:
    process.charge("tool_calls")
    known = isinstance(call.tool, str) and call.tool in kernel.tools
    if known and not kernel.tools[call.tool].trusted and process.tainted is None:
        process.tainted = call.tool


# --- text from outside taints whoever reads it, by whatever way it comes


def _learnt_from(kernel: Supervisor, process: Process, pids: Iterable[str]) -> None:
    for pid in pids:
        if process.tainted is None and pid in kernel.processes:
            process.tainted = kernel.processes[pid].tainted


def _waited(kernel: Supervisor, process: Process, call: Wait, value: Any) -> None:
    _learnt_from(kernel, process, [call.pid] if isinstance(call.pid, str) else [])


def _read(kernel: Supervisor, process: Process, call: Read, value: Any) -> None:
    written = kernel.storage.history(call.key)  # in a replay also what was written later
    _learnt_from(kernel, process, [each.by for each in written if each.tick <= kernel.now])


def _listed(kernel: Supervisor, process: Process, call: List, value: list[str]) -> None:
    if any(each.tainted for each in kernel.processes.values()):
        _learnt_from(kernel, process, [kernel.storage.history(name)[0].by for name in value])


def _recalled(kernel: Supervisor, process: Process, call: Recall, value: list[dict[str, Any]]) -> None:
    _learnt_from(kernel, process, [found["by"] for found in value])


def _kept(kernel: Supervisor, process: Process, call: Write | Remember, value: Any) -> None:
    process.charge("memory", size_of(call))


CONSEQUENCES: dict[type[Syscall], Callable[[Any, Process, Any, Any], None]] = {
    Acquire: _acquired, Call: _called, Cancel: _cancelled, Kill: _killed, List: _listed, Read: _read,
    Recall: _recalled, Receive: _received,
    Release: _released, Remember: _kept, Send: _sent, Spawn: _spawned, Wait: _waited, Write: _kept,
}  # fmt: skip


def did_you_mean(name: str, known: list[str]) -> str:
    """A hint at the nearest of the known names."""
    near = difflib.get_close_matches(name, known, n=1)
    return f"; did you mean {near[0]!r}?" if near else f"; there are {', '.join(map(repr, known)) or 'none'}"
