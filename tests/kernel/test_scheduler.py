"""Schedules of textbooks, drawn by hand there: the kernel comes to the same, tick by tick."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import (
    FairShare,
    Fifo,
    Kernel,
    MultilevelFeedback,
    Priority,
    RoundRobin,
    ScriptedCore,
    ShortestJobFirst,
)  # fmt: skip
from agentos_lab.kernel.scheduler import ProcessView, Scheduler


class Job(NamedTuple):
    """A process that wants the core once, for `length` ticks."""

    name: str
    arrives: int
    length: int
    priority: int = 0
    weight: float = 1.0


async def decode(syscall, length):
    return await syscall.generate("…", max_new_tokens=length)


def schedule(jobs: Sequence[Job], scheduler: Scheduler, slots: int = 1) -> Kernel:
    kernel = Kernel(ScriptedCore(slots=slots), scheduler=scheduler, journal=False)
    for job in jobs:
        kernel.spawn(
            decode, job.name, arguments={"length": job.length}, arrives=job.arrives, priority=job.priority,
            weight=job.weight,
        )  # fmt: skip
    kernel.run()
    return kernel


def ends(kernel: Kernel) -> dict[str, int]:
    return {each.name: each.arrival + each.turnaround for each in kernel.trace.metrics().processes}


def waits(kernel: Kernel) -> list[int]:
    return [each.waiting for each in kernel.trace.metrics().processes]


def batches(kernel: Kernel) -> str:
    names = kernel.trace.names
    return "".join(names[pid] for event in kernel.trace.of(kind="step") for pid in event.data["pids"])


# Stallings, Operating Systems (9th ed.), table 9.4 and the finish times of table 9.5.
STALLINGS = [Job("A", 0, 3), Job("B", 2, 6), Job("C", 4, 4), Job("D", 6, 5), Job("E", 8, 2)]


@pytest.mark.parametrize(
    ("scheduler", "finish"),
    [
        (Fifo(), [3, 9, 13, 18, 20]),
        (RoundRobin(1), [4, 18, 17, 20, 15]),
        (RoundRobin(4), [3, 17, 11, 20, 19]),
        (ShortestJobFirst(), [3, 9, 15, 20, 11]),
        (ShortestJobFirst(preemptive=True), [3, 15, 8, 20, 10]),
    ],
    ids=str,
)
def test_finish_times_are_those_of_stallings(scheduler, finish):
    assert list(ends(schedule(STALLINGS, scheduler)).values()) == finish


# Silberschatz, Galvin & Gagne, Operating System Concepts (10th ed.), section 5.3.
BURSTS = [Job("P1", 0, 24), Job("P2", 0, 3), Job("P3", 0, 3)]


def test_the_convoy_effect_short_jobs_behind_a_long_one_wait_long():
    assert waits(schedule(BURSTS, Fifo())) == [0, 24, 27]
    assert waits(schedule([*BURSTS[1:], BURSTS[0]], Fifo())) == [0, 3, 6]


def test_round_robin_waits_as_in_silberschatz():
    assert waits(schedule(BURSTS, RoundRobin(4))) == [6, 4, 7]


def test_shortest_job_first_waits_as_in_silberschatz():
    jobs = [Job("P1", 0, 6), Job("P2", 0, 8), Job("P3", 0, 7), Job("P4", 0, 3)]
    assert waits(schedule(jobs, ShortestJobFirst())) == [3, 16, 9, 0]
    assert waits(schedule(jobs, Fifo())) == [0, 6, 14, 21]


def test_shortest_remaining_time_first_waits_as_in_silberschatz():
    jobs = [Job("P1", 0, 8), Job("P2", 1, 4), Job("P3", 2, 9), Job("P4", 3, 5)]
    assert schedule(jobs, ShortestJobFirst(preemptive=True)).trace.metrics().mean("waiting") == 6.5
    assert schedule(jobs, ShortestJobFirst()).trace.metrics().mean("waiting") == 7.75


def test_priority_waits_as_in_silberschatz():
    jobs = [  # there a small number is a high priority
        Job("P1", 0, 10, -3), Job("P2", 0, 1, -1), Job("P3", 0, 2, -4), Job("P4", 0, 1, -5), Job("P5", 0, 5, -2),
    ]  # fmt: skip
    assert waits(schedule(jobs, Priority(ageing=None, quantum=100))) == [6, 0, 16, 18, 1]


def test_priority_with_round_robin_among_equals_runs_as_in_silberschatz():
    jobs = [
        Job("1", 0, 4, -3), Job("2", 0, 5, -2), Job("3", 0, 8, -2), Job("4", 0, 7, -1), Job("5", 0, 3, -3),
    ]  # fmt: skip
    ran = batches(schedule(jobs, Priority(ageing=None, quantum=2)))
    assert ran == "4" * 7 + "22332233" + "2" + "3333" + "11" + "55" + "11" + "5"


def test_ageing_ends_starvation():
    jobs = [Job("low", 0, 3, 0), *(Job(f"high {i}", 6 * i, 6, 5) for i in range(20))]
    starved = schedule(jobs, Priority(ageing=None, quantum=4)).trace.metrics().processes[0].waiting
    aged = schedule(jobs, Priority(ageing=10, quantum=4)).trace.metrics().processes[0].waiting
    assert starved == 120
    assert aged < 60


def test_an_urgent_newcomer_takes_the_slot_at_once():
    ran = batches(schedule([Job("a", 0, 5), Job("b", 2, 2, 9)], Priority()))
    assert ran == "aabbaaa"


def test_multilevel_feedback_serves_short_requests_first_without_knowing_their_length():
    jobs = [Job("l", 0, 40), Job("s", 5, 3), Job("t", 20, 3)]
    finished = ends(schedule(jobs, MultilevelFeedback(quanta=(4, 8, 16))))
    assert finished["s"] == 8 and finished["t"] == 23


def test_multilevel_feedback_lifts_those_who_wait_for_long():
    jobs = [Job("l", 0, 20), *(Job(f"s{i}", 2 + 3 * i, 3) for i in range(30))]
    plain = ends(schedule(jobs, MultilevelFeedback(quanta=(4, 8), boost=10_000)))["l"]
    boosted = ends(schedule(jobs, MultilevelFeedback(quanta=(4, 8), boost=12)))["l"]
    assert boosted < plain


def test_shares_are_in_proportion_to_the_weights():
    kernel = schedule([Job("a", 0, 300, weight=3.0), Job("b", 0, 300, weight=1.0)], FairShare(quantum=4))
    first = batches(kernel)[:200]
    assert first.count("a") == pytest.approx(150, abs=4)


def test_a_newcomer_gets_no_credit_for_the_time_before_it_came():
    kernel = schedule([Job("a", 0, 100), Job("b", 50, 50)], FairShare(quantum=2))
    assert batches(kernel)[50:70].count("a") == pytest.approx(10, abs=2)


JOBS = st.lists(
    st.builds(
        Job, st.just("job"), st.integers(0, 12), st.integers(1, 12), st.integers(0, 3), st.sampled_from([1.0, 2.0])
    ),
    min_size=1,
    max_size=7,
)
SCHEDULERS = [
    Fifo(), RoundRobin(1), RoundRobin(3), Priority(ageing=5, quantum=2), ShortestJobFirst(),
    ShortestJobFirst(preemptive=True), MultilevelFeedback(quanta=(2, 4)), FairShare(quantum=2),
]  # fmt: skip


@given(JOBS, st.sampled_from(SCHEDULERS), st.integers(1, 3))
def test_no_slot_is_idle_while_somebody_waits_and_everyone_gets_all_that_he_asked_for(jobs, scheduler, slots):
    kernel = schedule(jobs, scheduler, slots)
    metrics = kernel.trace.metrics()
    assert [each.tokens for each in metrics.processes] == [job.length for job in jobs]
    for each, job in zip(metrics.processes, jobs, strict=True):
        assert each.turnaround == each.waiting + job.length
    queued = {}
    for interval in kernel.trace.intervals():
        if interval.state == "queued":
            for tick in range(interval.start, interval.end):
                queued[tick] = queued.get(tick, 0) + 1
    decoding = {event.tick: len(event.data["pids"]) for event in kernel.trace.of(kind="step")}
    assert all(decoding[tick] == slots for tick in queued)


@given(JOBS)
def test_shortest_job_first_has_the_least_mean_waiting_time_when_all_come_at_once(jobs):
    jobs = [job._replace(arrives=0) for job in jobs]
    best = schedule(jobs, ShortestJobFirst()).trace.metrics().mean("waiting")
    for scheduler in SCHEDULERS:
        assert best <= schedule(jobs, scheduler).trace.metrics().mean("waiting")


def test_a_scheduler_is_a_pure_function_of_the_views():
    views = [ProcessView(str(i), i, i, 10 - i, 0, False, 0, 20 - i, i % 3, float(i)) for i in range(6)]
    for scheduler in SCHEDULERS:
        assert scheduler(views, 2, 20) == scheduler(list(views), 2, 20)
        assert len(set(scheduler(views, 2, 20))) == 2


@pytest.mark.parametrize(
    "wrong",
    [lambda: RoundRobin(0), lambda: Priority(ageing=-1), lambda: MultilevelFeedback((4, 0)), lambda: FairShare(1.5)],
)
def test_settings_that_make_no_sense_are_refused(wrong):
    with pytest.raises(ValueError, match="whole number of at least 1"):
        wrong()


@pytest.mark.parametrize("choice", [(), ("nobody",), ("1", "2", "1.7"), ("1", "2")])
def test_a_policy_that_chooses_wrongly_is_told_what_it_may_choose(choice):
    with pytest.raises(ValueError, match="must choose between 1 and 1 of"):
        schedule([Job("a", 0, 3), Job("b", 0, 3)], lambda views, slots, now: choice)
