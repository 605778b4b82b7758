"""Batches: random windows of one long text, drawn in an order that a generator fixes.

A language model needs no labels: every window brings its own answers, the tokens that come next.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

__all__ = ["all_windows", "as_tokens", "random_windows", "split_tokens"]


def as_tokens(tokens: Tensor | Sequence[int], vocab_size: int) -> Tensor:
    """A text as a tensor of token ids (N,) int64 on the CPU.

    Raises:
        ValueError: Not a flat list of whole numbers, an empty one, or an id outside [0, V).
    """
    if isinstance(tokens, str):
        raise ValueError("a model reads token ids, not letters; encode the text first: tokenizer.encode(text)")
    try:
        found = torch.as_tensor(tokens).detach().cpu()
    except (TypeError, ValueError, RuntimeError) as error:  # letters, or lists of several lengths
        raise ValueError(
            f"a text to train on is one flat sequence of token ids, which this is not: {error}; encode one long text: "
            "tokenizer.encode(text)"
        ) from error
    if not found.numel():
        raise ValueError("the text is empty; give at least one window of tokens (for no validation text: 0)")
    if found.dim() != 1 or found.is_floating_point() or found.dtype == torch.bool:
        raise ValueError(
            f"a text to train on is one flat sequence of token ids (N,), got {found.dtype} of shape "
            f"{tuple(found.shape)}; encode it first: tokenizer.encode(text)"
        )
    if not 0 <= int(found.min()) <= int(found.max()) < vocab_size:
        raise ValueError(
            f"token ids must lie in [0, {vocab_size}), got {int(found.min())} to {int(found.max())}; does the "
            "tokenizer belong to this model?"
        )
    return found.long()


def split_tokens(tokens: Tensor, validation: Tensor | Sequence[int] | float, vocab_size: int) -> tuple[Tensor, Tensor]:
    """The part to learn from and the part to be examined on.

    Args:
        tokens: The text (N,).
        validation: A share of it, taken from its end (a random choice of windows would overlap those learnt from);
            0 for none; or other tokens.
        vocab_size: Number of tokens V.

    Returns:
        Training tokens and validation tokens.

    Raises:
        ValueError: The share is not in [0, 1).
    """
    if not isinstance(validation, (int, float)):
        return tokens, as_tokens(validation, vocab_size)
    if not 0.0 <= validation < 1.0:
        raise ValueError(f"validation is a share of the text in [0, 1) or tokens of its own, got {validation}")
    kept = len(tokens) - round(validation * len(tokens))
    return tokens[:kept], tokens[kept:]


def random_windows(tokens: Tensor, count: int, length: int, generator: torch.Generator) -> Tensor:
    """Windows of consecutive tokens that start anywhere, with replacement.

    Args:
        tokens: The text (N,).
        count: Number of windows B.
        length: Tokens in each.
        generator: Source of the randomness; the same state gives the same windows.

    Returns:
        (B, length).

    Raises:
        ValueError: The text is shorter than one window.
    """
    starts = torch.randint(_last_start(tokens, length) + 1, (count, 1), generator=generator)  # (B, 1)
    return tokens[starts + torch.arange(length)]


def all_windows(tokens: Tensor, length: int, limit: int) -> Tensor:
    """Up to `limit` windows spread evenly over a text, always the same ones.

    Args:
        tokens: The text (N,).
        length: Tokens in each window.
        limit: Most windows; fewer when they would overlap.

    Returns:
        (B, length), 1 ≤ B ≤ limit.

    Raises:
        ValueError: The text is shorter than one window.
    """
    last = _last_start(tokens, length)
    count = max(1, min(limit, len(tokens) // length))
    starts = torch.tensor([round(last * index / max(1, count - 1)) for index in range(count)])[:, None]  # (B, 1)
    return tokens[starts + torch.arange(length)]


def _last_start(tokens: Tensor, length: int) -> int:
    if len(tokens) < length:
        raise ValueError(
            f"a text of {len(tokens)} tokens holds no window of {length}; give a longer text, or a shorter context "
            "(the validation part needs a window of its own)"
        )
    return len(tokens) - length
