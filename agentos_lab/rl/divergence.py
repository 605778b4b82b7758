"""Kullback-Leibler divergence: how far a policy has moved from the reference it started as.

Over a whole vocabulary the divergence of two next-token distributions is a sum that can be computed, not a quantity
to be estimated from the one token that was drawn. Estimators exist for vocabularies too large to keep; `kl_k3` is the
best known.
"""

from __future__ import annotations

from torch import Tensor

from .settings import check_same_shape

__all__ = ["entropy", "kl_divergence", "kl_k3"]


def kl_divergence(logits: Tensor, reference_logits: Tensor) -> Tensor:
    """Exact divergence KL(π ‖ reference) = Σ_v π(v) ln(π(v) / reference(v)) of next-token distributions.

    Args:
        logits: Scores of the policy (…, V).
        reference_logits: Scores of the reference (…, V).

    Returns:
        (…), in nats; never negative beyond rounding, 0 where both are equal.

    Raises:
        ValueError: The shapes differ.
    """
    if logits.shape != reference_logits.shape:
        raise ValueError(
            f"policy and reference must score the same tokens of the same vocabulary, got shapes "
            f"{tuple(logits.shape)} and {tuple(reference_logits.shape)}"
        )
    log_prob = logits.log_softmax(dim=-1)
    return (log_prob.exp() * (log_prob - reference_logits.log_softmax(dim=-1))).sum(dim=-1)


def entropy(logits: Tensor) -> Tensor:
    """Entropy −Σ_v π(v) ln π(v) of next-token distributions, in nats: 0 when sure, ln V when every token is as likely.

    Args:
        logits: Scores (…, V).
    """
    log_prob = logits.log_softmax(dim=-1)
    return -(log_prob.exp() * log_prob).sum(dim=-1)


def kl_k3(log_prob: Tensor, reference_log_prob: Tensor) -> Tensor:
    """Estimate of KL(π ‖ reference) from tokens drawn from π: r − 1 − ln r with r = reference/π (Schulman 2020, "k3").

    Right on average and never negative. It is a number to look at and not a loss: for tokens drawn from π, the
    gradient of its mean is that of KL(reference ‖ π), the divergence in the other direction.

    Args:
        log_prob: ln π of the drawn tokens (…).
        reference_log_prob: ln of the reference's probability of the same tokens (…).

    Raises:
        ValueError: The shapes differ.
    """
    check_same_shape(log_prob=log_prob, reference_log_prob=reference_log_prob)
    log_ratio = reference_log_prob - log_prob
    return log_ratio.expm1() - log_ratio
