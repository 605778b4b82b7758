"""Small trees of the changed part of a formula, before and after a step."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any

from agentos_lab.logic import And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from agentos_lab.logic.formulas import children, subformulas

from .syntax_tree import Node, tree_sketch
from .text_metrics import fit

__all__ = ["before_and_after"]

ROOM = (262.0, 124.0)  # pixels for one tree of two
ALONE = (420.0, 124.0)  # for a tree alone
SIGNS: dict[type[Formula], str] = {And: "∧", Or: "∨", Implies: "→", Iff: "↔", Not: "¬"}
DEEPEST = 4  # levels
MOST_PARTS = 60  # of a formula that is drawn as a tree
MOST_SHRUNK = 0.72


def before_and_after(was: Formula, part: Formula) -> list[dict[str, Any]]:
    """The two trees: dashed is what the second does not have, tinted what the first does not have.

    Where nothing changes there is one tree only.
    """
    if was == part:
        return [_tree(part, "", set(), ALONE)]
    old, new = (set(islice(_labels(each), 4 * MOST_PARTS)) for each in (was, part))
    if not is_literal(was) and head(was) not in new:  # the root goes: that is what the step is about
        new |= old - {head(was)}
    return [_tree(was, "chosen", new, ROOM), _tree(part, "new", old, ROOM)]


def _tree(formula: Formula, look: str, other: set[str], room: tuple[float, float]) -> dict[str, Any]:
    """As deep as there is room for; a branch that is cut off is told as text."""
    deepest = DEEPEST if len(list(islice(subformulas(formula), MOST_PARTS))) < MOST_PARTS else 0
    for depth in range(deepest, -1, -1):
        nodes: list[Node] = []
        _grow(formula, depth, nodes, look, other, 170.0 if depth else room[0])
        sketch = tree_sketch(nodes)
        if sketch["width"] * MOST_SHRUNK <= room[0] and sketch["height"] * MOST_SHRUNK <= room[1]:
            break
    return sketch


def _grow(formula: Formula, depth: int, nodes: list[Node], look: str, other: set[str], room: float) -> int:
    """Add a formula's node and those below it; returns its number."""
    index = len(nodes)
    if depth == 0 or is_literal(formula):
        text = str(formula)
        nodes.append(Node(fit(text, room, mono=True), (), "" if text in other else look))
        return index
    label = head(formula)
    nodes.append(Node(label))
    below = tuple(_grow(part, depth - 1, nodes, look, other, room) for part in children(formula))
    nodes[index] = Node(label, below, "" if label in other else look)
    return index


def _labels(formula: Formula) -> Iterator[str]:
    """What is written in the nodes of the whole tree, or would be if it were cut off there."""
    for _, part in subformulas(formula):
        yield head(part)
        yield str(part)


def head(formula: Formula) -> str:
    """What a formula's own node says."""
    if isinstance(formula, ForAll | Exists):
        return f"{'∀' if isinstance(formula, ForAll) else '∃'}{formula.variable}"
    return SIGNS[type(formula)] if type(formula) in SIGNS else str(formula)


def is_literal(formula: Formula) -> bool:
    """Whether a formula is an atom or the negation of one; ⊤ and ⊥ count as atoms."""
    inner = formula.part if isinstance(formula, Not) else formula
    return isinstance(inner, Atom | Equal) or not children(inner)
