"""Numbers from expressions."""

from __future__ import annotations

import numpy as np
from causal_studies import stones

from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import ZERO, Fraction, Probability, Variable
from agentos_lab.causal.observed import Observed

X, Y = Variable("X"), Variable("Y")


def test_zero_is_zero_and_a_fraction_divides() -> None:
    observed = Observed.from_series(stones())
    assert evaluate(ZERO, observed).values == 0
    both = Fraction(Probability((Y, X)), Probability((X,)))
    np.testing.assert_allclose(
        evaluate(both, observed).expanded(("Y", "X")), evaluate(Probability((Y,), (X,)), observed).expanded(("Y", "X"))
    )
