"""REINFORCE learns: CartPole, a number, the short corridor's random policy, and a table near its optimum."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from small_worlds import Target
from torch.distributions import Categorical

from agentos_lab.rl import TabularMDP, evaluate, policy_evaluation, short_corridor
from agentos_lab.rl.policies import CategoricalPolicy, Policy
from agentos_lab.rl.policy_gradient import reinforce


def test_numbers_are_found_too():
    few = {"environments": 32, "value_epochs": 3, "hidden": (8,), "progress": False}
    learned = reinforce(Target(), total_steps=4_000, lr=0.05, **few)
    assert abs(evaluate(learned.policy, Target(), episodes=1).mean) < 0.5


def test_a_policy_on_a_table_comes_near_the_optimum():
    """Go right four times: with a reward of -1 a step, the optimum is worth -4 and chance about -20."""
    P = np.zeros((5, 2, 5))
    for s in range(4):
        P[s, 0, max(s - 1, 0)] = P[s, 1, s + 1] = 1
    P[4, :, 4] = 1
    mdp = TabularMDP(P, -np.ones((5, 2)), terminal=[0, 0, 0, 0, 1], start=0, limit=100)
    policy = CategoricalPolicy(mdp.observation_space, mdp.action_space, hidden=())
    before = policy(torch.arange(5)).probs.detach().numpy()
    learned = reinforce(mdp, policy=policy, total_steps=4_000, lr=0.2, gamma=1.0, value_epochs=3, progress=False)
    assert learned.policy is policy
    after = policy(torch.arange(5)).probs.detach().double().numpy()
    values = [policy_evaluation(mdp, p / p.sum(1, keepdims=True), gamma=1.0).values[0] for p in (before, after)]
    assert values[0] == pytest.approx(-20, abs=0.5) and values[1] > -4.5


def test_in_the_short_corridor_the_best_policy_is_a_random_one():
    """Sutton & Barto 2018, example 13.1: who cannot tell the states apart goes right with p* = 2 - √2, 0.59."""

    class Blind(Policy):
        def __init__(self):
            super().__init__()
            self.preference = torch.nn.Parameter(torch.zeros(2))

        def forward(self, obs):
            return Categorical(logits=self.preference.expand(*obs.shape, 2))

    few = {"environments": 64, "value_epochs": 3, "progress": False}
    learned = reinforce(short_corridor(), policy=Blind(), total_steps=20_000, lr=0.1, gamma=1.0, **few)
    p = learned.policy(torch.tensor(0)).probs[1].item()
    assert p == pytest.approx(2 - 2**0.5, abs=0.1)
    assert (2 * p - 4) / (p * (1 - p)) > -12.0  # the optimum is worth -(6 + 4 √2) = -11.66


def test_cartpole_is_learned_to_a_tenfold_return():
    learned = reinforce("CartPole-v1", total_steps=15_000, environments=8, seed=0, progress=False)
    assert learned.history[0].mean_return < 40
    assert evaluate(learned.policy, "CartPole-v1", episodes=20, seed=1).mean > 300
