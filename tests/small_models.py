"""Small models of every family, for tests: quick, but with parameters large enough for every part to matter."""

import pytest
import torch

from agentos_lab.lm import GPT, GPTConfig

FAMILIES = {
    "article": GPTConfig.article(31, width=32, layers=2, context=24),
    "gpt2": GPTConfig(31, width=32, layers=2, context=24),
    "llama": GPTConfig.llama(31, width=32, layers=2, context=24, kv_heads=2),
    "no positions": GPTConfig(31, width=32, layers=2, context=24, position="none", activation="relu"),
}
every_family = pytest.mark.parametrize("config", FAMILIES.values(), ids=FAMILIES.keys())


def text(batch: int, length: int, seed: int = 0) -> torch.Tensor:
    return torch.randint(31, (batch, length), generator=torch.Generator().manual_seed(seed))


def loud(config: GPTConfig, seed: int = 0) -> GPT:
    """A model whose parameters are large enough for every part to matter."""
    model = GPT(config, seed=seed).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter += 0.2 * torch.randn(parameter.shape, generator=torch.Generator().manual_seed(seed + 1))
    return model
