"""Equality by axioms: "=" as a predicate like any other, with what makes it an equality among the premises.

Reflexive, symmetric, transitive, and a congruence for every argument of every symbol: 3 + n axioms, which resolution
then uses over and over. Superposition needs none of them; the difference is worth seeing.
"""

from __future__ import annotations

from collections.abc import Mapping

from .formulas import Atom, Equal, Formula, children, rebuilt
from .parser import parse
from .signature import Signature

__all__ = ["as_a_predicate", "equality_axioms"]


def as_a_predicate(formula: Formula, name: str) -> Formula:
    """The formula with name(s, t) in the place of s = t."""
    if isinstance(formula, Equal):
        return Atom(name, (formula.left, formula.right))
    inside = children(formula)
    return rebuilt(formula, tuple(as_a_predicate(part, name) for part in inside)) if inside else formula


def equality_axioms(signature: Signature, name: str) -> Mapping[str, Formula]:
    """What makes a predicate an equality, by name.

    Args:
        signature: The other symbols.
        name: The predicate that stands for equality.
    """
    equal = f'"{name}"'
    axioms = {
        "reflexive": f"∀x {equal}(x, x)",
        "symmetric": f"∀x ∀y ({equal}(x, y) → {equal}(y, x))",
        "transitive": f"∀x ∀y ∀z ({equal}(x, y) ∧ {equal}(y, z) → {equal}(x, z))",
    }
    for symbol, (kind, arity) in signature.symbols.items():
        for place in range(arity):
            before = [f"x{number}" for number in range(arity)]
            after = [*before[:place], "y", *before[place + 1 :]]
            quantified = "".join(f"∀{variable} " for variable in [*before, "y"])
            one, other = (f'"{symbol}"({", ".join(arguments)})' for arguments in (before, after))
            then = f"{equal}({one}, {other})" if kind == "function" else f"({one} → {other})"
            axioms[f"congruent in argument {place + 1} of {symbol}"] = f"{quantified}({equal}(x{place}, y) → {then})"
    return {f"equality: {name}": parse(text) for name, text in axioms.items()}
