"""Natural deduction: checking a Fitch-style proof line by line, and saying which line is wrong and why.

A subproof supposes something for a while; when it is closed, its lines may no longer be cited, only the subproof as a
whole. Which lines may be cited from where is checked here, the rules themselves in `natural_deduction_rules`.

Source: Fitch 1952, "Symbolic logic".
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from .fitch_proof import Citation, FitchLine, read_fitch
from .formula_comparison import constant_names, same_formula
from .formulas import Formula
from .natural_deduction_rules import INFERENCES, Subproof, WrongStep
from .parser import parse

__all__ = ["FitchCheck", "FitchFault", "check_fitch"]


@dataclass(frozen=True)
class FitchFault:
    """What is wrong with a line."""

    line: int
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.reason}"


@dataclass(frozen=True)
class FitchCheck:
    """Whether a proof is right. As a bool: whether it is.

    Attributes:
        lines: The proof as it was read.
        faults: What is wrong, line by line; each line is judged as if those before it were right.
        subproofs: For each line the first lines of the subproofs that it lies in, outermost first.
    """

    lines: tuple[FitchLine, ...]
    faults: tuple[FitchFault, ...]
    subproofs: tuple[tuple[int, ...], ...]

    @property
    def valid(self) -> bool:
        """Whether nothing is wrong."""
        return not self.faults

    @property
    def premises(self) -> tuple[Formula, ...]:
        """What the proof starts from."""
        return tuple(line.formula for line in self.lines if line.rule == "premise")

    @property
    def conclusion(self) -> Formula:
        """What its last line says."""
        return self.lines[-1].formula

    def assumptions(self, number: int) -> tuple[Formula, ...]:
        """What a line rests on: the premises before it and the assumptions that are open there, its own included."""
        given = [line.formula for line in self.lines[:number] if line.rule == "premise"]
        return (*given, *(self.lines[first - 1].formula for first in self.subproofs[number - 1]))

    def __bool__(self) -> bool:
        return self.valid

    def __str__(self) -> str:
        if self.valid:
            return f"right: {', '.join(map(str, self.premises))} ⊢ {self.conclusion}".replace(":  ⊢", ": ⊢")
        shown = [f"  {fault}" for fault in self.faults[:8]]
        rest = [f"  … and {len(self.faults) - 8} more"] if len(self.faults) > 8 else []
        return "\n".join(["wrong:", *shown, *rest])

    __repr__ = __str__

    def text(self) -> str:
        """The proof, with ✗ and the reason at each line that is wrong."""
        wrong: dict[int, str] = {}
        for fault in self.faults:
            wrong.setdefault(fault.line, fault.reason)
        return "\n".join(
            str(line) + (f"   ✗ {wrong[line.number]}" if line.number in wrong else "") for line in self.lines
        )


def check_fitch(
    proof: str, premises: Iterable[str | Formula] | None = None, goal: str | Formula | None = None
) -> FitchCheck:
    """Check a proof.

    Args:
        proof: Its text; see `agentos_lab.logic.fitch_proof` for the notation.
        premises: What it may start from; None: anything that it calls a premise.
        goal: What it should show; None: whatever its last line says.

    Raises:
        ParseError: The text cannot be read; the message points at the place. A wrong proof is no error, but a check
            with faults.
    """
    return _Checker(read_fitch(proof)).result(
        None if premises is None else [parse(premise) for premise in premises], None if goal is None else parse(goal)
    )


class _Checker:
    def __init__(self, lines: tuple[FitchLine, ...]) -> None:
        self.lines = lines
        self.faults: list[FitchFault] = []
        self.inside: list[tuple[int, ...]] = []  # for each line: the subproofs around it, by their first lines
        self.last: dict[int, int] = {}  # by the first line of a subproof: its last line
        open_now: list[int] = []
        for line in lines:
            if line.rule == "assume":
                if line.depth > len(open_now) + 1 or line.depth == 0:
                    self.fault(
                        line,
                        "an assumption opens a subproof: one bar more than the line before, or a new one beside it",
                    )
                del open_now[max(line.depth - 1, 0) :]
                open_now.append(line.number)
            else:
                if line.depth > len(open_now):
                    self.fault(
                        line, "this line is a level deeper without an assumption; a subproof begins with 'assume'"
                    )
                del open_now[line.depth :]
            self.inside.append(tuple(open_now))
            self.last |= dict.fromkeys(open_now, line.number)

    def fault(self, line: FitchLine, reason: str) -> None:
        self.faults.append(FitchFault(line.number, reason))

    def result(self, premises: list[Formula] | None, goal: Formula | None) -> FitchCheck:
        for line in self.lines:
            try:
                self.check(line)
                if (
                    line.rule == "premise"
                    and premises is not None
                    and not any(same_formula(line.formula, p) for p in premises)
                ):
                    raise WrongStep(f"{line.formula} is not among the premises that were given")
            except WrongStep as wrong:
                self.fault(line, str(wrong))
        end = self.lines[-1]
        if self.inside[-1]:
            self.fault(
                end, f"the proof ends inside the subproof that line {self.inside[-1][-1]} opens; close it by a rule"
            )
        elif goal is not None and not same_formula(end.formula, goal):
            self.fault(end, f"the proof ends with {end.formula}, and should end with {goal}")
        return FitchCheck(self.lines, tuple(sorted(self.faults, key=lambda f: f.line)), tuple(self.inside))

    def check(self, line: FitchLine) -> None:
        if line.arbitrary:
            self.check_arbitrary(line)
        if line.rule in ("premise", "assume"):
            if line.cited:
                raise WrongStep(f"a line that is {'given' if line.rule == 'premise' else 'assumed'} cites nothing")
            if line.rule == "premise" and line.depth:
                raise WrongStep("a premise stands outside all subproofs; what is supposed for a while is 'assume'")
            return
        shape, rule = INFERENCES[line.rule]
        wanted = shape.split()
        if line.rule in ("∧I", "∨E"):  # as many as there are parts
            wanted += [wanted[-1]] * (len(line.cited) - len(wanted))
        if line.rule == "∀I" and line.cited and isinstance(line.cited[0], int):
            wanted = ["line"]
        kinds = ["line" if isinstance(part, int) else "subproof" for part in line.cited]
        if sorted(kinds) != sorted(wanted):
            raise WrongStep(f"{line.rule} cites {_listed(wanted)}, and here are {_listed(kinds)}")
        cited = [self.cited(line, part) for part in line.cited]
        lines = [part for part in cited if isinstance(part, FitchLine)]
        rule(self, line, [part.formula for part in lines], [part for part in cited if isinstance(part, Subproof)])

    def cited(self, line: FitchLine, part: Citation) -> FitchLine | Subproof:
        """What a citation means, if it may be cited from here."""
        first = part if isinstance(part, int) else part[0]
        last = part if isinstance(part, int) else part[1]
        if not 1 <= first <= last <= len(self.lines):
            raise WrongStep(f"there is no line {last if last > len(self.lines) else first}" if first <= last else
                         f"{first}-{last} runs backwards")  # fmt: skip
        if last >= line.number:
            raise WrongStep(f"line {last} is not before this one")
        here = self.inside[line.number - 1]
        if isinstance(part, int):
            around = self.inside[first - 1]
            if here[: len(around)] != around:
                closed = next(s for s in around if s not in here)
                whole = f"{closed}-{self.last[closed]}"
                raise WrongStep(
                    f"line {first} lies in the subproof {whole}, which is closed; only {whole} as a whole may be cited"
                )
            return self.lines[first - 1]
        if first not in self.last:
            raise WrongStep(f"{first}-{last} is no subproof: line {first} does not open one")
        around = self.inside[first - 1]
        if first in here:
            raise WrongStep(f"the subproof {first}-{last} is still open here")
        if self.last[first] != last:
            raise WrongStep(f"the subproof that line {first} opens ends at line {self.last[first]}, not {last}")
        if here[: len(around) - 1] != around[:-1]:
            raise WrongStep(f"the subproof {first}-{last} lies in another one, which is closed")
        if self.inside[last - 1] != around:
            raise WrongStep(f"the subproof {first}-{last} ends inside another one, and so shows nothing yet")
        return Subproof(self.lines[first - 1].formula, self.lines[last - 1].formula, self.lines[first - 1])

    def check_arbitrary(self, line: FitchLine) -> None:
        if line.rule != "assume":
            raise WrongStep(f"[{line.arbitrary}] names an arbitrary object, and only 'assume' can do that")
        here = self.inside[line.number - 1]
        for other in self.lines[: line.number - 1]:
            around = self.inside[other.number - 1]
            if here[: len(around)] == around and line.arbitrary in constant_names(other.formula):
                raise WrongStep(f"{line.arbitrary} is not arbitrary: it occurs in line {other.number} already")

    def open_assumption_with(self, name: str, line: FitchLine, outside: int = 0) -> FitchLine | None:
        """A premise or an open assumption that speaks of a name; the subproof that `outside` opens does not count."""
        around = [first for first in self.inside[line.number - 1] if first != outside]
        given = [other.number for other in self.lines[: line.number - 1] if other.rule == "premise"]
        resting = [self.lines[number - 1] for number in (*given, *around)]
        return next((other for other in resting if name in constant_names(other.formula)), None)


def _listed(kinds: list[str]) -> str:
    counts = [(kinds.count(kind), kind) for kind in ("line", "subproof") if kind in kinds]
    return " and ".join(f"{count} {kind}{'s' * (count != 1)}" for count, kind in counts) or "nothing"
