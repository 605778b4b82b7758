"""Skolemization: what exists gets a name.

∀x ∃y Loves(x, y) becomes ∀x Loves(x, sk1(x)): whom x loves depends on x. The result is satisfiable exactly when the
formula is; it says more than the formula, because the new function was not there before.

Source: Skolem 1920; Nonnengart & Weidenbach 2001, "Computing small clause normal forms", section 4.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import count

from .formulas import Exists, ForAll, Formula, children, rebuilt, replace_terms
from .rewriting import SIMPLIFY, Change, Path, Rule, rewritten
from .terms import Function, Variable

__all__ = ["Names", "skolemized", "without_quantifiers"]


class Names:
    """New names for Skolem functions and definitions, none of them used before."""

    def __init__(self, taken: Iterable[str] = ()) -> None:
        self.taken = set(taken)
        self.counters = {"sk": count(1), "def": count(1)}

    def new(self, kind: str) -> str:
        """The next name of a kind ("sk" or "def")."""
        while True:
            name = f"{kind}{next(self.counters[kind])}"
            if name not in self.taken:
                self.taken.add(name)
                return name


def skolemized(formula: Formula, names: Names, changes: list[Change] | None = None) -> Formula:
    """The formula without ∃.

    Args:
        formula: In negation normal form, without free variables, and no variable bound twice.
        names: Where the names of the new functions come from.
        changes: Where each change is written down, if anywhere.
    """
    return _skolemized(formula, (), names, changes, ())


def _skolemized(
    formula: Formula, universal: tuple[Variable, ...], names: Names, changes: list[Change] | None, path: Path
) -> Formula:
    while isinstance(formula, Exists):
        # Of the universal variables around it, those that its formula speaks of.
        before, arguments = formula, tuple(variable for variable in universal if variable in formula.free)
        term = Function(names.new("sk"), *arguments)
        formula = replace_terms(formula.body, {formula.variable: term})
        if changes is not None:
            rule = f"{before.variable} becomes {term}"
            changes.append(Change(rule, "∃y below ∀x: a function of x", path, before, formula))
    if isinstance(formula, ForAll):
        universal = (*universal, formula.variable)
    inside = children(formula)
    if not inside:
        return formula
    parts = [_skolemized(part, universal, names, changes, (*path, place)) for place, part in enumerate(inside)]
    return rebuilt(formula, tuple(parts))


def without_quantifiers(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """A formula without ∃ whose ∀ are left out: its variables stand for everything."""
    return rewritten(formula, (_DROP,), (SIMPLIFY,), changes)


def _dropped(formula: Formula, _: bool) -> Formula | None:
    return formula.body if isinstance(formula, ForAll) else None


_DROP = Rule("drop ∀", "every variable of a clause stands for everything", _dropped)
