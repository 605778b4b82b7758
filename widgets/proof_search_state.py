"""What the view of the search shows, as JSON: curves, clauses of each round, sentences."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

from agentos_lab.logic import Clause, GaveUp, Literal, Proved, Refuted, Variable, substitute

from .proof_search import Run
from .runs import Runs, counted, rich, strong
from .text_metrics import fit
from .view import header

__all__ = ["clause_line", "search_state", "search_telling"]

MANY = 100  # clauses; where there are more, the curves have a scale of powers of ten
LONGEST = 380  # pixels of a clause
_READABLE = {Variable(f"X{number}"): Variable(name) for number, name in enumerate("xyzuvw")}


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
    return header(
        fit(f"The search for {asked}", 600, 15, bold=True),
        ends[1:],
        meta=counted(sum(len(run.rounds) for run in runs), "recorded round"),
    ) | {
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
    table: dict[str, int] = {}  # each text travels once; the rounds name it by its number
    lines: dict[int, int] = {}

    def row(clauses: Sequence[Clause]) -> list[int]:
        for clause in clauses:
            if id(clause) not in lines:
                lines[id(clause)] = table.setdefault(clause_line(clause), len(table))
        return [lines[id(clause)] for clause in clauses]

    rounds = [
        {
            "given": row([each.given])[0],
            "new": row(each.new),
            "more": each.made - len(each.new),
            "dropped": row(each.dropped),
            "gone": each.gone,
            "now": row(each.latest),
            "counts": f"{each.generated} made · {each.kept} kept · {each.passive} passive · {each.active} active",
        }
        for each in run.rounds
    ]
    verdict = {Proved: "□ found", Refuted: "nothing left", GaveUp: "gave up"}[type(run.answer)]
    return {
        "name": run.name,
        "tone": tone,
        "verdict": verdict,
        "ending": _ending(run),
        "passive": [_share(each.passive, most) for each in run.rounds],
        "active": [_share(each.active, most) for each in run.rounds],
        "needed": [index for index, each in enumerate(run.rounds) if each.needed],
        "texts": list(table),
        "rounds": rounds,
        "tellings": [
            f"Round {number} of {len(run.rounds)} takes up {fit(clause_line(each.given), 240)}: "
            f"{counted(each.made, 'new clause')}; {each.passive} passive, {each.active} active."
            for number, each in enumerate(run.rounds, 1)
        ],
    }


def clause_line(clause: Clause) -> str:
    """A clause with x, y, z … in place of the prover's X0, X1, X2 …, cut if it is long."""
    literals = [Literal(sign, substitute(atom, _READABLE)) for sign, atom in clause.literals]
    return fit(" ∨ ".join(map(str, literals)) or "□", LONGEST)


def search_telling(state: Mapping[str, Any], round_: int) -> Runs:
    """The sentence: how the searches end, or what happens in a chosen round of the first one that has come so far."""
    runs = state["runs"]
    if round_ < 0 or not runs[0]["tellings"]:
        told: Runs = state["sentence"]
        return told
    run = next((run for run in runs if round_ < len(run["tellings"])), runs[0])
    name = [strong(f"{run['name']}: ")] if len(runs) > 1 else []
    return [*name, run["tellings"][min(round_, len(run["tellings"]) - 1)]]
