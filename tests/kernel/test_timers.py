"""Timers: in the order of time, and of their setting where the time is the same."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.kernel import Kernel, ScriptedCore
from agentos_lab.kernel.timers import Timers


@given(st.lists(st.integers(0, 20), max_size=20), st.lists(st.integers(0, 8), max_size=8))
def test_timers_come_in_order_and_none_too_early_or_twice(ticks, steps):
    timers, now, found = Timers(), 0, []
    for number, tick in enumerate(ticks):
        timers.set(tick, "reply", "1", number)
    for step in [*steps, 30]:
        now += step
        due = list(timers.due(now))
        assert all(timer.tick <= now for timer in due)
        found += due
    assert [(timer.tick, timer.n) for timer in found] == sorted(zip(ticks, range(len(ticks)), strict=True))


def test_a_timer_set_while_they_are_delivered_comes_too_if_it_is_due():
    timers = Timers()
    timers.set(1, "reply", "1")
    seen = []
    for timer in timers.due(3):
        seen.append(timer.pid)
        if len(seen) < 3:
            timers.set(2, "reply", f"1.{len(seen)}")
    assert seen == ["1", "1.1", "1.2"]


def test_sleepers_of_the_same_tick_wake_in_the_order_in_which_they_lay_down():
    order = []

    async def agent(syscall, ticks):
        for each in ticks:
            await syscall.sleep(each)
        order.append(syscall.pid)

    kernel = Kernel(ScriptedCore())
    for ticks in ([3, 3], [6], [1, 5]):
        kernel.spawn(agent, arguments={"ticks": ticks})
    kernel.run()
    assert order == ["2", "3", "1"] and kernel.now == 6
