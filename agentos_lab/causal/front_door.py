"""The front door: an effect read off the variables that carry it, although its cause is confounded.

A set Z serves when (i) every causal path from X to Y goes through it, (ii) no back-door path from X to Z is open, and
(iii) X blocks every back-door path from Z to Y. Then P(y | do(x)) = Σ_z P(z | x) Σ_x' P(y | x', z) P(x').
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .back_door import causal_path, others, search_space, sides
from .bit_graph import bits
from .d_separation import separated
from .estimand import Estimand
from .expression import Probability
from .expression_algebra import product, total, variables, with_fresh_names
from .graph import CausalGraph, Names, as_graph
from .paths import Path, open_path
from .query import Query

__all__ = ["FrontDoorSet", "NoFrontDoor", "check_front_door", "front_door_set", "front_door_sets"]

_CANNOT = "in the set"  # what treatments and outcomes cannot be


@dataclass(frozen=True)
class FrontDoorSet:
    """A set that satisfies the front-door criterion. As a bool: True; iteration goes over the names.

    Attributes:
        treatments, outcomes: Whose effect on whom.
        names: The variables that carry the effect.
    """

    treatments: tuple[str, ...]
    outcomes: tuple[str, ...]
    names: tuple[str, ...]

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @property
    def estimand(self) -> Estimand:
        """The effect as a formula; with an empty set there is no effect, and it is P(y)."""
        y, x, z = (variables(names) for names in (self.outcomes, self.treatments, self.names))
        onward = total(x, product(Probability(y, x + z), Probability(x)))  # with_fresh_names calls this x another: x'
        formula = total(z, product(Probability(z, x), onward)) if z else Probability(y)
        return Estimand(Query(y, x), with_fresh_names(formula))

    def __str__(self) -> str:
        return f"front door {', '.join(self.names) or '(empty: there is no effect)'}: {self.estimand}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return self.estimand._repr_latex_()


@dataclass(frozen=True)
class NoFrontDoor:
    """Why a set, or any set at all, fails the front-door criterion. As a bool: False.

    Attributes:
        treatments, outcomes: Whose effect on whom.
        given: The set that was tried; when none at all serves, the largest that satisfies (ii) and (iii).
        condition: Which of the three conditions fails: ``"(i)"``, ``"(ii)"`` or ``"(iii)"``.
        reason: What is wrong, in a sentence.
        path: The back-door path that is open, for (ii) and (iii).
    """

    treatments: tuple[str, ...]
    outcomes: tuple[str, ...]
    given: tuple[str, ...]
    condition: str
    reason: str
    path: Path | None = None

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return (
            f"P({', '.join(self.outcomes)} | do({', '.join(self.treatments)})): {self.reason}, against {self.condition}"
        )

    __repr__ = __str__


def check_front_door(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, given: Names
) -> FrontDoorSet | NoFrontDoor:
    """Whether a set satisfies the front-door criterion; if not, which condition fails, and by which path.

    Args:
        graph: The graph; its two-headed edges are unobserved common causes.
        treatments, outcomes: One or several of each.
        given: The set to test.

    Raises:
        ValueError: An unknown name; sets that overlap; no treatment or no outcome.

    Source: Pearl 2009, definition 3.3.3 and theorem 3.3.4; for sets of treatments and outcomes Jeong, Tian &
    Bareinboim 2022, "Finding and listing front-door adjustment sets".
    """
    graph = as_graph(graph)
    x, y = sides(graph, treatments, outcomes)
    return _verdict(graph, x, y, others(graph, given, x | y, _CANNOT))


def front_door_set(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, *, include: Names = (), allowed: Names | None = None
) -> FrontDoorSet | NoFrontDoor:
    """A front-door set that cannot do without any of its members (those of `include` excepted), or why there is none.

    Args:
        graph: The graph.
        treatments, outcomes: One or several of each.
        include: Variables that must be in the set.
        allowed: Variables that may be in it; default all.

    Raises:
        ValueError: As `check_front_door`.
    """
    graph = as_graph(graph)
    x, y, must, may = search_space(graph, treatments, outcomes, include, allowed, _CANNOT)
    for found in _all_sets(graph, x, y, must, may):  # the first one has left out whatever could be left out
        return FrontDoorSet(graph.names(x), graph.names(y), graph.names(found))
    failed = _verdict(graph, x, y, must | _largest(graph, x, y, may))
    assert isinstance(failed, NoFrontDoor)
    reason = f"no front-door set exists: {failed.reason}"
    return NoFrontDoor(failed.treatments, failed.outcomes, failed.given, failed.condition, reason, failed.path)


def front_door_sets(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, *, include: Names = (), allowed: Names | None = None
) -> Iterator[tuple[str, ...]]:
    """All front-door sets, found one by one as they are asked for; arguments and errors as `front_door_set`.

    There can be exponentially many; between two of them lies polynomial time.

    Source: Jeong, Tian & Bareinboim 2022, "Finding and listing front-door adjustment sets".
    """
    graph = as_graph(graph)
    x, y, must, may = search_space(graph, treatments, outcomes, include, allowed, _CANNOT)
    return (graph.names(mask) for mask in _all_sets(graph, x, y, must, may))


def _all_sets(graph: CausalGraph, x: int, y: int, must: int, may: int) -> Iterator[int]:
    """The front-door sets between `must` and `may`: those without a node first, then those with it."""
    waiting = [(must, may)]
    while waiting:
        must, may = waiting.pop()
        largest = _largest(graph, x, y, may)
        if must & ~largest or causal_path(graph, x, y, avoid=largest):
            continue  # only smaller sets satisfy (ii) and (iii), and they intercept less
        choices = largest & ~must
        if not choices:
            yield must
            continue
        node = choices & -choices
        waiting.append((must | node, largest))
        waiting.append((must, largest & ~node))


def _largest(graph: CausalGraph, x: int, y: int, may: int) -> int:
    """The largest set of allowed nodes that satisfies (ii) and (iii); it holds every other such set.

    (ii) is asked of each node for itself. For (iii) a set loses the nodes with an open back door until none is left:
    cutting what leaves a larger set only blocks more, so no member of a set that satisfies (iii) is ever lost.
    """
    chosen = sum(1 << node for node in bits(may) if separated(graph, x, 1 << node, 0, cut_outgoing=x))
    while True:
        kept = sum(1 << node for node in bits(chosen) if separated(graph, 1 << node, y, x, cut_outgoing=chosen))
        if kept == chosen:
            return chosen
        chosen = kept


def _verdict(graph: CausalGraph, x: int, y: int, chosen: int) -> FrontDoorSet | NoFrontDoor:
    """`check_front_door` on masks."""
    asked = graph.names(x), graph.names(y), graph.names(chosen)
    if route := causal_path(graph, x, y, avoid=chosen):
        return NoFrontDoor(*asked, "(i)", f"the causal path {' -> '.join(route)} passes it by")
    if path := open_path(graph.cut_outgoing(asked[0]), x, chosen, 0):
        return NoFrontDoor(*asked, "(ii)", f"the back-door path {path.route} is open", path)
    if path := open_path(graph.cut_outgoing(asked[2]), chosen, y, x):
        reason = f"the back-door path {path.route} is open given {', '.join(asked[0])}"
        return NoFrontDoor(*asked, "(iii)", reason, path)
    return FrontDoorSet(*asked)
