"""Premises as they are given: by name or in order, as text or as formulas, with one meaning for each symbol."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import cast

from .clauses import ANSWER
from .formulas import Formula
from .parser import parse
from .proof import NEGATED_GOAL
from .signature import Signature

__all__ = ["checked_name", "closed_signature", "goal_formula", "named_formulas"]


def named_formulas(formulas: Mapping[str, str | Formula] | Iterable[str | Formula]) -> dict[str, Formula]:
    """Formulas by name; those without are named by their place: "premise 1", …

    Raises:
        ParseError: A text is no formula.
        ValueError: Something that is neither text nor formula, or a name that no premise can have.
    """
    if isinstance(formulas, str | Formula):
        formulas = [formulas]
    if not isinstance(formulas, Iterable) or isinstance(formulas, bytes):
        what = f"premises are a list of formulas, or a mapping from names to formulas, got {type(formulas).__name__}"
        raise ValueError(what + ("; meant was its .premises?" if hasattr(formulas, "premises") else ""))
    if not isinstance(formulas, Mapping):
        formulas = {f"premise {number}": formula for number, formula in enumerate(formulas, 1)}
    formulas = cast(Mapping[str, str | Formula], formulas)
    for name, formula in formulas.items():
        if not isinstance(formula, str | Formula):
            raise ValueError(f"{name}: expected a formula or its text, got {type(formula).__name__}")
        checked_name(name)
    return {name: parse(formula) for name, formula in formulas.items()}


def goal_formula(goal: str | Formula | None) -> Formula | None:
    """A goal as a formula; None stays None.

    Raises:
        ParseError: A text is no formula.
        ValueError: Neither text nor formula, such as a list.
    """
    if goal is not None and not isinstance(goal, str | Formula):
        what = f"the goal is one formula or its text, got {type(goal).__name__}"
        raise ValueError(f"{what}; the premises come first, as in prove(premises, goal)")
    return None if goal is None else parse(goal)


def checked_name(name: object) -> None:
    """Refuse what no premise can be called.

    Raises:
        ValueError: No text, an empty one, or the name that proofs have for the negated goal.
    """
    if not isinstance(name, str) or not name.strip():
        raise ValueError(f"a name is a text with at least one character, got {name!r}")
    if name == NEGATED_GOAL:
        raise ValueError(f"{name!r} is what proofs call the negation of the goal; a premise needs another name")


def closed_signature(formulas: Iterable[Formula]) -> Signature:
    """The symbols of formulas without free variables.

    Raises:
        ValueError: A variable is free, or a symbol is used in two ways or is kept for the prover.
    """
    signature = Signature()
    for formula in formulas:
        if formula.free:
            names = ", ".join(sorted(variable.name for variable in formula.free))
            raise ValueError(f"{names} is free in {formula}; bind it by ∀ or ∃")
        signature.add(formula)
    if ANSWER in signature.symbols:
        raise ValueError(f'"{ANSWER}" is the predicate with which the prover collects answers; take another name')
    return signature
