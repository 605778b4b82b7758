"""Comparing formulas up to the names of bound variables: the same, an instance, or one with equal terms exchanged."""

from __future__ import annotations

from collections.abc import Callable

from .formulas import And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, atoms, replace_terms
from .terms import Function, Term, Variable, subterms

__all__ = ["constant_names", "differs_by_exchange", "instantiating_term", "same_formula"]


def same_formula(a: Formula, b: Formula) -> bool:
    """Equal but for the names of bound variables."""
    return _agree(a, b, lambda x, y: x is y)


def differs_by_exchange(start: Term, end: Term, a: Formula, b: Formula) -> bool:
    """Whether b is a with `end` in the place of `start`, at any number of places."""

    def fits(x: Term, y: Term) -> bool:
        if x is y or (x is start and y is end):
            return True
        same = x.name == y.name and len(x.args) == len(y.args) > 0
        return same and all(fits(p, q) for p, q in zip(x.args, y.args, strict=True))

    return _agree(a, b, fits)


def _agree(a: Formula, b: Formula, terms: Callable[[Term, Term], bool]) -> bool:
    """Whether two formulas have the same shape, and terms that agree in this sense at the same places."""
    match a, b:
        case Atom(p, xs), Atom(q, ys):
            return p == q and len(xs) == len(ys) and all(terms(x, y) for x, y in zip(xs, ys, strict=True))
        case Equal(), Equal():
            return terms(a.left, b.left) and terms(a.right, b.right)
        case Not(x), Not(y):
            return _agree(x, y, terms)
        case (And(xs), And(ys)) | (Or(xs), Or(ys)):
            return len(xs) == len(ys) and all(_agree(x, y, terms) for x, y in zip(xs, ys, strict=True))
        case (Implies(p, x), Implies(q, y)) | (Iff(p, x), Iff(q, y)):
            return _agree(p, q, terms) and _agree(x, y, terms)
        case (ForAll(x, p), ForAll(y, q)) | (Exists(x, p), Exists(y, q)):
            if x is y:
                return _agree(p, q, terms)
            if x in q.free:
                return False
            return _agree(p, replace_terms(q, {y: x}), terms)
    return a == b


def instantiating_term(variable: Variable, body: Formula, instance: Formula) -> Term | None:
    """The closed term whose place `variable` takes in a formula; where it takes none, the variable itself."""
    if variable not in body.free:
        return variable if same_formula(body, instance) else None
    candidates = {
        part for atom in atoms(instance) for side in _sides(atom) for _, part in subterms(side) if part.ground
    }
    return next((term for term in candidates if same_formula(replace_terms(body, {variable: term}), instance)), None)


def _sides(atom: Atom | Equal) -> tuple[Term, ...]:
    return (atom.left, atom.right) if isinstance(atom, Equal) else atom.args


def constant_names(formula: Formula) -> set[str]:
    """The constants in a formula."""
    found = (part for atom in atoms(formula) for side in _sides(atom) for _, part in subterms(side))
    return {part.name for part in found if isinstance(part, Function) and not part.args}
