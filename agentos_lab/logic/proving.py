"""Proving with several engines, since each decides what the others cannot.

Resolution finds proofs that can be read and checked. Small structures show what does not follow. Z3 is strong where
there are numbers, or much case distinction. `prove` gives each its turn, a short one first and a longer one later.
"""

from __future__ import annotations

import difflib
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from .answers import Answer, EngineDisagreement, GaveUp, Proved, Refuted
from .countermodels import Countermodel, find_countermodel
from .formulas import FALSE, Formula
from .number_sorts import COMPARISONS, uses_numbers
from .premises import closed_signature, goal_formula, named_formulas
from .refutation import Refutation, RefutationSearch, refute
from .saturation import Statistics
from .strategy import Limits, Strategy, checked_seconds, given_limits, given_strategy
from .z3_backend import entails

__all__ = ["ENGINES", "STRATEGIES", "prove"]

ENGINES = ("portfolio", "resolution", "z3", "both")  # what `prove` can be asked to use

# Searches that one after another solve more than any of them alone, each with its share of the limits.
STRATEGIES: tuple[tuple[Strategy, float], ...] = (
    (Strategy(), 0.1),
    (Strategy(selection="none"), 0.1),
    (Strategy(), 0.4),
    (Strategy(selection="none", goal_weight=3.0), 0.2),
    (Strategy(weight_to_age=(1, 1)), 0.2),
)
_RLIMIT = 10_000_000  # Z3's steps where no seconds are given: some seconds
_SMALL, _LARGE = 4, 8  # elements of the structures that are tried early and late


def prove(
    premises: Mapping[str, str | Formula] | Iterable[str | Formula],
    goal: str | Formula | None = None,
    *,
    engine: str = "portfolio",
    strategy: Strategy | None = None,
    limits: Limits | None = None,
    seconds: float | None = None,
) -> Answer:
    """Whether a goal follows from premises.

    Args:
        premises: Formulas or their texts, by name or in order ("premise 1", …).
        goal: What may follow; None asks whether the premises contradict each other.
        engine: "portfolio": all, in turns. "resolution" and "z3": that one alone. "both": these two, against each
            other.
        strategy: How resolution searches; None: several ways, one after another.
        limits: When resolution gives up, in all. The default ends the same search at the same place on every machine.
        seconds: Processor time for all engines together, as is `limits.seconds`; where only seconds are given, the
            number of clauses has no limit.

    Returns:
        `Proved`, `Refuted` or `GaveUp` with the limits that were reached.

    Raises:
        ParseError: A text is no formula.
        ValueError: A free variable, a symbol used in two ways, a name that no premise can have, or an unknown engine,
            strategy or limit.
        EngineDisagreement: The engines contradict each other, which must never happen.
    """
    if engine not in ENGINES:
        raise ValueError(f"the engine is one of {', '.join(ENGINES)}, got {engine!r}")
    checked_seconds(seconds)
    task = _Task(named_formulas(premises), goal_formula(goal), strategy, limits, seconds)
    answer = {"portfolio": _portfolio, "resolution": _resolution, "z3": _z3, "both": _both}[engine](task)
    return answer if isinstance(answer, Proved) else replace(answer, hint=_unmentioned(task.premises, task.goal))


def _unmentioned(premises: Mapping[str, Formula], goal: Formula | None) -> str:
    """What to say of predicates of the goal that occur in no premise: mostly they are misspelt."""

    def predicates(formulas: Iterable[Formula]) -> set[str]:
        symbols = closed_signature(formulas).symbols
        return {name for name, (kind, _) in symbols.items() if kind == "predicate" and name not in COMPARISONS}

    known = predicates(premises.values())
    if goal is None or not known:
        return ""
    said = []
    for name in sorted(predicates([goal]) - known):
        close = difflib.get_close_matches(name, sorted(known), n=1)
        said.append(f"No premise mentions {name}{f'; did you mean {close[0]}?' if close else '.'}")
    return " ".join(said)


class _Task:
    """What is asked, and how much may be spent on it."""

    def __init__(
        self,
        premises: Mapping[str, Formula],
        goal: Formula | None,
        strategy: Strategy | None,
        limits: Limits | None,
        seconds: float | None,
    ) -> None:
        self.premises, self.goal = premises, goal
        times = [time for time in (seconds, given_limits(limits).seconds) if time is not None]
        self.seconds = min(times, default=None)
        self.formulas = [*premises.values(), *([goal] if goal is not None else [])]
        closed_signature(self.formulas)
        self.numbers = uses_numbers(self.formulas)
        self.limits = limits or (Limits(10**9, 10**9) if seconds is not None else Limits(5_000, 50_000))
        self.strategies = STRATEGIES if strategy is None else ((given_strategy(strategy), 1.0),)
        self.started = time.process_time()
        self._searches: dict[Strategy, RefutationSearch] = {}
        self.reasons: list[str] = []  # why engines gave up so far

    def share(self, part: float) -> float | None:
        """A part of the processor time, or what is left of it if that is less; None without a limit of time."""
        if self.seconds is None:
            return None
        left = self.started + self.seconds - time.process_time()
        return max(0.01, min(self.seconds * part, left))

    def search(self, strategy: Strategy) -> RefutationSearch:
        """The search by a strategy; one that was begun before goes on where it stopped."""
        if strategy not in self._searches:
            self._searches[strategy] = RefutationSearch(self.premises, self.goal, strategy)
        return self._searches[strategy]

    def gave_up(self) -> GaveUp:
        return GaveUp(self.goal, "; ".join(dict.fromkeys(self.reasons)))


def _portfolio(task: _Task) -> Answer:
    """Quick tries of every engine first, long ones later."""
    first, *others = task.strategies
    tries: list[Callable[[], Proved | Refuted | None]] = [
        lambda: _refuted_by(task, *first),
        lambda: _structure(task, _SMALL, 0.1),
        lambda: _z3_verdict(task, 0.1),
        lambda: _structure(task, _LARGE, 0.2),
        *[lambda entry=entry: _refuted_by(task, *entry) for entry in others],
        lambda: _z3_verdict(task, 1.0),
    ]
    for attempt in tries:
        if task.seconds is not None and time.process_time() - task.started > task.seconds:
            task.reasons.append(f"{task.seconds:g} seconds are over")
            break
        found = attempt()
        if found is not None:
            return found
    return task.gave_up()


def _resolution(task: _Task) -> Answer:
    for strategy, share in task.strategies:
        found = _refuted_by(task, strategy, share)
        if found is not None:
            return found
    return task.gave_up()


def _z3(task: _Task) -> Answer:
    found = _z3_verdict(task, 1.0)
    return found if found is not None else task.gave_up()  # "or" would not do: a refutation is False


def _both(task: _Task) -> Answer:
    """Resolution and Z3 on the same question; the answer with a proof or a structure is preferred."""
    one, other = _resolution(task), _z3(task)
    verdicts = {type(answer) for answer in (one, other)}
    if verdicts == {Proved, Refuted}:
        raise EngineDisagreement(
            f"resolution says:\n{one}\nZ3 says:\n{other}\nOne of them is wrong: please report this"
        )
    if isinstance(one, GaveUp) or (isinstance(one, Refuted) and one.countermodel is None):
        return other if not isinstance(other, GaveUp) else one
    return one


def _refuted_by(task: _Task, strategy: Strategy, share: float) -> Proved | Refuted | None:
    search = task.search(strategy)
    before = search.search.statistics if search.search.statistics.given else Statistics()  # of one that goes on
    limits = Limits(
        given=before.given + max(1, round(task.limits.given * share)),
        clauses=before.generated + max(1, round(task.limits.clauses * share)),
        seconds=task.share(share),
    )
    found = search.run(limits)
    if found.proof is not None:
        return _proved(task, found)
    if found.saturated:
        countermodel = _small_countermodel(task, 0.1)
        return Refuted(
            task.goal, countermodel, "resolution", f"nothing is left to infer after {found.search.statistics}"
        )
    task.reasons.append(found.reason)
    return None


def _proved(task: _Task, found: Refutation) -> Proved:
    proof = found.proof
    assert proof is not None
    return Proved(task.goal, proof, "resolution", proof.used, proof.contradictory, str(found.search.statistics))


def _structure(task: _Task, size: int, share: float) -> Proved | Refuted | None:
    """Look for a finite structure that refutes the goal, or for the certainty that there is none."""
    if task.numbers:
        return None
    goal = task.goal if task.goal is not None else FALSE
    found = find_countermodel(task.premises, goal, max_size=size, rlimit=_RLIMIT, seconds=task.share(share))
    if isinstance(found, Countermodel):
        return Refuted(task.goal, found, "grounding")
    if found.complete:
        return _with_proof(task, "grounding", tuple(task.premises), False)
    task.reasons.append(f"structures: {found.reason}")
    return None


def _z3_verdict(task: _Task, share: float) -> Proved | Refuted | None:
    goal = task.goal if task.goal is not None else FALSE
    rlimit = _RLIMIT if task.seconds is None else None
    found = entails(task.premises, goal, rlimit=rlimit, seconds=task.share(share), minimize=True)
    if found.status == "unknown":
        task.reasons.append(f"Z3: {found.reason}")
        return None
    if found.status == "entailed":
        return _with_proof(task, "z3", found.core, found.contradictory)
    values = ", ".join(f"{name} = {value}" for name, value in found.values.items())
    if found.model is None:
        return Refuted(
            task.goal, None if task.numbers else _small_countermodel(task, 0.2), "z3", values or found.reason
        )
    return Refuted(task.goal, Countermodel(found.model, task.premises, goal, found.model.size), "z3")


def _with_proof(task: _Task, by: str, used: tuple[str, ...], contradictory: bool) -> Proved:
    """The answer of an engine that gives no proof; with one after all if resolution finds it from what was used."""
    premises = {name: formula for name, formula in task.premises.items() if name in used}
    for strategy, share in task.strategies[:2]:
        limits = Limits(max(1, round(task.limits.given * share)), task.limits.clauses, task.share(share))
        found = refute(premises, task.goal, strategy, limits)
        if found.proof is not None:
            return _proved(task, found)
    return Proved(task.goal, None, by, used, contradictory or task.goal is None)


def _small_countermodel(task: _Task, share: float) -> Countermodel | None:
    goal = task.goal if task.goal is not None else FALSE
    found = find_countermodel(task.premises, goal, max_size=_SMALL, rlimit=_RLIMIT, seconds=task.share(share))
    return found if isinstance(found, Countermodel) else None
