"""Estimands as numbers: against sums written out by hand, and refused where a condition never happens."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from causal_studies import STONES, stones

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.estimand import Estimand
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import Probability, Product, Sum, Variable
from agentos_lab.causal.front_door import FrontDoorSet
from agentos_lab.causal.identification import identify
from agentos_lab.causal.observed import Observed
from agentos_lab.causal.query import parse_query

X, Y, Z = (Variable(name) for name in "XYZ")
BACK_DOOR = Sum((Z,), Product((Probability((Y,), (X, Z)), Probability((Z,)))))


def test_a_variable_whose_name_ends_in_a_prime_is_no_index_of_another() -> None:
    model = DiscreteModel.random("X' -> X -> Z -> Y; X <-> Y", {"X": 2, "X'": 3, "Z": 2, "Y": 2})
    estimand = identify(model.graph, "P(Y | do(X), X')").estimand
    assert str(estimand.expression) == "Σ_{Z} P(Z | X) Σ_{X''} P(X'' | X') P(Y | X', X'', Z)"
    answer = estimand.evaluate(model.joint())
    truth = model.probability(estimand.query.term).transposed(answer.index.names).values.ravel()
    assert answer.index.names == ["Y", "X", "X'"] and list(answer) == pytest.approx(list(truth), abs=1e-12)
    front_door = FrontDoorSet(("X",), ("Y",), ("X'",)).estimand
    assert str(front_door.expression) == "Σ_{X'} P(X' | X) Σ_{X''} P(Y | X'', X') P(X'')"


def test_the_back_door_formula_gives_the_published_adjusted_cure_rates() -> None:
    answer = Estimand(parse_query("P(Y | do(X))"), BACK_DOOR).evaluate(stones())
    assert answer.index.names == ["Y", "X"]
    assert answer[1, "A"] == pytest.approx(0.8325, abs=5e-5)
    assert answer[1, "B"] == pytest.approx(0.7789, abs=5e-5)


def test_the_same_sum_written_out_by_hand() -> None:
    joint = stones()
    for x in "AB":
        by_hand = 0.0
        for z in ("small", "large"):
            chosen = joint.xs(z, level="Z").sum()
            by_hand += joint[x, z, 1] / (joint[x, z, 0] + joint[x, z, 1]) * chosen
        assert Estimand(parse_query("P(Y=1 | do(X))"), _cured()).evaluate(joint)[x] == pytest.approx(by_hand, abs=1e-12)


def _cured() -> Sum:
    return Sum((Z,), Product((Probability((Variable("Y", 1),), (X, Z)), Probability((Z,)))))


def test_a_treatment_that_does_nothing_is_still_a_level_of_the_answer() -> None:
    answer = Estimand(parse_query("P(Y | do(X))"), Probability((Y,))).evaluate(stones())
    assert answer[1, "A"] == answer[1, "B"] == pytest.approx((81 + 192 + 234 + 55) / 700)


def test_a_single_variable_joint_needs_no_multi_index() -> None:
    joint = pd.Series([0.25, 0.75], index=pd.Index([0, 1], name="Y"))
    assert Estimand(parse_query("P(Y)"), Probability((Y,))).evaluate(joint).to_dict() == {(0,): 0.25, (1,): 0.75}


def test_an_undefined_condition_matters_only_where_it_has_weight() -> None:
    # Z=2 never happens, so that P(Y | X, Z=2) is undefined and does not matter; (X=1, Z=1) never happens, and does.
    cells = {
        (0, 0, 0): 0.2,
        (0, 0, 1): 0.2,
        (0, 1, 0): 0.2,
        (0, 1, 1): 0.1,
        (1, 0, 0): 0.1,
        (1, 0, 1): 0.2,
        (0, 2, 0): 0.0,
    }
    index = pd.MultiIndex.from_tuples(list(cells), names=["X", "Z", "Y"])
    table = evaluate(BACK_DOOR, Observed.from_series(pd.Series(list(cells.values()), index=index)))
    answer = table.transposed(("Y", "X")).values
    assert not np.isnan(answer[:, 0]).any() and np.isnan(answer[:, 1]).all()
    with pytest.raises(ValueError, match=r"no overlap.*X=1"):
        Estimand(parse_query("P(Y | do(X))"), BACK_DOOR).evaluate(pd.Series(list(cells.values()), index=index))


def test_data_gives_relative_frequencies() -> None:
    rows = [cell for cell, count in STONES.items() for _ in range(count)]
    data = pd.DataFrame(rows, columns=["X", "Z", "Y"])
    estimand = Estimand(parse_query("P(Y | do(X))"), BACK_DOOR)
    pd.testing.assert_series_equal(estimand.estimate(data), estimand.evaluate(stones()))
