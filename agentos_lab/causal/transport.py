"""Transport: the effect was found by experiment in one population; what is it in another?

A selection diagram is the causal graph with a mark on each variable whose mechanism, or whose noise, may differ between
the two. `transport` writes the effect in the target population with experiments from the source, P(… | do(…)), and
observations from the target, P*(…).

Source: Bareinboim & Pearl 2012, "Transportability of causal effects: completeness results", algorithm sID.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from agentos_lab.errors import IdentificationError

from .bit_graph import bits
from .c_factor import CFactor
from .causal_step import CausalDerivation, CausalStep, SeparationClaim
from .d_separation import separated
from .expression import Expression, Probability
from .expression_algebra import map_probabilities, with_fresh_names
from .graph import CausalGraph, Names, as_graph
from .hedge import Hedge, minimal_hedge
from .identification import Identification, at_fixed_values
from .query import Query, parse_query
from .simplification import simplify

__all__ = ["NotTransportable", "Transported", "transport"]

_TARGET = "*"


@dataclass(frozen=True)
class Transported:
    """The effect in the target population.

    Attributes:
        query: What was asked of the target population.
        graph: The causal graph.
        differs: The variables that may work differently there.
        expression: P*(…) is observed in the target, P(… | do(…)) comes from experiments in the source.
        derivation: The lines of sID that were used.
    """

    query: Query
    graph: CausalGraph
    differs: tuple[str, ...]
    expression: Expression
    derivation: CausalDerivation

    transportable = True

    def __str__(self) -> str:
        return f"transportable: {_asked_of_target(self.query)} = {self.expression}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {_asked_of_target(self.query).latex()} = {self.expression.latex()}$"


@dataclass(frozen=True)
class NotTransportable:
    """The effect in the target population does not follow from experiments in the source and observations there.

    Attributes:
        query: What was asked of the target population.
        graph: The causal graph.
        differs: The variables that may work differently there.
        hedge: The part of the graph that makes it impossible, an s-hedge: not identifiable there, nor to be had
            from the source, because a difference is at its F'.
    """

    query: Query
    graph: CausalGraph
    differs: tuple[str, ...]
    hedge: Hedge

    transportable = False

    @property
    def expression(self) -> Expression:
        """There is none.

        Raises:
            IdentificationError: Always.
        """
        raise IdentificationError(str(self))

    def __str__(self) -> str:
        where = ", ".join(name for name in self.differs if name in self.hedge.inner)
        return (
            f"not transportable: {_asked_of_target(self.query)}, because of {self.hedge} and a difference between "
            f"populations at {where}"
        )

    __repr__ = __str__


def transport(graph: CausalGraph | str, query: Query | str, differs: Names) -> Transported | NotTransportable:
    """Write a causal effect of a target population with what is known there and experiments done elsewhere.

    Args:
        graph: The causal graph of both populations.
        query: P(Y | do(X)), asked of the target.
        differs: The variables whose mechanism or noise may differ between the populations.

    Returns:
        The formula, or the hedge that forbids one.

    Raises:
        ParseError: The query does not follow the grammar.
        ValueError: A name that is not in the graph, or a query with conditions.
    """
    graph = as_graph(graph)
    asked = parse_query(query)
    if asked.conditions:
        raise ValueError(f"transport is for queries without conditions, got {asked}")
    marked = graph.names(graph.mask(differs))
    search = _Transport(graph, graph.mask(marked), graph.mask([v.name for v in asked.treatments]))
    try:
        found = search.unconditional(
            *(graph.mask([v.name for v in part]) for part in (asked.outcomes, asked.treatments))
        )
    except _Untouchable as blocked:
        return NotTransportable(asked, graph, marked, blocked.hedge)
    general = simplify(with_fresh_names(map_probabilities(found, _in_target)))
    expression = at_fixed_values(general, asked)
    goal = _asked_of_target(asked)
    whole = CausalStep("put together", "", goal, expression, "the parts are put into each other and simplified")
    derivation = CausalDerivation(goal, (*search.steps(), whole), graph)
    return Transported(asked, graph, marked, expression, derivation)


class _Untouchable(Exception):
    """A hedge that a difference between the populations touches."""

    def __init__(self, hedge: Hedge) -> None:
        self.hedge = hedge


class _Transport(Identification):
    """ID in the target population; where ID would fail, an experiment in the source may stand in."""

    def __init__(self, graph: CausalGraph, marked: int, treatments: int) -> None:
        super().__init__(graph)
        self.treatments, self.marked = treatments, marked
        arrows = [(f"S({name})", name) for name in graph.names(marked)]
        self.selectors = tuple(source for source, _ in arrows)
        self.diagram = CausalGraph(nodes=graph.nodes, directed=[*graph.directed, *arrows], bidirected=graph.bidirected)

    def hedged(self, y: int, x: int, v: int, fixed: int, q: CFactor | None) -> Expression:
        """Line 10 of sID: (S ⊥⊥ Y | X) in D[X̄] makes the effect the same in both populations. Line 11: fail."""
        done = x | fixed
        if not self._invariant(y, done, 0):
            raise _Untouchable(minimal_hedge(self.graph, self.asked_y, self.asked_x, within=v, touching=self.marked))
        see = self._seen_instead(y, done)
        term = Probability(self.variables(y), self.variables(see), self.variables(done & ~see))
        self.notes.append(lambda: self._same_in_both(y, done, term))
        return term

    def goal(self, y: int, do: int, given: int = 0) -> Probability:
        """A term about the target population."""
        return replace(super().goal(y, do, given), population=_TARGET)

    def _step(self, line: int, before: Expression, after: Expression, reason: str, about: int = 0) -> CausalStep:
        """The lines of ID are about the target population, and so are the observations in them."""
        return super()._step(line, before, map_probabilities(after, _in_target), reason, about)

    def _same_in_both(self, y: int, done: int, term: Probability) -> CausalStep:
        names = self.graph.names
        claim = SeparationClaim(self.selectors, names(y), names(done))
        reason = "no difference between the populations reaches the outcome: the source's experiment holds here too"
        if term.given:
            reason += f", and there seeing {', '.join(v.name for v in term.given)} tells as much as setting it"
        source, cut = "Bareinboim & Pearl 2012, algorithm sID, line 10", self.diagram.cut_incoming(names(done))
        return CausalStep("sID, line 10", source, self.goal(y, done), term, reason, cut, (claim,))

    def _invariant(self, y: int, done: int, given: int) -> bool:
        diagram = self.diagram
        selectors = diagram.mask(self.selectors)
        return not selectors or separated(diagram, y, selectors, done | given, cut_incoming=done)

    def _seen_instead(self, y: int, done: int) -> int:
        """Of what must be set, all but the treatments that were asked about, where seeing it is as good (rule 2)."""
        see = 0
        for node in bits(done & ~self.treatments):
            one = 1 << node
            rest = done & ~see & ~one
            exchanged = separated(self.graph, y, one, rest | see, cut_incoming=rest, cut_outgoing=one)
            if exchanged and self._invariant(y, rest, see | one):
                see |= one
        return see


def _asked_of_target(query: Query) -> Probability:
    return replace(query.term, population=_TARGET)


def _in_target(term: Probability) -> Probability:
    """Observations are made in the target population; experiments, which were done in the source, stay as they are."""
    return term if term.do else replace(term, population=_TARGET)
