"""Identification: can the effect be computed from what is observed, and by which formula?

`identify` runs the ID algorithm (Shpitser & Pearl 2006, "Identification of joint interventional distributions in
recursive semi-Markovian causal models", figure 3) and, for queries with conditions, IDC (Shpitser & Pearl 2006,
"Identification of conditional interventional distributions", figure 4). Both are complete: where they fail, no formula
exists, and the hedge says why. The numbers in the comments are the lines of the ID algorithm.
"""

from __future__ import annotations

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

__all__ = ["Identification", "identify"]

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
    estimand = Estimand(asked, _with_values(shortened, asked))
    whole = CausalStep("put together", "", asked.term, estimand.expression, "the parts are put into each other")
    return Identified(asked, graph, estimand, CausalDerivation(asked, (*search.steps, *shortening, whole), graph))


class _Hedged(Exception):
    """Line 5 was reached: the answer is no, and this is why."""

    def __init__(self, hedge: Hedge) -> None:
        self.hedge = hedge


class Identification:
    """One run of IDC and ID on one graph. Sets of nodes are masks; each rule that is used leaves a step."""

    def __init__(self, graph: CausalGraph) -> None:
        self.graph = graph
        self.symbols = tuple(Variable(name) for name in graph.nodes)
        self.steps: list[CausalStep] = []
        self.observed: dict[int, CFactor] = {}  # Q of ancestral sets, written down once for all districts
        self.factors: dict[tuple[int, int], Probability] = {}  # what these sets share, by node and conditions

    def conditional(self, y: int, x: int, z: int) -> Expression:
        """IDC: P(y | do(x), z). A condition that acts like an intervention becomes one; the rest is a fraction."""
        if not x:
            return self.goal(y, 0, z)  # nothing is done: the query is observed as it stands
        for node in bits(z):
            one = 1 << node
            if separated(self.graph, y, one, x | z & ~one, cut_incoming=x, cut_outgoing=one):  # line 1
                self._record_exchange(y, x, z, one)
                return self.conditional(y, x | one, z & ~one)
        if not z:
            return self.unconditional(y, x)
        joint = self.unconditional(y | z, x)  # line 2
        below = total(self.variables(y), joint)
        goal, both = self.goal(y, x, z), self.goal(y | z, x)
        self._record(f"{_IDC} 2", "conditioning", goal, fraction(both, total(self.variables(y), both)),
                     "no condition can be exchanged for an intervention: P(y | z) is P(y, z) / P(z)")  # fmt: skip
        return fraction(joint, below)

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
        graph = self.graph
        goal = self.goal(y, x | fixed)
        if not x:  # 1
            formula = (q or self._observed(graph.ancestor_mask(y, v))).marginal(y).expression()
            return self._formula("ID, line 1", f"{_ID} 1", goal, formula, "nothing is set: sum the other variables out")

        ancestors = graph.ancestor_mask(y, v)
        if v != ancestors:  # 2
            after = self.goal(y, x & ancestors | fixed)
            self._record(
                f"{_ID} 2", "ID, line 2", goal, after, f"{self._named(v & ~ancestors)}: no ancestor of the outcome"
            )
            return self._identify(y, x & ancestors, ancestors, fixed, q and q.marginal(ancestors))

        idle = v & ~x & ~graph.ancestor_mask(y, v, cut_incoming=x)
        if idle:  # 3
            after = self.goal(y, x | idle | fixed)
            reason = (
                f"setting {self._named(idle)} too changes nothing: no way from there to the outcome past the treatment"
            )
            self._record(f"{_ID} 3", "ID, line 3", goal, after, reason)
            return self._identify(y, x | idle, v, fixed, q)

        districts = graph.district_masks(v & ~x)
        if len(districts) > 1:  # 4
            parts = [self.goal(district, v & ~district | fixed) for district in districts]
            summed = self.variables(v & ~(y | x))
            self._record(f"{_ID} 4", "ID, line 4", goal, total(summed, product(*parts)),
                         "without the treatment the graph falls into districts: one factor for each")  # fmt: skip
            found = [self._identify(district, v & ~district, v, fixed, q) for district in districts]
            return total(summed, product(*found))

        district = districts[0]
        around = next(whole for whole in graph.district_masks(v) if whole & district)
        if around == v:  # 5
            return self.hedged(y, x, v, fixed, q)
        q = q or self._observed(v)
        if around == district:  # 6
            formula = q.district(district).marginal(y).expression()
            reason = f"{self._named(district)} is a whole district: given what comes before, seeing is setting"
            return self._formula("ID, line 6", f"{_ID} 6", goal, formula, reason)
        outside = v & ~around  # 7
        after = self.goal(y, x & around | outside | fixed)
        reason = f"the treatment reaches into the district {self._named(around)}: go on there, with the rest set"
        # Recorded also where the term stays the same: what changes is the part of the graph in view.
        self.steps.append(CausalStep("ID, line 7", f"{_ID} 7", goal, after, reason, self.graph))
        return self._identify(y, x & around, around, fixed | outside, q.district(around))

    def hedged(self, y: int, x: int, v: int, fixed: int, q: CFactor | None) -> Expression:
        """Line 5, where identification ends; `transport` goes on from here."""
        raise _Hedged(minimal_hedge(self.graph, self.asked_y, self.asked_x, within=v))

    def _observed(self, nodes: int) -> CFactor:
        if nodes not in self.observed:
            self.observed[nodes] = observed_c_factor(self.graph, nodes, self.factors)
        return self.observed[nodes]

    def _formula(self, rule: str, source: str, goal: Expression, formula: Expression, reason: str) -> Expression:
        formula = with_fresh_names(formula)
        self._record(source, rule, goal, simplify(formula), reason)
        return formula

    def _record(self, source: str, rule: str, before: Expression, after: Expression, reason: str) -> None:
        if before != after:
            self.steps.append(CausalStep(rule, source, before, after, reason, self.graph))

    def _record_exchange(self, y: int, x: int, z: int, one: int) -> None:
        mutilated = self.graph.cut_incoming(self.graph.names(x)).cut_outgoing(self.graph.names(one))
        claim = SeparationClaim(*(self.graph.names(mask) for mask in (y, one, x | z & ~one)))
        reason = f"in this graph seeing {self._named(one)} tells as much as setting it"
        before, after = self.goal(y, x, z), self.goal(y, x | one, z & ~one)
        self.steps.append(CausalStep("do-calculus, rule 2", f"{_IDC} 1", before, after, reason, mutilated, (claim,)))

    def goal(self, y: int, do: int, given: int = 0) -> Probability:
        """P(y | do(…), given) of masks, as a term."""
        return Probability(self.variables(y), self.variables(given), self.variables(do))

    def variables(self, mask: int) -> tuple[Variable, ...]:
        """The index variables of a set of nodes."""
        return tuple([self.symbols[node] for node in bits(mask)])

    def _named(self, mask: int) -> str:
        return ", ".join(self.graph.names(mask))


def _with_values(expression: Expression, query: Query) -> Expression:
    """The formula at the values that the query fixes."""
    fixed = [
        variable for variable in query.outcomes + query.treatments + query.conditions if variable.value is not None
    ]
    return substitute(expression, {variable.name: variable for variable in fixed})
