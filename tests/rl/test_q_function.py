"""Q functions and the policy that they suggest: tables, dueling heads, ε."""

import pytest
import torch
from gymnasium.spaces import Box, Discrete
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.rl.policies import mlp
from agentos_lab.rl.q_function import EpsilonGreedyPolicy, QFunction, relu_mlp


class Table(torch.nn.Module):
    def forward(self, obs):
        return torch.tensor([[0.0, 2.0, 1.0], [5.0, -1.0, -1.0]])[obs]


def test_without_hidden_layers_it_is_a_table():
    q = QFunction(Discrete(4), Discrete(3), hidden=())
    table = q.network[0].weight.T + q.network[0].bias
    torch.testing.assert_close(q(torch.arange(4)), table)
    assert q(torch.zeros(2, 5, dtype=torch.int64)).shape == (2, 5, 3)


@given(st.integers(0, 99))
def test_dueling_is_value_plus_centred_advantage(seed):
    q = QFunction(3, 4, (8,), dueling=True, generator=torch.Generator().manual_seed(seed))
    obs = torch.randn(6, 3, generator=torch.Generator().manual_seed(seed))
    value, advantage = q.network(obs).split([1, 4], dim=-1)
    values = q(obs)
    torch.testing.assert_close(values.mean(-1), value[:, 0])  # the advantages' mean is 0
    torch.testing.assert_close(values.diff(dim=-1), advantage.diff(dim=-1))


def test_the_same_generator_gives_the_same_network_and_another_seed_another():
    one, same, other = (QFunction(2, 2, (4,), generator=torch.Generator().manual_seed(s)) for s in (3, 3, 4))
    obs = torch.ones(1, 2)
    assert torch.equal(one(obs), same(obs)) and not torch.equal(one(obs), other(obs))


@given(st.floats(0, 1))
def test_the_best_action_has_what_epsilon_leaves(epsilon):
    policy = EpsilonGreedyPolicy(Table(), epsilon=epsilon)
    rest = epsilon / 3
    expected = torch.tensor([[rest, 1 - 2 * rest, rest], [1 - 2 * rest, rest, rest]])
    torch.testing.assert_close(policy(torch.arange(2)).probs, expected, atol=1e-6, rtol=0)
    assert policy.act(torch.arange(2), greedy=True).tolist() == [1, 0]  # even when every action is as likely


def test_it_samples_as_often_as_it_says():
    policy = EpsilonGreedyPolicy(Table(), epsilon=0.3)
    drawn = policy.act(torch.zeros(20_000, dtype=torch.int64), torch.Generator().manual_seed(0))
    shares = torch.bincount(drawn, minlength=3) / 20_000
    torch.testing.assert_close(shares, torch.tensor([0.1, 0.8, 0.1]), atol=0.015, rtol=0)  # 5 standard deviations


def test_continuous_actions_are_refused_with_a_remedy():
    with pytest.raises(ValueError, match=r"action space must be Discrete, got Box.*Use `ppo`"):
        QFunction(3, Box(-1, 1, (1,)))


@pytest.mark.parametrize("seed", range(5))
def test_a_new_network_bends_already_on_small_inputs(seed):
    x = torch.linspace(-0.5, 0.5, 101)[:, None]

    def bent(network):
        """Share of the variance that no straight line accounts for."""
        values, line = network(x)[:, :1].detach(), torch.cat([x, torch.ones_like(x)], dim=1)
        return ((values - line @ torch.linalg.lstsq(line, values).solution).var() / values.var()).item()

    q, policy = (make((1, 128, 1), generator=torch.Generator().manual_seed(seed)) for make in (relu_mlp, mlp))
    assert bent(q) > 0.003 > 5 * bent(policy)
