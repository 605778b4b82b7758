"""A question about a drawn graph, and how edges and paths are written in the state of the view."""

from __future__ import annotations

from typing import NamedTuple

from agentos_lab.causal import CausalGraph, Path, Query, Variable

__all__ = ["Question", "arrows", "edge_of", "edges_of", "route_of", "tiny"]

ARROWS = {"<->": "↔", "->": "→", "<-": "←"}


class Question(NamedTuple):
    """A graph as drawn, latent nodes and all, and the roles of its nodes."""

    graph: CausalGraph
    treatment: tuple[str, ...] = ()
    outcome: tuple[str, ...] = ()
    given: tuple[str, ...] = ()
    latent: tuple[str, ...] = ()
    conditional: bool = False  # whether what is given belongs to the question: P(outcome | do(treatment), given)

    @property
    def asked(self) -> bool:
        """Whether there is something to ask."""
        return bool(self.treatment and self.outcome)

    @property
    def observed(self) -> CausalGraph:
        """The graph over what can be observed: common causes that are latent have become two-headed edges."""
        return self.graph.latent_projection(self.latent) if self.latent else self.graph

    @property
    def query(self) -> Query:
        """P(outcome | do(treatment)), or P(outcome | do(treatment), given)."""
        seen = self.given if self.conditional else ()
        return Query(*(tuple(map(Variable, names)) for names in (self.outcome, self.treatment, seen)))


def edge_of(a: str, kind: str, b: str) -> list[str]:
    """An edge as [end, kind, end]: from its tail, or in alphabetical order if it has none."""
    if kind == "<-":
        return [b, "->", a]
    return [a, kind, b] if kind == "->" else [min(a, b), kind, max(a, b)]


def edges_of(graph: CausalGraph) -> list[list[str]]:
    """All edges, arrows first."""
    return [edge_of(a, "->", b) for a, b in graph.directed] + [edge_of(a, "<->", b) for a, b in graph.bidirected]


def route_of(path: Path) -> str:
    """A path as a text with drawn arrows."""
    return arrows(path.route)


def arrows(text: str) -> str:
    """Arrows as they are drawn."""
    for written, drawn in ARROWS.items():
        text = text.replace(written, drawn)
    return text


def tiny(value: float) -> str:
    """A rounding error in print, as a bound: what is beyond it differs from machine to machine."""
    return "below 10⁻¹²" if value < 1e-12 else f"{value:.0e}"
