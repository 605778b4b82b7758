"""Recovery from selection: the data hold only units with S = 1; what do they say about everybody?

A probability P(a | b) is the same among the selected, P(a | b, S=1), exactly when A is separated from S given B. A
formula for an effect can be used on selected data when each of its factors is of that kind, or is known from elsewhere,
a census for example.

Source: Bareinboim, Tian & Pearl 2014, "Recovering from selection bias in causal and statistical inference", theorem 1
and the selection-backdoor criterion (definition 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from agentos_lab.errors import IdentificationError

from .adjustment import check_adjustment, minimal_adjustment_sets
from .causal_step import SeparationClaim
from .d_separation import separated
from .expression import Expression, Fraction, Probability, Product, Sum, Variable
from .expression_algebra import fraction, product, total
from .graph import CausalGraph, Names, as_graph
from .identification import identify
from .query import Query, parse_query

__all__ = ["NotRecovered", "Recovered", "recover"]


@dataclass(frozen=True)
class Recovered:
    """The query, from selected data.

    Attributes:
        query: What was asked, of everybody.
        expression: Each factor with S=1 is taken from the selected data, the others from outside.
        separations: Why each of the former is the same among the selected as among all.
    """

    query: Query
    expression: Expression
    separations: tuple[SeparationClaim, ...]

    recoverable = True

    def __str__(self) -> str:
        return f"recoverable: {self.query} = {self.expression}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.query.latex()} = {self.expression.latex()}$"


@dataclass(frozen=True)
class NotRecovered:
    """No formula was found that survives the selection.

    Attributes:
        query: What was asked, of everybody.
        factor: A factor that is different among the selected.
        claim: The separation that fails.
    """

    query: Query
    factor: Expression
    claim: SeparationClaim

    recoverable = False

    @property
    def expression(self) -> Expression:
        """There is none.

        Raises:
            IdentificationError: Always.
        """
        raise IdentificationError(str(self))

    def __str__(self) -> str:
        return f"not recovered: {self.query} needs {self.factor}, which selection changes: {self.claim} does not hold"


def recover(
    graph: CausalGraph | str, query: Query | str, selection: str, external: Names = ()
) -> Recovered | NotRecovered:
    """Look for a formula for a query that selected data can answer.

    The estimand of `identify` is tried first, then adjustment for each minimal set and for supersets of it by one.

    Args:
        graph: The causal graph, with the node that says who is in the data.
        query: Such as ``"P(Y | X)"`` or ``"P(Y | do(X))"``, asked of everybody.
        selection: That node; it is 1 for the units in the data.
        external: Variables whose joint distribution among everybody is known from elsewhere.

    Returns:
        The formula, or a factor that the selection changes.

    Raises:
        ParseError: The query does not follow the grammar.
        ValueError: A name that is not in the graph, or a query about the selection.
        IdentificationError: The effect is not identifiable even from data on everybody.
    """
    graph = as_graph(graph)
    asked = parse_query(query)
    chosen = graph.mask(selection)
    if selection in asked.term.names:
        raise ValueError(f"{selection} says who is in the data: it is 1 for all of them, and cannot be asked about")
    outside = set(graph.names(graph.mask(external)))
    first: NotRecovered | None = None
    for expression in _formulas(graph, asked, selection):
        claims: list[SeparationClaim] = []
        try:
            found = _selected(graph, expression, chosen, outside, claims)
        except _Changed as changed:
            first = first or NotRecovered(asked, changed.factor, changed.claim)
        else:
            return Recovered(asked, found, tuple(claims))
    assert first is not None  # there was at least one formula
    return first


class _Changed(Exception):
    """A factor that is different among the selected."""

    def __init__(self, factor: Probability, claim: SeparationClaim) -> None:
        self.factor, self.claim = factor, claim


def _formulas(graph: CausalGraph, asked: Query, selection: str) -> Iterator[Expression]:
    yield identify(graph, asked).estimand.expression
    if not asked.treatments or asked.conditions:
        return
    x, y = ([v.name for v in part] for part in (asked.treatments, asked.outcomes))
    others = [name for name in graph.nodes if name not in (*x, *y, selection)]
    tried: set[frozenset[str]] = set()
    for found in minimal_adjustment_sets(graph, x, y):
        for names in (frozenset(found), *(frozenset((*found, more)) for more in others)):
            if names and names not in tried and check_adjustment(graph, x, y, names):
                z = tuple(Variable(name) for name in graph.nodes if name in names)
                yield total(z, product(Probability(asked.outcomes, asked.treatments + z), Probability(z)))
            tried.add(names)


def _selected(
    graph: CausalGraph, expression: Expression, chosen: int, outside: set[str], claims: list[SeparationClaim]
) -> Expression:
    """The formula with S=1 in each factor that stays the same; known factors are left as they are."""
    match expression:
        case Probability(variables, given, _):
            if {v.name for v in variables + given} <= outside:
                return expression
            a, b = (graph.mask([v.name for v in part]) for part in (variables, given))
            claim = SeparationClaim(graph.names(a), graph.names(chosen), graph.names(b))
            if not separated(graph, a, chosen, b):
                raise _Changed(expression, claim)
            claims.append(claim)
            (name,) = graph.names(chosen)
            return Probability(variables, (*given, Variable(name, 1)))
        case Product(factors):
            return product(*(_selected(graph, factor, chosen, outside, claims) for factor in factors))
        case Sum(over, body):
            return total(over, _selected(graph, body, chosen, outside, claims))
        case Fraction(numerator, denominator):
            parts = (_selected(graph, part, chosen, outside, claims) for part in (numerator, denominator))
            return fraction(*parts)
    return expression
