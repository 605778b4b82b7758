"""The Bernays–Schönfinkel class: formulas for which finitely many elements are enough.

Where there are no functions, and no ∃ below a ∀, every element that a model needs has a name: a constant, or the
witness of an ∃ on the outside. All other elements can be left out. So a formula with k such names has a model with at
most k elements or none at all: searching finite domains decides it.

Source: Bernays & Schönfinkel 1928, "Zum Entscheidungsproblem der mathematischen Logik"; with equality: Ramsey 1930.
"""

from __future__ import annotations

from .formulas import And, Exists, ForAll, Formula, Iff, Not, Or, conjunction
from .signature import Signature

__all__ = ["enough_elements"]


def enough_elements(narrow: list[Formula], signature: Signature) -> int | None:
    """How many elements suffice if there is a model at all; None if the formulas are not in the class.

    Args:
        narrow: The formulas, `narrowed`.
        signature: Their symbols.
    """
    if any(kind == "function" and arity for kind, arity in signature.symbols.values()):
        return None
    named = sum(kind == "function" for kind, _ in signature.symbols.values())
    unnamed = _unnamed(conjunction(narrow))
    return None if unnamed is None else max(1, named + unnamed)


def _unnamed(formula: Formula) -> int | None:
    """How many elements a narrowed formula claims by ∃; None if some ∃ stands below a ∀."""
    match formula:
        case And(parts) | Or(parts):
            counts = [_unnamed(part) for part in parts]
            return None if None in counts else sum(count or 0 for count in counts)
        case Exists(_, body):
            inner = _unnamed(body)
            return None if inner is None else inner + 1
        case ForAll(_, body):
            return 0 if _unnamed(body) == 0 else None
        case Iff(left, right):  # each side is used both ways
            return 0 if not _quantified(left) and not _quantified(right) else None
    return 0


def _quantified(formula: Formula) -> bool:
    match formula:
        case ForAll() | Exists():
            return True
        case Not(part):
            return _quantified(part)
        case And(parts) | Or(parts):
            return any(_quantified(part) for part in parts)
        case Iff(left, right):
            return _quantified(left) or _quantified(right)
    return False
