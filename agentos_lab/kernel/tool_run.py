"""Running tools: a call is started, looked at now and then, and ends as a value, whatever the tool does.

A tool that raises, hangs or returns rubbish is the agent's problem, never the kernel's: the answer is always Ok or
Failed, at the latest when the tool's time is up. A call runs in a daemon thread (used again when it is done, abandoned
when it hangs: it keeps nobody from leaving), in a process of its own, or in an executor, such as a Dask cluster's.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import CancelledError, Executor, Future
from queue import SimpleQueue
from time import monotonic
from typing import Any
from uuid import uuid4

from .isolation import IsolatedCall, carry_out, parcel
from .reply import Failed, Ok
from .tools import Tool, perform

__all__ = ["Running", "start"]


class Running:
    """A call under way. `start` makes one.

    Args:
        name: Of the tool.
        timeout: Seconds from now.
    """

    def __init__(self, name: str, timeout: float) -> None:
        self._name, self._timeout = name, timeout
        self._deadline = monotonic() + timeout
        self._finished = threading.Event()
        self._replies: list[Ok | Failed] = []  # the first counts: appending is atomic
        self.stop: Callable[[], object] = lambda: None  # ends the work itself, where that is possible

    def finish(self, reply: Ok | Failed) -> None:
        """Give the reply; a later one is ignored."""
        self._replies.append(reply)
        self._finished.set()

    def done(self) -> bool:
        """Whether there is a reply; a call whose time is up has failed, and is stopped or abandoned."""
        if not self._finished.is_set() and monotonic() >= self._deadline:
            self._give_up(f"took longer than its {self._timeout:g} s: ask for less, or do without it")
        return self._finished.is_set()

    def wait(self, seconds: float | None = None) -> bool:
        """Wait for the reply; whether it is there.

        Args:
            seconds: At most so long; None: until the tool's time is up.
        """
        left = self._deadline - monotonic()
        self._finished.wait(max(0.0, left if seconds is None else min(seconds, left)))
        return self.done()

    def result(self) -> Ok | Failed:
        """The reply; waits for it, and never raises."""
        while not self.wait():
            pass
        return self._replies[0]

    def kill(self) -> None:
        """Stop the call: a process ends with its children, a thread goes on with nobody listening."""
        if not self._finished.is_set():
            self._give_up("was stopped before it was done")

    def _give_up(self, reason: str) -> None:
        self.finish(Failed("ToolFailed", f"{self._name} {reason}"))
        self.stop()


def start(
    tool: Tool, arguments: Mapping[str, Any], *, key: str | None = None, executor: Executor | None = None
) -> Running:
    """Begin a call of a tool.

    Args:
        tool: Which one. An isolated tool runs on this machine, whatever the executor.
        arguments: JSON values by name; wrong ones make a reply of kind ValueError.
        key: Idempotency key: the same when the same call is made again after a crash.
        executor: Where to run it instead of a thread of ours, e.g. a ProcessPoolExecutor or
            ``dask.distributed.Client(…).get_executor()``. It alone decides what becomes of a call whose time is up, and
            may make one again when a machine is lost, as Dask does: a tool for which that matters takes the key.

    Returns:
        The call; this never raises, and never waits for the tool.
    """
    running = Running(tool.name, tool.timeout)
    try:
        bound = tool.bind(arguments)
        if tool.takes_key:
            bound["idempotency_key"] = key
        if tool.isolated or executor:
            job = {"name": tool.name, "arguments": dict(arguments), "key": key}
        if tool.isolated:
            call = IsolatedCall(job | {"target": parcel(tool.function)}, tool.timeout, tool.memory)
            running.stop = call.kill
            _in_thread(lambda: running.finish(call.converse()))
        elif executor is not None:
            future = _submit(executor, tool, job, bound)
            running.stop = future.cancel
            future.add_done_callback(lambda future: running.finish(_outcome(tool.name, future)))
        else:
            _in_thread(lambda: running.finish(perform(tool.name, tool.function, bound)))
    except ValueError as error:
        running.finish(Failed("ValueError", str(error)))
    except Exception as error:  # no thread, no process, an executor that was shut down
        said = f"{type(error).__name__}: {error}"
        running.finish(Failed("ToolFailed", f"{tool.name} could not be started ({said}): try again later"))
    return running


def _submit(executor: Executor, tool: Tool, job: dict[str, Any], bound: dict[str, Any]) -> Future[Any]:
    """Send the function by its place or source where it has one, else itself (Dask can send closures).

    Each call is marked: Dask takes equal ones for the same, and would make it once.
    """
    mark = uuid4().hex
    try:
        return executor.submit(carry_out, job | {"target": parcel(tool.function), "mark": mark})
    except ValueError:
        return executor.submit(_perform, mark, tool.name, tool.function, bound)


def _perform(mark: str, name: str, function: Callable[..., Any], bound: Mapping[str, Any]) -> Ok | Failed:
    return perform(name, function, bound)


def _outcome(name: str, future: Future[Any]) -> Ok | Failed:
    """What an executor made of a call."""
    error = CancelledError() if future.cancelled() else future.exception()
    if error is None and isinstance(future.result(), Ok | Failed):
        return future.result()
    return Failed("ToolFailed", f"{name} was lost by its executor ({type(error).__name__}: {error}): try again")


_idle: list[_Worker] = []  # threads that wait for a call


class _Worker(threading.Thread):
    """A daemon thread that does one call after another."""

    def __init__(self) -> None:
        super().__init__(name="tool", daemon=True)
        self.calls: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.start()

    def run(self) -> None:
        while True:
            self.calls.get()()
            _idle.append(self)


def _in_thread(call: Callable[[], None]) -> None:
    """Do a call in an idle thread, or in a new one: a thread that hangs never comes back, and is not missed."""
    try:
        worker = _idle.pop()
    except IndexError:
        worker = _Worker()
    worker.calls.put(call)


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_idle.clear)  # a forked process has no threads but its own
