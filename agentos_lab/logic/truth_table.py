"""Truth tables: every assignment of truth values, one a row, and what each formula is worth there.

The oldest way to decide propositional logic (Wittgenstein 1921, 4.31; Post 1921): complete, honest and 2ⁿ rows long.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product

from .formulas import And, Atom, Formula, Iff, Implies, Not, Or
from .parser import parse
from .propositional_clauses import propositions, truth_value
from .signature import Signature

__all__ = ["TruthTable", "truth_table"]

_MOST_PROPOSITIONS = 16  # 65,536 rows
_MOST_ROWS = 32  # shown


@dataclass(frozen=True)
class TruthTable:
    """What formulas are worth under every assignment. It prints itself; ● marks a row where all formulas hold.

    Attributes:
        propositions: The names of the propositions: the columns on the left.
        formulas: The formulas: the columns on the right.
        rows: For each assignment the values of the propositions, then those of the formulas; all true comes first.
    """

    propositions: tuple[str, ...]
    formulas: tuple[Formula, ...]
    rows: tuple[tuple[bool, ...], ...]

    @property
    def verdict(self) -> str:
        """What the last formula is: "tautology", "contradiction" or "contingent"."""
        values = {row[-1] for row in self.rows}
        return "contingent" if len(values) == 2 else "tautology" if True in values else "contradiction"

    @property
    def models(self) -> tuple[dict[str, bool], ...]:
        """The assignments under which all formulas hold."""
        return tuple(self._assignment(row) for row in self.rows if all(row[len(self.propositions) :]))

    @property
    def counterexamples(self) -> tuple[dict[str, bool], ...]:
        """The assignments under which all formulas but the last hold, and the last does not."""
        return tuple(
            self._assignment(row) for row in self.rows if all(row[len(self.propositions) : -1]) and not row[-1]
        )

    @property
    def valid(self) -> bool:
        """Whether the last formula follows from those before it: there is no counterexample."""
        return not self.counterexamples

    def _assignment(self, row: tuple[bool, ...]) -> dict[str, bool]:
        return dict(zip(self.propositions, row[: len(self.propositions)], strict=True))

    def _headers(self) -> list[str]:
        return [*self.propositions, *(str(formula) for formula in self.formulas)]

    def __str__(self) -> str:
        headers, split = self._headers(), len(self.propositions)

        def line(cells: Sequence[str]) -> str:
            padded = [cell.center(len(header)) for cell, header in zip(cells, headers, strict=True)]
            return " │ ".join(
                " ".join(group) if group else "" for group in (padded[:split], *([p] for p in padded[split:]))
            )

        rule = "┼".join("─" * (len(part) + 2) for part in line(headers).split(" │ "))[1:]
        shown = [line(["T" if value else "F" for value in row]) for row in self.rows[:_MOST_ROWS]]
        rest = len(self.rows) - _MOST_ROWS
        return "\n".join(
            part.rstrip() for part in [line(headers), rule, *shown, *([f"… {rest:,} more rows"] * (rest > 0))]
        )

    __repr__ = __str__

    def _repr_html_(self) -> str:
        split = len(self.propositions)
        head = "".join(f"<th>{html.escape(text)}</th>" for text in self._headers())
        body = []
        for row in self.rows[:_MOST_ROWS]:
            cells = "".join(
                f"<td style='text-align:center{';border-left:1px solid' if place == split else ''}'>"
                f"{'T' if value else '<b>F</b>'}</td>"
                for place, value in enumerate(row)
            )
            body.append(f"<tr>{cells}</tr>")
        rest = len(self.rows) - _MOST_ROWS
        more = f"<p>… {rest:,} more rows</p>" if rest > 0 else ""
        return f"<table><thead><tr>{head}</tr></thead><tbody>{''.join(body)}</tbody></table>{more}"


def truth_table(*formulas: Formula | str, parts: bool = False) -> TruthTable:
    """The truth table of one formula, or of several side by side: premises first, the conclusion last.

    Args:
        formulas: Propositional formulas or their text.
        parts: Give every part of the formulas a column of its own, the smaller ones first.

    Raises:
        ParseError: A text that is no formula.
        ValueError: No formula, one that is not propositional, or more than 16 propositions.
    """
    if not formulas:
        raise ValueError('a truth table needs a formula, for example truth_table("p -> q")')
    signature = Signature()
    asked = [parse(formula, signature) for formula in formulas]
    names = tuple(dict.fromkeys(name for formula in asked for name in propositions(formula)))
    if len(names) > _MOST_PROPOSITIONS:
        size = f"{2 ** len(names):,} rows" if len(names) < 64 else f"2^{len(names)} rows"
        raise ValueError(
            f"{len(names)} propositions make {size}; a truth table takes at most {_MOST_PROPOSITIONS}: "
            "solve() finds an assignment without writing them all down"
        )
    inside = dict.fromkeys(part for formula in asked for part in _parts(formula)) if parts else {}
    columns = [*(part for part in inside if part not in asked), *asked]
    rows: list[tuple[bool, ...]] = []
    for values in product((True, False), repeat=len(names)):
        assignment = dict(zip(names, values, strict=True))
        rows.append((*values, *(truth_value(formula, assignment) for formula in columns)))
    return TruthTable(names, tuple(columns), tuple(rows))


def _parts(formula: Formula) -> list[Formula]:
    """The parts of a formula that are no atoms, inner ones first."""
    match formula:
        case Not(part):
            return [*_parts(part), formula]
        case And(inner) | Or(inner):
            return [*(deeper for part in inner for deeper in _parts(part)), formula]
        case Implies(left, right) | Iff(left, right):
            return [*_parts(left), *_parts(right), formula]
        case Atom():
            return []
    return [formula]
