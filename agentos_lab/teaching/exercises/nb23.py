"""Checks and quiz of notebook 23, the policy gradient."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "best_baseline", "gradient_loss", "score_left", "softmax_score"]


@exercise(
    "score_left",
    points=1,
    hints=(
        "The probability of left is 1 - p. Which way must the knob go to make left more probable?",
        "With p = σ(θ), the derivative of p is p (1 - p). Differentiate ln(1 - p).",
    ),
    right="Left was improbable, so its score is long: a rare action that was taken moves the knob far.",
)
def score_left(answer: Any) -> Problem | None:
    """The score of left where right has probability 0.8."""
    said = {
        0.8: "The length is right, the direction is not: to make left more probable, the knob has to go down.",
        0.2: "That is 1 - p, the score of **right**.",
        -0.2: "p is the probability of **right**, 0.8. You take it for that of left.",
        -5.0: "That is the slope with respect to p. The knob is θ: multiply by the slope of p, p (1 - p).",
        1.25: "That is 1/p, for right. Left has the probability 1 - p, and the knob is θ, not p.",
        5.0: "That is 1 over the probability. Differentiate its logarithm with respect to the knob θ.",
        -0.16: "That is the slope of the probability. The score is the slope of its **logarithm**.",
        0.16: "That is the slope of the probability of right. The score is the slope of the **logarithm** of left's.",
    }
    return require_number(answer, -0.8, told=said, what="the score")


def _loss(log_prob: Tensor, weight: Tensor) -> Tensor:
    return -(log_prob * weight.detach()).mean()


@exercise(
    "gradient_loss",
    points=2,
    hints=(
        "An optimizer goes **down** a loss. What should grow is the mean of log-probability times weight.",
        "`weight.detach()` is the same numbers with no gradient behind them.",
    ),
    right="These are the two mistakes that make a policy gradient fail without an error message.",
)
def gradient_loss(answer: Any) -> Problem | None:
    """A loss of log-probabilities (steps,) and weights (steps,) whose gradient is minus the policy gradient."""
    mistakes = {
        "The sign is still wrong: an optimizer goes down, so good actions become less probable.": (
            lambda log_prob, weight: (log_prob * weight).mean()
        ),
        "A sum instead of a mean: the step would grow with the number of steps.": (
            lambda log_prob, weight: -(log_prob * weight).sum()
        ),
    }
    cases = [
        (torch.tensor([-1.0]), torch.tensor([2.0])),
        (torch.tensor([-1.0, -0.5, -2.0]), torch.tensor([1.0, -3.0, 0.5])),
    ]
    if problem := compare_calls(answer, _loss, cases, mistakes=mistakes, what="the loss"):
        return problem
    log_prob, weight = torch.tensor([-1.0, -0.5], requires_grad=True), torch.tensor([1.0, 2.0], requires_grad=True)
    value = answer(log_prob, weight)
    if not (isinstance(value, Tensor) and value.requires_grad):
        return Problem("No gradient reaches the log-probabilities: only the **weight** is to be held fixed.")
    value.backward()
    if log_prob.grad is None:
        return Problem("No gradient reaches the log-probabilities: only the **weight** is to be held fixed.")
    if weight.grad is not None:
        return Problem("The number is right, but a gradient still flows through the weight: hold it fixed.")
    return None


def _softmax_score(probabilities: NDArray[np.float64], action: int) -> NDArray[np.float64]:
    return np.eye(len(probabilities))[action] - probabilities


@exercise(
    "softmax_score",
    points=2,
    hints=(
        "The first term, θ of the action itself, has the slope 1 for that knob and 0 for all others.",
        "The slope of ln Σ exp(θ) with respect to one knob is that action's probability.",
    ),
    right="The scores add up to 0, and an action that was nearly certain has nearly none.",
)
def softmax_score(answer: Any) -> Problem | None:
    """A function of probabilities (A,) and an action that gives the score (A,)."""

    def one_hot(probabilities: NDArray[np.float64], action: int) -> NDArray[np.float64]:
        return np.eye(len(probabilities))[action]

    mistakes = {
        "You give the slope of the probability. The score is that of its **logarithm**: divide by the probability.": (
            lambda probabilities, action: probabilities[action] * _softmax_score(probabilities, action)
        ),
        "The sign is turned round: the knob of the action that was taken must get a positive score.": (
            lambda probabilities, action: -_softmax_score(probabilities, action)
        ),
        "The other actions' knobs matter, too: raising one of them makes this action less probable.": (
            lambda probabilities, action: one_hot(probabilities, action) * (1 - probabilities)
        ),
        "This is the slope of the first term alone; ln Σ exp(θ) has one, too.": one_hot,
    }
    cases = [(np.array([0.5, 0.5]), 0), (np.array([0.7, 0.2, 0.1]), 1), (np.array([0.1, 0.2, 0.3, 0.4]), 3)]
    return compare_calls(answer, _softmax_score, cases, mistakes=mistakes, what="the score")


def _best_baseline(score: NDArray[np.float64], weight: NDArray[np.float64]) -> float:
    return float((score**2 * weight).mean() / (score**2).mean())


@exercise(
    "best_baseline",
    points=3,
    hints=(
        "The derivative of E[S² (G - b)²] with respect to b is -2 E[S² (G - b)].",
        "Set it to 0: E[S² G] = b E[S²].",
    ),
    right="It is a mean of returns in which an episode counts by the square of its score.",
)
def best_baseline(answer: Any) -> Problem | None:
    """A function of scores (N,) and weights (N,) that gives the constant with the least variance."""
    mistakes = {
        "That is the mean return: a good baseline, but not the best one. Episodes count by their squared scores.": (
            lambda score, weight: weight.mean()
        ),
        "Counted by the scores themselves, positive and negative ones cancel; square them.": (
            lambda score, weight: (score * weight).mean() / score.mean()
        ),
        "Divide by the mean of the squared scores: a baseline is a return, not a return times a square.": (
            lambda score, weight: (score**2 * weight).mean()
        ),
    }
    cases = [
        (np.array([1.0, -2.0]), np.array([3.0, 8.0])),
        (np.array([0.5, -0.5, 2.0, 1.0]), np.array([-3.0, -5.0, -20.0, -8.0])),
    ]
    return compare_calls(answer, _best_baseline, cases, mistakes=mistakes, what="the baseline")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why does the policy gradient not need the world's probabilities P(s'|s, a)?",
        (
            Option("They are learnt on the way.", "Nothing in REINFORCE learns them; there is no model."),
            Option(
                "They do not contain θ, so their logarithms drop out when differentiated.",
                "Step 4: only the policy's factors of an episode's probability depend on the knobs.",
                right=True,
            ),
            Option("It assumes that the world is deterministic.", "The derivation holds for any probabilities."),
            Option("They are all about equal.", "No such thing is assumed; they may be anything."),
        ),
    ),
    Question(
        "Each episode has ten steps. All rewards are raised by 100. What happens to REINFORCE without a baseline?",
        (
            Option(
                "The expected gradient stays as it was, and the noise becomes much larger.",
                "A constant adds nothing on average, and everything to the scatter. A baseline takes it away.",
                right=True,
            ),
            Option("Nothing, only differences matter.", "On average, yes. But each single estimate carries the 1,000."),
            Option("It learns faster, for rewards are larger.", "Every action is pushed up, good or bad."),
            Option("The optimal policy changes.", "All returns rise by 1,000; the order of policies stays."),
        ),
    ),
    Question(
        "Which of these may be subtracted from the return without changing the expected gradient?",
        (
            Option("The exact q(s, a).", "It depends on the action: the gradient becomes 0 on average."),
            Option("The reward of the same step.", "It depends on the action, so it takes signal away."),
            Option(
                "A value v(s) of another, wrong policy.",
                "Any number that does not depend on the action will do; a bad one is noisy, but not wrong.",
                right=True,
            ),
            Option("Nothing, strictly.", "The score's mean is 0, so a constant times it is 0 on average."),
        ),
    ),
    Question(
        "Why must the episodes be played anew after each update?",
        (
            Option("Old ones use too much memory.", "They are small; that is not the reason."),
            Option("The optimizer would learn them by heart.", "That is a worry of supervised learning."),
            Option(
                "The expectation is over episodes of the current policy, and old ones come from another.",
                "Their frequencies are the old policy's. Notebook 24 corrects for it by a ratio.",
                right=True,
            ),
            Option("The world changes.", "The world is the same; the policy changed."),
        ),
    ),
)
