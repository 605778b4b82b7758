"""Checking the way from a formula to its clauses, part by part.

Every change that `to_cnf` wrote down is held against what logic allows: a part becomes another that means the same, an
∃ becomes a function that is new, a ∀ is dropped where nothing negates it, or a new predicate is defined. None of the
transformations is done again; only their results are compared.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from .clausal_form import ClausalForm
from .formulas import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    atoms,
    children,
    rebuilt,
    replace_terms,
)
from .rewriting import Change, Rewriting, part_at, replaced_at
from .signature import symbol_names
from .terms import Function, Term, Variable, subterms

__all__ = ["clausal_form_faults", "is_clause_of"]


def clausal_form_faults(forms: Mapping[str, ClausalForm], formulas: Iterable[Formula]) -> dict[str, str]:
    """What is wrong with the clausal forms, by the name of the formula; empty if nothing is.

    Args:
        forms: By name.
        formulas: All formulas of the problem: new names must not occur in them.
    """
    taken = {name for formula in formulas for name in symbol_names(formula)}
    faults = {}
    for name, form in forms.items():
        fault = _derivation_fault(form, taken)
        if fault:
            faults[name] = fault
    return faults


def is_clause_of(form: ClausalForm, clause: Formula) -> bool:
    """Whether a clause is one of a clausal form, whatever its variables are called."""
    return any(_variant(clause) == _variant(other) for other in form.clauses)


def _derivation_fault(form: ClausalForm, taken: set[str]) -> str:
    """What is wrong with one derivation; the new names that it makes are taken from then on."""
    current = form.formula
    for step in form.derivation:
        if not isinstance(step, Rewriting) or step.before != current:
            return f"{step.rule}: it does not begin where the step before ended"
        fault = _changes_fault(step, taken) if step.changes else _definitions_fault(step.before, step.after, taken)
        if fault:
            return f"{step.rule}: {fault}"
        current = step.after
    parts = () if current == TRUE else current.parts if isinstance(current, And) else (current,)
    return "" if set(form.clauses) == set(parts) else "the clauses are not those of the last step"


def _changes_fault(step: Rewriting, taken: set[str]) -> str:
    current = step.before
    for change in step.changes:
        if part_at(current, change.path) != change.before:
            return f"{change.before} does not stand at {change.path}"
        if not (_is_allowed(change) or _is_allowed_here(current, change, taken)):
            return f"{change.before} may not become {change.after}"
        current = replaced_at(current, change.path, change.after)
    return "" if current == step.after else "its changes do not make what it ends with"


def _is_allowed(change: Change) -> bool:
    """Whether a part became another that means the same."""
    match change.before, change.after:
        case (Implies(a, b), after):
            return after == Or((Not(a), b))
        case (Iff(a, b), after):
            return after in (And((Or((Not(a), b)), Or((Not(b), a)))), Or((And((a, b)), And((Not(a), Not(b))))))
        case (Not(Implies(a, b)), after):
            return after == And((a, Not(b)))
        case (Not(Iff(a, b)), after):
            return after == And((Or((a, b)), Or((Not(a), Not(b)))))
        case (Not(Not(a)), after):
            return after == a
        case (Not(And(parts)), after):
            return after == Or(tuple(Not(part) for part in parts))
        case (Not(Or(parts)), after):
            return after == And(tuple(Not(part) for part in parts))
        case (Not(ForAll(variable, body)), after):
            return after == Exists(variable, Not(body))
        case (Not(Exists(variable, body)), after):
            return after == ForAll(variable, Not(body))
        case (Not(part), after) if part in (TRUE, FALSE):
            return after == (FALSE if part == TRUE else TRUE)
    return _is_renaming(change) or _canonical(change.before) == _canonical(change.after)


def _is_renaming(change: Change) -> bool:
    """Whether a quantifier got another variable that its formula does not speak of."""
    before, after = change.before, change.after
    if not isinstance(before, ForAll | Exists) or type(after) is not type(before):
        return False
    assert isinstance(after, ForAll | Exists)
    fresh = after.variable not in before.body.free
    return fresh and after.body == replace_terms(before.body, {before.variable: after.variable})


def _is_distribution(change: Change) -> bool:
    """Whether a disjunction became clauses of which each follows from it. It may say more than they do."""
    before, after = change.before, change.after
    if not isinstance(before, Or):
        return False
    clauses = () if after == TRUE else after.parts if isinstance(after, And) else (after,)
    return all(_contradicts(before, frozenset(c.parts if isinstance(c, Or) else (c,))) for c in clauses)


def _contradicts(formula: Formula, false: frozenset[Formula]) -> bool:
    """Whether a formula of ∧ and ∨ cannot hold where certain parts are false."""
    if formula in false or formula == FALSE:
        return True
    if isinstance(formula, Or):
        return all(_contradicts(part, false) for part in formula.parts)
    return isinstance(formula, And) and any(_contradicts(part, false) for part in formula.parts)


def _is_allowed_here(whole: Formula, change: Change, taken: set[str]) -> bool:
    """Whether a change that makes a formula say something else may be made where nothing negates it."""
    if any(
        not isinstance(part_at(whole, change.path[:n]), And | Or | ForAll | Exists) for n in range(len(change.path))
    ):
        return False
    if _is_distribution(change):
        return True
    match change.before:
        case ForAll(_, body) if change.after == body:
            return True
        case Exists(variable, body):
            for term in _new_functions(change.after, taken):
                if change.after == replace_terms(body, {variable: term}):
                    taken.add(term.name)
                    return change.before.free <= set(term.args)
    return False


def _new_functions(formula: Formula, taken: set[str]) -> list[Function]:
    """The terms that are a new function of variables."""
    parts = dict.fromkeys(part for term in _terms(formula) for _, part in subterms(term))
    return [
        part
        for part in parts
        if isinstance(part, Function)
        and part.name not in taken
        and all(isinstance(argument, Variable) for argument in part.args)
    ]


def _definitions_fault(before: Formula, after: Formula, taken: set[str]) -> str:
    """What is wrong with a step that gave names to parts of a formula; empty if nothing is.

    A definition may speak of those before it. Of those after it, or of itself, it may not: d₁ ↔ ¬d₂ and d₂ ↔ d₁
    contradict each other.
    """
    conjuncts = after.parts if isinstance(after, And) else (after,)
    bodies: dict[str, tuple[Atom, Formula]] = {}
    rest = list(conjuncts)
    while len(rest) > 1:  # the definitions stand at the end
        found = _definition(rest[-1], taken, set(bodies))
        if found is None:
            break
        bodies[found[0].predicate] = found
        rest.pop()
    for atom, body in bodies.values():
        if not body.free <= set(atom.args):
            return f"the definition of {atom} does not speak of all variables of {body}"
    taken |= set(bodies)
    result = _expanded(rest[0] if len(rest) == 1 else And(tuple(rest)), bodies)
    return "" if _canonical(result) == _canonical(before) else "with the names put back it is not the same"


def _definition(conjunct: Formula, taken: set[str], later: set[str]) -> tuple[Atom, Formula] | None:
    """A new predicate of different variables with what it stands for; None for any other formula.

    Args:
        conjunct: The formula.
        taken: Names that are not new.
        later: The names that are defined after this one.
    """
    inside = conjunct
    while isinstance(inside, ForAll):
        inside = inside.body
    match inside:
        case Iff(Atom(name, args) as atom, body):
            pass
        case Or((Not(Atom(name, args) as atom), *others)) if inside is conjunct:
            body = others[0] if len(others) == 1 else Or(tuple(others))
        case _:
            return None
    new = name not in taken | later and symbol_names(body).isdisjoint({name, *later})
    variables = all(isinstance(arg, Variable) for arg in args) and len(set(args)) == len(args)
    return (atom, body) if new and variables else None


def _expanded(formula: Formula, bodies: Mapping[str, tuple[Atom, Formula]]) -> Formula:
    """The formula with what the names stand for in the place of the names."""
    if isinstance(formula, Atom) and formula.predicate in bodies:
        atom, body = bodies[formula.predicate]
        if len(atom.args) != len(formula.args):
            return formula  # and so it differs from what there was before
        put_in = {old: new for old, new in zip(atom.args, formula.args, strict=True) if isinstance(old, Variable)}
        return _expanded(replace_terms(body, put_in), bodies)
    inside = children(formula)
    return rebuilt(formula, tuple(_expanded(part, bodies) for part in inside)) if inside else formula


def _canonical(formula: Formula) -> Any:
    """A form that is the same for formulas that differ in the order and repetition of parts, and in how far their
    quantifiers are moved in: sets in the place of ∧ and ∨."""
    match formula:
        case And(parts):
            return _set("∧", [_canonical(part) for part in parts])
        case Or(parts):
            return _set("∨", [_canonical(part) for part in parts])
        case ForAll(variable, body):
            return _moved_in("∀", variable, _canonical(body))
        case Exists(variable, body):
            return _moved_in("∃", variable, _canonical(body))
        case Not(part) if not isinstance(part, Atom):
            return "¬", _canonical(part)
        case Implies(left, right) | Iff(left, right):
            return type(formula).__name__, _canonical(left), _canonical(right)
    return formula


def _set(sign: str, parts: Iterable[Any]) -> Any:
    neutral, deciding = (TRUE, FALSE) if sign == "∧" else (FALSE, TRUE)
    flat: set[Any] = set()
    for part in parts:
        flat |= part[1] if isinstance(part, tuple) and part[0] == sign else {part}
    flat.discard(neutral)
    if deciding in flat:
        return deciding
    if not flat:
        return neutral
    return flat.pop() if len(flat) == 1 else (sign, frozenset(flat))


def _moved_in(sign: str, variable: Variable, body: Any) -> Any:
    if variable not in _free(body):
        return body
    through, over = ("∧", "∨") if sign == "∀" else ("∨", "∧")
    if isinstance(body, tuple) and body[0] == through:
        return _set(through, [_moved_in(sign, variable, part) for part in body[1]])
    if isinstance(body, tuple) and body[0] == over:
        outside = [part for part in body[1] if variable not in _free(part)]
        if outside:
            inside = _set(over, [part for part in body[1] if variable in _free(part)])
            return _set(over, [*outside, _moved_in(sign, variable, inside)])
    return sign, variable, body


def _free(canonical: Any) -> frozenset[Variable]:
    if isinstance(canonical, Formula):
        return canonical.free
    sign, *inside = canonical
    if sign in ("∀", "∃"):
        return _free(inside[1]) - {inside[0]}
    parts = inside[0] if sign in ("∧", "∨") else inside
    return frozenset().union(*(_free(part) for part in parts))


def _variant(clause: Formula) -> frozenset[Formula]:
    """The literals of a clause, its variables named by their first appearance."""
    order: dict[Variable, Term] = {}
    for term in _terms(clause):
        for _, part in subterms(term):
            if isinstance(part, Variable):
                order.setdefault(part, Variable(f"variable {len(order)}"))
    literals = clause.parts if isinstance(clause, Or) else (clause,)
    return frozenset(replace_terms(literal, order) for literal in literals)


def _terms(formula: Formula) -> Iterator[Term]:
    """The terms that a formula's atoms are about, from left to right."""
    for atom in atoms(formula):
        yield from (atom.left, atom.right) if isinstance(atom, Equal) else atom.args
