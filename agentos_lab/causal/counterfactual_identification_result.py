"""The two answers to "do experiments answer this question about several worlds?"."""

from __future__ import annotations

from dataclasses import dataclass

from agentos_lab.errors import IdentificationError

from .causal_step import CausalDerivation
from .counterfactual_query import CounterfactualQuery, CounterfactualVariable
from .expression import Expression, Probability, Variable
from .expression_algebra import map_probabilities, substitute, with_fresh_names
from .graph import CausalGraph
from .identification import identify
from .identification_result import NotIdentifiable
from .query import Query
from .simplification import simplify

__all__ = ["CounterfactualIdentified", "CounterfactualNotIdentifiable"]


@dataclass(frozen=True)
class CounterfactualIdentified:
    """Yes: experiments answer the query.

    Attributes:
        query: What was asked.
        graph: Of which graph.
        expression: The answer in probabilities of single worlds, P(… | do(…)).
        derivation: The lines of ID* and IDC* that were used.
    """

    query: CounterfactualQuery
    graph: CausalGraph
    expression: Expression
    derivation: CausalDerivation

    identifiable = True

    def observational(self) -> Expression:
        """The answer in observed probabilities alone.

        Raises:
            IdentificationError: Experiments answer the query, observations do not: some P(… | do(…)) in it is not
                identifiable.
        """
        observed = map_probabilities(self.expression, lambda term: _observed(self.graph, term))
        return simplify(with_fresh_names(observed))

    def __str__(self) -> str:
        return f"identified from experiments: {self.query} = {self.expression}"

    __repr__ = __str__

    def _repr_latex_(self) -> str:
        return rf"$\displaystyle {self.query.latex()} = {self.expression.latex()}$"


@dataclass(frozen=True)
class CounterfactualNotIdentifiable:
    """No: not even all experiments together answer the query.

    Attributes:
        query: What was asked.
        graph: Of which graph.
        conflict: The counterfactual variables that share unobserved causes and live in worlds that contradict.
        values: The two values of one variable that their worlds would need at once.
    """

    query: CounterfactualQuery
    graph: CausalGraph
    conflict: tuple[CounterfactualVariable, ...]
    values: tuple[Variable, Variable]

    identifiable = False

    @property
    def expression(self) -> Expression:
        """There is none.

        Raises:
            IdentificationError: Always.
        """
        raise IdentificationError(str(self))

    def __str__(self) -> str:
        shown = ", ".join(map(str, self.conflict))
        one, other = self.values
        return (
            f"not identifiable, even from experiments: {self.query},\n"
            f"  because {shown} share their unobserved causes and would need {one} and {other} at once"
        )

    __repr__ = __str__


def _observed(graph: CausalGraph, term: Probability) -> Expression:
    """P(… | do(…)) as its estimand."""
    if not term.do:
        return term
    plain = (tuple(Variable(v.name) for v in part) for part in (term.variables, term.do, term.given))
    answer = identify(graph, Query(*plain))
    if isinstance(answer, NotIdentifiable):
        raise IdentificationError(f"experiments are needed: {answer}")
    return substitute(answer.estimand.expression, {v.name: v for v in term.variables + term.given + term.do})
