"""The feed-forward layer: two thirds of a transformer's parameters, applied to each token on its own."""

from __future__ import annotations

import torch.nn.functional as F
from torch import Tensor, nn

from .activations import Probe, visit
from .gpt_config import GPTConfig
from .linear import Linear

__all__ = ["FeedForward", "activate"]


def activate(x: Tensor, activation: str) -> Tensor:
    """The non-linearity between the two products.

    Args:
        x: (…, hidden); for ``"swiglu"`` (…, 2·hidden), gate first.
        activation: ``"gelu"`` (Hendrycks & Gimpel 2016), ``"gelu_tanh"`` (its approximation, as in GPT-2),
            ``"relu"``, or ``"swiglu"`` (Shazeer 2020, eq. 6): one half decides how much of the other passes.

    Returns:
        (…, hidden).
    """
    if activation == "swiglu":
        gate, content = x.chunk(2, dim=-1)
        return F.silu(gate) * content
    if activation == "relu":
        return F.relu(x)
    return F.gelu(x, approximate="tanh" if activation == "gelu_tanh" else "none")


class FeedForward(nn.Module):
    """Widen, bend, narrow: down(activate(up(x))) (Vaswani et al. 2017, §3.3, eq. 2)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.activation = config.activation
        hidden = config.hidden_width
        self.up = Linear(config.width, 2 * hidden if self.activation == "swiglu" else hidden, bias=config.bias)
        self.down = Linear(hidden, config.width, bias=config.bias)

    def forward(self, x: Tensor, *, layer: int = 0, probe: Probe | None = None) -> Tensor:
        """(B, T, D) -> (B, T, D); no token sees another."""
        hidden = visit(probe, "feed_forward.hidden", layer, activate(self.up(x), self.activation))  # (B, T, hidden)
        return visit(probe, "feed_forward.output", layer, self.down(hidden))
