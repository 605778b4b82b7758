"""Training to a stated loss: English from letters, a model that may see the future, a masked one."""

from __future__ import annotations

import math
from pydoc_data.topics import topics

import pytest
import torch
from small_models import every_family

from agentos_lab.lm import GPT, GPTConfig
from agentos_lab.lm.objectives import next_token_loss
from agentos_lab.lm.training import train

CONFIG = GPTConfig(31, width=32, layers=2, context=24)


@pytest.fixture(scope="module")
def english():
    """Python's help texts as characters: (tokens, number of characters)."""
    words = "\n".join(topics[name] for name in sorted(topics))
    alphabet = sorted(set(words))
    numbers = {character: number for number, character in enumerate(alphabet)}
    return torch.tensor([numbers[character] for character in words]), len(alphabet)


def test_the_articles_model_learns_english_from_ln_v_to_less_than_two_thirds(english):
    tokens, vocabulary = english
    model = GPT(GPTConfig.article(vocabulary, context=64, layers=2, width=64), seed=0)
    result = train(model, tokens, steps=200, batch_size=8, evaluate_every=100, seed=0, progress=False)
    assert result.losses[0] == pytest.approx(math.log(vocabulary), abs=0.2)
    assert result.validation_losses[200] < 2.85 and result.validation_losses[200] < result.validation_losses[100]


def test_a_masked_model_learns_from_both_sides():
    counting = torch.arange(8).repeat(300)  # each token is known from either neighbour
    model = GPT(GPTConfig(9, width=32, layers=2, context=8, causal=False), seed=0)
    result = train(
        model, counting, steps=150, batch_size=16, lr=1e-2, weight_decay=0.0, objective="masked", mask_id=8,
        mask_rate=0.3, progress=False,
    )  # fmt: skip
    assert result.losses[0] == pytest.approx(math.log(9), abs=0.2) and result.validation_losses[150] < 0.5
    with torch.no_grad():
        assert model(torch.tensor([[8, 1, 2, 3, 4, 5, 6, 7]]))[0, 0].argmax() == 0  # only what follows tells it


def test_a_model_that_sees_the_future_cheats():
    random = torch.randint(31, (3000,), generator=torch.Generator().manual_seed(0))  # nothing to be learnt here
    settings = {"steps": 120, "batch_size": 16, "context": 8, "lr": 5e-3, "progress": False}
    honest = train(GPT(CONFIG.replace(context=8), seed=0), random, **settings)
    with pytest.warns(UserWarning):
        cheat = train(GPT(CONFIG.replace(context=8, causal=False), seed=0), random, **settings)
    assert honest.validation_losses[120] > 3.3 > 2.0 > cheat.validation_losses[120]


@every_family
def test_gradients_of_every_parameter_are_those_of_finite_differences(config):
    small = config.replace(
        vocab_size=5, width=8, heads=2, kv_heads=config.kv_heads and 1, hidden=6, layers=1, context=4
    )
    model = GPT(small, seed=0).double()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.normal_(std=0.5, generator=torch.Generator().manual_seed(parameter.numel()))
    names, values = zip(*model.named_parameters(), strict=True)
    tokens = torch.tensor([[0, 3, 1, 4], [2, 2, 0, 1]])

    def loss(*parameters):
        logits = torch.func.functional_call(model, dict(zip(names, parameters, strict=True)), (tokens,))
        return next_token_loss(logits, tokens)

    assert torch.autograd.gradcheck(loss, values, eps=1e-6, atol=1e-6)
