"""GES, greedy equivalence search: climb from class to class of DAGs, first by the best arrow more, then by one less.

With endless data the first phase ends in a class that has at least the true independences' arrows, the second in the
true class. Each move is scored by one variable's local score with and without the arrow.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from agentos_lab.results import Derivation

from .bit_graph import bits
from .discovery_result import Discovered, check_names
from .equivalence_class import cpdag, extension
from .marked_graph import ARROW, TAIL, MarkedGraph
from .orientation import DiscoveryStep, Orientation
from .score import LocalScore, bdeu, bic

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["ScoredDiscovery", "ges"]

_SOURCE = "Chickering 2002"
_LEAST_GAIN = 1e-9  # less is rounding
_SCORES: dict[str, Callable[[pd.DataFrame], LocalScore]] = {"bic": bic, "bdeu": bdeu}


@dataclass(frozen=True, eq=False, repr=False)
class ScoredDiscovery(Discovered):
    """A CPDAG found by its score.

    Attributes:
        score: Of each DAG of the class, up to a constant that all DAGs share.
    """

    score: float = 0.0

    def _details(self) -> list[str]:
        added = sum(step.rule == "insert" for step in self.derivation)
        return [f"  score {self.score:.2f}; {added} arrows put in, {len(self.derivation) - added} taken away"]


def ges(data: pd.DataFrame, score: str | LocalScore = "bic") -> ScoredDiscovery:
    """Learn the CPDAG of a DAG without unobserved common causes.

    Args:
        data: One row per unit, one column per variable.
        score: "bic" (of tables where no column has more than 20 values, else of linear equations with normal noise),
            "bdeu" (discrete columns), or a function of a name and its causes' names that makes equivalent DAGs equal.

    Returns:
        The graph, with each move and what it gained.

    Raises:
        ValueError: Missing values, a constant column, one that does not suit the score, too few rows: each named.

    Source: Chickering 2002, "Optimal structure identification with greedy search", theorems 15 and 17.
    """
    if not hasattr(data, "columns"):
        raise ValueError(f"the data must be a pandas DataFrame, one row per unit, not {type(data).__name__}")
    names = tuple(data.columns)
    check_names(names)
    if not callable(score) and score not in _SCORES:
        raise ValueError(f"score must be {', '.join(map(repr, _SCORES))} or a function, not {score!r}")
    local = _Cached(names, score if callable(score) else _SCORES[score](data))
    start = graph = MarkedGraph(nodes=names)
    steps: list[DiscoveryStep] = []
    for moves in (_insertions, _deletions):
        while best := max(moves(graph, local), key=lambda move: move.gain, default=None):
            after = best.apply(graph)
            reason = f"the score of {names[best.effect]} rises by {best.gain:.4g}, more than by any other move"
            rule = "insert" if moves is _insertions else "delete"
            steps.append(DiscoveryStep(rule, _SOURCE, graph, after, reason))
            graph = after
    label = getattr(score, "__name__", "own score") if callable(score) else score.upper().replace("BDEU", "BDeu")
    goal = f"Which class of DAGs over {', '.join(names)} has the best score?"
    parents = extension(graph) or graph.parent_masks
    total = sum(local(node, mask) for node, mask in enumerate(parents))
    method = f"GES ({label}) on {len(names)} variables"
    return ScoredDiscovery(method, graph, Derivation(goal, tuple(steps)), start, score=total)


class _Cached:
    """A local score of masks that computes each value once."""

    def __init__(self, names: tuple[str, ...], score: LocalScore) -> None:
        self._names, self._score = names, score
        self._known: dict[tuple[int, int], float] = {}

    def __call__(self, node: int, causes: int) -> float:
        if (node, causes) not in self._known:
            self._known[node, causes] = self._score(self._names[node], [self._names[cause] for cause in bits(causes)])
        return self._known[node, causes]


@dataclass(frozen=True)
class _Move:
    """Put in or take away the arrow cause -> effect; `others` are the nodes whose edges get a direction by it."""

    gain: float
    inserts: bool
    cause: int
    effect: int
    others: int

    def apply(self, graph: MarkedGraph) -> MarkedGraph:
        """The CPDAG after the move."""
        state = Orientation(graph)
        x, y = self.cause, self.effect
        if self.inserts:
            state.adjacent[x] |= 1 << y
            state.adjacent[y] |= 1 << x
            arrows = [(x, y), *((other, y) for other in bits(self.others))]
        else:
            state.remove(x, y, "", "", "")
            arrows = [(y, other) for other in bits(self.others)]
            arrows += [(x, other) for other in bits(self.others & state.undirected(x))]
        state.put([end for a, b in arrows for end in ((a, b, TAIL), (b, a, ARROW))], "", "", "")
        parents = extension(state.graph)
        assert parents is not None  # theorems 15 and 17: a valid move leads to a class
        return cpdag(graph.nodes, parents)


def _insertions(graph: MarkedGraph, score: _Cached) -> Iterator[_Move]:
    """The valid insertions that improve the score (Chickering 2002, theorem 15)."""
    adjacent, parents = graph.adjacent_masks, graph.parent_masks
    for y, undirected in enumerate(graph.undirected_masks):
        for x in bits(graph.all_mask & ~adjacent[y] & ~(1 << y)):
            always = undirected & adjacent[x]
            if not _is_clique(graph, always):
                continue
            for others in _cliques(graph, always, undirected & ~adjacent[x]):
                causes = always | others | parents[y]
                gain = score(y, causes | 1 << x) - score(y, causes)
                if gain > _LEAST_GAIN and not _leads_round(graph, y, x, always | others):
                    yield _Move(gain, True, x, y, others)


def _deletions(graph: MarkedGraph, score: _Cached) -> Iterator[_Move]:
    """The valid deletions that improve the score (Chickering 2002, theorem 17)."""
    for y, undirected in enumerate(graph.undirected_masks):
        for x in bits(undirected | graph.parent_masks[y]):
            common = undirected & graph.adjacent_masks[x]
            for kept in _cliques(graph, 0, common):
                causes = (kept | graph.parent_masks[y]) & ~(1 << x)
                gain = score(y, causes) - score(y, causes | 1 << x)
                if gain > _LEAST_GAIN:
                    yield _Move(gain, False, x, y, common & ~kept)


def _is_clique(graph: MarkedGraph, mask: int) -> bool:
    return all(not mask & ~graph.adjacent_masks[node] & ~(1 << node) for node in bits(mask))


def _cliques(graph: MarkedGraph, base: int, choice: int) -> Iterator[int]:
    """The subsets of `choice` that make a clique together with the clique `base`."""
    yield 0
    for node in bits(choice):
        choice &= ~(1 << node)
        if not base & ~graph.adjacent_masks[node]:
            for more in _cliques(graph, base | 1 << node, choice & graph.adjacent_masks[node]):
                yield more | 1 << node


def _leads_round(graph: MarkedGraph, start: int, end: int, blocked: int) -> bool:
    """Whether a path of arrows and undirected edges goes from `start` to `end` past the blocked nodes."""
    found = frontier = 1 << start
    while frontier and not found >> end & 1:
        low = frontier & -frontier
        node = low.bit_length() - 1
        new = (graph.child_masks[node] | graph.undirected_masks[node]) & ~found & ~blocked
        found |= new
        frontier = (frontier ^ low) | new
    return bool(found >> end & 1)
