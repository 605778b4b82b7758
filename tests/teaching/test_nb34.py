"""The checks of notebook 34: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import math

import numpy as np
import pytest

from agentos_lab.causal import e_value
from agentos_lab.teaching import check


def normalised(A, Y, e):
    one, other = A == 1, A == 0
    return np.average(Y[one], weights=1 / e[one]) - np.average(Y[other], weights=1 / (1 - e[other]))


def balance(x, A, weight, spread=None):
    one, other = A == 1, A == 0
    means = np.average(x[one], weights=weight[one]), np.average(x[other], weights=weight[other])
    if spread is None:
        spread = math.sqrt((np.var(x[one], ddof=1) + np.var(x[other], ddof=1)) / 2)
    return (means[0] - means[1]) / spread


def doubly_robust(A, Y, e, m1, m0):
    total = 0.0
    for a, y, score, with_it, without in zip(A, Y, e, m1, m0, strict=True):
        total += with_it - without
        total += (y - with_it) / score if a else -(y - without) / (1 - score)
    return total / len(A)


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("weights", (1.25, 5.0)),
        ("weights", [1 / 0.8, 1 / (1 - 0.8)]),
        ("normalised", normalised),
        ("balance", balance),
        ("doubly_robust", doubly_robust),
        ("how_strong", lambda ratio: e_value(ratio).value),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"34.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("weights", (0.8, 0.2), "1 over the probability"),
        ("weights", (5, 1.25), "other way round"),
        ("weights", (1.25, 1.25), "1 − 0.8"),
        ("weights", (1.25, 0.8), "1 over that"),
        ("weights", 1.25, "A list with 2 entries"),
        ("weights", ("1.25", "5"), "Entry 1 is"),
        ("weights", ("a", "b"), "Entry 1 is"),
        ("weights", (1.25, 4.0), "if not treated is not 4: this is too small"),
        ("how_strong", lambda ratio: str(max(ratio, 1 / ratio)), "of type str"),
        ("normalised", lambda A, Y, e: np.mean(A * Y / e) - np.mean((1 - A) * Y / (1 - e)), "number of people"),
        ("normalised", lambda A, Y, e: (A * Y / e).sum() / A.sum() - ((1 - A) * Y / (1 - e)).sum() / (1 - A).sum(),
         "in each group"),
        ("normalised", lambda A, Y, e: np.sum((2 * A - 1) * Y / np.where(A, e, 1 - e))
         / np.sum(1 / np.where(A, e, 1 - e)), "*all* weights"),
        ("balance", lambda x, A, weight: balance(x, A, np.ones(len(x))), "before weighting"),
        ("balance", lambda x, A, weight: balance(x, A, weight, 1), "own units"),
        ("balance", lambda x, A, weight: balance(x, 1 - A, weight), "sign is turned"),
        ("balance", lambda x, A, weight: abs(balance(x, A, weight)), "sign is lost"),
        ("balance", lambda x, A, weight: balance(x, A, weight, x.std(ddof=1)), "all together"),
        ("balance", lambda x, A, weight: balance(x, A, weight, (x[A == 1].var(ddof=1) + x[A == 0].var(ddof=1)) / 2),
         "*root*"),
        ("balance", lambda x, A, weight: balance(x, A, weight, np.sqrt((x[A == 1].var() + x[A == 0].var()) / 2)),
         "ddof=1"),
        ("doubly_robust", lambda A, Y, e, m1, m0: (m1 - m0).mean(), "standardisation alone"),
        ("doubly_robust", lambda A, Y, e, m1, m0: doubly_robust(A, Y, e, 0 * m1, 0 * m0), "weighting alone"),
        ("doubly_robust", lambda A, Y, e, m1, m0: np.mean(
            m1 - m0 + A * (Y - m1) / e + (1 - A) * (Y - m0) / (1 - e)), "subtract it, too"),
        ("doubly_robust", lambda A, Y, e, m1, m0: np.mean(
            m1 - m0 + (Y - np.where(A, m1, m0)) * (2 * A - 1) / e), "1 − e"),
        ("doubly_robust", lambda A, Y, e, m1, m0: len(A) * doubly_robust(A, Y, e, m1, m0), "wants the mean"),
        ("doubly_robust", lambda A, Y, e, m1, m0: 2 * np.mean(m1 - m0) - doubly_robust(A, Y, e, m1, m0),
         "wrong sign"),
        ("how_strong", lambda ratio: ratio + (ratio * (ratio - 1)) ** 0.5, "turned over"),
        ("how_strong", lambda ratio: ratio + math.sqrt(abs(ratio * (ratio - 1))), "turned over"),
        ("how_strong", lambda ratio: e_value(ratio).value - max(ratio, 1 / ratio), "R itself"),
        ("how_strong", lambda ratio: max(ratio, 1 / ratio) ** 2, "root is missing"),
        ("how_strong", 7.26, "A function was expected"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"34.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message


def test_an_exercise_that_was_not_tried_is_not_called_wrong():
    assert check("34.weights", ...).verdict == check("35.blame", ...).verdict
