"""Identification: can the effect be computed from what is observed, and by which formula?

`identify` runs the ID algorithm (Shpitser & Pearl 2006, "Identification of joint interventional distributions in
recursive semi-Markovian causal models", figure 3) and, for queries with conditions, IDC (Shpitser & Pearl 2006,
"Identification of conditional interventional distributions", figure 4). Both are complete: where they fail, no formula
exists, and the hedge says why. The numbers in the comments are the lines of the ID algorithm.
"""

from __future__ import annotations

from collections.abc import Callable

from .bit_graph import bits
from .c_factor import CFactor, observed_c_factor
from .causal_step import CausalDerivation, CausalStep, SeparationClaim
from .d_separation import separated
from .estimand import Estimand
from .expression import Expression, Probability, Variable
from .expression_algebra import fraction, product, substitute, total, with_fresh_names
from .graph import CausalGraph, as_graph
from .hedge import Hedge, minimal_hedge
from .identification_result import Identified, NotIdentifiable
from .query import Query, parse_query
from .shortening import shorten
from .simplification import simplify

__all__ = ["Identification", "at_fixed_values", "identify"]

_ID = "Shpitser & Pearl 2006a, fig. 3, line"
_IDC = "Shpitser & Pearl 2006b, fig. 4, line"


def identify(graph: CausalGraph | str, query: Query | str) -> Identified | NotIdentifiable:
    """Decide whether a causal query can be computed from the observed distribution P(V), and how.

    Args:
        graph: The causal graph; two-headed edges stand for unobserved common causes.
        query: Such as ``"P(Y | do(X))"`` or ``"P(Y1, Y2 | do(X), Z)"``; a value may be fixed, as in ``do(X=1)``.

    Returns:
        `Identified` with the estimand and the derivation, or `NotIdentifiable` with a minimal hedge.

    Raises:
        ParseError: The query does not follow the grammar.
        ValueError: A variable that is not in the graph, or stands twice in the query.
    """
    graph = as_graph(graph)
    asked = parse_query(query)
    outcomes, treatments, conditions = (
        graph.mask([variable.name for variable in part])
        for part in (asked.outcomes, asked.treatments, asked.conditions)
    )
    search = Identification(graph)
    try:
        expression = search.conditional(outcomes, treatments, conditions)
    except _Hedged as found:
        return NotIdentifiable(asked, graph, found.hedge)
    shortened, shortening = shorten(graph, simplify(with_fresh_names(expression)))
    estimand = Estimand(asked, at_fixed_values(shortened, asked))

    def derivation() -> CausalDerivation:
        whole = CausalStep("put together", "", asked.term, estimand.expression, "the parts are put into each other")
        return CausalDerivation(asked, (*search.steps(), *shortening, whole), graph)

    return Identified(asked, graph, estimand, derivation)


class _Hedged(Exception):
    """Line 5 was reached: the answer is no, and this is why."""

    def __init__(self, hedge: Hedge) -> None:
        self.hedge = hedge


class Identification:
    """One run of IDC and ID on one graph. Sets of nodes are masks.

    Each rule that is used leaves a note: a function that writes the step. Most answers are used without their
    derivation, and writing it takes as long as finding it, so that the notes wait until somebody reads them.
    """

    def __init__(self, graph: CausalGraph) -> None:
        self.graph = graph
        self.symbols = tuple([Variable(name) for name in graph.nodes])
        self.notes: list[Callable[[], CausalStep]] = []
        self.observed: dict[int, CFactor] = {}  # Q of ancestral sets, written down once for all districts
        self.factors: dict[tuple[int, int], Probability] = {}  # what these sets share, by node and conditions

    def steps(self) -> list[CausalStep]:
        """The rules that were used, in the order of use; sums over nothing are left out.

        Line 7 stays where the term is the same: what changes is the part of the graph in view.
        """
        written = [write() for write in self.notes]
        sums = [f"{_ID} {line}" for line in (1, 2, 6)]
        return [step for step in written if step.before != step.after or step.source not in sums]

    def conditional(self, y: int, x: int, z: int) -> Expression:
        """IDC: P(y | do(x), z). A condition that acts like an intervention becomes one; the rest is a fraction."""
        if not x:
            return self.goal(y, 0, z)  # nothing is done: the query is observed as it stands
        ones = (1 << node for node in bits(z))
        apart = (one for one in ones if separated(self.graph, y, one, x | z & ~one, cut_incoming=x, cut_outgoing=one))
        if one := next(apart, 0):  # line 1
            self.notes.append(lambda: self._exchange(y, x, z, one))
            return self.conditional(y, x | one, z & ~one)
        if not z:
            return self.unconditional(y, x)
        joint = self.unconditional(y | z, x)  # line 2
        self.notes.append(lambda: self._conditioning(y, x, z))
        return fraction(joint, total(self.variables(y), joint))

    def unconditional(self, y: int, x: int) -> Expression:
        """ID: P(y | do(x))."""
        self.asked_x, self.asked_y = x, y
        everything = self.graph.all_mask
        return self._identify(y, x, everything, 0, None)

    def _identify(self, y: int, x: int, v: int, fixed: int, q: CFactor | None) -> Expression:
        """P(y | do(x, fixed)) in the part `v` of the graph, whose c-factor Q[v] = P(v | do(fixed)) is `q`.

        Args:
            y, x: Outcomes and treatments within v.
            v: The nodes in question.
            fixed: The nodes that line 7 has set; they occur in `q` as parameters.
            q: Q[v]; None while v is the whole graph, or an ancestral part of it, and Q[v] = P(v).
        """
        graph, note = self.graph, self.notes.append
        if not x:  # 1
            formula = (q or self._observed(graph.ancestor_mask(y, v))).marginal(y).expression()
            return self._formula(1, y, fixed, formula, "nothing is set: sum the other variables out")

        ancestors = graph.ancestor_mask(y, v)
        if v != ancestors:  # 2
            reason = "{}: no ancestor of the outcome"
            note(lambda: self._line(2, y, x | fixed, x & ancestors | fixed, reason, v & ~ancestors))
            return self._identify(y, x & ancestors, ancestors, fixed, q and q.marginal(ancestors))

        idle = v & ~x & ~graph.ancestor_mask(y, v, cut_incoming=x)
        if idle:  # 3
            reason = "setting {} too changes nothing: no way from there to the outcome past the treatment"
            note(lambda: self._line(3, y, x | fixed, x | idle | fixed, reason, idle))
            return self._identify(y, x | idle, v, fixed, q)

        districts = graph.district_masks(v & ~x)
        if len(districts) > 1:  # 4
            note(lambda: self._line_4(y, x, v, fixed, districts))
            found = [self._identify(district, v & ~district, v, fixed, q) for district in districts]
            return total(self.variables(v & ~(y | x)), product(*found))

        district = districts[0]
        around = graph.district_mask(district, v)
        if around == v:  # 5
            return self.hedged(y, x, v, fixed, q)
        q = q or self._observed(v)
        if around == district:  # 6
            formula = q.district(district).marginal(y).expression()
            reason = "{} is a whole district: given what comes before, seeing is setting"
            return self._formula(6, y, x | fixed, formula, reason, district)
        reason = "the treatment reaches into the district {}: go on there, with the rest set"
        outside = v & ~around  # 7
        note(lambda: self._line(7, y, x | fixed, x & around | outside | fixed, reason, around))
        return self._identify(y, x & around, around, fixed | outside, q.district(around))

    def hedged(self, y: int, x: int, v: int, fixed: int, q: CFactor | None) -> Expression:
        """Line 5, where identification ends; `transport` goes on from here."""
        raise _Hedged(minimal_hedge(self.graph, self.asked_y, self.asked_x, within=v))

    def _observed(self, nodes: int) -> CFactor:
        if nodes not in self.observed:
            self.observed[nodes] = observed_c_factor(self.graph, nodes, self.symbols, self.factors)
        return self.observed[nodes]

    def _formula(self, line: int, y: int, do: int, formula: Expression, reason: str, about: int = 0) -> Expression:
        """Where lines 1 and 6 end: P(y | do) is this formula."""
        self.notes.append(
            lambda: self._step(line, self.goal(y, do), simplify(with_fresh_names(formula)), reason, about)
        )
        return formula

    # --- the steps that the notes write ---------------------------------------------------------------------

    def _step(self, line: int, before: Expression, after: Expression, reason: str, about: int = 0) -> CausalStep:
        """The step of a line of ID; {} in the reason stands for the nodes that it is about."""
        told = reason.format(", ".join(self.graph.names(about)))
        return CausalStep(f"ID, line {line}", f"{_ID} {line}", before, after, told, self.graph)

    def _line(self, line: int, y: int, do: int, then: int, reason: str, about: int) -> CausalStep:
        """P(y | do) is P(y | then)."""
        return self._step(line, self.goal(y, do), self.goal(y, then), reason, about)

    def _line_4(self, y: int, x: int, v: int, fixed: int, districts: tuple[int, ...]) -> CausalStep:
        parts = [self.goal(district, v & ~district | fixed) for district in districts]
        after = total(self.variables(v & ~(y | x)), product(*parts))
        reason = "without the treatment the graph falls into districts: one factor for each"
        return self._step(4, self.goal(y, x | fixed), after, reason)

    def _conditioning(self, y: int, x: int, z: int) -> CausalStep:
        goal, both = self.goal(y, x, z), self.goal(y | z, x)
        after = fraction(both, total(self.variables(y), both))
        reason = "no condition can be exchanged for an intervention: P(y | z) is P(y, z) / P(z)"
        return CausalStep("conditioning", f"{_IDC} 2", goal, after, reason, self.graph)

    def _exchange(self, y: int, x: int, z: int, one: int) -> CausalStep:
        names, kept = self.graph.names, z & ~one
        mutilated = self.graph.cut_incoming(names(x)).cut_outgoing(names(one))
        claim = SeparationClaim(names(y), names(one), names(x | kept))
        reason = f"in this graph seeing {', '.join(names(one))} tells as much as setting it"
        before, after = self.goal(y, x, z), self.goal(y, x | one, kept)
        return CausalStep("do-calculus, rule 2", f"{_IDC} 1", before, after, reason, mutilated, (claim,))

    def goal(self, y: int, do: int, given: int = 0) -> Probability:
        """P(y | do(…), given) of masks, as a term."""
        return Probability(self.variables(y), self.variables(given), self.variables(do))

    def variables(self, mask: int) -> tuple[Variable, ...]:
        """The index variables of a set of nodes."""
        return tuple([self.symbols[node] for node in bits(mask)])


def at_fixed_values(expression: Expression, query: Query) -> Expression:
    """A formula at the values that a query fixes, as in ``do(X=1)``."""
    fixed = [
        variable for variable in query.outcomes + query.treatments + query.conditions if variable.value is not None
    ]
    return substitute(expression, {variable.name: variable for variable in fixed})
