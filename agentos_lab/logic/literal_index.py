"""Which literals can meet a given one: those of the wanted sign and predicate whose first argument does not clash.

First-argument indexing is how Prolog finds its clauses. P(a, x) can only meet P(a, …) and P(y, …), so literals are
filed under the head of their first argument, and those that start with a variable apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from .clauses import EQUALITY, Clause
from .terms import Term, Variable

__all__ = ["LiteralIndex"]

_ANY = ""  # the head of a variable, of an equation (it can be read both ways), and where there is no argument


class LiteralIndex:
    """Literals of clauses, found by what they could be unified with. Removal is as quick as adding."""

    def __init__(self) -> None:
        self._filed: dict[tuple[bool, str], dict[str, dict[tuple[int, int], Clause]]] = defaultdict(dict)

    def add(self, clause: Clause, at: int) -> None:
        """File the literal number `at` of a clause."""
        sign, atom = clause.literals[at]
        self._filed[sign, atom.name].setdefault(_head(atom), {})[clause.number, at] = clause

    def remove(self, clause: Clause, at: int) -> None:
        """Take a literal out again."""
        sign, atom = clause.literals[at]
        self._filed[sign, atom.name].get(_head(atom), {}).pop((clause.number, at), None)

    def candidates(self, sign: bool, atom: Term) -> Iterator[tuple[Clause, int]]:
        """Clauses with the number of a literal that has this sign and may unify with the atom, in a fixed order."""
        heads = self._filed.get((sign, atom.name))
        if not heads:
            return
        head = _head(atom)
        found = list(heads.values()) if head == _ANY else [heads.get(_ANY, {}), heads.get(head, {})]
        for literals in found:
            for (_, at), clause in list(literals.items()):
                yield clause, at


def _head(atom: Term) -> str:
    if not atom.args or atom.name == EQUALITY or isinstance(atom.args[0], Variable):
        return _ANY
    return atom.args[0].name
