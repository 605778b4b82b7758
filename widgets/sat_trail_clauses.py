"""The clauses of a SatTrail: each with the state of its literals, and its own, as a tick, a cross or a word."""

from __future__ import annotations

from typing import Any

from agentos_lab.logic import CNF, SatTrace
from agentos_lab.logic.satisfiability_trace import Conflict, Learned, Propagation

from .sat_trail_moment import ClauseState, Moment
from .sketch_stage import Stage, fitting
from .text_metrics import fit, text_width

__all__ = ["draw_clauses", "shown_clauses"]

SMALL: dict[str, Any] = {"size": 11, "fill": "quiet"}
ROWS, ROW = 13, 19.0  # how many have room, and their height
OR, MORE = 18.0, 16.0  # pixels of "∨", and of "…" in place of further literals
ORDER = ("false", "unit", "open", "true")  # where not all have room


def shown_clauses(moment: Moment, capacity: int) -> list[ClauseState]:
    """The clauses that have room: the one that the event speaks of, then false, unit, learned and open ones."""
    if len(moment.clauses) <= capacity:
        return list(moment.clauses)

    def rank(each: ClauseState) -> tuple[bool, int, bool, int, int]:
        return (each.number != moment.focus, ORDER.index(each.state), not each.learned, each.open, -each.number)

    return sorted(sorted(moment.clauses, key=rank)[:capacity], key=lambda each: each.number)


def draw_clauses(stage: Stage, x: float, width: float, bottom: float, trace: SatTrace, moment: Moment) -> None:
    """The clauses, each with the state of its literals and its own."""
    cnf, true = trace.cnf, {entry.literal for entry in moment.trail}
    stage.text(x, 16, "Clauses", weight=600)
    shown = shown_clauses(moment, ROWS)
    if len(shown) < len(moment.clauses):
        stage.text(x + width, 16, f"{len(shown)} of {len(moment.clauses):,}", anchor="end", **SMALL)
    uses = clause_uses(trace, moment.position)
    numbers = max([text_width(str(each.number), 11) for each in shown] or [0.0])
    y = 42.0
    for place, each in enumerate(shown):
        if each.learned and (place == 0 or not shown[place - 1].learned):
            stage.line(x, y - 13, x + width, y - 13)
            y += 2
        tone = {"true": "green", "false": "vermilion", "unit": "amber"}.get(each.state, "grey")
        if each.number == moment.focus:
            stage.rect(x - 4, y - 14, width + 8, ROW, radius=4, fill=f"{'blue' if tone == 'grey' else tone}:0.16")
        stage.text(x + numbers, y, str(each.number), anchor="end", **SMALL)
        right = x + width
        word = {"unit": "unit", "open": f"{each.open} open"}.get(each.state, "")
        draw_literals(stage, x + numbers + 8, y, width - numbers - 22 - text_width(word or "xx", 11), cnf, each, true)
        if each.state == "true":
            stage.tick(right - 12, y)
        elif each.state == "false":
            stage.cross(right - 7, y - 4)
        else:
            fill = "amber-text" if each.state == "unit" else "quiet"
            stage.text(right, y, word, anchor="end", size=11, fill=fill, weight=600 if each.state == "unit" else None)
        if each.number in uses:
            label = f"clause {each.number}, {each.state}: {cnf.clause_text(each.clause)}; go to where it is used next"
            stage.target((x - 4, y - 14, width + 8, ROW), label, {"position": uses[each.number]}, ("clauses", place, 0),
                         current=each.number == moment.focus)  # fmt: skip
        y += ROW
    stage.text(
        x,
        bottom,
        fitting(width, "bold: true; struck out: false; learned below the line", "bold: true; struck out: false"),
        **SMALL,
    )


def draw_literals(stage: Stage, x: float, y: float, room: float, cnf: CNF, each: ClauseState, true: set[int]) -> None:
    """The literals of a clause side by side: true ones bold, false ones struck out; cut where there is no room."""
    if not each.clause:
        stage.text(x, y, "□  (never true)", weight=600, fill="vermilion-text")
    end = x + room
    for place, literal in enumerate(each.clause):
        holds, fails = literal in true, -literal in true
        text, more = cnf.text(literal), MORE if place + 1 < len(each.clause) else 0.0
        if place:
            if x + OR + text_width(text, bold=holds) + more > end:
                stage.text(x + 3, y, "…", fill="quiet")
                return
            stage.text(x + 4, y, "∨", fill="quiet")
            x += OR
        text = fit(text, end - more - x, bold=holds)
        wide = text_width(text, bold=holds)
        stage.text(
            x, y, text, weight=600 if holds else None, fill="green-text" if holds else "quiet" if fails else "ink"
        )
        if fails:
            stage.line(x - 1, y - 4.5, x + wide + 1, y - 4.5, stroke="vermilion-text", thickness=1.2)
        x += wide


def clause_uses(trace: SatTrace, position: int) -> dict[int, int]:
    """For each clause, the next position at which it forces a literal, is false or is learned; else the first one."""
    uses: dict[int, int] = {}
    for place, event in enumerate(trace, 1):
        if isinstance(event, Propagation | Conflict | Learned):
            known = uses.get(event.number)
            if known is None or known <= position < place:
                uses[event.number] = place
    return uses
