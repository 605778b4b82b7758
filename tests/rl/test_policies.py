"""Policies against scipy's distributions, their sampling against its probabilities, and odd spaces."""

import gymnasium
import numpy as np
import pytest
import torch
from gymnasium.spaces import Box, Dict, Discrete, MultiDiscrete
from scipy import stats
from torch.distributions import Categorical, Normal, Poisson

from agentos_lab.rl.policies import (
    CategoricalPolicy,
    Features,
    GaussianPolicy,
    Policy,
    ValueFunction,
    make_policy,
    mlp,
    sample,
)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_samples_come_as_often_as_they_are_probable():
    probabilities = torch.tensor([0.1, 0.2, 0.7])
    drawn = sample(Categorical(probs=probabilities.expand(10_000, 3)), generator())
    assert (
        stats.chisquare(drawn.bincount(minlength=3), 10_000 * probabilities.double() / probabilities.sum()).pvalue
        > 1e-3
    )


def test_samples_of_a_gaussian_follow_it():
    drawn = sample(Normal(torch.full((5_000,), 2.0), 0.5), generator())
    assert stats.kstest(drawn.numpy(), stats.norm(2.0, 0.5).cdf).pvalue > 1e-3


def test_probabilities_that_are_no_numbers_are_explained():
    with pytest.raises(ValueError, match=r"no numbers any more: .* try a smaller lr"):
        CategoricalPolicy(4, 2).act(torch.full((3, 4), torch.nan), generator())


def test_other_distributions_are_refused():
    with pytest.raises(ValueError, match="a Categorical or a Normal, got Poisson"):
        sample(Poisson(torch.ones(1)))


@pytest.mark.parametrize("actions", [Discrete(3), Box(-1, 1, (2,))])
def test_the_same_seed_acts_alike_and_torch_s_own_chance_is_left_alone(actions):
    before = torch.get_rng_state()
    one, two = (make_policy(4, actions, generator=generator(1)) for _ in range(2))
    obs = torch.randn(6, 4, generator=generator())
    assert torch.equal(one.act(obs, generator(2)), two.act(obs, generator(2)))
    assert not torch.equal(one.act(obs, generator(2)), one.act(obs, generator(3)))
    assert torch.equal(torch.get_rng_state(), before)


def test_greedy_takes_the_likeliest_action():
    policy = CategoricalPolicy(4, 3, generator=generator())
    obs = torch.randn(5, 4, generator=generator())
    assert torch.equal(policy.act(obs, greedy=True), policy(obs).probs.argmax(-1))
    continuous = GaussianPolicy(4, 2, generator=generator())
    assert torch.equal(continuous.act(obs, greedy=True), continuous(obs).base_dist.mean)


def test_a_new_policy_is_almost_indifferent():
    obs = torch.randn(50, 4, generator=generator())
    assert (CategoricalPolicy(4, 3)(obs).probs - 1 / 3).abs().max() < 0.02


def test_a_gaussian_policy_has_scipy_s_density_in_the_units_of_the_environment():
    policy = GaussianPolicy(3, Box(np.float32([-2, 0]), np.float32([2, 10])), log_std=-0.5)
    obs = torch.randn(7, 3, generator=generator())
    distribution = policy(obs)
    action = policy.act(obs, generator())
    mean, spread = distribution.base_dist.mean.detach().numpy(), np.array([2.0, 5.0]) * np.exp(-0.5)
    assert np.allclose(mean, [0, 5], atol=0.5)  # about the middle between the bounds
    expected = stats.norm(mean, spread).logpdf(action.numpy()).sum(axis=1)
    np.testing.assert_allclose(distribution.log_prob(action).detach(), expected, rtol=1e-4)
    np.testing.assert_allclose(
        distribution.entropy().detach(), stats.norm(mean, spread).entropy().sum(axis=1), rtol=1e-4
    )


def test_actions_are_clipped_for_the_environment_only():
    policy = GaussianPolicy(3, Box(-1, 1, (1,)), log_std=3.0)
    action = policy.act(torch.zeros(100, 3), generator())
    assert action.abs().max() > 1
    assert policy.to_environment(action).abs().max() == 1
    free = GaussianPolicy(3, Box(-np.inf, np.inf, (1,)))
    assert torch.equal(free.to_environment(action), action)


def test_actions_are_counted_as_the_environment_counts_them():
    policy = CategoricalPolicy(2, Discrete(3, start=5))
    assert set(policy.to_environment(policy.act(torch.zeros(50, 2), generator())).tolist()) == {5, 6, 7}


def test_a_linear_policy_on_numbered_states_is_a_table():
    policy = CategoricalPolicy(Discrete(4, start=1), 2, hidden=())
    table = policy.network[0].weight  # (A, S)
    torch.testing.assert_close(policy(torch.tensor([1, 4])).probs, table.T[[0, 3]].softmax(-1))


def test_features_lay_boxes_in_a_row_and_keep_leading_axes():
    features = Features(Box(0, 255, (2, 3), dtype=np.uint8))
    assert features.size == 6
    assert features(torch.ones(4, 5, 2, 3, dtype=torch.uint8)).shape == (4, 5, 6)
    assert Features(Discrete(3))(torch.tensor([[0, 2]])).tolist() == [[[1, 0, 0], [0, 0, 1]]]
    assert ValueFunction(Box(0, 1, (2, 3)))(torch.zeros(4, 5, 2, 3)).shape == (4, 5)


def test_an_observation_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"observations must have shape \(…, 4\), got \(7, 3\)"):
        CategoricalPolicy(4, 2)(torch.zeros(7, 3))


@pytest.mark.parametrize("space", [Dict({"a": Discrete(2)}), MultiDiscrete([2, 3])])
def test_other_observation_spaces_are_refused_with_a_remedy(space):
    with pytest.raises(ValueError, match=r"observation space must be Box or Discrete, .*FlattenObservation"):
        Features(space)


@pytest.mark.parametrize("space", [MultiDiscrete([2, 3]), Box(-1, 1, (2, 2))])
def test_other_action_spaces_are_refused_with_a_remedy(space):
    with pytest.raises(ValueError, match=r"action space must be Discrete or a one-dimensional Box, got .*; wrap"):
        make_policy(4, space)


def test_each_policy_refuses_the_other_s_spaces():
    with pytest.raises(ValueError, match="actions must be a Discrete space or their number, got Box"):
        CategoricalPolicy(4, Box(-1, 1, (1,)))
    with pytest.raises(ValueError, match=r"actions must be a Box space or a number, got Discrete\(2\)"):
        GaussianPolicy(4, Discrete(2))


def test_an_observation_straight_from_an_environment_is_read():
    policy, obs = CategoricalPolicy(4, 2), np.array([0.1, 0.2, 0.3, 0.4], np.float32)
    assert torch.equal(policy(obs).probs, policy(torch.as_tensor(obs)).probs)


def test_an_mlp_starts_orthogonal_and_its_sizes_are_checked():
    first = mlp((8, 8, 2), generator=generator())[0]
    torch.testing.assert_close(first.weight @ first.weight.T, 2 * torch.eye(8))
    assert first.bias.tolist() == [0.0] * 8
    with pytest.raises(ValueError, match="sizes are the widths of the layers"):
        mlp((4,))


def test_a_policy_of_one_s_own_needs_forward_alone():
    class Always(Policy):
        def forward(self, obs):
            return Categorical(logits=torch.tensor([0.0, 50.0]).expand(*obs.shape[:-1], 2))

    assert Always().act(torch.zeros(3, 4), generator()).tolist() == [1, 1, 1]


@pytest.mark.parametrize("name", ["CartPole-v1", "Pendulum-v1", "Acrobot-v1", "FrozenLake-v1", "Blackjack-v1"])
def test_a_policy_fits_gymnasium_s_spaces_or_says_why_not(name):
    env = gymnasium.make(name)
    if name == "Blackjack-v1":
        with pytest.raises(ValueError, match="got Tuple"):
            make_policy(env.observation_space, env.action_space)
        return
    policy = make_policy(env.observation_space, env.action_space)
    obs = torch.as_tensor(np.array([env.observation_space.sample()]))
    assert env.action_space.contains(policy.to_environment(policy.act(obs, generator()))[0].numpy())
