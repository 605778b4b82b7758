"""Schedulers: which of the waiting processes get the language core's slots for the next token.

Each is a pure function of views of the processes: it holds no state, and the same views give the same choice. What a
textbook keeps in queues is computed from what a view tells: when the process entered the queue, how many tokens it has
had since it was put in, how long it waited. To write one of your own, write the function.

Sources: Silberschatz, Galvin & Gagne, *Operating System Concepts* (10th ed.), §5.3; multilevel feedback after
Corbató et al. 1962; stride scheduling after Waldspurger & Weihl 1995.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol

__all__ = [
    "FairShare", "Fifo", "MultilevelFeedback", "Priority", "ProcessView", "RoundRobin", "Scheduler",
    "ShortestJobFirst",
]  # fmt: skip


class ProcessView(NamedTuple):
    """What a scheduler may know of a process that wants the core; times are in ticks, lengths in tokens.

    Attributes:
        pid: Its number.
        arrived: When its request came.
        queued: When it last joined the queue: it arrived, or was taken out of a slot.
        length: Tokens that it asks for (at most).
        done: Tokens of this request so far.
        running: Whether it had a slot in the last tick.
        ran: Tokens since it was put in; 0 while it waits.
        waited: Ticks that it waits, or waited until it was put in.
        priority: Higher is more urgent; inherited from those who wait for a lock that it holds.
        stride: Tokens that it has had, divided by its weight; a newcomer begins at the least of the others.
    """

    pid: str
    arrived: int
    queued: int
    length: int
    done: int
    running: bool
    ran: int
    waited: int
    priority: int
    stride: float


class Scheduler(Protocol):
    """Chooses."""

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> Sequence[str]:
        """Numbers of at most `slots` processes; `views` come in the order of the queue."""
        ...


def _first(views: Sequence[ProcessView], slots: int, key: Callable[[ProcessView], Any]) -> tuple[str, ...]:
    """The processes with the smallest keys; among equals who is first in the queue."""
    return tuple(view.pid for view in sorted(views, key=key)[:slots])


def _in_quantum(view: ProcessView, quantum: int) -> bool:
    """Whether it is running and its quantum is not over; where nobody else waits, a second one follows the first."""
    return view.running and view.ran % quantum != 0


def _place(view: ProcessView, now: int) -> int:
    """Its place in the queue if it had to queue now: a running one goes to the end, behind who came this moment."""
    return now + 1 if view.running else view.queued


@dataclass(frozen=True)
class Fifo:
    """First in, first out: whoever came first runs to the end."""

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """The earliest arrivals."""
        return _first(views, slots, lambda view: view.arrived)


@dataclass(frozen=True)
class RoundRobin:
    """Everyone in turn, for a quantum of tokens.

    Attributes:
        quantum: Tokens; small ones give an early first token, large ones few context switches.
    """

    quantum: int = 16

    def __post_init__(self) -> None:
        _expect_positive(quantum=self.quantum)

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """Those within their quantum stay; then those who have been in the queue the longest."""
        return _first(views, slots, lambda view: (not _in_quantum(view, self.quantum), _place(view, now)))


@dataclass(frozen=True)
class Priority:
    """The highest priority first, at once; waiting raises it (ageing), so that nobody starves.

    Attributes:
        ageing: Ticks of waiting that are worth one level of priority; None: no ageing.
        quantum: Tokens for which a process keeps what it gained by waiting, and equals let each other run.
    """

    ageing: int | None = 100
    quantum: int = 16

    def __post_init__(self) -> None:
        _expect_positive(ageing=self.ageing, quantum=self.quantum)

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """The highest of priority and age."""

        def key(view: ProcessView) -> tuple[int, bool, int]:
            stays = _in_quantum(view, self.quantum)
            aged = 0 if self.ageing is None or (view.running and not stays) else view.waited // self.ageing
            return -(view.priority + aged), not stays, _place(view, now)

        return _first(views, slots, key)


@dataclass(frozen=True)
class ShortestJobFirst:
    """The shortest request first, which gives the least mean waiting time if the lengths are known.

    Attributes:
        preemptive: True takes the shortest *remaining* time, and interrupts for it; False lets the running ones finish.
    """

    preemptive: bool = False

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """The fewest tokens asked for, or left."""
        return _first(
            views,
            slots,
            lambda view: (not self.preemptive and not view.running, view.length - view.done * self.preemptive),
        )


@dataclass(frozen=True)
class MultilevelFeedback:
    """Short requests first without knowing who is short: each begins on top, and sinks as it uses up its quanta.

    Attributes:
        quanta: Tokens on each level, from the top; the lowest is shared in turns.
        boost: Who has waited for so many ticks is treated as a newcomer.
    """

    quanta: tuple[int, ...] = (8, 16, 32)
    boost: int = 500

    def __post_init__(self) -> None:
        _expect_positive(boost=self.boost, **{f"quanta[{i}]": quantum for i, quantum in enumerate(self.quanta)})

    def level(self, view: ProcessView) -> int:
        """0 on top; from the tokens that the request has had."""
        level, left = 0, view.done
        while level < len(self.quanta) - 1 and left >= self.quanta[level]:
            left -= self.quanta[level]
            level += 1
        return 0 if view.waited >= self.boost else level

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """The highest level; on it those within their quantum, then the longest in the queue."""

        def key(view: ProcessView) -> tuple[int, bool, int]:
            level = self.level(view)
            stays = _in_quantum(view, self.quanta[level])
            return level, not stays, _place(view, now)

        return _first(views, slots, key)


@dataclass(frozen=True)
class FairShare:
    """Stride scheduling: in the long run each gets tokens in proportion to its weight.

    Attributes:
        quantum: Tokens between two looks at the shares.
    """

    quantum: int = 8

    def __post_init__(self) -> None:
        _expect_positive(quantum=self.quantum)

    def __call__(self, views: Sequence[ProcessView], slots: int, now: int) -> tuple[str, ...]:
        """Those within their quantum stay; then those who have had the least for their weight."""
        return _first(views, slots, lambda view: (not _in_quantum(view, self.quantum), view.stride))


def _expect_positive(**settings: int | None) -> None:
    for name, value in settings.items():
        if value is not None and (not isinstance(value, int) or value < 1):
            raise ValueError(f"{name} must be a whole number of at least 1, got {value!r}")
