"""Runs for a ScheduleView: a load of agents, carried out by the kernel under one policy, and what it came to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from agentos_lab.kernel import Kernel, ScriptedCore, Tool, tool
from agentos_lab.kernel.run import Run
from agentos_lab.kernel.trace import Trace

__all__ = ["LOADS", "Job", "ListeningCore", "Load", "Played", "agent_of", "play", "recorded"]

MOST_TICKS = 20_000  # after which a load that has not ended is left

Load = Callable[[Kernel], Any] | Sequence[Any]  # fills a kernel, or jobs


class Job(NamedTuple):
    """A simple agent: it writes, calls tools on the way, and returns what it wrote.

    Attributes:
        name: For people.
        arrives: The step at which it begins.
        tokens: How many it writes in all.
        tools: Calls as ``(after so many tokens, steps that it takes)``, or with a name behind.
    """

    name: str
    arrives: int = 0
    tokens: int = 20
    tools: tuple[tuple[Any, ...], ...] = ()


# Two to begin with: a mixed one, and the convoy effect, in which short jobs wait behind long ones.
LOADS: Mapping[str, Load] = {
    "mixed": [
        Job("planner", 0, 44, ((14, 16, "search"),)),
        Job("coder", 0, 62),
        Job("search", 2, 38, ((8, 22, "fetch"), (22, 18, "fetch"))),
        Job("critic", 6, 26),
        Job("writer", 10, 60),
        Job("tester", 14, 30, ((12, 26, "tests"),)),
        Job("router", 24, 8),
        Job("summary", 40, 34),
    ],
    "convoy": [Job("essay", 0, 80), Job("essay 2", 0, 80), *(Job(f"note {n}", 1 + n, 6) for n in range(1, 7))],
}


@dataclass(frozen=True)
class Played:
    """A load carried out under one policy.

    Attributes:
        trace: What happened; empty where nothing could.
        digest: Of all results; empty where they are not known.
        slots: Places of the core.
        said: (process, first step of a stretch of decoding) -> the text written in it.
        error: Why the policy could not go on.
        over: Whether all agents have ended.
    """

    trace: Trace
    digest: str = ""
    slots: int = 0
    said: Mapping[tuple[str, int], str] = field(default_factory=dict)
    error: str = ""
    over: bool = True


class ListeningCore:
    """A core that passes everything on to another, and remembers which text each stretch of decoding added."""

    def __init__(self, core: Any) -> None:
        self.core, self.slots, self.preemptible = core, core.slots, core.preemptible
        self.steps = 0  # that have worked
        self.stretches: list[tuple[int, int, str]] = []  # (first step, place in that step's batch, text)
        self._open: dict[int, tuple[int, int]] = {}  # sequence -> first step and place of its present stretch
        self._read: dict[int, int] = {}  # sequence -> letters that are in a stretch already

    def __getattr__(self, name: str) -> Any:
        return getattr(self.core, name)

    def step(self, batch: Sequence[int]) -> Mapping[int, bool]:
        """One more token each; whoever is not in the batch any more has ended a stretch."""
        for sequence in [each for each in self._open if each not in batch]:
            self._close(sequence)
        finished: Mapping[int, bool] = self.core.step(batch)
        for place, sequence in enumerate(batch):
            self._open.setdefault(sequence, (self.steps, place))
        self.steps += 1
        return finished

    def restore(self, snapshot: Any) -> int:
        """What the text holds already belongs to earlier stretches."""
        sequence = int(self.core.restore(snapshot))
        self._read[sequence] = len(self.core.reply(sequence)["text"])
        return sequence

    def release(self, sequence: int) -> None:
        """A stretch ends here at the latest."""
        self._close(sequence)
        self._read.pop(sequence, None)
        self.core.release(sequence)

    def _close(self, sequence: int) -> None:
        if sequence in self._open:
            text = self.core.reply(sequence)["text"]
            self.stretches.append((*self._open.pop(sequence), text[self._read.get(sequence, 0) :]))
            self._read[sequence] = len(text)

    def said(self, trace: Trace) -> dict[tuple[str, int], str]:
        """The texts of the stretches by process and first tick: the trace has an event for each step."""
        events = trace.of(kind="step")
        return {(events[at].data["pids"][place], events[at].tick): text for at, place, text in self.stretches}


def play(
    load: Load,
    scheduler: Any,
    slots: int,
    core: Callable[[int], Any] | None = None,
    tools: Iterable[Any] = (),
) -> Played:
    """Carry a load out.

    Args:
        load: A function that fills a fresh kernel, or jobs.
        scheduler: Who decodes next.
        slots: Places of the core.
        core: Makes a core with so many slots; a `ScriptedCore` with made-up words unless given.
        tools: That the agents may call.
    """
    listening = ListeningCore((core or _scripted)(slots))
    jobs = [] if callable(load) else [_checked(job) for job in load]
    kernel = Kernel(listening, scheduler=scheduler, tools=[*tools, *_tools_of(jobs)], journal=False)
    with kernel:
        if callable(load):
            load(kernel)
        for job in jobs:
            kernel.spawn(agent_of(job), job.name, arrives=job.arrives)
        try:
            run, error = kernel.run(until=MOST_TICKS), ""
        except Exception as problem:  # a policy may be the reader's own: its mistakes are told, the others are drawn
            run, error = kernel.result(), re.sub(" at 0x[0-9a-f]+", "", f"{type(problem).__name__}: {problem}")
    over = all(state in ("done", "failed", "killed") for state in run.states.values())
    return Played(run.trace, run.digest, listening.slots, listening.said(run.trace), error, over)


def recorded(source: Trace | Run | Kernel) -> Played:
    """A run that has been made elsewhere."""
    run = source.result() if isinstance(source, Kernel) else source
    trace = run.trace if isinstance(run, Run) else run
    slots = 1 + max((interval.slot for interval in trace.intervals() if interval.slot is not None), default=-1)
    return Played(trace, run.digest if isinstance(run, Run) else "", slots)


def agent_of(job: Job) -> Callable[..., Any]:
    """The agent that does a job."""

    async def agent(syscall: Any) -> str:
        said, done = "", 0
        for after, ticks, *name in job.tools:
            said += await syscall.generate(f"{job.name} {done}", max_new_tokens=after - done)
            await syscall.call(_name_of(ticks, *name))
            done = after
        return said + str(await syscall.generate(f"{job.name} {done}", max_new_tokens=job.tokens - done))

    return agent


def _checked(given: Any) -> Job:
    try:
        job = Job(*given)
        marks = [0, *(after for after, _, *_ in job.tools), job.tokens]
        right = job.arrives >= 0 and all(one < two for one, two in pairwise(marks))
    except (TypeError, ValueError):
        right = False
    if not right:
        raise ValueError(
            f"{given!r} is no job: expected (name, arrives, tokens, tools), the tools as (after so many tokens, steps) "
            "with rising numbers of tokens, all below that of the job"
        )
    return job


def _tools_of(jobs: Iterable[Job]) -> list[Tool]:
    """A tool for each name and duration that the jobs speak of."""
    kinds = {(_name_of(ticks, *name), ticks) for job in jobs for _, ticks, *name in job.tools}
    return [_tool_of(name, ticks) for name, ticks in sorted(kinds)]


@cache
def _tool_of(name: str, ticks: int) -> Tool:
    def answer() -> str:
        """Answer, after its time."""
        return "answer"

    return tool(answer, name=name, ticks=ticks)


def _name_of(ticks: int, name: str = "tool") -> str:
    return f"{name}-{ticks}"


def _scripted(slots: int) -> ScriptedCore:
    return ScriptedCore(slots=slots)
