"""Inference weights: a copy of a model that writes faster, and can no longer be trained or edited.

``"packed"`` keeps every number and changes the order in which they lie in memory; ``"int8"`` rounds them to eight
bits. Either way the arithmetic, the probes and the cache are those of the plain model.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal, get_args

import torch
from torch import Tensor, nn

from .gpt import GPT
from .linear import PackedLinear, can_pack
from .quantization import Int8Linear

__all__ = ["InferenceWeights", "for_inference"]

# How a model keeps its weights for reading alone: as they are, packed for the processor, or in eight bits.
InferenceWeights = Literal["plain", "packed", "int8"]


def for_inference(model: GPT, weights: InferenceWeights, dtype: torch.dtype = torch.bfloat16) -> GPT:
    """A model that computes the same with its linear layers stored in another way.

    Args:
        model: Stays as it is.
        weights: ``"packed"`` or ``"int8"``; ``"plain"`` only changes the type.
        dtype: Of the copy's activations (and of packed weights).

    Returns:
        The copy. What does not change shares memory with `model`. Where the processor or this build of torch has no
        instructions for packed weights, they stay plain.

    Raises:
        ValueError: Unknown kind of weights, or a model whose weights are not plain.
    """
    if weights not in get_args(InferenceWeights):
        raise ValueError(f"weights must be {' or '.join(map(repr, get_args(InferenceWeights)))}, got {weights!r}")
    if not model.is_plain:
        raise ValueError(
            "only a model with plain weights can be converted; adapters are merged first (merge_adapters), and a copy "
            "made for inference is made anew from the model that it came from"
        )
    fast = GPT.from_state(model.config, dict(model.state_dict())).requires_grad_(False)
    make: Callable[[Tensor, Tensor | None], nn.Module]
    if weights == "int8":

        def make(weight: Tensor, bias: Tensor | None) -> nn.Module:
            return Int8Linear(weight, bias, dtype=dtype)

    elif weights == "packed" and can_pack(dtype, model.device):

        def make(weight: Tensor, bias: Tensor | None) -> nn.Module:
            return PackedLinear(weight.to(dtype), None if bias is None else bias.to(dtype))

    else:
        return fast.to(dtype)
    for parent in list(fast.modules()):
        for name, layer in list(parent.named_children()):
            if isinstance(layer, nn.Linear):
                setattr(parent, name, make(layer.weight, layer.bias))
    head = fast.head
    head.product = make(fast.embedding.token.weight if head.table is None else head.table, head.bias)
    head.table = head.bias = None
    return fast.to(dtype)
