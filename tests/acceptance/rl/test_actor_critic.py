"""Actor-critic learns: CartPole, bandits of both kinds of action, and values beyond a time limit."""

from __future__ import annotations

import pytest
import torch
from small_worlds import Bandit, Forever, Target

from agentos_lab.rl import evaluate
from agentos_lab.rl.actor_critic import ActorCritic, ActorCriticSettings, actor_critic


@pytest.mark.parametrize(("end", "value"), [("truncated", 10.0), ("terminated", 2.63)])
def test_the_critic_counts_what_a_time_limit_hides(end, value):
    """1 a step and γ = 0.9: worth 10 when only a time limit ends it; else 2.63, the mean of 1 to 5 steps to go."""
    settings = ActorCriticSettings(environments=2, rollout=10, lr=0.1, hidden=(), gamma=0.9, anneal=False)
    learner = ActorCritic(Forever(end), settings)
    for _ in range(150):
        learner.step()
    assert learner.value(torch.ones(1, 1)).item() == pytest.approx(value, rel=0.05)


def test_the_arm_that_pays_and_the_number_are_found():
    learned = actor_critic(Bandit(), total_steps=1_600, rollout=1, lr=0.1, hidden=(), progress=False)
    assert learned.policy(torch.tensor([0])).probs[0, 1] > 0.95
    few = {"environments": 32, "rollout": 1, "progress": False}
    learned = actor_critic(Target(), total_steps=6_400, lr=0.05, hidden=(8,), **few)
    assert abs(evaluate(learned.policy, Target(), episodes=1).mean) < 0.5


def test_cartpole_is_learned_to_a_multiple_of_its_first_return():
    learned = actor_critic("CartPole-v1", total_steps=40_000, seed=0, progress=False)
    assert learned.history[5].mean_return < 40
    assert evaluate(learned.policy, "CartPole-v1", episodes=20, seed=1).mean > 100
