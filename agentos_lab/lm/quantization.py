"""Quantization: weights in eight bits, a quarter of float32, so that four times as many come from memory in a second.

Each row of a matrix (what makes one output number) is written as whole numbers from −127 to 127 times one scale, the
row's largest weight divided by 127 (Dettmers et al. 2022, "LLM.int8()", §2.1, absolute maximum by rows). Activations
keep their precision.

What it costs: each weight is off by at most half a step, 0.4 % of the largest weight of its row. With bfloat16
activations, on 4,096 tokens of Python's documentation, SmolLM2-135M's perplexity goes from 16.16 to 16.24, and another
token becomes the most probable one in 5 of 100 places (bfloat16 alone: 16.16, 2 of 100). The embedding table is not
touched, as a lookup reads one row only. `lm.perplexity` before and after shows the cost for any model.
"""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Int8Linear", "dequantize_rows", "quantize_rows"]

_FEW_ROWS = 16  # up to so many rows of x the kernel that reads int8 directly is the faster one


def quantize_rows(weight: Tensor) -> tuple[Tensor, Tensor]:
    """Round each row to whole numbers times a scale.

    Args:
        weight: (out, in).

    Returns:
        Whole numbers (out, in) int8 and scales (out,) float32, with weight ≈ numbers · scales[:, None].

    Raises:
        ValueError: The weight holds NaN or infinity.
    """
    weight = weight.detach().float()
    low, high = weight.aminmax(dim=1)  # (out,), (out,)
    scales = torch.maximum(-low, high) / 127
    if not scales.isfinite().all():
        raise ValueError("cannot quantize a weight that holds NaN or infinity")
    scales = torch.where(scales > 0, scales, 1.0)  # a row of zeros stays one
    return (weight / scales[:, None]).round_().to(torch.int8), scales


def dequantize_rows(numbers: Tensor, scales: Tensor) -> Tensor:
    """Inverse of `quantize_rows`, up to rounding: (out, in) float32."""
    return numbers.float() * scales[:, None]


class Int8Linear(nn.Module):
    """A linear layer with weights in eight bits; x keeps its type.

    Args:
        weight: (out, in); quantized here.
        bias: (out,) or None.
        dtype: Of the activations.
    """

    numbers: Tensor
    scales: Tensor

    def __init__(self, weight: Tensor, bias: Tensor | None = None, *, dtype: torch.dtype = torch.bfloat16) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        numbers, scales = quantize_rows(weight)
        self.register_buffer("numbers", numbers)  # (out, in) int8
        self.register_buffer("scales", scales.to(dtype))  # (out,)
        self.bias = None if bias is None else nn.Parameter(bias.detach().to(dtype), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) -> (…, out)."""
        rows = x.flatten(0, -2)  # (N, in)
        if rows.shape[0] <= _FEW_ROWS and _reads_int8(x.dtype, x.device.type):
            out = torch._weight_int8pack_mm(rows, self.numbers, self.scales)
        else:
            out = F.linear(rows, self.numbers.to(x.dtype)) * self.scales
        out = out if self.bias is None else out + self.bias
        return out.unflatten(0, x.shape[:-1])


@cache
def _reads_int8(dtype: torch.dtype, device: str) -> bool:
    """Whether this build of torch multiplies by int8 weights: it is no public interface, so a small one is tried."""
    if dtype != torch.bfloat16:  # elsewhere it exists and is slow
        return False
    x = torch.ones(1, 32, dtype=dtype, device=device)
    numbers, scales = torch.ones(32, 32, dtype=torch.int8, device=device), torch.ones(32, dtype=dtype, device=device)
    try:
        return torch.equal(torch._weight_int8pack_mm(x, numbers, scales), 32 * x)
    except (AttributeError, RuntimeError, NotImplementedError):
        return False
