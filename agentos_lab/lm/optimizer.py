"""The optimizer: AdamW, which gives every parameter a step size of its own, from the gradients it has seen."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import nn

__all__ = ["adamw"]


def adamw(
    parameters: Sequence[nn.Parameter],
    *,
    lr: float = 1e-3,
    weight_decay: float = 0.1,
    betas: tuple[float, float] = (0.9, 0.99),
) -> torch.optim.AdamW:
    """AdamW (Loshchilov & Hutter 2019, algorithm 2), fused into one kernel where torch has it.

    Only matrices decay. A constant or the scale of a normalisation has no reason to be small: pulling it to 0 would
    change what the layer computes, not how smoothly.

    Args:
        parameters: What to train.
        lr: Learning rate.
        weight_decay: Decay of parameters with two or more axes.
        betas: Memory of the gradients, and of their squares.
    """
    matrices = [parameter for parameter in parameters if parameter.dim() >= 2]
    others = [parameter for parameter in parameters if parameter.dim() < 2]
    groups = [{"params": matrices, "weight_decay": weight_decay}, {"params": others, "weight_decay": 0.0}]
    is_fused = all(parameter.device.type in ("cpu", "cuda") for parameter in parameters)
    return torch.optim.AdamW([group for group in groups if group["params"]], lr=lr, betas=betas, fused=is_fused)
