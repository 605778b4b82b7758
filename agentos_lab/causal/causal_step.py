"""Causal derivations: steps that know the graph they look at, and the separations that they rest on."""

from __future__ import annotations

import html
from dataclasses import dataclass, field

from agentos_lab.results import Derivation, Step, latex_of

from .expression import Expression, Variable
from .graph import CausalGraph

__all__ = ["CausalDerivation", "CausalStep", "SeparationClaim"]


@dataclass(frozen=True)
class SeparationClaim:
    """(a ⊥⊥ b | given) in some graph: stated here, to be tested again by whoever checks the derivation."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        bar = f" | {', '.join(self.given)}" if self.given else ""
        return f"({', '.join(self.a)} ⊥⊥ {', '.join(self.b)}{bar})"

    __repr__ = __str__

    def latex(self) -> str:
        r"""The claim as LaTeX; ``\perp\!\!\!\perp`` is the sign that few fonts have."""
        a, b, given = (", ".join(Variable(name).latex() for name in names) for names in (self.a, self.b, self.given))
        bar = rf" \mid {given}" if given else ""
        return rf"({a} \perp\!\!\!\perp {b}{bar})"


@dataclass(frozen=True)
class CausalStep(Step):
    """`before` equals `after` in every model of the graph, by `rule`.

    Attributes:
        reason: Why the rule applies here, in one sentence.
        graph: The graph that the rule looks at: mutilated (do-calculus), or the part in question (identification).
        separations: The separations in `graph` that the rule needs; none where it needs none.
        part: What the rule was applied to, where that is a part of `before`; None where it is the whole.
        into: What became of that part.
    """

    reason: str = ""
    graph: CausalGraph | None = None
    separations: tuple[SeparationClaim, ...] = ()
    part: Expression | None = None
    into: Expression | None = None

    def __str__(self) -> str:
        because = f": {self.reason}" if self.reason else ""
        return f"{self.before} = {self.after}\n  {self.rule}{because}"

    __repr__ = __str__

    def _repr_html_(self) -> str:
        equation = f"{_mathematics(self.before)} = {_mathematics(self.after)}"
        return f"<p>{equation}<br>{html.escape(self.rule)}: {_because(self)}</p>"


@dataclass(frozen=True)
class CausalDerivation(Derivation):
    """A derivation, and the causal graph that its steps are about.

    Attributes:
        graph: In every model of this graph each step is an equation.
    """

    graph: CausalGraph = field(default_factory=CausalGraph, repr=False)

    def __str__(self) -> str:
        lines = [str(self.goal)]
        for number, (continues, step) in enumerate(self._linked(), 1):
            cited = f"  [{step.source}]" if step.source else ""
            part = "" if continues else f"{step.before} "
            lines.append(f"  {number:>2}. {part}= {step.after}    {step.rule}{cited}")
        return "\n".join(lines if self.steps else [*lines, "  (no step was needed)"])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        """The steps as a table, with what each one rests on."""
        rows = "".join(
            f"<tr><td style='text-align:right'>{number}</td>"
            f"<td style='text-align:left'>{'' if continues else _mathematics(step.before)} = {_mathematics(step.after)}"
            f"</td><td style='text-align:left' title='{html.escape(step.source)}'>{html.escape(step.rule)}</td>"
            f"<td style='text-align:left'>{_because(step)}</td></tr>"
            for number, (continues, step) in enumerate(self._linked(), 1)
        )
        head = "".join(f"<th style='text-align:left'>{name}</th>" for name in ("", "result", "rule", "because"))
        return (
            f"<table><caption style='text-align:left'>{_mathematics(self.goal)}</caption>"
            f"<thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>"
        )

    def _linked(self) -> list[tuple[bool, Step]]:
        """Each step, and whether it goes on from what the one before arrived at (else it is about a part)."""
        goal = getattr(self.goal, "term", self.goal)
        reached = [goal, *(step.after for step in self.steps)]
        return [(step.before == before, step) for before, step in zip(reached, self.steps, strict=False)]


def _because(step: Step) -> str:
    """What a step rests on, as HTML: its separations, the equation of the part that it replaced, or its reason."""
    if not isinstance(step, CausalStep):
        return ""
    if step.separations:
        claims = ", ".join(_mathematics(claim) for claim in step.separations)
        return f"{claims} in {html.escape(str(step.graph))}"
    if step.part is not None:
        return f"{_mathematics(step.part)} = {_mathematics(step.into)}"
    return html.escape(step.reason)


def _mathematics(value: object) -> str:
    """HTML of a value: as mathematics where it can write itself so, large enough to read its fractions."""
    written = latex_of(value)
    return html.escape(str(value) if written is None else rf"$\displaystyle {written}$")
