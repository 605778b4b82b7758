"""The output head: from the last vector of a token to a score for every token that may come next."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from .feed_forward import activate
from .gpt_config import GPTConfig
from .linear import linear

__all__ = ["OutputHead"]


class OutputHead(nn.Module):
    """One product with a table of V vectors: the score of a token is how well its vector fits the stream.

    A tied head has no table of its own and reads the embedding's (Press & Wolf 2017). BERT first sends the
    stream through a dense layer, GELU and a normalisation (`head_transform`), and adds a constant per token.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.table = None if config.tied else nn.Parameter(torch.empty(config.vocab_size, config.width))
        has_bias = config.bias and (config.head_transform or not config.tied)
        self.bias = nn.Parameter(torch.empty(config.vocab_size)) if has_bias else None
        self.activation = "gelu" if config.activation == "swiglu" else config.activation  # there is no gate here
        self.dense = nn.Linear(config.width, config.width) if config.head_transform else None
        self.norm = nn.LayerNorm(config.width, eps=config.norm_eps) if config.head_transform else None
        self.product: nn.Module | None = None  # in its place a faster one, see `inference_weights`

    def forward(self, x: Tensor, embedding_table: Tensor) -> Tensor:
        """Stream (…, D) and the embedding's table (V, D) -> logits (…, V)."""
        if self.dense is not None and self.norm is not None:
            x = self.norm(activate(self.dense(x), self.activation))
        if self.product is not None:
            return self.product(x)
        return linear(x, embedding_table if self.table is None else self.table, self.bias)
