"""Actor-critic: one step is what autograd makes of the written-out formula."""

import copy

import pytest
import torch

from agentos_lab.rl import collect
from agentos_lab.rl.actor_critic import ActorCritic, ActorCriticSettings
from agentos_lab.rl.collector import Collector


def test_one_update_is_the_formula_written_out():
    settings = ActorCriticSettings(environments=3, rollout=4, entropy=0.01, normalize=False, anneal=False, seed=2)
    learner = ActorCritic("CartPole-v1", settings)
    policy, value = copy.deepcopy(learner.policy), copy.deepcopy(learner.value)
    rollout = collect(Collector("CartPole-v1", 3, seed=2), policy, 4, generator=torch.Generator().manual_seed(2))
    learner.step()

    with torch.no_grad():
        now, then = value(rollout.obs), value(rollout.next_obs) * ~rollout.terminated
        delta = rollout.reward + settings.gamma * then - now
        advantage = torch.zeros_like(delta)
        for i in range(3):
            for t in range(4):
                weight = 1.0
                for later in range(t, 4):
                    advantage[t, i] += weight * delta[later, i]
                    weight *= settings.gamma * settings.lam * float(~rollout.done[later, i])
    log_prob = torch.nn.functional.log_softmax(policy.network(rollout.obs), -1)
    chosen = log_prob.gather(-1, rollout.action[..., None])[..., 0]
    entropy = -(log_prob.exp() * log_prob).sum(-1).mean()
    loss = -(chosen * advantage).mean() - 0.01 * entropy + (value(rollout.obs) - advantage - now).square().mean()
    loss.backward()
    assert learner.records[0].loss == pytest.approx(loss.item(), rel=1e-5)
    assert learner.records[0].entropy == pytest.approx(entropy.item(), rel=1e-5)
    for module, theirs in ((policy, learner.policy), (value, learner.value)):
        torch.nn.utils.clip_grad_norm_(module.parameters(), settings.max_grad_norm)
        torch.optim.Adam(module.parameters(), lr=settings.lr, eps=1e-5).step()
        for one, other in zip(module.parameters(), theirs.parameters(), strict=True):
            torch.testing.assert_close(one, other, atol=2e-6, rtol=1e-4)
