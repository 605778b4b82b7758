"""The kernel: drives the agents' coroutines, answers their system calls, and gives them the language core in turn.

One tick of its clock is one decode step. In a tick it delivers what has come due (timers, tools, answers of the
person), lets every ready agent run to its next system call that has to wait, and has the dispatcher decode one token
for those whom the scheduler chooses. There are no threads but those of tools, and no events but in this loop: the same
agents make the same schedule on every machine.
"""

from __future__ import annotations

import inspect
import json
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any, Literal

from .access import Decision, Rule, as_rules, decide, narrowest
from .database import open_database
from .deadlock import awaited, choose_victim
from .dispatcher import Dispatcher
from .handlers import CONSEQUENCES, HANDLERS, did_you_mean, resource_of
from .journal import Journal
from .language_core import LanguageCore
from .ledger import Ledger
from .locks import LockTable, effective_priority
from .memory import Memory
from .person import Person, Question
from .process import Budget, Process, budget_of, lineage
from .replay import replay
from .reply import Failed, Ok, StorageFailed
from .run import Results, Run
from .scheduler import RoundRobin, Scheduler
from .storage import Storage
from .syscall import Acquire, Call, Receive, Syscall, SyscallInterface, Wait
from .timers import Timers
from .tool_calls import ToolCalls
from .tools import Tool, Toolbox
from .trace import Trace
from .watchdog import Overrun, Watchdog

__all__ = ["Kernel"]

_BURST = 64  # system calls of one process in one tick: then the others have their turn


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
        person: Callable[[Question], Any] | Literal["later"] | None = None,
        seed: int = 0,
        journal: bool = True,
        swap_beyond: int | None = None,
        patience: float = 1.0,
        watchdog: float | None = 10.0,
        executor: Any = None,
    ) -> None:
        self.core: LanguageCore = _core_of(core)
        self.settings = {  # of a fork
            "scheduler": scheduler, "tools": tuple(tools), "rules": rules, "person": person, "seed": seed,
            "swap_beyond": swap_beyond, "patience": patience, "watchdog": watchdog, "executor": executor,
        }  # fmt: skip
        self.trace = Trace()
        self.dispatcher = Dispatcher(self.core, scheduler or RoundRobin(16), self.trace, swap_beyond)
        self.path = None if storage is None else Path(storage)
        self.connection = open_database(storage)
        self.storage, self.memory = Storage(self.connection), Memory(self.connection)
        self.journal = Journal(self.connection) if journal else None
        self.tools = Toolbox(self.settings["tools"])
        self.rules: tuple[Rule, ...] = as_rules(rules)
        self.person, self.seed = Person(person), seed
        self.now = 0
        self.processes: dict[str, Process] = {}
        self.spawned: list[tuple[Callable[..., Any], dict[str, Any]]] = []
        self.locks = LockTable()
        self.tool_calls = ToolCalls(patience, executor)
        self._ledger = Ledger(self.connection, self.journal)
        self._timers = Timers()
        self._watchdog = Watchdog(watchdog)
        self._ready: deque[Process] = deque()
        self._watchers: dict[str, list[Process]] = {}
        self._begun = self._replaying = False

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
        settings = {
            "name": name, "arguments": arguments or {}, "priority": priority, "weight": weight,
            "privileges": privileges, "groups": groups, "budget": budget, "arrives": arrives, "daemon": daemon,
        }  # fmt: skip
        process = self.start(agent, str(len(self.spawned) + 1), None, **settings)
        self.spawned.append((agent, settings))
        return process.pid

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
        return Run(Results(values, names), dict(states), self.trace, self.questions)

    def tick(self) -> bool:
        """One tick; False when nothing is left to do, or everybody waits for the person."""
        try:
            return self._tick()
        except StorageFailed:
            for process, _ in self._ledger.unwritten:
                self.block(process, "the storage")
            raise

    def _tick(self) -> bool:
        if not self._begun:
            self._take_up()
        for process, reply in self._ledger.retry(self.now):
            self.settle(process, process.call, reply)
        self._deliver()
        self._drive()
        if self.dispatcher:
            ended = self.dispatcher.tick(self.now, self.priority)
            self.now += 1
            with ExitStack() as stack:  # each is written down, or kept to be, before an error is raised
                for process, reply in reversed(ended):
                    stack.callback(self.complete, process, reply)
        elif self._ready:  # some have had their share of system calls
            self.now += 1
        else:
            return self._idle()
        return True

    @property
    def questions(self) -> tuple[Question, ...]:
        """What the person is asked, and has not answered."""
        return tuple(self.person.questions.values())

    def answer(self, number: int, value: Any) -> None:
        """Answer a question; for a permission "allow" or True allows, all else denies."""
        question = self.person.close(number)
        process = self.processes[question.pid]
        self.trace.add(self.now, process.pid, "answered", number=number, answer=value)
        if not question.permission:
            self.complete(process, Ok(value))
        elif value is True or value == "allow":
            self._perform(process)
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
        self.trace.add(self.now, pid, "spawn", name=title, parent=parent and parent.pid, arrives=max(self.now, arrives))
        if arrives > self.now:
            process.state = "waiting"
            self._timers.set(arrives, "begin", pid)
        else:
            self._begin(process)
        if limits.ticks is not None:
            late = Failed("BudgetExceeded", f"{title} (process {pid}) has used up its {limits.ticks:,} ticks")
            self._timers.set(max(self.now, arrives) + limits.ticks, "end", pid, reply=late)
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
        self._timers.set(tick, "reply", process.pid, process.n, reply)

    def wake(self, process: Process, *calls: type[Syscall]) -> None:
        """Look again whether a process that waits in such a call can go on."""
        if not self._replaying and process.state == "waiting" and isinstance(process.call, calls):
            self._perform(process)

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
            final = self._ledger.commit(process, lambda: reply, self.now)
            if final is not None:
                self.settle(process, process.call, final)

    def start_tool(self, process: Process, tool: Tool, arguments: dict[str, Any]) -> None:
        """Let a tool run; its result is due some ticks later."""
        if tool.exclusive is not None:
            self.locks.leave(process.pid)
            self.locks.holders[tool.exclusive] = process.pid
        run = "memory" if self.path is None else self.path.stem
        self.tool_calls.start(process.pid, tool, arguments, f"{run}/{process.pid}/{process.n}", self.now)
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

    def _take_up(self) -> None:
        """Take up the run that the journal holds, if it holds one."""
        self._begun = True
        if self.journal:
            self._replaying = True
            replay(self, self.journal.rows())
            self._replaying = False

    def _deliver(self) -> None:
        """Timers, tools and the person's answers that have come due."""
        for timer in self._timers.due(self.now):
            process = self.processes[timer.pid]
            if timer.kind == "begin" and not process.ended:
                self._begin(process)
            elif timer.kind == "end" and not process.ended:
                self.end(process, "killed", timer.reply)
            elif timer.kind == "reply" and process.n == timer.n and process.state == "waiting":
                self.complete(process, timer.reply)
        for call in self.tool_calls.arrived(self.now):
            if call.late:
                self.trace.add(self.now, call.pid, "late", tool=call.tool.name)
            else:
                self.tool_calls.take(call.pid)
                self.complete(self.processes[call.pid], call.running.result())
                if call.tool.exclusive is not None:
                    self.give_back(call.tool.exclusive)
        if callable(self.person.answers):
            for question in self.questions:
                self.answer(question.number, self.person.answers(question))

    def _drive(self) -> None:
        """Let every ready process run until it waits or has had its share of this tick."""
        calls: dict[str, int] = {}
        later: deque[Process] = deque()
        try:
            while self._ready:
                process = self._ready.popleft()
                while process.state == "ready":
                    if calls.get(process.pid, 0) >= _BURST:
                        later.append(process)
                        break
                    calls[process.pid] = calls.get(process.pid, 0) + 1
                    if self.resume(process):
                        self._serve(process)
        finally:
            self._ready.extendleft(reversed(later))

    def resume(self, process: Process) -> bool:
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
            wrong = f"it awaited a {type(call).__name__}: an agent can await system calls alone"
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
            except Exception as error:  # arguments that make no sense: the caller's mistake
                failure = Failed.of(error)
        if failure is not None:
            self.complete(process, failure)
        elif process.state == "ready":  # it does not wait for permission
            self._perform(process)

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

    def _perform(self, process: Process) -> None:
        """Run the handler of a process's call."""
        call = process.call
        assert call is not None
        reply = self._ledger.commit(process, lambda: HANDLERS[type(call)](self, process, call), self.now)
        if reply is not None:
            self.settle(process, call, reply)

    def settle(self, process: Process, call: Syscall | None, reply: Ok | Failed) -> None:
        """A call is answered and written down: let its consequences happen, and the agent read the reply."""
        assert call is not None
        process.charge("syscalls")
        self._forget_waits(process)
        if isinstance(reply, Ok):
            reply = Ok(_plain(reply.value))
        consequence = CONSEQUENCES.get(type(call))
        if consequence is not None and (isinstance(reply, Ok) or isinstance(call, Call)):
            consequence(self, process, call, reply.value if isinstance(reply, Ok) else None)
        failed = {"failed": reply.kind} if isinstance(reply, Failed) else {}
        self.trace.add(self.now, process.pid, "call", n=process.n, call=call.name, **failed)
        process.reply = reply
        self._make_ready(process)

    def _make_ready(self, process: Process) -> None:
        if process.state != "ready":
            self._begin(process)

    def _begin(self, process: Process) -> None:
        process.state = "ready"
        self.trace.add(self.now, process.pid, "ready")
        self._ready.append(process)

    def _forget_waits(self, process: Process) -> None:
        """Whatever it waited for, it waits no longer."""
        if process.state == "ready":
            return
        self.dispatcher.withdraw(process.pid)
        self.locks.leave(process.pid)
        self.person.withdraw(process.pid)
        call = self.tool_calls.take(process.pid)
        if call is not None:
            call.running.kill()
            if call.tool.exclusive is not None:
                self.give_back(call.tool.exclusive)

    def _idle(self) -> bool:
        """Nobody computes: let time pass to what comes next; else those who are left would wait for ever."""
        coming = [tick for tick in (self._timers.next, self.tool_calls.next) if tick is not None]
        if coming:
            self.now = max(self.now, min(coming))
            return True
        if self.tool_calls.wait_for_late():
            return True
        living = [process for process in self._sorted() if not process.ended]
        if self.questions or not living:
            return bool(self.questions) and callable(self.person.answers)
        if all(process.daemon for process in living):
            for process in living:
                self.end(process, "killed", Failed("Cancelled", "only daemons were left"))
            return False
        self._break_deadlock(living)
        return True

    def _break_deadlock(self, living: list[Process]) -> None:
        """All wait for each other: let the call of one of them fail."""

        def waits_for(pid: str) -> list[str]:
            if isinstance(call := self.processes[pid].call, Receive) and call.sender is None:
                return [other.pid for other in living if other.pid != pid]
            return self.waits_for(pid)

        victim, cycle = choose_victim(living, waits_for)
        alone = Failed("NobodyAnswers", f"process {victim.pid} waits, and nobody is left who could wake it")
        self.complete(victim, self.deadlock(cycle) if cycle else alone)

    def _sorted(self) -> list[Process]:
        return sorted(self.processes.values(), key=lambda process: lineage(process.pid))


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
    return core


def _plain(value: Any) -> Any:
    """As it would come back from the journal: lists for tuples, nothing shared with anybody."""
    return value if type(value) in (str, int, float, bool, type(None)) else json.loads(json.dumps(value))
