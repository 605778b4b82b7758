"""A Z3 solver with limits, that says in words which of them it hit.

Every question gets a context of its own, so that none leaves names or settings behind. What limits it is Z3's count of
its own steps (`rlimit`), which is the same on every machine; seconds are a second net.
"""

from __future__ import annotations

import time
from typing import Any

__all__ = ["LimitedSolver"]


class LimitedSolver:
    """A Z3 solver with limits for each question.

    Attributes:
        solver: The `z3.Solver`, to add expressions to.

    Args:
        context: The `z3.Context` of the expressions it will see; by default a new one.
        rlimit: The most steps of Z3; None for no limit.
        seconds: The most time, by the clock; None for no limit.
    """

    def __init__(self, context: Any = None, rlimit: int | None = None, seconds: float | None = None) -> None:
        import z3

        self.solver = z3.Solver(ctx=context if context is not None else z3.Context())
        self.rlimit, self.seconds = rlimit, seconds
        self.spent = 0  # steps of Z3, in all questions so far
        if rlimit is not None:
            self.solver.set("rlimit", rlimit)
        if seconds is not None:
            self.solver.set("timeout", max(1, int(1000 * seconds)))

    def check(self) -> str:
        """Whether what was added can be true: "sat", "unsat", or in words why that is not known.

        Raises:
            KeyboardInterrupt: Ctrl-C was pressed meanwhile, which Z3 catches and reports as an answer like others.
        """
        began = time.monotonic()
        verdict = str(self.solver.check())
        before, self.spent = self.spent, self._steps()
        if verdict != "unknown":
            return verdict
        reason = self.solver.reason_unknown()
        if "resource limit" in reason or (self.rlimit is not None and self.spent - before >= self.rlimit):
            return "Z3's rlimit was used up"
        if reason == "timeout" or (self.seconds is not None and time.monotonic() - began >= 0.9 * self.seconds):
            return "Z3's time ended"
        if reason == "canceled" or "interrupted" in reason:
            raise KeyboardInterrupt
        return f"Z3 gave up ({reason})"

    def _steps(self) -> int:
        statistics = self.solver.statistics()
        return next((value for name, value in statistics if name == "rlimit count"), 0)
