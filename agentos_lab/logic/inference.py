"""Where a clause comes from: the rule, its parents, and the substitutions that were used.

Enough is written down to check the step without any search: which literals met, what replaced the variables of each
parent, and where a term was rewritten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .terms import Term, Variable

if TYPE_CHECKING:
    from .clauses import Clause

__all__ = ["Inference", "Premise"]


@dataclass(frozen=True)
class Premise:
    """One parent of an inference, and what was done to it.

    Attributes:
        clause: The parent.
        literal: The number of the literal that the rule is about, from 0.
        replace: What replaces each of its variables, in the variables of the new clause. A function, because most
            clauses of a search never have to tell.
        position: Where in the literal's atom a term is rewritten: argument numbers from 0; empty for other rules.
    """

    clause: Clause
    literal: int
    replace: Callable[[Variable], Term]
    position: tuple[int, ...] = ()

    @property
    def substitution(self) -> dict[Variable, Term]:
        """For each variable of the parent the term that replaced it."""
        found = {variable for _, atom in self.clause.literals for variable in atom.variables}
        return {v: self.replace(v) for v in sorted(found, key=lambda v: (len(v.name), v.name))}


@dataclass(frozen=True)
class Inference:
    """A rule and its premises.

    Attributes:
        rule: "input", "resolution", "factoring", "superposition", "equality resolution", "equality factoring",
            "demodulation" or "unit deletion".
        premises: The parents; none for "input".
        name: Of an input clause: the formula that it was made of.
        second: For factoring: the number of the literal that became equal to the first premise's.
    """

    rule: str
    premises: tuple[Premise, ...] = ()
    name: str = ""
    second: int | None = None
