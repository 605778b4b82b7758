"""PPO learns: CartPole, bandits of both kinds of action, and values beyond a time limit."""

from __future__ import annotations

import pytest
import torch
from small_worlds import Bandit, Forever, Target

from agentos_lab.rl import evaluate
from agentos_lab.rl.ppo import PPO, PPOSettings, ppo


@pytest.mark.parametrize(("end", "value"), [("truncated", 10.0), ("terminated", 2.63)])
def test_the_value_counts_what_a_time_limit_hides(end, value):
    """1 a step and γ = 0.9: worth 10 when only a time limit ends it; else 2.63, the mean of 1 to 5 steps to go."""
    few = {"environments": 2, "rollout": 10, "minibatches": 1, "hidden": ()}
    learner = PPO(Forever(end), PPOSettings(lr=0.1, gamma=0.9, anneal=False, **few))
    for _ in range(40):
        learner.step()
    assert learner.value(torch.ones(1, 1)).item() == pytest.approx(value, rel=0.05)


def test_the_arm_that_pays_and_the_number_are_found():
    few = {"environments": 16, "rollout": 4, "minibatches": 1, "progress": False}
    learned = ppo(Bandit(), total_steps=640, lr=0.1, hidden=(), **few)
    assert learned.policy(torch.tensor([0])).probs[0, 1] > 0.95
    learned = ppo(Target(), total_steps=2_560, lr=0.03, hidden=(8,), **few)
    assert abs(evaluate(learned.policy, Target(), episodes=1).mean) < 0.5


def test_cartpole_is_balanced_within_seconds():
    learned = ppo("CartPole-v1", total_steps=25_000, anneal=False, seed=0, progress=False)
    assert learned.history[0].mean_return < 40
    assert evaluate(learned.policy, "CartPole-v1", episodes=20, seed=1).mean > 300
