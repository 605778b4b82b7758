"""One move of a causal derivation: the step, the graph that it looks at, and the separations that it rests on."""

from __future__ import annotations

from dataclasses import dataclass

from agentos_lab.results import Step

from .expression import Expression
from .graph import CausalGraph

__all__ = ["CausalStep", "SeparationClaim"]


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
