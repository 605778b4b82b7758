"""One step of a proof taken apart: its parents, what is put in for their variables, what cancels, what is left."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from agentos_lab.logic import Literal, Proof, Variable, substitute
from agentos_lab.logic.proof import NEGATED_GOAL, Parent, ProofStep

from .proof_words import Part, clause_text, literal_parts, literal_text
from .sketch import Mark, Sketch
from .text_metrics import fit, text_width, wrap

__all__ = ["INSPECTOR", "inspect_step"]

INSPECTOR = (264.0, 320.0)  # width, and the height that a step should take
LONG = 176.0  # pixels of a literal; where one is wider, the type is smaller
INDENT = 28.0  # where clauses begin, right of their numbers
# Colour and dash of what is under a tinted term: three variables, and the place of a rewriting.
TINTS = (("sky", None), ("amber", "4 2"), ("purple", "1.5 1.5"), ("blue", None))
# What happens to the marked literals, by rule.
DEEDS = {"resolution": "cancel", "unit deletion": "cancel", "equality resolution": "cannot differ"}
DEEDS |= {"factoring": "are one", "equality factoring": "share a side"}
DEEDS |= {"superposition": "rewrite", "demodulation": "rewrite"}


def inspect_step(proof: Proof, step: ProofStep, latex: bool = False) -> list[Mark]:
    """The marks of a step's description; the more it holds, the more of it is cut.

    Args:
        proof, step: What is described.
        latex: Whether clauses are LaTeX source.
    """
    put_in = [
        Literal(sign, substitute(atom, parent.substitution))
        for parent in step.parents
        for sign, atom in proof[parent.step].literals
    ]
    widths = [text_width(literal_text(each, latex), 13, mono=True) for each in (*put_in, *step.literals)]
    long = max(widths, default=0) > LONG
    for most in ((9, 9, 9), (2, 5, 6), (2, 3, 4), (1, 3, 4), (1, 2, 3), (1, 1, 3), (1, 1, 2)):
        sheet = _Sheet(latex, 11 if long else 13)
        _write(sheet, proof, step, most)
        if sheet.y <= INSPECTOR[1]:
            break
    return sheet.marks


def _write(sheet: _Sheet, proof: Proof, step: ProofStep, most: tuple[int, int, int]) -> None:
    """Everything about a step, with at most so many literals of a parent, of an instance and of the result."""
    sheet.head(f"Step {step.number} of {len(proof)}", step.rule)
    if not step.parents:
        _write_source(sheet, proof, step)
    tints = _tints(step.parents)
    for parent, own in zip(step.parents, tints, strict=True):
        earlier = proof[parent.step]
        origin = earlier.formula_name or f"by {earlier.rule}"
        sheet.caption(parent.step, origin)
        marked = {parent.literal, step.second} if len(step.parents) == 1 else {parent.literal}
        order = range(len(earlier.literals))
        shown = [n for n in order if n in marked] if len(earlier.literals) > most[0] else list(order)
        for number in shown:
            sheet.literal(sheet.parts(earlier.literals[number], own))
        sheet.more(len(earlier.literals) - len(shown))
        sheet.chips([(str(variable), str(term), own[variable]) for variable, term in parent.changes.items()])
    if step.parents:
        _write_instances(sheet, proof, step, tints, most[1])
        sheet.rule()
    sheet.result(step, most[2])


def _write_source(sheet: _Sheet, proof: Proof, step: ProofStep) -> None:
    """For a clause of the premises: the formula that it is made of."""
    formula = proof.formulas.get(step.formula_name)
    supposed = step.formula_name == NEGATED_GOAL
    sheet.note("The goal is supposed to be false:" if supposed else f"{step.formula_name} says")
    text = str(formula) if not sheet.latex or formula is None else formula.latex()
    lines = wrap(text, INSPECTOR[0], 11, mono=True)
    for line in lines[:7]:
        sheet.plain(line)
    sheet.more(len(lines) - 7, "lines")
    sheet.note("In clausal form, maybe among others:" if step.literals else "which is")
    sheet.rule()


def _write_instances(
    sheet: _Sheet, proof: Proof, step: ProofStep, tints: Sequence[Mapping[Variable, int]], most: int
) -> None:
    """The parents with the substitution put in: first the literals that the rule is about, then the rest."""
    changed, two = any(parent.changes for parent in step.parents), len(step.parents) == 2
    put_in = "Put in, the two become" if two else "Put in, it becomes"
    sheet.note(put_in if changed else "As they stand" if two else "As it stands")
    rewriting = step.rule in ("superposition", "demodulation")
    top, bottom, rest = sheet.y, sheet.y, []
    for parent, own in zip(step.parents, tints, strict=True):
        earlier = proof[parent.step]
        marked = [parent.literal] if step.second is None else [parent.literal, step.second]
        for number in marked:
            literal = earlier.literals[number]
            place = parent.position if rewriting else None
            parts = sheet.parts(literal, own, parent, place)
            sheet.literal(parts, number=parent.step, struck=step.rule in ("resolution", "unit deletion"))
            bottom = sheet.y
        rest += [(parent, own, literal) for n, literal in enumerate(earlier.literals) if n not in marked]
    sheet.bracket(top, bottom, DEEDS.get(step.rule, ""))
    for parent, own, literal in rest[:most]:
        sheet.literal(sheet.parts(literal, own, parent), before="∨")
    sheet.more(len(rest) - most)


def _tints(parents: Sequence[Parent]) -> list[dict[Variable, int]]:
    """A colour for each variable that something is put in for; those of two parents are different variables."""
    count, found = 0, []
    for parent in parents:
        own = {}
        for variable in parent.changes:
            own[variable] = count % 3
            count += 1
        found.append(own)
    return found


class _Sheet:
    """A sketch that is written from top to bottom; `y` is where it ends."""

    def __init__(self, latex: bool, size: int) -> None:
        self.latex, self.y, self._size, self._sketch = latex, 0.0, size, Sketch()

    @property
    def marks(self) -> list[Mark]:
        return self._sketch.marks

    def head(self, title: str, rule: str) -> None:
        self._sketch.text(0, 14, title, weight=600)
        self._sketch.text(text_width(title, 13, bold=True) + 10, 14, rule, fill="quiet")
        self.y = 24

    def caption(self, number: int, origin: str) -> None:
        self._sketch.text(0, self.y + 13, str(number), weight=600, fill="blue-text")
        self._sketch.text(INDENT, self.y + 13, fit(origin, INSPECTOR[0] - INDENT, 11), size=11, fill="quiet")
        self.y += 17

    def note(self, text: str) -> None:
        self._sketch.text(0, self.y + 13, fit(text, INSPECTOR[0], 11), size=11, fill="quiet")
        self.y += 18

    def plain(self, text: str) -> None:
        self._sketch.text(0, self.y + 12, fit(text, INSPECTOR[0], 11, mono=True), size=11, mono=True)
        self.y += 15

    def more(self, count: int, what: str = "literals") -> None:
        if count > 0:
            shown = f"∨ {count} more" if what == "literals" else f"… {count} more {what}"
            self._sketch.text(INDENT, self.y + 12, shown, size=11, fill="quiet")
            self.y += 15

    def parts(
        self,
        literal: Literal,
        tints: Mapping[Variable, int],
        parent: Parent | None = None,
        position: tuple[int, ...] | None = None,
    ) -> list[Part]:
        """A literal in coloured pieces; LaTeX in one piece."""
        put_in = parent.substitution if parent is not None else None
        parts = literal_parts(literal, tints, put_in, position)
        if not self.latex:
            return parts
        return [(literal_text(Literal(literal.positive, substitute(literal.atom, put_in or {})), True), None)]

    def literal(self, parts: Sequence[Part], number: int | None = None, struck: bool = False, before: str = "") -> None:
        """A line of code: a literal with its tints, struck through if it cancels."""
        room = INSPECTOR[0] - INDENT - (62 if number is not None else 0)
        size = self._size
        if number is not None:
            self._sketch.text(0, self.y + 13, str(number), size=11, fill="quiet")
        if before:
            self._sketch.text(INDENT - 14, self.y + 13, before, size=11, fill="quiet")
        x, base = INDENT, self.y + 13
        colour = "vermilion-text" if struck else "ink"
        for text, tint in parts:
            left = INDENT + room - x
            text = fit(text, left, size, mono=True)
            wide = text_width(text, size, mono=True)
            if tint is not None and wide:
                name, dash = TINTS[tint]
                self._sketch.rect(x - 1, self.y + 1, wide + 2, 15, fill=f"{name}:0.22", radius=3)
                self._sketch.line(
                    x - 1, self.y + 16.5, x + wide + 1, self.y + 16.5, stroke=name, thickness=2, dash=dash
                )
            if text:
                self._sketch.text(x, base, text, size=size, mono=True, fill=colour)
            x += wide
        if struck:
            self._sketch.line(
                INDENT - 3, self.y + 9, x + 3, self.y + 9, stroke="vermilion", thickness=1.5, opacity=0.65
            )
        self.y += 19

    def chips(self, chips: Sequence[tuple[str, str, int]]) -> None:
        """What is put in for each variable, side by side."""
        x = INDENT
        for variable, term, tint in chips:
            text = fit(f"{variable} ↦ {term}", INSPECTOR[0] - INDENT - 12, 11, mono=True)
            wide = text_width(text, 11, mono=True) + 12
            if x > INDENT and x + wide > INSPECTOR[0]:
                x, self.y = INDENT, self.y + 22
            name, dash = TINTS[tint]
            self._sketch.rect(x, self.y + 2, wide, 17, fill=f"{name}:0.22", radius=4)
            self._sketch.line(x + 3, self.y + 19, x + wide - 3, self.y + 19, stroke=name, thickness=2, dash=dash)
            self._sketch.text(x + 6, self.y + 14, text, size=11, mono=True)
            x += wide + 8
        self.y += 24 if chips else 2

    def bracket(self, top: float, bottom: float, deed: str) -> None:
        """The bracket at the right of the literals that the rule is about, with what happens to them."""
        if not deed:
            return
        x, first, last = INSPECTOR[0] - 58, top + 9, bottom - 10
        self._sketch.path(f"M{x - 5} {first:g}H{x}V{last:g}H{x - 5}", fill="none", stroke="vermilion", thickness=1.5)
        words = wrap(deed, 54, 11)
        for line, word in enumerate(words):
            y = (first + last) / 2 + 4 + 13 * (line - (len(words) - 1) / 2)
            self._sketch.text(x + 5, y, word, size=11, fill="vermilion-text")

    def rule(self) -> None:
        self._sketch.line(0, self.y + 5, INSPECTOR[0], self.y + 5, stroke="ink", thickness=1.5)
        self.y += 12

    def result(self, step: ProofStep, most: int) -> None:
        """The new clause."""
        self._sketch.text(0, self.y + 13, str(step.number), weight=600, fill="blue-text")
        texts = [literal_text(literal, self.latex) for literal in step.literals] or [clause_text(step, self.latex)]
        for place, text in enumerate(texts[:most]):
            room = INSPECTOR[0] - INDENT
            size = self._size
            if place:
                self._sketch.text(INDENT - 14, self.y + 13, "∨", size=11, fill="quiet")
            self._sketch.text(INDENT, self.y + 13, fit(text, room, size, mono=True), size=size, mono=True, weight=600)
            self.y += 18
        self.more(len(texts) - most)
