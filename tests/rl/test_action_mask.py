import numpy as np
import pytest
import torch
from gymnasium.spaces import Box, Discrete

from agentos_lab.rl import (
    CategoricalPolicy,
    EpsilonGreedyPolicy,
    QFunction,
    TabularMDP,
    TabularVector,
    cliff_walking,
    collect,
    gamblers_problem,
    ppo,
)
from agentos_lab.rl.action_mask import ActionMask, allowed_actions

ALLOWED = torch.tensor([[True, False, True], [True, True, True], [False, True, False]])
STATES = torch.tensor([[0, 1], [2, 2]])


def fork(limit=20):
    """Three doors in each of two rooms, one of them walled up; only one pays, and not always the same."""
    P = np.zeros((3, 3, 3))
    P[0, :, 1] = P[1:, :, 2] = 1.0
    R = [[0.0, 9.0, 1.0], [1.0, 0.0, 9.0], [0.0, 0.0, 0.0]]
    allowed = [[True, False, True], [True, True, False], [True, True, True]]
    return TabularMDP(P, R, [False, False, True], 0, limit=limit, allowed=allowed, name="fork")


@pytest.mark.parametrize("hidden", [(), (8,)])
def test_forbidden_actions_have_no_probability_and_the_others_keep_their_odds(hidden):
    free = CategoricalPolicy(Discrete(3), 3, hidden)
    bound = CategoricalPolicy(Discrete(3), 3, hidden, allowed=ALLOWED)
    with torch.no_grad():
        for parameter in [*free.parameters()]:
            parameter.normal_(generator=torch.Generator().manual_seed(1))
        bound.load_state_dict(free.state_dict())  # the mask is no parameter
        share = free(STATES).probs * ALLOWED[STATES]
        torch.testing.assert_close(bound(STATES).probs, share / share.sum(-1, keepdim=True))
        assert (bound(STATES).probs == 0).equal(~ALLOWED[STATES])
        torch.testing.assert_close(
            bound(STATES[0]).log_prob(torch.tensor([2, 1])).exp(), bound(STATES[0]).probs[[0, 1], [2, 1]]
        )
        assert bound.act(STATES, greedy=True)[1].tolist() == [1, 1]


def test_no_gradient_flows_to_what_is_forbidden_and_none_is_nan():
    policy = CategoricalPolicy(Discrete(3), 3, (), allowed=ALLOWED)
    distribution = policy(torch.tensor([0, 2]))
    (distribution.log_prob(torch.tensor([0, 1])) + distribution.entropy()).sum().backward()
    gradient = policy.network[0].weight.grad  # (A, S)
    assert gradient.isfinite().all()
    assert gradient[1, 0] == 0 and gradient[0, 0] != 0 and gradient[:, 2].tolist() == [0, 0, 0]


@pytest.mark.parametrize("dueling", [False, True])
def test_a_forbidden_action_is_worth_minus_infinity_and_is_not_explored(dueling):
    q = QFunction(Discrete(3), 3, (), dueling, allowed=ALLOWED)
    assert (q(STATES) == -torch.inf).equal(~ALLOWED[STATES])
    probabilities = EpsilonGreedyPolicy(q, 0.5)(STATES).probs
    assert (probabilities == 0).equal(~ALLOWED[STATES])
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(2, 2))
    torch.testing.assert_close(probabilities[0, 0].sort().values, torch.tensor([0.0, 0.25, 0.75]))


def test_a_gambler_stakes_only_what_he_has():
    game = gamblers_problem(goal=10)
    policy = CategoricalPolicy(game.observation_space, game.action_space, allowed=game.allowed)
    rollout = collect(game, policy, steps=200, n=8)
    stakes = rollout.action + 1
    assert (stakes <= torch.minimum(rollout.obs, 10 - rollout.obs)).all()
    assert rollout.log_prob.isfinite().all()


def test_a_policy_without_a_mask_is_refused_by_the_environment():
    with pytest.raises(ValueError, match="has no action 1; it has 0, 2"):
        ppo(fork(), policy=CategoricalPolicy(Discrete(3), 3), total_steps=512, progress=False)


def test_where_all_is_allowed_there_is_no_mask():
    assert allowed_actions(TabularVector(cliff_walking(), 2)) is None
    assert allowed_actions(TabularVector(fork(), 2)).tolist() == fork().allowed.tolist()
    assert CategoricalPolicy(Discrete(3), 3).mask is None


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: CategoricalPolicy(Box(0, 1, (2,)), 3, allowed=ALLOWED), "observations must be Discrete"),
        (lambda: CategoricalPolicy(Discrete(4), 3, allowed=ALLOWED), r"allowed must hold \(4, 3\) truth values"),
        (lambda: ActionMask([[True, True], [False, False]], 2, 2), "allowed leaves state 1 no action"),
    ],
)
def test_masks_that_do_not_fit_are_refused(make, message):
    with pytest.raises(ValueError, match=message):
        make()


def test_states_may_be_counted_from_another_number():
    mask = ActionMask([[True, False], [True, True]], 2, 2, start=5)
    assert mask(torch.zeros(2, 2), torch.tensor([5, 6])).tolist() == [[0.0, -torch.inf], [0.0, 0.0]]
