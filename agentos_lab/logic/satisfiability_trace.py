"""What a satisfiability solver did, event by event: decisions, propagations, conflicts, what was learned from them.

`SatTrace.trail(n)` is the list of true literals after n events, so that a search can be replayed in both directions. An
`ImplicationGraph` shows at a conflict which decisions it goes back to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from .propositional_clauses import CNF, Clause

if TYPE_CHECKING:
    import networkx

__all__ = [
    "Backtrack",
    "Conflict",
    "Decision",
    "Deletion",
    "ImplicationGraph",
    "Learned",
    "Propagation",
    "PureLiteral",
    "Restart",
    "SatEvent",
    "SatTrace",
    "TrailEntry",
]


@dataclass(frozen=True)
class TrailEntry:
    """A literal that is true at some point of the search.

    Attributes:
        literal: The literal.
        level: How many decisions stand before it, itself included; 0 means that it holds in any case.
        reason: The clause that forced it; None for a decision (and a pure literal).
    """

    literal: int
    level: int
    reason: Clause | None


@dataclass(frozen=True)
class Decision:
    """A literal is supposed; `level` counts the decisions so far."""

    literal: int
    level: int


@dataclass(frozen=True)
class Propagation:
    """All other literals of the clause `reason` are false, so that `literal` must be true.

    `number` is the clause's: those of the problem count from 0, learned ones go on from there.
    """

    literal: int
    level: int
    reason: Clause
    number: int


@dataclass(frozen=True)
class PureLiteral:
    """The negation of `literal` stands in no open clause, so that it may as well be true (DPLL only)."""

    literal: int
    level: int


@dataclass(frozen=True)
class ImplicationGraph:
    """Why a clause became false: its literals, the clauses that forced them, back to the decisions.

    Attributes:
        conflict: The false clause.
        level: The level of the conflict.
        entries: The true literals that the conflict goes back to, in the order of the trail.
    """

    conflict: Clause
    level: int
    entries: tuple[TrailEntry, ...]

    @property
    def edges(self) -> tuple[tuple[int, int], ...]:
        """Pairs of literals: the first helped to force the second. 0 stands for the conflict."""
        into = [(entry.literal, entry.reason) for entry in self.entries if entry.reason is not None]
        forced = [(-other, literal) for literal, reason in into for other in reason if other != literal]
        return (*forced, *((-literal, 0) for literal in self.conflict))

    @cached_property
    def unique_implication_points(self) -> tuple[int, ...]:
        """The literals of the conflict's level that every way from its decision to the conflict passes.

        The one nearest to the conflict comes first: the first UIP, whose negation is learned.
        """
        at = {entry.literal: entry for entry in self.entries if entry.level == self.level}
        found: list[int] = []
        # Backwards along the trail: what is still open are literals with a way to the conflict. Where only one is
        # open, every way goes through it.
        open_now = {-literal for literal in self.conflict if -literal in at}
        for entry in reversed(self.entries):
            if entry.literal not in open_now:
                continue
            if len(open_now) == 1:
                found.append(entry.literal)
            open_now.remove(entry.literal)
            open_now |= {-other for other in entry.reason or () if other != entry.literal and -other in at}
        return tuple(found)

    def graph(self) -> networkx.DiGraph:
        """The same for networkx: nodes are literals, with their `level` and `decision` or not; 0: the conflict."""
        import networkx

        drawn = networkx.DiGraph()
        for entry in self.entries:
            drawn.add_node(entry.literal, level=entry.level, decision=entry.reason is None)
        drawn.add_node(0, level=self.level, decision=False)
        drawn.add_edges_from(self.edges)
        return drawn


@dataclass(frozen=True)
class Conflict:
    """All literals of `clause` (the one with this `number`) are false; `graph` shows why (CDCL only)."""

    clause: Clause
    number: int
    level: int
    graph: ImplicationGraph | None = None


@dataclass(frozen=True)
class Learned:
    """A clause that follows from the others and would have prevented the conflict.

    Attributes:
        clause: The clause; its first literal is true right after the jump. Empty: the problem is unsatisfiable.
        number: Its number.
        level: The level to which the search jumps back.
        from_level: The level of the conflict.
        resolved: How it was made: the conflict's clause was resolved on each literal with the clause beside it.
    """

    clause: Clause
    number: int
    level: int
    from_level: int
    resolved: tuple[tuple[int, Clause], ...]


@dataclass(frozen=True)
class Backtrack:
    """Back to the decision of this `level`: its other value, `literal`, is tried (DPLL only)."""

    literal: int
    level: int


@dataclass(frozen=True)
class Restart:
    """All decisions are dropped after this many `conflicts`; what was learned stays."""

    conflicts: int


@dataclass(frozen=True)
class Deletion:
    """Learned clauses that were of little use are forgotten, by their `numbers`."""

    numbers: tuple[int, ...]


SatEvent = Decision | Propagation | PureLiteral | Conflict | Learned | Backtrack | Restart | Deletion  # any of them


@dataclass(frozen=True)
class SatTrace:
    """The events of one search.

    Attributes:
        cnf: The problem.
        events: What happened, in order.
        complete: Whether these are all events; a long search keeps only the first.
    """

    cnf: CNF
    events: tuple[SatEvent, ...]
    complete: bool

    def __len__(self) -> int:
        return len(self.events)

    def __iter__(self) -> Iterator[SatEvent]:
        return iter(self.events)

    def __getitem__(self, index: int) -> SatEvent:
        return self.events[index]

    def trail(self, count: int) -> tuple[TrailEntry, ...]:
        """The literals that are true after the first `count` events, in the order in which they became so."""
        entries: list[TrailEntry] = []
        for event in self.events[:count]:
            match event:
                case Decision(literal, level) | PureLiteral(literal, level):
                    entries.append(TrailEntry(literal, level, None))
                case Propagation(literal, level, reason, _):
                    entries.append(TrailEntry(literal, level, reason))
                case Learned(_, _, level, _, _):
                    entries = [entry for entry in entries if entry.level <= level]
                case Backtrack(literal, level):
                    entries = [entry for entry in entries if entry.level < level]
                    entries.append(TrailEntry(literal, level, None))
                case Restart():
                    entries = [entry for entry in entries if entry.level == 0]
        return tuple(entries)

    def sentence(self, index: int) -> str:
        """One event in words."""
        text, clause_text = self.cnf.text, self.cnf.clause_text
        match self.events[index]:
            case Decision(literal, level):
                return f"decide {text(literal)} (level {level})"
            case Propagation(literal, level, reason, number):
                return f"{text(literal)} must hold (level {level}), by clause {number}: {clause_text(reason)}"
            case PureLiteral(literal, level):
                return f"{text(literal)} is pure: its negation stands in no open clause (level {level})"
            case Conflict(clause, number, level, _):
                return f"conflict (level {level}): clause {number} is false: {clause_text(clause)}"
            case Learned((), _, _, _, _):
                return "learn □, the empty clause: unsatisfiable"
            case Learned(clause, number, level, _, _):
                return f"learn clause {number}: {clause_text(clause)}; jump back to level {level}"
            case Backtrack(literal, level):
                return f"go back and try {text(literal)} instead (level {level})"
            case Restart(conflicts):
                return f"restart after {conflicts} conflicts"
            case Deletion(numbers):
                return f"forget {len(numbers)} learned clauses"
        raise IndexError(index)

    def __str__(self) -> str:
        shown = [self._indented(index) for index in range(min(len(self.events), 60))]
        rest = len(self.events) - len(shown)
        more = f"… {rest:,} more events" + ("" if self.complete else ", and others that were not kept")
        return "\n".join([*shown, *([more] if rest or not self.complete else [])]) or "nothing had to be done"

    __repr__ = __str__

    def _indented(self, index: int) -> str:
        event: Any = self.events[index]
        level = event.from_level if isinstance(event, Learned) else getattr(event, "level", 0)
        return "  " * level + self.sentence(index)
