"""One moment of a recorded search for a satisfying assignment: the trail, the state of each clause, why it is so."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from agentos_lab.logic import ImplicationGraph, SatTrace
from agentos_lab.logic.propositional_clauses import Clause
from agentos_lab.logic.satisfiability_trace import (
    Backtrack,
    Conflict,
    Decision,
    Deletion,
    Learned,
    Propagation,
    PureLiteral,
    Restart,
    SatEvent,
    TrailEntry,
)

__all__ = ["ClauseState", "Moment", "assigned_at", "level_after", "moment", "positions_of", "reasons"]

MOST_NODES = 16  # of an implication graph that is no conflict's


@dataclass(frozen=True)
class ClauseState:
    """A clause at one moment.

    Attributes:
        number: Its number; those of the problem come first.
        clause: Its literals.
        learned: Whether the search has learned it.
        state: "true", "false", "unit" (one literal open, the others false) or "open".
        open: How many literals are open.
    """

    number: int
    clause: Clause
    learned: bool
    state: str
    open: int


@dataclass(frozen=True)
class Moment:
    """What there is to see after some events.

    Attributes:
        position: How many events have happened.
        event: The last one; None at the beginning.
        trail: The true literals, in the order in which they became so.
        dropped: What the event has taken from the trail.
        clauses: All clauses that the search has now.
        focus: The number of the clause that the event speaks of; −1 for none.
        graph: Why: the literals and clauses behind a conflict, or behind the last literal.
        learned: What was learned from the conflict, once it is.
    """

    position: int
    event: SatEvent | None
    trail: tuple[TrailEntry, ...]
    dropped: tuple[TrailEntry, ...]
    clauses: tuple[ClauseState, ...]
    focus: int
    graph: ImplicationGraph
    learned: Learned | None

    @property
    def conflict_side(self) -> frozenset[int]:
        """The literals on the conflict's side of the cut, with 0 for the conflict; empty before one is learned from."""
        if self.learned is None or not self.learned.clause:
            return frozenset()
        return frozenset({0, *(pivot for pivot, _ in self.learned.resolved)})

    @property
    def frontier(self) -> frozenset[int]:
        """The true literals on the other side of the cut: the learned clause denies that they all hold."""
        return frozenset(-literal for literal in self.learned.clause) if self.learned else frozenset()


def moment(trace: SatTrace, position: int) -> Moment:
    """The moment after the first `position` events."""
    position = max(0, min(position, len(trace)))
    event = trace[position - 1] if position else None
    trail, before = trace.trail(position), trace.trail(max(0, position - 1))
    kept = {entry.literal for entry in trail}
    learned = event if isinstance(event, Learned) else None
    conflict = trace[position - 2] if learned else event
    if isinstance(conflict, Conflict):
        graph = conflict.graph or reasons(before, conflict.clause, conflict.level)
    else:
        graph = recent(trail, event)
    return Moment(
        position,
        event,
        trail,
        tuple(entry for entry in before if entry.literal not in kept),
        clause_states(trace, position, kept),
        event.number if isinstance(event, Propagation | Conflict | Learned) else -1,
        graph,
        learned,
    )


def clause_states(trace: SatTrace, position: int, true: Iterable[int]) -> tuple[ClauseState, ...]:
    """The clauses of the problem, and those learned and not yet forgotten, each with its state."""
    clauses: dict[int, Clause] = dict(enumerate(trace.cnf.clauses))
    given, holds = len(clauses), set(true)
    for event in trace.events[:position]:
        if isinstance(event, Learned):
            clauses[event.number] = event.clause
        elif isinstance(event, Deletion):
            for number in event.numbers:
                clauses.pop(number, None)
    found = []
    for number, clause in clauses.items():
        open_ones = sum(literal not in holds and -literal not in holds for literal in set(clause))
        satisfied = not holds.isdisjoint(clause)
        state = "true" if satisfied else {0: "false", 1: "unit"}.get(open_ones, "open")
        found.append(ClauseState(number, clause, number >= given, state, open_ones))
    return tuple(found)


def reasons(trail: Sequence[TrailEntry], clause: Clause, level: int) -> ImplicationGraph:
    """Why a clause is false, from the trail alone: its literals, and the clauses behind them, back to the decisions."""
    needed, entries = {-literal for literal in clause}, []
    for entry in reversed(trail):
        if entry.literal in needed:
            entries.append(entry)
            needed |= {-other for other in entry.reason or () if other != entry.literal}
    return ImplicationGraph(clause, level, tuple(reversed(entries)))


def recent(trail: Sequence[TrailEntry], event: SatEvent | None) -> ImplicationGraph:
    """The whole trail as a graph; where it is long, what stands behind its last literal."""
    level = trail[-1].level if trail else 0
    if len(trail) <= MOST_NODES:
        return ImplicationGraph((), level, tuple(trail))
    last = event.literal if isinstance(event, Decision | Propagation | PureLiteral | Backtrack) else trail[-1].literal
    found = reasons(trail, (-last,), level)
    return ImplicationGraph((), level, found.entries[-MOST_NODES:])


def level_after(event: SatEvent, level: int) -> int:
    """The level of the search after an event, from the one before."""
    match event:
        case Restart():
            return 0
        case Deletion():
            return level
    return int(event.level)  # all others have one


def positions_of(trace: SatTrace, kind: type) -> list[int]:
    """The positions right after the events of a kind."""
    return [place for place, event in enumerate(trace, 1) if isinstance(event, kind)]


def assigned_at(trace: SatTrace, position: int) -> dict[int, int]:
    """For each literal, the last position up to this one at which it became true."""
    kinds = Decision | Propagation | PureLiteral | Backtrack
    return {event.literal: place for place, event in enumerate(trace.events[:position], 1) if isinstance(event, kinds)}
