"""The context window as physical memory: few pages fit, the others wait in the archive.

Each text of a conversation is a page. When the pages together need more tokens than the budget, a policy of `paging`
evicts some; whoever refers to one of them later has a page fault, which brings it in and drives others out. Nothing is
cut short or lost in silence: the prompt has a line for each stretch that is missing, and that line costs tokens too.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import groupby

from .paging import LRU, PageEvent, PageTable, PagingPolicy

__all__ = ["Accounting", "ContextWindow", "Page", "lay_out"]


@dataclass(frozen=True)
class Page:
    """A piece of the conversation."""

    id: int  # from 0 in the order of writing; -1 for a note on what is missing
    role: str  # system, user, assistant, tool, …; the window itself makes "summary" and "note"
    text: str
    tokens: int  # with the line break after the text
    pinned: bool = False  # may not be evicted
    name: str = ""  # for people
    summary_of: tuple[int, ...] = ()  # the pages that it stands for, none of which is a summary

    def __str__(self) -> str:
        return (
            f"{self.id:>3} {self.role:<9} {self.tokens:>5} {'pinned ' * self.pinned}{self.name or repr(self.text):.60}"
        )


@dataclass(frozen=True)
class Accounting:
    """Where the tokens are: ``budget == resident + notes + free``."""

    budget: int
    roles: Mapping[str, int]  # tokens of the pages in the window, by role
    notes: int  # tokens of the lines that say what is missing
    archived: int  # tokens of the pages outside

    @property
    def resident(self) -> int:
        """Tokens of the pages in the window."""
        return sum(self.roles.values())

    @property
    def free(self) -> int:
        """Tokens that are left."""
        return self.budget - self.resident - self.notes

    def __str__(self) -> str:
        rows = [*self.roles.items(), ("(notes)", self.notes), ("(free)", self.free), ("(archived)", self.archived)]
        return "\n".join(f"{name:<10} {tokens:>6}" for name, tokens in rows)


class ContextWindow:
    """Pages of text in a budget of tokens; its `events` are those of `paging`, where time counts pages used.

    Args:
        budget: Most tokens of the prompt, notes on what is missing included.
        policy: Who has to go; None: `paging.LRU`.
        count: Number of tokens of a text, ``lambda text: len(tokenizer.encode(text))``; None: words and marks.
        summarize: Turns pages that have to go into a text, which takes their place; None: they just go.
        summary_tokens: Room that is made for this text; one that does not fit all the same is left out.
        notes: Whether the prompt says what is missing; a study of policies alone may do without.
    """

    def __init__(
        self, budget: int, policy: PagingPolicy | None = None, count: Callable[[str], int] | None = None, *,
        summarize: Callable[[list[Page]], str] | None = None, summary_tokens: int = 64, notes: bool = True,
    ) -> None:  # fmt: skip
        if isinstance(budget, bool) or not isinstance(budget, int) or budget < 1:
            raise ValueError(f"budget: a whole number of tokens from 1 was expected, {budget!r} came")
        self.budget, self.notes, self._count = budget, notes, count or _words_and_marks
        self._summarize, self._summary_tokens = summarize, summary_tokens
        self._pages: dict[int, Page] = {}
        self._table = PageTable(LRU() if policy is None else policy)
        self.events: list[PageEvent] = self._table.events

    def add(self, text: str, role: str, *, name: str = "", pinned: bool = False) -> int:
        """Write a page and return its id; ValueError if it does not fit, and then the window stays as it was."""
        return self._bring_in(self._page(len(self._pages), text, role, name, pinned)).id

    def reference(self, id: int) -> Page:
        """Use a page: a hit if it is in the window, else a fault that brings it in; ValueError if it does not fit."""
        page = self._known(id)
        return self._load([], [page]) if id in self._table else self._bring_in(page)

    def pin(self, id: int) -> None:
        """Keep a page in the window; it is brought in if it is not there."""
        if self._known(id).id not in self._table:
            self.reference(id)
        self._set_pinned(id, True)

    def unpin(self, id: int) -> None:
        """Let a page go when others need its place."""
        self._set_pinned(self._known(id).id, False)

    def attend(self, masses: Mapping[int, float]) -> None:
        """Tell how much attention the model gave to pages: it adds up, and `paging.AttentionMass` decides by it."""
        for id, mass in masses.items():
            if self._known(id) and not 0 <= mass < math.inf:
                raise ValueError(f"masses[{id}]: a number from 0 was expected, {mass!r} came")
        self._table.masses.update(masses)

    def would_evict(self, tokens: int) -> list[Page]:
        """The pages that would go if `tokens` more came, for an agent that lets the model summarize them first."""
        return [self._pages[id] for id in self._room_for(Page(len(self._pages), "", "", tokens))]

    def replace(self, ids: Iterable[int], text: str) -> int:
        """Put a summary in the place of pages, which go to the archive, and return its id; ValueError if it is long."""
        ids = sorted({self._known(id).id for id in ids})
        if not ids or any(id not in self._table or self._pages[id].pinned for id in ids):
            raise ValueError(f"ids: pages in the window that are not pinned were expected, {ids} came")
        summary = self._summary(len(self._pages), ids, text)
        if not self._fits(ids, [summary]):
            raise ValueError(f"{summary.tokens} tokens do not fit in the place of pages {ids}: shorten the summary")
        return self._load(ids, [summary]).id

    @property
    def pages(self) -> list[Page]:
        """The pages in the window, in the order of the conversation."""
        return [page for page in _in_order(self._pages.values()) if page.id in self._table]

    @property
    def archive(self) -> list[Page]:
        """The pages outside, in the order of the conversation."""
        return [page for page in _in_order(self._pages.values()) if page.id not in self._table]

    def layout(self, going: Collection[int] = (), coming: Collection[Page] = ()) -> list[Page]:
        """What the prompt consists of (or would, if pages came and went): pages, and notes on what is missing."""
        new = {page.id: page for page in coming}
        resident = {id for id in self._pages if id in self._table and id not in going} | set(new)
        return lay_out(_in_order({**self._pages, **new}.values()), resident, self._tokens if self.notes else None)

    def text(self) -> str:
        """The prompt: `layout`, each page with a line break."""
        return "".join(page.text + "\n" for page in self.layout())

    def accounting(self) -> Accounting:
        """Where the tokens are, counted page by page."""
        roles: Counter[str] = Counter()
        for page in self.pages:
            roles[page.role] += page.tokens
        notes = sum(page.tokens for page in self.layout() if page.id < 0)
        return Accounting(self.budget, dict(roles), notes, sum(page.tokens for page in self.archive))

    def counters(self) -> Counter[str]:
        """How often each kind of event happened: load (for the first time), hit, fault, evict, …"""
        return Counter(event.kind for event in self.events)

    def _tokens(self, text: str) -> int:
        tokens = self._count(text + "\n")
        if isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < 0:
            raise ValueError(f"count: a whole number of tokens was expected, {tokens!r} came for {text!r:.60}")
        return tokens

    def _page(self, id: int, text: str, role: str, name: str, pinned: bool = False) -> Page:
        if not isinstance(text, str) or not isinstance(role, str) or not role:
            raise ValueError(f"text and role: two texts were expected, {text!r:.60} and {role!r:.60} came")
        return Page(id, role, text, self._tokens(text), pinned, name)

    def _summary(self, id: int, going: Collection[int], text: str) -> Page:
        of = sorted({each for page in going for each in self._pages[page].summary_of or (page,)})
        return replace(self._page(id, text, "summary", f"summary of {len(of)} pages"), summary_of=tuple(of))

    def _known(self, id: int) -> Page:
        if not isinstance(id, int) or id not in self._pages:
            raise ValueError(f"there is no page {id!r}; there are {len(self._pages)}, numbered from 0")
        return self._pages[id]

    def _set_pinned(self, id: int, pinned: bool) -> None:
        self._pages[id] = replace(self._pages[id], pinned=pinned)
        (self._table.pinned.add if pinned else self._table.pinned.discard)(id)
        self._table.note("pin" if pinned else "unpin", id)

    def _fits(self, going: Collection[int], coming: Collection[Page], reserve: int = 0) -> bool:
        return sum(page.tokens for page in self.layout(going, coming)) + reserve <= self.budget

    def _room_for(self, page: Page) -> list[int]:
        going = self._table.victims(lambda going: self._fits(going, [page]))
        if not self._fits(going, [page]):
            fixed = sum(each.tokens for each in self.pages if each.pinned)
            taken = f"{fixed} are pinned" + " and some needed to say what is missing" * self.notes
            hint = "split the page, unpin others, or make the window larger"
            raise ValueError(f"{page.tokens} tokens do not fit into {self.budget}, of which {taken}: {hint}")
        return going

    def _bring_in(self, page: Page) -> Page:
        """Make room for a page and load it; nothing changes before it is known to fit."""
        going, coming = self._room_for(page), [page]
        if going and self._summarize:
            more = self._table.victims(lambda going: self._fits(going, [page], self._summary_tokens))
            text = self._summarize([self._pages[id] for id in sorted(more)])
            summary = self._summary(max(len(self._pages), page.id + 1), more, text)
            if self._fits(more, [summary, page]):
                going, coming = more, [summary, page]
        return self._load(going, coming)

    def _load(self, going: Collection[int], coming: Collection[Page]) -> Page:
        for page in coming:
            new = page.id not in self._pages
            self._pages[page.id] = page
            self._table.reference(page.id, going)
            going = ()  # once
            if new and page.summary_of:
                self._table.note("summarize", page.id, page.summary_of)
            if new and page.pinned:
                self._set_pinned(page.id, True)
        return page

    def __str__(self) -> str:
        return "\n".join([*map(str, self.layout()), str(self.accounting())])

    __repr__ = __str__


def lay_out(pages: Iterable[Page], resident: Collection[int], count: Callable[[str], int] | None) -> list[Page]:
    """Pages that are in the window, and a note for each stretch that is not (none, if `count` is None)."""
    laid: list[Page] = []
    for inside, stretch in groupby(pages, key=lambda page: page.id in resident):
        run = list(stretch)
        if inside:
            laid += run
        elif count is not None:
            many = f"{len(run)} page{'s' * (len(run) > 1)}"
            note = f"[{many}, {sum(page.tokens for page in run)} tokens, in the archive]"
            laid.append(Page(-1, "note", note, count(note)))
    return laid


def _in_order(pages: Iterable[Page]) -> list[Page]:
    """The order of the conversation: a summary stands behind the last page that it stands for."""
    return sorted(pages, key=lambda page: (max(page.summary_of, default=page.id), page.id))


def _words_and_marks(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))
