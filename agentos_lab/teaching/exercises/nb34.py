"""Checks and quiz of notebook 34, effects from data."""

from __future__ import annotations

from typing import Any

import numpy as np

from ..checking import exercise
from ..comparison import Problem, compare_calls, is_number, require_list, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "balance", "doubly_robust", "how_strong", "normalised", "weights"]


@exercise(
    "weights",
    points=1,
    hints=(
        "A weight is 1 over the probability of what the person *did*.",
        "Of ten people like this one, eight are treated and two are not. Each of the two stands for five.",
    ),
    right="The treated one is one of many; the untreated one stands for five.",
)
def weights(answer: Any) -> Problem | None:
    """The weights of a treated and an untreated person with a score of 0.8."""
    told = {
        (0.8, 0.2): "These are the probabilities. A weight is 1 over the probability.",
        (5.0, 1.25): "The other way round: the treated have the probability 0.8, and so the smaller weight.",
        (1.25, 1.25): "The untreated person did what has the probability 1 − 0.8.",
        (1.25, 0.8): "The untreated person did what has the probability 0.2: the weight is 1 over that.",
    }
    if hasattr(answer, "tolist") and getattr(answer, "shape", None) == (2,):
        answer = tuple(answer.tolist())
    if problem := require_list(answer, 2, is_number, "a number: treated first, then untreated", what="the pair"):
        return problem
    pair = [float(weight) for weight in answer]
    for wrong, message in told.items():
        if np.allclose(pair, wrong):
            return Problem(message)
    return require_number(pair[0], 1.25, what="the weight if treated") or require_number(
        pair[1], 5.0, what="the weight if not treated"
    )


def _people(seed: int, count: int) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Treatment, outcome, score and a covariate of people whose groups differ."""
    generator = np.random.default_rng(seed)
    x = generator.normal(40, 10, count).round(1)
    e = (1 / (1 + np.exp(-(x - 42) / 12))).round(3)
    treatment = (generator.random(count) < e).astype(float)
    treatment[:4] = 0.0, 1.0, 0.0, 1.0  # both kinds, at least twice
    return treatment, (2 * treatment + 0.3 * x + generator.normal(size=count)).round(2), e, x


def _normalised(A: Any, Y: Any, e: Any) -> float:
    with_it, without = A / e, (1 - A) / (1 - e)
    return float(with_it @ Y / with_it.sum() - without @ Y / without.sum())


@exercise(
    "normalised",
    points=1,
    hints=(
        "`with_it` is 0 for the untreated, so `with_it.sum()` is the sum of the weights of the treated.",
        "`(with_it @ Y) / with_it.sum() - …`, and the same with `without`.",
    ),
    right="Now each term is a mean: it cannot leave the range of the outcomes, whatever the weights.",
)
def normalised(answer: Any) -> Problem | None:
    """A function of treatment, outcome and score: the difference of weighted means."""
    mistakes = {
        "This still divides by the number of people. Divide each sum by the sum of its own weights.": (
            lambda A, Y, e: (A / e) @ Y / len(Y) - ((1 - A) / (1 - e)) @ Y / len(Y)
        ),
        "Both sums are divided by the sum of *all* weights. Each group has a sum of its own.": (
            lambda A, Y, e: ((A / e) @ Y - ((1 - A) / (1 - e)) @ Y) / (A / e + (1 - A) / (1 - e)).sum()
        ),
        "This divides by the number of people in each group. Divide by the sum of their weights.": (
            lambda A, Y, e: (A / e) @ Y / A.sum() - ((1 - A) / (1 - e)) @ Y / (1 - A).sum()
        ),
    }
    small = np.array([1.0, 1.0, 0.0, 0.0]), np.array([6.0, 2.0, 3.0, 1.0]), np.array([0.25, 0.75, 0.25, 0.75])
    cases = [small, _people(0, 12)[:3], _people(1, 40)[:3]]
    return compare_calls(answer, _normalised, cases, mistakes=mistakes, what="the estimate")


def _balance(x: Any, A: Any, weight: Any) -> float:
    treated = A == 1
    spread = np.sqrt((x[treated].var(ddof=1) + x[~treated].var(ddof=1)) / 2)
    return _mean_difference(x, A, weight) / float(spread)


def _mean_difference(x: Any, A: Any, weight: Any) -> float:
    one, other = (np.average(x[group], weights=weight[group]) for group in (A == 1, A != 1))
    return float(one - other)


@exercise(
    "balance",
    points=2,
    hints=(
        "`np.average(x[treated], weights=weight[treated])` is the weighted mean of the treated.",
        "The spread holds no weights: `np.sqrt((x[treated].var(ddof=1) + x[~treated].var(ddof=1)) / 2)`.",
    ),
    right="The same spread before and after, so that a smaller number means more alike, not more spread.",
)
def balance(answer: Any) -> Problem | None:
    """A function of a column, the treatment and weights: the standardised mean difference."""

    def unweighted(x: Any, A: Any, weight: Any) -> float:
        return _balance(x, A, np.ones_like(weight))

    mistakes = {
        "The weights are not used: this is the difference before weighting.": unweighted,
        "This is the difference in the column's own units. Divide it by the spread.": _mean_difference,
        "The sign is turned: treated minus untreated.": lambda x, A, weight: -_balance(x, A, weight),
        "The distance is right, and its sign is lost: treated minus untreated, without `abs`.": (
            lambda x, A, weight: abs(_balance(x, A, weight))
        ),
        "This divides by the spread of all together, which grows with the difference of the groups. Take the mean of "
        "the two variances, and its root.": lambda x, A, weight: _mean_difference(x, A, weight) / x.std(ddof=1),
        "Divide by the *root* of the mean variance.": (
            lambda x, A, weight: _mean_difference(x, A, weight) / (_mean_difference(x, A, weight)
            / _balance(x, A, weight)) ** 2
        ),
        "The variances want `ddof=1`: divide by the number of people minus one.": (
            lambda x, A, weight: _mean_difference(x, A, weight) / np.sqrt((x[A == 1].var() + x[A != 1].var()) / 2)
        ),
    }  # fmt: skip
    cases = []
    for seed, count in ((2, 12), (3, 40), (5, 30)):
        treatment, _, e, x = _people(seed, count)
        cases.append((x, treatment, np.where(treatment == 1, 1 / e, 1 / (1 - e)).round(3)))
    cases.append((-cases[0][0], *cases[0][1:]))  # the other sign
    return compare_calls(answer, _balance, cases, mistakes=mistakes, what="the difference")


def _doubly_robust(A: Any, Y: Any, e: Any, m1: Any, m0: Any) -> float:
    return float(np.mean(m1 - m0 + A * (Y - m1) / e - (1 - A) * (Y - m0) / (1 - e)))


@exercise(
    "doubly_robust",
    points=2,
    hints=(
        "For each person: the predicted difference `m1 - m0`, plus the treated one's error `A * (Y - m1) / e`, …",
        "… minus `(1 - A) * (Y - m0) / (1 - e)`. Then the mean over all.",
    ),
    right="With m1 = m0 = 0 it is weighting; without the errors it is standardisation.",
)
def doubly_robust(answer: Any) -> Problem | None:
    """A function of treatment, outcome, score and two predictions: AIPW."""
    mistakes = {
        "The errors are missing: this is standardisation alone.": lambda A, Y, e, m1, m0: np.mean(m1 - m0),
        "The predictions are missing: this is weighting alone.": (
            lambda A, Y, e, m1, m0: np.mean(A * Y / e - (1 - A) * Y / (1 - e))
        ),
        "The untreated's error is added. It belongs to m0, which is subtracted, so subtract it, too.": (
            lambda A, Y, e, m1, m0: np.mean(m1 - m0 + A * (Y - m1) / e + (1 - A) * (Y - m0) / (1 - e))
        ),
        "The untreated have the probability 1 − e: divide their error by that.": (
            lambda A, Y, e, m1, m0: np.mean(m1 - m0 + A * (Y - m1) / e - (1 - A) * (Y - m0) / e)
        ),
        "This is the sum over all people; the formula wants the mean.": (
            lambda A, Y, e, m1, m0: len(Y) * _doubly_robust(A, Y, e, m1, m0)
        ),
        "The errors have the wrong sign: what was seen minus what was predicted.": (
            lambda A, Y, e, m1, m0: np.mean(m1 - m0 + A * (m1 - Y) / e - (1 - A) * (m0 - Y) / (1 - e))
        ),
    }
    cases = []
    for seed, count in ((6, 6), (7, 30)):
        treatment, outcome, e, x = _people(seed, count)
        cases.append((treatment, outcome, e, (1 + 0.35 * x).round(2), (0.25 * x).round(2)))
    return compare_calls(answer, _doubly_robust, cases, mistakes=mistakes, what="the estimate")


def _how_strong(ratio: float) -> float:
    ratio = max(ratio, 1 / ratio)
    return float(ratio + np.sqrt(ratio * (ratio - 1)))


@exercise(
    "how_strong",
    points=1,
    hints=(
        "For a ratio of 1 or more: `ratio + (ratio * (ratio - 1)) ** 0.5`.",
        "Below 1 turn it over first: `R = max(ratio, 1 / ratio)`.",
    ),
    right="A ratio of 1 needs nothing to explain it: 1. And 1/2 is as hard to explain as 2.",
)
def how_strong(answer: Any) -> Problem | None:
    """A function of a risk ratio: its E-value."""

    def not_turned(ratio: float) -> float:
        return ratio + abs(ratio * (ratio - 1)) ** 0.5

    mistakes = {
        "Right above 1. A protective ratio, below 1, must be turned over first: R = 1 / ratio.": not_turned,
        "R itself is missing: R + √(R (R − 1)).": lambda ratio: _how_strong(ratio) - max(ratio, 1 / ratio),
        "The root is missing: R + √(R (R − 1)).": (
            lambda ratio: max(ratio, 1 / ratio) + max(ratio, 1 / ratio) * (max(ratio, 1 / ratio) - 1)
        ),
    }

    if not callable(answer):
        return compare_calls(answer, _how_strong, [])
    for ratio in (0.5, 0.25):
        if isinstance(answer(ratio), complex):  # a root of a negative number is complex in Python
            return Problem(next(iter(mistakes)), case=f"how_strong({ratio})")
    cases = [(3.9,), (1.0,), (1.49,), (0.5,), (0.25,)]
    return compare_calls(answer, _how_strong, cases, mistakes=mistakes, what="the E-value")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Weighting, regression, matching and doubly robust all say 3.4 to 3.5. What does that show?",
        (
            Option("That there is no hidden common cause.", "All adjust for the same columns. It would fool them all."),
            Option(
                "That the result hardly depends on how the columns enter the models.",
                "They model different things, and agree. The graph is not tested by that.",
                right=True,
            ),
            Option("That quitting does the same to everybody.", "Averages can agree where people differ."),
            Option("Nothing: they are the same formula.", "On twelve people they were. With models they are not."),
        ),
    ),
    Question(
        "With the survey, weighting gave −7,238 instead of +1,794. What was the remedy?",
        (
            Option("A larger survey.", "15,992 people were enough. Hardly any of them is like a trainee."),
            Option("A more flexible model of the score.", "It would find scores still nearer to 0."),
            Option(
                "Regression in place of weights.",
                "It said 1,567, for other people: least squares counts them by e(1 − e), and does not say so.",
            ),
            Option(
                "Another question: the effect on people of whom both kinds exist, or on the trainees.",
                "Where there is no overlap, no formula knows the answer.",
                right=True,
            ),
        ),
    ),
    Question(
        "In AIPW the outcome model is wrong, and the score is right. The estimate is …",
        (
            Option("half wrong.", "The errors of the outcome model are weighted back in full."),
            Option(
                "right, in a large sample.",
                "The weighted errors average to what the outcome model misses.",
                right=True,
            ),
            Option("wrong: both must be right.", "One of them suffices; that is why it is called doubly robust."),
            Option("right even with a hidden common cause.", "Then the score is not right either: it lacks a column."),
        ),
    ),
    Question(
        "A placebo test shuffles the treatment, and finds an effect of 0 on average. What is excluded?",
        (
            Option("A hidden common cause.", "Shuffling destroys its influence, too. It would pass."),
            Option("A weak instrument.", "There is none in it."),
            Option(
                "That the program finds effects where there are none by its own making.",
                "It tests the method. A negative control tests the adjustment.",
                right=True,
            ),
            Option("Poor overlap.", "Shuffled treatments overlap perfectly."),
        ),
    ),
)
