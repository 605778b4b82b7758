"""The words of a ProofExplorer: literals cut into parts that are coloured, and each step told as a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from agentos_lab.logic import Literal, Proof, Term, Variable, substitute
from agentos_lab.logic.proof import NEGATED_GOAL, ProofStep

from .runs import Runs, strong
from .text_metrics import fit, text_width

__all__ = ["REWRITTEN", "clause_text", "literal_parts", "literal_text", "step_sentence"]

Part = tuple[str, int | None]  # a piece of text, and which of the tints it has
REWRITTEN = 3  # the tint of a term in the place where an equation is used; 0 to 2 are those of variables
SENTENCE = 690  # pixels that it should take, to leave room for a verdict
CONTRADICTION, PROVED = "the premises contradict each other", "the goal is proved"


def literal_text(literal: Literal, latex: bool) -> str:
    """A literal in Unicode, or as LaTeX source."""
    if not latex:
        return str(literal)
    from agentos_lab.logic.clauses import formula_of

    return formula_of([literal]).latex()


def clause_text(step: ProofStep, latex: bool = False) -> str:
    """A step's clause in Unicode or as LaTeX source."""
    if not step.literals:
        return r"\square" if latex else "□"
    return step.clause.latex() if latex else step.text


def literal_parts(
    literal: Literal,
    tints: Mapping[Variable, int],
    put_in: Mapping[Variable, Term] | None = None,
    position: tuple[int, ...] | None = None,
) -> list[Part]:
    """A literal in pieces, so that what a substitution puts in can be coloured like the variable that it replaces.

    Args:
        literal: Of a parent, before the substitution.
        tints: The number of the colour of each variable.
        put_in: What replaces the variables; None leaves them.
        position: Where a term is rewritten: argument numbers from 0.
    """
    changed = Literal(literal.positive, substitute(literal.atom, put_in or {}))
    atom, sign = literal.atom, "" if literal.positive else "¬"
    if literal.is_equation:
        between = " = " if literal.positive else " ≠ "
        sides = [_term_parts(arg, (place,), tints, put_in, position) for place, arg in enumerate(atom.args)]
        parts = [*sides[0], (between, None), *sides[1]]
    else:
        parts = [(sign, None), *_term_parts(atom, (), tints, put_in, position)]
    joined = _joined(parts)
    # Sums and products stand between their arguments; such a literal stays in one piece.
    return joined if "".join(text for text, _ in joined) == str(changed) else [(str(changed), None)]


def _term_parts(
    term: Term,
    here: tuple[int, ...],
    tints: Mapping[Variable, int],
    put_in: Mapping[Variable, Term] | None,
    position: tuple[int, ...] | None,
) -> list[Part]:
    if here and here == position:
        return [(str(substitute(term, put_in or {})), REWRITTEN)]
    if isinstance(term, Variable):
        return [(str((put_in or {}).get(term, term)), tints.get(term))]
    if not term.args:
        return [(term.name, None)]
    parts: list[Part] = [(f"{term.name}(", None)]
    for place, arg in enumerate(term.args):
        parts += [(", ", None)] * bool(place) + _term_parts(arg, (*here, place), tints, put_in, position)
    return [*parts, (")", None)]


def _joined(parts: list[Part]) -> list[Part]:
    """Neighbours without a colour as one piece, empty ones left out."""
    joined: list[Part] = []
    for text, tint in parts:
        if tint is None and joined and joined[-1][1] is None:
            joined[-1] = (joined[-1][0] + text, None)
        elif text:
            joined.append((text, tint))
    return joined


def step_sentence(proof: Proof, step: ProofStep) -> Runs:
    """What a step says and why, for the header and for those who listen."""
    place = f"Step {step.number} of {len(proof)}: "
    shown = [clause_text(proof[parent.step]) for parent in step.parents] + [clause_text(step)]
    numbers = " and ".join(f" ({parent.step})" for parent in step.parents)
    fixed = text_width(f"{place}because {numbers}, follows by {step.rule}.")
    end = CONTRADICTION if proof.contradictory or proof.goal is None else PROVED
    if not step.literals:
        fixed = text_width(f"{place}{numbers} cannot both hold: .") + text_width(end, bold=True)
    *above, own = _fitted(shown, SENTENCE - fixed)
    told = strong(own)
    if not step.parents:
        if step.formula_name == NEGATED_GOAL:
            return [place, "suppose that the goal is false; then ", told, "."]
        if not step.literals:
            return [place, strong(f"{step.formula_name} is false in every world"), ": no more is needed."]
        return [place, told, f" says a part of {step.formula_name}."]
    earlier = [(text, parent.step) for text, parent in zip(above, step.parents, strict=True)]
    because = [part for text, number in earlier for part in (" and ", strong(text), f" ({number})")][1:]
    if step.literals:
        return [place, "because ", *because, ", ", told, f" follows by {step.rule}."]
    ends = " cannot both hold: " if len(earlier) == 2 else " can never hold: "
    return [place, *because, ends, strong(end), "."]


def _fitted(texts: list[str], room: float) -> list[str]:
    """Texts cut to share so many pixels: the short ones stay whole, the long ones get equal parts of the rest."""
    widths = [text_width(text, bold=True) for text in texts]
    least, left = 0.0, room
    for count, width in zip(range(len(texts), 0, -1), sorted(widths), strict=True):
        least = left / count
        if width > least:
            break
        left -= width
    else:
        return texts
    return [fit(text, max(least, 40.0), bold=True) for text in texts]
