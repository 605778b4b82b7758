"""Rewriting formulas by rules, with a record of every place that changed.

A normal form is what is left when no rule of a set fits any more. The walk that computes it can write down each
change with its place, so that the way there is told, and drawn, by the computation itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from agentos_lab.results import Step

from .formulas import (
    FALSE,
    TRUE,
    And,
    Exists,
    Falsity,
    ForAll,
    Formula,
    Implies,
    Not,
    Or,
    Truth,
    children,
    conjunction,
    disjunction,
    rebuilt,
)

__all__ = ["SIMPLIFY", "Change", "Rewriting", "Rule", "joined", "part_at", "phase", "replaced_at", "rewritten"]

Path = tuple[int, ...]  # the numbers of the children on the way to a part, from 0


class Rule(NamedTuple):
    """One rule.

    Attributes:
        name: What it does.
        source: Why it may.
        apply: What a formula becomes, or None where the rule does not fit; the second argument tells whether the
            formula stands under an even number of negations.
    """

    name: str
    source: str
    apply: Callable[[Formula, bool], Formula | None]


class Change(NamedTuple):
    """A part that a rule has changed.

    Attributes:
        rule, source: The rule.
        path: Where the part is.
        before, after: The part itself.
    """

    rule: str
    source: str
    path: Path
    before: Formula
    after: Formula


@dataclass(frozen=True)
class Rewriting(Step):
    """A step from formula to formula that knows which parts it changed.

    Attributes:
        changes: The changed parts, in the order of the changes; each path leads through the formula as the changes
            before it have left it. Empty where the formula changed as a whole.
    """

    changes: tuple[Change, ...] = ()

    def one_at_a_time(self) -> Iterator[Rewriting]:
        """The same way in steps that change one part each."""
        if not self.changes:
            yield self
        whole = self.before
        for change in self.changes:
            after = replaced_at(whole, change.path, change.after)
            yield Rewriting(change.rule, change.source, whole, after, (change,))
            whole = after


def phase(name: str, source: str, formula: Formula, transform: Callable[[Formula, list[Change]], Formula]) -> Rewriting:
    """A transformation as one step that knows its parts.

    Args:
        name, source: The step's rule.
        formula: The formula.
        transform: Makes another formula of it and adds its changes to the list.
    """
    changes: list[Change] = []
    after = transform(formula, changes)
    return Rewriting(name, source, formula, after, tuple(changes))


def rewritten(
    formula: Formula,
    outer: tuple[Rule, ...] = (),
    inner: tuple[Rule, ...] = (),
    changes: list[Change] | None = None,
    *,
    path: Path = (),
    positive: bool = True,
) -> Formula:
    """The formula with rules applied everywhere until none fits.

    Args:
        formula: The formula.
        outer: Rules for a formula before its parts.
        inner: Rules for a formula whose parts are done.
        changes: Where each change is written down; None keeps no record.
        path: Where the formula stands.
        positive: Whether it stands under an even number of negations.
    """
    formula = _exhausted(formula, outer, changes, path, positive)
    inside = children(formula)
    if inside:
        parts = []
        for place, part in enumerate(inside):
            sign = positive != (isinstance(formula, Not) or (isinstance(formula, Implies) and place == 0))
            parts.append(rewritten(part, outer, inner, changes, path=(*path, place), positive=sign))
        if any(new is not old for new, old in zip(parts, inside, strict=True)):
            formula = rebuilt(formula, tuple(parts))
    return _exhausted(formula, inner, changes, path, positive)


def _exhausted(
    formula: Formula, rules: tuple[Rule, ...], changes: list[Change] | None, path: Path, positive: bool
) -> Formula:
    """A formula to which none of the rules applies any more, its parts aside."""
    fits = True
    while fits:
        fits = False
        for rule in rules:
            new = rule.apply(formula, positive)
            if new is not None:
                if changes is not None:
                    changes.append(Change(rule.name, rule.source, path, formula, new))
                formula, fits = new, True
    return formula


def part_at(formula: Formula, path: Path) -> Formula:
    """The part of a formula at a path."""
    for place in path:
        formula = children(formula)[place]
    return formula


def replaced_at(formula: Formula, path: Path, new: Formula) -> Formula:
    """The formula with the part at a path replaced."""
    if not path:
        return new
    inside = children(formula)
    parts = (*inside[: path[0]], replaced_at(inside[path[0]], path[1:], new), *inside[path[0] + 1 :])
    return rebuilt(formula, parts)


def joined(kind: type[And] | type[Or], parts: list[Formula]) -> Formula:
    """A conjunction or disjunction without repetitions and ⊤ and ⊥; nested ones of the same kind are opened."""
    neutral, deciding = (TRUE, FALSE) if kind is And else (FALSE, TRUE)
    flat: dict[Formula, None] = {}
    for part in parts:
        flat.update(dict.fromkeys(part.parts if isinstance(part, kind) else (part,)))
    if deciding in flat:
        return deciding
    flat.pop(neutral, None)
    return conjunction(list(flat)) if kind is And else disjunction(list(flat))


def _simplified(formula: Formula, _: bool) -> Formula | None:
    match formula:
        case And(parts) | Or(parts):
            kind = type(formula)
            if len(set(parts)) == len(parts) and not any(isinstance(part, kind | Truth | Falsity) for part in parts):
                return None
            return joined(kind, list(parts))
        case Not(Truth()):
            return FALSE
        case Not(Falsity()):
            return TRUE
        case ForAll(variable, body) | Exists(variable, body) if variable not in body.free:
            return body
    return None


# What ⊤, ⊥, repetitions and idle quantifiers make of their surroundings.
SIMPLIFY = Rule("simplify", "⊤, ⊥, repetitions, and quantifiers of nothing", _simplified)
