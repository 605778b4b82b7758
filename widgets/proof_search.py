"""Searches recorded round by round: the given clause, what came of it, what is active, and the counters."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from agentos_lab.logic import (
    Clause,
    Formula,
    GaveUp,
    Limits,
    Proof,
    Proved,
    Refuted,
    Search,
    Strategy,
    clause_set,
    parse,
)
from agentos_lab.logic.number_sorts import uses_numbers
from agentos_lab.logic.premises import closed_signature, named_formulas
from agentos_lab.logic.proof import proof_of

__all__ = ["Run", "Seen", "named_strategies", "record"]

ROUNDS = 400  # after which a recorded search gives up, unless told otherwise
SHOWN, DROPPED = 9, 2  # clauses that are shown of a round


@dataclass(frozen=True)
class Seen:
    """One round.

    Attributes:
        given: The clause that was taken up.
        new: The first clauses that came of it, and `made`, how many there are.
        dropped: The first clauses that it made superfluous, and `gone`, how many there are.
        latest: The active clauses taken up last, the newest first.
        passive, active: How many clauses wait, and how many are active, after the round.
        generated, kept: Of all clauses so far.
        needed: Whether the given clause is in the proof.
    """

    given: Clause
    new: tuple[Clause, ...]
    made: int
    dropped: tuple[Clause, ...]
    gone: int
    latest: tuple[Clause, ...]
    passive: int
    active: int
    generated: int
    kept: int
    needed: bool = False


@dataclass(frozen=True)
class Run:
    """A recorded search.

    Attributes:
        name: Of the strategy.
        rounds: What happened.
        answer: How it ended.
        effort: Its counters in words.
    """

    name: str
    rounds: tuple[Seen, ...]
    answer: Proved | Refuted | GaveUp
    effort: str

    @property
    def proof(self) -> Proof | None:
        """The proof that it found, if it did."""
        return self.answer.proof if isinstance(self.answer, Proved) else None


def record(
    name: str,
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula | None,
    strategy: Strategy,
    limits: Limits | None,
) -> Run:
    """Run a search to its end and keep what can be seen of each round.

    Args:
        name: What the strategy is called.
        premises, goal: As for `prove`.
        strategy: How to search.
        limits: When to give up; None: after 400 rounds.
    """
    named, goal = named_formulas(premises), parse(goal) if goal is not None else None
    formulas = [*named.values(), *([goal] if goal is not None else [])]
    closed_signature(formulas)
    problem = clause_set(named, goal, strategy)
    search = Search(problem.clauses, strategy, limits or Limits(given=ROUNDS, clauses=20_000))
    rounds = []
    for turn in search.rounds():
        latest = tuple(reversed([*search.active.clauses.values()][-SHOWN:]))
        new, dropped, statistics = turn.new[:SHOWN], turn.dropped[:DROPPED], search.statistics
        counts = (turn.passive, turn.active, statistics.generated, statistics.kept)
        rounds.append(Seen(turn.given, new, len(turn.new), dropped, len(turn.dropped), latest, *counts))
    ended = search.result()
    needed = _ancestors(ended.empty) if ended.empty is not None else set()
    marked = tuple(replace(each, needed=id(each.given) in needed) for each in rounds)
    effort = f"{ended.statistics.generated} made, {len(needed)} needed" if needed else str(ended.statistics)
    return Run(name, marked, _answer(problem, goal, ended, formulas, strategy), effort)


def _answer(problem: Any, goal: Formula | None, ended: Any, formulas: Any, strategy: Strategy) -> Any:
    if ended.empty is not None:
        proof = proof_of(ended.empty, problem.premises, problem.goal, problem.clausal_forms)
        return Proved(goal, proof, "resolution", proof.used, proof.contradictory, str(ended.statistics))
    if ended.limit:
        return GaveUp(goal, f"resolution reached its limit of {ended.limit}")
    if uses_numbers(formulas) or not strategy.complete:
        return GaveUp(goal, "nothing is left to infer, but this search may miss a proof")
    return Refuted(goal, None, "resolution", f"nothing is left to infer after {ended.statistics}")


def _ancestors(clause: Clause) -> set[int]:
    """The identities of a clause and of all that it rests on."""
    found: set[int] = set()
    waiting = [clause]
    while waiting:
        current = waiting.pop()
        if id(current) not in found:
            found.add(id(current))
            waiting += [premise.clause for premise in current.inference.premises]
    return found


def named_strategies(given: Strategy | Collection[Strategy] | Mapping[str, Strategy] | None) -> dict[str, Strategy]:
    """Strategies by name; those without are named by what they change.

    Raises:
        ValueError: There is none, or something else is among them.
    """
    if given is None or isinstance(given, Strategy):
        given = [given or Strategy()]
    named = dict(given) if isinstance(given, Mapping) else {_changes(each): each for each in given}
    if not named or not all(isinstance(each, Strategy) for each in named.values()):
        raise ValueError(f"expected a Strategy, or several, got {given!r}")
    return {str(name): each for name, each in named.items()}


def _changes(strategy: Any) -> str:
    if not isinstance(strategy, Strategy):
        return repr(strategy)
    plain = Strategy()
    changed = [
        (each.name.replace("_", " "), getattr(strategy, each.name))
        for each in fields(Strategy)
        if getattr(strategy, each.name) != getattr(plain, each.name)
    ]
    words = [
        f"no {name}" if value is False else name if value is True else f"{name} {value}" for name, value in changed
    ]
    return ", ".join(words) or "default"
