"""Terms of a model: how variables enter a regression, as themselves, as squares, as categories, as products.

``"age^2"`` is a power, ``"C(education)"`` one column for each category but the first, ``"qsmk:smokeintensity"`` a
product. A product of categories has one column for each pair.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass

import numpy as np

from agentos_lab.errors import ParseError

__all__ = ["Factor", "Term", "parse_term", "parse_terms"]

_FACTOR = re.compile(r"\s*(?:C\(\s*(?P<category>[^():^]+?)\s*\)|(?P<name>[^():^*]+?)\s*(?:\^\s*(?P<power>[1-9]))?)\s*")


@dataclass(frozen=True)
class Factor:
    """One variable of a term.

    Attributes:
        name: The column.
        power: The exponent; 1 for the variable itself.
        category: Whether it enters as categories.
    """

    name: str
    power: int = 1
    category: bool = False

    def __str__(self) -> str:
        return f"C({self.name})" if self.category else self.name + (f"^{self.power}" if self.power > 1 else "")

    def columns(
        self, data: Mapping[str, np.ndarray], categories: Mapping[str, tuple[Hashable, ...]]
    ) -> dict[str, np.ndarray]:
        """The columns (N,) of this factor by their labels; the first category is what the others compare with."""
        values = data[self.name]
        if self.category:
            others = categories[self.name][1:]
            return {f"{self.name}[{value}]": np.asarray(values == value, dtype=float) for value in others}
        return {str(self): values.astype(float) ** self.power}


@dataclass(frozen=True)
class Term:
    """A product of factors; most terms have one."""

    factors: tuple[Factor, ...]

    def __str__(self) -> str:
        return ":".join(map(str, self.factors))

    @property
    def names(self) -> tuple[str, ...]:
        """The variables in it."""
        return tuple(factor.name for factor in self.factors)

    def columns(
        self, data: Mapping[str, np.ndarray], categories: Mapping[str, tuple[Hashable, ...]]
    ) -> dict[str, np.ndarray]:
        """The columns of the design matrix that this term makes, by label.

        Args:
            data: Each variable's values (N,).
            categories: The values of each variable that enters as categories, the reference first.
        """
        made: dict[str, np.ndarray] = {}
        for number, factor in enumerate(self.factors):
            own = factor.columns(data, categories)
            made = own if number == 0 else {f"{a}:{b}": made[a] * own[b] for a in made for b in own}
        return made


def parse_terms(terms: str | Iterable[str | Term]) -> tuple[Term, ...]:
    """Read several terms, or a single one.

    Raises:
        ParseError, ValueError: As for `parse_term`.
    """
    if isinstance(terms, str) or not isinstance(terms, Iterable):
        return (parse_term(terms),)
    return tuple(parse_term(term) for term in terms)


def parse_term(text: str | Term) -> Term:
    """Read a term such as ``"age^2"``, ``"C(education)"`` or ``"qsmk:smokeintensity"``.

    Raises:
        ParseError: The text is no term; the message points at the character.
        ValueError: It is no text.
    """
    if isinstance(text, Term):
        return text
    if not isinstance(text, str):
        raise ValueError(f"a term is a text such as 'age^2', 'C(education)' or 'a:b', not {text!r}")
    factors, start = [], 0
    for part in text.split(":"):
        found = _FACTOR.fullmatch(part)
        if not found:
            position = start + next((place for place, character in enumerate(part) if character in "()^*"), 0)
            hint = "a name, name^2 to name^9, or C(name); ':' between factors, several terms as a list"
            raise ParseError("this is no term of a model", text, position, hint)
        category = found["category"]
        factors.append(Factor(category or found["name"], int(found["power"] or 1), category is not None))
        start += len(part) + 1
    return Term(tuple(factors))
