"""Checks and quiz of notebook 25, deep Q-learning."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, is_number, require_list, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "held", "huber", "targets", "two_targets"]


@exercise(
    "two_targets",
    points=1,
    hints=(
        "Both judge by the older copy. They differ in who chooses the action.",
        "DQN: the copy's largest value. Double DQN: the network likes the second action best; ask the copy about it.",
    ),
    right="The copy judges both times; for Double DQN the network has chosen.",
)
def two_targets(answer: Any) -> Problem | None:
    """The targets of DQN and of Double DQN, as a tuple."""
    said = {
        (2 + 0.9 * 4, 2 + 0.9 * 5): "For Double DQN the network chooses, but the copy says what the choice is worth.",
        (2 + 0.9 * 5, 2 + 0.9 * 1): "DQN's target comes from the older copy, not from the network that learns.",
        (2 + 0.9 * 1, 2 + 0.9 * 4): "You have exchanged the two: DQN first, Double DQN second.",
        (4.0, 1.0): "These are the values of the next state: discount them and add the reward.",
    }
    if isinstance(answer, np.ndarray | Tensor) and answer.ndim == 1:
        answer = tuple(answer.tolist())
    if problem := require_list(
        answer, 2, is_number, "a number: first DQN's target, then Double DQN's", what="the pair"
    ):
        return problem
    for value, message in said.items():
        if np.allclose([float(one) for one in answer], value):
            return Problem(message, yours=str(tuple(answer)))
    dqn = {6.5: "DQN's target comes from the older copy, not from the network that learns.", **_BOTH}
    double = {
        5.6: "For Double DQN the network chooses, but not by what the copy likes best.",
        4.7: "The network likes the **second** action best.",
        6.5: "For Double DQN the network chooses, but the copy says what the choice is worth.",
        **_BOTH,
    }
    first, second = answer
    return require_number(first, 5.6, told=dqn, what="DQN's target") or require_number(
        second, 2.9, told=double, what="Double DQN's target"
    )


# What either target may lack.
_BOTH = {
    2.0: "That is the reward alone. Nothing has ended, so what follows counts.",
    6.0: "The discount is missing: what follows counts 0.9 times.",
    3.0: "The discount is missing: what follows counts 0.9 times.",
    3.6: "The reward is missing.",
    0.9: "The reward is missing.",
}


def _targets(reward: Tensor, terminated: Tensor, truncated: Tensor, next_values: Tensor, gamma: float) -> Tensor:
    return reward + gamma * torch.where(terminated, 0.0, next_values.max(dim=1).values)


@exercise(
    "targets",
    points=2,
    hints=(
        "Which of the two ends means that nothing follows? And what becomes of a reward that comes one step later?",
        "Only a terminated step has no future; what follows is multiplied by γ.",
    ),
    right="Where both flags are set the task has ended: terminated wins.",
)
def targets(answer: Any) -> Problem | None:
    """A function of rewards, both kinds of ends, next values and γ that gives targets (B,)."""
    mistakes = {
        "The discount is right now. But a step that the time limit cut off still has a future.": (
            lambda reward, terminated, truncated, next_values, gamma: _targets(
                reward, terminated | truncated, truncated, next_values, gamma
            )
        ),
        "The ends are right now. But γ is missing: what follows is discounted.": (
            lambda reward, terminated, truncated, next_values, gamma: _targets(
                reward, terminated, truncated, next_values, 1.0
            )
        ),
        "Two faults are left: a cut is no end, and what follows is discounted by γ.": (
            lambda reward, terminated, truncated, next_values, gamma: _targets(
                reward, terminated | truncated, truncated, next_values, 1.0
            )
        ),
        "Now a terminal state has a future, too: where the task has ended the target is the reward alone.": (
            lambda reward, terminated, truncated, next_values, gamma: _targets(
                reward, torch.zeros_like(terminated), truncated, next_values, gamma
            )
        ),
        "The two are exchanged: it is the **terminated** step that has no future.": (
            lambda reward, terminated, truncated, next_values, gamma: _targets(
                reward, truncated, truncated, next_values, gamma
            )
        ),
    }
    cases = [
        (torch.tensor([1.0]), torch.tensor([False]), torch.tensor([True]), torch.tensor([[10.0, 4.0]]), 0.5),
        (
            torch.tensor([1.0, 2.0, 3.0, 4.0]),
            torch.tensor([False, True, False, True]),
            torch.tensor([False, False, True, True]),
            torch.tensor([[1.0, 10.0], [20.0, 2.0], [3.0, 30.0], [40.0, 4.0]]),
            0.5,
        ),
    ]
    return compare_calls(answer, _targets, cases, mistakes=mistakes, what="the target")


def _huber(delta: NDArray[np.float64]) -> float:
    size = np.abs(delta)
    return float(np.where(size <= 1, size**2 / 2, size - 0.5).mean())


@exercise(
    "huber",
    points=2,
    hints=(
        "`np.where(condition, here, there)` takes one or the other, entry by entry. Take the absolute value first.",
        "`size = np.abs(delta)`, then `np.where(size <= 1, size**2 / 2, size - 0.5)`, and the mean of it.",
    ),
    right="At |δ| = 1 both pieces meet at ½, with the same slope.",
)
def huber(answer: Any) -> Problem | None:
    """A function of TD errors (N,) that gives their mean Huber loss."""
    mistakes = {
        "Negative errors count as small ones: compare |δ| with 1, not δ.": (
            lambda delta: float(np.where(delta <= 1, delta**2 / 2, delta - 0.5).mean())
        ),
        "The ½ is missing beyond 1: the two pieces must meet at |δ| = 1.": (
            lambda delta: float(np.where(np.abs(delta) <= 1, delta**2 / 2, np.abs(delta)).mean())
        ),
        "Within 1 it is δ²/2, not δ²: else the two pieces do not meet.": (
            lambda delta: float(np.where(np.abs(delta) <= 1, delta**2, np.abs(delta) - 0.5).mean())
        ),
        "That is half the squared loss: beyond 1 it grows in a straight line.": (
            lambda delta: float((delta**2 / 2).mean())
        ),
        "The two pieces are exchanged: squares for **small** errors.": (
            lambda delta: float(np.where(np.abs(delta) <= 1, np.abs(delta) - 0.5, delta**2 / 2).mean())
        ),
        "That is the sum; the mean is asked for.": lambda delta: _huber(delta) * len(delta),
    }
    cases = [(np.array([0.5, -3.0]),), (np.array([-0.2, 4.0, 1.0, -1.5]),)]
    return compare_calls(answer, _huber, cases, mistakes=mistakes, what="the loss")


def _held(steps: int, capacity: int) -> list[int]:
    rows = list(range(min(steps, capacity)))
    for step in range(capacity, steps):
        rows[step % capacity] = step
    return rows


@exercise(
    "held",
    points=2,
    hints=(
        "Go through the steps one at a time. While there is room a step gets a new row; after that, an old one.",
        "Step 7 of a buffer for 3 goes to row 7 % 3 = 1.",
    ),
    right="The rows are not in order of age, and a batch drawn at random does not mind.",
)
def held(answer: Any) -> Problem | None:
    """A function of a number of steps and a capacity that gives the step number in each row."""
    mistakes = {
        "Those are the right steps in order of age. In a ring each lies in row *step modulo capacity*.": (
            lambda steps, capacity: list(range(max(0, steps - capacity), steps))
        ),
        "A full buffer takes new steps, too: the newest takes the place of the oldest.": (
            lambda steps, capacity: list(range(min(steps, capacity)))
        ),
        "Nothing is ever forgotten here: there are only `capacity` rows.": lambda steps, capacity: list(range(steps)),
        "Rows that are not in use yet do not belong in the list.": (
            lambda steps, capacity: _held(steps, capacity) + [0] * (capacity - min(steps, capacity))
        ),
    }
    return compare_calls(answer, _held, [(2, 3), (4, 3), (10, 4), (0, 2)], mistakes=mistakes, what="the list of rows")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why may Q-learning learn from a step that an older policy made?",
        (
            Option("Because old steps are nearly as good as new ones.", "They may be very bad ones, and still teach."),
            Option(
                "Its target asks for the best next action, whatever was really done next.",
                "It is off-policy: reward and next state do not depend on who chose the action.",
                right=True,
            ),
            Option("Because the target network has forgotten it.", "The target network has no memory of steps."),
            Option("It may not; replay is an approximation.", "For SARSA's target it would be one; not for this one."),
        ),
    ),
    Question(
        "What does a target network change in the example with w and 2w?",
        (
            Option("It makes w go to 0.", "From fit to fit w still grows by 2γ = 1.8."),
            Option("Nothing at all.", "10.4 against 4.8 million after 200 steps is a difference."),
            Option(
                "w grows all the same, but in far fewer, calmer jumps.",
                "The triad is still there: shared weight, bootstrap, one state never updated.",
                right=True,
            ),
            Option("It removes the bootstrap.", "The target still holds a guess, only an older one."),
        ),
    ),
    Question(
        "Double DQN hardly lowered the excess when the buffer held 2,000 steps. Why?",
        (
            Option("The copy was too old.", "An old copy is what helps: it has other luck with its batches."),
            Option(
                "Network and copy learnt from the same few noisy rewards, so they are wrong in the same way.",
                "A second opinion helps only if its errors are others. More data would.",
                right=True,
            ),
            Option(
                "The learning rate was too small.", "A larger one adds luck of another kind; that of the data stays."
            ),
            Option("There is no maximisation bias with few data.", "There was an excess of 2.63."),
        ),
    ),
    Question(
        "A reward of 1 a step, γ = 0.99; the mean value says 400, the greedy return is 490 of 500. What is true?",
        (
            Option("All is well: 400 is below 490.", "The value is discounted: at most 1 / (1 - 0.99) = 100."),
            Option("The return must be wrong.", "It is counted, not estimated."),
            Option(
                "The values have diverged, and the choices are still good.",
                "Only which action is larger matters for the choice. It may not stay so.",
                right=True,
            ),
            Option("γ should be larger.", "Nearer to 1 makes the chase worse."),
        ),
    ),
)
