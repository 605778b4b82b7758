"""The checks of notebook 15: the right answer passes, a typical wrong one is told what is wrong with it."""

import math

import pytest
import torch

from agentos_lab.teaching import check


@pytest.mark.parametrize(("answer", "told"), [(32, "√2"), (36, "floor"), (8, "√N is 8"), (16, "still 3")])
def test_the_size_that_a_law_asks_for(answer, told):
    assert check("15.needed", 64)
    assert told in check("15.needed", answer).message
    assert not check("15.needed", 100)


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda n, d: 2 * n * d, "forward pass alone"),
        (lambda n, d: 3 * n * d, "addition"),
        (lambda n, d: 4 * n * d, "backward pass alone"),
    ],
)
def test_the_bill_of_training(answer, told):
    assert check("15.training_flops", lambda n, d: 6 * n * d)
    assert told in check("15.training_flops", answer).message


def slope(x, y):
    x, y = (torch.as_tensor(values, dtype=torch.float64) for values in (x, y))
    return float(torch.linalg.lstsq(torch.stack([x, torch.ones_like(x)], 1), y[:, None]).solution[0])


def logs(values):
    return [math.log(value) for value in values]


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda n, y: slope(logs(n), logs(y)), "**minus**"),
        (lambda n, y: -slope(n, logs(y)), "Only the losses"),
        (lambda n, y: -slope(logs(n), y), "Only the sizes"),
        (lambda n, y: math.log(y[0] / y[-1]) / math.log(n[-1] / n[0]), "first and the last"),
    ],
)
def test_the_exponent_of_a_line(answer, told):
    assert check("15.exponent", lambda n, y: -slope(logs(n), logs(y)))
    assert told in check("15.exponent", answer).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda n, d, m, e: 3 * (n * d - m * e) / (n - m), "positive"),
        (lambda n, d, m, e: (n * d - m * e) / (m - n), "charge both alike"),
        (lambda n, d, m, e: 3 * n * d / (m - n), "not free"),
        (lambda n, d, m, e: 6 * (n * d - m * e) / (m - n), "2N, not N"),
    ],
)
def test_when_a_small_model_pays(answer, told):
    def right(n, d, m, e):
        return (6 * n * d - 6 * m * e) / (2 * m - 2 * n)

    assert check("15.break_even", right)
    assert told in check("15.break_even", answer).message


def test_a_loss_that_rises_has_a_negative_exponent():
    unsigned = check("15.exponent", lambda sizes, losses: abs(slope(logs(sizes), logs(losses))))
    assert "The sign is lost" in unsigned.message
