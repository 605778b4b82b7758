"""The answer to "is this step right?": the checker's, which uses the rule alone, and Z3's, which knows no rules."""

from __future__ import annotations

from agentos_lab.logic import ForAll, Formula, Proof, follows
from agentos_lab.logic.proof import ProofStep
from agentos_lab.logic.proof_check import check_step

from .text_metrics import wrap

__all__ = ["closed", "verdict"]

Z3_STEPS = 200_000  # its limit for one step; most need a few hundred
ROOM = 206  # pixels of a line


def verdict(proof: Proof, step: ProofStep) -> dict[str, object]:
    """What is found: a tone (green, vermilion or amber), a title, and lines of explanation.

    Args:
        proof: The proof that the step is in.
        step: The step, possibly wrong.
    """
    fault = check_step(proof, step)
    if fault:
        return _told("vermilion", "This step is wrong", f"Checker: {fault}.")
    if not step.parents:
        told = "Checker: it is a clause of the formula. New (Skolem) names are no consequence, so Z3 is not asked."
        return _told("green", "This step is right", told)
    did = "put in, cancel, compare" if step.rule in ("resolution", "unit deletion") else "put in, apply, compare"
    believed = _follows(proof, step)
    numbers = ", ".join(str(number) for number in dict.fromkeys(parent.step for parent in step.parents))
    if believed is None:
        return _told("amber", "Right, says the checker alone", f"Checker: {did}; equal. Z3 gave up on it.")
    if not believed:
        told = f"Checker: {did}; equal. Z3: {numbers} without {step.number} is possible."
        return _told("vermilion", "The two checks disagree", told)
    numbers += f" and not {step.number}" if step.literals else ""
    how = "hold" if numbers.isdigit() else "all hold"
    beside = f"{numbers} cannot {how}"
    return _told("green", "This step is right", f"Checker: {did}; equal. Z3: {beside}.")


def closed(formula: Formula) -> Formula:
    """A clause with its variables bound: they stand for everything."""
    for variable in sorted(formula.free, key=lambda variable: variable.name, reverse=True):
        formula = ForAll(variable, formula)
    return formula


def _follows(proof: Proof, step: ProofStep) -> bool | None:
    premises = [closed(proof[parent.step].clause) for parent in step.parents]
    try:
        return follows(premises, closed(step.clause), rlimit=Z3_STEPS)
    except ValueError:  # a formula that Z3's language has no word for
        return None


def _told(tone: str, title: str, text: str) -> dict[str, object]:
    return {"tone": tone, "title": title, "lines": wrap(text, ROOM, 11)[:4]}
