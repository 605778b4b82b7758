"""Numbers from expressions: against sums written out by hand, and honest where a condition never happens."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest

from agentos_lab.causal.discrete_model import DiscreteModel
from agentos_lab.causal.estimand import Estimand
from agentos_lab.causal.evaluation import evaluate
from agentos_lab.causal.expression import ZERO, Fraction, Probability, Product, Sum, Variable
from agentos_lab.causal.graph import CausalGraph
from agentos_lab.causal.observed import Observed
from agentos_lab.causal.probability_table import Table, divide, multiply
from agentos_lab.causal.query import parse_query

X, Y, Z = (Variable(name) for name in "XYZ")
BACK_DOOR = Sum((Z,), Product((Probability((Y,), (X, Z)), Probability((Z,)))))
# Kidney stones (Charig et al. 1986): X treatment, Z size of the stone, Y cured; counts out of 700.
STONES = {
    ("A", "small", 1): 81, ("A", "small", 0): 6, ("A", "large", 1): 192, ("A", "large", 0): 71,
    ("B", "small", 1): 234, ("B", "small", 0): 36, ("B", "large", 1): 55, ("B", "large", 0): 25,
}  # fmt: skip


def stones() -> pd.Series:
    index = pd.MultiIndex.from_tuples(list(STONES), names=["X", "Z", "Y"])
    return pd.Series(list(STONES.values()), index=index) / 700


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


def test_zero_is_zero_and_a_fraction_divides() -> None:
    observed = Observed.from_series(stones())
    assert evaluate(ZERO, observed).values == 0
    both = Fraction(Probability((Y, X)), Probability((X,)))
    np.testing.assert_allclose(
        evaluate(both, observed).expanded(("Y", "X")), evaluate(Probability((Y,), (X,)), observed).expanded(("Y", "X"))
    )


def test_data_gives_relative_frequencies() -> None:
    rows = [cell for cell, count in STONES.items() for _ in range(count)]
    data = pd.DataFrame(rows, columns=["X", "Z", "Y"])
    estimand = Estimand(parse_query("P(Y | do(X))"), BACK_DOOR)
    pd.testing.assert_series_equal(estimand.estimate(data), estimand.evaluate(stones()))


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


def test_the_truncated_factorisation_equals_the_sum_over_all_worlds() -> None:
    graph = CausalGraph("X -> Z -> Y; X <-> Y; Z <-> Y")
    model = DiscreteModel.random(graph, {"X": 2, "Y": 3, "Z": 2}, latent_card=2, seed=5)
    tables, names = model.tables, ("X", "Z", "Y", *model.latents)
    levels = {**model.levels, **dict.fromkeys(model.latents, (0, 1))}
    for x, y in itertools.product(model.levels["X"], model.levels["Y"]):
        by_hand = 0.0
        for world in itertools.product(*(levels[name] for name in names)):
            value = dict(zip(names, world, strict=True))
            if value["X"] == x and value["Y"] == y:
                others = [tables[name] for name in names if name != "X"]
                by_hand += float(np.prod([table.values[tuple(value[a] for a in table.axes)] for table in others]))
        done = model.probability(Probability((Y,), do=(X,))).select({"X": x, "Y": y}).values
        assert done == pytest.approx(by_hand, abs=1e-12)


def test_a_random_model_is_a_distribution_and_repeats_by_its_seed() -> None:
    graph = CausalGraph("A -> B; B <-> C; D")
    joint = DiscreteModel.random(graph, 3, seed=1).joint()
    assert joint.sum() == pytest.approx(1, abs=1e-12) and (joint > 0).all()
    pd.testing.assert_series_equal(joint, DiscreteModel.random(graph, 3, seed=1).joint())
    assert not joint.equals(DiscreteModel.random(graph, 3, seed=2).joint())


def test_tables_match_axes_by_name() -> None:
    generator = np.random.default_rng(0)
    a, b = Table(("X", "Z"), generator.random((2, 3))), Table(("Z", "Y"), generator.random((3, 4)))
    np.testing.assert_allclose(multiply([a, b], sum_over=["Z"]).values, a.values @ b.values)
    np.testing.assert_allclose(divide(a, a.sum_out(["X"])).values.sum(axis=0), 1)
    with pytest.raises(ValueError, match="name of its own"):
        Table(("X", "X"), np.ones((2, 2)))
    with pytest.raises(ValueError, match="2 dimensions"):
        Table(("X", "Y"), np.ones(2))
