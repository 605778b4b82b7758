"""Divergences of next-token distributions, against torch's own and against each other."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch.distributions import Categorical
from torch.distributions import kl_divergence as torch_kl

from agentos_lab.rl.divergence import entropy, kl_divergence, kl_k3


def scores(seed, *shape):
    return 3 * torch.randn(*shape, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.integers(2, 40))
def test_the_divergence_is_torchs_and_never_negative(seed, size):
    ours, theirs = scores(seed, 5, size), scores(seed + 1, 5, size)
    found = kl_divergence(ours, theirs)
    torch.testing.assert_close(found, torch_kl(Categorical(logits=ours), Categorical(logits=theirs)))
    assert found.min() >= 0
    assert kl_divergence(ours, ours + 7.0).abs().max() < 1e-12  # the same distribution


def test_the_divergence_of_two_coins_by_hand():
    fair, loaded = torch.zeros(2), torch.tensor([0.8, 0.2]).log()
    by_hand = 0.5 * torch.tensor(0.5 / 0.8).log() + 0.5 * torch.tensor(0.5 / 0.2).log()
    torch.testing.assert_close(kl_divergence(fair, loaded), by_hand)


def test_the_entropy_is_torchs():
    logits = scores(0, 4, 3, 9)
    torch.testing.assert_close(entropy(logits), Categorical(logits=logits).entropy())


def test_k3_estimates_the_divergence_without_bias():
    ours, theirs = scores(1, 12).log_softmax(-1), scores(2, 12).log_softmax(-1)
    estimates = kl_k3(ours, theirs)  # of every token that could be drawn
    assert estimates.min() >= 0
    torch.testing.assert_close((ours.exp() * estimates).sum(), kl_divergence(ours, theirs))


def test_as_a_loss_k3_minimises_the_divergence_in_the_other_direction():
    logits, reference = scores(3, 12).requires_grad_(), scores(4, 12)
    drawn = logits.detach().softmax(-1)  # tokens are drawn, not differentiated
    loss = (drawn * kl_k3(logits.log_softmax(-1), reference.log_softmax(-1))).sum()
    (found,) = torch.autograd.grad(loss, logits)
    (reverse,) = torch.autograd.grad(kl_divergence(reference, logits), logits)
    (wanted,) = torch.autograd.grad(kl_divergence(logits, reference), logits)
    torch.testing.assert_close(found, reverse)
    assert torch.cosine_similarity(found, wanted, dim=0) < 0.9


def test_policies_of_different_vocabularies_cannot_be_compared():
    with pytest.raises(ValueError, match=r"same vocabulary, got shapes \(3, 5\) and \(3, 6\)"):
        kl_divergence(torch.zeros(3, 5), torch.zeros(3, 6))
    with pytest.raises(ValueError, match=r"must have one shape, got \(3,\) and \(3, 1\)"):
        kl_k3(torch.zeros(3), torch.zeros(3, 1))
