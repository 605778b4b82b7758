"""How results explain themselves: a `Step` is one move of a computation, a `Derivation` is all of them.

The engines record steps *while* they compute (never a second copy written for show). One printer serves them
all: do-calculus and identification, normal forms and resolution, byte-pair merges, scheduling, updates.
"""

from __future__ import annotations

import html
import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

__all__ = ["Derivation", "Step", "latex_of"]


@dataclass(frozen=True)
class Step:
    """One move: by `rule` (known from `source`), `before` became `after`.

    Attributes:
        rule: The rule's name in the words of its field, e.g. ``"do-calculus, rule 2"``.
        source: Where the rule is stated, e.g. ``"Pearl 2009, theorem 3.4.1"``; may be empty.
        before: What the rule was applied to: any object that prints itself.
        after: What came out.
    """

    rule: str
    source: str
    before: Any
    after: Any

    def __str__(self) -> str:
        cited = f"  [{self.source}]" if self.source else ""
        return f"{self.before}  ⟶  {self.after}    {self.rule}{cited}"


@dataclass(frozen=True)
class Derivation:
    """A computation told step by step: what was asked (`goal`) and the moves that answered it.

    It prints as a numbered list, each line with the rule and its source; in a notebook as a table, with
    mathematics where the expressions have a `latex()` method.
    """

    goal: Any
    steps: tuple[Step, ...]

    @property
    def result(self) -> Any:
        """What the last step arrived at; the goal itself when no step was needed."""
        return self.steps[-1].after if self.steps else self.goal

    def __len__(self) -> int:
        return len(self.steps)

    def __iter__(self) -> Iterator[Step]:
        return iter(self.steps)

    def __getitem__(self, index: int) -> Step:
        return self.steps[index]

    def __str__(self) -> str:
        if not self.steps:
            return f"{self.goal}\n  (no step was needed)"
        width = len(str(len(self.steps)))
        lines = [f"{self.goal}"]
        for number, step in enumerate(self.steps, 1):
            cited = f"  [{step.source}]" if step.source else ""
            after = textwrap.indent(str(step.after), " " * (width + 4)).lstrip(" ")  # a result of several lines
            lines.append(f"  {number:>{width}}. {after}    {step.rule}{cited}")
        return "\n".join(lines)

    def _repr_html_(self) -> str:
        rows = "".join(
            f"<tr><td style='text-align:right'>{number}</td>"
            f"<td style='text-align:left'>{_html_of(step.after)}</td>"
            f"<td style='text-align:left'>{html.escape(step.rule)}</td>"
            f"<td style='text-align:left'><small>{html.escape(step.source)}</small></td></tr>"
            for number, step in enumerate(self.steps, 1)
        )
        return (
            f"<table><caption style='text-align:left'>{_html_of(self.goal)}</caption>"
            "<thead><tr><th>step</th><th>result</th><th>rule</th><th>source</th></tr></thead>"
            f"<tbody>{rows}</tbody></table>"
        )


def latex_of(value: Any) -> str | None:
    """LaTeX of a value that can write itself as mathematics (a `latex()` method), else None."""
    write = getattr(value, "latex", None)
    return write() if callable(write) else None


def _html_of(value: Any) -> str:
    mathematics = latex_of(value)
    # Escaped either way: "P(Y < 3)" would otherwise open a tag, and the typesetter reads the text, not the source.
    return html.escape(f"${mathematics}$" if mathematics is not None else str(value))
