"""Adjustment: which variables to hold fixed so that seeing X shows what doing X would do.

A set Z is valid when P(y | do(x)) = Σ_z P(y | x, z) P(z) in every model of the graph. It must not hold what the
effect itself changes on its way, and must block every path from X to Y that is not causal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from .back_door import (
    causal_nodes,
    causal_path,
    forbidden_nodes,
    others,
    proper_back_door_graph,
    search_space,
    sides,
)
from .bit_graph import bits
from .estimand import Estimand
from .expression import Probability
from .expression_algebra import product, total, variables
from .graph import CausalGraph, Names, as_graph
from .paths import Path, open_path
from .query import Query
from .separating_sets import minimal_separator, minimal_separators

__all__ = [
    "AdjustmentSet",
    "NoAdjustment",
    "adjustment_set",
    "check_adjustment",
    "minimal_adjustment_sets",
    "optimal_adjustment_set",
]

_CANNOT = "adjusted for"  # what treatments and outcomes cannot be


@dataclass(frozen=True)
class AdjustmentSet:
    """A valid adjustment set. As a bool: True; `in` and iteration go over the names.

    Attributes:
        treatments, outcomes: Whose effect on whom.
        names: The variables to adjust for; may be none.
        kind: ``"valid"``, ``"minimal"`` or ``"optimal"``.
    """

    treatments: tuple[str, ...]
    outcomes: tuple[str, ...]
    names: tuple[str, ...]
    kind: str = "valid"

    def __bool__(self) -> bool:
        return True

    def __iter__(self) -> Iterator[str]:
        return iter(self.names)

    @property
    def estimand(self) -> Estimand:
        """The effect as a formula: Σ_z P(y | x, z) P(z)."""
        y, x, z = (variables(names) for names in (self.outcomes, self.treatments, self.names))
        query = Query(y, x)
        return Estimand(query, total(z, product(Probability(y, x + z), *([Probability(z)] if z else []))))

    def __str__(self) -> str:
        return f"adjust for {', '.join(self.names) or 'nothing'} ({self.kind}): {self.estimand}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return self.estimand._repr_latex_()


@dataclass(frozen=True)
class NoAdjustment:
    """Why a set of variables, or any set at all, is no valid adjustment set. As a bool: False.

    Attributes:
        treatments, outcomes: Whose effect on whom.
        given: The set that was tried; when none at all is valid, all that may be adjusted for and could matter.
        reason: What is wrong, in a sentence.
        path: A path from treatments to outcomes that is not causal and stays open given the set, if that is the reason.
        forbidden: Members of the set that the effect changes, if that is the reason.
    """

    treatments: tuple[str, ...]
    outcomes: tuple[str, ...]
    given: tuple[str, ...]
    reason: str
    path: Path | None = None
    forbidden: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return False

    def __str__(self) -> str:
        return f"P({', '.join(self.outcomes)} | do({', '.join(self.treatments)})): {self.reason}"

    __repr__ = __str__


def check_adjustment(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, given: Names = ()
) -> AdjustmentSet | NoAdjustment:
    """Whether a set is valid for adjustment, by the generalized adjustment criterion; if not, why.

    Args:
        graph: The graph; its two-headed edges are unobserved common causes.
        treatments, outcomes: One or several of each.
        given: The set to test.

    Raises:
        ValueError: An unknown name; sets that overlap; no treatment or no outcome.

    Source: Shpitser, VanderWeele & Robins 2010, "On the validity of covariate adjustment for estimating causal
    effects"; Perković et al. 2018, "Complete graphical characterization and construction of adjustment
    sets in Markov equivalence classes of ancestral graphs".
    """
    graph = as_graph(graph)
    x, y = sides(graph, treatments, outcomes)
    chosen = others(graph, given, x | y, _CANNOT)
    return _verdict(graph, x, y, chosen)


def adjustment_set(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, *, include: Names = (), allowed: Names | None = None
) -> AdjustmentSet | NoAdjustment:
    """A valid adjustment set none of whose members can be left out, in time linear in the graph's size.

    Of all such sets it is the nearest to the outcomes, which estimates the effect of one treatment with the least
    asymptotic variance.

    Args:
        graph: The graph.
        treatments, outcomes: One or several of each.
        include: Variables that must be in the set (the rest is minimal).
        allowed: Variables that may be in the set, for example those that were measured; default all.

    Returns:
        The set, or the reason why no set at all is valid.

    Raises:
        ValueError: As `check_adjustment`.

    Source: van der Zander & Liśkiewicz 2020, "Finding minimal d-separators in linear time and applications"; Smucler,
    Sapienza & Rotnitzky 2022, "Efficient adjustment sets in causal graphical models with hidden variables".
    """
    graph = as_graph(graph)
    x, y, must, may = _search(graph, treatments, outcomes, include, allowed)
    back_doors = proper_back_door_graph(graph, x, y)
    found = None if must & ~may else minimal_separator(back_doors, y, x, must, may)
    if found is not None:
        return AdjustmentSet(graph.names(x), graph.names(y), graph.names(found), "minimal")
    # The largest set that could matter leaves a path open; then so does every other (van der Zander et al. 2014).
    most = must | may & back_doors.ancestor_mask(x | y | must)
    witness = _verdict(graph, x, y, most)
    assert isinstance(witness, NoAdjustment)
    what = "no set with these members will do" if must else "no adjustment will do"
    reason = f"{what}: {witness.reason}"
    return NoAdjustment(witness.treatments, witness.outcomes, witness.given, reason, witness.path, witness.forbidden)


def minimal_adjustment_sets(
    graph: CausalGraph | str, treatments: Names, outcomes: Names, *, include: Names = (), allowed: Names | None = None
) -> Iterator[tuple[str, ...]]:
    """All valid adjustment sets none of whose members can be left out, found one by one as they are asked for.

    There can be exponentially many; between two of them lies polynomial time. Arguments and errors as `adjustment_set`.
    """
    graph = as_graph(graph)
    x, y, must, may = _search(graph, treatments, outcomes, include, allowed)
    found = minimal_separators(proper_back_door_graph(graph, x, y), x, y, must, may) if not must & ~may else iter(())
    return (graph.names(mask) for mask in found)


def optimal_adjustment_set(
    graph: CausalGraph | str, treatments: Names, outcomes: Names
) -> AdjustmentSet | NoAdjustment:
    """The O-set: of all valid adjustment sets the one with the least asymptotic variance, where it is known to exist.

    It holds the parents of all that carries the effect. In a linear model, and for many estimators in others, no
    valid set gives a smaller variance. With unobserved common causes it need not exist; it does when none of them
    reaches from what carries the effect to a variable that the effect leaves alone.

    Returns:
        The set, or the reason why there is none.

    Raises:
        ValueError: As `check_adjustment`.

    Source: Henckel, Perković & Maathuis 2022, "Graphical criteria for efficient total effect estimation via adjustment
    in causal linear models".
    """
    graph = as_graph(graph)
    x, y = sides(graph, treatments, outcomes)
    carriers, forbidden = causal_nodes(graph, x, y), forbidden_nodes(graph, x, y)

    def none(reason: str) -> NoAdjustment:
        return NoAdjustment(graph.names(x), graph.names(y), (), f"no O-set: {reason}")

    if y & ~carriers:
        return none(f"{', '.join(graph.names(x))} has no effect on {', '.join(graph.names(y & ~carriers))}")
    outside = 0
    for node in bits(carriers):
        outside |= graph.parent_masks[node]
    found = _verdict(graph, x, y, outside & ~forbidden & ~x)
    beside = next(
        ((node, mask) for node in bits(carriers) if (mask := graph.sibling_masks[node] & ~forbidden & ~x)), None
    )
    if beside is None:
        return none(found.reason) if isinstance(found, NoAdjustment) else replace(found, kind="optimal")
    exists = adjustment_set(graph, treatments, outcomes)
    if isinstance(exists, NoAdjustment):
        return none(exists.reason)
    edge = f"{graph.nodes[beside[0]]} <-> {graph.nodes[next(bits(beside[1]))]}"
    return none(f"it would hold the common cause of {edge}, which is unobserved")


def _verdict(graph: CausalGraph, x: int, y: int, chosen: int) -> AdjustmentSet | NoAdjustment:
    """`check_adjustment` on masks."""
    asked = graph.names(x), graph.names(y), graph.names(chosen)
    if wrong := forbidden_nodes(graph, x, y) & chosen:
        return NoAdjustment(*asked, _why_forbidden(graph, x, y, wrong), forbidden=graph.names(wrong))
    path = open_path(proper_back_door_graph(graph, x, y), x, y, chosen)
    if path is None:
        return AdjustmentSet(*asked)
    given = ", ".join(asked[2])
    return NoAdjustment(
        *asked, f"{path.route} is not causal, and open {f'given {given}' if given else 'as it is'}", path
    )


def _why_forbidden(graph: CausalGraph, x: int, y: int, wrong: int) -> str:
    """What the first wrong member of a set has to do with the effect."""
    node = wrong & -wrong
    name = graph.nodes[next(bits(node))]
    carriers = causal_nodes(graph, x, y)
    if node & carriers:
        to_node = causal_path(graph, x, node) or ()
        onward = causal_path(graph, node, y, avoid=x) or ()
        return f"{name} carries the effect: {' -> '.join(to_node + onward[1:])}"
    route = causal_path(graph, carriers, node) or ()
    return f"{name} is changed by the effect: {' -> '.join(route)}, and {route[0]} carries the effect or is its end"


def _search(
    graph: CausalGraph, treatments: Names, outcomes: Names, include: Names, allowed: Names | None
) -> tuple[int, int, int, int]:
    """Treatments, outcomes, what must and what may be in a valid set, as masks."""
    x, y, must, may = search_space(graph, treatments, outcomes, include, allowed, _CANNOT)
    return x, y, must, may & ~forbidden_nodes(graph, x, y)
