"""The kernel: drives the agents' coroutines, answers their system calls, and gives them the language core in turn.

One tick of its clock is one decode step. In a tick it delivers what has come due (timers, tools, answers of the
person), lets every ready agent run to its next system call that has to wait, and has the dispatcher decode one token
for those whom the scheduler chooses. There are no threads but those of tools, and no events but in this loop: the same
agents make the same schedule on every machine.
"""

from __future__ import annotations

import heapq
import inspect
import json
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Any, Literal

from .access import Decision, Rule, as_rules, decide, narrowest
from .database import open_database, transaction
from .dispatcher import Dispatcher
from .handlers import CONSEQUENCES, EFFECTS, HANDLERS, did_you_mean, resource_of
from .journal import Journal, ReplayDivergence
from .language_core import LanguageCore
from .locks import LockTable, effective_priority, find_cycle
from .memory import Memory
from .process import Budget, Process, budget_of, lineage
from .reply import Failed, Ok, StorageFailed
from .run import Results, Run
from .scheduler import RoundRobin, Scheduler
from .storage import Storage
from .syscall import Acquire, Call, Generate, List, Read, Receive, Syscall, SyscallInterface, Wait
from .tool_run import Running, start
from .tools import Tool, Toolbox
from .trace import Trace
from .watchdog import Overrun, Watchdog

__all__ = ["Kernel", "Question"]

_BURST = 64  # system calls of one process in one tick: then the others have their turn
_NEEDS_DATABASE = {*EFFECTS, Read, List}
Answers = Callable[["Question"], Any]


@dataclass(frozen=True)
class Question:
    """Something that the person is asked.

    Attributes:
        number: To answer it by (`Kernel.answer`).
        pid, name: Who asks, or wants to do what needs permission.
        text: The question.
        options: Possible answers; empty: any.
        permission: Whether it is the kernel that asks, for an access rule.
    """

    number: int
    pid: str
    name: str
    text: str
    options: tuple[str, ...]
    permission: bool

    def __str__(self) -> str:
        return f"[{self.number}] {self.name} (process {self.pid}): {self.text}" + (
            f" ({' | '.join(self.options)})" if self.options else ""
        )


class Kernel:
    """An operating system for agents.

    Args:
        core: The language core, or a `LanguageModel`, which makes itself one.
        scheduler: Who decodes next; `RoundRobin(16)` unless another is given.
        storage: File of journal, storage and memory. If it exists, its run is taken up where it ended: spawn the same
            agents again. None: in memory.
        tools: What agents may call: functions or `Tool`s.
        rules: Access rules for all; see `access.py`.
        person: Answers questions: a function of a `Question`; ``"later"``: `run` returns while questions are open, and
            `answer` answers them; None: nobody is there, what needs permission is denied.
        seed: Of all random numbers.
        journal: False writes no journal: quicker, and nothing can be replayed.
        swap_beyond: Bytes of preempted sequences that stay in memory; the rest goes to disk.
        patience: Seconds that the kernel waits for a tool that is late in virtual time, before it goes on without.
        watchdog: Seconds without a system call after which an agent is ended; None: never.
        executor: A `concurrent.futures.Executor` on which tools run, on this machine or others.

    Example:
        >>> kernel = Kernel(core, scheduler=RoundRobin(quantum=16), storage="run.sqlite")
        >>> pid = kernel.spawn(agent, name="ada")
        >>> run = kernel.run()
        >>> run.results[pid]
    """

    def __init__(
        self,
        core: Any = None,
        *,
        scheduler: Scheduler | None = None,
        storage: str | Path | None = None,
        tools: Iterable[Tool | Callable[..., Any]] = (),
        rules: Any = None,
        person: Answers | Literal["later"] | None = None,
        seed: int = 0,
        journal: bool = True,
        swap_beyond: int | None = None,
        patience: float = 1.0,
        watchdog: float | None = 10.0,
        executor: Any = None,
    ) -> None:
        self.core: LanguageCore = _core_of(core)
        self.trace = Trace()
        self.dispatcher = Dispatcher(self.core, scheduler or RoundRobin(16), self.trace, swap_beyond)
        self.path = None if storage is None else Path(storage)
        self.connection = open_database(storage)
        self.storage, self.memory = Storage(self.connection), Memory(self.connection)
        self.journal = Journal(self.connection) if journal else None
        self.tools = Toolbox(tools)
        self.rules: tuple[Rule, ...] = as_rules(rules)
        self.person, self.seed, self.patience, self.executor = person, seed, patience, executor
        self.now = 0
        self.processes: dict[str, Process] = {}
        self.questions: dict[int, Question] = {}
        self.locks = LockTable()
        self._ready: deque[Process] = deque()
        self._timers: list[tuple[int, int, str, int, Ok | Failed | None]] = []
        self._running: dict[str, tuple[int, Tool, Running]] = {}
        self._watchers: dict[str, list[Process]] = {}
        self._afterwards: list[Callable[[], None]] = []
        self._unwritten: list[tuple[Process, Callable[[], Ok | Failed | None]]] = []
        self._numbers = count(1)
        self._watchdog = Watchdog(watchdog)
        self._to_replay = bool(self.journal)
        self._replaying = False

    # --- what users call

    @property
    def scheduler(self) -> Scheduler:
        """Who decodes next; may be exchanged between two ticks."""
        return self.dispatcher.scheduler

    @scheduler.setter
    def scheduler(self, scheduler: Scheduler) -> None:
        self.dispatcher.scheduler = scheduler

    def spawn(
        self,
        agent: Callable[..., Any],
        name: str | None = None,
        *,
        arguments: Mapping[str, Any] | None = None,
        priority: int = 0,
        weight: float = 1.0,
        privileges: Any = None,
        groups: Iterable[str] = (),
        budget: Budget | Mapping[str, int | None] | int | None = None,
        arrives: int = 0,
        daemon: bool = False,
    ) -> str:
        """Start a process.

        Args:
            agent: ``async def agent(syscall, …)``.
            name: For people; None: the function's.
            arguments: Passed to the agent after `syscall`.
            priority: Higher is more urgent, under `Priority`.
            weight: Its share of the core, under `FairShare`.
            privileges: What it may do: a mapping of patterns to "allow", "ask", "deny", or the names of the only tools
                that it may call; None: what effects allow.
            groups: Groups of access rules that it belongs to.
            budget: A `Budget`, a mapping of its fields, or a number of tokens.
            arrives: Tick at which it begins.
            daemon: It is ended when only daemons are left.

        Returns:
            Its number.
        """
        self.check_agent(agent, arguments or {})
        if not weight > 0:
            raise ValueError(f"the weight of a process must be above 0, got {weight!r}")
        pid = str(1 + sum(process.parent is None for process in self.processes.values()))
        self.start(
            agent, pid, name, None, arguments=arguments or {}, priority=priority, weight=weight, privileges=privileges,
            groups=groups, budget=budget, arrives=arrives, daemon=daemon,
        )  # fmt: skip
        return pid

    def run(self, until: int | None = None) -> Run:
        """Tick until nothing is left to do.

        Args:
            until: Stop at this tick at the latest; `run` may be called again.

        Returns:
            Results so far, and the trace. An interrupt (KeyboardInterrupt) leaves the kernel ready to go on.

        Raises:
            ReplayDivergence: The storage holds the run of other agents.
            StorageFailed: The journal can't be written (the disk is full, …). All that was answered is in it: make
                room, and call `run` again.
        """
        while (until is None or self.now < until) and self.tick():
            pass
        return self.result()

    def result(self) -> Run:
        """Where the run stands."""
        ended = {process.pid: process.result for process in self._sorted() if process.result is not None}
        values = {pid: result.value if isinstance(result, Ok) else result for pid, result in ended.items()}
        names = {process.pid: process.name for process in self._sorted()}
        states = {process.pid: process.state for process in self._sorted()}
        return Run(Results(values, names), dict(states), self.trace, tuple(self.questions.values()))

    def tick(self) -> bool:
        """One tick; False when nothing is left to do, or everybody waits for the person."""
        if self._to_replay:
            self._to_replay = False
            self._replay()
        self._write_unwritten()
        self._deliver()
        self._drive()
        if self.dispatcher:
            ended = self.dispatcher.tick(self.now, self.priority)
            self.now += 1
            for process, reply in ended:
                self.complete(process, reply)
        elif self._ready:  # some have had their share of system calls
            self.now += 1
        else:
            return self._idle()
        return True

    def answer(self, number: int, value: Any) -> None:
        """Answer a question; for a permission "allow" or True allows, all else denies."""
        if number not in self.questions:
            raise ValueError(f"there is no open question {number}; open are {list(self.questions) or 'none'}")
        question = self.questions.pop(number)
        process = self.processes[question.pid]
        self.trace.add(self.now, process.pid, "answered", number=number, answer=value)
        if not question.permission:
            self.complete(process, Ok(value))
        elif value is True or value == "allow":
            self._perform(process, process.call)  # type: ignore[arg-type]
        else:
            self.complete(process, Failed("AccessDenied", f"the person did not allow it: {question.text}"))

    def kill(self, pid: str) -> None:
        """End a process from outside. (Not journaled: a replay lets it live.)"""
        process = self.process(pid)
        if not process.ended:
            self.end(process, "killed", Failed("Cancelled", "killed by the user"))

    def close(self) -> None:
        """End everything and close the file; the run can be taken up from it."""
        for process in self._sorted():
            if not process.ended:
                self._forget_waits(process)
                process.close()
        self.connection.close()

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        living = sum(not process.ended for process in self.processes.values())
        return f"Kernel({living} of {len(self.processes)} processes living, tick {self.now}, {self.scheduler!r})"

    # --- what handlers and consequences call

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
        name: str | None,
        parent: Process | None,
        *,
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
        coroutine = agent(SyscallInterface(pid, title), **arguments)
        limits = Budget.unlimited() if parent is not None and budget is None else budget_of(budget)
        group = frozenset(groups) if parent is None else parent.groups
        process = Process(
            pid, title, coroutine, parent, budget=limits, groups=group, rules=as_rules(privileges), arrives=arrives,
            **settings,
        )  # fmt: skip
        self.processes[pid] = process
        self.trace.add(self.now, pid, "spawn", name=title, parent=parent and parent.pid, arrives=max(self.now, arrives))
        if arrives > self.now:
            process.state = "waiting"
            heapq.heappush(self._timers, (arrives, next(self._numbers), pid, -1, None))
        else:
            self._make_ready(process, begin=True)
        if limits.ticks is not None:
            late = Failed("BudgetExceeded", f"{title} (process {pid}) has used up its {limits.ticks:,} ticks")
            heapq.heappush(self._timers, (max(self.now, arrives) + limits.ticks, next(self._numbers), pid, -2, late))
        return process

    def block(self, process: Process, reason: str) -> None:
        """Let a process wait."""
        if process.state != "waiting":
            process.state = "waiting"
            self.trace.add(self.now, process.pid, "waiting", reason=reason)

    def watch(self, pid: str, process: Process) -> None:
        """Look again at what a process waits for, when another one ends."""
        watchers = self._watchers.setdefault(pid, [])
        if process not in watchers:
            watchers.append(process)

    def wake_at(self, tick: int, process: Process, reply: Ok | Failed) -> None:
        """Answer a process's present call at a tick, if nothing has until then."""
        heapq.heappush(self._timers, (tick, next(self._numbers), process.pid, process.n, reply))

    def wake(self, process: Process, *calls: type[Syscall]) -> None:
        """Look again whether a process that waits in such a call can go on."""
        if not self._replaying and process.state == "waiting" and isinstance(process.call, calls):
            self._perform(process, process.call)

    def after_commit(self, action: Callable[[], None]) -> None:
        """Do something once the present transaction is through."""
        self._afterwards.append(action)

    def answer_within(self, process: Process, reply: Failed) -> None:
        """Answer another process's call in the same transaction as the caller's."""
        if self.journal is not None:
            self.journal.append(process.pid, process.n, process.call, reply, self.now)  # type: ignore[arg-type]
        self.after_commit(lambda: self._settle(process, process.call, reply))  # type: ignore[arg-type]

    def complete(self, process: Process, reply: Ok | Failed) -> None:
        """Answer the present call of a process that waits."""
        if process.ended or process.call is None:
            return
        final = self._commit(process, lambda: reply)
        if final is not None:
            self._settle(process, process.call, final)

    def start_tool(self, process: Process, tool: Tool, arguments: dict[str, Any]) -> None:
        """Let a tool run; its result is due some ticks later."""
        if tool.exclusive is not None:
            self.locks.leave(process.pid)
            self.locks.holders[tool.exclusive] = process.pid
        run = start(tool, arguments, key=f"{self._run_name()}/{process.pid}/{process.n}", executor=self.executor)
        self._running[process.pid] = (self.now + tool.ticks, tool, run)
        self.block(process, f"tool {tool.name}")

    def ask(self, process: Process, text: str, options: Iterable[str], permission: bool) -> Failed | None:
        """Put a question to the person."""
        if self.person is None:
            if permission:
                return Failed("AccessDenied", f"{text} needs a person's permission, and nobody is there to give it")
            return Failed("NobodyAnswers", "there is no person to ask; give Kernel(person=…) a function")
        question = Question(next(self._numbers), process.pid, process.name, text, tuple(options), permission)
        self.questions[question.number] = question
        self.trace.add(self.now, process.pid, "asks", number=question.number, text=text, permission=permission)
        self.block(process, "the person")
        return None

    def blockers(self, pid: str) -> list[str]:
        """The one process that has to act before this one can go on; empty if there is no such one."""
        process = self.processes[pid]
        if process.state != "waiting" or pid in self._running:
            return []
        match process.call:
            case Wait(other) | Receive(str(other), None):
                return [other]
            case Acquire(lock):
                return [holder] if (holder := self.locks.holders.get(lock)) else []
            case Call(name):
                return [holder] if (holder := self.locks.holders.get(self.tools[name].exclusive or "")) else []
            case _:
                return []

    def deadlock(self, cycle: tuple[str, ...]) -> Failed:
        """The failure for one of a ring of processes."""
        ring = " → ".join(f"{pid} ({self.processes[pid].name})" for pid in (*cycle, cycle[0]))
        self.trace.add(self.now, cycle[0], "deadlock", cycle=list(cycle))
        return Failed("Deadlock", f"these processes wait for each other: {ring}")

    def give_back(self, lock: str) -> None:
        """Free a lock and hand it to the most urgent of those who wait."""
        self.locks.holders.pop(lock, None)
        following = self.locks.next(lock, self.priority)
        if following is not None:
            self.wake(self.processes[following], Acquire, Call)

    def end(self, process: Process, state: Literal["done", "failed", "killed"], result: Ok | Failed) -> None:
        """A process is over: everything that it held is free, everyone who waited for it goes on."""
        process.state, process.result = state, result
        self._forget_waits(process)
        if state == "killed":
            process.close()
        data = {"error": f"{result.kind}: {result.message}"} if isinstance(result, Failed) else {}
        self.trace.add(self.now, process.pid, state, **data)
        for lock in self.locks.held_by(process.pid):
            self.give_back(lock)
        for watcher in self._watchers.pop(process.pid, []):
            self.wake(watcher, Wait, Receive)

    def flush(self) -> None:
        """Force all that is committed to the disk."""
        if self.path is not None:
            self.connection.execute("PRAGMA wal_checkpoint(FULL)")

    # --- one tick

    def _deliver(self) -> None:
        """Timers, tools and the person's answers that have come due."""
        while self._timers and self._timers[0][0] <= self.now:
            _, _, pid, n, reply = heapq.heappop(self._timers)
            process = self.processes[pid]
            if reply is None:
                self._make_ready(process, begin=True)
            elif n == -2 and not process.ended:  # its time is over, whatever it does
                self.end(process, "killed", reply)  # type: ignore[arg-type]
            elif process.n == n and process.state == "waiting":
                self.complete(process, reply)
        for pid in sorted(self._running, key=lineage):
            due, tool, run = self._running[pid]
            if due <= self.now and (run.done() or run.wait(self.patience if due == self.now else 0.0)):
                self._finish_tool(self.processes[pid])
            elif due == self.now:
                self.trace.add(self.now, pid, "late", tool=tool.name)
        if callable(self.person):
            for question in list(self.questions.values()):
                self.answer(question.number, self.person(question))

    def _finish_tool(self, process: Process) -> None:
        _, tool, run = self._running.pop(process.pid)
        self.complete(process, run.result())
        if tool.exclusive is not None:
            self.give_back(tool.exclusive)

    def _drive(self) -> None:
        """Let every ready process run until it waits or has had its share of this tick."""
        calls: dict[str, int] = {}
        later: deque[Process] = deque()
        while self._ready:
            process = self._ready.popleft()
            while process.state == "ready":
                if calls.get(process.pid, 0) >= _BURST:
                    later.append(process)
                    break
                calls[process.pid] = calls.get(process.pid, 0) + 1
                if self._resume(process):
                    self._serve(process)
        self._ready = later

    def _resume(self, process: Process) -> bool:
        """Send the reply, and run the agent to its next system call; False: it has ended instead."""
        reply = process.reply
        try:
            with self._watchdog:
                if process.n < 0:
                    call = process.coroutine.send(None)
                elif isinstance(reply, Ok):
                    call = process.coroutine.send(reply.value)
                else:
                    call = process.coroutine.throw(reply.error())
        except StopIteration as stop:
            self.end(process, "done", Ok(stop.value))
        except Overrun:
            message = f"computed for {self._watchdog.seconds:g} s without a system call; the watchdog ended it"
            self.end(process, "killed", Failed("BudgetExceeded", message))
        except KeyboardInterrupt:
            self.end(process, "failed", Failed("KeyboardInterrupt", "interrupted by the user while it computed"))
            raise
        except BaseException as error:  # an agent's mistakes are its own: the others go on
            self.end(process, "failed", Failed(type(error).__name__, str(error)))
        else:
            if isinstance(call, Syscall):
                process.call = call
                process.n += 1
                return True
            wrong = f"awaited a {type(call).__name__}: an agent can await system calls alone"
            self.end(process, "killed", Failed("TypeError", wrong))
        return False

    def _serve(self, process: Process) -> None:
        """Check a new call against budget and access rules, and perform it."""
        call = process.call
        assert call is not None
        failure = process.exceeds("syscalls")
        if failure is None:
            try:
                failure = self._permit(process, call)
            except ValueError as error:
                failure = Failed("ValueError", str(error))
        if failure is not None:
            self.complete(process, failure)
        elif process.state == "ready":  # it does not wait for permission
            self._perform(process, call)

    def _permit(self, process: Process, call: Syscall) -> Failed | None:
        """Apply the access rules; a question leaves the process waiting."""
        if isinstance(call, Call):
            target: tuple[str, str] | None = (f"tool:{call.tool}", self.tools[call.tool].effect)
        else:
            target = resource_of(process, call)
        if target is None:
            return None
        decision = self.decide(process, *target)
        if decision.verdict != "allow":
            self.trace.add(self.now, process.pid, decision.verdict, resource=target[0], reason=decision.reason)
        if decision.verdict == "deny":
            return Failed("AccessDenied", f"{process.name} may not {call.name} {target[0]}: {decision.reason}")
        if decision.verdict == "ask":
            detail = f" with {json.dumps(call.arguments, default=str)}" if isinstance(call, Call) else ""
            return self.ask(process, f"{call.name} {target[0]}{detail}", ("allow", "deny"), permission=True)
        return None

    def decide(self, process: Process, resource: str, effect: str) -> Decision:
        """What the access rules say: the narrowest of what holds for the process and all its ancestors."""
        tainted = process.tainted is not None
        decisions = [
            decide((*self.rules, *member.rules), resource, effect, member.groups, tainted)  # type: ignore[arg-type]
            for member in process.family()
        ]
        return narrowest(*decisions)

    def _perform(self, process: Process, call: Syscall) -> None:
        reply = self._commit(process, lambda: HANDLERS[type(call)](self, process, call))
        if reply is not None:
            self._settle(process, call, reply)

    def _commit(self, process: Process, produce: Callable[[], Ok | Failed | None]) -> Ok | Failed | None:
        """Find the reply to a call and write it down, in one transaction; None: there is none yet."""
        call = process.call
        assert call is not None
        self._afterwards = []
        writes = self.journal is not None or type(call) in _NEEDS_DATABASE
        try:
            with transaction(self.connection) if writes else nullcontext():
                reply = produce()
                if reply is not None and self.journal is not None:
                    self.journal.append(process.pid, process.n, call, reply, self.now)
                    self.journal.fulfil(process.pid, process.n)
        except (ValueError, StorageFailed) as error:
            failure = Failed(type(error).__name__, str(error))
            return self._commit(process, lambda: failure)
        except sqlite3.Error as error:
            return self._not_written(process, produce, error)
        actions, self._afterwards = self._afterwards, []
        for action in actions:
            action()
        return reply

    def _not_written(
        self, process: Process, produce: Callable[[], Ok | Failed | None], error: sqlite3.Error
    ) -> Ok | Failed | None:
        """The database refused: tell the agent, if at least that can be written down; else stop, and lose nothing."""
        self.trace.add(self.now, process.pid, "storage failed", error=str(error))
        failure = Failed("StorageFailed", f"{process.call.name if process.call else ''}: {error}")
        try:
            with transaction(self.connection):
                if self.journal is not None and process.call is not None:
                    self.journal.append(process.pid, process.n, process.call, failure, self.now)
            return failure
        except sqlite3.Error:
            self._unwritten.append((process, produce))
            self.block(process, "the storage")
            raise StorageFailed(
                f"the journal cannot be written ({error}). Every call that was answered is in it; make room, and call "
                "run() again"
            ) from error

    def _write_unwritten(self) -> None:
        while self._unwritten:
            process, produce = self._unwritten.pop(0)
            reply = self._commit(process, produce)
            if reply is not None:
                self._settle(process, process.call, reply)  # type: ignore[arg-type]

    def _settle(self, process: Process, call: Syscall, reply: Ok | Failed) -> None:
        """A call is answered and written down: let its consequences happen, and the agent read the reply."""
        process.charge("syscalls")
        self._forget_waits(process)
        if isinstance(reply, Ok):
            reply = Ok(_plain(reply.value))
            consequence = CONSEQUENCES.get(type(call))
            if consequence is not None:
                consequence(self, process, call, reply.value)
        failed = {"failed": reply.kind} if isinstance(reply, Failed) else {}
        self.trace.add(self.now, process.pid, "call", n=process.n, call=call.name, **failed)
        process.reply = reply
        self._make_ready(process)

    def _make_ready(self, process: Process, begin: bool = False) -> None:
        if process.state != "ready" or begin:
            process.state = "ready"
            self.trace.add(self.now, process.pid, "ready")
            self._ready.append(process)

    def _forget_waits(self, process: Process) -> None:
        """Whatever it waited for, it waits no longer."""
        if process.state == "ready":
            return
        self.dispatcher.withdraw(process.pid)
        self.locks.leave(process.pid)
        if process.pid in self._running:
            _, tool, run = self._running.pop(process.pid)
            run.kill()
            if tool.exclusive is not None:
                self.give_back(tool.exclusive)
        for number in [number for number, question in self.questions.items() if question.pid == process.pid]:
            del self.questions[number]

    def _idle(self) -> bool:
        """Nobody computes: let time pass to what comes next; else those who are left wait for ever."""
        coming = [tick for tick, *_ in self._timers[:1]] + [due for due, _, _ in self._running.values()]
        if coming:
            late = [run for due, _, run in self._running.values() if due <= self.now]
            if late and min(coming) <= self.now:
                late[0].wait(0.05)
            self.now = max(self.now, min((tick for tick in coming if tick > self.now), default=self.now))
            return True
        living = [process for process in self._sorted() if not process.ended]
        if self.questions or not living:
            return False
        if all(process.daemon for process in living):
            for process in living:
                self.end(process, "killed", Failed("Cancelled", "only daemons were left"))
            return False
        self._resolve(living)
        return True

    def _resolve(self, living: list[Process]) -> None:
        """All wait for each other: let the call of one of them fail."""
        everyone = [process.pid for process in living]

        def waits_for(pid: str) -> list[str]:
            match self.processes[pid].call:
                case Receive(None, None):
                    return [other for other in everyone if other != pid]
            return self.blockers(pid)

        people = [process for process in living if not process.daemon]
        cycles = [cycle for pid in everyone if (cycle := find_cycle(waits_for, pid))]
        ring = [process for process in people if not cycles or process.pid in cycles[0]] or people
        victim = min(ring, key=lambda process: (process.priority, [-part for part in lineage(process.pid)]))
        if cycles:
            failure = self.deadlock(next((cycle for cycle in cycles if victim.pid in cycle), cycles[0]))
        else:
            failure = Failed("NobodyAnswers", f"process {victim.pid} waits, and nobody is left who could wake it")
        self.complete(victim, failure)

    # --- replay

    def _replay(self) -> None:
        """Drive the agents through the journal: each gets the replies that it got, and nothing happens twice."""
        assert self.journal is not None
        rows = self.journal.rows()
        if not rows:
            return
        self._replaying = True
        for row in rows:
            process = self.processes.get(row.pid)
            self.now = row.tick
            if process is None or not self._reach_call(process, row.n):
                raise ReplayDivergence(
                    f"row {row.seq} of the journal is call {row.n} of process {row.pid}, which makes no such call now: "
                    "spawn the same agents in the same order before run()"
                )
            self.journal.expects(row, process.call)  # type: ignore[arg-type]
            if isinstance(process.call, Generate) and isinstance(row.reply, Ok):
                process.charge("tokens", len(row.reply.value["tokens"]))
            self._settle(process, process.call, row.reply)  # type: ignore[arg-type]
        self._replaying = False
        self.trace.add(self.now, "", "replayed", rows=len(rows))

    def _reach_call(self, process: Process, n: int) -> bool:
        return process.n + 1 == n and process.state in ("ready", "waiting") and self._resume(process)

    def _sorted(self) -> list[Process]:
        return sorted(self.processes.values(), key=lambda process: lineage(process.pid))

    def _run_name(self) -> str:
        return "memory" if self.path is None else self.path.stem


def _core_of(core: Any) -> LanguageCore:
    """The core itself, or the one that a language model makes of itself."""
    if not hasattr(core, "prefill") and callable(getattr(core, "core", None)):
        core = core.core()
    missing = [name for name in ("slots", "prefill", "step", "reply", "release") if not hasattr(core, name)]
    if missing:
        raise ValueError(
            f"a kernel needs a language core, got {type(core).__name__}, which has no {', '.join(missing)}; "
            "lm.core() makes one of a language model, ScriptedCore() is one without"
        )
    return core  # type: ignore[no-any-return]


def _plain(value: Any) -> Any:
    """As it would come back from the journal: lists for tuples, nothing shared with anybody."""
    return value if type(value) in (str, int, float, bool, type(None)) else json.loads(json.dumps(value))
