"""The checks of notebook 51: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from itertools import count

import pytest

from agentos_lab.kernel import Fifo, MultilevelFeedback, RoundRobin, ShortestJobFirst
from agentos_lab.teaching import check


def by(key):
    return lambda views, slots, now: [view.pid for view in sorted(views, key=key)][:slots]


def aged(views, slots, now):
    return [view.pid for view in sorted(views, key=lambda view: view.done // 4 - view.waited // 8)][:slots]


def sorts_in_place(views, slots, now):
    views.sort(key=lambda view: view.done)
    return [view.pid for view in views[:slots]]


def remembers():
    calls = count()
    return lambda views, slots, now: [view.pid for view in sorted(views, key=lambda view: next(calls) % 7)][:slots]


def forgets_to_return(views, slots, now):
    sorted(views)


def one_only(views, slots, now):
    return [views[0].pid]


def waiting(chart, arrives):
    waits = {}
    for name, came in arrives.items():
        end = max(step for step, who in enumerate(chart, 1) if who == name)
        waits[name] = sum(who != name for who in chart[came:end])
    return waits


def batch_steps(lengths, slots):
    steps = 0
    while lengths:
        steps += max(lengths[:slots])
        lengths = lengths[slots:]
    return steps


def continuous(lengths, slots):
    ends = [0] * slots
    for length in lengths:
        ends.sort()
        ends[0] += length
    return max(ends)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("turn_waits", [5, 2, 6]),
        ("turn_waits", (5, 2, 6)),
        ("least_left", by(lambda view: view.length - view.done)),
        ("least_left", ShortestJobFirst(preemptive=True)),
        ("waiting", waiting),
        ("batch_steps", batch_steps),
        ("my_policy", aged),
        ("my_policy", RoundRobin(4)),
        ("my_policy", MultilevelFeedback((4, 8), boost=20)),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"51.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("turn_waits", [0, 5, 7], "first in, first out"),
        ("turn_waits", [0, 2, 4], "*first* token"),
        ("turn_waits", [10, 4, 9], "These are the ends"),
        ("turn_waits", [5, 3, 6], "both in its first turn"),
        ("turn_waits", [5, 2, 7], "C: look for its last letter"),
        ("turn_waits", [5, 2], "expected 3"),
        ("turn_waits", [5, 2, "6"], "Entry 3"),
        ("least_left", by(lambda view: -view.arrived), "still serves who came last"),
        ("least_left", by(lambda view: view.length), "*whole* text"),
        ("least_left", by(lambda view: view.done - view.length), "*most* tokens left"),
        ("least_left", by(lambda view: view.done), "has had the fewest"),
        ("least_left", Fifo(), "not that of the fewest"),
        ("least_left", 3, "A function was expected"),
        ("waiting", lambda chart, arrives: {k: chart.index(k) - at for k, at in arrives.items()}, "first token"),
        (
            "waiting",
            lambda chart, arrives: {k: chart.rindex(k) + 1 - chart.count(k) for k in arrives},
            "arrival is not",
        ),
        ("waiting", lambda chart, arrives: {k: chart.rindex(k) + 1 - at for k, at in arrives.items()}, "turnaround"),
        (
            "waiting",
            lambda chart, arrives: {k: chart.rindex(k) - at - chart.count(k) for k, at in arrives.items()},
            "counted from 0",
        ),
        ("batch_steps", continuous, "continuous batching"),
        ("batch_steps", lambda lengths, slots: sum(lengths), "as if it had one slot"),
        ("batch_steps", lambda lengths, slots: batch_steps(sorted(lengths)[::-1], slots), "do not sort"),
        ("batch_steps", lambda lengths, slots: -(-sum(lengths) // slots), "as if no slot were ever empty"),
        ("my_policy", Fifo(), "first tokens come late"),
        ("my_policy", ShortestJobFirst(), "starves"),
        ("my_policy", by(lambda view: view.done), "starves"),
        ("my_policy", one_only, "not work conserving"),
        ("my_policy", lambda views, slots, now: [view.pid for view in views], "more than there are slots"),
        ("my_policy", lambda views, slots, now: views[:slots], "returns the views"),
        ("my_policy", lambda views, slots, now: views[0].pid, "A list of numbers"),
        ("my_policy", lambda views, slots, now: [views[0].pid] * min(slots, len(views)) * 2, "the same one"),
        ("my_policy", lambda views, slots, now: ["0"], "none of those who want"),
        ("my_policy", forgets_to_return, "Nothing came back"),
        ("my_policy", sorts_in_place, "changes the list"),
        ("my_policy", remembers(), "Asked twice"),
        ("my_policy", 5, "A function was expected"),
    ],
)
def test_a_wrong_answer_is_told_what_is_wrong(name, answer, said):
    result = check(f"51.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


@pytest.mark.parametrize("name", ["turn_waits", "least_left", "waiting", "batch_steps", "my_policy"])
def test_an_answer_that_is_not_begun_is_called_so(name):
    assert check(f"51.{name}", ...).verdict == "open"
    if name != "turn_waits":
        assert check(f"51.{name}", lambda *arguments: ...).verdict == "open"
