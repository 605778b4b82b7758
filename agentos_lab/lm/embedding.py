"""The embedding: from token numbers to vectors, with the position added where the model adds one."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .gpt_config import GPTConfig
from .positional_encoding import sinusoidal_encoding

__all__ = ["Embedding"]


class Embedding(nn.Module):
    """A table of V vectors, one a token, plus where the token stands.

    Positions are added here when they are sinusoidal or learned; rotary ones act inside attention instead, and
    ``"none"`` leaves order to the causal mask. BERT normalises the sum (`embedding_norm`).

    Vaswani et al. 2017, §3.4, multiply the table by √D so that it can stand beside sines of size 1; here a table
    that meets sinusoids simply starts with numbers of size 1 (see `GPT.initialize`), which comes to the same.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.kind, self.dropout = config.position, config.dropout
        self.token = _table(config.vocab_size, config.width)
        self.position = _table(config.context, config.width) if config.position == "learned" else None
        self.norm = nn.LayerNorm(config.width, eps=config.norm_eps) if config.embedding_norm else None

    def forward(self, tokens: Tensor, positions: Tensor) -> Tensor:
        """Token ids (B, T) and positions (B, T) or (T,) -> vectors (B, T, D)."""
        x = self.token(tokens)  # (B, T, D)
        if self.kind == "sinusoidal":
            x = x + sinusoidal_encoding(positions, x.shape[-1]).to(x.dtype)
        elif self.position is not None:
            x = x + self.position(positions)
        if self.norm is not None:
            x = self.norm(x)
        return F.dropout(x, self.dropout, self.training)


def _table(rows: int, width: int) -> nn.Embedding:
    """An embedding table without values; `nn.Embedding(rows, width)` would draw some, and `GPT` draws its own.

    (Drawn on the meta device, they would also make torch load its compiler: 1.5 s for nothing.)
    """
    return nn.Embedding.from_pretrained(torch.empty(rows, width), freeze=False)
