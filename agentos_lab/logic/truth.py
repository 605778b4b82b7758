"""Truth in a finite structure, as a function of the elements that variables stand for.

A formula is taken apart once, and not for every element. A block of like quantifiers, ∀x ∀y ∀z …, gives its variables
elements one after the other, and looks ahead: where what is known already settles the body (Kleene's three values:
true, false, open), the variables that are left need no elements.

Source: Tarski's definition; the three values: Kleene 1952, "Introduction to metamathematics", § 64.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from .formulas import And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, Truth
from .terms import Term, Variable

if TYPE_CHECKING:
    from .models import Structure

__all__ = ["denotation", "truth"]

Environment = dict[str, str]  # which element each variable stands for
_BLOCK = 3  # variables in a block from which on looking ahead pays


def truth(formula: Formula, s: Structure) -> Callable[[Environment], bool]:
    """Truth as a function of the variables' elements: the formula is taken apart once, not for every element."""
    match formula:
        case Atom(predicate, args):
            if predicate not in s.predicates:
                raise ValueError(f"the structure says nothing of the predicate {predicate}, in {formula}")
            tuples = s.predicates[predicate]
            arity = s.arity(predicate)
            if arity is not None and arity != len(args):
                raise ValueError(f"the structure gives {predicate} {arity} arguments, {formula} gives it {len(args)}")
            values = [denotation(arg, s) for arg in args]
            return lambda env: tuple([value(env) for value in values]) in tuples
        case Equal(left, right):
            one, other = denotation(left, s), denotation(right, s)
            return lambda env: one(env) == other(env)
        case Not(part):
            holds = truth(part, s)
            return lambda env: not holds(env)
        case And(parts):
            all_of = [truth(part, s) for part in parts]
            return lambda env: all(holds(env) for holds in all_of)
        case Or(parts):
            all_of = [truth(part, s) for part in parts]
            return lambda env: any(holds(env) for holds in all_of)
        case Implies(left, right):
            before, after = truth(left, s), truth(right, s)
            return lambda env: not before(env) or after(env)
        case Iff(left, right):
            before, after = truth(left, s), truth(right, s)
            return lambda env: before(env) == after(env)
        case ForAll() | Exists():
            return _quantified(formula, s)
    is_true = isinstance(formula, Truth)
    return lambda env: is_true


def _quantified(formula: ForAll | Exists, s: Structure) -> Callable[[Environment], bool]:
    """∃ ends at the first element that makes the body true, ∀ at the first that makes it false."""
    kind, wanted = type(formula), isinstance(formula, Exists)
    names: list[str] = []
    body: Formula = formula
    while isinstance(body, kind) and body.variable.name not in names:
        names.append(body.variable.name)
        body = body.body
    holds = truth(body, s)
    ahead = _settled(body, s) if len(names) >= _BLOCK else None

    def decide(env: Environment, place: int = 0) -> bool:
        for element in s.domain:
            env[names[place]] = element
            if place == len(names) - 1:
                found = holds(env)
            else:
                known = ahead(env) if ahead is not None else None
                found = known if known is not None else decide(env, place + 1)
            if found == wanted:
                return wanted
        del env[names[place]]
        return not wanted

    def start(env: Environment) -> bool:
        return decide({name: element for name, element in env.items() if name not in names})

    return start


def _settled(formula: Formula, s: Structure) -> Callable[[Environment], bool | None]:
    """Truth while some variables have no element yet: None where it is open."""
    match formula:
        case Not(part):
            inner = _settled(part, s)
            return lambda env: None if (value := inner(env)) is None else not value
        case And(parts) | Or(parts):
            settles, inners = isinstance(formula, Or), [_settled(part, s) for part in parts]
            return lambda env: _junction([inner(env) for inner in inners], settles)
        case Implies(left, right):
            return _settled(Or((Not(left), right)), s)
    whole, needed = truth(formula, s), [variable.name for variable in formula.free]
    return lambda env: whole(env) if all(name in env for name in needed) else None


def _junction(values: list[bool | None], settles: bool) -> bool | None:
    """∨ is true if one part is (`settles`), ∧ is false if one part is; open parts may still do either."""
    if settles in values:
        return settles
    return None if None in values else not settles


def denotation(term: Term, s: Structure) -> Callable[[Environment], str]:
    """What a term denotes, as a function of the variables' elements; errors as for `truth`."""
    name = term.name
    if isinstance(term, Variable):
        return lambda env: env[name]
    if not term.args:
        if name not in s.constants:
            raise ValueError(f"the structure says nothing of the constant {name}")
        element = s.constants[name]
        return lambda env: element
    if name not in s.functions or len(next(iter(s.functions[name]))) != len(term.args):
        raise ValueError(f"the structure says nothing of the function {name} of {len(term.args)} arguments")
    table, values = s.functions[name], [denotation(arg, s) for arg in term.args]
    return lambda env: table[tuple([value(env) for value in values])]
