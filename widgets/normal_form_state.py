"""What a NormalFormStepper shows, by pure functions: the ledger, and for each step its sentence, trees and worlds."""

from __future__ import annotations

from itertools import groupby
from typing import Any

from agentos_lab.errors import ParseError
from agentos_lab.logic import ClausalForm
from agentos_lab.logic.clausal_form_check import clausal_form_faults

from .normal_form_lines import Line, lines_of
from .normal_form_trees import before_and_after
from .normal_form_words import captions, meaning, row_rule, sentence, why
from .normal_form_worlds import Shares, Worlds, told_world, worlds_of
from .runs import Runs, counted, rich, strong
from .view import header

__all__ = ["normal_form_state", "problem_state"]

TITLE = "From a sentence to clauses, one rule at a time"


def normal_form_state(form: ClausalForm, entry: str) -> dict[str, Any]:
    """The state for a formula.

    Args:
        form: Its clauses with the way there.
        entry: The formula as the reader has written it.
    """
    lines, small = lines_of(form)
    worlds = worlds_of(form.formula)
    shares = _shares(lines, worlds)
    faults = clausal_form_faults({"it": form}, [form.formula])
    meta = [counted(len(form.clauses), "clause"), "a step is wrong" if faults else "every step checked"]
    meta += [] if small else ["each line is a whole phase"]
    return header(TITLE, "", " · ".join(meta)) | {
        "entry": entry,
        "problem": None,
        "lines": [_row(line, share) for line, share in zip(lines, shares, strict=True)],
        "brackets": _brackets(lines),
        "steps": [_step(lines, step, worlds, shares) for step in range(len(lines))],
        "columns": _columns(worlds),
        "worlds": [] if isinstance(worlds, str) else [told_world(world) for world in worlds.structures()],
    }


def problem_state(last: dict[str, Any], entry: str, error: ParseError) -> dict[str, Any]:
    """The last good state, with what is wrong with the text that the reader has now."""
    shown, caret = _around(error)
    told = error.message[:1].upper() + error.message[1:]
    expected = f"Expected: {error.expected}." if error.expected else ""
    still = "The lines below are still those of the last formula."
    words: Runs = [strong("Not a formula yet: "), f"{error.message}. {still}"]
    problem = {"text": shown, "caret": caret, "told": f"{told}.", "expected": expected, "sentence": rich(words)}
    return last | {"meta": "", "entry": entry, "problem": problem}


def _around(error: ParseError, most: int = 90) -> tuple[str, int]:
    """The line with the mistake, or its neighbourhood, and the place of the caret in it."""
    line = error.text.split("\n")[error.line - 1]
    place = error.column - 1
    start = max(0, min(place - most // 2, len(line) - most))
    cut = "…" * (start > 0)
    return f"{cut}{line[start : start + most]}{'…' * (start + most < len(line))}", place - start + len(cut)


def _shares(lines: list[Line], worlds: Worlds | str) -> list[Shares | None]:
    """The answers of the worlds for each line; a formula that comes again is asked once."""
    formulas = dict.fromkeys(line.formula for line in lines)
    most_choices = 0 if isinstance(worlds, str) else worlds.affordable_choices(formulas)
    if isinstance(worlds, str) or not most_choices:
        return [None] * len(lines)
    known = {formula: worlds.shares(formula, most_choices) for formula in formulas}
    return [known[line.formula] for line in lines]


def _row(line: Line, shares: Shares | None) -> dict[str, Any]:
    return {
        "text": line.text,
        "rule": row_rule(line),
        "meaning": meaning(line),
        "marked": list(line.marked),
        "before": list(line.before),
        "shares": [round(value, 4) for value in shares.values] if shares else [],
    }


def _brackets(lines: list[Line]) -> list[list[Any]]:
    """[name, first line, last line] of each."""
    groups = groupby(range(len(lines)), lambda index: lines[index].bracket)
    found = [(name, list(places)) for name, places in groups if name]
    return [[name, places[0], places[-1]] for name, places in found]


def _step(lines: list[Line], step: int, worlds: Worlds | str, shares: list[Shares | None]) -> dict[str, Any]:
    line = lines[step]
    title, captioned, note = captions(worlds, shares, step)
    heading, reason = why(line)
    part, was = line.part or line.formula, line.was or line.formula
    return {
        "sentence": rich(sentence(lines, step, worlds, shares)),
        "trees": before_and_after(was, part),
        "heading": heading,
        "why": reason,
        "grid": {"title": title, "captions": captioned, "note": note},
    }


def _columns(worlds: Worlds | str) -> int:
    """Worlds side by side in the grid."""
    count = 0 if isinstance(worlds, str) else len(worlds.places)
    return 2 if count <= 4 else 4 if count <= 16 else 8
