"""Observed distributions: what is none is refused, by row or column, and interventions are not answered."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import stones

from agentos_lab.causal.estimand import Estimand
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability, Product, Sum, Variable
from agentos_lab.causal.observed import Observed
from agentos_lab.causal.query import parse_query

X, Y, Z = (Variable(name) for name in "XYZ")
BACK_DOOR = Sum((Z,), Product((Probability((Y,), (X, Z)), Probability((Z,)))))


@pytest.mark.parametrize(
    ("joint", "message"),
    [
        ([0.5, 0.5], "expected a pandas Series"),
        (pd.Series([0.5, 0.5]), "has no name"),
        (pd.Series([0.5, 0.6], index=pd.Index([0, 1], name="Y")), "sum to 1, got 1.1"),
        (pd.Series([1.5, -0.5], index=pd.Index([0, 1], name="Y")), "row 1"),
        (pd.Series([0.5, np.nan], index=pd.Index([0, 1], name="Y")), "number ≥ 0"),
        (pd.Series([0.5, 0.5], index=pd.Index([0, 0], name="Y")), "stands twice"),
        (pd.Series([1.0], index=pd.Index([0], name="Z")), "no variable 'Y'"),
    ],
)
def test_what_is_no_distribution_is_refused_with_the_reason(joint: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        Estimand(parse_query("P(Y)"), Probability((Y,))).evaluate(joint)  # type: ignore[arg-type]


def test_data_with_a_missing_column_or_value_is_refused_by_name() -> None:
    estimand = Estimand(parse_query("P(Y | do(X))"), BACK_DOOR)
    data = pd.DataFrame({"X": [0, 1], "Y": [0, 1], "Z": [0.0, np.nan]})
    with pytest.raises(ValueError, match="'Z' has 1 missing"):
        estimand.estimate(data)
    with pytest.raises(ValueError, match="no column 'Z'"):
        estimand.estimate(data.drop(columns="Z"))
    with pytest.raises(ValueError, match="no rows"):
        estimand.estimate(data.dropna().head(0))


def test_an_observed_distribution_does_not_answer_interventions() -> None:
    with pytest.raises(ValueError, match="intervention"):
        evaluate(Probability((Y,), do=(X,)), Observed.from_series(stones()))
    with pytest.raises(ValueError, match="Y is never 2"):
        evaluate(Probability((Variable("Y", 2),)), Observed.from_series(stones()))
