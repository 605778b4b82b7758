"""The text of a natural deduction proof in Fitch's notation: numbered lines, each with a formula and its justification.

    1. ∀x (Man(x) → Mortal(x))     premise
    2. | [c] Man(c)                assume
    3. | Man(c) → Mortal(c)        ∀E 1
    4. | Mortal(c)                 →E 3, 2
    5. Man(c) → Mortal(c)          →I 2-4

Subproofs are marked by bars or by indentation of two or more; each begins with ``assume``. ``[c]`` says that c is a
new name for an arbitrary object. Rules may be in ASCII (``->E``, ``&I``, ``forallE``); numbers may be left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from agentos_lab.errors import ParseError

from .formulas import TRUE, Formula
from .parser import parse
from .signature import Signature

__all__ = ["RULES", "Citation", "FitchLine", "read_fitch"]

Citation = int | tuple[int, int]  # a line, or a subproof by its first and last line

# The rules by their usual name, with what else they may be called.
RULES: dict[str, tuple[str, ...]] = {
    "premise": ("pr", "given", "axiom"),
    "assume": ("assumption", "as", "hyp", "hypothesis", "suppose", "arbitrary"),
    "R": ("reit", "reiterate", "reiteration"),
    "∧I": ("&I", "andI", "∧Intro", "&Intro"),
    "∧E": ("&E", "andE", "∧Elim", "&Elim"),
    "∨I": ("|I", "orI", "∨Intro", "|Intro"),
    "∨E": ("|E", "orE", "∨Elim", "|Elim"),
    "→I": ("->I", "=>I", "impI", "→Intro", "->Intro"),
    "→E": ("->E", "=>E", "impE", "MP", "→Elim", "->Elim"),
    "↔I": ("<->I", "<=>I", "iffI", "↔Intro", "<->Intro"),
    "↔E": ("<->E", "<=>E", "iffE", "↔Elim", "<->Elim"),
    "¬I": ("~I", "notI", "¬Intro", "~Intro"),
    "¬E": ("~E", "notE", "⊥I", "¬Elim", "~Elim"),
    "⊥E": ("X", "explosion", "falseE", "⊥Elim"),
    "IP": ("RAA", "PBC"),
    "DNE": ("¬¬E", "~~E", "DN"),
    "LEM": ("TND",),
    "∀I": ("forallI", "∀Intro", "UG"),
    "∀E": ("forallE", "∀Elim", "UI"),
    "∃I": ("existsI", "∃Intro", "EG"),
    "∃E": ("existsE", "∃Elim", "EI"),
    "=I": ("=Intro", "refl"),
    "=E": ("=Elim", "subst"),
}
_CALLED = {alias.lower(): rule for rule, others in RULES.items() for alias in (rule, *others)}
_NAMES = "|".join(re.escape(name) for name in sorted(_CALLED, key=len, reverse=True))
_JUSTIFIED = re.compile(
    rf"(?P<formula>.*?)\s+[:;(\[]*\s*(?P<rule>{_NAMES})(?P<cited>[\s\d,;:–—-]*)[)\]]*", re.IGNORECASE
)
_NUMBERED = re.compile(r"\s*(?:(?P<number>\d+)[.):]?(?=[\s|│]))?")


@dataclass(frozen=True)
class FitchLine:
    """A line of a proof.

    Attributes:
        number: Its number, from 1.
        formula: What it says; ⊤ where it only names an arbitrary object.
        rule: Its rule, as in `RULES`.
        cited: The lines and subproofs that it cites.
        depth: How many subproofs it lies in.
        arbitrary: The name in brackets; empty where there is none.
    """

    number: int
    formula: Formula
    rule: str
    cited: tuple[Citation, ...]
    depth: int
    arbitrary: str = ""

    @property
    def justification(self) -> str:
        """The rule with what it cites."""
        cited = ", ".join(str(part) if isinstance(part, int) else f"{part[0]}-{part[1]}" for part in self.cited)
        return f"{self.rule} {cited}".strip()

    def __str__(self) -> str:
        box = f"[{self.arbitrary}] " if self.arbitrary else ""
        said = "" if self.arbitrary and self.formula == TRUE else str(self.formula)
        return f"{self.number:>2}. {'| ' * self.depth}{box + said:<{max(40 - 2 * self.depth, 1)}}  {self.justification}"


def read_fitch(text: str) -> tuple[FitchLine, ...]:
    """Read a proof.

    Raises:
        ParseError: A line without a known rule, a formula that cannot be read, or numbers that do not count up. The
            message points at the place.
    """
    signature = Signature()
    lines: list[FitchLine] = []
    columns = [0]  # where the lines of each depth begin, as far as subproofs are open
    start = 0
    barred = any(re.match(r"\s*(\d+[.):]?)?\s*[|│]", line) for line in text.splitlines())
    for raw in text.splitlines(keepends=True):
        line, here = raw.rstrip(), start
        start += len(raw)
        if not line or set(line.strip()) <= set("-—─_|│├ "):
            continue  # the stroke below the premises
        head = _NUMBERED.match(line)
        assert head is not None
        number = len(lines) + 1
        if head["number"] is not None and int(head["number"]) != number:
            raise ParseError(
                f"this line is number {number}", text, here + head.start("number"), "numbers that count up"
            )
        bars = re.compile(r"[\s|│]*").match(line, head.end())
        assert bars is not None
        place = bars.end()
        if barred:
            depth = len(re.sub(r"\s", "", bars[0]))
        else:
            while len(columns) > 1 and place < columns[-1] - 1:
                columns.pop()
            if not lines:
                columns = [place]
            elif place > columns[-1] + 1:
                columns.append(place)
            depth = len(columns) - 1
        lines.append(_line(text, line[place:], here + place, number, depth, signature))
    if not lines:
        raise ParseError("there is no line in this proof", text, 0, "a line such as '1. p → q   premise'")
    return tuple(lines)


def _line(text: str, said: str, position: int, number: int, depth: int, signature: Signature) -> FitchLine:
    justified = _JUSTIFIED.fullmatch(" " + said)  # a name in brackets may stand alone before its rule
    if justified is None or (justified["rule"].upper() == "R" and not justified["cited"].strip()):
        raise ParseError(
            "this line has no justification", text, position + len(said), "a rule such as →E 1, 2 at its end"
        )
    formula_text, at = justified["formula"], position + justified.start("formula") - 1
    arbitrary = ""
    if box := re.match(r"\s*\[\s*(\w+)\s*\]\s*", formula_text):
        arbitrary, at, formula_text = box[1], at + box.end(), formula_text[box.end() :]
    rule = _CALLED[justified["rule"].lower()]
    try:
        formula = TRUE if arbitrary and not formula_text.strip() else parse(formula_text, signature)
    except ParseError as error:
        raise ParseError(error.message, text, at + error.position, error.expected) from None
    return FitchLine(number, formula, rule, _citations(justified["cited"]), depth, arbitrary)


def _citations(text: str) -> tuple[Citation, ...]:
    found = re.findall(r"(\d+)(?:\s*[-–—]\s*(\d+))?", text)
    return tuple((int(first), int(last)) if last else int(first) for first, last in found)
