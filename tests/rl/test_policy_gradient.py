"""The policy gradient theorem checked exactly, on all episodes of a small world; and REINFORCE."""

import itertools

import numpy as np
import pytest
import torch
from small_worlds import Bandit, Forever

from agentos_lab.rl.policy_gradient import Reinforce, ReinforceSettings, policy_gradient_loss, reinforce
from agentos_lab.rl.returns import discounted_return

GAMMA, HORIZON = 0.9, 3


def every_episode():
    """States, actions, rewards and probability (as a function of a table of logits) of all episodes of 3 steps."""
    generator = np.random.default_rng(0)
    P, R = generator.dirichlet(np.ones(2), size=(2, 2)), generator.normal(size=(2, 2))
    for states in itertools.product(range(2), repeat=HORIZON + 1):
        for actions in itertools.product(range(2), repeat=HORIZON):
            if states[0] == 0:
                moves = list(zip(states[:-1], actions, states[1:], strict=True))
                nature = np.prod([P[s, a, then] for s, a, then in moves])
                yield torch.tensor(states[:-1]), torch.tensor(actions), np.array([R[s, a] for s, a, _ in moves]), nature


def expected(logits, weigh):
    """E[Σ log π(a|s) · weight], each episode weighted by its probability, held fixed."""
    total = torch.zeros((), dtype=torch.float64)
    for states, actions, rewards, nature in every_episode():
        log_prob = logits.log_softmax(-1)[states, actions]
        probability = nature * float(log_prob.detach().sum().exp())
        total = total - probability * HORIZON * policy_gradient_loss(log_prob, weigh(states, rewards))
    return total


def objective(logits):
    """J = E[Σ γᵗ r]."""
    return sum(
        nature * float(logits.log_softmax(-1)[s, a].sum().exp()) * float(rewards @ GAMMA ** np.arange(HORIZON))
        for s, a, rewards, nature in every_episode()
    )


def reward_to_go(states, rewards):
    returns = discounted_return(rewards, np.zeros(HORIZON), GAMMA) * GAMMA ** np.arange(HORIZON)
    return torch.from_numpy(returns)


def whole_return(states, rewards):
    return reward_to_go(states, rewards)[:1].expand(HORIZON)


def with_baseline(states, rewards):
    return reward_to_go(states, rewards) - torch.tensor([3.0, -7.0], dtype=torch.float64)[states]


@pytest.mark.parametrize("weigh", [reward_to_go, whole_return, with_baseline])
def test_the_expected_estimate_is_the_gradient_of_the_expected_return(weigh):
    logits = torch.tensor([[0.3, -0.2], [0.1, 0.5]], dtype=torch.float64, requires_grad=True)
    (estimate,) = torch.autograd.grad(expected(logits, weigh), logits)
    exact, step = torch.zeros_like(estimate), 1e-5
    for place in np.ndindex(2, 2):
        moved = [logits.detach().clone() for _ in range(2)]
        moved[0][place] += step
        moved[1][place] -= step
        exact[place] = (objective(moved[0]) - objective(moved[1])) / (2 * step)
    torch.testing.assert_close(estimate, exact, atol=1e-8, rtol=1e-6)


def test_the_loss_refuses_shapes_that_would_be_stretched():
    with pytest.raises(ValueError, match=r"one shape, got \(3,\) and \(3, 1\)"):
        policy_gradient_loss(torch.zeros(3), torch.zeros(3, 1))
    with pytest.raises(ValueError, match="log_prob must be a tensor, got list"):
        policy_gradient_loss([0.0], torch.zeros(1))
    with pytest.raises(ValueError, match="weight must hold finite numbers"):
        policy_gradient_loss(torch.zeros(2), torch.tensor([1.0, torch.nan]))


def test_no_gradient_flows_through_the_weight():
    weight = torch.ones(2, requires_grad=True)
    log_prob = torch.zeros(2, requires_grad=True)
    policy_gradient_loss(log_prob, weight).backward()
    assert weight.grad is None and log_prob.grad.tolist() == [-0.5, -0.5]


@pytest.mark.parametrize("baseline", [True, False])
@pytest.mark.parametrize("reward_to_go", [True, False])
def test_every_kind_finds_the_arm_that_pays(baseline, reward_to_go):
    learned = reinforce(
        Bandit(), total_steps=600, baseline=baseline, reward_to_go=reward_to_go, hidden=(), lr=0.1, progress=False
    )
    assert learned.policy(torch.tensor([0])).probs[0, 1] > 0.95
    assert (learned.value is not None) == baseline


@pytest.mark.parametrize(("end", "value"), [("truncated", 10.0), ("terminated", 2.63)])
def test_the_baseline_counts_what_a_time_limit_hides(end, value):
    """1 a step and γ = 0.9: worth 10 when only a time limit ends it; else 2.63, the mean of 1 to 5 steps to go."""
    learner = Reinforce(Forever(end), ReinforceSettings(environments=2, lr=0.1, hidden=(), value_epochs=20, gamma=0.9))
    for _ in range(15):
        learner.step()
    assert learner.value(torch.ones(1, 1)).item() == pytest.approx(value, rel=0.02)
