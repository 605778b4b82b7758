"""Checks and quiz of notebook 21, learning values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "first_returns", "learn", "middle", "n_step_target", "targets"]

Steps = Sequence[tuple[int, float, int, bool]]


@exercise(
    "middle",
    points=1,
    hints=(
        "After the first episode only the last cell has changed: a quarter of the way to 8, that is 2.",
        "In the second one the middle cell leads to a cell worth 2: it moves a quarter of the way there.",
    ),
    right="In the third episode the news reaches the first cell: 0.125.",
)
def middle(answer: Any) -> Problem | None:
    """The middle cell's value after two episodes of TD(0), when the goal pays 8 and α = 0.25."""
    told = {
        3.5: "3.5 is the last cell, or what Monte Carlo says. The middle cell only sees its neighbour.",
        2: "Its target is 2, the neighbour's value. α = 0.25 moves it only a quarter of the way.",
        0.875: "The middle cell is updated before the last one: its neighbour is worth 2 then, not yet 3.5.",
        0.25: "0.25 stands above, for a goal that pays 1 and α = 0.5. Here the goal pays 8 and α is smaller.",
        0: "After the *first* episode it is 0. In the second one its neighbour has a value already.",
    }
    return require_number(answer, 0.5, told=told, what="the value")


def _targets(reward: Any, next_value: Any, terminated: Any, truncated: Any, gamma: float) -> Any:
    return reward + gamma * np.where(terminated, 0.0, next_value)


@exercise(
    "targets",
    points=1,
    hints=(
        "After which of the two kinds of end does nothing follow?",
        "Only after a terminal state: `nothing_follows = terminated`.",
    ),
    right="`truncated` is not even needed here. It is where the *sum* of a return has to stop.",
)
def targets(answer: Any) -> Problem | None:
    """A function that gives the TD targets of steps with both kinds of end."""
    mistakes = {
        "A cut is still taken for an end: after a truncated step the next state keeps its value.": (
            lambda r, v, terminated, truncated, gamma: r + gamma * np.where(terminated | truncated, 0.0, v)
        ),
        "The other way round: a cut keeps the value of the next state, a terminal state has none.": (
            lambda r, v, terminated, truncated, gamma: r + gamma * np.where(truncated, 0.0, v)
        ),
        "Now no step is an end. A terminal state is worth 0, whatever stands in `next_value`.": (
            lambda r, v, terminated, truncated, gamma: r + gamma * v
        ),
        "A step that reached a terminal state in the last moment is an end, even if the time was up as well.": (
            lambda r, v, terminated, truncated, gamma: r + gamma * np.where(terminated & ~truncated, 0.0, v)
        ),
    }
    reward, value = np.array([1.0, 1.0, 2.0, 0.5]), np.array([4.0, 4.0, 4.0, 6.0])
    no, last = np.zeros(4, bool), np.array([False, False, False, True])
    cases = [
        (reward, value, no, last, 0.9),
        (reward, value, last, no, 0.9),
        (reward, value, np.array([False, True, False, True]), np.array([False, False, True, True]), 0.5),
    ]
    return compare_calls(answer, _targets, cases, mistakes=mistakes, what="the targets")


def _first_returns(states: Sequence[str], rewards: Sequence[float], gamma: float) -> dict[str, float]:
    found, total = {}, 0.0
    for state, reward in zip(reversed(states), reversed(rewards), strict=True):
        total = reward + gamma * total
        found[state] = total
    return found


@exercise(
    "first_returns",
    points=2,
    hints=(
        "Keep one running sum from the back: `total = reward + gamma * total`.",
        "Write it into the dictionary at each step: an earlier visit overwrites the later one.",
    ),
    right="One pass, whatever the length: the return of each step is in the return of the step before it.",
)
def first_returns(answer: Any) -> Problem | None:
    """A function of states, rewards and γ that gives the first-visit returns."""

    def last_visit(states: Sequence[str], rewards: Sequence[float], gamma: float) -> dict[str, float]:
        found: dict[str, float] = {}
        total = 0.0
        for state, reward in zip(reversed(states), reversed(rewards), strict=True):
            total = reward + gamma * total
            found.setdefault(state, total)
        return found

    def every_visit(states: Sequence[str], rewards: Sequence[float], gamma: float) -> dict[str, float]:
        seen: dict[str, list[float]] = {}
        for time, state in enumerate(states):
            seen.setdefault(state, []).append(_total(rewards[time:], gamma))
        return {state: float(np.mean(returns)) for state, returns in seen.items()}

    def from_start(states: Sequence[str], rewards: Sequence[float], gamma: float) -> dict[str, float]:
        found: dict[str, float] = {}
        for time, state in enumerate(states):
            found.setdefault(state, sum(gamma**k * rewards[k] for k in range(time, len(rewards))))
        return found

    mistakes: dict[str, Callable[..., Any]] = {
        "You keep the return after the *last* visit; going backwards, let earlier visits overwrite.": last_visit,
        "You take the mean over every visit; only the first one is asked for.": every_visit,
        "You discount from the start of the episode. Count from the visit: its own reward counts in full.": from_start,
        "The discount is missing.": lambda states, rewards, gamma: _first_returns(states, rewards, 1.0),
        "You keep the reward that followed; the return is the sum of all that follow.": (
            lambda states, rewards, gamma: dict(zip(reversed(states), reversed(rewards), strict=True))
        ),
    }
    cases = [
        (["A", "B"], [1.0, 4.0], 0.5),
        (["A", "B", "A", "C"], [1.0, 0.0, 2.0, 8.0], 0.5),
        (["B", "B", "B"], [1.0, 1.0, 1.0], 1.0),
    ]
    return compare_calls(answer, _first_returns, cases, mistakes=mistakes, what="the returns")


def _total(rewards: Sequence[float], gamma: float) -> float:
    return sum(gamma**k * reward for k, reward in enumerate(rewards))


def _learn(V: Sequence[float], steps: Steps, alpha: float, gamma: float) -> list[float]:
    new = list(V)
    for state, reward, follow, terminated in steps:
        new[state] += alpha * (reward + (0.0 if terminated else gamma * new[follow]) - new[state])
    return new


@exercise(
    "learn",
    points=2,
    hints=(
        "Copy first: `V = list(V)`. Then one line for the target, one for the move.",
        "`target = reward + (0.0 if terminated else gamma * V[next_state])`; then move by α of the difference.",
    ),
    right="Three lines, and they are behind game players, robots and perhaps some neurons.",
)
def learn(answer: Any) -> Problem | None:
    """A function of values, steps, α and γ that gives the values after TD(0)."""

    def all_at_once(V: Sequence[float], steps: Steps, alpha: float, gamma: float) -> list[float]:
        new = list(V)
        for state, reward, follow, terminated in steps:
            new[state] += alpha * (reward + (0.0 if terminated else gamma * V[follow]) - V[state])
        return new

    def whole_way(V: Sequence[float], steps: Steps, alpha: float, gamma: float) -> list[float]:
        return _learn(V, steps, 1.0, gamma)

    def no_end(V: Sequence[float], steps: Steps, alpha: float, gamma: float) -> list[float]:
        return _learn(V, [(s, r, follow, False) for s, r, follow, _ in steps], alpha, gamma)

    def added(V: Sequence[float], steps: Steps, alpha: float, gamma: float) -> list[float]:
        new = list(V)
        for state, reward, follow, terminated in steps:
            new[state] += alpha * (reward + (0.0 if terminated else gamma * new[follow]))
        return new

    mistakes: dict[str, Callable[..., Any]] = {
        "All steps see the *old* values. Each one must see what the steps before it have left.": all_at_once,
        "You move the whole way to the target; only the share α of it.": whole_way,
        "A terminal state has no value: where `terminated` is true the target is the reward alone.": no_end,
        "You add α times the target. Add α times the *difference* between target and old value.": added,
        "The discount is missing.": lambda V, steps, alpha, gamma: _learn(V, steps, alpha, 1.0),
    }
    cases = [
        ([0.0, 0.5, 1.0], [(0, 1.0, 1, False)], 0.5, 0.9),
        ([0.0, 0.5, 1.0], [(0, 0.0, 1, False), (1, 2.0, 2, True)], 0.5, 0.9),
        ([1.0, 2.0, 3.0], [(0, 1.0, 0, False), (0, 1.0, 1, False), (1, 0.0, 0, False), (0, 5.0, 2, True)], 0.25, 1.0),
    ]
    values = list(cases[0][0])
    if callable(answer) and answer(values, cases[0][1], 0.5, 0.9) is not None and values != [0.0, 0.5, 1.0]:
        return Problem("Your function changes the list that it is given. Make a copy first: `V = list(V)`.")
    return compare_calls(answer, _learn, cases, mistakes=mistakes, what="the values")


def _n_step(rewards: Sequence[float], values: Sequence[float], t: int, n: int, gamma: float) -> float:
    total = _total(rewards[t : t + n], gamma)
    return total + gamma**n * values[t + n] if t + n < len(rewards) else total


@exercise(
    "n_step_target",
    points=3,
    hints=(
        "First the rewards from t up to t + n, or up to the end if that comes first: `rewards[t:t + n]` does both.",
        "Then, only if `t + n < len(rewards)`, add `gamma ** n * values[t + n]`.",
    ),
    right="With n = 1 it is the target of TD(0), with a large n the return.",
)
def n_step_target(answer: Any) -> Problem | None:
    """A function of rewards, values, t, n and γ that gives the n-step target."""

    def undiscounted_value(r: Sequence[float], v: Sequence[float], t: int, n: int, gamma: float) -> float:
        return _total(r[t : t + n], gamma) + (v[t + n] if t + n < len(r) else 0.0)

    def from_start(r: Sequence[float], v: Sequence[float], t: int, n: int, gamma: float) -> float:
        return gamma**t * _n_step(r, v, t, n, gamma)

    def last_value(r: Sequence[float], v: Sequence[float], t: int, n: int, gamma: float) -> float:
        total = _total(r[t : t + n], gamma)
        end = min(t + n, len(r) - 1)
        return total + gamma ** (end - t) * v[end]

    mistakes: dict[str, Callable[..., Any]] = {
        "The value is not discounted: it comes after n steps, so it counts γⁿ times.": undiscounted_value,
        "You discount from the start of the episode; count from time t.": from_start,
        "When the episode is over before n steps there is no value to add: the state after the end is worth 0.": (
            last_value
        ),
        "One reward too many: n rewards, r[t] to r[t + n − 1], and then the value.": (
            lambda r, v, t, n, gamma: _n_step(r, v, t, n + 1, gamma)
        ),
        "The value is missing: after n rewards the estimate of the state reached stands for the rest.": (
            lambda r, v, t, n, gamma: _total(r[t : t + n], gamma)
        ),
    }
    rewards, values = [1.0, -2.0, 0.5, 3.0], [0.25, 0.75, -1.0, 2.0]
    cases = [(rewards, values, 0, 1, 0.5), (rewards, values, 1, 2, 0.5), (rewards, values, 2, 5, 0.5)]
    cases += [(rewards, values, 0, 3, 0.9), (rewards, values, 2, 2, 0.5)]
    return compare_calls(answer, _n_step, cases, mistakes=mistakes, what="the target")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "All estimates are still wrong. Which target has a bias?",
        (
            Option("The full return.", "It contains no estimate. On average it is the value, by definition."),
            Option(
                "That of TD(0).",
                "It contains the estimate of the next state. In the walk it was 0.083 too low on average.",
                right=True,
            ),
            Option("Both.", "The return contains no estimate; it is noisy, not biased."),
            Option(
                "Neither; wrong estimates only make it noisy.", "A wrong estimate is wrong in the same way each time."
            ),
        ),
    ),
    Question(
        "Why did n = 4 beat n = 16 on the 19-state walk?",
        (
            Option("16 steps take too long to compute.", "Time was not measured; the error after 10 episodes was."),
            Option("The walks are shorter than 16 steps.", "From the middle it takes 100 steps on average to get out."),
            Option(
                "More rewards before the estimate make the target noisier, and the bias saved is not worth it.",
                "That is why its best α was smaller, too: noise has to be averaged out.",
                right=True,
            ),
            Option("n = 4 has no bias.", "It has some; only the full return has none."),
        ),
    ),
    Question(
        "A robot's episode is stopped after 1,000 steps because the day is over. In the last step …",
        (
            Option("the target is the reward alone, for the episode is over.", "That tells it that nothing follows."),
            Option(
                "the target is the reward plus the discounted value of the state reached.",
                "It was cut off: the robot would have gone on. This is truncation.",
                right=True,
            ),
            Option("the step should be left out.", "It is as good as any other: it shows a reward and a next state."),
            Option("the target is 0.", "That would leave out even the reward."),
        ),
    ),
    Question(
        "A learner with a constant step size has seen a hundred thousand episodes. Its estimates …",
        (
            Option("equal the true values.", "Each new sample still shakes them by the share α."),
            Option(
                "go on swinging around the true values.",
                "A constant α forgets: it is a mean over the last few samples only. A smaller α swings less.",
                right=True,
            ),
            Option("are still biased by the initial values.", "Their share shrinks by 1 − α a visit: nothing is left."),
            Option("explode sooner or later.", "Not with a small α: errors are corrected, not amplified."),
        ),
    ),
)
