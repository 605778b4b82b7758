"""What a ProofExplorer shows of a proof, as JSON: boxes or list, sentences, what each step used, verdicts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from agentos_lab.logic import GaveUp, Proof, Proved, Refuted

from .proof_graph import LISTED, rests_on_goal
from .proof_words import clause_text, step_sentence
from .runs import Runs, counted, rich, strong
from .text_metrics import fit, text_width
from .view import header

__all__ = ["answer_state", "proof_state"]


def proof_state(
    proof: Proof,
    graph: Mapping[str, Any] | None,
    latex: bool = False,
    verdicts: Mapping[int, Mapping[str, Any]] | None = None,
    effort: str = "",
) -> dict[str, Any]:
    """The state of a proof.

    Args:
        proof: What is shown.
        graph: Its drawing; None to show it as a list.
        latex: Whether the clauses are LaTeX source.
        verdicts: What checks have found, by step.
        effort: What the search did, in words.
    """
    used = counted(len(proof.used), "premise")
    made = re.search(r"(\d+) (?:generated|made)", effort)
    meta = f"{counted(len(proof), 'step')} from {used}" + (f" · {made[1]} clauses made" if made else "")
    return header(_title(proof, meta), step_sentence(proof, proof.steps[-1]), meta=meta) | {
        "kind": "list" if graph is None else "graph",
        "count": len(proof),
        "large": len(proof) > LISTED,
        "graph": graph,
        "rows": _rows(proof, latex) if graph is None else [],
        "tellings": [rich(step_sentence(proof, step)) for step in proof],
        "parents": [list(dict.fromkeys(parent.step for parent in step.parents)) for step in proof],
        "children": [_children(proof, step.number) for step in proof],
        "used": [_used(step) for step in proof],
        "says": [f"step {step.number}: {clause_text(step)}, {step.reason}" for step in proof],
        "verdicts": {str(number): dict(found) for number, found in sorted((verdicts or {}).items())},
        "latex": proof.latex() if latex else "",
    }  # fmt: skip


def answer_state(answer: Refuted | GaveUp | Proved | None) -> dict[str, Any]:
    """The state of an answer without a proof to draw: why there is none, and what to do.

    Args:
        answer: From `prove`; None for no answer at all.
    """
    goal = getattr(answer, "goal", None)
    asked = str(goal) if goal is not None else "a contradiction among the premises"
    if isinstance(answer, GaveUp):
        told: Runs = [strong("Gave up"), " on ", strong(fit(asked, 420)), ": this is neither a yes nor a no."]
        more = ["Where the search ended:", *_sentences(answer.reason)]
        more += ["What helps: more room (limits=Limits(…)), another Strategy, or fewer premises."]
        return _words("No proof, and no countermodel", told, "amber", more)
    if isinstance(answer, Refuted):
        told = [strong(fit(asked, 420)), " does not follow: there is no proof to show."]
        more = [f"Found by {answer.by}.", *_sentences(answer.reason)]
        if answer.countermodel is not None:
            more += ["A countermodel: a world in which all premises hold and the goal does not."]
            more += str(answer.countermodel).split("\n")[:8]
        return _words("Not proved, because it is not so", told, "vermilion", more)
    assert isinstance(answer, Proved)
    told = [strong(fit(asked, 420)), f" is proved by {answer.by}, which gives no steps to look at."]
    more = [f"Premises that it needs: {', '.join(answer.used) or 'none'}.",
            'For steps ask resolution: prove(premises, goal, engine="resolution").']  # fmt: skip
    return _words("Proved, without a proof to read", told, "green", more)


def _words(title: str, told: Runs, tone: str, lines: list[str]) -> dict[str, Any]:
    return header(title, told) | {"kind": "words", "tone": tone, "lines": lines, "count": 0}


def _sentences(text: str) -> list[str]:
    return [f"· {part.strip()}" for part in text.split(";") if part.strip()]


def _title(proof: Proof, meta: str) -> str:
    if proof.goal is None:
        return "The premises contradict each other"
    return fit(f"A proof by contradiction: {proof.goal}", 800 - text_width(meta, 11), 15, bold=True)


def _children(proof: Proof, number: int) -> list[int]:
    """The steps that follow from a step."""
    return [step.number for step in proof if number in {parent.step for parent in step.parents}]


def _used(step: Any) -> list[list[Any]]:
    """For each parent its number and its literals that cancel."""
    if step.rule not in ("resolution", "unit deletion"):
        return []
    return [
        [parent.step, [parent.literal] if step.second is None else [parent.literal, step.second]]
        for parent in step.parents
    ]


def _rows(proof: Proof, latex: bool) -> list[list[Any]]:
    """The steps for the list: clause, reason, and whether it is given, derived or rests on the negated goal."""
    supposed = rests_on_goal(proof)
    return [
        [clause_text(step, latex), "" if latex else step.reason if step.parents else step.formula_name,
         "supposed" if step.number in supposed else "derived" if step.parents else "given"]
        for step in proof
    ]  # fmt: skip
