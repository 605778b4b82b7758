"""What a planner knows of the world: states, and actions with preconditions and effects (STRIPS).

A state is a set of facts, all others being false, and the values of some numbers (a budget, a load). An action may be
carried out where its preconditions hold; it deletes facts, adds facts, and gives numbers new values. Nothing else
changes.

Source: Fikes & Nilsson 1971, "STRIPS: a new approach to the application of theorem proving to problem solving".
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from fractions import Fraction
from itertools import product

from .formulas import (
    FALSE,
    TRUE,
    And,
    Atom,
    Equal,
    Exists,
    Falsity,
    ForAll,
    Formula,
    Iff,
    Implies,
    Not,
    Or,
    Truth,
    atoms,
    conjunction,
    disjunction,
    replace_terms,
)
from .parser import parse
from .signature import Signature
from .terms import Function, Term, subterms

__all__ = ["COMPARISONS", "Action", "Domain", "GroundAction", "State", "conjuncts", "holds", "value"]

_MOST_GROUND_ACTIONS = 5_000
COMPARISONS = ("<", "<=", ">", ">=")  # predicates that compare numbers


@dataclass(frozen=True)
class Action:
    """What an agent can do, for all values of its parameters.

    Attributes:
        name: Its name.
        parameters: ``"b: block, x: place"``; without a type any object will do. A mapping from name to type as well.
        preconditions: A formula over the parameters, such as ``"Clear(b) & On(b, x) & b != x & budget >= 2"``.
        add: The facts that hold afterwards: ``"On(b, y) & Clear(x)"``.
        delete: The facts that do not hold afterwards; what is added as well holds.
        sets: New values of numbers, from their old ones: ``{"budget": "budget - 2"}``.
    """

    name: str
    parameters: str | Mapping[str, str] = ""
    preconditions: str | Formula = TRUE
    add: str | Formula = TRUE
    delete: str | Formula = TRUE
    sets: Mapping[str, str] = field(default_factory=dict)

    def typed(self) -> dict[str, str]:
        """The parameters with their types.

        Raises:
            ValueError: Text that is no list of parameters.
        """
        if isinstance(self.parameters, Mapping):
            return dict(self.parameters)
        found = {}
        for part in filter(None, (part.strip() for part in self.parameters.split(","))):
            match = re.fullmatch(r"(\w+'*)(?:\s*:\s*(\w+))?", part)
            if match is None:
                raise ValueError(f"action {self.name}: {part!r} is no parameter; expected for example 'b: block'")
            found[match[1]] = match[2] or "object"
        return found


@dataclass(frozen=True)
class State:
    """The facts that hold, and the values of the numbers."""

    facts: frozenset[Atom]
    numbers: tuple[tuple[str, Fraction], ...] = ()

    def __str__(self) -> str:
        return ", ".join([*sorted(map(str, self.facts)), *(f"{name} = {number}" for name, number in self.numbers)])

    __repr__ = __str__


@dataclass(frozen=True)
class GroundAction:
    """An action with objects for its parameters."""

    name: str
    arguments: tuple[str, ...]
    preconditions: tuple[Formula, ...]
    add: frozenset[Atom]
    delete: frozenset[Atom]
    sets: tuple[tuple[str, Term], ...]
    labels: tuple[str, ...] = ()  # each precondition as it stands in the schema

    def after(self, state: State) -> State:
        """The state after the action; whether its preconditions hold is not looked at."""
        numbers = dict(state.numbers) | {name: value(term, state) for name, term in self.sets}
        return State((state.facts - self.delete) | self.add, tuple(sorted(numbers.items())))

    def __str__(self) -> str:
        return f"{self.name}({', '.join(self.arguments)})" if self.arguments else self.name

    __repr__ = __str__


class Domain:
    """The initial state, the objects and the actions, read and checked.

    Args:
        initial: Facts, and values of numbers as equations: ``["On(a, b)", "budget = 10"]``, or one conjunction.
        actions: What can be done.
        objects: Type to names; by default every name in the initial state is an object of no special type.

    Raises:
        ParseError, ValueError: Something that cannot be read; the message says which.
    """

    def __init__(
        self,
        initial: str | Formula | Iterable[str | Formula],
        actions: Iterable[Action],
        objects: Mapping[str, Iterable[str]] | None = None,
    ) -> None:
        facts: set[Atom] = set()
        numbers: dict[str, Fraction] = {}
        self.signature = Signature()  # so that no predicate is used with another number of arguments elsewhere
        for part in conjuncts(initial):
            self.signature.add(part)
            match part:
                case Atom(predicate, _) if predicate not in COMPARISONS and not part.free:
                    facts.add(part)
                case Equal(left, right) if (number := _number(right)) is not None:
                    numbers[str(left)] = number
                case _:
                    raise ValueError(f"the initial state holds {part}; expected facts, and numbers such as budget = 10")
        self.initial = State(frozenset(facts), tuple(sorted(numbers.items())))
        self.actions = {action.name: action for action in actions}
        if objects is None:
            names = {str(arg): None for fact in sorted(facts, key=str) for arg in fact.args}
            self.objects: dict[str, tuple[str, ...]] = {"object": tuple(names)}
        else:
            self.objects = {kind: tuple(names) for kind, names in objects.items()}
            everything = dict.fromkeys(name for names in self.objects.values() for name in names)
            self.objects.setdefault("object", tuple(everything))
        for action in self.actions.values():
            for part in (p for text in (action.preconditions, action.add, action.delete) for p in conjuncts(text)):
                self.signature.add(part)
            for kind in action.typed().values():
                if kind not in self.objects:
                    raise ValueError(f"action {action.name}: unknown type {kind!r}; known: {', '.join(self.objects)}")

    def condition(self, parts: str | Formula | Iterable[str | Formula]) -> dict[str, Formula]:
        """The parts of a goal or an invariant by their text, quantifiers written out over the objects.

        Raises:
            ValueError: A predicate that no fact and no action has, and that looks like one that they have: an
                invariant about it would hold for ever, whatever is done.
        """
        known = [name for name, (kind, _) in self.signature.symbols.items() if kind == "predicate"]
        for part in conjuncts(parts):
            for name in sorted({atom.predicate for atom in atoms(part) if isinstance(atom, Atom)} - set(known)):
                if close := get_close_matches(name, known, n=1, cutoff=0.7):
                    raise ValueError(f"{part}: no fact and no action speaks of {name}; did you mean {close[0]}?")
            self.signature.add(part)
        return {str(part): self._without_quantifiers(part) for part in conjuncts(parts)}

    def ground(self, action: Action, arguments: tuple[str, ...]) -> GroundAction:
        """An action with these objects for its parameters."""
        names = {name: Function(value) for name, value in zip(action.typed(), arguments, strict=True)}
        needed = conjuncts(action.preconditions)
        changes = []
        for text in (action.add, action.delete):
            changed = [_renamed(part, names) for part in conjuncts(text)]
            for part in changed:
                if not isinstance(part, Atom):
                    raise ValueError(f"action {action.name} adds or deletes {part}; expected facts joined by &")
            changes.append(frozenset(part for part in changed if isinstance(part, Atom)))
        sets = []
        for name, text in action.sets.items():
            read = parse(f"{name} = {text}")
            assert isinstance(read, Equal)
            left, right = (_renamed_term(side, names) for side in (read.left, read.right))
            if str(left) not in dict(self.initial.numbers):
                raise ValueError(f"action {action.name} sets {left}, of which the initial state gives no value")
            sets.append((str(left), right))
        preconditions = tuple(self._without_quantifiers(_renamed(part, names)) for part in needed)
        labels = tuple(map(str, needed))
        added, deleted = changes
        return GroundAction(action.name, arguments, preconditions, added, deleted - added, tuple(sets), labels)

    def ground_actions(self) -> list[GroundAction]:
        """All actions with all objects, but for those that facts which never change rule out.

        Raises:
            ValueError: There are more than 5,000.
        """
        schemas = list(self.actions.values())
        changes = [part for action in schemas for text in (action.add, action.delete) for part in conjuncts(text)]
        changing = {part.predicate for part in changes if isinstance(part, Atom)}
        found = []
        for action in schemas:
            for arguments in product(*(self.objects[kind] for kind in action.typed().values())):
                ground = self.ground(action, arguments)
                if all(self._simplified(part, changing) != FALSE for part in ground.preconditions):
                    found.append(ground)
                if len(found) > _MOST_GROUND_ACTIONS:
                    raise ValueError(f"more than {_MOST_GROUND_ACTIONS:,} ground actions; give objects types, or fewer")
        return found

    def _simplified(self, formula: Formula, changing: set[str]) -> Formula:
        """⊥ where facts that never change, or equations of objects, already make it false."""
        parts = list(atoms(formula))
        settled = all(
            (isinstance(part, Atom) and part.predicate not in (*changing, *COMPARISONS))
            or (isinstance(part, Equal) and not _is_numeric(part, self.initial))
            for part in parts
        )
        if not settled:
            return formula
        return TRUE if holds(formula, self.initial) else FALSE

    def _without_quantifiers(self, formula: Formula) -> Formula:
        match formula:
            case Not(part):
                return Not(self._without_quantifiers(part))
            case And(parts) | Or(parts):
                return type(formula)(tuple(self._without_quantifiers(part) for part in parts))
            case Implies(left, right) | Iff(left, right):
                return type(formula)(self._without_quantifiers(left), self._without_quantifiers(right))
            case ForAll(variable, body) | Exists(variable, body):
                cases = [
                    self._without_quantifiers(replace_terms(body, {variable: Function(name)}))
                    for name in self.objects["object"]
                ]
                return conjunction(cases) if isinstance(formula, ForAll) else disjunction(cases)
        return formula


def conjuncts(parts: str | Formula | Iterable[str | Formula]) -> tuple[Formula, ...]:
    """The parts of a conjunction, or of several formulas that hold together."""
    if isinstance(parts, str) and not parts.strip():
        return ()
    if isinstance(parts, str | Formula):
        formula = parse(parts)
        inside = formula.parts if isinstance(formula, And) else () if formula == TRUE else (formula,)
        return tuple(inner for part in inside for inner in (conjuncts(part) if isinstance(part, And) else (part,)))
    return tuple(inner for part in parts for inner in conjuncts(part))


def holds(formula: Formula, state: State) -> bool:
    """Whether a formula without quantifiers holds in a state."""
    match formula:
        case Truth() | Falsity():
            return isinstance(formula, Truth)
        case Atom(predicate, (left, right)) if predicate in COMPARISONS:
            a, b = value(left, state), value(right, state)
            return {"<": a < b, "<=": a <= b, ">": a > b, ">=": a >= b}[predicate]
        case Atom():
            return formula in state.facts
        case Equal(left, right):
            return value(left, state) == value(right, state) if _is_numeric(formula, state) else left is right
        case Not(part):
            return not holds(part, state)
        case And(parts):
            return all(holds(part, state) for part in parts)
        case Or(parts):
            return any(holds(part, state) for part in parts)
        case Implies(left, right):
            return not holds(left, state) or holds(right, state)
        case Iff(left, right):
            return holds(left, state) == holds(right, state)
    raise ValueError(f"{formula} has a quantifier left")


def value(term: Term, state: State) -> Fraction:
    """The value of a term in a state.

    Raises:
        ValueError: A name that is no number there.
    """
    number = _number(term)
    if number is not None:
        return number
    known = dict(state.numbers)
    if str(term) in known:
        return known[str(term)]
    if len(term.args) == 2 and term.name in ("+", "-", "*"):
        a, b = (value(arg, state) for arg in term.args)
        return a + b if term.name == "+" else a - b if term.name == "-" else a * b
    raise ValueError(f"{term} is no number in the state; known: {', '.join(known) or 'none'}")


def _is_numeric(equation: Equal, state: State) -> bool:
    """Whether an equation compares numbers, not objects."""
    known = dict(state.numbers)
    return any(
        _number(part) is not None or str(part) in known
        for side in (equation.left, equation.right)
        for _, part in subterms(side)
    )


def _number(term: Term) -> Fraction | None:
    return Fraction(term.name) if not term.args and re.fullmatch(r"-?\d+(\.\d+)?", term.name) else None


def _renamed(formula: Formula, names: Mapping[str, Term]) -> Formula:
    """The formula with parameters, which were read as constants, replaced by objects."""
    match formula:
        case Atom(predicate, args):
            return Atom(predicate, tuple(_renamed_term(arg, names) for arg in args))
        case Equal(left, right):
            return Equal(_renamed_term(left, names), _renamed_term(right, names))
        case Not(part):
            return Not(_renamed(part, names))
        case And(parts) | Or(parts):
            return type(formula)(tuple(_renamed(part, names) for part in parts))
        case Implies(left, right) | Iff(left, right):
            return type(formula)(_renamed(left, names), _renamed(right, names))
        case ForAll(variable, body) | Exists(variable, body):
            return type(formula)(variable, _renamed(body, names))
    return formula


def _renamed_term(term: Term, names: Mapping[str, Term]) -> Term:
    if not term.args:
        return names.get(term.name, term)
    return Function(term.name, *(_renamed_term(arg, names) for arg in term.args))
