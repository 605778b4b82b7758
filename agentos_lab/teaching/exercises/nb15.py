"""Checks and quiz of notebook 15, scaling."""

from __future__ import annotations

import math
from typing import Any

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "break_even", "exponent", "needed", "training_flops"]


@exercise(
    "needed",
    points=1,
    hints=("The floor of 1 stays. Which part of the loss must become half as large?", "8/√N = 1"),
    right="Half of what is above the floor costs four times the parameters here: the floor itself cannot be bought.",
)
def needed(answer: Any) -> Problem | None:
    """The size at which 1 + 8/√N is 2."""
    told = {
        32: "Twice the size divides 8/√N by √2 only.",
        36: "You took a third off the whole loss; the floor of 1 does not shrink. Only 8/√N does.",
        8: "8/√N must be 1, so √N is 8, not N.",
        16: "At 16 the loss is still 3.",
    }
    return require_number(answer, 64, told=told, what="the size")


@exercise(
    "training_flops",
    points=1,
    hints=(
        "Reading a token costs 2N; the backward pass costs twice that again.",
        "2N forward, 4N backward, for each token.",
    ),
    right="6ND: the rule behind every budget in this field.",
)
def training_flops(answer: Any) -> Problem | None:
    """A function of parameters and tokens that gives the FLOPs of training."""
    mistakes = {
        "That is the forward pass alone; training also runs backward, at twice that cost.": lambda n, d: 2 * n * d,
        "A product needs a multiplication **and** an addition for each parameter: twice what you count.": (
            lambda n, d: 3 * n * d
        ),
        "That is the backward pass alone; the forward pass is missing.": lambda n, d: 4 * n * d,
        "This does not depend on the text: each token is paid for.": lambda n, d: 6 * n,
    }
    cases = [(10, 7), (1_000_000, 20_000_000)]
    return compare_calls(answer, lambda n, d: 6 * n * d, cases, mistakes=mistakes, what="the bill")


def _slope(x: list[float], y: list[float]) -> float:
    middle_x, middle_y = sum(x) / len(x), sum(y) / len(y)
    together = sum((a - middle_x) * (b - middle_y) for a, b in zip(x, y, strict=True))
    return together / sum((a - middle_x) ** 2 for a in x)


def _logs(values: Any) -> list[float]:
    return [math.log(value) for value in values]


@exercise(
    "exponent",
    points=2,
    hints=(
        "Take the logarithm of both lists. Then subtract the mean of each.",
        "Slope = Σ(x − x̄)(y − ȳ) / Σ(x − x̄)². α is minus the slope.",
    ),
    right="With a straight line on log-log paper, any two points would do; with noise, use all of them.",
)
def exponent(answer: Any) -> Problem | None:
    """A function of sizes and losses that gives the exponent of the power law through them."""
    mistakes = {
        "The sign: the line falls, and α is **minus** its slope.": lambda n, y: _slope(_logs(n), _logs(y)),
        "The sign is lost: where the loss rises with the size, the exponent is negative.": (
            lambda n, y: abs(_slope(_logs(n), _logs(y)))
        ),
        "Only the losses are in logarithms; the sizes need them too.": lambda n, y: -_slope(n, _logs(y)),
        "Only the sizes are in logarithms; the losses need them too.": lambda n, y: -_slope(_logs(n), y),
        "No logarithms: this is the slope on ordinary paper.": lambda n, y: -_slope(n, y),
        "Only the first and the last point are used; the others have a say too.": (
            lambda n, y: -(math.log(y[-1]) - math.log(y[0])) / (math.log(n[-1]) - math.log(n[0]))
        ),
    }
    cases = [([1, 10, 100], [4.0, 2.0, 1.5]), ([400, 1600, 6000, 25_000], [2.4, 2.2, 2.0, 1.9])]
    cases.append(([1, 10, 100], [1.0, 1.5, 2.0]))  # larger is worse
    return compare_calls(
        answer, lambda n, y: -_slope(_logs(n), _logs(y)), cases, mistakes=mistakes, what="the exponent"
    )


@exercise(
    "break_even",
    points=3,
    hints=(
        "Write both bills for G tokens in use: 6·N1·D1 + 2·N1·G and 6·N2·D2 + 2·N2·G. Set them equal.",
        "The extra training of the small model, divided by what it saves with each token, 2·(N2 − N1).",
    ),
    right="Below that many tokens the compute-optimal model is cheaper, above it the small one that read too much.",
)
def break_even(answer: Any) -> Problem | None:
    """A function of two sizes and texts that gives the tokens in use at which both have cost the same."""
    mistakes = {
        "The sign: the small model saves N2 − N1 with each token, a positive number.": (
            lambda n, d, m, e: 3 * (n * d - m * e) / (n - m)
        ),
        "Training costs 6ND and a token in use 2N: you charge both alike.": lambda n, d, m, e: (
            (n * d - m * e) / (m - n)
        ),
        "The training of the large model is not free: subtract its bill.": lambda n, d, m, e: 3 * n * d / (m - n),
        "A token in use costs 2N, not N.": lambda n, d, m, e: 6 * (n * d - m * e) / (m - n),
        "The large model still costs 2·N2 a token; what is *saved* is the difference of both.": (
            lambda n, d, m, e: 3 * (n * d - m * e) / m
        ),
    }
    cases = [(1, 30, 2, 5), (135e6, 2e12, 700e6, 17e9)]
    return compare_calls(
        answer, lambda n, d, m, e: 3 * (n * d - m * e) / (m - n), cases, mistakes=mistakes, what="the number of tokens"
    )


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A layer is made three times as wide. Its matrices cost, for each token, about …",
        (
            Option("3 times the FLOPs", "That holds for the norms. A matrix D × D grows with the square of the width."),
            Option("9 times the FLOPs", "Both sides of each matrix grow, so 3 · 3.", right=True),
            Option("27 times the FLOPs", "There are two sides to a matrix; the number of tokens has not changed."),
            Option("The same, if the text is the same", "The text sets how often the products run, not their size."),
        ),
    ),
    Question(
        "A law fits your four runs with a misfit of 0.1 %. What do you know about a model ten times as large?",
        (
            Option(
                "Its loss, to about 0.1 %",
                "The misfit is about the runs you have. Three constants bend to meet four points wherever they lie.",
            ),
            Option(
                "Little, until the intervals are narrow or a run held back was predicted",
                "A family that was trained badly gave 0.1 % as well, and a floor that a real run lay below.",
                right=True,
            ),
            Option("Nothing; laws never hold beyond the runs", "They often do. But a small misfit does not show it."),
            Option("That it will not be worth it", "A fit alone says neither this nor the contrary."),
        ),
    ),
    Question(
        "Larger models come out worse in your experiment. What do you look at first?",
        (
            Option("Whether scaling has ended for this text", "Possible, and the last thing to claim."),
            Option(
                "Whether each size had a learning rate and a schedule that suit it",
                "One rate for all made the largest model look as if a floor were reached.",
                right=True,
            ),
            Option("Whether E must be negative", "A loss below zero does not exist."),
            Option("Whether the FLOPs were counted right", "They set the cost, not the loss."),
        ),
    ),
    Question(
        "Why would anyone train a small model on 15,000 tokens for each parameter?",
        (
            Option(
                "It gives the lowest loss for the training budget",
                "It does not: that budget would train a larger model to a lower loss.",
            ),
            Option(
                "Each token in use costs 2N, and the model is used often",
                "Training is paid once. A smaller N is saved with every token that is read or written afterwards.",
                right=True,
            ),
            Option(
                "More text makes the model larger", "Parameters are fixed before training; text changes their values."
            ),
            Option("The rule of 20 has been refuted", "It answers another question: the best split of *training*."),
        ),
    ),
)
