"""Premises as they are given: by name or in order, as text or as formulas, with one meaning for each symbol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .formulas import Formula
from .parser import parse
from .signature import Signature

__all__ = ["closed_signature", "named_formulas"]


def named_formulas(formulas: Mapping[str, str | Formula] | Iterable[str | Formula]) -> dict[str, Formula]:
    """Formulas by name; those without are named by their place: "premise 1", …

    Raises:
        ValueError: A text is no formula.
    """
    if isinstance(formulas, str | Formula):
        formulas = [formulas]
    if not isinstance(formulas, Mapping):
        formulas = {f"premise {number}": formula for number, formula in enumerate(formulas, 1)}
    return {str(name): parse(formula) for name, formula in formulas.items()}


def closed_signature(formulas: Iterable[Formula]) -> Signature:
    """The symbols of formulas without free variables.

    Raises:
        ValueError: A variable is free, or a symbol is used in two ways.
    """
    signature = Signature()
    for formula in formulas:
        if formula.free:
            names = ", ".join(sorted(variable.name for variable in formula.free))
            raise ValueError(f"{names} is free in {formula}; bind it by ∀ or ∃")
        signature.add(formula)
    return signature
