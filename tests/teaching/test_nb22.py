"""The checks of notebook 22: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.rl.exploration import epsilon_greedy_probabilities
from agentos_lab.teaching import check


def q_target(Q, reward, next_state, next_action, terminated, gamma):
    return reward + (not terminated) * gamma * max(Q[next_state])


def sarsa_target(Q, reward, next_state, next_action, terminated, gamma):
    return reward if terminated else reward + gamma * Q[next_state, next_action]


def chances(q, epsilon):
    return epsilon_greedy_probabilities(q[None], epsilon)[0]


def chances_of_others(q, epsilon):
    return np.where(q == q.max(), 1 - epsilon, epsilon / (len(q) - 1))


def chances_not_one(q, epsilon):
    return np.where(q == q.max(), 1 - epsilon, epsilon / len(q))


def double_target(chooses, judges, reward, next_state, terminated, gamma):
    best = int(np.argmax(chooses[next_state]))
    return reward + gamma * judges[next_state][best] * (1 - terminated)


def replay(Q, model, alpha, gamma):
    Q = np.array(Q)
    for (s, a), (reward, follow, terminated) in model.items():
        Q[s, a] = (1 - alpha) * Q[s, a] + alpha * (reward + gamma * Q[follow].max() * (not terminated))
    return Q


def replay_in_place(Q, model, alpha, gamma):
    Q[:] = replay(Q, model, alpha, gamma)
    return Q


def replay_from_old(Q, model, alpha, gamma):
    new = Q.copy()
    for (s, a), (reward, follow, terminated) in model.items():
        new[s, a] += alpha * (reward + gamma * Q[follow].max() * (not terminated) - Q[s, a])
    return new


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("target", -1 + 0.9 * 2),
        ("q_target", q_target),
        ("chances", chances),
        ("double_target", double_target),
        ("replay", replay),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"22.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("target", 3.5, "Q-learning"),
        ("target", 1, "discount"),
        ("target", 1.1, "mean"),
        ("target", 2, "too large"),
        ("q_target", sarsa_target, "still SARSA"),
        ("q_target", lambda Q, r, s, a, end, gamma: r + gamma * Q[s].max(), "terminal"),
        ("q_target", lambda Q, r, s, a, end, gamma: r if end else r + gamma * Q.max(), "whole table"),
        ("q_target", lambda Q, r, s, a, end, gamma: r if end else r + gamma * Q[s].argmax(), "needs its value"),
        ("chances", chances_of_others, "never explores the best"),
        ("chances", chances_not_one, "add up to 1"),
        ("chances", lambda q, epsilon: chances(q, 0.0), "exploring is missing"),
        ("double_target", lambda c, j, *rest: double_target(c, c, *rest), "also judges"),
        ("double_target", lambda c, j, *rest: double_target(j, j, *rest), "also chooses"),
        ("double_target", lambda c, j, *rest: double_target(j, c, *rest), "other way round"),
        ("replay", replay_from_old, "All updates see"),
        ("replay", replay_in_place, "Make a copy"),
        ("replay", lambda Q, model, alpha, gamma: replay(Q, model, 1.0, gamma), "whole way"),
        ("replay", lambda Q, model, alpha, gamma: replay(Q, model, alpha, 1.0), "discount"),
        ("target", 2.8, "it cost 1"),
        ("target", 1.8, "reward of the step"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"22.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
