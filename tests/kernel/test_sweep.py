"""Sweeps: results in order, failures as values, nothing left behind after an interrupt."""

from __future__ import annotations

import _thread
import threading
import time
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from agentos_lab.kernel import Failed
from agentos_lab.kernel.sweep import sweep


def divide(a, b=2):
    return a / b


@pytest.fixture(params=[None, 1, 4], ids=["here", "one thread", "four threads"])
def executor(request):
    if request.param is None:
        yield None
    else:
        with ThreadPoolExecutor(request.param) as threads:
            yield threads


def test_results_come_in_the_order_of_the_settings(executor):
    def late(n):
        time.sleep(0.01 * (n % 3))
        return n, {n}  # not only JSON

    assert sweep(late, ({"n": n} for n in range(20)), executor) == [(n, {n}) for n in range(20)]
    assert sweep(late, [], executor) == []


def test_a_failure_is_a_value_and_costs_no_other_result(executor):
    results = sweep(divide, [{"a": 4}, {"a": 1, "b": 0}, {"b": 1}, {"a": 6}], executor)
    assert results[::3] == [2, 3]
    assert results[1] == Failed("ZeroDivisionError", "division by zero")
    assert results[2].kind == "TypeError" and "'a'" in results[2].message


@pytest.mark.parametrize("wrong", [3, "a=3", [("a", 3)]])
def test_settings_are_mappings(executor, wrong):
    with pytest.raises(ValueError, match="setting 1 must be a mapping"):
        sweep(divide, [{"a": 1}, wrong], executor)


def test_an_executor_that_takes_nothing_is_a_failure_of_each():
    with ThreadPoolExecutor() as threads:
        pass
    results = sweep(divide, [{"a": 1}, {"a": 2}], threads)
    assert [result.kind for result in results] == ["RuntimeError"] * 2 and "shutdown" in results[0].message


def test_what_somebody_else_cancels_is_a_failure():
    class Cancelling(ThreadPoolExecutor):
        def submit(self, *_):
            future = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    assert sweep(divide, [{"a": 1}], Cancelling())[0].kind == "CancelledError"


def test_an_interrupt_takes_back_what_has_not_begun():
    begun = []

    def job(n):
        begun.append(n)
        time.sleep(0.1)

    with ThreadPoolExecutor(1) as threads:
        threading.Timer(0.15, _thread.interrupt_main).start()
        with pytest.raises(KeyboardInterrupt):
            sweep(job, [{"n": n} for n in range(50)], threads)
    assert 1 <= len(begun) < 30
