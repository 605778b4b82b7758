"""Searches recorded round by round: the given clause, what came of it, what waits, what is active, and the counters."""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from agentos_lab.logic import (
    Clause,
    Formula,
    GaveUp,
    Limits,
    Literal,
    Proof,
    Proved,
    Refuted,
    Search,
    Strategy,
    Variable,
    clause_set,
    parse,
    substitute,
)
from agentos_lab.logic.number_sorts import uses_numbers
from agentos_lab.logic.premises import closed_signature, named_formulas
from agentos_lab.logic.proof import proof_of

from .runs import Runs, counted, rich, strong
from .text_metrics import fit
from .view import header

__all__ = ["Run", "Seen", "named_strategies", "record", "search_state", "search_telling"]

ROUNDS = 400  # after which a recorded search gives up, unless told otherwise
MANY = 100  # clauses; where there are more, the curves have a scale of powers of ten
SHOWN = 9  # clauses of each kind that are shown of a round
LONGEST = 380  # pixels of a clause
_READABLE = {Variable(f"X{number}"): Variable(name) for number, name in enumerate("xyzuvw")}


@dataclass(frozen=True)
class Seen:
    """One round: texts of clauses, and the counters after it."""

    given: str
    new: tuple[str, ...]
    dropped: tuple[str, ...]
    active_now: tuple[str, ...]
    passive: int
    active: int
    generated: int
    kept: int
    needed: bool


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
    search = Search(problem.clauses, strategy, limits or Limits(given=ROUNDS, clauses=40_000))
    active: dict[int, Clause] = {}
    seen = []
    for turn in search.rounds():
        for clause in turn.dropped:
            active.pop(id(clause), None)
        active[id(turn.given)] = turn.given
        statistics = search.statistics
        latest = tuple(reversed(list(active.values())[-SHOWN:]))
        seen.append((turn, latest, statistics.generated, statistics.kept))
    ended = search.result()
    needed = _ancestors(ended.empty) if ended.empty is not None else set()
    rounds = tuple(
        Seen(_text(turn.given), _texts(turn.new), _texts(turn.dropped), _texts(latest), turn.passive, turn.active,
             generated, kept, id(turn.given) in needed)
        for turn, latest, generated, kept in seen
    )  # fmt: skip
    effort = f"{ended.statistics.generated} made, {len(needed)} needed" if needed else str(ended.statistics)
    return Run(name, rounds, _answer(problem, goal, ended, formulas, strategy), effort)


def _answer(problem: Any, goal: Formula | None, ended: Any, formulas: Any, strategy: Strategy) -> Any:
    if ended.empty is not None:
        proof = proof_of(ended.empty, problem.premises, problem.goal, problem.clausal_forms)
        return Proved(goal, proof, "resolution", proof.used, proof.contradictory, str(ended.statistics))
    if ended.limit:
        return GaveUp(goal, f"resolution reached its limit of {ended.limit}")
    if uses_numbers(formulas) or not strategy.complete:
        return GaveUp(goal, "nothing is left to infer, but this search may miss a proof")
    return Refuted(goal, None, "resolution", f"nothing is left to infer after {ended.statistics}")


def _texts(clauses: Iterable[Clause]) -> tuple[str, ...]:
    return tuple(_text(clause) for clause in clauses)


def _text(clause: Clause) -> str:
    """A clause with x, y, z … in place of the prover's X0, X1, X2 …"""
    literals = [Literal(sign, substitute(atom, _READABLE)) for sign, atom in clause.literals]
    return fit(" ∨ ".join(map(str, literals)) or "□", LONGEST)


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


def search_state(runs: list[Run], name: str, against: str) -> dict[str, Any]:
    """The state of the view of the search.

    Args:
        runs: Recorded searches of one problem.
        name, against: Which are shown; without the second one only the first.
    """
    first = next((run for run in runs if run.name == name), runs[0])
    others = [run for run in runs if run.name == against and run is not first]
    shown = [first, *others[:1]]
    most = max([1, *(max(each.passive, each.active) for run in shown for each in run.rounds)])
    goal = first.answer.goal
    asked = "do the premises contradict each other?" if goal is None else str(goal)
    ends: Runs = [part for run in shown for part in (" ", strong(run.name), f" {_ending(run)}.")]
    return header(fit(f"The search for {asked}", 600, 15, bold=True), ends[1:], meta=f"{len(runs)} recorded") | {
        "kind": "search",
        "last": max(len(run.rounds) for run in shown),
        "ticks": [[str(tick), _share(tick, most)] for tick in _ticks(most)],
        "runs": [_run_state(run, most) for run in shown],
        "ends": rich(ends),
    }


def _ending(run: Run) -> str:
    many = counted(len(run.rounds), "round")
    if isinstance(run.answer, Proved):
        return f"finds □ in {many}, {run.rounds[-1].generated if run.rounds else 0} clauses made"
    if isinstance(run.answer, GaveUp):
        return f"gives up after {many}, which is no No"
    return f"has nothing left after {many}: it does not follow"


def _share(count: int, most: int) -> float:
    """The height of a count, of 1; on a scale of powers of ten where there are many."""
    return round(math.log1p(count) / math.log1p(most) if most > MANY else count / most, 4)


def _ticks(most: int) -> list[int]:
    if most > MANY:
        return [0, *(10**power for power in range(1, 7) if 10**power <= most)]
    return [0, most // 2, most] if most % 2 == 0 else [0, most]


def _run_state(run: Run, most: int) -> dict[str, Any]:
    tone = {Proved: "green", Refuted: "vermilion", GaveUp: "amber"}[type(run.answer)]
    verdict = {Proved: "□ found", Refuted: "nothing left", GaveUp: "gave up"}[type(run.answer)]
    return {
        "name": run.name,
        "tone": tone,
        "verdict": verdict,
        "ending": _ending(run),
        "passive": [_share(each.passive, most) for each in run.rounds],
        "active": [_share(each.active, most) for each in run.rounds],
        "needed": [index for index, each in enumerate(run.rounds) if each.needed],
        "rounds": [
            {"given": each.given, "new": list(each.new[:SHOWN]), "more": max(0, len(each.new) - SHOWN),
             "dropped": list(each.dropped[:2]), "gone": len(each.dropped), "now": list(each.active_now),
             "counts": f"{each.generated} made · {each.kept} kept · {each.passive} passive · {each.active} active"}
            for each in run.rounds
        ],
        "tellings": [
            f"Round {number} of {len(run.rounds)} takes up {fit(each.given, 240)}: "
            f"{counted(len(each.new), 'new clause')}; {each.passive} passive, {each.active} active."
            for number, each in enumerate(run.rounds, 1)
        ],
    }  # fmt: skip


def search_telling(state: Mapping[str, Any], round_: int) -> Runs:
    """The sentence: how the searches end, or what happens in a chosen round of the first one."""
    rounds = state["runs"][0]["tellings"]
    told: Runs = state["sentence"] if round_ < 0 or not rounds else [("", rounds[min(round_, len(rounds) - 1)])]
    return told
