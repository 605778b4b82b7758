"""The watchdog: ends an agent that computes for ever without a system call.

Agents are preempted at system calls, so one that makes none would keep the kernel for itself. A thread looks after the
time, and raises an exception in the agent's own code when it is over.
"""

from __future__ import annotations

import ctypes
import threading
import time
import weakref

__all__ = ["Overrun", "Watchdog"]


class Overrun(BaseException):
    """Raised in an agent that kept the kernel waiting; no `except Exception` of the agent's catches it."""


class Watchdog:
    """Watches one thread, for the time of a ``with`` block; an overrun raises `Overrun` in it.

    Args:
        seconds: Wall time between two system calls after which an agent is ended; None: no watch.
    """

    def __init__(self, seconds: float | None) -> None:
        self.seconds = seconds
        self._lock = threading.Lock()
        self._deadline: float | None = None
        self._raised = False
        self._watched = 0

    def __enter__(self) -> None:
        if self.seconds is None:
            return
        if not _patrol.is_alive():  # not begun, or in a process that was forked since
            _start_patrol()
        _watchdogs.add(self)
        self._watched = threading.get_ident()
        self._deadline = time.monotonic() + self.seconds

    def __exit__(self, *error: object) -> None:
        with self._lock:  # from here on nothing is raised any more, and what was is taken back
            self._deadline = None
            if self._raised:
                self._raised = False
                _raise_in(self._watched, None)

    def look(self) -> None:
        """Raise if the time is over."""
        with self._lock:
            if self._deadline is not None and time.monotonic() > self._deadline:
                self._deadline, self._raised = None, True
                _raise_in(self._watched, Overrun)


# One thread looks after all kernels of this process.
_watchdogs: weakref.WeakSet[Watchdog] = weakref.WeakSet()
_patrol = threading.Thread()


def _start_patrol() -> None:
    global _patrol
    _patrol = threading.Thread(target=_look_around, name="kernel watchdog", daemon=True)
    _patrol.start()


def _look_around() -> None:
    while True:
        time.sleep(0.05)
        for watchdog in list(_watchdogs):
            watchdog.look()


def _raise_in(thread: int, error: type[BaseException] | None) -> None:
    """Raise in another thread, at its next instruction of Python; None takes back what it has not seen yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(
        ctypes.c_ulong(thread), None if error is None else ctypes.py_object(error)
    )
