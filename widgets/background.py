"""Work in the background of a notebook: in slices between the cells, in the same thread, and stopped like a cell."""

from __future__ import annotations

import asyncio
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager

__all__ = ["interruptible", "running_loop"]


def running_loop() -> asyncio.AbstractEventLoop | None:
    """The event loop that runs in this thread: the kernel's, when a cell asks."""
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None


@contextmanager
def interruptible() -> Iterator[None]:
    """Inside, the notebook's stop button raises KeyboardInterrupt, as in a cell; kernels are deaf to it in between."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
