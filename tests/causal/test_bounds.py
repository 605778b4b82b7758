"""Bounds against linear programs over all response types, which know no formula."""

from __future__ import annotations

import itertools

import numpy as np
import pandas as pd
import pytest
from scipy.optimize import linprog

from agentos_lab.causal.bounds import causation_bounds, effect_bounds, instrument_bounds

# How a unit responds: (Y if X=0, Y if X=1), and (X if Z=0, X if Z=1).
RESPONSES = list(itertools.product((0, 1), repeat=2))


def series(values: np.ndarray, names: str) -> pd.Series:
    index = pd.MultiIndex.from_product([(0, 1)] * len(names), names=list(names))
    return pd.Series(np.asarray(values).ravel(), index=index)


def extremes(objective: np.ndarray, constraints: np.ndarray, values: np.ndarray) -> tuple[float, float]:
    """The smallest and largest value of a linear function of a distribution that meets linear constraints."""
    low, high = (
        linprog(sign * objective, A_eq=constraints, b_eq=values, bounds=(0, 1), method="highs") for sign in (1, -1)
    )
    return low.fun, -high.fun


def random_types(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).dirichlet(np.full(count, 0.7))


@pytest.mark.parametrize("seed", range(12))
def test_the_no_assumption_and_the_causation_bounds_are_those_of_the_linear_program(seed: int) -> None:
    types = list(itertools.product((0, 1), RESPONSES))  # treated or not, response
    shares = random_types(seed, len(types))
    joint = np.zeros((2, 2))
    done = np.zeros(2)
    for share, (x, response) in zip(shares, types, strict=True):
        joint[x, response[x]] += share
        done += share * np.array(response)
    data = series(joint, "XY")
    cells = [[float(x == i and r[i] == j) for x, r in types] for i in (0, 1) for j in (0, 1)]
    effect = np.array([r[1] - r[0] for _, r in types], dtype=float)
    found = effect_bounds(data, "X", "Y")
    assert (found.low, found.high) == pytest.approx(extremes(effect, np.array(cells), joint.ravel()), abs=1e-9)
    assert done[1] - done[0] in found and found.width == pytest.approx(1)

    answers = causation_bounds(data, "X", "Y", experiment=(done[1], done[0]))
    known = np.array([*cells, *([float(r[i]) for _, r in types] for i in (0, 1))])
    values = np.array([*joint.ravel(), *done])
    kinds = {
        "both": np.array([float(r == (0, 1)) for _, r in types]),
        "necessity": np.array([float(x == 1 and r == (0, 1)) for x, r in types]) / joint[1, 1],
        "sufficiency": np.array([float(x == 0 and r == (0, 1)) for x, r in types]) / joint[0, 0],
    }
    for kind, objective in kinds.items():
        interval = getattr(answers, kind)
        assert (interval.low, interval.high) == pytest.approx(extremes(objective, known, values), abs=1e-9)
        assert objective @ shares in interval


@pytest.mark.parametrize("seed", range(12))
def test_the_instrument_bounds_are_those_of_the_linear_program(seed: int) -> None:
    types = list(itertools.product(RESPONSES, RESPONSES))  # of X to Z, of Y to X
    shares = random_types(seed, len(types))
    joint = np.zeros((2, 2, 2))
    for z, weight in ((0, 0.3), (1, 0.7)):
        for share, (of_x, of_y) in zip(shares, types, strict=True):
            joint[z, of_x[z], of_y[of_x[z]]] += weight * share
    cells = np.array([
        [float(of_x[z] == x and of_y[of_x[z]] == y) for of_x, of_y in types]
        for z, x, y in itertools.product((0, 1), repeat=3)
    ])  # fmt: skip
    values = (joint / joint.sum(axis=(1, 2), keepdims=True)).ravel()
    effect = np.array([of_y[1] - of_y[0] for _, of_y in types], dtype=float)
    found = instrument_bounds(series(joint, "ZXY"), "Z", "X", "Y")
    assert (found.low, found.high) == pytest.approx(extremes(effect, cells, values), abs=1e-9)
    assert effect @ shares in found
    assert found.width <= effect_bounds(series(joint, "ZXY"), "X", "Y").width + 1e-9


def test_without_confounding_and_with_monotonicity_causation_is_a_point() -> None:
    # Each unit responds never, always or as treated; treatment is a coin.
    never, helped, always = 0.2, 0.5, 0.3
    joint = 0.5 * np.array([[never + helped, always], [never, helped + always]])
    answers = causation_bounds(series(joint, "XY"), "X", "Y", monotonic=True)
    assert answers.both.low == answers.both.high == pytest.approx(helped)
    assert answers.necessity.low == pytest.approx(helped / (helped + always))
    assert answers.sufficiency.low == pytest.approx(helped / (helped + never))
    assert "PNS): 0.5000" in str(answers)


def test_of_a_group_that_nobody_is_in_nothing_is_said() -> None:
    answers = causation_bounds(series([0.5, 0, 0.5, 0], "XY"), "X", "Y", monotonic=True)  # the outcome never happens
    assert (answers.necessity.low, answers.necessity.high) == (0, 1)
    assert repr(answers).splitlines()[0] == "probability of necessity (PN): between 0.0000 and 1.0000"


def test_the_legal_case_of_pearl_the_drug_was_more_likely_than_not_the_cause() -> None:
    # Pearl 2009, table 9.2: of 1,000 who took it 2 died, of 1,000 who did not 28; by experiment 16 and 14 of 1,000.
    joint = series(np.array([[972, 28], [998, 2]]) / 2000, "XY")
    answers = causation_bounds(joint, "X", "Y", experiment=(0.016, 0.014))
    assert answers.necessity.low == pytest.approx(1.0) and answers.necessity.high == pytest.approx(1.0)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: effect_bounds(series([0.25] * 4, "XY"), "X", "T"), "no variable 'T'"),
        (lambda: instrument_bounds(series([0.125] * 8, "ZXY"), "Z", "Z", "Y"), "3 different variables, not Z, Z, Y"),
        (lambda: effect_bounds(series([0.25] * 4, "XY").rename(index={1: 2}), "X", "Y"), "values 0 and 1"),
        (lambda: causation_bounds(series([0.25] * 4, "XY"), "X", "Y", experiment=(0.1, 0.5)), "contradicts"),
        (lambda: causation_bounds(series([0, 0, 0.5, 0.5], "XY"), "X", "Y"), "only one value"),
        (lambda: causation_bounds(series([0.1, 0.4, 0.4, 0.1], "XY"), "X", "Y", monotonic=True), "monotonicity"),
        (lambda: instrument_bounds(series([0, 0, 0, 0, 0.25, 0.25, 0.25, 0.25], "ZXY"), "Z", "X", "Y"), "needs both"),
        (lambda: instrument_bounds(series([0.5, 0, 0, 0, 0, 0.5, 0, 0], "ZXY"), "Z", "X", "Y"), "no model with Z"),
    ],
)
def test_data_that_no_bound_fits_are_refused(call, message: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ValueError, match=message):
        call()
