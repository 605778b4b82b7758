"""The signature of a language: which symbols there are, and how many arguments each takes."""

from __future__ import annotations

from .formulas import Atom, Equal, Formula, atoms
from .terms import Term, Variable

__all__ = ["Signature"]


class Signature:
    """Symbols with their kind ("predicate" or "function") and number of arguments, from the formulas read so far."""

    def __init__(self) -> None:
        self.symbols: dict[str, tuple[str, int]] = {}

    def note(self, kind: str, name: str, arity: int) -> str:
        """Add a symbol.

        Returns:
            What is wrong, if it was used in another way before; else an empty text.
        """
        known = self.symbols.setdefault(name, (kind, arity))
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
        for atom in atoms(formula):
            terms = (atom.left, atom.right) if isinstance(atom, Equal) else atom.args
            problems = [self.note("predicate", atom.predicate, len(atom.args))] if isinstance(atom, Atom) else []
            problems += [problem for term in terms for problem in self._terms(term)]
            for problem in problems:
                if problem:
                    raise ValueError(f"{problem}; in {formula}")

    def _terms(self, term: Term) -> list[str]:
        if isinstance(term, Variable):
            return []
        return [self.note("function", term.name, len(term.args)), *(p for arg in term.args for p in self._terms(arg))]

    def copy(self) -> Signature:
        """One that can be added to without changing this one."""
        other = Signature()
        other.symbols.update(self.symbols)
        return other


_KINDS = {
    ("predicate", True): "predicate", ("predicate", False): "proposition",
    ("function", True): "function", ("function", False): "constant",
}  # fmt: skip
