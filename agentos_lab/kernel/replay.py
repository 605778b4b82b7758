"""Replay: driving agents through a journal. Crash recovery, time travel and forks are the same few lines.

Each agent is driven again and gets the replies that it got. Handlers do not run, so nothing happens twice; the
consequences of each call in the kernel's own memory (mailboxes, locks, children, budgets) do, in the journal's order.
After the last row every process stands where it stood, and the run goes on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from .database import transaction
from .handlers import EFFECTS, HANDLERS
from .journal import ReplayDivergence, Row
from .process import copied
from .reply import Failed, Ok

if TYPE_CHECKING:
    from .kernel import Kernel

__all__ = ["fork", "replay"]

_CALLS = {call.__name__.lower(): call for call in HANDLERS}


def replay(kernel: Kernel, rows: Sequence[Row]) -> None:
    """Bring a kernel, whose agents are spawned and have not begun, to where these rows end.

    Raises:
        ReplayDivergence: An agent does something else than the journal says.
    """
    for row in rows:
        process = kernel.processes.get(row.pid)
        kernel.now = row.tick
        if process is None or process.n + 1 != row.n or process.ended or not kernel.resume(process):
            raise ReplayDivergence(
                f"row {row.seq} of the journal is call {row.n} of process {row.pid}, and there is no such call now: "
                "spawn the same agents in the same order before run()"
            )
        assert kernel.journal is not None and process.call is not None
        kernel.journal.expects(row, process.call)
        process.charge("tokens", row.tokens)
        kernel.settle(process, process.call, row.reply)
    kernel.trace.add(kernel.now, "", "replayed", rows=len(rows))


def fork(kernel: Kernel, at: int, *, reply: Ok | Failed | None = None, **changes: Any) -> Kernel:
    """A second kernel with the same agents and the same past up to a row of the journal, and a future of its own.

    Args:
        kernel: Whose past.
        at: The last row that both have in common.
        reply: Another reply to that row's call; None: the same.
        **changes: Other arguments of `Kernel` than the first one's: `core`, `scheduler`, `storage`, …

    Returns:
        A kernel that has not run yet.

    Raises:
        ValueError: There is no such row, or the core is busy with the first kernel's requests.
    """
    rows = [] if kernel.journal is None else kernel.journal.rows(at)
    if not rows or rows[-1].seq != at:
        raise ValueError(f"the journal has no row {at}; it has rows 1 to {len(kernel.journal or ())}")
    if kernel.dispatcher and "core" not in changes:
        raise ValueError("the core is busy with requests of the first kernel: let it end, or give the fork a core=…")
    if reply is not None:
        rows[-1] = replace(rows[-1], reply=reply)
    other = type(kernel)(changes.pop("core", kernel.core), **{**kernel.settings, **changes})
    assert other.journal is not None
    if other.journal:
        other.close()
        raise ValueError(f"{other.path} holds a run already: give the fork a file of its own")
    with transaction(other.connection):
        for row in rows:
            other.now = row.tick
            call = _CALLS[row.call]
            if call in EFFECTS and isinstance(row.reply, Ok):
                EFFECTS[call](other, row.pid, call(**row.arguments))
            other.journal.copy(row)
    other.now = 0
    for agent, settings in kernel.spawned:
        other.spawn(agent, **{**settings, "arguments": copied(settings["arguments"])})
    return other
