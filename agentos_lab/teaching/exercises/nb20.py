"""Checks and quiz of notebook 20, decision processes."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "indifferent", "late", "policy_sweep", "sweep", "with_limit"]

Array = NDArray[np.float64]

# A process with two states and an end, all rewards negative but one.
_P = np.array([[[0.5, 0.5, 0.0], [0.0, 0.0, 1.0]], [[0.0, 0.2, 0.8], [1.0, 0.0, 0.0]], [[0.0, 0.0, 1.0]] * 2])
_R = np.array([[-1.0, -4.0], [-2.0, -0.5], [0.0, 0.0]])
_TERMINAL = np.array([False, False, True])
_BONUS = np.array([[3.0, 0.0], [0.0, 0.0], [0.0, 0.0]])


@exercise(
    "late",
    points=1,
    hints=("The first reward counts in full, the second is halved, the third is halved twice.", "4 + 0 + 8/4."),
    right="Work from the back: 8, then 0 + 0.5 · 8 = 4, then 4 + 0.5 · 4 = 6.",
)
def late(answer: Any) -> Problem | None:
    """The return of 4, 0, 8 with a discount of 0.5."""
    told = {
        12: "12 is the sum without discount. With γ = 0.5 the 8 counts less: it is two steps later.",
        8: "You halve the 8 once. It comes two steps after the first reward, so γ² = 0.25.",
        3: "You discount the first reward, too. It counts in full: γ⁰ = 1.",
        5: "You halve the 8 three times. It comes two steps after the first reward, so γ² = 0.25.",
        4: "That is the mean. A return adds up: each reward counts γ times for every step that it comes later.",
    }
    return require_number(answer, 6.0, told=told, what="the return")


def _sweep(P: Array, R: Array, terminal: NDArray[np.bool_], v: Array, gamma: float) -> Array:
    return np.where(terminal, 0.0, (R + gamma * P @ v).max(axis=1))


@exercise(
    "sweep",
    points=1,
    hints=(
        "You can only do one of the actions. Which one would you do?",
        "The largest of each row: `q.max(axis=1)`.",
    ),
    right="A maximum in place of a mean is all that lies between judging a policy and finding the best one.",
)
def sweep(answer: Any) -> Problem | None:
    """A function that makes one sweep of value iteration."""

    def mistake(reduce: Any) -> Any:
        return lambda P, R, terminal, v, gamma: np.where(terminal, 0.0, reduce(R + gamma * P @ v))

    mistakes = {
        "This adds up what all actions are worth, but you can do only one of them: the best.": mistake(
            lambda q: q.sum(axis=1)
        ),
        "This is the mean: the value of acting at random. The best player takes the best action.": mistake(
            lambda q: q.mean(axis=1)
        ),
        "`argmax` says *which* action is best. The value is how much it is worth: `max`.": mistake(
            lambda q: q.argmax(axis=1)
        ),
        "This is the best of the whole table. Each state has a best action of its own: `axis=1`.": mistake(
            lambda q: q.max()
        ),
        "A terminal state is worth 0, whatever stands in `v`: keep the last line.": (
            lambda P, R, terminal, v, gamma: (R + gamma * P @ v).max(axis=1)
        ),
        "This takes the worst action.": mistake(lambda q: q.min(axis=1)),
        "With this one no value falls below 0. Here all rewards are negative: compare only with the other actions.": (
            mistake(lambda q: q.max(axis=1).clip(0))
        ),
    }
    cases = [
        (_P, _R, _TERMINAL, np.zeros(3), 1.0),
        (_P, _R, _TERMINAL, np.array([-3.0, 1.0, 0.0]), 0.9),
        (_P, _R, _TERMINAL, np.array([-3.0, -2.0, -5.0]), 0.9),
    ]
    return compare_calls(answer, _sweep, cases, mistakes=mistakes, what="the new values")


def _policy_sweep(P: Array, R: Array, policy: Array, v: Array, gamma: float) -> Array:
    return np.asarray((policy * (R + gamma * P @ v)).sum(axis=1))


@exercise(
    "policy_sweep",
    points=2,
    hints=(
        "First the action values, as in the exercise before: `q = R + gamma * P @ v`, (S, A).",
        "A mean with probabilities: multiply, then add up over the actions: `(policy * q).sum(axis=1)`.",
    ),
    right="Swept until nothing changes, this gives the value of the policy.",
)
def policy_sweep(answer: Any) -> Problem | None:
    """A function that makes one sweep of policy evaluation."""
    mistakes = {
        "You take the best action. The policy says how often each one is taken: the mean with its probabilities.": (
            lambda P, R, policy, v, gamma: (R + gamma * P @ v).max(axis=1)
        ),
        "You take all actions alike. Weigh each by its probability in `policy`.": (
            lambda P, R, policy, v, gamma: (R + gamma * P @ v).mean(axis=1)
        ),
        "You take only the most probable action; the others are taken, too, now and then.": (
            lambda P, R, policy, v, gamma: (R + gamma * P @ v)[np.arange(len(P)), policy.argmax(axis=1)]
        ),
        "The discount is missing: what follows counts γ times.": (
            lambda P, R, policy, v, gamma: (policy * (R + P @ v)).sum(axis=1)
        ),
        "The reward is missing, or not weighed: it depends on the action, too.": (
            lambda P, R, policy, v, gamma: (policy * (gamma * P @ v)).sum(axis=1)
        ),
        "You discount the reward of this very step, too; only what follows is discounted.": (
            lambda P, R, policy, v, gamma: gamma * (policy * (R + P @ v)).sum(axis=1)
        ),
    }
    policy = np.array([[0.75, 0.25], [0.5, 0.5], [1.0, 0.0]])
    cases = [
        (_P, _R, policy, np.zeros(3), 1.0),
        (_P, _R, policy, np.array([-3.0, 1.0, 0.0]), 0.9),
        (_P, _R, np.eye(2)[[0, 1, 0]], np.array([2.0, 4.0, 0.0]), 0.5),
    ]
    return compare_calls(answer, _policy_sweep, cases, mistakes=mistakes, what="the new values")


@exercise(
    "indifferent",
    points=1,
    hints=("Divide both sides by 3γ: what is γ⁵?", "γ⁵ = 0.3. The fifth root: `0.3 ** (1 / 5)`."),
    right="Who has a smaller γ takes 3 soon, who has a larger one walks on to 10.",
)
def indifferent(answer: Any) -> Problem | None:
    """The discount for which 3γ = 10γ⁶."""
    exact = 0.3 ** (1 / 5)
    told = {
        0.3: "0.3 is γ⁵. Take the fifth root.",
        0.3 ** (1 / 6): "You took the sixth root. One γ cancels: 3γ = 10γ⁶ leaves γ⁵.",
        0.3 / 5: "You divided by 5. Take the fifth root.",
        1 / exact: "Turned round: γ⁵ is 3/10. A discount is never more than 1.",
    }
    return require_number(answer, exact, told=told, what="the discount", tolerance=3e-4)


def _with_limit(P: Array, R: Array, steps: int) -> Array:
    v = np.zeros(len(P))
    for _ in range(steps):
        v = (R + P @ v).max(axis=1)
    return v


@exercise(
    "with_limit",
    points=3,
    hints=(
        "Begin with zeros: with 0 steps left all is worth 0. Each further step is one sweep.",
        "`for _ in range(steps): v = (R + P @ v).max(axis=1)`.",
    ),
    right="Backward induction. Note that the function never asks where you are now: it answers for all states at once.",
)
def with_limit(answer: Any) -> Problem | None:
    """A function of P, R and steps that gives the best values with that many steps left."""
    mistakes = {
        "You sweep once too often: with 0 steps left nothing more is earned, with 1 step one sweep is due.": (
            lambda P, R, steps: _with_limit(P, R, steps + 1)
        ),
        "You sweep once too little: with 1 step left there is one reward to earn.": (
            lambda P, R, steps: _with_limit(P, R, max(steps - 1, 0))
        ),
        "This takes the best *reward* each time, and does not look at where it leads.": (
            lambda P, R, steps: steps * R.max(axis=1)
        ),
        "This is one sweep, whatever the number of steps.": lambda P, R, steps: _with_limit(P, R, 1),
        "This is the mean over actions. The best player takes the best one.": lambda P, R, steps: _mean(P, R, steps),
    }
    cases = [(_P, _R, 0), (_P, _R, 1), (_P, _R, 2), (_P, _R + _BONUS, 7)]
    return compare_calls(answer, _with_limit, cases, mistakes=mistakes, what="the values")


def _mean(P: Array, R: Array, steps: int) -> Array:
    v = np.zeros(len(P))
    for _ in range(steps):
        v = (R + P @ v).mean(axis=1)
    return v


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A state has a reward of 0 for every action. What is its value?",
        (
            Option("0.", "That is its reward. The value counts all that follows: the cells far from A were worth 12."),
            Option(
                "It depends on what follows.",
                "A value is the expected return: this step's reward and, discounted, the value of the next state.",
                right=True,
            ),
            Option(
                "The mean of its neighbours' values.", "Only for a policy that takes all moves alike, and for γ = 1."
            ),
            Option("Unknown until one has tried it.", "The tables are known: nothing need be tried."),
        ),
    ),
    Question(
        "You act greedily on the values of a poor policy. The result is …",
        (
            Option("as poor, for the values are those of a poor policy.", "On the 4 × 4 grid it was the best of all."),
            Option("always the best policy.", "On the 4 × 4 grid, yes. In general further rounds are needed."),
            Option(
                "never worse, and often much better.",
                "In every state it takes an action that is at least as good as the policy's. So it can be repeated.",
                right=True,
            ),
            Option("better in some states and worse in others.", "It is at least as good in all states at once."),
        ),
    ),
    Question(
        "A learner reaches 0.74 on the frozen lake with 100 steps. The optimal value without a limit is 0.82. So …",
        (
            Option("it has not learned enough.", "Nobody can do better than 0.7442 in 100 steps."),
            Option(
                "it may well be optimal: the limit makes it another task.",
                "Compare with the finite horizon. The patient policy itself reaches 0.74 there.",
                right=True,
            ),
            Option("γ was chosen too small.", "With γ = 1 the same 0.74 comes out: it is the limit."),
            Option("the tables are wrong.", "Both numbers are exact, for two different questions."),
        ),
    ),
    Question(
        "What does the Markov property ask for?",
        (
            Option("That the process is random.", "A process without any chance is Markov, too."),
            Option("That the states can be counted.", "The property is about memory, not about number."),
            Option("That the past does not matter.", "It matters, but all that matters of it must stand in the state."),
            Option(
                "That what follows depends on the state and the action, not on the way there.",
                "If the way matters, then something is missing from the state: put it in.",
                right=True,
            ),
        ),
    ),
)
