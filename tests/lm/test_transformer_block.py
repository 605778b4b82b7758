"""Blocks: both orders of normalisation, and their parts alone."""

import pytest
import torch
import torch.nn.functional as F

from agentos_lab.lm import GPTConfig, TransformerBlock
from agentos_lab.lm.feed_forward import FeedForward, activate
from agentos_lab.lm.transformer_block import normalization


def block(**changes: object) -> TransformerBlock:
    torch.manual_seed(0)
    return TransformerBlock(GPTConfig(10, width=16, heads=2, **changes)).eval()


def test_a_pre_norm_block_whose_parts_write_nothing_is_the_identity():
    quiet, x = block(norm_first=True), torch.randn(2, 5, 16)
    for projection in (quiet.attention.output, quiet.feed_forward.down):
        torch.nn.init.zeros_(projection.weight)
        torch.nn.init.zeros_(projection.bias)
    assert torch.equal(quiet(x), x)


def test_a_post_norm_block_rescales_every_token():
    out = block(norm_first=False)(100 * torch.randn(2, 5, 16))
    torch.testing.assert_close(out.mean(-1), torch.zeros(2, 5), atol=1e-5, rtol=0)
    torch.testing.assert_close(out.std(-1, correction=0), torch.ones(2, 5), atol=1e-3, rtol=0)


def test_without_attention_no_token_sees_another():
    layer = FeedForward(GPTConfig(10, width=16, heads=2))
    x = torch.randn(1, 6, 16)
    torch.testing.assert_close(layer(x)[:, 2:3], layer(x[:, 2:3]))


def test_rms_normalisation_divides_by_the_root_mean_square():
    norm, x = normalization(GPTConfig(10, width=16, heads=2, norm="rms", norm_eps=0.0)), torch.randn(3, 16)
    torch.testing.assert_close(norm(x), x / x.pow(2).mean(-1, keepdim=True).sqrt())


@pytest.mark.parametrize("width", [1, 4])
def test_swiglu_gates_one_half_by_the_other(width):
    gate, content = torch.randn(2, 3, width)
    torch.testing.assert_close(activate(torch.cat((gate, content), -1), "swiglu"), gate * gate.sigmoid() * content)


def test_activations_are_those_of_their_names():
    x = torch.linspace(-3, 3, 50)
    torch.testing.assert_close(activate(x, "gelu"), x * torch.special.ndtr(x))
    torch.testing.assert_close(activate(x, "gelu_tanh"), F.gelu(x), atol=2e-3, rtol=0)
    torch.testing.assert_close(activate(x, "relu"), x.clamp(min=0))
