"""Small decision processes of the textbook that are not grids (Sutton & Barto 2018), each with a point to make."""

from __future__ import annotations

import numpy as np

from .settings import check_count, check_not_negative, check_number, check_share
from .tabular_mdp import Layout, TabularMDP
from .transition_tables import tables

__all__ = ["gamblers_problem", "maximization_bias", "random_walk", "short_corridor"]


def random_walk(n: int = 5, *, left: float = 0.0, right: float = 1.0) -> TabularMDP:
    """n states in a row, walked at random from the middle one; the ends pay (S&B 2018, examples 6.2 and 7.1).

    States 0 and n + 1 are the ends. There is one action, which is no choice: every policy walks alike. With γ = 1 the
    value of state i is ``left + (right − left) · i / (n + 1)``.

    Args:
        n: States between the ends: 5 in example 6.2, 19 in 7.1 (with ``left=-1``).
        left, right: Pay for arriving at either end.
    """
    check_count("n", n)
    check_number("left", left)
    check_number("right", right)
    outcomes = {
        (state, 0): [(0.5, state - 1, left * (state == 1)), (0.5, state + 1, right * (state == n))]
        for state in range(1, n + 1)
    }
    P, R = tables(outcomes, n + 2, 1)
    ends = np.isin(np.arange(n + 2), (0, n + 1))
    layout = Layout(1, n + 2, "G" + "." * ((n - 1) // 2) + "S" + "." * (n // 2) + "G", "·")
    return TabularMDP(
        P, R, ends, start=(n + 1) // 2, name=f"random walk of {n} states", action_names=("walk",), layout=layout
    )


def short_corridor() -> TabularMDP:
    """Three cells and a goal, −1 a step; in the second, left and right are exchanged (S&B 2018, example 13.1).

    Who cannot tell the cells apart does best by chance: right with probability 2 − √2 is worth −(6 + 4√2).
    """
    follow = {(0, 0): 0, (0, 1): 1, (1, 0): 2, (1, 1): 0, (2, 0): 1, (2, 1): 3}
    P, R = tables({key: [(1.0, state, -1.0)] for key, state in follow.items()}, 4, 2)
    layout = Layout(1, 4, "S..G", "←→")
    return TabularMDP(P, R, [0, 0, 0, 1], start=0, name="short corridor", action_names=("left", "right"), layout=layout)


def gamblers_problem(heads: float = 0.4, goal: int = 100) -> TabularMDP:
    """Stake some of your capital on a coin, again and again, until you own the goal or nothing (S&B 2018, example 4.3).

    The state is the capital, action a stakes a + 1, never more than you own or than is missing. Reaching the goal pays
    1, so that with γ = 1 a value is the probability of getting there. An episode starts with any capital.

    Args:
        heads: Probability of winning a stake.
        goal: The capital to reach.
    """
    check_share("heads", heads)
    check_count("goal", goal, least=2)
    outcomes = {
        (capital, stake - 1): [
            (heads, capital + stake, float(capital + stake == goal)),
            (1 - heads, capital - stake, 0.0),
        ]
        for capital in range(1, goal)
        for stake in range(1, min(capital, goal - capital) + 1)
    }
    S, A = goal + 1, goal // 2
    P, R = tables(outcomes, S, A)
    allowed = np.zeros((S, A), bool)
    allowed[tuple(np.array(list(outcomes)).T)] = True
    capital = np.arange(S)
    ends = (capital == 0) | (capital == goal)
    return TabularMDP(
        P,
        R,
        ends,
        start=~ends / (~ends).sum(),
        allowed=allowed,
        name="gambler's problem",
        state_names=[f"capital {money}" for money in capital],
        action_names=[f"stake {action + 1}" for action in range(A)],
    )


def maximization_bias(actions: int = 10, mean: float = -0.1, std: float = 1.0) -> TabularMDP:
    """Left looks better than it is: the largest of many noisy guesses is too high (S&B 2018, example 6.7).

    From A (state 0, the start) right ends the episode unpaid, left leads to B (state 1). There every action ends it and
    pays a draw from a normal distribution, less than 0 on average: going left is a mistake.

    Args:
        actions: Number of actions in B.
        mean, std: Of what they pay.
    """
    check_count("actions", actions, least=2)
    check_not_negative("std", std)
    outcomes = {(0, 0): [(1.0, 1, 0.0)], (0, 1): [(1.0, 2, 0.0)]}
    outcomes |= {(1, action): [(1.0, 2, mean)] for action in range(actions)}
    P, R = tables(outcomes, 3, actions)
    allowed = np.ones((3, actions), bool)
    allowed[0, 2:] = False
    noise = np.zeros((3, actions))
    noise[1] = std
    return TabularMDP(
        P,
        R,
        [0, 0, 1],
        start=0,
        allowed=allowed,
        reward_std=noise,
        name="maximization bias",
        state_names=("A", "B", "end"),
    )
