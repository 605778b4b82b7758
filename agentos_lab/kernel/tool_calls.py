"""Tool calls under way, in virtual time.

How long a tool really takes differs from machine to machine. In virtual time a call takes as many ticks as the tool
declares, and its result arrives at that tick, whenever the machine had it: so schedules repeat. If the machine has it
later, the kernel waits a little (its patience); after that the call is *late*, and the others go on without it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from .process import lineage
from .tool_run import Running, start
from .tools import Tool

__all__ = ["ToolCall", "ToolCalls"]


@dataclass(eq=False)
class ToolCall:
    """One call.

    Attributes:
        pid: Whose.
        tool: Of what.
        due: Tick at which its result is to arrive.
        running: The work.
        lock: What its caller holds for it alone, and gives back with its end.
        late: Whether it was not there in time.
    """

    pid: str
    tool: Tool
    due: int
    running: Running
    lock: str | None = None
    late: bool = False


@dataclass
class ToolCalls:
    """The calls under way, at most one a process.

    Attributes:
        patience: Seconds that the kernel waits for one that is due.
        executor: Where tools run; None: here.
        calls: Process -> call.
    """

    patience: float
    executor: Any = None
    calls: dict[str, ToolCall] = field(default_factory=dict)

    def __contains__(self, pid: str) -> bool:
        return pid in self.calls

    def start(
        self, pid: str, tool: Tool, arguments: dict[str, Any], key: str, now: int, lock: str | None = None
    ) -> None:
        """Let a tool run."""
        running = start(tool, arguments, key=key, executor=self.executor)
        self.calls[pid] = ToolCall(pid, tool, now + tool.ticks, running, lock)

    def arrived(self, now: int) -> Iterator[ToolCall]:
        """Those that are due, in order of descent; the caller looks whether they are `late`, else takes them out."""
        for pid in sorted(self.calls, key=lineage):
            call = self.calls.get(pid)  # none: what came before has ended this process
            if call is not None and call.due <= now:
                on_time = call.running.done() or (not call.late and call.running.wait(self.patience))
                was_late, call.late = call.late, not on_time
                if on_time or not was_late:
                    yield call

    def take(self, pid: str) -> ToolCall | None:
        """Take a call out."""
        return self.calls.pop(pid, None)

    @property
    def next(self) -> int | None:
        """Tick at which the next one is due that is not late; None: there is none."""
        return min((call.due for call in self.calls.values() if not call.late), default=None)

    def wait_for_late(self) -> bool:
        """Wait a moment for the late ones; False: there are none."""
        late = [call for call in self.calls.values() if call.late]
        if late:
            late[0].running.wait(0.05)
        return bool(late)
