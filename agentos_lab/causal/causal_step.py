"""Causal derivations: steps that know the graph they look at, and the separations that they rest on."""

from __future__ import annotations

from dataclasses import dataclass, field

from agentos_lab.results import Derivation, Step

from .expression import Expression
from .graph import CausalGraph

__all__ = ["CausalDerivation", "CausalStep", "SeparationClaim"]


@dataclass(frozen=True)
class SeparationClaim:
    """(a ⫫ b | given) in some graph: stated here, to be tested again by whoever checks the derivation."""

    a: tuple[str, ...]
    b: tuple[str, ...]
    given: tuple[str, ...] = ()

    def __str__(self) -> str:
        bar = f" | {', '.join(self.given)}" if self.given else ""
        return f"({', '.join(self.a)} ⫫ {', '.join(self.b)}{bar})"


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


@dataclass(frozen=True)
class CausalDerivation(Derivation):
    """A derivation, and the causal graph that its steps are about.

    Attributes:
        graph: In every model of this graph each step is an equation.
    """

    graph: CausalGraph = field(default_factory=CausalGraph, repr=False)
