"""Moving quantifiers: apart, outwards and inwards.

Every bound variable gets a name of its own; then quantifiers can be pulled out in front of the formula (prenex normal
form), or pushed inwards as far as they go, which keeps Skolem functions small. Both mean the same as the formula.

Source of the inward direction: Nonnengart & Weidenbach 2001, "Computing small clause normal forms", section 3.
"""

from __future__ import annotations

from .formulas import And, Exists, ForAll, Formula, Or, children, rebuilt, replace_terms, subformulas
from .negation_normal_form import negation_normal_form
from .rewriting import Change, Path, Rule, joined, rewritten
from .terms import Variable

__all__ = ["prenex", "quantifiers_inside", "renamed_apart"]


def prenex(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """The formula with all quantifiers in front, in negation normal form.

    Args:
        formula: The formula.
        changes: Where each change is written down, if anywhere.
    """
    apart = renamed_apart(negation_normal_form(formula, changes), changes)
    return rewritten(apart, (), (_PULL,), changes)


def quantifiers_inside(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """A formula in negation normal form with its quantifiers as far inside as they go."""
    return rewritten(formula, (), (_PUSH,), changes)


def renamed_apart(formula: Formula, changes: list[Change] | None = None) -> Formula:
    """The formula with no variable bound twice, or both bound and free."""
    free = {variable.name for variable in formula.free}
    used = free | {part.variable.name for _, part in subformulas(formula) if isinstance(part, ForAll | Exists)}
    return _apart(formula, set(free), used, changes, ())


def _apart(formula: Formula, seen: set[str], used: set[str], changes: list[Change] | None, path: Path) -> Formula:
    if isinstance(formula, ForAll | Exists):
        if formula.variable.name in seen:
            before, variable = formula, _unused(formula.variable, used)
            formula = type(formula)(variable, replace_terms(formula.body, {formula.variable: variable}))
            if changes is not None:
                changes.append(Change("rename apart", "a bound variable may have any name", path, before, formula))
        seen.add(formula.variable.name)
    inside = children(formula)
    if not inside:
        return formula
    parts = [_apart(part, seen, used, changes, (*path, place)) for place, part in enumerate(inside)]
    return rebuilt(formula, tuple(parts))


def _unused(variable: Variable, used: set[str]) -> Variable:
    number = 2
    while f"{variable.name}{number}" in used:
        number += 1
    used.add(f"{variable.name}{number}")
    return Variable(f"{variable.name}{number}")


def _pulled(formula: Formula, _: bool) -> Formula | None:
    """The quantifiers in front of the parts of a ∧ or ∨, in front of the whole."""
    if not isinstance(formula, And | Or) or not any(isinstance(part, ForAll | Exists) for part in formula.parts):
        return None
    prefix: list[tuple[type[ForAll] | type[Exists], Variable]] = []
    bare = []
    for part in formula.parts:
        while isinstance(part, ForAll | Exists):
            prefix.append((type(part), part.variable))
            part = part.body
        bare.append(part)
    result: Formula = type(formula)(tuple(bare))
    for kind, variable in reversed(prefix):
        result = kind(variable, result)
    return result


def _pushed(formula: Formula, _: bool) -> Formula | None:
    """A quantifier over a ∧ or ∨ whose parts are done, moved in as far as it goes."""
    if not isinstance(formula, ForAll | Exists):
        return None
    result = _inside(type(formula), formula.variable, formula.body)
    return None if result == formula else result


def _inside(kind: type[ForAll] | type[Exists], variable: Variable, body: Formula) -> Formula:
    if variable not in body.free:
        return body
    through, stuck = (And, Or) if kind is ForAll else (Or, And)
    if isinstance(body, through):
        return joined(through, [_inside(kind, variable, part) for part in body.parts])
    if isinstance(body, stuck):
        inside = [part for part in body.parts if variable in part.free]
        outside = [part for part in body.parts if variable not in part.free]
        if outside:
            return joined(stuck, [*outside, _inside(kind, variable, joined(stuck, inside))])
    return kind(variable, body)


_PULL = Rule("pull quantifiers out", "(∀x a) ∧ b: ∀x (a ∧ b), where x is not free in b", _pulled)
_PUSH = Rule("push a quantifier in", "∀ over ∧, ∃ over ∨, and past what does not hold the variable", _pushed)
