"""The transformer block: attention (tokens talk), then feed-forward (each thinks), each added to a residual stream."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .activations import Probe, visit
from .attention import MultiHeadAttention
from .feed_forward import FeedForward
from .gpt_config import GPTConfig
from .kv_cache import KVCache

__all__ = ["TransformerBlock", "normalization"]


def normalization(config: GPTConfig) -> nn.Module:
    """The normalisation that a configuration names: it keeps the numbers of each token at a common scale.

    ``"layer"`` takes the mean away and divides by the standard deviation (Ba et al. 2016); ``"rms"`` divides by
    the root mean square alone (Zhang & Sennrich 2019). Both then scale each dimension by a learned factor.
    """
    if config.norm == "rms":
        return nn.RMSNorm(config.width, eps=config.norm_eps)
    return nn.LayerNorm(config.width, eps=config.norm_eps, bias=config.bias)


class TransformerBlock(nn.Module):
    """One layer of the model, in either order of normalisation.

    - Post-norm, the article's and Vaswani et al. 2017's: x ← norm(x + f(x)). The stream itself is rescaled at
      every layer, so deep models need a careful warm-up.
    - Pre-norm (`norm_first`), GPT-2's and Llama's: x ← x + f(norm(x)). The stream runs from end to end
      untouched, and gradients with it (Xiong et al. 2020).
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.norm_first, self.dropout = config.norm_first, config.dropout
        self.attention_norm = normalization(config)
        self.attention = MultiHeadAttention(config)
        self.feed_forward_norm = normalization(config)
        self.feed_forward = FeedForward(config)

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
        """(B, T, D) -> (B, T, D); the arguments are those of `MultiHeadAttention.forward`."""

        def attend(x: Tensor) -> Tensor:
            seen = self.attention(
                x, mask=mask, is_causal=is_causal, rotation=rotation, cache=cache, layer=layer, probe=probe
            )
            return F.dropout(seen, self.dropout, self.training)

        def think(x: Tensor) -> Tensor:
            return F.dropout(self.feed_forward(x, layer=layer, probe=probe), self.dropout, self.training)

        x = visit(probe, "input", layer, x)
        if self.norm_first:
            x = x + attend(self.attention_norm(x))
            x = x + think(self.feed_forward_norm(x))
        else:
            x = self.attention_norm(x + attend(x))
            x = self.feed_forward_norm(x + think(x))
        return visit(probe, "output", layer, x)
