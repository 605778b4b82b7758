"""Blackjack is worth what Gymnasium's hands bring."""

from __future__ import annotations

import gymnasium
import numpy as np
import pytest

from agentos_lab.rl import (
    blackjack,
    policy_evaluation,
    value_iteration,
)


@pytest.mark.parametrize("policy", ["best", "stick from 20"])
def test_blackjack_is_worth_what_gymnasiums_hands_bring(policy):
    """10,000 hands of gymnasium's Blackjack-v1, played by the same policy."""
    mdp = blackjack()
    chosen = value_iteration(mdp, 1.0).policy.copy()
    if policy != "best":
        totals = 21 - np.arange(200) // 10 % 10
        chosen[:200] = totals < 20
    exact = policy_evaluation(mdp, chosen, 1.0).start_value
    env = gymnasium.make("Blackjack-v1").unwrapped
    env.reset(seed=0)
    paid = []
    for _ in range(10_000):
        (total, shown, usable), _ = env.reset()
        ended = False
        while not ended:
            hit = total < 12 or chosen[100 * (not usable) + 10 * (21 - total) + shown - 1] == 1
            (total, shown, usable), reward, ended, _, _ = env.step(int(hit))
        paid.append(reward)
    assert np.mean(paid) == pytest.approx(exact, abs=4 * np.std(paid) / len(paid) ** 0.5)
