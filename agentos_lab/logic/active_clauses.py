"""The active clauses: those that have been combined with each other, arranged to find the partners of the next one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .clauses import EQUALITY, Clause
from .equality import equality_factors, equality_resolvents, sides, superpositions
from .literal_index import LiteralIndex
from .literal_selection import eligible_literals
from .resolution import Conclusion, factors, resolvents
from .simplification import Simplifier, rewrites, rewriting_equations
from .strategy import Strategy
from .subsumption import SubsumptionIndex
from .terms import Term, Variable, subterms

__all__ = ["ActiveClauses"]

_VARIABLE = ""  # in the place of a head: a side of an equation that is a variable, and unifies with every term


class ActiveClauses:
    """The clauses that take part in the search, with the inferences between them.

    Args:
        strategy: Which inferences are made.
    """

    def __init__(self, strategy: Strategy) -> None:
        self.strategy = strategy
        self.clauses: dict[int, Clause] = {}
        self.simplifier = Simplifier(strategy.demodulation, strategy.shortening)
        self.subsumption = SubsumptionIndex()
        self._eligible: dict[int, tuple[int, ...]] = {}
        self._partners = LiteralIndex()
        self._equations: dict[str, dict[tuple[int, int], Clause]] = defaultdict(dict)  # by the head of a left side
        self._targets: dict[str, dict[tuple[int, int], Clause]] = defaultdict(dict)  # by the heads inside a literal

    def __len__(self) -> int:
        return len(self.clauses)

    def add(self, clause: Clause) -> None:
        """Make a clause a partner for all that come later, and of itself."""
        self.clauses[clause.number] = clause
        self._eligible[clause.number] = eligible_literals(clause, self.strategy)
        self.simplifier.add(clause)
        self.subsumption.add(clause)
        for at in self._eligible[clause.number]:
            self._partners.add(clause, at)
            for head in self._rewritten_heads(clause, at):
                self._targets[head][clause.number, at] = clause
            for head in self._rewriting_heads(clause, at):
                self._equations[head][clause.number, at] = clause

    def remove(self, clause: Clause) -> None:
        """Take a clause out again."""
        del self.clauses[clause.number]
        self.simplifier.remove(clause)
        self.subsumption.remove(clause)
        for at in self._eligible.pop(clause.number):
            self._partners.remove(clause, at)
            for head in self._rewritten_heads(clause, at):
                del self._targets[head][clause.number, at]
            for head in self._rewriting_heads(clause, at):
                del self._equations[head][clause.number, at]

    def rewritten_by(self, given: Clause) -> list[Clause]:
        """The active clauses that a unit equation, active itself, rewrites."""
        found = {
            clause.number: clause
            for equation in (rewriting_equations(given) if len(given) == 1 else ())
            for sign in (True, False)
            for clause in self.subsumption.holding((sign, equation.left.name))
            if clause is not given and rewrites(equation, clause)
        }
        return [clause for _, clause in sorted(found.items())]

    def conclusions(self, given: Clause) -> Iterator[Conclusion]:
        """Everything that follows in one step from an active clause, from it alone and with every other."""
        for at in self._eligible[given.number]:
            sign, atom = given.literals[at]
            if atom.name != EQUALITY or not self._superposes:
                for partner, partner_at in self._partners.candidates(not sign, atom):
                    yield from resolvents(given, at, partner, partner_at)
                if sign or self.strategy.selection == "none" or self.strategy.set_of_support:
                    yield from factors(given, at)
            if self._superposes:
                yield from equality_resolvents(given, at)
                yield from equality_factors(given, at)
                yield from self._superpositions_from(given, at)
                yield from self._superpositions_into(given, at)

    @property
    def _superposes(self) -> bool:
        return self.strategy.equality == "superposition"

    def _superpositions_from(self, given: Clause, at: int) -> Iterator[Conclusion]:
        for head in self._rewriting_heads(given, at):
            heads = sorted(self._targets) if head == _VARIABLE else [head]
            targets = {key: clause for name in heads for key, clause in self._targets.get(name, {}).items()}
            for (_, target_at), target in targets.items():
                yield from superpositions(given, at, target, target_at, target_is_given=False)

    def _superpositions_into(self, given: Clause, at: int) -> Iterator[Conclusion]:
        for head in [*self._rewritten_heads(given, at), _VARIABLE]:
            for (_, source_at), source in list(self._equations.get(head, {}).items()):
                if source is not given:  # it is among its own targets already
                    yield from superpositions(source, source_at, given, at, target_is_given=True, head=head)

    def _rewriting_heads(self, clause: Clause, at: int) -> list[str]:
        """The heads of the terms that an equation can rewrite."""
        sign, atom = clause.literals[at]
        if not (self._superposes and sign and atom.name == EQUALITY):
            return []
        return sorted({_VARIABLE if isinstance(left, Variable) else left.name for _, left, _ in sides(atom)})

    def _rewritten_heads(self, clause: Clause, at: int) -> list[str]:
        """The heads of the terms in a literal that an equation could rewrite."""
        return sorted(_heads(clause.literals[at].atom)) if self._superposes else []


def _heads(atom: Term) -> set[str]:
    """The function symbols and constants inside an atom."""
    return {part.name for arg in atom.args for _, part in subterms(arg) if not isinstance(part, Variable)}
