"""The input of a model: what it can read, and for everything else an error that says what to do."""

from __future__ import annotations

import torch
from torch import Tensor

from .gpt_config import GPTConfig
from .kv_cache import KVCache

__all__ = ["check_input"]


def check_input(
    config: GPTConfig,
    tokens: Tensor,
    mask: Tensor | None = None,
    positions: Tensor | None = None,
    cache: KVCache | None = None,
    causal: bool = True,
) -> None:
    """Refuse what a model of this configuration cannot read; the arguments are those of `GPT.forward`.

    Raises:
        ValueError: What was expected, what came, and what to do.
    """
    _check_tokens(config, tokens)
    if mask is not None and (mask.shape != tokens.shape or mask.dtype != torch.bool):
        raise ValueError(
            f"mask must be bool of the tokens' shape {tuple(tokens.shape)} (B, T), got {mask.dtype} {tuple(mask.shape)}"
        )
    if positions is not None:
        _check_positions(config, positions, tokens)
    if cache is not None:
        if not isinstance(cache, KVCache) or not cache.fits(config):
            raise ValueError("the cache was not made for this model; model.new_cache() makes one that fits")
        if mask is not None or not causal:
            raise ValueError("a KV cache needs a causal model and no padding mask: pad on the right and rewind")
        if cache.batch != tokens.shape[0]:
            raise ValueError(f"the cache has {cache.batch} rows, the tokens {tokens.shape[0]} (axis B)")


def _check_tokens(config: GPTConfig, tokens: Tensor) -> None:
    if not isinstance(tokens, Tensor):
        raise ValueError(
            f"tokens must be a tensor of integers (B, T), got {type(tokens).__name__}; the ids of one text are "
            "torch.tensor([ids]), and the text itself is encoded first: tokenizer.encode(text)"
        )
    if tokens.dim() != 2 or tokens.dtype not in (torch.int64, torch.int32):
        raise ValueError(
            f"tokens must be integers (int64 or int32) of shape (B, T), got {tokens.dtype} of shape "
            f"{tuple(tokens.shape)}; one text alone is tokens[None]"
        )
    if tokens.numel() == 0:
        raise ValueError(f"tokens of shape {tuple(tokens.shape)} hold nothing to read; give at least one token")
    if tokens.shape[1] > config.context:
        raise ValueError(
            f"{tokens.shape[1]} tokens do not fit the context of {config.context}; cut the text, or make the model "
            "with a longer context"
        )
    # On other devices the look at the values would wait for the queue, on each call.
    if tokens.device.type == "cpu" and not torch.compiler.is_compiling():
        low, high = tokens.aminmax()
        if low < 0 or high >= config.vocab_size:
            raise ValueError(
                f"token ids must lie in [0, {config.vocab_size}), got {int(low)} to {int(high)}; does the tokenizer "
                "belong to this model?"
            )


def _check_positions(config: GPTConfig, positions: Tensor, tokens: Tensor) -> None:
    if not isinstance(positions, Tensor) or positions.is_floating_point():
        raise ValueError(f"positions must be a tensor of integers such as torch.arange(T), got {positions!r}")
    if positions.shape not in (tokens.shape, tokens.shape[1:]):
        raise ValueError(
            f"positions must have the tokens' shape {tuple(tokens.shape)} (B, T), or (T,) for all rows alike; "
            f"got {tuple(positions.shape)}"
        )
    low, high, last = int(positions.min()), int(positions.max()), config.context - 1
    if config.position == "learned" and not 0 <= low <= high <= last:
        raise ValueError(f"this model has learned positions 0 to {last}, got {low} to {high}")
