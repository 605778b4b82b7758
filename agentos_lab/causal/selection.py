"""Recovery from selection: the data hold only units with S = 1; what do they say about everybody?

A probability P(a | b) is the same among the selected, P(a | b, S=1), exactly when A is separated from S given B. A
formula for an effect can be used on selected data when each of its factors is of that kind, or is known from elsewhere,
a census for example.

Source: Bareinboim, Tian & Pearl 2014, "Recovering from selection bias in causal and statistical inference", theorem 1
and the selection-backdoor criterion (definition 4).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from agentos_lab.errors import IdentificationError

from .adjustment import check_adjustment, minimal_adjustment_sets
from .causal_step import SeparationClaim
from .d_separation import separated
from .expression import Expression, Probability, Variable
from .expression_algebra import map_probabilities, probabilities, product, total
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
        if set(self.claim.a) & set(self.claim.b):
            return f"not recovered: {self.query} needs {self.factor}, which data on the selected alone cannot show"
        return f"not recovered: {self.query} needs {self.factor}, which selection changes: {self.claim} does not hold"

    __repr__ = __str__


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
    if not isinstance(selection, str):
        raise ValueError(f"one node says who is in the data, such as 'S'; got {selection!r}")
    chosen = graph.mask(selection)
    if selection in asked.term.names:
        raise ValueError(f"{selection} says who is in the data: it is 1 for all of them, and cannot be asked about")
    outside = set(graph.names(graph.mask(external)))
    refusals = []
    for expression in _formulas(graph, asked, selection):
        needed = [term for term in probabilities(expression) if not _is_known(term, outside)]
        claims = {term: _unchanged(graph, term, chosen) for term in needed}
        failed = [(term, claim) for term, claim in claims.items() if not _holds(graph, claim)]
        if not failed:
            found = map_probabilities(expression, lambda term: _among_selected(term, selection, outside))
            return Recovered(asked, found, tuple(dict.fromkeys(claims.values())))
        refusals.append(NotRecovered(asked, *failed[0]))
    return refusals[0]  # of the estimand of `identify`


def _formulas(graph: CausalGraph, asked: Query, selection: str) -> Iterator[Expression]:
    """The estimand of `identify`, then adjustment for each minimal set, and for each with one member more."""
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


def _is_known(term: Probability, outside: set[str]) -> bool:
    return {variable.name for variable in term.variables + term.given} <= outside


def _unchanged(graph: CausalGraph, term: Probability, chosen: int) -> SeparationClaim:
    """What must hold if a term is to be the same among the selected."""
    a, b = (graph.mask([variable.name for variable in part]) for part in (term.variables, term.given))
    return SeparationClaim(graph.names(a), graph.names(chosen), graph.names(b & ~chosen))


def _holds(graph: CausalGraph, claim: SeparationClaim) -> bool:
    """Whether the separation holds; of the selection itself, the selected show nothing."""
    a, b, given = (graph.mask(names) for names in (claim.a, claim.b, claim.given))
    return not a & b and separated(graph, a, b, given)


def _among_selected(term: Probability, selection: str, outside: set[str]) -> Probability:
    """The term with S=1 in its condition; what is known from elsewhere is left as it is."""
    if _is_known(term, outside):
        return term
    given = tuple(variable for variable in term.given if variable.name != selection)
    return replace(term, given=(*given, Variable(selection, 1)))
