"""Subsumption: a clause that says more makes a clause that says less superfluous.

C subsumes D when some substitution turns the literals of C into literals of D, no two of them into the same one: P(x)
subsumes P(a) ∨ Q. The subsumed clause can go, and the search stays complete.

"No two into the same one" matters. Without it ¬P(x) ∨ ¬P(y) would subsume its own factor ¬P(x), and with the factor the
refutation would be thrown away (Bachmair & Ganzinger 2001, section 4.2.2).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .clauses import Clause, Feature, Literal
from .terms import Term, Variable
from .unification import match

__all__ = ["SubsumptionIndex", "match_literal", "subsumes"]

_MOST_ATTEMPTS = 200  # literals placed; nearly every question is decided within a few


def subsumes(general: Clause, special: Clause) -> bool:
    """Whether the first clause subsumes the second.

    In the worst case the question takes exponential time; after a fixed number of attempts the answer is no, which
    loses no proof.
    """
    if len(general) > len(special) or general.size > special.size or not general.features <= special.features:
        return False
    if len(general) == 1:
        pattern = general.literals[0]
        return any(_fits(pattern, literal) for literal in special.literals)
    candidates = []
    for pattern in general.literals:
        fitting = [place for place, literal in enumerate(special.literals) if _fits(pattern, literal)]
        if not fitting:
            return False
        candidates.append((pattern, fitting))
    candidates.sort(key=lambda pair: (len(pair[1]), -pair[0].atom.size))  # the hardest to place comes first
    return _Matching(candidates, special.literals).fits(0, {}, frozenset())


def _fits(pattern: Literal, instance: Literal) -> bool:
    if pattern.positive != instance.positive or pattern.atom.name != instance.atom.name:
        return False
    if match(pattern.atom, instance.atom) is not None:
        return True
    return pattern.is_equation and next(match_literal(pattern, instance, {}), None) is not None


class _Matching:
    """The search for one substitution that fits all literals, with a limit."""

    def __init__(self, candidates: list[tuple[Literal, list[int]]], literals: tuple[Literal, ...]) -> None:
        self.candidates, self.literals = candidates, literals
        self.attempts = _MOST_ATTEMPTS

    def fits(self, number: int, bindings: dict[Variable, Term], used: frozenset[int]) -> bool:
        """Whether the patterns from `number` on can be matched, given what those before them bound and used."""
        if number == len(self.candidates):
            return True
        pattern, fitting = self.candidates[number]
        for place in fitting:
            if place in used:
                continue
            for found in match_literal(pattern, self.literals[place], bindings):
                self.attempts -= 1
                if self.attempts > 0 and self.fits(number + 1, found, used | {place}):
                    return True
        return False


def match_literal(
    pattern: Literal, instance: Literal, bindings: dict[Variable, Term]
) -> Iterator[dict[Variable, Term]]:
    """The ways in which a literal is an instance of another: an equation also the other way round."""
    if pattern.positive != instance.positive or pattern.atom.name != instance.atom.name:
        return
    found = match(pattern.atom, instance.atom, bindings)
    if found is not None:
        yield found
    if pattern.is_equation:
        left, right = pattern.atom.args
        turned = match(left, instance.atom.args[1], bindings)
        found = match(right, instance.atom.args[0], turned) if turned is not None else None
        if found is not None:
            yield found


class SubsumptionIndex:
    """Clauses, arranged so that few have to be tried.

    A substitution can add symbols to a clause but never remove one: a clause subsumes only clauses that have all of its
    features. So it is filed under its rarest feature alone, and found under the features of what it may subsume.
    """

    def __init__(self) -> None:
        self._filed: dict[Feature, dict[int, Clause]] = defaultdict(dict)  # each clause under one feature
        self._holding: dict[Feature, dict[int, Clause]] = defaultdict(dict)  # each clause under all of its features
        self._rarest: dict[int, Feature] = {}

    def add(self, clause: Clause) -> None:
        """Take up a clause that is not empty."""
        rarest = min(clause.features, key=lambda feature: (len(self._filed[feature]), feature))
        self._rarest[clause.number] = rarest
        self._filed[rarest][clause.number] = clause
        for feature in clause.features:
            self._holding[feature][clause.number] = clause

    def remove(self, clause: Clause) -> None:
        """Take a clause out again."""
        del self._filed[self._rarest.pop(clause.number)][clause.number]
        for feature in clause.features:
            del self._holding[feature][clause.number]

    def holding(self, feature: Feature) -> list[Clause]:
        """The clauses that have a feature."""
        return list(self._holding.get(feature, {}).values())

    def subsumer_of(self, clause: Clause) -> Clause | None:
        """A clause that makes this one superfluous, if there is one."""
        for feature in clause.features:
            for general in self._filed.get(feature, {}).values():
                if subsumes(general, clause):
                    return general
        return None

    def subsumed_by(self, clause: Clause) -> list[Clause]:
        """The clauses that this one makes superfluous."""
        fewest = min((self._holding.get(feature, {}) for feature in clause.features), key=len, default={})
        return [special for special in fewest.values() if subsumes(clause, special)]
