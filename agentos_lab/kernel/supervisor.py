"""The supervisor: what can be done to processes, which handlers and the kernel's loop have in common.

A process goes through few states, and each change of them is here: it is started, its call is served (permitted by
the access rules, performed by its handler, settled when the reply is written down), it waits and is woken, it ends.
"""

from __future__ import annotations

import inspect
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any, Literal

from .access import Decision, Rule, as_rules, decide, narrowest
from .deadlock import awaited
from .dispatcher import Dispatcher
from .handlers import CONSEQUENCES, HANDLERS, did_you_mean, resource_of
from .journal import Journal
from .ledger import Ledger
from .locks import LockTable, effective_priority
from .memory import Memory
from .person import Person
from .process import Budget, Process, budget_of, lineage
from .reply import Failed, Ok
from .storage import Storage
from .syscall import Acquire, Call, Receive, Syscall, SyscallInterface, Wait
from .timers import Timers
from .tool_calls import ToolCalls
from .tools import Tool, Toolbox
from .trace import Trace

__all__ = ["Supervisor"]

_WARNINGS = 100  # so often a process may exceed a budget and go on; then it is ended when it has no system calls left


class Supervisor:
    """The state of the machine and what can be done to its processes; `Kernel` puts the parts together.

    Attributes:
        now: Virtual time, in ticks.
        processes: All of them, the ended ones too, by number.
        trace, journal, storage, memory, tools, rules, person, locks, tool_calls, dispatcher: The parts.
        seed: Of all random numbers.
        run_id: Of this run, in idempotency keys.
        path, connection: The database.
    """

    now: int
    seed: int
    run_id: str
    path: Path | None
    connection: sqlite3.Connection
    trace: Trace
    journal: Journal | None
    storage: Storage
    memory: Memory
    tools: Toolbox
    rules: tuple[Rule, ...]
    person: Person
    locks: LockTable
    tool_calls: ToolCalls
    dispatcher: Dispatcher
    processes: dict[str, Process]
    _ledger: Ledger
    _timers: Timers
    _ready: deque[Process]
    _watchers: dict[str, dict[str, Process]]
    _replaying: bool

    def process(self, pid: str) -> Process:
        """A process by its number; ValueError when there is none."""
        if pid not in self.processes:
            raise ValueError(f"there is no process {pid!r}" + did_you_mean(str(pid), list(self.processes)))
        return self.processes[pid]

    def priority(self, pid: str) -> int:
        """A process's priority, with what it inherits by its locks."""
        if not any(self.locks.queues.values()):
            return self.processes[pid].priority
        waiting = {each: self.processes[each].priority for queue in self.locks.queues.values() for each in queue}
        return effective_priority(pid, {**waiting, pid: self.processes[pid].priority}, self.locks)

    @staticmethod
    def check_agent(agent: Callable[..., Any], arguments: Mapping[str, Any]) -> None:
        """ValueError unless it is an async function that takes these arguments after `syscall`."""
        name = getattr(agent, "__name__", repr(agent))
        if not callable(agent) or not any(map(inspect.iscoroutinefunction, (agent, type(agent).__call__))):
            raise ValueError(f"an agent is an async function, `async def agent(syscall): …`; {name} is none")
        try:
            inspect.signature(agent).bind(None, **arguments)
        except TypeError as error:
            raise ValueError(f"{name} cannot be called as {name}(syscall, {', '.join(arguments)}): {error}") from None

    def start(
        self,
        agent: Callable[..., Any],
        pid: str,
        parent: Process | None,
        *,
        name: str | None,
        arguments: Mapping[str, Any],
        privileges: Any = None,
        groups: Iterable[str] = (),
        budget: Any = None,
        arrives: int = 0,
        **settings: Any,
    ) -> Process:
        """Make a process and let it begin."""
        own = getattr(agent, "__name__", "agent")
        title = name or (own if parent is None else f"{parent.name}/{own}")
        limits = Budget.unlimited() if parent is not None and budget is None else budget_of(budget)
        group = frozenset(groups) if parent is None else parent.groups
        rules = parent.rules if parent is not None and privileges is None else as_rules(privileges)
        coroutine = agent(SyscallInterface(pid, title), **arguments)
        process = Process(
            pid, title, coroutine, parent, budget=limits, groups=group, rules=rules, arrives=arrives, **settings
        )
        self.processes[pid] = process
        process.since = max(self.now, arrives)
        self.trace.add(self.now, pid, "spawn", name=title, parent=parent and parent.pid, arrives=max(self.now, arrives))
        if arrives > self.now:
            process.state = "waiting"
            self._timers.set(arrives, "begin", pid)
        else:
            self.make_ready(process)
        if limits.ticks is not None:
            late = Failed("BudgetExceeded", f"{title} (process {pid}) has used up its {limits.ticks:,} ticks")
            self._timers.set(max(self.now, arrives) + limits.ticks, "end", pid, reply=late)
        return process

    def serve(self, process: Process) -> None:
        """Check a new call against budget and access rules, and perform it."""
        call = process.call
        assert call is not None
        failure = process.exceeds("syscalls")
        if failure is not None and process.refused >= _WARNINGS:  # it will not hear
            self.end(process, "killed", failure)
            return
        failure = process.cancelled or failure
        if failure is None:
            try:
                failure = self._permit(process, call)
            except Exception as error:  # arguments that make no sense: the caller's mistake
                failure = Failed.of(error)
        if failure is not None:
            self.complete(process, failure)
        elif process.state == "ready":  # it does not wait for permission
            self.perform(process)

    def _permit(self, process: Process, call: Syscall) -> Failed | None:
        """Apply the access rules; a question leaves the process waiting."""
        if isinstance(call, Call):
            target: tuple[str, str] | None = (f"tool:{call.tool}", self.tools[call.tool].effect)
        else:
            target = resource_of(process, call)
        if target is None:
            return None
        decision = self.decide(process, *target)
        self.trace.add(
            self.now, process.pid, "access", resource=target[0], effect=target[1], verdict=decision.verdict,
            reason=decision.reason,
        )  # fmt: skip
        if decision.verdict == "deny":
            return Failed("AccessDenied", f"{process.name} may not {call.name} {target[0]}: {decision.reason}")
        if decision.verdict == "ask":
            detail = f" with {json.dumps(call.arguments, default=str)}" if isinstance(call, Call) else ""
            return self.ask(process, f"{call.name} {target[0]}{detail}", ("allow", "deny"), permission=True)
        return None

    def decide(self, process: Process, resource: str, effect: str) -> Decision:
        """What the access rules say: the narrowest of what holds for the process and all its ancestors."""
        # Messages and what is kept take the taint along to their readers; what leaves the system cannot.
        leaves = resource.startswith("tool:") or effect == "irreversible"
        tainted = process.tainted is not None and leaves
        decisions = [
            decide((*self.rules, *member.rules), resource, effect, member.groups, tainted)  # type: ignore[arg-type]
            for member in process.family()
        ]
        return narrowest(*decisions)

    def perform(self, process: Process) -> None:
        """Run the handler of a process's call."""
        call = process.call
        assert call is not None
        self._answer(process, lambda: HANDLERS[type(call)](self, process, call))

    def _answer(self, process: Process, produce: Callable[[], Ok | Failed | None]) -> None:
        """Produce a reply, write it down and let the process have it."""
        reply = self._ledger.commit(process, produce, self.now)
        if reply is not None:
            self.settle(process, process.call, reply)
        elif self._ledger.holds(process):
            self.block(process, "the storage")

    def block(self, process: Process, reason: str) -> None:
        """Let a process wait."""
        if process.state != "waiting":
            process.state = "waiting"
            self.trace.add(self.now, process.pid, "waiting", reason=reason)

    def watch(self, pid: str, process: Process) -> None:
        """Look again at what a process waits for, when another one ends."""
        self._watchers.setdefault(pid, {})[process.pid] = process
        process.watches = pid

    def wake_at(self, tick: int, process: Process, reply: Ok | Failed) -> None:
        """Answer a process's present call at a tick, if nothing has until then."""
        self._timers.set(tick, "reply", process.pid, process.n, reply)

    def wake(self, process: Process, *calls: type[Syscall]) -> None:
        """Look again whether a process that waits in such a call can go on."""
        if not self._replaying and process.state == "waiting" and isinstance(process.call, calls):
            self.perform(process)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the present transaction is through."""
        self._ledger.after_commit(action)

    def answer_within(self, process: Process, reply: Failed) -> None:
        """Answer another process's call in the same transaction as the caller's."""
        self._ledger.note(process, reply, self.now)
        self.after_commit(lambda: self.settle(process, process.call, reply))

    def complete(self, process: Process, reply: Ok | Failed) -> None:
        """Answer the present call of a process that waits."""
        if not process.ended:
            self._answer(process, lambda: reply)

    def start_tool(self, process: Process, tool: Tool, arguments: dict[str, Any]) -> None:
        """Let a tool run; its result is due some ticks later."""
        lock = tool.exclusive
        if lock is not None:
            self.locks.leave(process.pid)
            if self.locks.holders.get(lock) == process.pid:
                lock = None  # the process had it before, and has it afterwards
            else:
                self.locks.holders[lock] = process.pid
        key = f"{self.run_id}/{process.pid}/{process.n}"
        self.tool_calls.start(process.pid, tool, arguments, key, self.now, lock)
        self.block(process, f"tool {tool.name}")

    def ask(self, process: Process, text: str, options: Iterable[str], permission: bool) -> Failed | None:
        """Put a question to the person."""
        question = self.person.ask(process, text, options, permission)
        if isinstance(question, Failed):
            return question
        self.trace.add(self.now, process.pid, "asks", number=question.number, text=text, permission=permission)
        self.block(process, "the person")
        return None

    def waits_for(self, pid: str) -> list[str]:
        """The one process that has to act before this one can go on; empty if there is no such one."""
        process = self.processes[pid]
        if process.state != "waiting" or pid in self.tool_calls:
            return []
        return awaited(process, self.locks, self.tools)

    def deadlock(self, cycle: tuple[str, ...]) -> Failed:
        """The failure for one of a ring of processes."""
        ring = " → ".join(f"{pid} ({self.processes[pid].name})" for pid in (*cycle, cycle[0]))
        self.trace.add(self.now, cycle[0], "deadlock", cycle=list(cycle))
        return Failed("Deadlock", f"these processes wait for each other: {ring}")

    def give_back(self, lock: str) -> None:
        """Free a lock and hand it to the most urgent of those who wait."""
        self.locks.holders.pop(lock, None)
        if self._replaying:  # or closing
            return
        while lock not in self.locks.holders and (following := self.locks.next(lock, self.priority)) is not None:
            self.locks.leave(following)  # if it cannot have the lock it fails, and the next one comes
            self.wake(self.processes[following], Acquire, Call)

    def end(self, process: Process, state: Literal["done", "failed", "killed"], result: Ok | Failed) -> None:
        """A process is over: everything that it held is free, everyone who waited for it goes on."""
        process.state, process.result = state, result
        self.forget_waits(process)
        if state == "killed":
            process.close()
        data = {"error": f"{result.kind}: {result.message}"} if isinstance(result, Failed) else {}
        self.trace.add(self.now, process.pid, state, **data)
        for lock in self.locks.held_by(process.pid):
            self.give_back(lock)
        for watcher in self._watchers.pop(process.pid, {}).values():
            self.wake(watcher, Wait, Receive)
        process.mailbox.clear()

    def flush(self) -> None:
        """Force all that is committed to the disk."""
        if self.path is not None:
            self.connection.execute("PRAGMA wal_checkpoint(FULL)")

    def settle(self, process: Process, call: Syscall | None, reply: Ok | Failed) -> None:
        """A call is answered and written down: let its consequences happen, and the agent read the reply."""
        assert call is not None
        process.charge("syscalls")
        process.since, process.spent = self.now, 0
        if isinstance(reply, Failed):
            process.refused += reply.kind == "BudgetExceeded"
            process.cancelled = None if reply.kind == "Cancelled" else process.cancelled
        self.forget_waits(process)
        if isinstance(reply, Ok):
            reply = Ok(_plain(reply.value))
        consequence = CONSEQUENCES.get(type(call))
        if consequence is not None and (isinstance(reply, Ok) or isinstance(call, Call | Wait)):
            consequence(self, process, call, reply.value if isinstance(reply, Ok) else None)
        failed = {"failed": reply.kind} if isinstance(reply, Failed) else {}
        self.trace.add(self.now, process.pid, "call", n=process.n, call=call.name, **failed)
        process.reply = reply
        if process.state != "ready":
            self.make_ready(process)

    def make_ready(self, process: Process) -> None:
        """Let a process go on with its reply."""
        process.state = "ready"
        self.trace.add(self.now, process.pid, "ready")
        self._ready.append(process)

    def forget_waits(self, process: Process) -> None:
        """Whatever it waited for, it waits no longer."""
        if process.state == "ready":
            return
        self.dispatcher.withdraw(process.pid)
        self.locks.leave(process.pid)
        self.person.withdraw(process.pid)
        if process.watches is not None:
            self._watchers.get(process.watches, {}).pop(process.pid, None)
            process.watches = None
        call = self.tool_calls.take(process.pid)
        if call is not None:
            call.running.kill()
            if call.lock is not None:
                self.give_back(call.lock)

    def in_order(self) -> list[Process]:
        """All processes by descent."""
        return sorted(self.processes.values(), key=lambda process: lineage(process.pid))


def _plain(value: Any) -> Any:
    """As it would come back from the journal: lists for tuples, nothing shared with anybody."""
    return value if type(value) in (str, int, float, bool, type(None)) else json.loads(json.dumps(value))
