"""PPO: its clipped objective case by case, and its bookkeeping against recomputation."""

import gymnasium
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl.policy_gradient import policy_gradient_loss
from agentos_lab.rl.ppo import PPO, PPOSettings, clipped_loss, ppo


@given(st.floats(0.01, 5), st.floats(-3, 3), st.floats(0.05, 0.5))
def test_the_clipped_loss_is_pessimistic_and_flat_beyond_its_range(ratio, advantage, clip):
    r = torch.tensor([ratio], dtype=torch.float64, requires_grad=True)
    loss, clipped = clipped_loss(r, torch.tensor([advantage], dtype=torch.float64), clip)
    loss.backward()
    bounded = min(max(ratio, 1 - clip), 1 + clip)
    assert -loss.item() == pytest.approx(min(ratio * advantage, bounded * advantage))
    right_way = (advantage > 0 and ratio > 1 + clip) or (advantage < 0 and ratio < 1 - clip)
    assert r.grad.item() == pytest.approx(0.0 if right_way else -advantage)
    assert clipped.item() == (abs(ratio - 1) > clip)


def test_the_clipped_loss_refuses_what_would_be_wrong_without_a_word():
    with pytest.raises(ValueError, match=r"ratio and advantage must have one shape, got \(3,\) and \(3, 1\)"):
        clipped_loss(torch.ones(3), torch.ones(3, 1), 0.2)
    with pytest.raises(ValueError, match="clip must be positive, got -1"):
        clipped_loss(torch.ones(3), torch.ones(3), -1)


def test_at_the_old_policy_its_gradient_is_the_policy_gradient():
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 3, generator=generator, requires_grad=True)
    advantage, action = torch.randn(6, generator=generator), torch.tensor([0, 1, 2, 0, 1, 2])
    log_prob = logits.log_softmax(-1).gather(1, action[:, None])[:, 0]
    (ours,) = torch.autograd.grad(
        clipped_loss((log_prob - log_prob.detach()).exp(), advantage, 0.2)[0], logits, retain_graph=True
    )
    (plain,) = torch.autograd.grad(policy_gradient_loss(log_prob, advantage), logits)
    torch.testing.assert_close(ours, plain)


def test_the_recorded_kl_is_that_from_the_old_policy_to_the_new():
    learner = PPO("CartPole-v1", PPOSettings(environments=4, rollout=8, minibatches=2, seed=1))
    kept = {}
    collect = learner.collect

    def watched(steps):
        kept["rollout"] = collect(steps)
        kept["old"] = learner.policy(kept["rollout"].obs).probs.detach()
        return kept["rollout"]

    learner.collect = watched
    record = learner.step()
    new = learner.policy(kept["rollout"].obs).probs.detach()
    assert record.kl == pytest.approx(float((kept["old"] * (kept["old"] / new).log()).sum(-1).mean()), rel=1e-3)
    assert record.kl > 0 and record.steps == 32


def test_max_kl_ends_an_update_early():
    free, held = (
        PPO("CartPole-v1", PPOSettings(environments=4, rollout=32, epochs=40, lr=1e-2, max_kl=limit)).step()
        for limit in (None, 0.01)
    )
    assert 0.01 < held.kl < 0.02 < free.kl


def test_steps_are_whole_updates_and_never_more_than_asked_for():
    batch = PPOSettings().batch
    history = ppo("CartPole-v1", total_steps=2 * batch + 1, progress=False, epochs=1).history
    assert [update.steps for update in history] == [batch, 2 * batch]
    assert len(ppo("CartPole-v1", total_steps=1, progress=False, epochs=1).history) == 1  # but one is made


def test_the_learning_rate_falls_to_nothing_in_a_straight_line_unless_told_otherwise():
    few = {"total_steps": 256, "environments": 2, "rollout": 32, "epochs": 1, "progress": False}
    rates = [update.lr for update in ppo("CartPole-v1", lr=4e-3, **few).history]
    assert rates == pytest.approx([4e-3, 3e-3, 2e-3, 1e-3])
    assert {update.lr for update in ppo("CartPole-v1", lr=4e-3, anneal=False, **few).history} == {4e-3}


def test_an_action_space_of_another_kind_is_refused_with_a_remedy():
    class Many(gymnasium.Env):
        observation_space, action_space = gymnasium.spaces.Box(-1, 1, (2,)), gymnasium.spaces.MultiDiscrete([2, 2])

        def reset(self, seed=None, options=None):
            return self.observation_space.sample(), {}

    with pytest.raises(ValueError, match=r"action space must be .*Discrete.*MultiDiscrete.*; wrap"):
        ppo(Many(), total_steps=10)
    with pytest.raises(ValueError, match="gamma must lie between 0 and 1"):
        ppo("CartPole-v1", total_steps=10, gamma=99)
