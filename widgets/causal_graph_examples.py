"""Graphs to begin with: the classical cases, each with a question and places that show its shape."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

__all__ = ["EXAMPLES", "Example"]


@dataclass(frozen=True)
class Example:
    """A graph with a question.

    Attributes:
        graph: The graph as text.
        given: What is conditioned on at first.
        latent: Which nodes are not observed.
        places: Node -> (x, y) as shares of the panel, (0, 0) at the top left.
        treatment, outcome: Whose effect on whom.
    """

    graph: str
    places: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    given: tuple[str, ...] = ()
    latent: tuple[str, ...] = ()
    treatment: str = "X"
    outcome: str = "Y"


# The graphs of the menu, by name.
EXAMPLES: Mapping[str, Example] = {
    "confounder": Example("Z -> X -> Y; Z -> Y", {"Z": (0.5, 0.14), "X": (0.14, 0.78), "Y": (0.86, 0.78)}),
    "mediator": Example("X -> M -> Y; X -> Y", {"M": (0.5, 0.14), "X": (0.14, 0.78), "Y": (0.86, 0.78)}),
    "M-graph": Example(
        "A -> X; A -> Z; B -> Z; B -> Y; X -> Y",
        {"A": (0.14, 0.12), "B": (0.86, 0.12), "Z": (0.5, 0.46), "X": (0.14, 0.86), "Y": (0.86, 0.86)},
        given=("Z",),
        latent=("A", "B"),
    ),
    "front door": Example(
        "X -> M -> Y; U -> X; U -> Y",
        {"U": (0.5, 0.14), "X": (0.1, 0.78), "M": (0.5, 0.78), "Y": (0.9, 0.78)},
        latent=("U",),
    ),
    "instrument": Example("Z -> X -> Y; X <-> Y", {"Z": (0.1, 0.6), "X": (0.5, 0.6), "Y": (0.9, 0.6)}),
    "bow arc": Example("X -> Y; X <-> Y", {"X": (0.2, 0.66), "Y": (0.8, 0.66)}),
    "napkin": Example(
        "W -> Z -> X -> Y; W <-> X; W <-> Y",
        {"W": (0.55, 0.12), "Z": (0.14, 0.46), "X": (0.37, 0.88), "Y": (0.9, 0.88)},
        given=("Z",),
    ),
}
