"""Checks and quiz of notebook 52, context is memory."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_list
from ..questions import Option, Question

__all__ = ["QUIZ", "distance", "least_used", "lru_by_hand", "my_rule"]

SCANS = "abcabc" + "12345678" + "abcabc" + "12345678" + "abc"
TOPICS = "abc" * 5 + "defgh" * 5
FRAMES = 6
MOST_SCANS, MOST_TOPICS = 22, 16  # faults that a rule may have
LOADS = (("abcad", 3), ("abbacad", 2), ("aabbcdab", 3), ("123412512345", 3), (SCANS, 5), (TOPICS, 6))


class _Refused(Exception):
    """A rule chose what it may not choose."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True)
class _Watched:
    """A rule, each of whose choices is looked at before the memory sees it."""

    rule: Any

    def victim(self, pages: Sequence[Any], now: int) -> Hashable:
        given = [replace(page, times=[*page.times]) for page in pages]
        copy = [*given]
        chosen = self.rule.victim(copy, now)
        ids, case = [page.id for page in pages], f"victim of pages {[page.id for page in pages]} at time {now}"
        if chosen is Ellipsis:
            raise NotImplementedError("the rule is still `...`")
        if chosen is None:
            raise _Refused(Problem("Nothing came back: does `victim` `return` its choice?", case))
        if hasattr(chosen, "times"):
            raise _Refused(Problem("It returns the page. Return its number: `.id`.", case))
        if not isinstance(chosen, Hashable) or chosen not in ids:
            shown = repr(chosen) if isinstance(chosen, str | int | float) else f"a {type(chosen).__name__}"
            raise _Refused(Problem("It chose what is none of the pages that may go.", case, shown))
        if copy != given or [page.times for page in given] != [[*page.times] for page in pages]:
            message = "It changes what it is given. Use `sorted(…)`, `min(…)` or `max(…)`, which leave it as it is."
            raise _Refused(Problem(message, case))
        if self.rule.victim([*given], now) != chosen:
            message = "Asked twice about the same pages, it chooses differently: keep nothing between two calls."
            raise _Refused(Problem(message, case))
        return chosen


def _no_rule(answer: Any) -> Problem | None:
    if answer is Ellipsis:
        raise NotImplementedError("the rule is still `...`")
    if isinstance(answer, type):
        return Problem("This is the class. Give an object of it, with brackets after the name.")
    if not callable(getattr(answer, "victim", None)):
        return Problem(f"An object with a method `victim` was expected, and this is of type {type(answer).__name__}.")
    return None


def _evictions(rule: Any) -> list[list[Any]]:
    from agentos_lab.kernel.paging import simulate_paging

    runs = [simulate_paging(references, frames, rule) for references, frames in LOADS]
    return [[event.page for event in run.events if event.kind == "evict"] for run in runs]


@exercise(
    "lru_by_hand",
    points=1,
    hints=(
        "Keep a stack with the most recently used page on top. A hit, too, moves its page to the top.",
        "After 1 2 3 1, the stack is 1 3 2 from the top: page 2 stands at the bottom, and the next fault evicts it.",
    ),
    right="The hit on 1 saves page 1 and costs page 2 its place.",
)
def lru_by_hand(answer: Any) -> Problem | None:
    """True for each fault of 1 2 3 1 4 2 1 3 under LRU with 3 frames."""
    from agentos_lab.kernel.paging import FIFO, LRU, simulate_paging

    references = "12314213"
    if problem := require_list(answer, 8, lambda entry: isinstance(entry, bool), "True or False"):
        return problem

    def faults(policy: Any) -> list[bool]:
        return [event.kind != "hit" for event in simulate_paging(references, 3, policy).events if event.kind != "evict"]

    right, given = faults(LRU()), list(answer)
    if given == faults(FIFO()):
        return Problem("This is FIFO: there a hit changes nothing. In LRU a hit makes its page the most recent.")
    if given == [not each for each in right]:
        return Problem("True and False are the other way round: True stands for a fault.")
    for place, (yours, wanted) in enumerate(zip(given, right, strict=True), 1):
        if yours != wanted:
            page = references[place - 1]
            if page not in references[: place - 1]:
                return Problem(f"Entry {place}: page {page} comes for the first time, and a first load is a fault.")
            return Problem(
                f"Entry {place}, page {page}: look again at which three different pages were used last before it."
            )
    return None


@exercise(
    "least_used",
    points=1,
    hints=(
        "The number of uses is `len(page.times)`, the last use `page.times[-1]`.",
        "`key=lambda page: (first, second)` sorts by the first, and among equals by the second.",
    ),
    right="No scan can drive out what is used often. What that costs, exercise 4 asks.",
)
def least_used(answer: Any) -> Problem | None:
    """A rule by which the page with the fewest uses goes, of equals the least recently used."""
    if problem := _no_rule(answer):
        return problem

    def by(key: Any) -> Any:
        return type("Rule", (), {"victim": lambda self, pages, now: min(pages, key=key).id})()

    right = by(lambda page: (len(page.times), page.times[-1]))
    mistakes = {
        "It is still FIFO: the page that came in first goes.": by(lambda page: page.loaded),
        "It is LRU now: the number of uses is not looked at.": by(lambda page: page.times[-1]),
        "The page with the *most* uses goes: turn `max` or the sign round.": by(
            lambda page: (-len(page.times), page.times[-1])
        ),
        "Of equals, the *most* recently used goes: the second entry of the key has the wrong sign.": by(
            lambda page: (len(page.times), -page.times[-1])
        ),
        "The uses are right. But of pages with equally many, the least recently used is to go: add a second entry to "
        "the key.": by(lambda page: len(page.times)),
        "Of equals, you take the one that came in first; asked for is the one whose last use is the longest ago.": by(
            lambda page: (len(page.times), page.loaded)
        ),
    }
    try:
        yours, wanted = _evictions(_Watched(answer)), _evictions(right)
    except _Refused as refused:
        return refused.problem
    if yours == wanted:
        return None
    told = next((text for text, wrong in mistakes.items() if _evictions(wrong) == yours), None)
    at = next(number for number, (mine, theirs) in enumerate(zip(yours, wanted, strict=True)) if mine != theirs)
    references, frames = LOADS[at]
    message = told or "Somewhere a page goes that has more uses than another, or was used later than an equal one."
    return Problem(message, f"{references}, {frames} frames", f"evicted {', '.join(yours[at])}")


def _distance(references: Sequence[Hashable], time: int) -> int | None:
    before = references[:time]
    if references[time] not in before:
        return None
    last = max(at for at, page in enumerate(before) if page == references[time])
    return len(set(before[last:]))


def _counted_from(references: Sequence[Hashable], time: int, pick: Any) -> int | None:
    places = [at for at, page in enumerate(references[:time]) if page == references[time]]
    return pick(references, time, places) if places else None


@exercise(
    "distance",
    points=2,
    hints=(
        "First find the last use before `time`: the largest place in `references[:time]` where the page stands.",
        "Then count the *different* pages from that place up to, not with, `time`: the length of a set.",
    ),
    right="With it, one pass over a log tells the faults of LRU for every size of memory.",
)
def distance(answer: Any) -> Problem | None:
    """A function of references and a time: the depth in LRU's stack."""
    mistakes = {
        "Each *different* page counts once: take a set.": lambda r, t: _counted_from(
            r, t, lambda r, t, places: t - places[-1]
        ),
        "One too few: the page itself is among them.": lambda r, t: _counted_from(
            r, t, lambda r, t, places: len(set(r[places[-1] + 1 : t]))
        ),
        "You count from the *first* use of the page; take its last one before `time`.": lambda r, t: _counted_from(
            r, t, lambda r, t, places: len(set(r[places[0] : t]))
        ),
        "You count all pages so far, not those since the last use.": lambda r, t: _counted_from(
            r, t, lambda r, t, places: len(set(r[:t]))
        ),
    }
    cases = [("aa", 1), ("abca", 3), ("abbba", 4), ("zabcbab", 6), ("abab", 3), ("abcadae", 5), ("123412512345", 9)]
    if not callable(answer):
        return compare_calls(answer, _distance, cases)
    first = answer("ab", 1)
    if first is Ellipsis:
        raise NotImplementedError("the function is still `...`")
    if first is not None:
        message = "At the first use of a page there is no distance: return None."
        return Problem(message, "distance('ab', 1)", repr(first), "None")
    return compare_calls(answer, _distance, cases, mistakes=mistakes, what="the distance")


@exercise(
    "my_rule",
    points=4,
    hints=(
        "Begin with LRU, `page.times[-1]`, and add something to the key for a page with more than one use. How much "
        "must it be, so that eight pages of a scan do not outlive it?",
        "Let the reward have a limit, as `min(len(page.times), 3)` has: then a page that is used no more is overtaken "
        "after some references.",
    ),
    right="Pure, safe against a scan, and able to forget: better than FIFO on the scans, and never stuck in the past.",
)
def my_rule(answer: Any) -> Problem | None:
    """A frozen dataclass with `victim`: pure, good on scans, able to forget, and used in a window."""
    from agentos_lab.kernel.paging import FIFO, Resident, simulate_paging

    if problem := _no_rule(answer):
        return problem
    rule: Any = _Watched(answer)
    try:
        rule.victim([Resident("a", 0, [0])], 1)
        settings = getattr(type(answer), "__dataclass_params__", None)
        if settings is None or not settings.frozen:
            return Problem("It works, but it can be changed from outside: write `@dataclass(frozen=True)` above it.")
        scans, topics = (simulate_paging(load, FRAMES, rule).faults for load in (SCANS, TOPICS))
        problem = _in_a_window(rule)
    except _Refused as refused:
        return refused.problem
    if scans > MOST_SCANS:
        fifo = simulate_paging(SCANS, FRAMES, FIFO()).faults
        message = "A scan still drives out a, b and c, which are used again and again."
        expected = f"at most {MOST_SCANS}; FIFO has {fifo}"
        return Problem(message, f"scans, {FRAMES} frames", f"{scans} faults", expected)
    if topics > MOST_TOPICS:
        message = "It clings to a, b and c, which are never needed again: let what they once earned wear off."
        return Problem(message, f"topics, {FRAMES} frames", f"{topics} faults", f"at most {MOST_TOPICS}")
    return problem


def _in_a_window(rule: Any) -> Problem | None:
    """Pages of different sizes, one of them pinned, within a budget."""
    from agentos_lab.kernel.context import ContextWindow

    window = ContextWindow(60, rule)
    kept = window.add("the rules of the house", "system", pinned=True)
    ids = [window.add("word " * (3 + 4 * (number % 4)), "user") for number in range(12)]
    for id in (*ids[:3], *ids[7:9], *ids[:2]):
        window.reference(id)
        account = window.accounting()
        if kept not in {page.id for page in window.pages} or account.free < 0:
            return Problem("In a ContextWindow, the pinned page went or the budget was broken.", yours=str(account))
    return None


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A program keeps only the latest tokens of a conversation. How do you notice that a needed fact was cut off?",
        (
            Option("The model says that it does not know.", "It said 12345: it cannot know what it never read."),
            Option("The library raises an error.", "The text that is left is a valid text."),
            Option(
                "Not from the answer: the program itself must know, and say, what is missing.",
                "Pages, notes on what is in the archive, and an account in which every token is somewhere.",
                right=True,
            ),
            Option("The probability of the answer is low.", "Here it was. An invention can be likely as well."),
        ),
    ),
    Question(
        "Why can LRU never have more faults with more frames?",
        (
            Option("It is nearer to the optimum than FIFO.", "With 3 frames it was not: 10 faults against 9."),
            Option(
                "What k frames hold is always part of what k + 1 frames hold.",
                "The k pages used last are among the k + 1 used last. So each hit stays a hit.",
                right=True,
            ),
            Option("More frames always help, whatever the rule.", "FIFO: 9 faults with 3 frames, 10 with 4."),
            Option("It uses the times of uses, and FIFO does not.", "FIFO has times as well: those of arrival."),
        ),
    ),
    Question(
        "In one conversation, evicting by the sum of attention caused 2 returns and LRU 4. What follows?",
        (
            Option("Attention tells what will be needed.", "A rule that keeps the oldest, blind to it, had 2 too."),
            Option("The rule should be used everywhere.", "Over 79 orders of the lines it was behind LRU."),
            Option("Attention is of no use for eviction.", "Divided by age, it had the fewest returns (8 frames)."),
            Option(
                "Little, before a rule without attention was compared and the lines put in other orders.",
                "A sum grows with age, and the needed pages happened to be old.",
                right=True,
            ),
        ),
    ),
    Question(
        "A recalled text has the highest BM25 score of all. What do you know of it?",
        (
            Option("It is true.", "The web page's 0000 matched as well as the truth."),
            Option("It means the same as the question.", "BM25 knows words: *vault combination* found nothing."),
            Option(
                "It shares rare words with the question; whether to trust it, its provenance must say.",
                "Who noted it, when, and from where stand beside the score.",
                right=True,
            ),
            Option("It was used most often.", "Uses count for forgetting, not for the score."),
        ),
    ),
)
