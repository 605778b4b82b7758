"""What a ContextPager pages: references to pages, how people call the pages, and what each policy makes of them."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from agentos_lab.kernel.context import ContextWindow
from agentos_lab.kernel.paging import PageEvent, PagingRun, simulate_paging, windows

__all__ = ["RECORDED", "Load", "Outcome", "Phase", "load_of", "phases_of"]

RECORDED = "recorded"  # the name of a policy of which no more is known than what it did
MOST_SIZES = 11  # of the window, that are compared
OTHERS = "others"  # pages that are in none of the groups


class Phase(NamedTuple):
    """What went on from one reference to the one before the next phase."""

    name: str
    start: int
    end: int
    marked: bool


class Outcome(NamedTuple):
    """A policy with a window of some size: its run, or why there is none."""

    name: str
    run: PagingRun | None
    error: str = ""


@dataclass(frozen=True)
class Load:
    """References to pages.

    Attributes:
        references: Pages, in the order of their use.
        pages: All of them, in the order of their rows.
        numbers, names: What stands for each page where there is little room, and where there is more.
        groups: Name and number of rows of each group of neighbours.
        recorded: A run that is shown as it was.
        unequal: Whether the pages have different sizes, so that nothing can be simulated.
        summaries: Reference -> number of pages for which a summary, written then, stands.
        tokens, budget: Of each page, and of all that fit into the window; empty and 0 where pages are equal.
    """

    references: tuple[Hashable, ...]
    pages: tuple[Hashable, ...]
    numbers: tuple[str, ...]
    names: tuple[str, ...]
    groups: tuple[tuple[str, int], ...]
    recorded: PagingRun | None = None
    unequal: bool = False
    summaries: Mapping[int, int] = field(default_factory=dict)
    tokens: tuple[int, ...] = ()
    budget: int = 0
    masses: Sequence[Mapping[Hashable, float]] | None = None
    _known: dict[tuple[Any, ...], Outcome] = field(default_factory=dict, compare=False)

    def labels(self) -> list[str]:
        """The pages by name, or by number where they have none of their own."""
        own = [bool(name) and self.names.count(name) == 1 for name in self.names]
        return [name if one else number for number, name, one in zip(self.numbers, self.names, own, strict=True)]

    def outcome(self, name: str, policy: Any, frames: int, pinned: Sequence[str] = ()) -> Outcome:
        """What a policy makes of the references; None is the policy of the recorded run. Nothing is run twice."""
        if policy is None:
            same = self.recorded is not None and (self.unequal or frames == self.recorded.frames)
            return Outcome(name, self.recorded if same else None, "" if same else "was recorded for one size only")
        key = (name, frames, tuple(sorted(pinned)))
        if key not in self._known:
            self._known[key] = self._simulated(name, policy, frames, pinned)
        return self._known[key]

    def _simulated(self, name: str, policy: Any, frames: int, pinned: Sequence[str]) -> Outcome:
        kept = [page for page, label in zip(self.pages, self.labels(), strict=True) if label in pinned]
        try:
            return Outcome(name, simulate_paging(self.references, frames, policy, pinned=kept, masses=self.masses))
        except Exception as error:  # a reader's policy may be wrong in any way: it is told, and the others are drawn
            return Outcome(name, None, f"{type(error).__name__}: {error}")

    def sizes(self, first: int, frames: int, pinned: int) -> list[int]:
        """Sizes of the window to compare: about the `first` one, with the present one, and room beside what is pinned.

        Args:
            first: The size at the beginning.
            frames: The size now.
            pinned: Number of pinned pages.
        """
        if self.unequal:
            return []
        count = len(self.pages)
        low = max(1, min(first - 4, count - MOST_SIZES + 1))
        every = range(min(low, frames), max(min(count, low + MOST_SIZES - 1), frames) + 1)
        return [size for size in every if pinned < size or size >= count]


def load_of(
    source: Any, groups: Mapping[str, Iterable[Hashable]] | None = None,
    masses: Sequence[Mapping[Hashable, float]] | None = None,
) -> Load:  # fmt: skip
    """What is paged, from references, a run, a window or its events.

    Raises:
        ValueError: It is nothing of these, or two pages have the same name.
    """
    if isinstance(source, ContextWindow):
        return _of_window(source, groups)
    if isinstance(source, PagingRun):
        return _load(source.references, groups, recorded=source, masses=masses)
    if not isinstance(source, Iterable) or isinstance(source, bytes):
        raise ValueError(f"expected references, a PagingRun, a ContextWindow or its events, got {source!r:.60}")
    parts = tuple(source)
    if parts and all(isinstance(part, PageEvent) for part in parts):
        run = _recorded(parts, 0)
        return _load(run.references, groups, recorded=run, unequal=True)
    if not all(isinstance(part, str | int) for part in parts):
        wrong = next(part for part in parts if not isinstance(part, str | int))
        raise ValueError(f"references are names or numbers of pages, got {wrong!r:.60}")
    return _load(parts, groups, masses=masses)


def phases_of(phases: Iterable[tuple[str, int]], marked: Iterable[str], count: int) -> list[Phase]:
    """Phases from their names and first references; each lasts until the next one begins.

    Raises:
        ValueError: One is no such pair, or begins before the one in front of it.
    """
    given, marked = [*phases], set(marked)
    for each in given:
        if not isinstance(each, Sequence) or len(each) != 2 or not isinstance(each[1], int):
            raise ValueError(f"a phase is a name and the number of its first reference, got {each!r}")
    starts = [start for _, start in given]
    if starts != sorted(set(starts)) or not all(0 <= start < max(count, 1) for start in starts):
        raise ValueError(f"phases begin one after the other, from 0 to {count - 1}; got {starts}")
    ends = [*starts[1:], count][: len(starts)]
    return [Phase(str(name), start, end, name in marked) for (name, start), end in zip(given, ends, strict=True)]


def _of_window(window: ContextWindow, groups: Mapping[str, Iterable[Hashable]] | None) -> Load:
    """The pages of a conversation, grouped by role."""
    pages = sorted([*window.pages, *window.archive], key=lambda page: page.id)
    roles: dict[str, list[Hashable]] = {}
    for page in pages:
        roles.setdefault(page.role, []).append(page.id)
    run = _recorded(window.events, window.budget)
    names = {page.id: page.name or " ".join(page.text.split())[:40] for page in pages}
    tokens = {page.id: page.tokens for page in pages}
    load = _load(run.references, groups or roles, recorded=run, unequal=True, names=names, tokens=tokens)
    return replace(load, summaries={each.time: len(each.pages) for each in window.events if each.kind == "summarize"})


def _recorded(events: Iterable[PageEvent], size: int) -> PagingRun:
    """Events as a run; which page would have gone next is not known."""
    events = tuple(events)
    references = tuple(event.page for event in events if event.kind in ("hit", "load", "fault"))
    shown = tuple(event for event in events if event.kind in ("hit", "load", "fault", "evict"))
    most = size or max((len(stack) for stack in windows(events).values()), default=1)
    return PagingRun(RECORDED, most, references, shown, (None,) * len(references))


def _load(
    references: tuple[Hashable, ...], groups: Mapping[str, Iterable[Hashable]] | None, *,
    recorded: PagingRun | None = None, unequal: bool = False, names: Mapping[Any, str] | None = None,
    tokens: Mapping[Any, int] | None = None, masses: Sequence[Mapping[Hashable, float]] | None = None,
) -> Load:  # fmt: skip
    used = list(dict.fromkeys(references))
    short = all(isinstance(page, int) or len(str(page)) <= 2 for page in used)  # as good as numbers
    grouped = {str(name): [page for page in pages if page in set(used)] for name, pages in (groups or {}).items()}
    inside = {page for pages in grouped.values() for page in pages}
    others = [page for page in used if page not in inside]
    grouped[OTHERS if inside else ""] = sorted(others, key=_in_order) if short else others
    kept = {name: list(dict.fromkeys(pages)) for name, pages in grouped.items() if pages}
    rows = [page for pages in kept.values() for page in pages]
    if len({str(page) for page in rows}) < len(rows):
        raise ValueError("two pages have the same name, or one is in two groups: each page has one row")
    numbers = [str(page) for page in rows] if short else [str(row) for row in range(len(rows))]
    titles = [(names or {}).get(page, "") for page in rows] if short else [str(page) for page in rows]
    return Load(
        references, tuple(rows), tuple(numbers), tuple(titles),
        tuple((name, len(pages)) for name, pages in kept.items()), recorded, unequal,
        tokens=tuple((tokens or {}).get(page, 0) for page in rows) if tokens else (),
        budget=recorded.frames if tokens and recorded else 0, masses=masses,
    )  # fmt: skip


def _in_order(page: Any) -> tuple[int, Any, str]:
    """Numbers by size, then short names by length and letters."""
    return (0, page, "") if isinstance(page, int) else (1, len(page), page)
