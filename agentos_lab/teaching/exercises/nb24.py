"""Checks and quiz of notebook 24, actor and critic."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "cut_off", "my_gae", "still_pushes", "target"]


@exercise(
    "cut_off",
    points=1,
    hints=(
        "Is there something that would have followed, had there been no limit?",
        "Truncated: δ = r + γ V(s') - V(s), as for any other step.",
    ),
    right="The limit ended our patience, not the task: the next promise counts.",
)
def cut_off(answer: Any) -> Problem | None:
    """The TD error of a truncated step."""
    said = {
        -6.0: "You took the cut for an end. The task would have gone on, so V(s') counts.",
        0.0: "The next promise is discounted: multiply it by γ.",
        0.4: "The reward is -1, not 0.",
        4.4: "That is the target. The error is the target minus what was promised before, V(s).",
        -1.0: "That is the reward alone. The promises before and after the step count, too.",
    }
    return require_number(answer, -0.6, told=said, what="the TD error")


def _target(
    reward: NDArray[np.float64],
    next_value: NDArray[np.float64],
    terminated: NDArray[np.bool_],
    truncated: NDArray[np.bool_],
    gamma: float,
) -> NDArray[np.float64]:
    return reward + gamma * np.where(terminated, 0.0, next_value)


@exercise(
    "target",
    points=2,
    hints=(
        "Which of the two ends means that nothing follows?",
        "Only a terminated step has a next value of 0. `truncated` is not needed at all.",
    ),
    right="Where both flags are set, the task has ended: terminated wins.",
)
def target(answer: Any) -> Problem | None:
    """A function of rewards, next values, both kinds of ends and γ that gives the critic's targets (T,)."""
    mistakes = {
        "A step that the time limit cut off still has a future: its next value counts.": (
            lambda reward, next_value, terminated, truncated, gamma: _target(
                reward, next_value, terminated | truncated, truncated, gamma
            )
        ),
        "Now a terminal state has a future, too: where the task has ended the next value is 0.": (
            lambda reward, next_value, terminated, truncated, gamma: reward + gamma * next_value
        ),
        "The two are exchanged: it is the **terminated** step that has no future.": (
            lambda reward, next_value, terminated, truncated, gamma: _target(
                reward, next_value, truncated, truncated, gamma
            )
        ),
        "Where both flags are set the task has ended: terminated wins.": (
            lambda reward, next_value, terminated, truncated, gamma: _target(
                reward, next_value, terminated & ~truncated, truncated, gamma
            )
        ),
    }
    cases = [
        (np.array([1.0]), np.array([10.0]), np.array([False]), np.array([True]), 0.9),
        (
            np.array([1.0, 2.0, 3.0, 4.0]),
            np.array([10.0, 20.0, 30.0, 40.0]),
            np.array([False, True, False, True]),
            np.array([False, False, True, True]),
            0.5,
        ),
    ]
    return compare_calls(answer, _target, cases, mistakes=mistakes, what="the target")


def _gae(delta: NDArray[np.float64], done: NDArray[np.bool_], gamma: float, lam: float) -> NDArray[np.float64]:
    estimate, later = np.zeros(len(delta)), 0.0
    for t in reversed(range(len(delta))):
        later = delta[t] + gamma * lam * (0.0 if done[t] else later)
        estimate[t] = later
    return estimate


@exercise(
    "my_gae",
    points=3,
    hints=(
        "Go from the last step to the first, and keep the estimate of the step after.",
        "Â[t] = δ[t] + γ λ Â[t+1], and only δ[t] where the episode ended with step t.",
    ),
    right="Eight lines, and the heart of A2C and PPO.",
)
def my_gae(answer: Any) -> Problem | None:
    """A function of TD errors (T,), ends (T,), γ and λ that gives advantages (T,)."""

    def one_late(delta: NDArray[np.float64], done: NDArray[np.bool_], gamma: float, lam: float) -> NDArray[np.float64]:
        return _gae(delta, np.append(done[1:], False), gamma, lam)

    mistakes = {
        "Errors of the next episode come in: where an episode is done, the chain must be cut.": (
            lambda delta, done, gamma, lam: _gae(delta, np.zeros(len(delta), bool), gamma, lam)
        ),
        "γ is missing: later errors are discounted by γ λ.": (
            lambda delta, done, gamma, lam: _gae(delta, done, 1.0, lam)
        ),
        "λ is missing: later errors count less by γ λ.": lambda delta, done, gamma, lam: _gae(delta, done, gamma, 1.0),
        "The step that ended the episode keeps its own error; only what comes **after** it is cut.": (
            lambda delta, done, gamma, lam: _gae(np.where(done, 0.0, delta), done, gamma, lam)
        ),
        "You cut one step too early: `done[t]` says that the episode ended **with** step t.": one_late,
    }
    cases = [
        (np.array([1.0, 0.0, 3.0]), np.array([False, False, True]), 1.0, 0.5),
        (np.array([1.0, 2.0, 4.0, 8.0]), np.array([False, True, False, False]), 0.9, 0.5),
    ]
    return compare_calls(answer, _gae, cases, mistakes=mistakes, what="the estimate")


def _still_pushes(ratio: NDArray[np.float64], advantage: NDArray[np.float64], clip: float) -> NDArray[np.bool_]:
    return ~(((advantage > 0) & (ratio > 1 + clip)) | ((advantage < 0) & (ratio < 1 - clip)))


@exercise(
    "still_pushes",
    points=2,
    hints=(
        "Two cases are flat: a good action that has become much likelier, a bad one that has become much rarer.",
        "`(advantage > 0) & (ratio > 1 + clip)` is one of them. What is the other?",
    ),
    right="What has gone the wrong way is always brought back, however far it went.",
)
def still_pushes(answer: Any) -> Problem | None:
    """A function of ratios (B,), advantages (B,) and a clip that says which samples have a gradient."""
    mistakes = {
        "You switch off every sample outside the range. Those that went the **wrong** way must be brought back.": (
            lambda ratio, advantage, clip: np.abs(ratio - 1) < clip
        ),
        "You treat all advantages as positive: a **bad** action is flat once it has become rare enough.": (
            lambda ratio, advantage, clip: ratio < 1 + clip
        ),
        "You return where it is flat; the question is where it still has a slope.": (
            lambda ratio, advantage, clip: ~_still_pushes(ratio, advantage, clip)
        ),
        "Signs exchanged: you stop samples that went the wrong way, and let the others run on.": (
            lambda ratio, advantage, clip: _still_pushes(ratio, -advantage, clip)
        ),
    }
    cases = [
        (np.array([1.5, 0.5, 1.1]), np.array([1.0, 1.0, 1.0]), 0.2),
        (np.array([1.5, 0.5, 1.1, 0.95]), np.array([-1.0, -2.0, -1.0, 3.0]), 0.2),
        (np.array([1.15, 0.85]), np.array([2.0, -2.0]), 0.1),
    ]
    return compare_calls(answer, _still_pushes, cases, mistakes=mistakes, what="the mask")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "The critic is badly wrong, and λ = 1. What does that do to the policy gradient?",
        (
            Option("It points the wrong way.", "With λ = 1 the critic is a baseline, and a baseline turns nothing."),
            Option(
                "On average nothing; it may be noisier.",
                "Return minus promise: the promise does not depend on the action. Measured: 0.05 harmful bias.",
                right=True,
            ),
            Option("It becomes 0.", "Rewards still tell the actions apart."),
            Option("It is biased, but calmer.", "That is what a wrong critic does with a small λ."),
        ),
    ),
    Question(
        "CartPole's limit of 500 steps is reached with the pole upright. What is the next promise?",
        (
            Option("0, for the episode is over.", "The episode, not the task. That is how good policies are unlearnt."),
            Option("500.", "Rewards so far are no promise of what follows."),
            Option(
                "V of the state that was reached.",
                "The pole still stands; what was not played is worth what the critic says.",
                right=True,
            ),
            Option("V of the next episode's first state.", "That belongs to another episode; the chain is cut there."),
        ),
    ),
    Question(
        "An action's ratio has risen to 1.5, and its advantage is negative. What does PPO do (clip 0.2)?",
        (
            Option("Nothing, the ratio is outside the range.", "Only what went the right way is switched off."),
            Option(
                "It pulls the probability down with the full slope.",
                "A bad action became likelier: the minimum keeps the unclipped term.",
                right=True,
            ),
            Option("It makes it likelier still.", "The advantage is negative."),
            Option("It sets the ratio to 1.2.", "Nothing is set; clipping changes the objective, not the policy."),
        ),
    ),
    Question(
        "After the first update the KL is 10, the entropy 0, and the return stays at 9. What is the first suspect?",
        (
            Option("Too few steps.", "More of the same: the policy tries nothing new any more."),
            Option("λ is too small.", "That is bias, and no reason for a jump of 10 nats."),
            Option("The critic.", "It may be bad, too, but it does not move the policy that far at once."),
            Option(
                "The learning rate.",
                "One optimizer step jumped over the edge of the clipping range, to a policy without chance.",
                right=True,
            ),
        ),
    ),
)
