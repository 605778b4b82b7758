"""The rules of natural deduction: for each connective one that introduces it and one that eliminates it.

A rule looks at a line, the formulas of the lines that it cites, and the subproofs that it cites; it raises `WrongStep`,
which says why, where the line does not follow.

Source: Gentzen 1935; the rules as in Barwise & Etchemendy 1999, chapters 6, 8, 13. IP, DNE and LEM make it classical.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from .fitch_proof import FitchLine
from .formula_comparison import constant_names, differs_by_exchange, instantiating_term, same_formula
from .formulas import FALSE, TRUE, And, Equal, Exists, ForAll, Formula, Iff, Implies, Not, Or
from .terms import Function

__all__ = ["INFERENCES", "Inference", "Scope", "Subproof", "WrongStep"]


class WrongStep(Exception):
    """Why a line does not follow from what it cites."""


@dataclass(frozen=True)
class Subproof:
    """What a subproof shows: from its assumption, its conclusion."""

    assumption: Formula
    conclusion: Formula
    first: FitchLine


class Scope(Protocol):
    """What a rule may ask about the rest of the proof."""

    def open_assumption_with(self, name: str, line: FitchLine, outside: int = 0) -> FitchLine | None:
        """A premise or open assumption that speaks of a name, without that of the subproof which `outside` opens."""


# A rule: it gets the line, the formulas of the cited lines, and the cited subproofs.
Inference = Callable[[Scope, FitchLine, list[Formula], list[Subproof]], None]


def _need(condition: bool, reason: str) -> None:
    if not condition:
        raise WrongStep(reason)


def _reiteration(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    _need(same_formula(line.formula, cited[0]), f"reiteration repeats {cited[0]}, and this is {line.formula}")


def _and_introduction(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    parts = [part for formula in cited for part in _flat(And, formula)]
    wanted = _flat(And, line.formula)
    _need(isinstance(line.formula, And), f"∧I shows a conjunction, and {line.formula} is none")
    missing = next((part for part in wanted if not _among(part, parts)), None)
    _need(missing is None, f"the part {missing} of the conjunction is not among the cited lines")
    extra = next((part for part in parts if not _among(part, wanted)), None)
    _need(extra is None, f"{extra} is cited, and is no part of {line.formula}")


def _and_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    _need(isinstance(cited[0], And), f"∧E takes a conjunction apart, and {cited[0]} is none")
    whole = _flat(And, cited[0])
    _need(all(_among(part, whole) for part in _flat(And, line.formula)), f"{line.formula} is no part of {cited[0]}")


def _or_introduction(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    _need(isinstance(line.formula, Or), f"∨I shows a disjunction, and {line.formula} is none")
    wanted = _flat(Or, line.formula)
    _need(all(_among(part, wanted) for part in _flat(Or, cited[0])), f"{cited[0]} is no part of {line.formula}")


def _or_elimination(_: Scope, line: FitchLine, cited: list[Formula], subproofs: list[Subproof]) -> None:
    _need(isinstance(cited[0], Or), f"∨E goes through the cases of a disjunction, and {cited[0]} is none")
    cases = [part for subproof in subproofs for part in _flat(Or, subproof.assumption)]
    for part in _flat(Or, cited[0]):
        _need(_among(part, cases), f"the case {part} is missing: no cited subproof assumes it")
    for subproof in subproofs:
        number = subproof.first.number
        _need(
            same_formula(subproof.conclusion, line.formula),
            f"each case must end with {line.formula}, and the one from line {number} ends with {subproof.conclusion}",
        )


def _implies_introduction(_: Scope, line: FitchLine, __: list[Formula], subproofs: list[Subproof]) -> None:
    assumption, conclusion = subproofs[0].assumption, subproofs[0].conclusion
    _need(isinstance(line.formula, Implies), f"→I shows an implication, and {line.formula} is none")
    assert isinstance(line.formula, Implies)
    _need(same_formula(line.formula.left, assumption), f"the subproof assumes {assumption}, not {line.formula.left}")
    _need(
        same_formula(line.formula.right, conclusion), f"the subproof ends with {conclusion}, not {line.formula.right}"
    )


def _implies_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    pairs = [(a, b) for a, b in (cited, cited[::-1]) if isinstance(a, Implies)]
    _need(bool(pairs), f"→E needs an implication, and neither {cited[0]} nor {cited[1]} is one")
    if any(same_formula(a.left, b) and same_formula(a.right, line.formula) for a, b in pairs):
        return
    implication, other = next(((a, b) for a, b in pairs if same_formula(a.left, b)), pairs[0])
    if not same_formula(implication.left, other):
        backwards = "; from the consequent nothing follows" if same_formula(implication.right, other) else ""
        raise WrongStep(f"{implication} needs {implication.left}, and {other} is cited{backwards}")
    raise WrongStep(f"{implication} gives {implication.right}, not {line.formula}")


def _iff_introduction(_: Scope, line: FitchLine, __: list[Formula], subproofs: list[Subproof]) -> None:
    _need(isinstance(line.formula, Iff), f"↔I shows an equivalence, and {line.formula} is none")
    assert isinstance(line.formula, Iff)
    sides = (line.formula.left, line.formula.right)
    for start, end in (sides, sides[::-1]):
        _need(
            any(same_formula(s.assumption, start) and same_formula(s.conclusion, end) for s in subproofs),
            f"no cited subproof leads from {start} to {end}",
        )


def _iff_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    pairs = [(a, b) for a, b in (cited, cited[::-1]) if isinstance(a, Iff)]
    _need(bool(pairs), f"↔E needs an equivalence, and neither {cited[0]} nor {cited[1]} is one")
    fits = any(
        same_formula(start, other) and same_formula(end, line.formula)
        for iff, other in pairs
        for start, end in ((iff.left, iff.right), (iff.right, iff.left))
    )
    _need(fits, f"{line.formula} is not the other side of the equivalence {pairs[0][0]} to {pairs[0][1]}")


def _not_introduction(_: Scope, line: FitchLine, __: list[Formula], subproofs: list[Subproof]) -> None:
    _need(subproofs[0].conclusion == FALSE, f"the subproof must end with ⊥, and ends with {subproofs[0].conclusion}")
    wanted = Not(subproofs[0].assumption)
    _need(same_formula(line.formula, wanted), f"the subproof refutes its assumption: {wanted}, not {line.formula}")


def _not_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    clash = any(same_formula(a, Not(b)) for a, b in (cited, cited[::-1]))
    _need(clash, f"¬E needs a formula and its negation, and {cited[0]} and {cited[1]} are not that")
    _need(line.formula == FALSE, f"¬E shows ⊥, not {line.formula}")


def _false_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    _need(cited[0] == FALSE, f"⊥E needs ⊥, and {cited[0]} is cited")


def _indirect_proof(_: Scope, line: FitchLine, __: list[Formula], subproofs: list[Subproof]) -> None:
    _need(subproofs[0].conclusion == FALSE, f"the subproof must end with ⊥, and ends with {subproofs[0].conclusion}")
    wanted = Not(line.formula)
    assumed = subproofs[0].assumption
    _need(same_formula(assumed, wanted), f"to show {line.formula} indirectly, assume {wanted}, not {assumed}")


def _double_negation(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    _need(
        same_formula(cited[0], Not(Not(line.formula))), f"DNE needs {Not(Not(line.formula))}, and {cited[0]} is cited"
    )


def _excluded_middle(_: Scope, line: FitchLine, __: list[Formula], ___: list[Subproof]) -> None:
    parts = line.formula.parts if isinstance(line.formula, Or) else ()
    fits = len(parts) == 2 and any(same_formula(a, Not(b)) for a, b in (parts, parts[::-1]))
    _need(fits, f"LEM shows a formula or its negation, and {line.formula} is not that")


def _forall_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    general = cited[0]
    _need(isinstance(general, ForAll), f"∀E needs a formula that begins with ∀, and {general} does not")
    assert isinstance(general, ForAll)
    _need(
        instantiating_term(general.variable, general.body, line.formula) is not None,
        f"{line.formula} is not {general.body} with one and the same term for {general.variable}",
    )


def _forall_introduction(scope: Scope, line: FitchLine, cited: list[Formula], subproofs: list[Subproof]) -> None:
    general = line.formula
    _need(isinstance(general, ForAll), f"∀I shows a formula that begins with ∀, and {general} does not")
    assert isinstance(general, ForAll)
    shown = subproofs[0].conclusion if subproofs else cited[0]
    if subproofs:
        name = subproofs[0].first.arbitrary
        number = subproofs[0].first.number
        _need(bool(name), f"∀I needs a subproof about an arbitrary object: line {number} should name it, as in [c]")
        only = subproofs[0].assumption == TRUE
        _need(
            only,
            f"line {number} assumes {subproofs[0].assumption}; for ∀I it should name [{name}] and assume nothing",
        )
    term = instantiating_term(general.variable, general.body, shown)
    _need(term is not None, f"{shown} is not {general.body} with one and the same name for {general.variable}")
    if general.variable not in general.body.free:
        return
    assert term is not None
    called = str(term)
    if subproofs:
        _need(called == name, f"the arbitrary object is {name}, and {shown} is about {called}")
    _need(isinstance(term, Function) and not term.args, f"{term} is no name of an arbitrary object")
    _need(called not in constant_names(general), f"{called} still occurs in {general}; every place must be generalised")
    culprit = scope.open_assumption_with(called, line)
    reason = f"{called} is not arbitrary: line {culprit.number if culprit else 0} supposes something of it"
    _need(culprit is None, reason)


def _exists_introduction(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    some = line.formula
    _need(isinstance(some, Exists), f"∃I shows a formula that begins with ∃, and {some} does not")
    assert isinstance(some, Exists)
    _need(
        instantiating_term(some.variable, some.body, cited[0]) is not None,
        f"{cited[0]} is not {some.body} with one and the same term for {some.variable}",
    )


def _exists_elimination(scope: Scope, line: FitchLine, cited: list[Formula], subproofs: list[Subproof]) -> None:
    some, subproof = cited[0], subproofs[0]
    _need(isinstance(some, Exists), f"∃E needs a formula that begins with ∃, and {some} does not")
    assert isinstance(some, Exists)
    term = instantiating_term(some.variable, some.body, subproof.assumption)
    _need(term is not None, f"the subproof assumes {subproof.assumption}, which is not {some.body} for a new name")
    shown = subproof.conclusion
    _need(same_formula(shown, line.formula), f"the subproof ends with {shown}, not {line.formula}")
    if some.variable not in some.body.free:
        return
    assert term is not None
    name = str(term)
    _need(isinstance(term, Function) and not term.args, f"{term} is no new name")
    flagged = subproof.first.arbitrary
    _need(flagged in ("", name), f"the subproof names {flagged}, and assumes {subproof.assumption}")
    _need(name not in constant_names(some), f"{name} occurs in {some}, so that it is not a new name")
    _need(
        name not in constant_names(line.formula),
        f"{line.formula} speaks of {name}, which is known inside the subproof only",
    )
    culprit = scope.open_assumption_with(name, subproof.first, outside=subproof.first.number)
    _need(culprit is None, f"{name} is not a new name: line {culprit.number if culprit else 0} speaks of it")


def _equal_introduction(_: Scope, line: FitchLine, __: list[Formula], ___: list[Subproof]) -> None:
    fits = isinstance(line.formula, Equal) and line.formula.left is line.formula.right
    _need(fits, f"=I shows t = t, and {line.formula} is not that")


def _equal_elimination(_: Scope, line: FitchLine, cited: list[Formula], __: list[Subproof]) -> None:
    pairs = [(a, b) for a, b in (cited, cited[::-1]) if isinstance(a, Equal)]
    _need(bool(pairs), f"=E needs an equation, and neither {cited[0]} nor {cited[1]} is one")
    fits = any(
        differs_by_exchange(start, end, other, line.formula)
        for equation, other in pairs
        for start, end in ((equation.left, equation.right), (equation.right, equation.left))
    )
    equation, other = pairs[0]
    _need(fits, f"{line.formula} is not {other} with {equation.left} and {equation.right} exchanged")


# What each rule cites, and how it is checked.
INFERENCES: dict[str, tuple[str, Inference]] = {
    "R": ("line", _reiteration),
    "∧I": ("line line", _and_introduction), "∧E": ("line", _and_elimination),
    "∨I": ("line", _or_introduction), "∨E": ("line subproof subproof", _or_elimination),
    "→I": ("subproof", _implies_introduction), "→E": ("line line", _implies_elimination),
    "↔I": ("subproof subproof", _iff_introduction), "↔E": ("line line", _iff_elimination),
    "¬I": ("subproof", _not_introduction), "¬E": ("line line", _not_elimination),
    "⊥E": ("line", _false_elimination), "IP": ("subproof", _indirect_proof),
    "DNE": ("line", _double_negation), "LEM": ("", _excluded_middle),
    "∀I": ("subproof", _forall_introduction), "∀E": ("line", _forall_elimination),
    "∃I": ("line", _exists_introduction), "∃E": ("line subproof", _exists_elimination),
    "=I": ("", _equal_introduction), "=E": ("line line", _equal_elimination),
}  # fmt: skip


def _flat(kind: type[And] | type[Or], formula: Formula) -> list[Formula]:
    return [inner for part in formula.parts for inner in _flat(kind, part)] if isinstance(formula, kind) else [formula]


def _among(formula: Formula, others: list[Formula]) -> bool:
    return any(same_formula(formula, other) for other in others)
