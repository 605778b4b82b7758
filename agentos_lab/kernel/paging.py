"""Paging: which page has to go when another one needs its place.

A policy is one pure decision, `victim`, over the pages that are in memory. `PageTable` keeps what the decisions are
made from and writes every event down; `simulate_paging` drives it with a string of references and equal pages, as the
textbooks do, `ContextWindow` with the pages of a conversation. Time counts references, from 0.
"""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, zip_longest
from typing import Any

__all__ = [
    "FIFO", "LRU", "LRUK", "AttentionMass", "Clock", "Optimal", "PageEvent", "PageTable", "PagingPolicy", "PagingRun",
    "Resident", "simulate_paging", "windows",
]  # fmt: skip


@dataclass(frozen=True)
class Resident:
    """A page in memory, as a policy sees it."""

    id: Hashable
    loaded: int  # when it came in, the last time
    times: Sequence[int]  # when it was referenced, oldest first; also before it was last evicted
    referenced: bool = True  # since the clock's hand passed it
    mass: float = 0.0  # attention that it has received so far
    next_use: float | None = None  # when it will be referenced next (infinity: never); None outside simulations


class PagingPolicy:
    """What every policy is: one pure function, and a name."""

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        """Which of `pages` (at least one, in the order in which the clock's hand meets them) goes at the time `now`."""
        raise NotImplementedError

    def __str__(self) -> str:
        return type(self).__name__


@dataclass(frozen=True)
class FIFO(PagingPolicy):
    """First in, first out. More memory can mean more faults (Belady, Nelson & Shedler 1969)."""

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        return min(pages, key=lambda page: page.loaded).id


@dataclass(frozen=True)
class LRU(PagingPolicy):
    """The least recently used page goes."""

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        return min(pages, key=lambda page: page.times[-1]).id


@dataclass(frozen=True)
class LRUK(PagingPolicy):
    """The page whose k-th last reference is the oldest, or that has fewer, goes (O'Neil, O'Neil & Weikum 1993)."""

    k: int = 2

    def __post_init__(self) -> None:
        if not isinstance(self.k, int) or self.k < 1:
            raise ValueError(f"k: a whole number from 1 was expected, {self.k!r} came")

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        def kth_last(page: Resident) -> float:
            return page.times[-self.k] if len(page.times) >= self.k else -math.inf

        return min(pages, key=lambda page: (kth_last(page), page.times[-1])).id

    def __str__(self) -> str:
        return f"LRU-{self.k}"


@dataclass(frozen=True)
class Clock(PagingPolicy):
    """Second chance: the hand passes over pages that were referenced since its last visit (Corbató 1968)."""

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        return next((page.id for page in pages if not page.referenced), pages[0].id)


@dataclass(frozen=True)
class AttentionMass(PagingPolicy):
    """The page that the model looked at least goes, but none of the `recent` latest (Zhang et al. 2023, H2O)."""

    recent: int = 1

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        older = sorted(pages, key=lambda page: page.times[-1])[: max(1, len(pages) - self.recent)]
        return min(older, key=lambda page: (page.mass, page.times[-1])).id


@dataclass(frozen=True)
class Optimal(PagingPolicy):
    """The page that is needed last, or never, goes (Belady 1966): the fewest faults possible, by knowing the future."""

    def victim(self, pages: Sequence[Resident], now: int) -> Hashable:
        if any(page.next_use is None for page in pages):
            raise ValueError("Optimal needs the future, which only simulate_paging knows: choose another policy")
        return max(pages, key=lambda page: (page.next_use, -page.times[-1])).id


@dataclass(frozen=True)
class PageEvent:
    """Something that happened to a page."""

    time: int  # number of the reference
    kind: str  # load (for the first time), hit, fault (it had been evicted), evict, pin, unpin, summarize
    page: Hashable
    pages: tuple[Hashable, ...] = ()  # who needed an evicted page's place; what a summary stands for


class PageTable:
    """What is in memory and what a policy may know about it; every change is one of its `events`."""

    def __init__(self, policy: PagingPolicy) -> None:
        if isinstance(policy, type) or not callable(getattr(policy, "victim", None)):
            raise ValueError(f"policy: an object with a method victim was expected, like LRU(), {policy!r} came")
        self.policy, self.now = policy, -1
        self.events: list[PageEvent] = []
        self.pinned: set[Hashable] = set()  # pages that no policy may choose
        self.masses: Counter[Hashable] = Counter()  # attention that each page has received
        self.next_use: dict[Hashable, float] = {}
        self._ring: deque[Hashable] = deque()  # the pages in memory; the clock's hand points at the first
        self._referenced: set[Hashable] = set()
        self._loaded: dict[Hashable, int] = {}
        self._times: dict[Hashable, list[int]] = {}  # of evicted pages too, as LRU-K asks

    def __contains__(self, page: object) -> bool:
        return page in self._loaded

    def __len__(self) -> int:
        return len(self._ring)

    def victims(self, enough: Callable[[list[Any]], bool]) -> list[Any]:
        """The pages that go, one after the other, until `enough` of them do or none is left. Nothing changes yet."""
        left = {page: self._view(page) for page in self._ring if page not in self.pinned}
        going: list[Any] = []
        while left and not enough(going):
            chosen = self.policy.victim(tuple(left.values()), self.now + 1)
            if chosen not in left:
                raise ValueError(f"{self.policy} chose page {chosen!r}, which is none of {list(left)}")
            del left[chosen]
            going.append(chosen)
        return going

    def _view(self, page: Hashable) -> Resident:
        loaded, times, marked = self._loaded[page], self._times[page], page in self._referenced
        return Resident(page, loaded, times, marked, self.masses[page], self.next_use.get(page))

    def reference(self, page: Hashable, going: Iterable[Hashable] = ()) -> None:
        """Time goes on: `going` leave, and the page is used; a hit, a load for the first time, or a fault."""
        self.now += 1
        for victim in going:
            while self._ring[0] != victim or victim in self._referenced:  # the hand goes to its place;
                self._referenced.discard(self._ring[0])  # pages that it passes lose their mark
                self._ring.rotate(-1)
            del self._loaded[self._ring.popleft()]
            self.note("evict", victim, (page,))
        self.note("hit" if page in self else "fault" if page in self._times else "load", page)
        if page not in self:
            self._ring.append(page)  # just behind the hand
            self._loaded[page] = self.now
        self._referenced.add(page)
        self._times.setdefault(page, []).append(self.now)

    def note(self, kind: str, page: Hashable, pages: Iterable[Hashable] = ()) -> None:
        """Write an event down."""
        self.events.append(PageEvent(self.now, kind, page, tuple(pages)))


@dataclass(frozen=True)
class PagingRun:
    """What a policy made of references to pages; it draws itself as textbooks do."""

    policy: str
    frames: int
    references: tuple[Hashable, ...]
    events: tuple[PageEvent, ...]
    next_out: tuple[Hashable, ...]  # after each reference, the page that would go next; None when all are pinned

    @property
    def faults_so_far(self) -> tuple[int, ...]:
        """Number of faults up to and with each reference; first loads are among them, as textbooks count."""
        return tuple(accumulate(event.kind != "hit" for event in self.events if event.kind != "evict"))

    @property
    def faults(self) -> int:
        """References that did not find their page in memory."""
        return max(self.faults_so_far, default=0)

    @property
    def hits(self) -> int:
        """References that did."""
        return len(self.references) - self.faults

    @property
    def first_loads(self) -> int:
        """Faults that no policy can avoid, one for each page."""
        return len(set(self.references))

    def __str__(self) -> str:
        text = f"{self.policy}, {self.frames} frames: {self.faults} faults, {self.hits} hits"
        width = max((len(str(page)) for page in self.references), default=100) + 1
        if width * len(self.references) > 100 or self.frames > 6 or not self.references:
            return text
        stacks = zip_longest(*windows(self.events).values(), fillvalue="")  # from one tuple a time to one a place
        marks = ["" if event.kind == "hit" else "*" for event in self.events if event.kind != "evict"]
        rows = [("reference", self.references), *zip_longest(["recent first"], stacks, fillvalue=""), ("fault", marks)]
        drawn = [f"{title:<12}" + "".join(f"{cell!s:>{width}}" for cell in row).rstrip() for title, row in rows]
        return "\n".join([text, *drawn])


def simulate_paging(
    references: Iterable[Hashable], frames: int, policy: PagingPolicy | None = None, *,
    pinned: Iterable[Hashable] = (), masses: Sequence[Mapping[Hashable, float]] | None = None,
) -> PagingRun:  # fmt: skip
    """Serve references to equal pages from a memory of some frames.

    Args:
        references: Pages: numbers or names; a text is a string of letters.
        frames: Number of pages that memory holds.
        policy: Who decides; None: LRU.
        pinned: Pages that stay once they are in.
        masses: For each reference, the attention that pages receive with it; it adds up.
    """
    references, table = tuple(references), PageTable(LRU() if policy is None else policy)
    if isinstance(frames, bool) or not isinstance(frames, int) or frames < 1:
        raise ValueError(f"frames: a whole number from 1 was expected, {frames!r} came")
    needed, table.pinned = set(references), set(pinned)
    if len(table.pinned & needed) >= frames and len(needed) > frames:
        raise ValueError(f"{len(table.pinned & needed)} pinned pages leave none of {frames} frames free: pin fewer")
    if masses is not None and len(masses) != len(references):
        raise ValueError(f"masses: {len(references)} mappings expected, one for a reference, {len(masses)} came")
    next_out, seen, following = [], dict[Hashable, float](), list[float]()
    for time, page in reversed([*enumerate(references)]):
        following.append(seen.get(page, math.inf))  # when the page is referenced next, the last reference first
        seen[page] = time
    for time, page in enumerate(references):
        table.reference(page, [] if page in table else table.victims(lambda going: len(table) - len(going) < frames))
        table.next_use[page] = following.pop()
        table.masses.update(masses[time] if masses else {})
        next_out.append(next(iter(table.victims(lambda going: len(going) == 1)), None))
    return PagingRun(str(table.policy), frames, references, tuple(table.events), tuple(next_out))


def windows(events: Iterable[PageEvent]) -> dict[int, tuple[Hashable, ...]]:
    """What is in memory after each time, the most recently used page first."""
    stack: list[Hashable] = []
    after = {}
    for event in events:
        if event.kind in ("hit", "evict"):
            stack.remove(event.page)
        if event.kind in ("hit", "load", "fault"):
            stack.insert(0, event.page)
        after[event.time] = tuple(stack)
    return after
