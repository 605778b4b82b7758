"""Processes: an agent's coroutine with all that the kernel knows of it (the process control block).

Numbers tell descent: "2" was the second to be spawned, "2.1" is its first child. So a process has the same number, and
with it the same random numbers, whatever the schedule.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Coroutine, Mapping
from copy import deepcopy
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from .reply import Failed, Ok
from .syscall import Syscall

__all__ = ["Budget", "Process", "State", "Usage", "lineage"]

# ready: has a reply to read; queued, decoding: its request is with the language core; waiting: for anything else.
State = Literal["ready", "queued", "decoding", "waiting", "done", "failed", "killed"]
ENDED = ("done", "failed", "killed")


@dataclass(frozen=True)
class Budget:
    """What a process and all its descendants together may use; None is without limit.

    Attributes:
        tokens: That the language core writes for them.
        ticks: Of virtual time until they must have ended.
        syscalls: System calls of any kind: what stops an agent that loops for ever.
        tool_calls: Calls of tools.
        processes: Children and children's children: what stops an agent that forks for ever.
        memory: Bytes of what they write, remember and send, as JSON.
    """

    tokens: int | None = 100_000
    ticks: int | None = None
    syscalls: int | None = 100_000
    tool_calls: int | None = 1_000
    processes: int | None = 100
    memory: int | None = 64_000_000

    def __post_init__(self) -> None:
        for part in fields(self):
            limit = getattr(self, part.name)
            if limit is not None and (not isinstance(limit, int) or limit < 0):
                raise ValueError(f"the budget of {part.name} is a whole number or None (no limit), got {limit!r}")

    @classmethod
    def unlimited(cls) -> Budget:
        """No limits at all."""
        return cls(None, None, None, None, None, None)


@dataclass
class Usage:
    """What a process and its descendants have used; the fields are those of `Budget`."""

    tokens: int = 0
    ticks: int = 0
    syscalls: int = 0
    tool_calls: int = 0
    processes: int = 0
    memory: int = 0


@dataclass(eq=False)
class Process:
    """One agent at work.

    Attributes:
        pid: Its number, by descent.
        name: For people.
        coroutine: The agent, stopped at an `await`.
        parent: Who spawned it; None: the user did.
        priority: Its own; higher is more urgent.
        weight: Its share of the language core under `FairShare`.
        budget, usage: What it may use, what it has used.
        groups, rules: Whose privileges it has; see `access.py`.
        daemon: Ends when only daemons are left.
        arrives: Tick at which it begins.
        state: See `State`.
        call, n: Its present system call and that call's number, from 0.
        reply: What it reads next, when ready.
        mailbox: Messages that nobody has received, ``(sender, message)``.
        tainted: The tool whose untrusted text it has read; None while it has read none.
        children: How many it has spawned.
        stride: Virtual time of its share (`FairShare`).
        result: How it ended.
        since: Tick of its last reply, or of its beginning: when its present call was made.
        spent: Tokens that its present call has cost.
        refused: How often a budget was exceeded.
        watches: The process at whose end it looks again.
        cancelled: Why its next call will fail; None: it will not.
    """

    pid: str
    name: str
    coroutine: Coroutine[Syscall, Any, Any]
    parent: Process | None = None
    priority: int = 0
    weight: float = 1.0
    budget: Budget = field(default_factory=Budget)
    groups: frozenset[str] = frozenset()
    rules: tuple[Any, ...] = ()
    daemon: bool = False
    arrives: int = 0
    state: State = "ready"
    call: Syscall | None = None
    n: int = -1
    reply: Ok | Failed = field(default_factory=Ok)
    mailbox: deque[tuple[str, Any]] = field(default_factory=deque)
    usage: Usage = field(default_factory=Usage)
    tainted: str | None = None
    children: int = 0
    stride: float = 0.0
    result: Ok | Failed | None = None
    since: int = 0
    spent: int = 0
    refused: int = 0
    watches: str | None = None
    cancelled: Failed | None = None

    @property
    def ended(self) -> bool:
        """Whether it is over."""
        return self.state in ENDED

    def family(self) -> list[Process]:
        """Itself, its parent, its parent's parent, …: those whose budgets it uses."""
        line = [self]
        while line[-1].parent is not None:
            line.append(line[-1].parent)
        return line

    def exceeds(self, what: str, amount: int = 1) -> Failed | None:
        """Whether using so much more would exceed its budget, or that of an ancestor."""
        for member in self.family():
            limit = getattr(member.budget, what)
            if limit is not None and getattr(member.usage, what) + amount > limit:
                whose = "its" if member is self else f"its ancestor {member.name}'s"
                used = f"{limit:,} {what.replace('_', ' ')}"
                return Failed("BudgetExceeded", f"{self.name} (process {self.pid}) has used up {whose} {used}")
        return None

    def charge(self, what: str, amount: int = 1) -> None:
        """Write so much to its account, and to its ancestors'."""
        for member in self.family():
            setattr(member.usage, what, getattr(member.usage, what) + amount)

    def seed(self, kernel_seed: int) -> int:
        """Of the random numbers of its present call: a function of who asks and what for the how-manieth time."""
        text = f"{kernel_seed}/{self.pid}/{self.n}"
        return int.from_bytes(hashlib.blake2b(text.encode(), digest_size=6).digest(), "big")

    def close(self) -> Failed | None:
        """End the coroutine; what it raises while it is closed."""
        try:
            self.coroutine.close()
        except BaseException as error:  # a dying agent must not take the kernel with it
            return Failed(type(error).__name__, f"while it was ended: {error}")
        return None

    def __str__(self) -> str:
        doing = f", in {self.call.name}" if self.call is not None and not self.ended else ""
        return f"process {self.pid} ({self.name}): {self.state}{doing}"

    __repr__ = __str__


def lineage(pid: str) -> tuple[int, ...]:
    """``"2.10"`` as ``(2, 10)``, so that processes sort by descent."""
    return tuple(int(part) for part in pid.split("."))


def copied(arguments: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of an agent as they are now: nothing that it does to its own changes them."""
    try:
        return deepcopy(dict(arguments))
    except Exception:  # something that cannot be copied (a model, a lock) is shared
        return dict(arguments)


def budget_of(limits: Budget | Mapping[str, int | None] | int | None) -> Budget:
    """A budget, its fields as a mapping, or a number of tokens alone."""
    if limits is None or isinstance(limits, Budget):
        return limits or Budget()
    if isinstance(limits, int):
        return Budget(tokens=limits)
    known = {part.name for part in fields(Budget)}
    unknown = set(limits) - known
    if unknown:
        raise ValueError(f"a budget has {', '.join(sorted(known))}; got {', '.join(map(repr, sorted(unknown)))}")
    return Budget(**limits)
