"""Checks and quiz of notebook 22, learning to act."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "chances", "double_target", "q_target", "replay", "target"]

Array = NDArray[np.float64]
Model = Mapping[tuple[int, int], tuple[float, int, bool]]

_Q = np.array([[1.0, 4.0, 2.0], [2.0, 5.0, 0.0], [-3.0, -8.0, -1.0]])
_OTHER = np.array([[0.5, 1.0, 6.0], [3.0, -2.0, 1.0], [-4.0, -5.0, -6.0]])


@exercise(
    "target",
    points=1,
    hints=("SARSA looks at the action that is really taken in the next state.", "−1 + 0.9 · 2."),
    right="Q-learning's target would be 3.5: it does not mind what was done.",
)
def target(answer: Any) -> Problem | None:
    """SARSA's target for a reward of −1, γ = 0.9 and a next action worth 2."""
    told = {
        3.5: "3.5 is the target of Q-learning, with the best action. SARSA takes the action that was taken.",
        1: "The discount is missing: the next value counts 0.9 times.",
        -1 + 0.9 * 7 / 3: "This is the mean over all three actions. SARSA uses the one that was taken.",
        1.8: "The reward of the step is missing.",
        2.8: "The step **paid** −1: it cost 1, so the reward is negative.",
        -1: "That is the reward alone. The episode goes on, so the next action's value counts.",
    }
    return require_number(answer, 0.8, told=told, what="the target")


def _q_target(Q: Array, reward: float, follow: int, action: int, terminated: bool, gamma: float) -> float:
    return reward if terminated else float(reward + gamma * Q[follow].max())


@exercise(
    "q_target",
    points=1,
    hints=("Which of the next state's values does Q-learning use, whatever is done there?", "`Q[next_state].max()`."),
    right="`next_action` is not used at all: that is what off-policy means.",
)
def q_target(answer: Any) -> Problem | None:
    """A function that gives the target of Q-learning."""

    def with_value(value: Callable[[Array, int, int], Any]) -> Callable[..., Any]:
        return lambda Q, r, s, a, end, gamma: r if end else r + gamma * value(Q, s, a)

    mistakes = {
        "This is still SARSA: it uses the action that is taken. Q-learning uses the best one.": with_value(
            lambda Q, s, a: Q[s, a]
        ),
        "This is the maximum of the whole table; only the row of the next state counts.": with_value(
            lambda Q, s, a: Q.max()
        ),
        "`argmax` gives the number of the best action. The target needs its value: `max`.": with_value(
            lambda Q, s, a: Q[s].argmax()
        ),
        "This is the mean over all actions, not the best one.": with_value(lambda Q, s, a: Q[s].mean()),
        "A terminal state is worth 0: keep the two lines above.": lambda Q, r, s, a, end, gamma: r + gamma * Q[s].max(),
    }
    cases = [(_Q, -1.0, 1, 0, False, 0.9), (_Q, 2.0, 2, 1, False, 0.5), (_Q, -1.0, 0, 1, True, 0.9)]
    return compare_calls(answer, _q_target, cases, mistakes=mistakes, what="the target")


def _chances(q: Array, epsilon: float) -> Array:
    result = np.full(len(q), epsilon / len(q))
    result[np.argmax(q)] += 1 - epsilon
    return result


@exercise(
    "chances",
    points=2,
    hints=(
        "Exploring gives each action ε/A. What is left, 1 − ε, goes to the best one.",
        "`result = np.full(len(q), epsilon / len(q))`, then add `1 - epsilon` at `np.argmax(q)`.",
    ),
    right="With four actions and ε = 0.1 the best one is taken in 92.5 % of the steps.",
)
def chances(answer: Any) -> Problem | None:
    """A function of action values and ε that gives the probabilities of ε-greedy."""

    def others_only(q: Array, epsilon: float) -> Array:
        result = np.full(len(q), epsilon / (len(q) - 1))
        result[np.argmax(q)] = 1 - epsilon
        return result

    def not_one(q: Array, epsilon: float) -> Array:
        result = np.full(len(q), epsilon / len(q))
        result[np.argmax(q)] = 1 - epsilon
        return result

    mistakes = {
        "Yours never explores the best action. When it explores, *any* action is taken, the best one too.": others_only,
        "The probabilities do not add up to 1: the best action has its share of exploring as well.": not_one,
        "This gives the best action only ε: it is 1 − ε that goes there.": lambda q, epsilon: _chances(q, 1 - epsilon),
        "This is greedy: exploring is missing.": lambda q, epsilon: _chances(q, 0.0),
    }
    cases = [(np.array([0.0, 2.0]), 0.1), (np.array([-10.0, -3.0, -100.0, -12.0]), 0.1), (np.array([3.0, 1.0, 2.0]), 1)]
    return compare_calls(answer, _chances, cases, mistakes=mistakes, what="the probabilities")


def _double(chooses: Array, judges: Array, reward: float, follow: int, terminated: bool, gamma: float) -> float:
    return reward if terminated else float(reward + gamma * judges[follow, chooses[follow].argmax()])


@exercise(
    "double_target",
    points=2,
    hints=(
        "Two steps: which action does `chooses` think best, and what does `judges` say of it?",
        "`best = chooses[next_state].argmax()`, then `judges[next_state, best]`.",
    ),
    right="If the choice was luck, the other table does not share it.",
)
def double_target(answer: Any) -> Problem | None:
    """A function that gives the target of Double Q-learning."""

    def with_value(value: Callable[[Array, Array, int], Any]) -> Callable[..., Any]:
        return lambda c, j, r, s, end, gamma: r if end else r + gamma * value(c, j, s)

    mistakes = {
        "The table that chooses also judges: this is Q-learning, and the luck is believed.": with_value(
            lambda c, j, s: c[s].max()
        ),
        "The table that judges also chooses: luck in `judges` is believed.": with_value(lambda c, j, s: j[s].max()),
        "The other way round: `chooses` picks the action, `judges` says what it is worth.": with_value(
            lambda c, j, s: c[s, j[s].argmax()]
        ),
        "This is the smaller of the two maxima. Let one choose and the other judge.": with_value(
            lambda c, j, s: min(c[s].max(), j[s].max())
        ),
        "This takes the mean of both tables, and then its maximum: choice and judgement share the luck.": with_value(
            lambda c, j, s: ((c[s] + j[s]) / 2).max()
        ),
        "A terminal state is worth 0: then the target is the reward alone.": lambda c, j, r, s, end, gamma: _double(
            c, j, r, s, False, gamma
        ),
    }
    cases = [(_Q, _OTHER, -1.0, 1, False, 0.9), (_Q, _OTHER, 2.0, 2, False, 0.5), (_Q, _OTHER, 1.0, 0, True, 0.9)]
    cases.append((_Q, _OTHER, 1.0, 0, False, 0.9))
    return compare_calls(answer, _double, cases, mistakes=mistakes, what="the target")


def _replay(Q: Array, model: Model, alpha: float, gamma: float) -> Array:
    new = Q.copy()
    for (state, action), (reward, follow, terminated) in model.items():
        goal = reward if terminated else reward + gamma * new[follow].max()
        new[state, action] += alpha * (goal - new[state, action])
    return new


@exercise(
    "replay",
    points=3,
    hints=(
        "Copy: `Q = Q.copy()`. Then `for (state, action), (reward, next_state, terminated) in model.items():`.",
        "Inside, the update of Q-learning: target with `Q[next_state].max()`, then move by α of the difference.",
    ),
    right="Call it in a loop and you have planning.",
)
def replay(answer: Any) -> Problem | None:
    """A function of a table, a model, α and γ that gives the table after one pass."""

    def from_old(Q: Array, model: Model, alpha: float, gamma: float) -> Array:
        new = Q.copy()
        for (state, action), (reward, follow, terminated) in model.items():
            goal = reward if terminated else reward + gamma * Q[follow].max()
            new[state, action] += alpha * (goal - Q[state, action])
        return new

    def no_end(Q: Array, model: Model, alpha: float, gamma: float) -> Array:
        return _replay(Q, {key: (reward, follow, False) for key, (reward, follow, _) in model.items()}, alpha, gamma)

    def added(Q: Array, model: Model, alpha: float, gamma: float) -> Array:
        new = Q.copy()
        for (state, action), (reward, follow, terminated) in model.items():
            new[state, action] += alpha * (reward if terminated else reward + gamma * new[follow].max())
        return new

    mistakes: dict[str, Callable[..., Any]] = {
        "All updates see the *old* table. Each must see what the ones before it have left.": from_old,
        "After a terminal step nothing follows: where `terminated` is true the target is the reward alone.": no_end,
        "You add α times the target. Add α times the *difference* between target and old value.": added,
        "You move the whole way to the target; only the share α of it.": (
            lambda Q, model, alpha, gamma: _replay(Q, model, 1.0, gamma)
        ),
        "The discount is missing.": lambda Q, model, alpha, gamma: _replay(Q, model, alpha, 1.0),
    }
    model: Model = {(0, 1): (3.0, 2, True), (1, 2): (2.0, 0, False), (0, 0): (-1.0, 1, False), (2, 1): (0.5, 1, False)}
    cases = [(np.zeros((3, 3)), {(0, 1): (1.0, 2, True)}, 0.5, 0.9), (_Q, model, 0.5, 0.9), (_Q, model, 0.25, 1.0)]
    given = _Q.copy()
    if callable(answer) and answer(given, dict(model), 0.5, 0.9) is not None and not np.array_equal(given, _Q):
        return Problem("Your function changes the table that it is given. Make a copy first: `Q = Q.copy()`.")
    return compare_calls(answer, _replay, cases, mistakes=mistakes, what="the table")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why did Q-learning earn less than SARSA on the cliff?",
        (
            Option("It had not found the best path.", "It had: its table alone walks it in 13 steps."),
            Option(
                "It walked where a random step is fatal, and it still took random steps.",
                "Its values are about a policy that never stumbles. It stumbled in one step of ten.",
                right=True,
            ),
            Option("Its step size was too large.", "Both had α = 0.5."),
            Option("The maximum made it too optimistic by noise.", "The cliff has no noise: each move does the same."),
        ),
    ),
    Question(
        "A learner has ε = 0 from the start: it always takes what looks best. When can that go well?",
        (
            Option("Never.", "Guesses of 1 went well: with a first guess that is too high, all is tried."),
            Option(
                "Always, if it plays long enough.", "The agent with three tools played 500 times and learned nothing."
            ),
            Option(
                "When the first guesses are too high.",
                "Then everything that is tried disappoints, and the untried looks better: optimism explores.",
                right=True,
            ),
            Option("When the step size is small.", "What is never tried is never learned, at any step size."),
        ),
    ),
    Question(
        "Ten noisy estimates, and you take the largest. It is …",
        (
            Option(
                "right on average, for each single estimate is.",
                "Each one is, but the largest is chosen *for* its luck.",
            ),
            Option(
                "too high on average, even if no single estimate is.",
                "Choosing and judging by the same noise: 1.54 in place of 0.",
                right=True,
            ),
            Option("too low on average.", "The largest of several is never below a fixed one of them."),
            Option("too high only if the noise is skewed.", "The noise above was a symmetric normal distribution."),
        ),
    ),
    Question(
        "When does planning in a model make a learner worse?",
        (
            Option(
                "When it takes many imagined steps.", "In the maze 50 were better than 5: the model was true there."
            ),
            Option(
                "When the model is wrong, for example certain where the world is random.",
                "It then learns the model's mistakes, and with more practice all the more firmly.",
                right=True,
            ),
            Option("When real steps are dear.", "That is when it pays most."),
            Option("When the rewards are rare.", "The maze pays only at the goal, and planning spread the news."),
        ),
    ),
)
