"""Deadlock: who waits for whom, and whose call has to fail so that the others can go on."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

from .locks import LockTable
from .process import Process, lineage
from .syscall import Acquire, Call, Receive, Wait
from .tools import Toolbox

__all__ = ["awaited", "choose_victim", "find_cycle"]


def find_cycle(waits_for: Callable[[str], Collection[str]], start: str) -> tuple[str, ...]:
    """A ring of processes that wait for each other, through `start`; empty if there is none.

    Args:
        waits_for: Process -> those of whom one must act before it can go on.
        start: Where to look.
    """
    paths: list[tuple[str, ...]] = [(start,)]
    seen = {start}
    while paths:
        path = paths.pop()
        for following in waits_for(path[-1]):
            if following == start:
                return path
            if following not in seen:
                seen.add(following)
                paths.append((*path, following))
    return ()


def awaited(process: Process, locks: LockTable, tools: Toolbox) -> list[str]:
    """The one process that must act before this one can go on; empty if there is no such one."""
    match process.call:
        case Wait(other) | Receive(str(other), None):
            return [other]
        case Acquire(lock):
            return [holder] if (holder := locks.holders.get(lock)) else []
        case Call(name) if name in tools:
            return [holder] if (holder := locks.holders.get(tools[name].exclusive or "")) else []
        case _:
            return []


def choose_victim(
    living: Sequence[Process], waits_for: Callable[[str], Collection[str]]
) -> tuple[Process, tuple[str, ...]]:
    """When nobody can go on: the process whose call fails, and the ring that it is in (empty: it waits for nobody).

    Of a ring the least urgent, and of those the youngest; a daemon only where there is no other.
    """
    for process in living:
        cycle = find_cycle(waits_for, process.pid)
        if cycle:
            break
    ring = [process for process in living if not cycle or process.pid in cycle]
    candidates = [process for process in ring if not process.daemon] or ring
    return min(candidates, key=lambda each: (each.priority, [-part for part in lineage(each.pid)])), cycle
