"""The objective: on a task small enough to list all responses, the surrogate's gradient is the true one."""

import pytest
import torch
from talking_policies import Expert, Guess, Table
from torch.distributions import Categorical, kl_divergence

from agentos_lab.rl.dialogue import Prompt, gather_dialogues
from agentos_lab.rl.dialogue_objective import (
    TokenScores,
    dialogue_advantage,
    dialogue_loss,
    score_tokens,
    token_logits,
)
from agentos_lab.rl.dialogue_sampling import sample_dialogues
from agentos_lab.rl.imitation import demonstrate
from agentos_lab.rl.tool_call_task import ToolCallTask

TASK = Guess()
ALL = gather_dialogues([Prompt((0,))] * 9, TASK.responses, [(True, True)] * 9)  # one of each
WORTH = torch.tensor(TASK.worth, dtype=torch.float64)


def log_probabilities(policy):
    return torch.stack([policy.log_prob((0,), response) for response in TASK.responses])


def objective(policy, reference, beta):
    """J = E[R] − β KL(π ‖ reference), by listing all nine responses."""
    log_prob = log_probabilities(policy)
    log_ratio = log_prob - log_probabilities(reference).detach()
    return (log_prob.exp() * (WORTH - beta * log_ratio)).sum()


def expected_step(policy, reference, beta, kind):
    """The expected gradient of the loss of one group: every group of responses, each as often as it is drawn.

    A group of one for ``"none"``, of two for the others.
    """
    with torch.no_grad():
        probability = log_probabilities(policy).exp()
    size = 1 if kind == "none" else 2
    total = torch.zeros_like(policy.scores)
    for group in torch.cartesian_prod(*[torch.arange(9)] * size).view(-1, size):
        dialogues = gather_dialogues(
            [Prompt((0,))] * size, [TASK.responses[i] for i in group.tolist()], [(True, True)] * size
        )
        scores = score_tokens(policy, dialogues, token_logits(reference, dialogues).detach())
        divergence = scores.divergence.detach().sum(dim=1)[None]
        advantage = dialogue_advantage(WORTH[group][None], divergence, kind, beta)[0]
        loss = dialogue_loss(scores, scores.log_prob.detach(), advantage, beta=beta).loss
        total -= probability[group].prod() * torch.autograd.grad(loss, policy.scores)[0]
    return total


@pytest.mark.parametrize("beta", [0.0, 0.7])
@pytest.mark.parametrize(("kind", "share"), [("none", 1.0), ("rloo", 1.0)])
def test_the_expected_gradient_is_the_exact_policy_gradient(kind, share, beta):
    policy, reference = Table(0), Table(1)
    (exact,) = torch.autograd.grad(objective(policy, reference, beta), policy.scores)
    assert exact.abs().max() > 0.05
    torch.testing.assert_close(expected_step(policy, reference, beta, kind), exact, atol=1e-6, rtol=1e-5)


def test_the_groups_own_mean_shrinks_the_gradient_to_a_half_for_two():
    policy = Table(0)
    (exact,) = torch.autograd.grad(objective(policy, policy, 0.0), policy.scores)
    torch.testing.assert_close(expected_step(policy, policy, 0.0, "mean"), exact / 2, atol=1e-6, rtol=1e-5)


def test_at_the_optimum_that_theory_gives_nothing_moves():
    reference, best, beta = Table(1), Table(1), 0.7
    with torch.no_grad():  # π* ∝ reference · exp(R / β), token by token
        joint = (log_probabilities(reference) + WORTH / beta).view(3, 3)
        best.scores[0, 0] = joint.logsumexp(dim=1)
        best.scores[1] = joint
        value = beta * joint.logsumexp(dim=(0, 1))
        torch.testing.assert_close(objective(best, reference, beta), value)
    assert expected_step(best, reference, beta, "rloo").abs().max() < 1e-6
    assert expected_step(reference, reference, beta, "rloo").abs().max() > 0.01


def test_divergence_and_entropy_of_each_token_are_torchs():
    policy, reference = Table(0), Table(1)
    with torch.no_grad():
        scores = score_tokens(policy, ALL, token_logits(reference, ALL))
    for row, (first, _) in enumerate(TASK.responses):
        for column, last in enumerate((0, first)):
            ours, theirs = (Categorical(logits=each.scores[column, last].detach()) for each in (policy, reference))
            assert scores.divergence[row, column] == pytest.approx(float(kl_divergence(ours, theirs)))
            assert scores.entropy[row, column] == pytest.approx(float(ours.entropy()))


def test_the_mean_divergence_of_samples_is_the_divergence_of_whole_responses():
    policy, reference = Table(0), Table(1)
    log_prob = log_probabilities(policy).detach()
    by_hand = float((log_prob.exp() * (log_prob - log_probabilities(reference).detach())).sum())
    per_response = score_tokens(policy, ALL, token_logits(reference, ALL)).divergence.detach().sum(dim=1)
    assert float((log_prob.exp() * per_response).sum()) == pytest.approx(by_hand)


class Recited(torch.nn.Module):
    """Scores that do not look at the tokens, so that each position's gradient can be told apart."""

    def __init__(self, like, size):
        super().__init__()
        self.scores = torch.nn.Parameter(torch.randn(*like.shape, size, generator=torch.Generator().manual_seed(0)))

    def forward(self, tokens):
        return self.scores


def test_what_the_policy_did_not_write_gives_no_gradient():
    task, chance = ToolCallTask(turns=2), torch.Generator().manual_seed(0)
    dialogues = demonstrate(task, [task.sample(chance) for _ in range(4)], chance)
    policy = Recited(dialogues.tokens, 25)
    reference_logits = torch.randn(4, dialogues.tokens.shape[1] - 1, 25, generator=chance)
    scores = score_tokens(policy, dialogues, reference_logits)
    dialogue_loss(scores, scores.log_prob.detach(), torch.tensor([1.0, -1.0, 2.0, 0.5]), beta=0.1).loss.backward()
    moved = policy.scores.grad.abs().sum(dim=-1) > 0  # (B, T); column t is about token t + 1
    assert torch.equal(moved[:, :-1], dialogues.own[:, 1:]) and not moved[:, -1].any()
    assert 0 < int(dialogues.own.sum()) < dialogues.own.numel() / 2


def test_fresh_advantages_that_sum_to_zero_make_a_loss_of_zero_with_a_gradient():
    policy = Table(0)
    scores = score_tokens(policy, ALL.first(2))
    parts = dialogue_loss(scores, scores.log_prob.detach(), torch.tensor([1.0, -1.0]))
    assert abs(parts.policy_loss.item()) < 1e-6 and parts.clip_fraction == 0.0
    assert torch.autograd.grad(parts.loss, policy.scores)[0].abs().max() > 0.01


@pytest.mark.parametrize(
    ("ratio", "advantage", "moves"), [(1.5, 1.0, False), (0.5, 1.0, True), (1.5, -1.0, True), (0.5, -1.0, False)]
)
def test_clipping_stops_a_token_that_has_gone_far_enough_its_way_and_no_other(ratio, advantage, moves):
    log_prob = torch.tensor([[-1.0]], requires_grad=True)
    nothing = torch.zeros(1, 1)
    old = torch.tensor([[-1.0]]) - torch.tensor(ratio).log()
    scores = TokenScores(torch.tensor([[True]]), log_prob, nothing, nothing)
    parts = dialogue_loss(scores, old, torch.tensor([advantage]), clip=0.2)
    assert parts.clip_fraction == 1.0
    (gradient,) = torch.autograd.grad(parts.loss, log_prob)
    assert bool(gradient) == moves


def test_divergence_is_charged_once_and_never_divided_by_a_deviation():
    reward, divergence = torch.tensor([[1.0, 1.0, 1.0]]), torch.tensor([[0.0, 0.1, 0.2]])
    for kind in ("rloo", "grpo"):  # all equally right: only what it cost makes a difference
        charged = dialogue_advantage(reward, divergence, kind, beta=0.5)
        torch.testing.assert_close(charged, torch.tensor([[0.075, 0.0, -0.075]]))
    assert dialogue_advantage(reward, divergence, "grpo", beta=0.0).tolist() == [[0.0, 0.0, 0.0]]


def test_an_expert_is_hardly_surprised_by_right_answers():
    task, chance = ToolCallTask(turns=2), torch.Generator().manual_seed(0)
    prompts = [task.sample(chance) for _ in range(3)]
    right = demonstrate(task, prompts, chance)
    assert score_tokens(Expert(task), right).log_prob.abs().max() < 1e-6
    spoken = sample_dialogues(Expert(task), task, prompts, greedy=True)
    assert torch.equal(spoken.tokens, right.tokens) and torch.equal(spoken.own, right.own)
