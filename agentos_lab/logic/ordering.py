"""The Knuth–Bendix ordering: which of two terms is the larger, so that equations are used from large to small only.

s > t holds when t has no variable more often than s, and s has more symbols; or as many and a larger head symbol; or
the same head and the first arguments that differ are larger. It is a simplification ordering, total on ground terms,
and stable under substitution: what is larger stays larger.

Source: Knuth & Bendix 1970; Baader & Nipkow 1998, section 5.4.4. Here every symbol weighs 1.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache

from .terms import Term, Variable

__all__ = ["larger", "larger_multiset"]


def larger(s: Term, t: Term) -> bool:
    """Whether s > t."""
    if s is t or isinstance(s, Variable):
        return False
    if isinstance(t, Variable):
        return t in s.variables
    if s.size < t.size or not _covers(s, t):
        return False
    if s.size > t.size:
        return True
    mine, other = _precedence(s), _precedence(t)
    if mine != other:
        return mine > other
    return next((larger(a, b) for a, b in zip(s.args, t.args, strict=True) if a is not b), False)


def larger_multiset(these: Iterable[Term], those: Iterable[Term]) -> bool:
    """The ordering of multisets: what one has more of is outweighed by something larger in the other."""
    mine, other = Counter(these), Counter(those)
    mine, other = mine - other, other - mine
    return bool(mine) and all(any(larger(s, t) for s in mine) for t in other)


def _precedence(term: Term) -> tuple[int, str]:
    return len(term.args), term.name


def _covers(s: Term, t: Term) -> bool:
    """Whether no variable is in t more often than in s."""
    if t.ground:
        return True
    if not t.variables <= s.variables:
        return False
    mine, other = _occurrences(s), _occurrences(t)
    return all(mine[variable] >= number for variable, number in other.items())


@lru_cache(maxsize=10_000)  # the same few terms are compared over and over
def _occurrences(term: Term) -> dict[Variable, int]:
    found: dict[Variable, int] = {}
    waiting = [term]
    while waiting:
        part = waiting.pop()
        if not part.args:
            if not part.ground:
                found[part] = found.get(part, 0) + 1  # type: ignore[index,call-overload]
        elif not part.ground:
            waiting += part.args
    return found
