"""Sampling: from the model's scores to a distribution over the next token, and from there to a token.

Every function takes logits (…, V) and returns logits of the same shape in which what is ruled out is −∞. They are
applied in one fixed order: repetition penalty, temperature, top-k, top-p, min-p; what remains is renormalised by the
softmax. A filter always leaves the most probable token, so nothing can rule out everything.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "Sampling",
    "apply_temperature",
    "draw",
    "keep_allowed",
    "keep_min_p",
    "keep_top_k",
    "keep_top_p",
    "next_token_distribution",
    "penalize_repetition",
]


@dataclass(frozen=True)
class Sampling:
    """How to choose the next token: the settings of `next_token_distribution`, checked once.

    Attributes:
        temperature: 0 is greedy.
        top_k, top_p, min_p: None keeps every token.
        repetition_penalty: 1 changes nothing.
    """

    temperature: float = 1.0
    top_k: int | None = None
    top_p: float | None = None
    min_p: float | None = None
    repetition_penalty: float = 1.0

    def __post_init__(self) -> None:
        for name, value in vars(self).items():
            if not isinstance(value, Real) and (value is not None or name in ("temperature", "repetition_penalty")):
                raise ValueError(f"{name} must be a number, got {value!r}")
        self.distribution(torch.zeros(2))  # the functions below say what else is wrong with a setting

    def distribution(self, logits: Tensor, previous: Sequence[int] = ()) -> Tensor:
        """Probabilities (…, V) of the next token after the text `previous`."""
        return next_token_distribution(
            logits,
            temperature=self.temperature,
            top_k=self.top_k,
            top_p=self.top_p,
            min_p=self.min_p,
            repetition_penalty=self.repetition_penalty,
            previous=previous,
        )

    def choose(self, logits: Tensor, previous: Sequence[int], generator: torch.Generator) -> int:
        """The next token after `previous`, given its logits (V,); a greedy choice draws no random number."""
        probabilities = self.distribution(logits, previous)
        return int(probabilities.argmax()) if self.temperature == 0.0 else draw(probabilities, generator)


def next_token_distribution(
    logits: Tensor,
    *,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    repetition_penalty: float = 1.0,
    previous: Sequence[int] | Tensor = (),
) -> Tensor:
    """Probabilities of the next token after all filters, in their fixed order.

    Args:
        logits: Scores (…, V).
        temperature: Below 1 sharpens, above 1 flattens; 0 puts everything on the most probable token (greedy; of
            equals, the one with the lowest id).
        top_k: See `keep_top_k`; None keeps all.
        top_p: See `keep_top_p`; None keeps all.
        min_p: See `keep_min_p`; None keeps all.
        repetition_penalty: See `penalize_repetition`; 1 changes nothing.
        previous: Token ids of the text so far, for the penalty.

    Returns:
        Probabilities (…, V), float32, each row sums to 1.

    Raises:
        ValueError: A setting out of its range, or logits that hold NaN or nothing but −∞.
    """
    logits = logits.float()
    if not logits.amax(dim=-1).isfinite().all():
        raise ValueError(
            "the logits hold NaN or infinity, or rule out every token; did the model's parameters overflow, or does "
            "a constraint allow nothing?"
        )
    if repetition_penalty != 1.0:
        logits = penalize_repetition(logits, previous, repetition_penalty)
    if temperature != 0.0:
        logits = apply_temperature(logits, temperature)
    if top_k is not None:
        logits = keep_top_k(logits, top_k)
    if top_p is not None:
        logits = keep_top_p(logits, top_p)
    if min_p is not None:
        logits = keep_min_p(logits, min_p)
    if temperature == 0.0:  # only here, so that a setting out of its range is refused with any temperature
        return torch.zeros_like(logits).scatter_(-1, logits.argmax(dim=-1, keepdim=True), 1.0)
    return logits.softmax(dim=-1)


def penalize_repetition(logits: Tensor, previous: Sequence[int] | Tensor, penalty: float) -> Tensor:
    """Make tokens that have occurred less probable (Keskar et al. 2019, "CTRL", §4.1).

    Positive scores are divided by the penalty, negative ones multiplied, so that both go down.

    Args:
        logits: Scores (…, V).
        previous: Token ids that have occurred, the same for all rows.
        penalty: Above 1 discourages, below 1 encourages repetition; must be positive.
    """
    if not penalty > 0.0:
        raise ValueError(f"repetition_penalty must be positive (1 changes nothing), got {penalty}")
    seen = torch.as_tensor(previous, dtype=torch.long, device=logits.device).unique()
    scores = logits[..., seen]
    penalized = logits.clone()
    penalized[..., seen] = torch.where(scores > 0, scores / penalty, scores * penalty)
    return penalized


def apply_temperature(logits: Tensor, temperature: float) -> Tensor:
    """Divide the scores by the temperature (Ackley, Hinton & Sejnowski 1985): p_i ∝ exp(logit_i / temperature)."""
    if not 0.0 < temperature < math.inf:
        raise ValueError(f"temperature must be positive and finite, or 0 for greedy choice; got {temperature}")
    return logits / temperature


def keep_top_k(logits: Tensor, k: int) -> Tensor:
    """Keep the k most probable tokens, and what ties with the last of them (Fan et al. 2018, §5)."""
    if not isinstance(k, int) or k < 1:
        raise ValueError(f"top_k must be a whole number of at least 1, got {k!r}; None keeps every token")
    if k >= logits.shape[-1]:
        return logits
    weakest = logits.topk(k, dim=-1).values[..., -1:]
    return logits.masked_fill(logits < weakest, -torch.inf)


def keep_top_p(logits: Tensor, p: float) -> Tensor:
    """Keep the nucleus: the fewest most probable tokens that hold probability p, and what ties with the last of them.

    (Holtzman et al. 2020, §3.1.)
    """
    if not 0.0 < p <= 1.0:
        raise ValueError(f"top_p must lie in (0, 1], got {p}")
    if p == 1.0:
        return logits
    probabilities = logits.softmax(dim=-1)
    size = 256  # the nucleus is mostly small: sorting the whole vocabulary would take as long as a layer of the model
    while True:
        top = probabilities.topk(min(size, logits.shape[-1]), dim=-1).values  # (…, k), descending
        if size >= logits.shape[-1] or (top.sum(dim=-1) > p).all():
            break
        size *= 8
    before = top.cumsum(dim=-1) - top  # mass of the tokens ahead of each
    last = (before < p).sum(dim=-1, keepdim=True) - 1  # rank of the last one kept
    return logits.masked_fill(probabilities < top.gather(-1, last), -torch.inf)


def keep_min_p(logits: Tensor, p: float) -> Tensor:
    """Keep tokens at least p times as probable as the most probable one (Nguyen et al. 2024, §3)."""
    if not 0.0 <= p <= 1.0:
        raise ValueError(f"min_p must lie in [0, 1], got {p}")
    if p == 0.0:
        return logits
    probabilities = logits.softmax(dim=-1)
    return logits.masked_fill(probabilities < p * probabilities.amax(dim=-1, keepdim=True), -torch.inf)


def keep_allowed(logits: Tensor, allowed: Tensor) -> Tensor:
    """Keep what a constraint allows.

    Args:
        logits: Scores (…, V).
        allowed: (…, V') bool. A model may have more rows than its tokenizer has tokens: those are ruled out.

    Raises:
        ValueError: The constraint knows more tokens than the model.
    """
    more = logits.shape[-1] - allowed.shape[-1]
    if more < 0:
        raise ValueError(
            f"the constraint was made for a vocabulary of {allowed.shape[-1]:,} tokens, the model has "
            f"{logits.shape[-1]:,}; make it with the model's own tokenizer"
        )
    return logits.masked_fill(~F.pad(allowed, (0, more)).to(logits.device), -torch.inf)


def draw(probabilities: Tensor, generator: torch.Generator) -> int:
    """Draw one token: lay the probabilities end to end on a line and see where a random point falls.

    One uniform number a token, whatever the vocabulary, so that a generator's state says how many were drawn.

    Args:
        probabilities: (V,), need not sum to exactly 1.
        generator: Source of the random number; its state moves by one draw.

    Returns:
        The token id; never one of probability 0.
    """
    ends = probabilities.double().cumsum(dim=-1)  # (V,)
    # The largest number below the total, so that rounding cannot push the point past the last token.
    total = torch.nextafter(ends[-1], torch.zeros_like(ends[-1]))
    point = torch.rand((), generator=generator, device=generator.device, dtype=torch.float64).to(ends.device) * total
    return int(torch.searchsorted(ends, point, right=True))
