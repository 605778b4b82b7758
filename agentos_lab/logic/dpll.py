"""DPLL: decide a literal, draw what follows from clauses with one literal left, and go back from contradictions.

Written to be read: the clauses are really shortened at each step, so that a branch carries its own problem with it.
CDCL does the same search without copying anything, and learns from what went wrong.

Source: Davis, Logemann & Loveland 1962, "A machine program for theorem-proving".
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from .propositional_clauses import CNF, Clause, PropositionalProblem, propositional_clauses
from .satisfiability_result import SatResult, SatStatistics, model_found
from .satisfiability_trace import Backtrack, Conflict, Decision, Propagation, PureLiteral, SatEvent, SatTrace

__all__ = ["dpll"]

_Open = tuple[tuple[int, Clause], ...]  # the clauses that are not satisfied yet: their number and their open literals


@dataclass(frozen=True)
class _Branch:
    """A node of the search tree: what is still open, and the literals that are true."""

    clauses: _Open
    true: tuple[int, ...]
    level: int
    second: bool = False  # whether the last literal is the second choice of its decision


def dpll(
    problem: PropositionalProblem, *, pure_literals: bool = True, max_decisions: int = 20_000, max_events: int = 5_000
) -> SatResult:
    """Decide whether a problem is satisfiable, by the rules of Davis, Logemann and Loveland.

    Args:
        problem: A formula, formulas or clauses; see `propositional_clauses`.
        pure_literals: Also use the pure literal rule: a literal whose negation occurs nowhere may be true.
        max_decisions: After so many decisions the search gives up.
        max_events: How much of the search the trace keeps.

    Raises:
        ParseError, ValueError: The problem is not propositional.
    """
    search = _Search(propositional_clauses(problem), pure_literals, max_events)
    waiting = [_Branch(tuple(enumerate(search.cnf.clauses)), (), 0)]
    while waiting:
        branch = waiting.pop()
        if branch.second:
            search.tell(Backtrack(branch.true[-1], branch.level))
        done = search.simplified(branch)
        if done is None:
            continue
        if not done.clauses:
            model = model_found(search.cnf, {abs(literal): literal > 0 for literal in done.true})
            return search.result(True, assignment=model)
        if search.statistics.decisions == max_decisions:
            return search.result(None, limit=f"{max_decisions:,} decisions")
        literal, level = done.clauses[0][1][0], done.level + 1
        search.count(decisions=1)
        search.tell(Decision(literal, level))
        waiting.append(_Branch(_assigned(done.clauses, -literal), (*done.true, -literal), level, second=True))
        waiting.append(_Branch(_assigned(done.clauses, literal), (*done.true, literal), level))
    return search.result(False)


class _Search:
    """What is kept over the whole search: the counters and the trace."""

    def __init__(self, cnf: CNF, pure_literals: bool, max_events: int) -> None:
        self.cnf, self.pure_literals, self.max_events = cnf, pure_literals, max_events
        self.statistics = SatStatistics()
        self.events: list[SatEvent] = []
        self.complete = True

    def simplified(self, branch: _Branch) -> _Branch | None:
        """The branch after unit propagation and the pure literal rule; None where a clause has no literal left."""
        clauses, true, level = branch.clauses, branch.true, branch.level
        while True:
            false = next((number for number, literals in clauses if not literals), None)
            if false is not None:
                self.count(conflicts=1)
                self.tell(Conflict(self.cnf.clauses[false], false, level))
                return None
            unit = next(((number, literals[0]) for number, literals in clauses if len(literals) == 1), None)
            pure = _pure(clauses) if unit is None and self.pure_literals else None
            if unit is not None:
                number, literal = unit
                self.count(propagations=1)
                self.tell(Propagation(literal, level, self.cnf.clauses[number], number))
            elif pure is not None:
                literal = pure
                self.tell(PureLiteral(literal, level))
            else:
                return _Branch(clauses, true, level)
            clauses, true = _assigned(clauses, literal), (*true, literal)

    def count(self, **more: int) -> None:
        counted = {name: getattr(self.statistics, name) + value for name, value in more.items()}
        self.statistics = replace(self.statistics, **counted)

    def tell(self, event: SatEvent) -> None:
        if len(self.events) < self.max_events:
            self.events.append(event)
        else:
            self.complete = False

    def result(self, satisfiable: bool | None, assignment: Clause = (), limit: str = "") -> SatResult:
        trace = SatTrace(self.cnf, tuple(self.events), self.complete)
        return SatResult(self.cnf, satisfiable, assignment, (), limit, "dpll", trace, self.statistics)


def _assigned(clauses: _Open, literal: int) -> _Open:
    """The clauses when a literal is true: those that hold it are gone, and its negation is gone from the others."""
    return tuple(
        (number, tuple(other for other in literals if other != -literal))
        for number, literals in clauses
        if literal not in literals
    )


def _pure(clauses: _Open) -> int | None:
    """A literal whose negation stands in no clause."""
    found = {literal for _, literals in clauses for literal in literals}
    return next((literal for _, literals in clauses for literal in literals if -literal not in found), None)
