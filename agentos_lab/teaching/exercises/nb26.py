"""Checks and quiz of notebook 26, learning to talk."""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "chance_of_a_lesson", "divergence", "lone_mistake", "own_loss", "rloo"]


@exercise(
    "lone_mistake",
    points=1,
    hints=(
        "RLOO: the answer's own reward, minus the mean reward of the **others**.",
        "Its own reward is 0. The seven others have 1 each.",
    ),
    right="The seven right ones get 1 - 6/7 = 0.14 each: together they rise by what the wrong one falls.",
)
def lone_mistake(answer: Any) -> Problem | None:
    """The RLOO advantage of the one wrong answer among eight."""
    said = {
        1.0: "The size is right, the sign is not: the answer was worse than the others.",
        0.0: "0 is its reward. The others earned 1 on average: it was worse than that.",
        1 / 7: "That is the advantage of a right one.",
        0.875: "That is the mean of all eight rewards. Subtract the mean of the **others** from the answer's own.",
        -0.875: "You compare with the mean of all eight. RLOO leaves the answer itself out.",
        -2.4749: "That is GRPO's: RLOO does not divide by the standard deviation.",
    }
    return require_number(answer, -1.0, told=said, what="the advantage")


def _own_loss(log_prob: Tensor, own: Tensor, advantage: Tensor) -> Tensor:
    return -(advantage * (log_prob * own).sum(dim=1)).mean()


@exercise(
    "own_loss",
    points=2,
    hints=(
        "Which tokens may count in the sum? A product with `own` makes the others 0.",
        "Put `(log_prob * own)` where `log_prob` stands.",
    ),
    right="The tool's words stay in the history, where they are read; they are no longer learned.",
)
def own_loss(answer: Any) -> Problem | None:
    """A loss of log-probabilities (B, T), the mask (B, T) and advantages (B,) that leaves others' tokens out."""
    mistakes = {
        "The tokens of others still count: `own` has to come into the sum.": (
            lambda log_prob, own, advantage: -(advantage * log_prob.sum(dim=1)).mean()
        ),
        "That keeps the tokens of **others** and drops the policy's own.": (
            lambda log_prob, own, advantage: -(advantage * (log_prob * ~own).sum(dim=1)).mean()
        ),
        "You divide by the length: a long wrong answer would be punished less for each token. Take the sum.": (
            lambda log_prob, own, advantage: -(advantage * (log_prob * own).sum(dim=1) / own.sum(dim=1)).mean()
        ),
        "A mean over tokens: a dialogue's tokens are to be **summed**, the mean is over dialogues.": (
            lambda log_prob, own, advantage: -(advantage[:, None] * log_prob * own).mean()
        ),
        "That is the sum over the dialogues; take their mean.": (
            lambda log_prob, own, advantage: -(advantage * (log_prob * own).sum(dim=1)).sum()
        ),
        "The sign is lost: an optimizer goes down, so right answers would become less probable.": (
            lambda log_prob, own, advantage: -_own_loss(log_prob, own, advantage)
        ),
    }
    cases = [
        (torch.tensor([[-1.0, -2.0, -3.0]]), torch.tensor([[True, False, True]]), torch.tensor([1.0])),
        (
            torch.tensor([[-1.0, -2.0, -0.5], [-0.25, -4.0, -1.0]]),
            torch.tensor([[True, True, False], [False, False, True]]),
            torch.tensor([0.5, -2.5]),
        ),
    ]
    if problem := compare_calls(answer, _own_loss, cases, mistakes=mistakes, what="the loss"):
        return problem
    log_prob, own, advantage = cases[1]
    if not answer(log_prob.requires_grad_(), own, advantage).requires_grad:
        return Problem("The number is right, but no gradient reaches the log-probabilities: nothing would be learned.")
    return None


def _lesson(p: float, size: int) -> float:
    return 1 - p**size - (1 - p) ** size


@exercise(
    "chance_of_a_lesson",
    points=2,
    hints=(
        "There are two ways to agree: all right, or all wrong.",
        "All right: p · p · … = `p**size`. All wrong: `(1 - p)**size`. Neither: 1 minus both.",
    ),
    right="For p = 0.01 a group of 8 teaches in 8 % of the cases, one of 64 in 47 %.",
)
def chance_of_a_lesson(answer: Any) -> Problem | None:
    """A function of p and the size of a group: the probability that not all rewards are equal."""
    mistakes = {
        "All wrong is counted, all **right** is not: such a group teaches nothing either.": (
            lambda p, size: 1 - (1 - p) ** size
        ),
        "All right is counted, all **wrong** is not: such a group teaches nothing either.": lambda p, size: 1 - p**size,
        "That is the probability that the group teaches **nothing**.": lambda p, size: p**size + (1 - p) ** size,
        "That is the variance of one reward; it does not know how many answers there are.": (
            lambda p, size: p * (1 - p)
        ),
    }
    cases = [(0.5, 2), (0.2, 8), (1.0, 4), (0.0, 4), (0.3, 1)]
    return compare_calls(answer, _lesson, cases, mistakes=mistakes, what="the probability")


def _rloo(rewards: Sequence[float]) -> list[float]:
    return [reward - (sum(rewards) - reward) / (len(rewards) - 1) for reward in rewards]


@exercise(
    "rloo",
    points=2,
    hints=(
        "The others' sum is the sum of all, minus the answer's own reward.",
        "There are `len(rewards) - 1` others.",
    ),
    right="The baseline never contains the answer's own reward, so the estimate stays right on average.",
)
def rloo(answer: Any) -> Problem | None:
    """A function of a list of rewards that gives the list of leave-one-out advantages."""
    mistakes = {
        "You subtract the mean of **all**; the answer itself has to be left out of it.": (
            lambda rewards: [reward - sum(rewards) / len(rewards) for reward in rewards]
        ),
        "You leave the reward out of the sum, but still divide by their full number.": (
            lambda rewards: [reward - (sum(rewards) - reward) / len(rewards) for reward in rewards]
        ),
        "That is the baseline alone: subtract it from the answer's own reward.": (
            lambda rewards: [(sum(rewards) - reward) / (len(rewards) - 1) for reward in rewards]
        ),
        "The sign is turned round: better than the others must come out positive.": (
            lambda rewards: [-advantage for advantage in _rloo(rewards)]
        ),
    }
    cases = [([1.0, 0.0],), ([1.0, 0.0, 0.0, 0.0],), ([2.0, 2.0, 2.0],), ([0.5, -1.0, 3.0],)]
    return compare_calls(answer, _rloo, cases, mistakes=mistakes, what="the advantages")


def _divergence(p: Sequence[float], q: Sequence[float]) -> float:
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True) if a > 0)


@exercise(
    "divergence",
    points=3,
    hints=(
        "Each term is p · ln(p/q), the weight is p and not q.",
        "ln 0 is an error in Python: leave out the terms where p is 0, with an `if` in the sum.",
    ),
    right="Turned round, KL(q ‖ p) is another number, and infinite here wherever p is 0.",
)
def divergence(answer: Any) -> Problem | None:
    """A function of two lists of probabilities that gives KL(p ‖ q) in nats."""
    mistakes = {
        "That is KL(q ‖ p), the other direction: weigh with **p**, and p stands above q.": (
            lambda p, q: sum(b * log(b / a) for a, b in zip(p, q, strict=True) if a > 0)
        ),
        "The terms are not weighed: each ln(p/q) counts p times.": (
            lambda p, q: sum(log(a / b) for a, b in zip(p, q, strict=True) if a > 0)
        ),
        "The weight is q; it has to be p, the policy that speaks.": (
            lambda p, q: sum(b * log(a / b) for a, b in zip(p, q, strict=True) if a > 0)
        ),
        "The sign is turned round: a divergence is never negative.": lambda p, q: -_divergence(p, q),
        "That is in bits: take the natural logarithm for nats.": lambda p, q: _divergence(p, q) / log(2),
    }
    cases = [([0.8, 0.2], [0.5, 0.5]), ([0.5, 0.5], [0.5, 0.5]), ([0.6, 0.3, 0.1], [0.2, 0.2, 0.6])]
    if problem := compare_calls(answer, _divergence, cases, mistakes=mistakes, what="the divergence"):
        return problem
    try:
        value = float(answer([1.0, 0.0], [0.5, 0.5]))
    except (ValueError, ZeroDivisionError):
        value = float("nan")
    if value != value:
        return Problem("Where p is 0 the term counts as 0, and yours fails: leave it out.", case="p = [1.0, 0.0]")
    return compare(value, log(2), what="the divergence with a p of 0")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A tool's result stands in the middle of a dialogue. What does the update do with its tokens?",
        (
            Option("It learns them like all others.", "Then the model would write tool results itself."),
            Option("It removes them from the history.", "The model has to read them, or it cannot use the result."),
            Option(
                "It reads them, and leaves them out of the sum of log-probabilities.",
                "They are part of the state, and no deed of the policy.",
                right=True,
            ),
            Option("It gives them the advantage 1.", "Any advantage but 0 would be learned from."),
        ),
    ),
    Question(
        "All eight answers to a question are wrong. What does GRPO learn from them?",
        (
            Option("To avoid these eight answers.", "Each is compared with the others, and none was worse."),
            Option(
                "Nothing.",
                "All rewards equal their mean, so all advantages are 0.",
                right=True,
            ),
            Option("Twice as much as from a mixed group.", "Where nothing differs, there is nothing to compare."),
            Option("To answer at random.", "No gradient, no change, in no direction."),
        ),
    ),
    Question(
        "The reference was right in 20 of 100. Now the reward is 0.99, and the KL is 90 nats. What do you do?",
        (
            Option("Celebrate: 0.99 is nearly perfect.", "Being right costs 1.6 nats here, not 90."),
            Option("Train longer, until it is 1.", "What is being learned may not be what you want."),
            Option(
                "Read the answers: the reward is probably being cheated.",
                "Success alone would have needed about -ln 0.2 = 1.6 nats.",
                right=True,
            ),
            Option("Raise the learning rate.", "The policy is too far away already."),
        ),
    ),
    Question(
        "Why does a policy that collapsed under a large learning rate not recover?",
        (
            Option("Its weights have become NaN.", "They were ordinary numbers; it went on writing tokens."),
            Option(
                "It makes its own data, and none of it is right any more.",
                "No right answer, no difference in a group, no gradient.",
                right=True,
            ),
            Option("The clipping of the gradient holds it back.", "A gradient of 0 needs no clipping."),
            Option("The reference pulls it away.", "The price of divergence was 0, and it would have pulled it back."),
        ),
    ),
)
