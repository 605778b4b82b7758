"""Horn clauses: rules with one conclusion, ``∀x ∀y (Edge(x, y) → Path(x, y))``, and facts, which have no conditions.

They say what follows without any choice: that is why chaining needs no search for proofs by cases. A formula that is
no Horn clause is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from .formulas import (
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
    conjunction,
    fresh_variable,
    replace_terms,
)
from .parser import parse
from .signature import Signature
from .terms import Variable

__all__ = ["HornRule", "Rules", "read_rules"]

# Rules or facts as the chaining functions take them: one text, a sequence of texts or formulas, or such with names.
Rules = str | Formula | Iterable[str | Formula] | Mapping[str, str | Formula]


@dataclass(frozen=True)
class HornRule:
    """If all of `body` hold, and none of `negated`, then `head`; for all values of the variables.

    Attributes:
        name: What explanations call it; "given" for a fact without a name.
        head: The conclusion.
        body: The conditions.
        negated: Conditions that must not hold (only forward chaining takes them).
    """

    name: str
    head: Atom
    body: tuple[Atom, ...] = ()
    negated: tuple[Atom, ...] = ()

    @property
    def variables(self) -> tuple[Variable, ...]:
        """The variables of the rule, in the order in which they stand in the conditions and the conclusion."""
        found: dict[Variable, None] = {}
        for atom in (*self.body, *self.negated, self.head):
            for arg in atom.args:
                found |= dict.fromkeys(sorted(arg.variables, key=lambda variable: variable.name))
        return tuple(found)

    def __str__(self) -> str:
        conditions = [*map(str, self.body), *(f"¬{atom}" for atom in self.negated)]
        return f"{self.head} ← {', '.join(conditions)}" if conditions else str(self.head)

    __repr__ = __str__


def read_rules(rules: Rules, signature: Signature | None = None, word: str = "rule") -> tuple[HornRule, ...]:
    """Read Horn clauses.

    Args:
        rules: Texts or formulas, with names if they come as a mapping. One that says several things, such as
            A → (B ∧ C) or (A ∨ B) → C, becomes several rules of the same name.
        signature: The symbols known before; it is added to.
        word: What rules without a name are called: "rule" gives "rule 1", "rule 2", …; facts are "given".

    Raises:
        ParseError: A text that is no formula, or a symbol with another number of arguments than before.
        ValueError: A formula that is no Horn clause; the message says why.
    """
    signature = signature if signature is not None else Signature()
    if isinstance(rules, str | Formula):
        rules = [rules]
    if not isinstance(rules, Iterable):
        raise ValueError(f"expected rules as texts or formulas, got {type(rules).__name__}")
    named = isinstance(rules, Mapping)
    pairs = rules.items() if isinstance(rules, Mapping) else ((f"{word} {n}", rule) for n, rule in enumerate(rules, 1))
    found = []
    for name, rule in pairs:
        formula = parse(rule, signature)
        if isinstance(rule, Formula):
            signature.add(formula)
        for head, body, negated in _rules(formula, (), (), formula.free, formula):
            called = name if named or body or negated else "given"
            found.append(HornRule(called, head, body, negated))
    return tuple(found)


_Parts = tuple[Atom, tuple[Atom, ...], tuple[Atom, ...]]  # conclusion, conditions, negated conditions


def _rules(
    formula: Formula, body: tuple[Atom, ...], negated: tuple[Atom, ...], taken: frozenset[Variable], whole: Formula
) -> Iterator[_Parts]:
    """The rules that a formula says under these conditions, in which the `taken` variables stand."""
    match formula:
        case Atom(predicate, _):
            if predicate in ("<", "<=", ">", ">="):
                _refuse(whole, f"{formula} is arithmetic, and chaining does not calculate: use prove() with Z3")
            yield formula, body, negated
        case ForAll(variable, inner):
            variable, inner = _apart(variable, inner, taken)
            yield from _rules(inner, body, negated, taken | {variable}, whole)
        case And(parts):
            for part in parts:
                yield from _rules(part, body, negated, taken, whole)
        case Implies(left, right):
            used = set(taken)
            for more, more_negated in _conditions(left, used, whole):
                yield from _rules(right, (*body, *more), (*negated, *more_negated), frozenset(used), whole)
        case Iff(left, right):
            yield from _rules(Implies(left, right), body, negated, taken, whole)
            yield from _rules(Implies(right, left), body, negated, taken, whole)
        case Or(parts):
            positive = [part for part in parts if not isinstance(part, Not)]
            if len(positive) > 1:
                _refuse(whole, f"which of {' and '.join(map(str, positive))} holds is left open: a Horn clause has one "
                        "conclusion; use prove()")  # fmt: skip
            if not positive:
                _refuse(whole, "it only says what is false, and has no conclusion")
            conditions = conjunction([part.part for part in parts if isinstance(part, Not)])
            yield from _rules(Implies(conditions, positive[0]), body, negated, taken, whole)
        case Exists():
            _refuse(whole, f"{formula} would have to invent an object; a Horn clause speaks of those that there are")
        case Not() | Falsity():
            _refuse(whole, f"{formula} only says what is false, and is no conclusion to draw")
        case Equal():
            _refuse(
                whole, f"{formula} is an equation; chaining takes different names for different objects: use prove()"
            )
        case Truth():
            return


def _conditions(
    formula: Formula, taken: set[Variable], whole: Formula
) -> Iterator[tuple[tuple[Atom, ...], tuple[Atom, ...]]]:
    """The ways in which a condition can hold: conjunctions of atoms and of negated atoms. Adds to `taken`."""
    match formula:
        case Atom(predicate, _):
            if predicate in ("<", "<=", ">", ">="):
                _refuse(whole, f"{formula} is arithmetic, and chaining does not calculate: use prove() with Z3")
            yield (formula,), ()
        case Truth():
            yield (), ()
        case Not(Atom() as atom):
            yield (), (atom,)
        case And(parts):
            ways: list[tuple[tuple[Atom, ...], tuple[Atom, ...]]] = [((), ())]
            for part in parts:
                more = list(_conditions(part, taken, whole))
                ways = [((*a, *c), (*b, *d)) for a, b in ways for c, d in more]
            yield from ways
        case Or(parts):
            for part in parts:
                yield from _conditions(part, taken, whole)
        case Exists(variable, inner):
            # If there is such an object, whichever it is: ∀ in front of the rule.
            variable, inner = _apart(variable, inner, frozenset(taken))
            taken.add(variable)
            yield from _conditions(inner, taken, whole)
        case ForAll():
            _refuse(whole, f"the condition {formula} speaks of all objects, and no single fact makes it true")
        case Equal() | Not(Equal()):
            _refuse(
                whole, f"{formula} is an equation; chaining takes different names for different objects: use prove()"
            )
        case _:
            _refuse(whole, f"the condition {formula} is neither an atom nor a negated atom, nor ∧, ∨ or ∃ of such")


def _apart(variable: Variable, inner: Formula, taken: frozenset[Variable]) -> tuple[Variable, Formula]:
    """A bound variable and its formula, with another name where the name is taken."""
    if variable not in taken:
        return variable, inner
    fresh = fresh_variable(variable, taken | inner.free)
    return fresh, replace_terms(inner, {variable: fresh})


def _refuse(whole: Formula, why: str) -> None:
    raise ValueError(f"{whole} is no Horn clause: {why}")
