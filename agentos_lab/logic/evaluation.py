"""Truth with its reasons: which element makes an ∃ true, which one makes a ∀ false.

Evaluation goes from a formula to its parts and keeps the ones that settle the answer: a true ∃ needs one witness, a
false ∀ one counterexample, a false conjunction one false part. What is kept can be read as an argument.

Source: Tarski's definition of truth; the game of Henkin and Hintikka, in which one side picks the elements.
"""

from __future__ import annotations

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from .formulas import And, Atom, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or, Truth
from .parser import parse
from .terms import Term, Variable

if TYPE_CHECKING:
    from .models import Structure

__all__ = ["Evaluation", "evaluate"]

_LINES = 60  # shown of a long evaluation


@dataclass(frozen=True)
class Evaluation:
    """The truth value of one formula for some elements, and why.

    Attributes:
        formula: What was evaluated.
        assignment: The element that each of its free variables stands for.
        value: Whether it is true.
        reason: What settles it, in words, e.g. ``"counterexample x = d1"``.
        element: The witness or counterexample of a quantifier that one element settles, else None.
        because: The evaluations of the parts that settle it.
    """

    formula: Formula
    assignment: Mapping[str, str]
    value: bool
    reason: str = ""
    element: str | None = None
    because: tuple[Evaluation, ...] = ()

    def __bool__(self) -> bool:
        return self.value

    def walk(self, depth: int = 0) -> Iterator[tuple[int, Evaluation]]:
        """This node and all below it, each with its depth, in reading order."""
        yield depth, self
        for part in self.because:
            yield from part.walk(depth + 1)

    def __str__(self) -> str:
        lines = [f"{'  ' * depth}{node.line()}" for depth, node in self.walk()]
        more = [f"… and {len(lines) - _LINES} lines more"] if len(lines) > _LINES else []
        return "\n".join(lines[:_LINES] + more)

    def line(self) -> str:
        """This node in one line: the formula, its elements, the verdict and the reason."""
        where = ", ".join(f"{name} = {element}" for name, element in sorted(self.assignment.items()))
        given = f"  [{where}]" if where else ""
        why = f": {self.reason}" if self.reason else ""
        return f"{self.formula}{given}  is {'true' if self.value else 'false'}{why}"

    def _repr_html_(self) -> str:
        if not self.because:
            return f"<div>{html.escape(self.line())}</div>"
        inside = "".join(f"<div style='margin-left:1.5em'>{part._repr_html_()}</div>" for part in self.because)
        return f"<details open><summary>{html.escape(self.line())}</summary>{inside}</details>"


def evaluate(structure: Structure, formula: str | Formula, assignment: Mapping[str, str] | None = None) -> Evaluation:
    """Evaluate a formula in a structure, with the reasons.

    Args:
        structure: Where the formula is evaluated.
        formula: A formula, or its text.
        assignment: The element that each free variable stands for.

    Raises:
        ValueError: A symbol that the structure does not interpret, or a free variable without an element.
    """
    formula = parse(formula)
    start = structure.start(formula, assignment)
    structure.holds(formula, start)  # complains of unknown symbols in parts, too, that are not needed
    return _evaluated(structure, formula, start)


def _evaluated(s: Structure, formula: Formula, env: dict[str, str]) -> Evaluation:
    match formula:
        case Atom(_, args):
            value = tuple(s.value(arg, env) for arg in args) in s.predicates[formula.predicate]
            return _node(formula, env, value, _denoted(s, formula, args, env))
        case Equal(left, right):
            value = s.value(left, env) == s.value(right, env)
            return _node(formula, env, value, _denoted(s, formula, (left, right), env))
        case Not(part):
            inner = _evaluated(s, part, env)
            return _node(formula, env, not inner.value, "", (inner,))
        case And(parts) | Or(parts):
            return _junction(s, formula, parts, env)
        case Implies(left, right):
            before = _evaluated(s, left, env)
            if not before.value:
                return _node(formula, env, True, "its left side is false", (before,))
            after = _evaluated(s, right, env)
            if after.value:
                return _node(formula, env, True, "its right side is true", (after,))
            return _node(formula, env, False, "its left side is true and its right side false", (before, after))
        case Iff(left, right):
            before, after = _evaluated(s, left, env), _evaluated(s, right, env)
            same = before.value == after.value
            reason = "both sides are " + str(before.value).lower() if same else "its sides differ"
            return _node(formula, env, same, reason, (before, after))
        case ForAll() | Exists():
            return _quantifier(s, formula, env)
    return _node(formula, env, isinstance(formula, Truth), "")


def _junction(s: Structure, formula: Formula, parts: tuple[Formula, ...], env: dict[str, str]) -> Evaluation:
    """∧ is settled by one false part, ∨ by one true part; otherwise by all of them."""
    settles = isinstance(formula, Or)
    seen = []
    for number, part in enumerate(parts, 1):
        inner = _evaluated(s, part, env)
        if inner.value == settles:
            reason = f"part {number} of {len(parts)} is {'true' if settles else 'false'}"
            return _node(formula, env, settles, reason, (inner,))
        seen.append(inner)
    return _node(formula, env, not settles, f"every part is {'false' if settles else 'true'}", tuple(seen))


def _quantifier(s: Structure, formula: ForAll | Exists, env: dict[str, str]) -> Evaluation:
    """∃ is settled by one witness, ∀ by one counterexample; otherwise by all elements."""
    settles, name = isinstance(formula, Exists), formula.variable.name
    seen = []
    for element in s.domain:
        inner = _evaluated(s, formula.body, {**env, name: element})
        if inner.value == settles:
            reason = f"{'witness' if settles else 'counterexample'} {name} = {element}"
            return _node(formula, env, settles, reason, (inner,), element)
        seen.append(inner)
    return _node(formula, env, not settles, "no element is a witness" if settles else "every element", tuple(seen))


def _denoted(s: Structure, formula: Formula, terms: tuple[Term, ...], env: dict[str, str]) -> str:
    """What the compound terms of an atom denote, in words."""
    named = dict.fromkeys(term for term in terms if not isinstance(term, Variable))
    return ", ".join(f"{term} is {s.value(term, env)}" for term in named)


def _node(
    formula: Formula,
    env: Mapping[str, str],
    value: bool,
    reason: str,
    because: tuple[Evaluation, ...] = (),
    element: str | None = None,
) -> Evaluation:
    own = {variable.name: env[variable.name] for variable in sorted(formula.free, key=lambda v: v.name)}
    return Evaluation(formula, MappingProxyType(own), value, reason, element, because)
