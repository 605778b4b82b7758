"""CDCL, conflict-driven clause learning: a search that learns a clause from every dead end and never goes there again.

Propagation looks at two literals of each clause only. At a conflict, clauses are resolved backwards along the trail
until one literal of the last level is left (the first unique implication point); the clause that this gives is learned,
and the search jumps back to where it would have made a difference.

Sources: Marques-Silva & Sakallah 1999 (GRASP: learning, backjumping); Moskewicz et al. 2001 (Chaff: watched literals,
activities); Eén & Sörensson 2003 (MiniSat); Pipatsrisawat & Darwiche 2007 (phase saving); Luby et al. 1993 (restarts);
Audemard & Simon 2009 (which clauses to forget: the number of levels in them).
"""

from __future__ import annotations

from heapq import heapify, heappop, heappush

from .propositional_clauses import CNF, Clause, PropositionalProblem, propositional_clauses
from .satisfiability_result import SatResult, SatStatistics, model_found
from .satisfiability_trace import (
    Conflict,
    Decision,
    Deletion,
    ImplicationGraph,
    Learned,
    Propagation,
    Restart,
    SatEvent,
    SatTrace,
    TrailEntry,
)

__all__ = ["cdcl", "luby"]

_RESTART_UNIT = 64  # conflicts; multiplied by the Luby sequence
_DECAY = 0.95  # of the activities, at each conflict
_MORE_LEARNED = 500  # clauses that may be kept in addition after each deletion


def cdcl(
    problem: PropositionalProblem, *, max_conflicts: int = 50_000, max_events: int = 5_000, keep_learned: int = 2_000
) -> SatResult:
    """Decide whether a problem is satisfiable, by conflict-driven clause learning.

    Args:
        problem: A formula, formulas or clauses; see `propositional_clauses`.
        max_conflicts: After so many conflicts the search gives up.
        max_events: How much of the search the trace keeps; 0 for none.
        keep_learned: How many learned clauses there may be before half of them are forgotten; the number grows.

    Returns:
        A model; or a proof, the learned clauses up to the empty one; or which limit was hit.

    Raises:
        ParseError, ValueError: The problem is not propositional.
    """
    search = _Search(propositional_clauses(problem), max_events)
    if not search.begin():
        return search.result(False)
    conflicts_left, restarts = _RESTART_UNIT * luby(1), 0
    while True:
        conflict = search.propagate()
        if conflict is not None:
            if search.learn(conflict):
                return search.result(False)
            if search.conflicts >= max_conflicts:
                return search.result(None, limit=f"{max_conflicts:,} conflicts")
            conflicts_left -= 1
        elif conflicts_left <= 0 and search.level_starts:
            restarts += 1
            conflicts_left = _RESTART_UNIT * luby(restarts + 1)
            search.restart()
        elif len(search.learned) > keep_learned + len(search.trail):
            keep_learned += _MORE_LEARNED
            search.forget()
        elif not search.decide():
            return search.result(True)


def luby(number: int) -> int:
    """The Luby sequence 1, 1, 2, 1, 1, 2, 4, …, counted from 1: how long to search before a restart."""
    length = 1
    while length < number:
        length = 2 * length + 1
    while length != number:
        length //= 2
        if number > length:
            number -= length
    return (length + 1) // 2


class _Clause:
    """A clause during the search. Its first two literals are the watched ones; `told` keeps their first order."""

    __slots__ = ("levels", "literals", "number", "told")

    def __init__(self, literals: list[int], number: int, levels: int = 0) -> None:
        self.literals, self.number, self.levels = literals, number, levels
        self.told = tuple(literals)


class _Search:
    """The state of the search. Lists indexed by a literal have 2n + 1 places: Python counts -3 from the end."""

    def __init__(self, cnf: CNF, max_events: int) -> None:
        size = len(cnf.names)
        self.cnf, self.size = cnf, size
        self.value: list[bool | None] = [None] * (2 * size + 1)  # by literal
        self.watching: list[list[_Clause]] = [[] for _ in range(2 * size + 1)]  # by the watched literal
        self.level = [0] * (size + 1)  # by proposition, where it has a value; so are the next three
        self.reason: list[_Clause | None] = [None] * (size + 1)
        self.phase = [False] * (size + 1)  # the value it had last
        self.activity = [0.0] * (size + 1)
        self.bump = 1.0
        self.order: list[tuple[float, int]] = []  # a heap of (-activity, proposition); may hold outdated pairs
        self.trail: list[int] = []  # the true literals, in the order in which they became so
        self.level_starts: list[int] = []  # where on the trail each decision stands
        self.head = 0  # the trail up to here is propagated
        self.learned: list[_Clause] = []
        self.proof: list[Clause] = []
        self.decisions = self.propagations = self.conflicts = self.restarts = self.deleted = 0
        self.events: list[SatEvent] = []
        self.max_events, self.complete = max_events, True

    def begin(self) -> bool:
        """Take in the clauses; False where one is empty or two unit clauses contradict each other."""
        units: list[_Clause] = []
        for number, literals in enumerate(self.cnf.clauses):
            once = list(dict.fromkeys(literals))
            for literal in once:
                self.activity[abs(literal)] += 1 / self.size
            if any(-literal in once for literal in once):
                continue  # always true
            clause = _Clause(once, number)
            if len(once) > 1:
                self.watch(clause)
            else:
                units.append(clause)
        self.order = [(-self.activity[p], p) for p in range(1, self.size + 1)]
        heapify(self.order)
        for clause in units:
            if not clause.literals or self.value[clause.literals[0]] is False:
                self.conflicts += 1
                self.tell_conflict(clause)
                self.add_learned([], 0, 0, [])
                return False
            if self.value[clause.literals[0]] is None:
                self.make_true(clause.literals[0], clause)
        return True

    def watch(self, clause: _Clause) -> None:
        for literal in clause.literals[:2]:
            self.watching[literal].append(clause)

    def make_true(self, literal: int, reason: _Clause | None) -> None:
        proposition = abs(literal)
        self.value[literal], self.value[-literal] = True, False
        self.level[proposition] = len(self.level_starts)
        self.reason[proposition] = reason
        self.phase[proposition] = literal > 0
        self.trail.append(literal)
        if reason is None:
            self.decisions += 1
        else:
            self.propagations += 1
        if self.keeps():
            now = len(self.level_starts)
            told = (reason.told, reason.number) if reason is not None else None
            self.events.append(Propagation(literal, now, *told) if told else Decision(literal, now))

    def propagate(self) -> _Clause | None:
        """Draw all consequences of the trail; a clause that became false, if there is one.

        Invariant: a watched literal is false only where the other one is true. So a clause has to be looked at only
        when a literal that it watches becomes false; and nothing needs to be undone when the search goes back.
        """
        value, watching, trail = self.value, self.watching, self.trail
        while self.head < len(trail):
            false = -trail[self.head]
            self.head += 1
            waiting = watching[false]
            kept: list[_Clause] = []
            watching[false] = kept
            for place, clause in enumerate(waiting):
                literals = clause.literals
                if literals[0] == false:
                    literals[0], literals[1] = literals[1], false
                first = literals[0]
                if value[first]:
                    kept.append(clause)
                    continue
                for k in range(2, len(literals)):
                    if value[literals[k]] is not False:
                        literals[1], literals[k] = literals[k], false
                        watching[literals[1]].append(clause)
                        break
                else:
                    kept.append(clause)
                    if value[first] is False:
                        kept += waiting[place + 1 :]
                        return clause
                    self.make_true(first, clause)
        return None

    def learn(self, conflict: _Clause) -> bool:
        """Learn a clause from a conflict, and jump back; True where what is learned is the empty clause."""
        self.conflicts += 1
        self.tell_conflict(conflict)
        now = len(self.level_starts)
        literals, resolved = self.first_unique_implication_point(conflict) if now else ([], [])
        # Back to the highest level among the other literals: there the clause has one literal left.
        back = max((self.level[abs(literal)] for literal in literals[1:]), default=0)
        for place in range(1, len(literals)):
            if self.level[abs(literals[place])] == back:
                literals[1], literals[place] = literals[place], literals[1]  # the second one to watch
                break
        clause = self.add_learned(literals, back, now, resolved)
        if not literals:
            return True
        self.jump_back(back)
        self.make_true(literals[0], clause)
        self.bump /= _DECAY  # instead of making all activities smaller
        return False

    def first_unique_implication_point(self, conflict: _Clause) -> tuple[list[int], list[tuple[int, Clause]]]:
        """Resolve backwards until one literal of this level is left: the learned clause, that literal first."""
        now, seen = len(self.level_starts), set()
        below: list[int] = []  # literals of earlier levels
        open_now = 0  # how many literals of this level the clause holds
        resolved: list[tuple[int, Clause]] = []
        clause, pivot, place = conflict, 0, len(self.trail)
        while True:
            for literal in clause.literals:
                proposition = abs(literal)
                # What is false at level 0 is false for good, so that its literal may be left out.
                if literal == pivot or proposition in seen or self.level[proposition] == 0:
                    continue
                seen.add(proposition)
                self.raise_activity(proposition)
                if self.level[proposition] == now:
                    open_now += 1
                else:
                    below.append(literal)
            while True:
                place -= 1
                pivot = self.trail[place]
                if abs(pivot) in seen:
                    break
            open_now -= 1
            if open_now == 0:
                return [-pivot, *below], resolved
            reason = self.reason[abs(pivot)]
            assert reason is not None  # only the decision has none, and it is the last that can be left
            resolved.append((pivot, reason.told))
            clause = reason

    def add_learned(self, literals: list[int], back: int, now: int, resolved: list[tuple[int, Clause]]) -> _Clause:
        levels = len({self.level[abs(literal)] for literal in literals})
        clause = _Clause(literals, len(self.cnf.clauses) + len(self.proof), levels)
        self.proof.append(clause.told)
        if len(literals) > 1:
            self.learned.append(clause)
            self.watch(clause)
        if self.keeps():
            self.events.append(Learned(clause.told, clause.number, back, now, tuple(resolved)))
        return clause

    def jump_back(self, level: int) -> None:
        start = self.level_starts[level] if level < len(self.level_starts) else len(self.trail)
        for literal in self.trail[start:]:
            self.value[literal] = self.value[-literal] = None
            heappush(self.order, (-self.activity[abs(literal)], abs(literal)))
        del self.trail[start:], self.level_starts[level:]
        self.head = len(self.trail)

    def raise_activity(self, proposition: int) -> None:
        self.activity[proposition] += self.bump
        if self.activity[proposition] > 1e100:
            self.activity = [activity * 1e-100 for activity in self.activity]
            self.bump *= 1e-100
            self.order = [(-self.activity[p], p) for _, p in self.order]
            heapify(self.order)

    def decide(self) -> bool:
        """Suppose the open proposition that was in most of the recent conflicts; False where all have a value."""
        while self.order:
            _, proposition = heappop(self.order)
            if self.value[proposition] is None:
                self.level_starts.append(len(self.trail))
                self.make_true(proposition if self.phase[proposition] else -proposition, None)
                return True
        return False

    def restart(self) -> None:
        self.restarts += 1
        self.jump_back(0)
        if self.keeps():
            self.events.append(Restart(self.conflicts))

    def forget(self) -> None:
        """Delete the half of the learned clauses with the most levels in them, but none that is in use or short."""
        in_use = {self.reason[abs(literal)] for literal in self.trail}
        ranked = sorted(self.learned, key=lambda clause: (clause.levels, len(clause.literals), -clause.number))
        gone = {c for c in ranked[len(ranked) // 2 :] if c not in in_use and c.levels > 2}
        self.learned = [clause for clause in self.learned if clause not in gone]
        self.watching = [[clause for clause in clauses if clause not in gone] for clauses in self.watching]
        self.deleted += len(gone)
        if self.keeps():
            self.events.append(Deletion(tuple(sorted(clause.number for clause in gone))))

    def keeps(self) -> bool:
        """Whether the trace has room for one more event."""
        self.complete = self.complete and len(self.events) < self.max_events
        return self.complete

    def tell_conflict(self, clause: _Clause) -> None:
        if not self.keeps():
            return
        needed = {-literal for literal in clause.literals}
        entries = []
        for literal in reversed(self.trail):
            if literal in needed:
                reason = self.reason[abs(literal)]
                told = reason.told if reason is not None else None
                entries.append(TrailEntry(literal, self.level[abs(literal)], told))
                needed |= {-other for other in told or () if other != literal}
        graph = ImplicationGraph(clause.told, len(self.level_starts), tuple(reversed(entries)))
        self.events.append(Conflict(clause.told, clause.number, graph.level, graph))

    def result(self, satisfiable: bool | None, limit: str = "") -> SatResult:
        counts = (self.decisions, self.propagations, self.conflicts, self.restarts, self.deleted)
        trace = SatTrace(self.cnf, tuple(self.events), self.complete)
        assignment = model_found(self.cnf, {abs(t): t > 0 for t in self.trail}) if satisfiable else ()
        proof = tuple(self.proof) if satisfiable is False else ()
        return SatResult(self.cnf, satisfiable, assignment, proof, limit, "cdcl", trace, SatStatistics(*counts))
