"""The watchdog: ends what computes for ever, and nothing else."""

from __future__ import annotations

import time

import pytest

from agentos_lab.kernel.watchdog import Overrun, Watchdog


def test_a_loop_without_end_is_ended():
    with pytest.raises(Overrun), Watchdog(0.1):
        while True:
            pass


def test_no_time_is_too_long_without_a_limit():
    with Watchdog(None):
        time.sleep(0.12)


def test_what_comes_after_the_block_is_left_alone():
    watchdog = Watchdog(0.1)
    for _ in range(3):
        with watchdog:
            sum(range(100))
    deadline = time.monotonic() + 0.25
    while time.monotonic() < deadline:
        pass
    with watchdog:
        pass


def test_one_who_catches_exceptions_does_not_catch_this():
    with pytest.raises(Overrun), Watchdog(0.1):
        while True:
            try:
                while True:
                    pass
            except Exception:
                pass
