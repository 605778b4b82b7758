"""From an expression to numbers: probabilities are looked up, sums and products are done on tables."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from .expression import Expression, Fraction, Probability, Product, Sum, Zero
from .probability_table import Table, divide, multiply

__all__ = ["Distribution", "evaluate"]


class Distribution(Protocol):
    """What can say how probable something is."""

    def probability(self, term: Probability, undefined: float) -> Table:
        """The table of `term` over its free indices; `undefined` where the condition has probability 0."""
        ...


def evaluate(expression: Expression, distribution: Distribution) -> Table:
    """The numbers of an expression, for all values of its free indices at once.

    Where the value rests on a conditional probability whose condition never happens, it is NaN. It is not NaN where
    such a term is multiplied by 0, as in Σ_z P(y | x, z) P(z) for a z that never occurs.

    Args:
        expression: What to compute.
        distribution: `Observed` data, or a `DiscreteModel`, which also answers terms with do().

    Returns:
        A table whose axes are the free indices of the expression.
    """
    # Undefined conditionals are filled in with two different numbers: a result that changes rests on one of them.
    first, second = (_evaluate(expression, distribution, undefined=fill) for fill in (0.0, 1.0))
    return Table(first.axes, np.where(first.values == second.values, first.values, np.nan))


def _evaluate(expression: Expression, distribution: Distribution, undefined: float) -> Table:
    match expression:
        case Probability():
            return distribution.probability(expression, undefined)
        case Product(factors):
            return multiply([_evaluate(factor, distribution, undefined) for factor in factors])
        case Sum(over, body):
            factors = body.factors if isinstance(body, Product) else (body,)
            tables = [_evaluate(factor, distribution, undefined) for factor in factors]
            return multiply(tables, sum_over=[variable.symbol for variable in over])
        case Fraction(numerator, denominator):
            above, below = (_evaluate(part, distribution, undefined) for part in (numerator, denominator))
            return divide(above, below, undefined)
        case Zero():
            return Table((), np.zeros(()))
    raise TypeError(f"expected an expression, got {type(expression).__name__}")
