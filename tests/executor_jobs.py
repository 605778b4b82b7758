"""Jobs for executors, in a module that workers can import."""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

from agentos_lab.kernel.tools import tool


def slow_square(n: int, seconds: float = 0.05) -> int:
    """Square a number, at leisure."""
    time.sleep(seconds)
    if n < 0:
        raise ValueError(f"{n} is negative")
    return n * n


def slow_square_but_7(n: int) -> int:
    """Square a number; 7 ends the worker."""
    if n == 7:
        os.kill(os.getpid(), signal.SIGKILL)
    return slow_square(n)


def leave_a_mark(folder: str, n: int) -> int:
    """Tell that a job has begun."""
    Path(folder, f"{n}-{os.getpid()}-{time.monotonic_ns()}").touch()
    return slow_square(n, 0.1)


square = tool(slow_square, name="square", timeout=60)
marked = tool(leave_a_mark, name="marked", effect="write", timeout=60)
