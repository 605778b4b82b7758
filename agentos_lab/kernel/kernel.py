"""The kernel: drives the agents' coroutines, answers their system calls, and gives them the language core in turn.

One tick of its clock is one decode step. In a tick it delivers what has come due (timers, tools, answers of the
person), lets every ready agent run to its next system call that has to wait, and has the dispatcher decode one token
for those whom the scheduler chooses. There are no threads but those of tools, and no events but in this loop: the same
agents make the same schedule on every machine.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import ExitStack
from pathlib import Path
from secrets import token_hex
from typing import Any, Literal

from .access import as_rules
from .database import open_database
from .deadlock import choose_victim
from .dispatcher import Dispatcher
from .journal import Journal
from .language_core import LanguageCore
from .ledger import Ledger
from .locks import LockTable
from .memory import Memory
from .person import Person, Question
from .process import Budget, Process, copied
from .replay import replay
from .reply import Failed, Ok, message_of
from .run import Results, Run
from .scheduler import RoundRobin, Scheduler
from .storage import Storage
from .supervisor import Supervisor
from .syscall import Receive, Syscall
from .timers import Timer, Timers
from .tool_calls import ToolCalls
from .tools import Tool, Toolbox
from .trace import Trace
from .watchdog import Overrun, Watchdog

__all__ = ["Kernel"]

_BURST = 64  # system calls of one process in one tick: then the others have their turn


class Kernel(Supervisor):
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
        self.tools = Toolbox(self.settings["tools"])
        self.rules = as_rules(rules)
        self.path = None if storage is None else Path(storage)
        self.connection = open_database(storage)  # what is wrong until here leaves no file open
        self.storage, self.memory = Storage(self.connection), Memory(self.connection)
        self.journal = Journal(self.connection) if journal else None
        self.run_id = token_hex(4) if self.journal is None else self.journal.run_id()
        self.person, self.seed = Person(person), seed
        self.now = 0
        self.processes = {}
        self.spawned: list[tuple[Callable[..., Any], dict[str, Any]]] = []
        self.locks = LockTable()
        self.tool_calls = ToolCalls(patience, executor)
        self._ledger = Ledger(self.connection, self.journal)
        self._timers = Timers()
        self._watchdog = Watchdog(watchdog)
        self._ready: deque[Process] = deque()
        self._watchers: dict[str, dict[str, Process]] = {}
        self._begun = self._replaying = False

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
        settings: dict[str, Any] = {
            "name": name, "arguments": arguments or {}, "priority": priority, "weight": weight,
            "privileges": tuple(privileges) if isinstance(privileges, Iterator) else privileges,
            "groups": frozenset(groups), "budget": budget, "arrives": arrives, "daemon": daemon,
        }  # fmt: skip
        as_they_are = {**settings, "arguments": copied(arguments or {})}  # for a fork, whatever the agent does to them
        process = self.start(agent, str(len(self.spawned) + 1), None, **settings)
        self.spawned.append((agent, as_they_are))
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
        while (until is None or self.now < until) and self.tick(until):
            pass
        return self.result()

    def result(self) -> Run:
        """Where the run stands."""
        ended = {process.pid: process.result for process in self.in_order() if process.result is not None}
        values = {pid: result.value if isinstance(result, Ok) else result for pid, result in ended.items()}
        names = {process.pid: process.name for process in self.in_order()}
        states = {process.pid: process.state for process in self.in_order()}
        return Run(Results(values, names), dict(states), self.trace, self.questions)

    def tick(self, until: int | None = None) -> bool:
        """One tick; False when nothing is left to do, or everybody waits for the person."""
        try:
            return self._tick(until)
        except KeyboardInterrupt:
            for process, _ in self._ledger.unwritten:
                self.block(process, "the storage")
            raise

    def _tick(self, until: int | None) -> bool:
        if not self._begun:
            self._take_up()
        for process, reply in self._ledger.retry(self.now):
            self.settle(process, process.call, reply)
        self._ledger.expect_written()
        self._deliver()
        self._drive()
        self._ledger.expect_written()
        if self.dispatcher:
            ended = self.dispatcher.tick(self.now, self.priority)
            self.now += 1
            with ExitStack() as stack:  # each is written down, or kept to be, before an error is raised
                for process, reply in reversed(ended):
                    stack.callback(self.complete, process, reply)
        elif self._ready:  # some have had their share of system calls
            self.now += 1
        else:
            return self._idle(until)
        self._ledger.expect_written()
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
            self.perform(process)
        else:
            self.complete(process, Failed("AccessDenied", f"the person did not allow it: {question.text}"))

    def kill(self, pid: str) -> None:
        """End a process from outside. (Not journaled: a replay lets it live.)"""
        process = self.process(pid)
        if not process.ended:
            self.end(process, "killed", Failed("Cancelled", "killed by the user"))

    def close(self) -> None:
        """End everything and close the file; the run can be taken up from it."""
        self._replaying = True  # nobody is woken any more
        for process in self.in_order():
            if not process.ended:
                self.forget_waits(process)
                process.close()
        self.connection.close()

    def __enter__(self) -> Kernel:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def __repr__(self) -> str:
        living = sum(not process.ended for process in self.processes.values())
        return f"Kernel({living} of {len(self.processes)} processes living, tick {self.now}, {self.scheduler!r})"

    def _take_up(self) -> None:
        """Take up the run that the journal holds, if it holds one."""
        if self.journal:
            self._replaying = True
            replay(self, self.journal.rows())
            self._replaying = False
        self._begun = True

    def _deliver(self) -> None:
        """Timers, tools and the person's answers that have come due."""
        for timer in self._timers.due(self.now):
            process = self.processes[timer.pid]
            if not self._matters(timer):
                continue
            if timer.kind == "begin":
                self.make_ready(process)
            elif timer.kind == "reply":
                self.complete(process, timer.reply)
            else:  # its time is over, and that of all its descendants
                for each in self.in_order():
                    if process in each.family() and not each.ended:
                        self.end(each, "killed", timer.reply)
        for call in self.tool_calls.arrived(self.now):
            if call.late:
                self.trace.add(self.now, call.pid, "late", tool=call.tool.name)
            else:
                self.tool_calls.take(call.pid)
                self.complete(self.processes[call.pid], call.running.result())
                if call.lock is not None:
                    self.give_back(call.lock)
        if callable(self.person.answers):
            for question in self.questions:
                if question.number not in self.person.questions:
                    continue  # an answer to an earlier one has ended who asked
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
                        self.serve(process)
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
            self.end(process, "failed", Failed(type(error).__name__, message_of(error)))
        else:
            if isinstance(call, Syscall):
                process.call = call
                process.n += 1
                return True
            wrong = f"it awaited a {type(call).__name__}: an agent can await system calls alone"
            self.end(process, "killed", Failed("TypeError", wrong))
        return False

    def _idle(self, until: int | None) -> bool:
        """Nobody computes: let time pass to what comes next; else those who are left would wait for ever."""
        if not any(not process.daemon for process in self.processes.values() if not process.ended):
            for process in self.in_order():
                if not process.ended:
                    self.end(process, "killed", Failed("Cancelled", "only daemons were left"))
            return False
        coming = [tick for tick in (self._timers.next(self._matters), self.tool_calls.next) if tick is not None]
        if coming:
            self.now = max(self.now, min([*coming] if until is None else [*coming, until]))
            return True
        if self.tool_calls.wait_for_late():
            return True
        if self.questions:
            return callable(self.person.answers)
        living = [process for process in self.in_order() if not process.ended]
        self._break_deadlock(living)
        return True

    def _matters(self, timer: Timer) -> bool:
        """Whether somebody still waits for a timer."""
        process = self.processes[timer.pid]
        if timer.kind == "begin":
            return not process.ended and process.n < 0 and process.state == "waiting"
        return not process.ended and (timer.kind == "end" or (process.n == timer.n and process.state == "waiting"))

    def _break_deadlock(self, living: list[Process]) -> None:
        """All wait for each other: let the call of one of them fail."""

        def waits_for(pid: str) -> list[str]:
            if isinstance(call := self.processes[pid].call, Receive) and call.sender is None:
                return [other.pid for other in living if other.pid != pid]
            return self.waits_for(pid)

        victim, cycle = choose_victim(living, waits_for)
        alone = Failed("NobodyAnswers", f"process {victim.pid} waits, and nobody is left who could wake it")
        self.complete(victim, self.deadlock(cycle) if cycle else alone)


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
