"""Actor-critic: one step is what autograd makes of the written-out formula; and it learns."""

import copy

import pytest
import torch
from small_worlds import Bandit, Forever, Target

from agentos_lab.rl import collect, evaluate
from agentos_lab.rl.actor_critic import ActorCritic, ActorCriticSettings, actor_critic
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
