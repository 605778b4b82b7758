"""Timers: what is to happen at which tick."""

from __future__ import annotations

import heapq
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal, NamedTuple

from .reply import Failed, Ok

__all__ = ["Timer", "Timers"]

_NONE = Ok()


class Timer(NamedTuple):
    """At a tick, for a process.

    Attributes:
        tick: When.
        order: Among those of one tick, who was set first.
        kind: ``"begin"``: it arrives; ``"reply"``: its call number `n` is answered; ``"end"``: its time is over.
        pid: Of the process.
        n: Of the call.
        reply: The answer.
    """

    tick: int
    order: int
    kind: Literal["begin", "reply", "end"]
    pid: str
    n: int = 0
    reply: Ok | Failed = _NONE


@dataclass
class Timers:
    """Set timers, the earliest first."""

    _heap: list[Timer] = field(default_factory=list)
    _order: Any = field(default_factory=count, repr=False)

    def set(
        self, tick: int, kind: Literal["begin", "reply", "end"], pid: str, n: int = 0, reply: Ok | Failed = _NONE
    ) -> None:
        """Set a timer."""
        heapq.heappush(self._heap, Timer(tick, next(self._order), kind, pid, n, reply))

    def due(self, now: int) -> Iterator[Timer]:
        """Take out those whose time has come."""
        while self._heap and self._heap[0].tick <= now:
            yield heapq.heappop(self._heap)

    def next(self, matters: Callable[[Timer], bool] = lambda timer: True) -> int | None:
        """Tick of the earliest that still matters (those before it are dropped); None: there is none."""
        while self._heap and not matters(self._heap[0]):
            heapq.heappop(self._heap)
        return self._heap[0].tick if self._heap else None
