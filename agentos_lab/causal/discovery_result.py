"""What a discovery algorithm hands back: the graph, how each edge came to be as it is, and the tests behind it."""

from __future__ import annotations

import html
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from agentos_lab.results import Derivation

from .contingency import is_discrete
from .independence_tests import Independence, chi_square, fisher_z, g_square
from .marked_graph import MarkedGraph
from .orientation import Orientation
from .skeleton import TestLog

if TYPE_CHECKING:
    from .graph_drawing import GraphPicture

__all__ = ["Discovered", "check_names", "choose_test", "discovered_by_tests"]

_TESTS = {"g2": g_square, "chi2": chi_square, "fisher_z": fisher_z}
_LABELS = {"g2": "G²", "chi2": "χ²", "fisher_z": "Fisher's z"}


@dataclass(frozen=True, eq=False)
class Discovered:
    """A graph that was learnt from data.

    Attributes:
        method: The algorithm and its settings.
        graph: The graph: a CPDAG (PC, GES), a PAG (FCI) or a DAG (LiNGAM).
        derivation: Every move, from the first edge that was removed or put in to the last mark.
        start: The graph before the first move.
        tests: All tests of independence, in order.
        separating_sets: For each pair of names that was found independent the set that did it, both ways round.
    """

    method: str
    graph: MarkedGraph
    derivation: Derivation
    start: MarkedGraph = field(repr=False)
    tests: tuple[Independence, ...] = field(default=(), repr=False)
    separating_sets: dict[tuple[str, str], tuple[str, ...]] = field(default_factory=dict, repr=False)

    def separation(self, a: str, b: str) -> Independence | None:
        """The test that parted two variables; None if none did."""
        edge = {a, b}
        found = (step.test for step in self.derivation if step.test and {step.test.a, step.test.b} == edge)  # type: ignore[attr-defined]
        return next(found, None)

    def after(self, steps: int) -> MarkedGraph:
        """The graph as it was after so many moves; 0 gives the start."""
        now = {frozenset((edge.a, edge.b)): edge for edge in self.start.edges}
        for step in self.derivation.steps[:steps]:
            if isinstance(step.after, MarkedGraph):
                now = {frozenset((edge.a, edge.b)): edge for edge in step.after.edges}
            else:
                now[frozenset((step.after.a, step.after.b))] = step.after
        return MarkedGraph(nodes=self.start.nodes, edges=[edge for edge in now.values() if edge.mark_a])

    def __str__(self) -> str:
        return "\n".join([f"{self.method}: {len(self.graph.edges)} edges", f"  {self.graph}", *self._details()])

    def _details(self) -> list[str]:
        """More lines of the text."""
        if not self.tests:
            return []
        deepest = max(len(test.given) for test in self.tests)
        apart = len(self.separating_sets) // 2
        return [f"  {len(self.tests)} tests given up to {deepest} variables; {apart} pairs parted"]

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>{self.plot().svg}"

    def plot(self) -> GraphPicture:
        """The graph as a picture; circles at the ends of edges are open questions."""
        return self.graph.plot()


def choose_test(data: Any, test: str | Callable[..., Any]) -> tuple[tuple[str, ...], Callable[..., Any], str]:
    """The names of the variables, the test, and what it is called.

    Args:
        data: A DataFrame; for a test that is a function, the names alone will do.
        test: "g2", "chi2", "fisher_z", "auto" (G² where no column has more than 20 values, else Fisher's z), or a
            function of two names and a tuple of names.

    Raises:
        ValueError: An unknown test, fewer than two columns, names that are not text.
    """
    names = tuple(data.columns) if hasattr(data, "columns") else tuple(data) if callable(test) else ()
    if not names:
        raise ValueError(f"the data must be a pandas DataFrame, one row per unit, not {type(data).__name__}")
    check_names(names)
    if callable(test):
        return names, test, getattr(test, "__name__", "own test").replace("<lambda>", "own test")
    if test == "auto":
        test = "g2" if is_discrete(data) else "fisher_z"
    if test not in _TESTS:
        raise ValueError(f"test must be 'auto', {', '.join(map(repr, _TESTS))} or a function, not {test!r}")
    return names, _TESTS[test](data), _LABELS[test]


def check_names(names: Iterable[Any]) -> None:
    """Make sure that there are variables, and that each has a name of its own.

    Raises:
        ValueError: Fewer than two columns, a name that is no text, or twice the same.
    """
    listed = list(names)
    if len(listed) < 2:
        raise ValueError(f"a graph is learnt from two columns or more, but the data has {len(listed)}")
    for name in listed:
        if not isinstance(name, str) or not name:
            raise ValueError(f"the columns need names that are text, not {name!r}; rename it: data.rename(columns=str)")
        if listed.count(name) > 1:
            raise ValueError(f"there are several columns named {name!r}; give each its own name")


def discovered_by_tests(method: str, goal: str, start: MarkedGraph, state: Orientation, log: TestLog) -> Discovered:
    """The result of an algorithm that asks tests."""
    sets: dict[tuple[str, str], tuple[str, ...]] = {}
    for (a, b), test in log.separating_sets.items():
        sets[log.nodes[a], log.nodes[b]] = sets[log.nodes[b], log.nodes[a]] = test.given
    return Discovered(method, state.graph, Derivation(goal, tuple(state.steps)), start, tuple(log.tests), sets)
