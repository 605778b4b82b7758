"""Attention against torch's own: the fused kernel, and the multi-head module."""

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from agentos_lab.lm.activations import recorder
from agentos_lab.lm.attention import MultiHeadAttention, attention, attention_scores, causal_mask
from agentos_lab.lm.gpt import GPTConfig


def random(*shape: int, seed: int = 0) -> torch.Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed))


@given(st.integers(1, 3), st.integers(1, 4), st.integers(1, 9), st.integers(1, 8), st.booleans(), st.integers(0, 999))
def test_the_formula_equals_torchs_fused_kernel(batch, heads, length, width, causal, seed):
    q, k, v = random(3, batch, heads, length, width, seed=seed)
    mask = causal_mask(length) if causal else None
    output, weights = attention(q, k, v, mask)
    expected = F.scaled_dot_product_attention(q, k, v, attn_mask=mask)
    torch.testing.assert_close(output, expected, atol=1e-5, rtol=1e-5)
    torch.testing.assert_close(weights.sum(-1), torch.ones(batch, heads, length))


def test_masked_cells_get_no_weight_at_all():
    q, k, v = random(3, 1, 2, 6, 4)
    _, weights = attention(q, k, v, causal_mask(6))
    assert (weights[..., ~causal_mask(6)] == 0).all()


def test_scores_of_random_vectors_have_unit_size_whatever_the_width():
    for width in (4, 64, 1024):
        scores = attention_scores(random(1, 8, 32, width, seed=1), random(1, 8, 32, width, seed=2))
        assert scores.std().item() == pytest.approx(1.0, abs=0.1)


def test_attention_by_hand_on_two_tokens():
    q = torch.tensor([[[[1.0], [2.0]]]])
    k = torch.tensor([[[[0.0], [torch.log(torch.tensor(3.0))]]]])
    v = torch.tensor([[[[4.0], [8.0]]]])
    output, weights = attention(q, k, v)
    torch.testing.assert_close(weights[0, 0, 0], torch.tensor([0.25, 0.75]))  # e^0 : e^(ln 3)
    torch.testing.assert_close(weights[0, 0, 1], torch.tensor([0.1, 0.9]))  # e^0 : e^(2 ln 3)
    torch.testing.assert_close(output[0, 0, :, 0], torch.tensor([7.0, 7.6]))


@pytest.mark.parametrize(
    ("q", "k", "v", "named"),
    [((1, 1, 2, 4), (1, 1, 2, 3), (1, 1, 2, 3), "width d"), ((1, 1, 2, 4), (1, 1, 3, 4), (1, 1, 2, 4), "axis S")],
)
def test_shapes_that_do_not_fit_are_refused_by_the_name_of_the_axis(q, k, v, named):
    with pytest.raises(ValueError, match=named):
        attention(torch.zeros(q), torch.zeros(k), torch.zeros(v))


def make(config: GPTConfig, seed: int = 0) -> MultiHeadAttention:
    torch.manual_seed(seed)
    return MultiHeadAttention(config).eval()


def test_the_module_equals_torchs_multi_head_attention_with_the_same_parameters():
    ours = make(GPTConfig(10, width=24, heads=3))
    theirs = nn.MultiheadAttention(24, 3, batch_first=True).eval()
    theirs.in_proj_weight.data, theirs.in_proj_bias.data = ours.qkv.weight.data, ours.qkv.bias.data
    theirs.out_proj.load_state_dict(ours.output.state_dict())
    x = random(2, 7, 24)
    expected, weights = theirs(x, x, x, attn_mask=~causal_mask(7), average_attn_weights=False)
    torch.testing.assert_close(ours(x, is_causal=True), expected, atol=1e-5, rtol=1e-5)
    seen: dict[str, torch.Tensor] = {}
    ours(x, is_causal=True, probe=recorder(seen))
    torch.testing.assert_close(seen["blocks.0.attention.weights"], weights, atol=1e-5, rtol=1e-5)


@given(st.sampled_from([1, 2, 4]), st.integers(1, 6), st.booleans(), st.integers(0, 99))
def test_fused_and_explicit_attention_agree_with_and_without_groups(kv_heads, length, causal, seed):
    module = make(GPTConfig(10, width=16, heads=4, kv_heads=kv_heads), seed)
    x = random(2, length, 16, seed=seed)
    causal = causal and length > 1
    torch.testing.assert_close(
        module(x, is_causal=causal), module(x, is_causal=causal, probe=recorder({})), atol=1e-5, rtol=1e-5
    )


def test_one_group_per_head_equals_repeating_the_shared_keys():
    grouped = make(GPTConfig(10, width=16, heads=4, kv_heads=2))
    full = make(GPTConfig(10, width=16, heads=4))
    rows = torch.arange(32).unflatten(0, (-1, 4))  # 4 query heads, 2 key heads, 2 value heads, 4 rows each
    order = torch.cat((rows[:4], rows[4:6].repeat_interleave(2, 0), rows[6:8].repeat_interleave(2, 0))).flatten()
    full.qkv.weight.data, full.qkv.bias.data = grouped.qkv.weight.data[order], grouped.qkv.bias.data[order]
    full.output.load_state_dict(grouped.output.state_dict())
    x = random(1, 5, 16)
    torch.testing.assert_close(full(x, is_causal=True), grouped(x, is_causal=True), atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("dtype", [torch.float32, torch.int64])
def test_a_mask_of_numbers_is_refused(dtype):
    x = random(1, 1, 4, 8)
    with pytest.raises(ValueError, match=r"mask must be bool, True = may look; got torch\..*mask\.bool\(\)"):
        attention(x, x, x, torch.ones(4, 4, dtype=dtype).tril())


def test_shapes_that_do_not_fit_are_named_by_their_axes():
    x = random(1, 4, 3, 8)
    with pytest.raises(ValueError, match=r"before the last two \(B, H\).*\(1, 4\), \(1, 2\).*repeat_interleave"):
        attention(x, x[:, :2], x[:, :2])
    with pytest.raises(ValueError, match=r"\(T, S\) = \(3, 3\) of the scores, got \(4, 4\)"):
        attention(x, x, x, causal_mask(4))
