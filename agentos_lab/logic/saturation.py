"""The given-clause loop: take the most promising clause, combine it with all taken before, until □ or nothing is left.

There are two sets. *Passive* clauses wait in a queue. *Active* clauses have been combined with each other already. Each
round moves one clause, the given one, from passive to active and adds all its consequences to passive. If passive runs
empty without □, the clauses are satisfiable: the loop is complete.

What makes it quick is what it does not do: literals that are not selected or maximal take no part, clauses that others
subsume are dropped, and everything is simplified before it is kept.

Source: the loop of Otter (McCune 1994); ordered resolution with selection: Bachmair & Ganzinger 2001.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from .active_clauses import ActiveClauses
from .clause_queue import ClauseQueue
from .clauses import ANSWER, DEEPEST, EQUALITY, LONGEST, Clause, Literal, is_too_large
from .resolution import Conclusion
from .strategy import Limits, Strategy, given_limits, given_strategy

__all__ = ["Round", "Saturation", "Search", "Statistics", "is_tautology", "saturate"]


@dataclass
class Statistics:
    """What a search did: clauses taken up, made, kept, dropped as subsumed by others, and replaced by simpler ones."""

    given: int = 0
    generated: int = 0
    kept: int = 0
    subsumed: int = 0
    simplified: int = 0

    def __str__(self) -> str:
        return (
            f"{self.given} given, {self.generated} generated, {self.kept} kept, {self.subsumed} subsumed, "
            f"{self.simplified} simplified"
        )

    __repr__ = __str__


@dataclass(frozen=True)
class Saturation:
    """How a search ended.

    Attributes:
        empty: □, if it was found.
        limit: The limit that ended the search; empty when it ended by itself.
        active: The clauses that were taken up and are still there; without □ and limit they are all that matters.
        statistics: What it did.
    """

    empty: Clause | None
    limit: str
    active: tuple[Clause, ...]
    statistics: Statistics

    def __str__(self) -> str:
        if self.empty is not None:
            return f"□ found: {self.statistics}"
        return (f"stopped by its limit of {self.limit}" if self.limit else "nothing is left") + f": {self.statistics}"

    __repr__ = __str__


@dataclass(frozen=True)
class Round:
    """One round of the loop, for those who want to watch.

    Attributes:
        given: The clause that was taken up.
        new: What came of it and was kept.
        dropped: Active clauses that it subsumes or rewrites.
        passive, active: How many clauses there are of each kind after the round.
    """

    given: Clause
    new: tuple[Clause, ...]
    dropped: tuple[Clause, ...]
    passive: int
    active: int

    def __str__(self) -> str:
        lines = [f"given: {self.given}", *(f"  new: {clause}" for clause in self.new[:5])]
        lines += [f"  … and {len(self.new) - 5} more"] if len(self.new) > 5 else []
        lines += [f"  dropped: {'; '.join(map(str, self.dropped[:3]))}{' …' * (len(self.dropped) > 3)}"] * bool(
            self.dropped
        )
        return "\n".join([*lines, f"  {self.passive} passive, {self.active} active"])

    __repr__ = __str__


def saturate(clauses: Iterable[Clause], strategy: Strategy | None = None, limits: Limits | None = None) -> Saturation:
    """Search for a refutation.

    Args:
        clauses: What is to be refuted, as from `clause_set`.
        strategy: How to search; None: the default.
        limits: When to give up; None: the default.

    Raises:
        ValueError: Something else than clauses, a strategy and limits.
    """
    search = Search(clauses, strategy, limits)
    for _ in search.rounds():
        pass
    return search.result()


class Search:
    """One run of the loop, which can be watched round by round.

    Args:
        clauses: What is to be refuted, as from `clause_set`.
        strategy: How to search; None: the default.
        limits: When to give up; None: the default.

    Raises:
        ValueError: Something else than clauses, a strategy and limits.

    Example:
        >>> from agentos_lab.logic import Search, clause_set
        >>> search = Search(clause_set(["P → Q", "P"], "Q").clauses)
        >>> [str(round.given) for round in search.rounds()], str(search.empty)
        (['¬Q', 'P', '¬P ∨ Q'], '□')
    """

    def __init__(
        self, clauses: Iterable[Clause], strategy: Strategy | None = None, limits: Limits | None = None
    ) -> None:
        self.strategy, self.limits = given_strategy(strategy), given_limits(limits)
        self.passive = ClauseQueue(self.strategy.weight_to_age)
        self.active = ActiveClauses(self.strategy)
        self.statistics = Statistics()
        self.empty: Clause | None = None
        self.answers: list[Clause] = []  # clauses of nothing but answer literals, for `find_answers`
        self.limit = ""
        self.aside = False  # whether a clause was put aside for its size, so that nothing left to do means little
        self._started = time.process_time()
        self._unfinished: tuple[Clause, Iterator[Conclusion]] | None = None  # a round that a limit has cut short
        self._there: set[frozenset[Literal]] = set()  # the clauses that are passive or active now
        for clause in _own_copies(clauses):
            self._keep(clause)
        if self.strategy.set_of_support:
            self._activate_support()

    def result(self) -> Saturation:
        """How the search stands."""
        return Saturation(self.empty, self.limit, tuple(self.active.clauses.values()), self.statistics)

    def rounds(self) -> Iterator[Round]:
        """Run the loop, a round at a time, until □, a limit, or nothing is left.

        After a limit it can go on: with other `limits` from where it stopped.
        """
        self.limit, self._started = "", time.process_time()
        while self.empty is None and not self._limit_reached():
            if self._unfinished is not None:
                yield self._finished([], [])
            elif not len(self.passive):
                break
            elif not self._superfluous(given := self.passive.take()):
                yield self._round(given)
        if self.aside and self.empty is None and not self.limit:
            self.limit = f"{DEEPEST} nested symbols, and {LONGEST} symbols, in a clause"

    def _round(self, given: Clause) -> Round:
        """Take a clause up: drop what it makes superfluous, and combine it with everything active and with itself."""
        self.statistics.given += 1
        simpler = self._simplified(given)
        if simpler is not given:
            self._there.discard(frozenset(given.literals))
            kept = self._keep(simpler)
            return Round(given, (kept,) if kept else (), (), len(self.passive), len(self.active))
        dropped = self._drop_subsumed(given)
        self.active.add(given)
        rewritten = self._drop_rewritten(given)
        new = [self._keep(clause) for clause in rewritten]
        self._unfinished = given, self.active.conclusions(given)
        return self._finished(new, dropped + rewritten)

    def _finished(self, new: list[Clause | None], dropped: list[Clause]) -> Round:
        """Draw the conclusions of the round that is on, all or as many as the limits allow."""
        assert self._unfinished is not None
        given, conclusions = self._unfinished
        for literals, inference in conclusions:
            from_goal = any(premise.clause.from_goal for premise in inference.premises)
            new.append(self._keep(Clause(literals, inference, from_goal)))
            if self.empty is not None or self._limit_reached():
                break
        else:
            self._unfinished = None
        kept = tuple(clause for clause in new if clause is not None)
        return Round(given, kept, tuple(dropped), len(self.passive), len(self.active))

    def _limit_reached(self) -> bool:
        """Whether a limit is reached; which one is kept for the result."""
        limits, statistics = self.limits, self.statistics
        if statistics.given > limits.given:
            self.limit = f"{limits.given} given clauses"
        elif statistics.generated > limits.clauses:
            self.limit = f"{limits.clauses} clauses"
        elif limits.seconds is not None and time.process_time() - self._started > limits.seconds:
            self.limit = f"{limits.seconds:g} seconds"
        return bool(self.limit)

    def _keep(self, clause: Clause) -> Clause | None:
        """Simplify a new clause and put it into the queue, unless it is superfluous."""
        self.statistics.generated += 1
        if is_too_large(clause.literals):
            self.aside = True
            return None
        if self._is_superfluous_tautology(clause):
            return None
        simpler = self._simplified(clause)
        if simpler is not clause and self._is_superfluous_tautology(simpler):
            return None
        key = frozenset(simpler.literals)
        if key in self._there or self._superfluous(simpler):
            return None
        self._there.add(key)
        self.statistics.kept += 1
        simpler.number = self.statistics.kept
        if not simpler.literals:
            self.empty = simpler
        elif all(atom.name == ANSWER for _, atom in simpler.literals):
            self.answers.append(simpler)
            self.active.add(simpler)  # it subsumes whatever would only say the same again
        else:
            self.passive.put(simpler, simpler.size * (1.0 if simpler.from_goal else self.strategy.goal_weight))
        return simpler

    def _simplified(self, clause: Clause) -> Clause:
        simpler = self.active.simplifier.simplified(clause)
        self.statistics.simplified += simpler is not clause
        return simpler

    def _is_superfluous_tautology(self, clause: Clause) -> bool:
        return self.strategy.tautology_deletion and is_tautology(clause)

    def _superfluous(self, clause: Clause) -> bool:
        """Whether an active clause subsumes this one."""
        if self.strategy.subsumption and clause.literals and self.active.subsumption.subsumer_of(clause) is not None:
            self.statistics.subsumed += 1
            self._there.discard(frozenset(clause.literals))
            return True
        return False

    def _drop_subsumed(self, given: Clause) -> list[Clause]:
        """Drop the active clauses that the given one subsumes."""
        dropped = self.active.subsumption.subsumed_by(given) if self.strategy.subsumption else []
        for clause in dropped:
            self._drop(clause)
        self.statistics.subsumed += len(dropped)
        return dropped

    def _drop_rewritten(self, given: Clause) -> list[Clause]:
        """Take out the active clauses that the given one, an equation, rewrites; they come back simplified."""
        dropped = self.active.rewritten_by(given) if self.strategy.demodulation else []
        for clause in dropped:
            self._drop(clause)
        return dropped

    def _drop(self, clause: Clause) -> None:
        self.active.remove(clause)
        self._there.discard(frozenset(clause.literals))

    def _activate_support(self) -> None:
        """Set of support: what is not of the goal becomes active without being combined with itself."""
        for clause in self.passive.remove_all(lambda clause: not clause.from_goal):
            self.active.add(clause)


def _own_copies(clauses: Iterable[Clause]) -> list[Clause]:
    """The clauses once more: a search numbers its own, and the same clauses may be searched twice, in turns even."""
    found = list(clauses) if isinstance(clauses, Iterable) and not isinstance(clauses, str) else [clauses]
    for clause in found:
        if not isinstance(clause, Clause):
            what = type(clause).__name__
            raise ValueError(f"expected clauses, as in Search(clause_set(premises, goal).clauses), got {what}")
    return [Clause(clause.literals, clause.inference, clause.from_goal) for clause in found]


def is_tautology(clause: Clause) -> bool:
    """Whether a clause always holds: a literal beside its negation, or t = t."""
    there = set(clause.literals)
    return any(
        Literal(not sign, atom) in there or (sign and atom.name == EQUALITY and atom.args[0] is atom.args[1])
        for sign, atom in clause.literals
    )
