"""The linear layer: y = x Wᵀ + b, in which a transformer spends nearly all of its time.

To write one token a model reads every weight once and multiplies it once, so that speed is a question of how fast
weights come from memory, and in how many bytes. Three layers give the same product:

- `Linear` holds the weights as they are: to be trained, looked at, edited;
- `PackedLinear` holds bfloat16 weights in the order in which the processor's matrix instructions want them;
- `Int8Linear` (see `quantization.py`) holds them in eight bits.
"""

from __future__ import annotations

from functools import cache

import torch
import torch.nn.functional as F
from torch import Tensor, nn

__all__ = ["Linear", "PackedLinear", "can_pack", "linear"]

_LARGE = 1 << 20  # bytes of a weight from which it hardly fits the processor's caches


class Linear(nn.Linear):
    """`torch.nn.Linear`, by way of `linear`."""

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) -> (…, out)."""
        return linear(x, self.weight, self.bias)


def linear(x: Tensor, weight: Tensor, bias: Tensor | None = None) -> Tensor:
    """x Wᵀ + b; the same numbers as `torch.nn.functional.linear`, to rounding.

    Where no gradient is wanted and the weight is large, float32 products go to oneDNN instead of torch's first
    choice, MKL, which reads a matrix for a single token with one thread only, and does not use all that processors
    other than Intel's can do.

    Args:
        x: (…, in).
        weight: (out, in).
        bias: (out,).

    Returns:
        (…, out).
    """
    by_onednn = (
        x.dtype == torch.float32 == weight.dtype
        and not torch.is_grad_enabled()
        and weight.nbytes >= _LARGE
        and x.device.type == "cpu"
        and _has_onednn(torch.float32)
        and not torch.is_autocast_enabled("cpu")
        and not torch.compiler.is_compiling()
    )
    if by_onednn:
        return torch.ops.mkldnn._linear_pointwise(x, weight, bias, "none", [], "")
    return F.linear(x, weight, bias)


class PackedLinear(nn.Module):
    """A linear layer whose weights were reordered once for the processor's matrix instructions (oneDNN).

    The same products in the same precision, read twice as fast; but there is no weight left to train or to edit.

    Args:
        weight: (out, in), float32 or bfloat16, on the CPU; it is copied.
        bias: (out,) or None.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None = None) -> None:
        super().__init__()
        self.out_features, self.in_features = weight.shape
        self.packed = torch.ops.mkldnn._reorder_linear_weight(weight.detach(), 1)  # best for one row, fit for any
        self.bias = None if bias is None else nn.Parameter(bias.detach(), requires_grad=False)

    def forward(self, x: Tensor) -> Tensor:
        """(…, in) -> (…, out)."""
        return torch.ops.mkldnn._linear_pointwise(x, self.packed, self.bias, "none", [], "")


def can_pack(dtype: torch.dtype, device: torch.device | str) -> bool:
    """Whether `PackedLinear` works for this type on this device."""
    return torch.device(device).type == "cpu" and _has_onednn(dtype)


@cache
def _has_onednn(dtype: torch.dtype) -> bool:
    """Whether this build of torch has the products above: they are no public interface, so a small one is tried."""
    x, weight = torch.ones(1, 16, dtype=dtype), torch.ones(16, 16, dtype=dtype)
    try:
        packed = torch.ops.mkldnn._reorder_linear_weight(weight, 1)
        found = [torch.ops.mkldnn._linear_pointwise(x, each, None, "none", [], "") for each in (weight, packed)]
    except (AttributeError, RuntimeError, NotImplementedError):
        return False
    return all(torch.equal(each, F.linear(x, weight)) for each in found)
