"""The steps of a CountermodelView: the evaluations of premises and goal as rows that can be walked through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agentos_lab.logic import Atom, Equal, Evaluation, Exists, ForAll, Formula, Function, Structure, Term, Variable
from agentos_lab.logic.formulas import replace_terms
from agentos_lab.logic.terms import constant, subterms

from .countermodel_world import Fact

__all__ = ["Row", "evaluated_rows", "telling_step", "windowed"]

MOST_STEPS = 400  # of one formula; a long evaluation says that there are more


@dataclass(frozen=True)
class Row:
    """One row: the verdict on a formula ("head"), the formula itself, or a step of its evaluation.

    Attributes:
        kind: "head", "formula", "step" or "more".
        part: Which formula: premises from 0, then the goal.
        step: Its number among those that can be walked through.
        depth: How far it is indented.
        text: What it says.
        value: Whether that is true.
        facts: What was looked up in the world for it.
    """

    kind: str
    part: int
    step: int
    depth: int
    text: str
    value: bool
    facts: tuple[Fact, ...] = ()


def evaluated_rows(world: Structure, formulas: Mapping[str, Formula]) -> list[Row]:
    """The rows of all formulas, the goal last; heads and steps are numbered together."""
    rows: list[Row] = []
    step = 0
    for part, (name, formula) in enumerate(formulas.items()):
        root = world.evaluate(formula)
        rows.append(Row("head", part, step, 0, name, root.value))
        rows.append(Row("formula", part, step, 0, str(formula), root.value))
        step += 1
        for count, (depth, text, node) in enumerate(_walk(root, world.domain)):
            if count == MOST_STEPS:
                rows.append(Row("more", part, step - 1, 0, "… and more steps", root.value))
                break
            rows.append(Row("step", part, step, depth, text, node.value, _facts(world, node)))
            step += 1
    return rows


def _walk(node: Evaluation, domain: Sequence[str], depth: int = 0) -> Iterator[tuple[int, str, Evaluation]]:
    """Each node below this one, in reading order, with its words."""
    for place, part in enumerate(node.because):
        prefix = ""
        if isinstance(node.formula, ForAll | Exists) and (depth == 0 or len(node.because) > 1):
            element = node.element if node.element is not None else domain[place]
            prefix = f"{node.formula.variable} = {element}: "
        yield depth, prefix + _words(part), part
        yield from _walk(part, domain, depth + 1)


def _words(node: Evaluation) -> str:
    """What one node says: a quantifier by what settles it, all else by its formula and the reason."""
    match node.formula:
        case Exists(variable):
            return f"take {variable} = {node.element}" if node.value else f"no {variable} will do"
        case ForAll(variable):
            return f"for every {variable}" if node.value else f"not for {variable} = {node.element}"
    text = filled_in(node)
    return f"{text}: {node.reason}" if node.reason and isinstance(node.formula, Atom | Equal) else text


def filled_in(node: Evaluation) -> str:
    """A node's formula with the elements in place of its variables."""
    elements: dict[Variable, Term] = {Variable(name): constant(element) for name, element in node.assignment.items()}
    return str(replace_terms(node.formula, elements))


def _facts(world: Structure, node: Evaluation) -> tuple[Fact, ...]:
    """What the atoms at and below a node look up: their own cells and those of their terms."""
    found: dict[Fact, None] = {}
    for _, each in node.walk():
        if isinstance(each.formula, Atom | Equal):
            terms = each.formula.args if isinstance(each.formula, Atom) else (each.formula.left, each.formula.right)
            for term in terms:
                for _, inner in subterms(term):
                    if isinstance(inner, Function):
                        found[inner.name, tuple(world.value(arg, each.assignment) for arg in inner.args)] = None
            if isinstance(each.formula, Atom):
                found[each.formula.predicate, tuple(world.value(term, each.assignment) for term in terms)] = None
        if len(found) > 40:
            break
    return tuple(found)


def telling_step(rows: Sequence[Row]) -> int:
    """The step that tells most: the first leaf of the goal's evaluation."""
    last = rows[-1].part
    steps = [row for row in rows if row.kind == "step" and row.part == last]
    for place, row in enumerate(steps):
        if place == len(steps) - 1 or steps[place + 1].depth <= row.depth:
            return row.step
    return next(row.step for row in rows if row.part == last)  # an atom alone


def windowed(rows: Sequence[Row], step: int, capacity: int) -> tuple[list[Row], int, int]:
    """The rows that are shown: all if they fit; else heads, the steps of the present formula, and those about `step`.

    Returns:
        The rows, and how many are left out above and below them.
    """
    if len(rows) <= capacity:
        return list(rows), 0, 0
    part = next((row.part for row in rows if row.step == step), 0)
    kept = [row for row in rows if row.kind == "head" or row.part == part]
    if len(kept) <= capacity:
        return kept, 0, 0
    here = next(index for index, row in enumerate(kept) if row.step == step)
    start = max(0, min(here - capacity // 2, len(kept) - capacity))
    return kept[start : start + capacity], start, len(kept) - start - capacity
