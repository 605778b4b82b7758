"""SatTrail: the search for a satisfying assignment, event by event, and what it learns from its conflicts."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import traitlets

from agentos_lab.logic import SatResult, SatTrace, solve
from agentos_lab.logic.propositional_clauses import PropositionalProblem
from agentos_lab.logic.satisfiability_trace import Conflict

from .runs import Run, counted, strong
from .sat_trail_moment import Moment, moment, positions_of
from .sat_trail_picture import sat_trail_stage, search_levels
from .sketch_stage import StageView
from .text_metrics import fit
from .view import header, notice

__all__ = ["SatTrail"]

MOST_EVENTS = 2_000  # of a search that the view makes itself
OTHER_WORDS = 180  # pixels of the sentence beside those about the event


class SatTrail(StageView):
    """Walk along a search: decisions, what they force, the conflict, the clause learned from it, the jump back.

    At a conflict the implication graph shows which decisions it goes back to; one step later the cut at the first
    unique implication point shows how the learned clause is read from it.

    Args:
        problem: A formula or its text, several of them, clauses of numbers, a `CNF`, or a `SatResult` with its trace.
        method: "cdcl", or "dpll", which learns nothing; for a problem that the view solves itself.
        **settings: Initial values of the traits.

    Attributes:
        position: How many events have happened, from 0.
        result: The `SatResult`.

    Raises:
        ParseError, ValueError: The problem is not propositional, or a result has no trace.

    Example:
        >>> view = SatTrail([(1, 2), (1, -2), (-1, 3), (-1, -3)])
        >>> view.position = 3
        >>> view.sentence
        'Event 3 of 8: conflict (level 1): clause 1 is false: x1 ∨ ¬x2.'
    """

    javascript = Path(__file__).with_name("sat_trail.js")
    settings = ("position", "width", "room")

    position = traitlets.Int(0, min=0).tag(sync=True)

    def __init__(self, problem: PropositionalProblem | SatResult, method: str = "cdcl", **settings: Any) -> None:
        if isinstance(problem, SatResult):
            self.result = problem
        elif method not in ("cdcl", "dpll"):
            raise ValueError(f"method is {method!r}; expected 'cdcl' or 'dpll', whose searches can be shown")
        else:
            self.result = solve(problem, method, max_events=MOST_EVENTS)
        if self.result.trace is None:
            raise ValueError(f"this result has no trace ({self.result.method}); solve it by 'cdcl' or 'dpll'")
        self.trace: SatTrace = self.result.trace
        self._levels = search_levels(self.trace)
        self._conflicts = positions_of(self.trace, Conflict)
        super().__init__(**settings)

    def state_for(self, width: float) -> dict[str, Any]:
        """The present moment of the search."""
        title = f"Can {counted(len(self.trace.cnf), 'clause')} hold together?"
        if not len(self.trace):
            told = "There was nothing to decide and nothing to force: " + str(self.result).split("\n")[0] + "."
            return notice("empty", title, told)
        now = moment(self.trace, self.position)
        ahead = [place for place in self._conflicts if place > now.position]
        behind = [place for place in self._conflicts if place < now.position]
        return (
            header(title, self._told(now, width), self._meta())
            | {"chosen": now.position, "last": len(self.trace)}
            | {"next": ahead[0] if ahead else -1, "previous": behind[-1] if behind else -1}
            | sat_trail_stage(width, self.trace, now, self._levels)
        )

    def _meta(self) -> str:
        names = {"cdcl": "CDCL", "dpll": "DPLL"}
        kept = "" if self.trace.complete else f"; its first {len(self.trace):,} events"
        return f"{names.get(self.result.method, self.result.method)}: {self.result.statistics}{kept}"

    def _told(self, now: Moment, width: float) -> list[Run | str]:
        """The sentence of a moment."""
        if now.event is None:
            cnf = self.trace.cnf
            return ["Nothing is decided yet: ", strong(counted(len(cnf), "clause")),
                    f" over {counted(len(cnf.names), 'proposition')}, all open."]  # fmt: skip
        words = self.trace.sentence(now.position - 1)
        words = fit(words, width - OTHER_WORDS, bold=True)
        told: list[Run | str] = [f"Event {now.position} of {len(self.trace)}: ", strong(words), "."]
        if now.position == len(self.trace):
            told.append(f" {self._verdict()}")
        return told

    def _verdict(self) -> str:
        """How the search ended."""
        if not self.trace.complete:
            return "The search went on; its later events were not kept."
        if self.result.satisfiable is None:
            return f"Here the search gave up ({self.result.limit}): that is no answer."
        return (
            "All clauses are true: satisfiable." if self.result.satisfiable else "So the clauses cannot hold together."
        )
