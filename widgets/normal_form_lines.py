"""The lines of a NormalFormStepper: each formula on the way to clauses, with the part that changed and its place.

The lines are those that `to_cnf` writes down while it works; nothing is rewritten here. `span` finds where in a printed
formula a part stands, so that it can be marked.
"""

from __future__ import annotations

from dataclasses import dataclass

from agentos_lab.logic import TRUE, And, ClausalForm, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, Rewriting
from agentos_lab.logic.formulas import children
from agentos_lab.logic.signature import symbol_names

__all__ = ["MOST_LINES", "Line", "lines_of", "span"]

MOST_LINES = 80  # beyond, each line is a whole phase
# What the phases of `to_cnf` work for; naming parts belongs to what comes after it.
BRACKETS = {
    "eliminate ↔ and →": "NNF",
    "move ¬ inwards": "NNF",
    "narrow the quantifiers": "Skolem",
    "rename variables apart": "Skolem",
    "Skolemize": "Skolem",
    "drop ∀": "CNF",
    "distribute ∨ over ∧": "CNF",
}
SIGNS = {And: " ∧ ", Or: " ∨ ", Implies: " → ", Iff: " ↔ "}

Span = tuple[int, int]  # first character and the one after the last


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        formula: What stands in it.
        text: The formula as it is printed.
        bracket: What the step works for: "NNF", "Skolem" or "CNF"; empty for the first line.
        rule, source: The rule that made this line of the one above.
        part, was: The changed part, now and in the line above.
        marked, before: Where they stand, here and in the line above.
        new_names: Symbols that the line above does not have: then the two need not mean the same.
    """

    formula: Formula
    text: str
    bracket: str = ""
    rule: str = "given"
    source: str = ""
    part: Formula | None = None
    was: Formula | None = None
    marked: Span = (0, 0)
    before: Span = (0, 0)
    new_names: tuple[str, ...] = ()


def lines_of(form: ClausalForm) -> tuple[list[Line], bool]:
    """The lines of a derivation from its goal to its clauses, and whether each line is one smallest step."""
    steps = [(phase.rule, step) for phase in form.derivation for step in _smallest(phase)]
    small = len(steps) < MOST_LINES
    if not small:
        steps = [(phase.rule, phase) for phase in form.derivation if isinstance(phase, Rewriting)]
    lines = [Line(form.formula, str(form.formula))]
    for place, (phase, step) in enumerate(steps):
        later = next((BRACKETS[name] for name, _ in steps[place:] if name in BRACKETS), "CNF")
        lines.append(_line(step, BRACKETS.get(phase, later), small))
    return [*lines, _clauses_line(form, lines[-1])], small


def _smallest(phase: object) -> list[Rewriting]:
    return list(phase.one_at_a_time()) if isinstance(phase, Rewriting) else []


def _line(step: Rewriting, bracket: str, small: bool) -> Line:
    """The line that a step makes."""
    text, above = str(step.after), str(step.before)
    new = tuple(sorted(symbol_names(step.after) - symbol_names(step.before)))
    if not (small and step.changes):
        whole, was = (0, len(text)), (0, len(above))
        return Line(step.after, text, bracket, step.rule, step.source, step.after, step.before, whole, was, new)
    change = step.changes[0]
    marked, before = span(step.after, change.path), span(step.before, change.path)
    return Line(step.after, text, bracket, change.rule, change.source, change.after, change.before, marked, before, new)


def _clauses_line(form: ClausalForm, last: Line) -> Line:
    """The last line: the set of clauses, each a set of literals."""
    clauses = [" , ".join(map(str, c.parts)) if isinstance(c, Or) else str(c) for c in form.clauses]
    text = "  ".join(f"{{{clause.replace(' , ', ', ')}}}" for clause in clauses) or "no clause: always true"
    whole = (0, len(text))
    rule, source = "split at ∧", "a clause is a set of literals, a formula a set of clauses"
    formula = last.formula if form.clauses else TRUE
    return Line(formula, text, "CNF", rule, source, formula, formula, whole, (0, len(last.text)))


def span(formula: Formula, path: tuple[int, ...]) -> Span:
    """Where in the printed formula the part at a path stands: its first character and the one after its last."""
    start = 0
    for place in path:
        inside = children(formula)
        text, signs = str(formula), SIGNS.get(type(formula), "")
        if isinstance(formula, Not) and isinstance(formula.part, Equal):  # written a ≠ b: the part is the whole
            return start, start + len(text)
        at = len(f"∀{formula.variable} ") if isinstance(formula, ForAll | Exists) else isinstance(formula, Not)
        for index, part in enumerate(inside):
            written = str(part)
            wrapped = text.startswith(f"({written})", at)
            if index == place:
                start += at + wrapped
                break
            at += len(written) + 2 * wrapped + len(signs)
        formula = inside[place]
    return start, start + len(str(formula))
