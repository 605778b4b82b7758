"""Simplification: a clause is replaced by a smaller one that says the same.

- Demodulation: an equation l = r replaces every instance of l by the smaller instance of r.
- Unit deletion: a unit clause ¬A deletes every instance of A.
- Equality resolution where it is certain: t ≠ t never holds; x ≠ t ∨ C says C with t in the place of x.
- Condensation: a clause that subsumes the clause without one of its literals, as P(x) ∨ P(a) does P(a), loses it.

Source: the rules of E (Schulz 2002, "E – a brainiac theorem prover", section 2.4); condensation: Joyner 1976.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from .clauses import EQUALITY, Clause, Literal, named_canonically
from .equality import replaced_at
from .inference import Inference, Premise
from .literal_index import LiteralIndex
from .ordering import larger
from .subsumption import match_literal
from .terms import Function, Term, Variable, substitute, subterms
from .unification import match

__all__ = ["Equation", "Simplifier", "condensed", "rewrites", "rewriting_equations", "without_certain_inequations"]


class Equation(NamedTuple):
    """One way to use a unit equation for rewriting.

    Attributes:
        clause: The equation.
        side: Which of its sides is on the left.
        left, right: What is rewritten, and to what.
        oriented: Whether left is larger than right in every instance; else each instance has to be compared.
        heads: The arguments of left that are no variables, with their symbols: most terms fail there already.
    """

    clause: Clause
    side: int
    left: Term
    right: Term
    oriented: bool
    heads: tuple[tuple[int, str], ...]

    def rewritten(self, term: Term) -> dict[Variable, Term] | None:
        """The bindings with which the equation makes a term smaller; None where it does not."""
        for place, head in self.heads:
            if term.args[place].name != head:
                return None
        bindings = match(self.left, term)
        if bindings is None or self.oriented or larger(term, substitute(self.right, bindings)):
            return bindings
        return None


class Simplifier:
    """The unit clauses of a search, arranged for simplifying others.

    Args:
        demodulation, shortening: Whether to rewrite by equations, and to delete literals.
    """

    def __init__(self, demodulation: bool = True, shortening: bool = True) -> None:
        self.demodulation, self.shortening = demodulation, shortening
        self._units = LiteralIndex()
        self._equations: dict[str, list[Equation]] = defaultdict(list)  # by the head of the left side
        self._normal_forms: dict[Term, Term] = {}  # of terms that were rewritten before

    def add(self, clause: Clause) -> None:
        """Use a clause from now on, if it has one literal."""
        if len(clause) == 1:
            self._units.add(clause, 0)
            for equation in rewriting_equations(clause):
                self._normal_forms.clear()
                self._equations[equation.left.name].append(equation)

    def remove(self, clause: Clause) -> None:
        """Use a clause no longer."""
        if len(clause) == 1:
            self._units.remove(clause, 0)
            for equation in rewriting_equations(clause):
                self._normal_forms.clear()
                self._equations[equation.left.name].remove(equation)

    def simplified(self, clause: Clause) -> Clause:
        """The clause simplified as far as it goes; itself where nothing changes."""
        current = clause
        while True:
            changed = self._rewritten(current) if self.demodulation else current
            if self.shortening:
                changed = condensed(without_certain_inequations(self._shortened(changed)))
            if changed is current:
                return current
            current = changed

    def _rewritten(self, clause: Clause) -> Clause:
        """One equation used at one place, each recorded, until none applies."""
        if not self._equations:
            return clause
        at = 0
        while at < len(clause):
            atom = clause.literals[at].atom
            if self._normal(atom) is atom:
                at += 1
            else:
                clause, at = self._rewritten_once(clause, at), 0
        return clause

    def _rewritten_once(self, clause: Clause, at: int) -> Clause:
        """The clause with one instance of an equation's left side replaced by its right side."""
        sign, atom = clause.literals[at]
        position, equation, bindings = self._first_redex(atom, ())
        literals = list(clause.literals)
        literals[at] = Literal(sign, replaced_at(atom, position, substitute(equation.right, bindings)))
        new, renamed = named_canonically(literals)
        premises = (
            Premise(equation.clause, 0, lambda v: substitute(bindings.get(v, v), renamed), (equation.side,)),
            Premise(clause, at, lambda v: renamed.get(v, v), position),
        )
        return Clause(new, Inference("demodulation", premises), clause.from_goal or equation.clause.from_goal)

    def _first_redex(
        self, term: Term, position: tuple[int, ...]
    ) -> tuple[tuple[int, ...], Equation, dict[Variable, Term]]:
        """The first innermost place where an equation applies, in a term that is not in normal form."""
        for place, arg in enumerate(term.args):
            if self._normal(arg) is not arg:
                return self._first_redex(arg, (*position, place))
        return position, *next(self._redexes(term))

    def _redexes(self, term: Term) -> Iterator[tuple[Equation, dict[Variable, Term]]]:
        """The equations that rewrite a term at its top, each with the bindings of its variables."""
        for equation in self._equations.get(term.name, ()):
            bindings = equation.rewritten(term)
            if bindings is not None:
                yield equation, bindings

    def _normal(self, term: Term) -> Term:
        """A term rewritten as far as it goes. An atom is a term too: no equation has its predicate at the head."""
        if isinstance(term, Variable):
            return term
        known = self._normal_forms.get(term)
        if known is not None:
            return known
        args = tuple([self._normal(arg) for arg in term.args])
        result: Term = term if args == term.args else Function(term.name, *args)
        found = next(self._redexes(result), None)
        if found is not None:
            equation, bindings = found
            result = self._normal(substitute(equation.right, bindings))
        self._normal_forms[term] = result
        return result

    def _shortened(self, clause: Clause) -> Clause:
        """Without the literals that a unit clause contradicts."""
        for at, (sign, atom) in enumerate(clause.literals):
            for unit, _ in self._units.candidates(not sign, atom):
                for bindings in match_literal(unit.literals[0], Literal(not sign, atom), {}):
                    return self._shortened(_without_literal(clause, at, "unit deletion", {}, unit, bindings))
        return clause


def rewriting_equations(clause: Clause) -> list[Equation]:
    """The ways to use a unit clause for rewriting: from a left side that holds all variables and is never smaller."""
    sign, atom = clause.literals[0]
    if not (sign and atom.name == EQUALITY):
        return []
    one, other = atom.args
    return [
        Equation(clause, side, left, right, larger(left, right), _argument_heads(left))
        for side, left, right in ((0, one, other), (1, other, one))
        if not isinstance(left, Variable) and right.variables <= left.variables and not larger(right, left)
    ]


def _argument_heads(term: Term) -> tuple[tuple[int, str], ...]:
    return tuple((place, arg.name) for place, arg in enumerate(term.args) if not isinstance(arg, Variable))


def rewrites(equation: Equation, clause: Clause) -> bool:
    """Whether an equation rewrites some term of a clause."""
    head = equation.left.name
    return any(
        position and part.name == head and equation.rewritten(part) is not None
        for _, atom in clause.literals
        for position, part in subterms(atom)
    )


def without_certain_inequations(clause: Clause) -> Clause:
    """Without t ≠ t; and without x ≠ t, with t in the place of x."""
    for at, (sign, atom) in enumerate(clause.literals):
        if sign or atom.name != EQUALITY:
            continue
        left, right = atom.args
        for one, other in ((left, right), (right, left)):
            if one is other:
                return without_certain_inequations(_without_literal(clause, at, "equality resolution", {}))
            if isinstance(one, Variable) and one not in other.variables:
                return without_certain_inequations(_without_literal(clause, at, "equality resolution", {one: other}))
    return clause


def condensed(clause: Clause) -> Clause:
    """Without literals that the rest of the clause has an instance of already."""
    literals = set(clause.literals)
    for at, literal in enumerate(clause.literals):
        if literal.atom.ground:
            continue
        for second, other in enumerate(clause.literals):
            if second == at:
                continue
            for bindings in match_literal(literal, other, {}):
                changed = {variable for variable, term in bindings.items() if term is not variable}
                instance = (
                    Literal(sign, substitute(atom, bindings))
                    for sign, atom in clause.literals
                    if not changed.isdisjoint(atom.variables)
                )
                if all(part in literals for part in instance) and _is_smaller(clause, bindings):
                    return condensed(_condensation(clause, at, second, bindings))
    return clause


def _is_smaller(clause: Clause, bindings: dict[Variable, Term]) -> bool:
    return len({Literal(sign, substitute(atom, bindings)) for sign, atom in clause.literals}) < len(clause)


def _condensation(clause: Clause, at: int, second: int, bindings: dict[Variable, Term]) -> Clause:
    """The instance of the clause in which literal `at` has become literal `second`."""
    new, renamed = named_canonically(
        Literal(sign, substitute(atom, bindings)) for number, (sign, atom) in enumerate(clause.literals) if number != at
    )
    premise = Premise(clause, second, lambda v: substitute(bindings.get(v, v), renamed))
    return Clause(new, Inference("factoring", (premise,), second=at), clause.from_goal)


def _without_literal(
    clause: Clause,
    at: int,
    rule: str,
    replaced: dict[Variable, Term],
    unit: Clause | None = None,
    bound: dict[Variable, Term] | None = None,
) -> Clause:
    """The clause without one literal: because of a unit clause under the bindings `bound`, or of itself."""
    new, renamed = named_canonically(
        Literal(sign, substitute(atom, replaced)) for number, (sign, atom) in enumerate(clause.literals) if number != at
    )
    premises = [Premise(clause, at, lambda v: substitute(replaced.get(v, v), renamed))]
    if unit is not None:
        bindings = bound or {}
        premises.append(Premise(unit, 0, lambda v: substitute(bindings.get(v, v), renamed)))
    from_goal = clause.from_goal or (unit is not None and unit.from_goal)
    return Clause(new, Inference(rule, tuple(premises)), from_goal)
