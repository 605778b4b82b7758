"""The checks of notebook 52: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest

from agentos_lab.kernel import FIFO, LRU, LRUK, Optimal, simulate_paging
from agentos_lab.teaching import check
from agentos_lab.teaching.exercises.nb52 import SCANS, TOPICS

T, F = True, False


@dataclass(frozen=True)
class By:
    """A rule from a key: the smallest goes."""

    key: Any

    def victim(self, pages, now):
        return min(pages, key=self.key).id


@dataclass(frozen=True)
class Chooses:
    """A rule from a function."""

    choose: Any

    def victim(self, pages, now):
        return self.choose(pages, now)


class Loose:
    """No dataclass; else right."""

    def victim(self, pages, now):
        return LRUK(2).victim(pages, now)


@dataclass
class Melting(Loose):
    """A dataclass that is not frozen."""


def rewarded(page):
    return page.times[-1] + 8 * min(len(page.times), 3)


def least_used(page):
    return (len(page.times), page.times[-1])


def forgetful(pages, now):
    min(pages, key=least_used)


def sorts_in_place(pages, now):
    pages.sort(key=lambda page: -page.loaded)
    return pages[0].id


def eats_times(pages, now):
    return min(pages, key=lambda page: page.times.pop()).id


def remembering():
    calls = count()
    return lambda pages, now: pages[next(calls) % len(pages)].id


def distance(references, time):
    """By the stack itself."""
    stack = []
    for page in references[:time]:
        stack = [page, *(other for other in stack if other != page)]
    return stack.index(references[time]) + 1 if references[time] in stack else None


def last_use(references, time):
    return max((at for at in range(time) if references[at] == references[time]), default=None)


def gap(references, time):
    last = last_use(references, time)
    return None if last is None else time - last


def one_too_few(references, time):
    last = last_use(references, time)
    return None if last is None else len(set(references[last + 1 : time]))


def from_the_first(references, time):
    first = references.index(references[time])
    return None if first == time else len(set(references[first:time]))


def all_so_far(references, time):
    return None if last_use(references, time) is None else len(set(references[:time]))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lru_by_hand", [T, T, T, F, T, T, F, T]),
        ("lru_by_hand", (T, T, T, F, T, T, F, T)),
        ("least_used", By(least_used)),
        ("least_used", Chooses(lambda pages, now: sorted(pages, key=least_used)[0].id)),
        ("distance", distance),
        ("my_rule", By(rewarded)),
        ("my_rule", LRUK(2)),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"52.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("lru_by_hand", [T, T, T, F, T, F, T, F], "This is FIFO"),
        ("lru_by_hand", [F, F, F, T, F, F, T, F], "the other way round"),
        ("lru_by_hand", [F, T, T, F, T, T, F, T], "first load is a fault"),
        ("lru_by_hand", [T, T, T, F, T, F, F, T], "Entry 6, page 2"),
        ("lru_by_hand", [T, T, T, F], "expected 8"),
        ("lru_by_hand", [1, 1, 1, 0, 1, 1, 0, 1], "True or False"),
        ("least_used", FIFO(), "still FIFO"),
        ("least_used", LRU(), "LRU now"),
        ("least_used", By(lambda page: (-len(page.times), page.times[-1])), "*most* uses"),
        ("least_used", By(lambda page: (len(page.times), -page.times[-1])), "wrong sign"),
        ("least_used", By(lambda page: len(page.times)), "second entry"),
        ("least_used", By(lambda page: (len(page.times), page.loaded)), "came in first"),
        ("least_used", LRUK(2), "Somewhere a page goes"),
        ("least_used", By, "This is the class"),
        ("least_used", 3, "method `victim`"),
        ("least_used", Chooses(lambda pages, now: min(pages, key=least_used)), "Return its number"),
        ("distance", gap, "take a set"),
        ("distance", one_too_few, "One too few"),
        ("distance", from_the_first, "*first* use"),
        ("distance", all_so_far, "not those since"),
        ("distance", lambda references, time: distance(references, time) or 0, "return None"),
        ("distance", 4, "A function was expected"),
        ("my_rule", FIFO(), "A scan still drives out"),
        ("my_rule", LRU(), "A scan still drives out"),
        ("my_rule", By(least_used), "clings"),
        ("my_rule", By(lambda page: -page.times[-1]), "clings"),
        ("my_rule", By(lambda page: 0), "A scan still"),
        ("my_rule", Loose(), "frozen=True"),
        ("my_rule", Melting(), "frozen=True"),
        ("my_rule", Chooses(forgetful), "Nothing came back"),
        ("my_rule", Chooses(lambda pages, now: pages[0]), "Return its number"),
        ("my_rule", Chooses(lambda pages, now: "nobody"), "none of the pages"),
        ("my_rule", Chooses(lambda pages, now: [pages[0].id]), "none of the pages"),
        ("my_rule", Chooses(sorts_in_place), "changes what it is given"),
        ("my_rule", Chooses(eats_times), "changes what it is given"),
        ("my_rule", Chooses(remembering()), "Asked twice"),
        ("my_rule", By, "This is the class"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"52.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["lru_by_hand", "least_used", "distance", "my_rule"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"52.{name}", ...).verdict == "open"
    begun = {"lru_by_hand": [...], "distance": lambda references, time: ...}
    assert check(f"52.{name}", begun.get(name, Chooses(lambda pages, now: ...))).verdict == "open"


def test_what_the_text_says_of_the_loads_is_so():
    scans = [simulate_paging(SCANS, 6, policy).faults for policy in (FIFO(), LRU(), LRUK(2), Optimal())]
    topics = [simulate_paging(TOPICS, 6, policy).faults for policy in (FIFO(), LRU(), LRUK(2), By(least_used))]
    assert scans == [25, 25, 19, 16] and topics == [8, 8, 13, 28]
