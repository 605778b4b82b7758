"""Attention: each token asks a question (query), every token offers a label (key) and a content (value).

`attention` is the formula as a pure function; `MultiHeadAttention` holds the parameters and runs H such
attentions side by side.
"""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .activations import Probe, visit
from .gpt_config import GPTConfig
from .kv_cache import KVCache
from .linear import Linear
from .positional_encoding import rotate

__all__ = ["MultiHeadAttention", "attention", "attention_scores", "causal_mask"]


def causal_mask(length: int, device: torch.device | str | None = None) -> Tensor:
    """Who may look where in a text that is read from left to right: (T, T) bool, True on and below the diagonal."""
    return torch.ones(length, length, dtype=torch.bool, device=device).tril()


def attention_scores(q: Tensor, k: Tensor, mask: Tensor | None = None) -> Tensor:
    """Scaled dot products q kᵀ / √d, the part inside the softmax of Vaswani et al. 2017, eq. 1.

    Dividing by √d keeps the scores of long vectors as small as those of short ones: a sum of d products of
    independent unit numbers has standard deviation √d, and a softmax of large numbers is all or nothing.

    Args:
        q: Queries (B, H, T, d).
        k: Keys (B, H, S, d).
        mask: Bool, True = may look; broadcast to (B, H, T, S).

    Returns:
        Scores (B, H, T, S), −∞ where the mask says no.

    Raises:
        ValueError: The mask is not bool, or of other lengths.
    """
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (B, H, T, d) @ (B, H, d, S)
    if mask is None:
        return scores
    if mask.dtype != torch.bool:
        raise ValueError(f"mask must be bool, True = may look; got {mask.dtype}, of which mask.bool() makes one")
    if any(size not in (1, wanted) for size, wanted in zip(mask.shape[-2:], scores.shape[-2:], strict=False)):
        raise ValueError(
            f"mask must have the last axes (T, S) = {tuple(scores.shape[-2:])} of the scores, got {tuple(mask.shape)}"
        )
    return scores.masked_fill(~mask, -torch.inf)


def attention(q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None = None) -> tuple[Tensor, Tensor]:
    """Scaled dot-product attention (Vaswani et al. 2017, eq. 1): softmax(q kᵀ / √d) v.

    Args:
        q: Queries (B, H, T, d).
        k: Keys (B, H, S, d).
        v: Values (B, H, S, d).
        mask: Bool, True = may look; broadcast to (B, H, T, S). None: everyone sees everything.

    Returns:
        Output (B, H, T, d) and weights (B, H, T, S); each row of weights sums to 1 (or is NaN, 0/0, where a token may
        look nowhere).

    Raises:
        ValueError: Widths or lengths of q, k, v do not fit (the message names the axis), or the mask is not bool or
            does not fit them.
    """
    if q.shape[-1] != k.shape[-1]:
        raise ValueError(
            f"queries and keys must have the same width d (last axis): q has {q.shape[-1]}, k has {k.shape[-1]}"
        )
    outer = [tuple(tensor.shape[:-2]) for tensor in (q, k, v)]
    try:
        torch.broadcast_shapes(*outer)
    except RuntimeError:
        raise ValueError(
            f"q, k and v must agree in the axes before the last two (B, H), got {outer}; keys and values that heads "
            "share are repeated first: k.repeat_interleave(group, dim=1)"
        ) from None
    if k.shape[-2] != v.shape[-2]:
        raise ValueError(f"every key needs one value (axis S, last but one): k has {k.shape[-2]}, v has {v.shape[-2]}")
    weights = attention_scores(q, k, mask).softmax(dim=-1)  # each row sums to 1
    return weights @ v, weights  # (B, H, T, S) @ (B, H, S, d)


class MultiHeadAttention(nn.Module):
    """H attentions side by side on slices of the width, mixed by an output projection (Vaswani et al. 2017, §3.2.2).

    With ``kv_heads < heads`` groups of query heads share one key and value head (grouped-query attention,
    Ainslie et al. 2023): the KV cache shrinks by the size of the group.

    Nobody looking, the sum is done by torch's fused `scaled_dot_product_attention`; with a probe, by the explicit
    formula above, so that scores and weights exist to be seen and edited. Both agree to rounding.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.heads, self.key_heads, self.head_width = config.heads, config.key_heads, config.head_width
        self.dropout = config.dropout
        # One product for queries, keys and values: three small ones would each read the input again.
        self.qkv = Linear(config.width, (self.heads + 2 * self.key_heads) * self.head_width, bias=config.bias)
        self.output = Linear(self.heads * self.head_width, config.width, bias=config.bias)

    def forward(
        self,
        x: Tensor,
        *,
        mask: Tensor | None = None,
        is_causal: bool = False,
        rotation: Tensor | None = None,
        cache: KVCache | None = None,
        layer: int = 0,
        probe: Probe | None = None,
    ) -> Tensor:
        """Let every token of `x` gather from those that it may see.

        Args:
            x: (B, T, D).
            mask: Bool, broadcast to (B, H, T, S); True = may look.
            is_causal: Token t sees tokens 0…t (used when there is no mask).
            rotation: Rotary positions of the T tokens, from `rotary_rotation`.
            cache: Earlier tokens' keys and values; the new ones are added.
            layer: Number of this layer, for cache and probe.
            probe: See `activations.py`.

        Returns:
            (B, T, D).
        """
        q, k, v = self.project(x, rotation)  # (B, H, T, d), (B, KV, T, d), (B, KV, T, d)
        q, k, v = (
            visit(probe, name, layer, part)
            for name, part in (("attention.q", q), ("attention.k", k), ("attention.v", v))
        )
        if cache is not None:
            k, v = cache.extend(layer, k, v)  # (B, KV, S, d)
        if probe is None and not _formula_is_faster(q):
            heads = self.fused(q, k, v, mask, is_causal)
        else:
            heads = self.explicit(q, k, v, causal_mask(q.shape[2], q.device) if is_causal else mask, layer, probe)
        joined = heads.transpose(1, 2).flatten(2)  # (B, H, T, d) -> (B, T, H·d)
        return visit(probe, "attention.output", layer, self.output(joined))

    def project(self, x: Tensor, rotation: Tensor | None) -> tuple[Tensor, Tensor, Tensor]:
        """Queries (B, H, T, d), keys and values (B, KV, T, d) of `x` (B, T, D)."""
        qkv = self.qkv(x).unflatten(-1, (-1, self.head_width)).transpose(1, 2)  # (B, H + 2 KV, T, d)
        if rotation is None:
            return tuple(qkv.split((self.heads, self.key_heads, self.key_heads), dim=1))
        turned, v = qkv.split((self.heads + self.key_heads, self.key_heads), dim=1)
        turned = rotate(turned, rotation)  # queries and keys turn, values do not
        return turned[:, : self.heads], turned[:, self.heads :], v

    def fused(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, is_causal: bool) -> Tensor:
        """The heads' outputs (B, H, T, d) by torch's fused kernel, which keeps no weights."""
        dropout = self.dropout if self.training else 0.0
        if self.key_heads == self.heads:
            return F.scaled_dot_product_attention(q, k, v, mask, dropout, is_causal)
        if q.shape[2] == 1:
            # One query token: the query heads of a group stand in line as if they were tokens, so that K and V
            # are read once for the whole group instead of once for each head.
            grouped = q.reshape(q.shape[0], self.key_heads, -1, self.head_width)  # (B, KV, H/KV, d)
            return F.scaled_dot_product_attention(grouped, k, v, mask, dropout).reshape(q.shape)
        return F.scaled_dot_product_attention(q, k, v, mask, dropout, is_causal, enable_gqa=True)

    def explicit(self, q: Tensor, k: Tensor, v: Tensor, mask: Tensor | None, layer: int, probe: Probe | None) -> Tensor:
        """The heads' outputs (B, H, T, d) by the formula, with every intermediate shown to the probe."""
        group = self.heads // self.key_heads
        if group > 1:
            k, v = k.repeat_interleave(group, dim=1), v.repeat_interleave(group, dim=1)  # (B, H, S, d)
        scores = visit(probe, "attention.scores", layer, attention_scores(q, k, mask))
        weights = visit(probe, "attention.weights", layer, scores.softmax(dim=-1))
        kept = F.dropout(weights, self.dropout, self.training)
        return visit(probe, "attention.heads", layer, kept @ v)


def _formula_is_faster(q: Tensor) -> bool:
    """Whether plain products beat torch's fused kernel: in training, on a processor, in bfloat16.

    There the fused backward pass takes two to four times as long (torch 2.13), up to a length at which the weights
    no longer fit the processor's caches.
    """
    return q.dtype == torch.bfloat16 and q.device.type == "cpu" and q.requires_grad and q.shape[2] <= 512
