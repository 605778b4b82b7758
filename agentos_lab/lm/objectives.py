"""Objectives: what a language model is asked to get right, and the units its error is told in.

A GPT guesses the next token of a text; a masked model (BERT) guesses tokens that were hidden from it. Both pay
the same price for a guess: −ln of the probability that they gave to the token that really stood there.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

__all__ = [
    "IGNORED",
    "bits_per_byte",
    "corrupt",
    "cross_entropy",
    "masked_language_loss",
    "next_token_loss",
    "perplexity",
]

IGNORED = -100  # a target that asks nothing; the value that torch's cross entropy skips


def next_token_loss(logits: Tensor, tokens: Tensor) -> Tensor:
    """Mean of −ln P(token t+1 | tokens 0…t), in nats per token (Radford et al. 2018, eq. 1).

    A model that knows nothing but the size of its vocabulary scores ln V.

    Args:
        logits: What the model said after reading T tokens (B, T, V).
        tokens: The text (B, T), whose last logits then have no answer to be compared with; or (B, T+1), the text
            with the one token more that answers them.

    Returns:
        The loss, a scalar.

    Raises:
        ValueError: The shapes do not fit, or there is no next token.
    """
    batch, length = logits.shape[:2] if logits.dim() == 3 else (0, 0)
    if tokens.shape not in ((batch, length), (batch, length + 1)):
        raise ValueError(
            f"logits (B, T, V) need tokens (B, T) or (B, T+1); got {tuple(logits.shape)} and {tuple(tokens.shape)}"
        )
    answers = tokens[:, 1:]
    if not answers.numel():
        raise ValueError("one token alone has no next one: give tokens of at least length 2 (axis T)")
    return cross_entropy(logits[:, : answers.shape[1]], answers)


def masked_language_loss(logits: Tensor, targets: Tensor) -> Tensor:
    """Mean of −ln P(hidden token | the corrupted text), in nats per hidden token (Devlin et al. 2019, §3.1).

    Args:
        logits: What the model said about the corrupted text (B, T, V).
        targets: The hidden tokens, and `IGNORED` everywhere else (B, T); from `corrupt`.

    Returns:
        The loss, a scalar.

    Raises:
        ValueError: The shapes do not fit, or no token was hidden.
    """
    if logits.dim() != 3 or logits.shape[:2] != targets.shape:
        raise ValueError(f"logits (B, T, V) need targets (B, T); got {tuple(logits.shape)} and {tuple(targets.shape)}")
    if not (targets != IGNORED).any():
        raise ValueError("no token is hidden, so there is nothing to guess; raise the rate or give a longer text")
    return cross_entropy(logits, targets)


def cross_entropy(logits: Tensor, answers: Tensor) -> Tensor:
    """Mean of −ln P(answer), in nats: what both objectives come down to once questions and answers are lined up.

    Args:
        logits: (B, T, V).
        answers: Token ids (B, T); `IGNORED` where nothing is asked.

    Returns:
        The loss, a scalar.

    Raises:
        ValueError: The answers are no integers.
    """
    if answers.is_floating_point() or answers.dtype == torch.bool:
        raise ValueError(f"the right answers are token ids, whole numbers; got {answers.dtype}")
    # bfloat16 has three digits: enough to make the logits, not to average their logarithms.
    precise = logits if logits.dtype == torch.float64 else logits.float()
    return F.cross_entropy(precise.flatten(0, 1), answers.flatten().long(), ignore_index=IGNORED)  # (B·T, V), (B·T,)


def corrupt(
    tokens: Tensor,
    mask_id: int,
    vocab_size: int,
    *,
    rate: float = 0.15,
    special: Sequence[int] = (),
    generator: torch.Generator | None = None,
) -> tuple[Tensor, Tensor]:
    """Hide tokens for a masked model to guess: the 80/10/10 rule of Devlin et al. 2019, §3.1.

    Of the chosen tokens 80 % become the mask, 10 % some other word, and 10 % stay. A model that met only masks would
    learn that a visible token needs no thought, and real text has no masks; this one can trust no token.

    Args:
        tokens: The text (B, T).
        mask_id: Id of the mask token.
        vocab_size: Number of tokens V, from which the random words are drawn.
        rate: Probability that a token is chosen.
        special: Ids that are never chosen and never drawn, such as padding and separators; `mask_id` always is one.
        generator: Source of the randomness. None: torch's global one.

    Returns:
        The corrupted text (B, T), and the targets (B, T): the original where a token was chosen, else `IGNORED`.

    Raises:
        ValueError: `rate` is no probability, an id lies outside the vocabulary, or no ordinary token is left to draw.
    """
    if not 0.0 < rate <= 1.0:
        raise ValueError(f"rate is the share of tokens to hide, in (0, 1]; got {rate}")
    reserved = {mask_id, *special}
    if outside := sorted(token for token in reserved if not 0 <= token < vocab_size):
        raise ValueError(f"special ids must lie in [0, {vocab_size}), got {outside}")
    if len(reserved) == vocab_size:
        raise ValueError(f"all {vocab_size} tokens are special: there is none to hide and none to draw")
    device = tokens.device
    ordinary = torch.tensor([token for token in range(vocab_size) if token not in reserved], device=device)

    def uniform() -> Tensor:
        drawn = torch.rand(tokens.shape, generator=generator, device=generator.device if generator else device)
        return drawn.to(device)

    chosen = (uniform() < rate) & ~torch.isin(tokens, torch.tensor(sorted(reserved), device=device))  # (B, T)
    fate = uniform()
    random_words = ordinary[(uniform() * len(ordinary)).long()]
    corrupted = torch.where(chosen & (fate < 0.8), mask_id, tokens)
    corrupted = torch.where(chosen & (fate >= 0.8) & (fate < 0.9), random_words, corrupted)
    return corrupted, torch.where(chosen, tokens, IGNORED)


def perplexity(loss: float | Tensor) -> float:
    """e^loss: among how many equally likely tokens the model seems to choose.

    Args:
        loss: Nats per token.

    Returns:
        At least 1; infinity for a loss beyond 709, where e^loss is no floating-point number any more.
    """
    try:
        return math.exp(loss)
    except OverflowError:
        return math.inf


def bits_per_byte(loss: float | Tensor, *, tokens: int, text_bytes: int) -> float:
    """Bits that the model needs for one byte of text: the one score that compares models with different tokenizers.

    A vocabulary of long pieces makes each guess harder and needs fewer of them; per byte that cancels out.

    Args:
        loss: Nats per token.
        tokens: Number of tokens in the text.
        text_bytes: Length of the same text in UTF-8.

    Raises:
        ValueError: A count is not positive.
    """
    if tokens < 1 or text_bytes < 1:
        raise ValueError(f"tokens and text_bytes must be positive; got {tokens} and {text_bytes}")
    return float(loss) / math.log(2) * tokens / text_bytes
