"""Learning to talk, to the end: the best response is found, or the optimum that a price on divergence leaves."""

from __future__ import annotations

import pytest
import torch
from small_dialogues import SMALL, TASK, learn, probability_of_best
from talking_policies import Table

from agentos_lab.rl.dialogue_learning import reinforce_dialogue


@pytest.mark.parametrize("advantage", ["none", "mean", "rloo", "grpo"])
def test_every_kind_of_advantage_finds_the_best_response(advantage):
    start = Table(0)
    learned = learn(start, advantage=advantage, total_steps=32 * 45)
    assert probability_of_best(start) < 0.2 and probability_of_best(learned.policy) > 0.9
    assert learned.history[-1].mean_return > 1.8 > 0.9 > learned.history[0].mean_return


def test_a_price_on_divergence_leads_to_the_optimum_that_theory_gives():
    start, beta = Table(0), 1.0
    learned = learn(start, advantage="rloo", beta=beta, samples=32, lr=0.03, total_steps=128 * 100)
    with torch.no_grad():
        log_prob = torch.stack([start.log_prob((0,), response) for response in TASK.responses])
        best = (log_prob + torch.tensor(TASK.worth) / beta).softmax(0)  # π* ∝ reference · exp(R / β)
        found = torch.stack([learned.policy.log_prob((0,), response) for response in TASK.responses]).exp()
    assert (found - best).abs().max() < 0.06 < (log_prob.exp() - best).abs().max()


def test_the_reward_that_is_trained_for_need_not_be_the_tasks():
    def twos(prompt, response):
        return response.count(2) / 2

    learned = reinforce_dialogue(Table(0), TASK, reward=twos, progress=False, **{**SMALL, "total_steps": 32 * 60})
    last = learned.history[-1]
    assert last.mean_return > 0.95 and abs(last.success - TASK.worth[-1]) < 0.2
    assert "reward 0." in str(learned.history[0]) and "success" in str(learned.history[0])
