"""The signature of a language: which symbols there are, and how many arguments each takes."""

from __future__ import annotations

from collections.abc import Iterator

from .formulas import Atom, Equal, Formula, atoms
from .terms import Variable, subterms

__all__ = ["Signature", "symbol_names"]


class Signature:
    """Symbols with their kind ("predicate" or "function") and number of arguments, from the formulas read so far."""

    def __init__(self) -> None:
        self.symbols: dict[str, tuple[str, int]] = {}

    def note(self, kind: str, name: str, arity: int) -> str:
        """Add a symbol.

        Returns:
            What is wrong, if it was used in another way before; else an empty text.
        """
        problem = self.clash(kind, name, arity)
        if not problem:
            self.symbols[name] = (kind, arity)
        return problem

    def clash(self, kind: str, name: str, arity: int) -> str:
        """What is wrong with using a symbol so, after how it was used before; an empty text where nothing is."""
        known = self.symbols.get(name, (kind, arity))
        if known == (kind, arity):
            return ""
        before, now = (
            f"a {_KINDS[k, bool(n)]}" + (f" of {n} argument{'s' * (n > 1)}" if n else "")
            for k, n in (known, (kind, arity))
        )
        return f"{name} is {now} here, and was {before} before"

    def add(self, formula: Formula) -> None:
        """Add the symbols of a formula.

        Raises:
            ValueError: A symbol that was used in another way before.
        """
        own = Signature()
        for kind, name, arity in _uses(formula):
            if problem := self.clash(kind, name, arity) or own.note(kind, name, arity):
                raise ValueError(f"{problem}; in {formula}")
        self.symbols.update(own.symbols)

    def copy(self) -> Signature:
        """One that can be added to without changing this one."""
        other = Signature()
        other.symbols.update(self.symbols)
        return other


def symbol_names(formula: Formula) -> set[str]:
    """The predicates, functions and constants of a formula."""
    return {name for _, name, _ in _uses(formula)}


def _uses(formula: Formula) -> Iterator[tuple[str, str, int]]:
    """Each use of a symbol: its kind, name and number of arguments."""
    for atom in atoms(formula):
        if isinstance(atom, Atom):
            yield "predicate", atom.predicate, len(atom.args)
        for term in (atom.left, atom.right) if isinstance(atom, Equal) else atom.args:
            for _, part in subterms(term):
                if not isinstance(part, Variable):
                    yield "function", part.name, len(part.args)


_KINDS = {
    ("predicate", True): "predicate", ("predicate", False): "proposition",
    ("function", True): "function", ("function", False): "constant",
}  # fmt: skip
