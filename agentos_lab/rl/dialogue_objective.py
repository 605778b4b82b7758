"""The objective of a language policy: reward, minus what it costs to move away from the reference.

    J(θ) = E[R(h, y)] − β KL(π_θ ‖ reference),   with   KL = E[Σₜ KLₜ],

where y is drawn from π_θ and KLₜ is the divergence of the two next-token distributions at its t-th token, computed
over the whole vocabulary. The gradient has two parts, because θ decides both what a divergence is and which ones are
met: ∇J = E[Σₜ ∇ln π(yₜ) (R − β KL(y)) − β Σₜ ∇KLₜ], the policy gradient theorem for a reward that depends on θ itself.
The first part is the advantage's (`dialogue_advantage`), the second the loss's (`dialogue_loss`). Where only the second
is taken, as when GRPO was first described, no token is charged for the divergences that it leads to.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from .dialogue import Dialogues
from .dialogue_sampling import TokenPolicy, device_of
from .divergence import entropy, kl_divergence
from .group_advantage import GroupAdvantage, group_advantage

__all__ = ["DialogueLoss", "TokenScores", "dialogue_advantage", "dialogue_loss", "score_tokens"]


class TokenScores(NamedTuple):
    """What a policy thinks of the tokens of a batch; column t is about token t + 1, 0 where it is not the policy's own.

    Attributes:
        own: Which tokens the policy wrote (B, T−1) bool.
        log_prob: ln of the probability of each token (B, T−1).
        divergence: KL(π ‖ reference) of the next-token distributions (B, T−1), nats; 0 without a reference.
        entropy: Of the policy's next-token distributions (B, T−1), nats.
    """

    own: Tensor
    log_prob: Tensor
    divergence: Tensor
    entropy: Tensor


class DialogueLoss(NamedTuple):
    """What an update minimises, and its parts.

    Attributes:
        loss: ``policy_loss + beta * divergence``.
        policy_loss: Its gradient is the policy gradient; its value, for advantages that sum to 0, is 0 on fresh data.
        divergence: From the reference, mean over the dialogues, nats.
        clip_fraction: Share of the policy's tokens whose probability ratio has left the clipping range.
    """

    loss: Tensor
    policy_loss: Tensor
    divergence: Tensor
    clip_fraction: float


def score_tokens(policy: TokenPolicy, dialogues: Dialogues, reference_logits: Tensor | None = None) -> TokenScores:
    """Read whole dialogues at once, and say what the policy thinks of every token of its own.

    Args:
        policy: Scores next tokens; its gradient flows through all three results.
        dialogues: What to read (B, T).
        reference_logits: Scores (B, T−1, V) of the reference for the same dialogues; see `token_logits`.
    """
    logits = token_logits(policy, dialogues)  # (B, T−1, V)
    tokens, own = dialogues.tokens[:, 1:].to(logits.device), dialogues.own[:, 1:].to(logits.device)
    log_prob = logits.log_softmax(dim=-1).gather(-1, tokens[..., None])[..., 0]  # (B, T−1)
    divergence = torch.zeros_like(log_prob) if reference_logits is None else kl_divergence(logits, reference_logits)
    return TokenScores(own, log_prob * own, divergence * own, entropy(logits) * own)


def token_logits(policy: TokenPolicy, dialogues: Dialogues) -> Tensor:
    """Scores (B, T−1, V) of the tokens of whole dialogues: column t is about token t + 1."""
    logits = policy(dialogues.tokens.to(device_of(policy)))[:, :-1]
    return logits.to(
        torch.promote_types(logits.dtype, torch.float32)
    )  # sums over a vocabulary are no work for bfloat16


def dialogue_advantage(reward: Tensor, divergence: Tensor, kind: GroupAdvantage, beta: float) -> Tensor:
    """Advantage of each dialogue, once its divergence from the reference has been paid for.

    Args:
        reward: (Q, G), a row for each prompt.
        divergence: KL from the reference, summed over the tokens of each dialogue (Q, G), nats.
        kind: How rewards become advantages. What a divergence costs is centred in the same way, but never divided by
            a standard deviation: in a group of equal rewards that would make a large number of a negligible one.
        beta: Cost of a nat, in rewards.

    Returns:
        (Q, G), float32.
    """
    advantage = group_advantage(reward, kind)
    if beta:
        advantage = advantage - beta * group_advantage(divergence, "rloo" if kind == "grpo" else kind)
    return advantage


def dialogue_loss(
    scores: TokenScores, old_log_prob: Tensor, advantage: Tensor, *, beta: float = 0.0, clip: float = 0.2
) -> DialogueLoss:
    """The loss whose gradient is the policy gradient, kept in bounds when a batch is used more than once.

    With ratio ρ = π(y)/π_old(y) of a token and A its dialogue's advantage, the policy's term is
    −min(ρ A, clip(ρ, 1 − ε, 1 + ε) A) (Schulman et al. 2017, eq. 7), summed over the tokens of a dialogue. In the first
    step on a batch ρ is 1, nothing is clipped, and its gradient is −A ∇ln π: REINFORCE. The sum is not divided by the
    length, as GRPO was first written: that would forgive a wrong answer for being long (Liu et al. 2025, §3).

    Args:
        scores: Of the policy now, with its gradient (B, T−1).
        old_log_prob: ln π_old of the tokens (B, T−1), those of the policy that spoke.
        advantage: One number for each dialogue (B).
        beta: Cost of a nat of divergence, in rewards.
        clip: ε.
    """
    own, advantage = scores.own, advantage.to(scores.log_prob)[:, None]  # (B, T−1), (B, 1)
    ratio = (scores.log_prob - old_log_prob.to(scores.log_prob)).exp()  # (B, T−1)
    clipped = ratio.clamp(1 - clip, 1 + clip)  # (B, T−1)
    policy_loss = -(torch.minimum(ratio * advantage, clipped * advantage) * own).sum(dim=1).mean()
    divergence = scores.divergence.sum(dim=1).mean()
    clip_fraction = float((((ratio - 1).abs() > clip) & own).sum() / own.sum().clamp(min=1))
    return DialogueLoss(policy_loss + beta * divergence, policy_loss, divergence, clip_fraction)
