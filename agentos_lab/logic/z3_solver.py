"""A Z3 solver with limits, and in words why it gave up.

Every question gets a context of its own, so that none leaves names or settings behind. What limits it is Z3's count of
its own steps (`rlimit`), which is the same on every machine; seconds are a second net.
"""

from __future__ import annotations

from typing import Any

__all__ = ["limited_solver", "reason_for_giving_up"]


def limited_solver(context: Any, rlimit: int | None, seconds: float | None = None) -> Any:
    """A new solver.

    Args:
        context: The `z3.Context` of the expressions it will see.
        rlimit: The most steps of Z3 for one question; None for no limit.
        seconds: The most time for one question.
    """
    import z3

    solver = z3.Solver(ctx=context)
    if rlimit is not None:
        solver.set("rlimit", rlimit)
    if seconds is not None:
        solver.set("timeout", max(1, int(1000 * seconds)))
    return solver


def reason_for_giving_up(solver: Any) -> str:
    """Why the last answer of a solver is "unknown", in words.

    Raises:
        KeyboardInterrupt: Ctrl-C was pressed meanwhile, which Z3 catches and reports as an answer.
    """
    reason = solver.reason_unknown()
    if "interrupted" in reason:
        raise KeyboardInterrupt
    if reason == "timeout":
        return "Z3's time ended"
    if reason == "canceled" or "resource limit" in reason:
        return "Z3's rlimit was used up"
    return f"Z3 gave up ({reason})"
