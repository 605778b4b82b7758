"""Locks and priority inheritance.

A process of low priority that holds a lock keeps an urgent one waiting, and may itself wait for all those in between:
*priority inversion*. The cure is *inheritance*: it runs with the priority of the most urgent one who waits for it (Sha,
Rajkumar & Lehoczky 1990).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

__all__ = ["LockTable", "effective_priority"]


@dataclass
class LockTable:
    """Who holds which lock, and who waits for it.

    Attributes:
        holders: Lock -> number of the process that holds it.
        queues: Lock -> numbers of those who wait, in order of their coming.
    """

    holders: dict[str, str] = field(default_factory=dict)
    queues: dict[str, list[str]] = field(default_factory=dict)

    def held_by(self, pid: str) -> list[str]:
        """The locks of a process."""
        return [lock for lock, holder in self.holders.items() if holder == pid]

    def enqueue(self, lock: str, pid: str) -> None:
        """Wait for a lock."""
        self.queues.setdefault(lock, []).append(pid)

    def leave(self, pid: str) -> None:
        """Wait no more, for whatever lock."""
        for lock, queue in list(self.queues.items()):
            if pid in queue:
                queue.remove(pid)
            if not queue:
                del self.queues[lock]

    def next(self, lock: str, priority: Callable[[str], int]) -> str | None:
        """Who gets the lock next: the most urgent of those who wait, among equals who came first."""
        queue = self.queues.get(lock, [])
        return max(queue, key=priority, default=None)


def effective_priority(pid: str, priorities: Mapping[str, int], locks: LockTable) -> int:
    """A process's priority, raised to that of the most urgent process that waits for it, directly or not."""
    highest, seen, todo = priorities[pid], {pid}, [pid]
    while todo:
        holder = todo.pop()
        for lock in locks.held_by(holder):
            for waiting in locks.queues.get(lock, []):
                if waiting not in seen:
                    seen.add(waiting)
                    todo.append(waiting)
                    highest = max(highest, priorities[waiting])
    return highest
