"""Sequences decoded in a continuous batch, with all that is to be compared of them."""

from __future__ import annotations

import torch

from agentos_lab.lm.serving import ContinuousBatch

__all__ = ["PROMPT", "decode", "same_bits"]

PROMPT = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]


def decode(batch: ContinuousBatch, sequence: int) -> tuple[list[int], list[torch.Tensor]]:
    """All tokens and all logits of one sequence, decoded alone to its end."""
    logits = []
    while batch.finish_reason(sequence) is None:
        logits.append(batch.step([sequence])[sequence].logits.clone())
    return list(batch.generated(sequence)), logits


def same_bits(some, others) -> bool:
    """Whether two lists of tensors are equal to the last bit."""
    return len(some) == len(others) and all(torch.equal(one, other) for one, other in zip(some, others, strict=True))
