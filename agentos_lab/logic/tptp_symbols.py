"""What TPTP's symbols, objects and numbers are called here, where one name has one meaning."""

from __future__ import annotations

import re
from fractions import Fraction

from .formulas import Equal, Formula, Not, conjunction
from .terms import Function

__all__ = ["Symbols"]


class Symbols:
    """What TPTP's symbols are called here, where one name has one meaning.

    In TPTP a predicate and a function may share a name, so may symbols with different numbers of arguments, and a name
    in quotes may look like a number or a variable. The first one keeps its name, the others get a number.
    """

    def __init__(self) -> None:
        self.names: dict[tuple[str, str, int], str] = {}
        self.taken: set[str] = set()
        self.distinct: dict[Function, tuple[str, object]] = {}  # objects and numbers, with what they stand for
        self.arithmetic = False  # whether numbers are added or compared, and so are numbers here too

    def name(self, kind: str, name: str, arity: int) -> str:
        """The name here of a "predicate" or "function" of TPTP."""
        key = (kind, name, arity)
        if key not in self.names:
            plain = _plain(name)
            self.names[key] = self._unused(plain, f"{plain}_{arity}")
        return self.names[key]

    def number(self, text: str) -> Function:
        """A number. Without arithmetic it is an object like others, of which only is known that it is not another."""
        kind = "rational" if "/" in text else "integer" if re.fullmatch(r"[+-]?\d+", text) else "real"
        value = Fraction(text)
        if self.arithmetic and kind != "rational":
            return Function(str(value) if kind == "integer" else text.lstrip("+"))
        words = text.lstrip("+").replace("-", "minus_").replace("/", "_over_")
        return self._object(kind, value, "number_" + re.sub(r"\W", "_", words))

    def distinct_object(self, text: str) -> Function:
        """A "distinct object", which is no other distinct object."""
        return self._object("object", text, _plain(re.sub(r"\\(.)", r"\1", text[1:-1])))

    def _object(self, kind: str, value: object, name: str) -> Function:
        key = (kind, str(value), -1)
        if key not in self.names:
            self.names[key] = self._unused(name, f"{kind}_{name}")
        made = Function(self.names[key])
        self.distinct[made] = (kind, value)
        return made

    def _unused(self, *wishes: str) -> str:
        found, number = wishes[0], 1
        for found in wishes:
            if found not in self.taken:
                break
        while found in self.taken:
            number += 1
            found = f"{wishes[-1]}_{number}"
        self.taken.add(found)
        return found

    def distinctness(self) -> Formula:
        """That all distinct objects differ, and all numbers of one kind, and objects from numbers."""
        known = list(self.distinct.items())
        return conjunction(
            [
                Not(Equal(one, other))
                for place, (one, (kind, _)) in enumerate(known)
                for other, (another, _) in known[place + 1 :]
                if kind == another or "object" in (kind, another)
            ]
        )


def _plain(name: str) -> str:
    """A name, but none that means a number, a sum or a comparison here, and none that TPTP takes for an object."""
    return f"symbol_{name}" if re.fullmatch(r"\W*|-?\d+(\.\d+)?|\".*\"", name) else name
