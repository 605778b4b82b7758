"""Group advantage: how much better an answer was than the other answers to the same question.

A policy that answers each prompt G times needs no value function: the group's own rewards say what was to be
expected. What is left after subtracting that expectation says which answers to make more probable. Where all answers
of a group earned the same, nothing is left, and the group teaches nothing.
"""

from __future__ import annotations

from typing import Any, Literal, get_args

import torch
from torch import Tensor

__all__ = ["GroupAdvantage", "group_advantage", "zero_variance"]

# How the rewards of a group become advantages; see `group_advantage`.
GroupAdvantage = Literal["none", "mean", "rloo", "grpo"]


def group_advantage(reward: Any, kind: GroupAdvantage = "grpo", *, eps: float = 1e-6) -> Tensor:
    """Advantage of each answer within the group of answers to its prompt.

    With R the reward and G the size of the group:

    - ``"none"``: R. Plain REINFORCE (Williams 1992): right on average, and noisy.
    - ``"mean"``: R − the group's mean. The answer itself is in that mean, which shrinks the expected gradient to
      (G − 1)/G of the true one and leaves its direction alone (the advantage of "Dr. GRPO", Liu et al. 2025, §3).
    - ``"rloo"``: R − the mean of the *other* answers (REINFORCE leave-one-out; Kool et al. 2019; Ahmadian et al. 2024).
      Independent of the answer itself, hence unbiased. It is ``"mean"`` times G/(G − 1).
    - ``"grpo"``: (R − mean) / (standard deviation + eps) (Shao et al. 2024, §4.1.2; the deviation divides by G − 1).
      Scale-free, and biased: a prompt that is nearly always or nearly never answered counts more than its share.

    Args:
        reward: Rewards (Q, G), a row for each prompt; any array.
        kind: Which of the four.
        eps: Keeps ``"grpo"`` from dividing by 0.

    Returns:
        Advantages (Q, G), float32. For all kinds but ``"none"`` each row sums to 0, and a row of equal rewards is 0.

    Raises:
        ValueError: Unknown kind, wrong shape, a reward that is no finite number, or a group too small to compare.

    Example:
        >>> group_advantage([[1.0, 0.0, 0.0, 1.0]], "rloo").tolist()
        [[0.6666666865348816, -0.6666666865348816, -0.6666666865348816, 0.6666666865348816]]
    """
    if kind not in get_args(GroupAdvantage):
        raise ValueError(f"advantage must be one of {', '.join(get_args(GroupAdvantage))}; got {kind!r}")
    rewards = _rewards(reward)  # (Q, G)
    if kind == "none":
        return rewards.float()
    size = rewards.shape[1]
    if size < 2:
        raise ValueError(
            f"advantage {kind!r} compares the answers to one prompt and needs at least 2 of them, got {size}; "
            "draw more samples a prompt, or take 'none'"
        )
    above = rewards - rewards.mean(dim=1, keepdim=True)
    if kind == "rloo":
        above = above * (size / (size - 1))
    elif kind == "grpo":
        above = above / (rewards.std(dim=1, keepdim=True) + eps)
    # Rounding can leave 1e-17 where all rewards are equal: that is no lesson.
    return above.masked_fill(zero_variance(rewards)[:, None], 0.0).float()


def zero_variance(reward: Any) -> Tensor:
    """Which groups teach nothing because all their answers earned the same.

    Args:
        reward: Rewards (Q, G).

    Returns:
        (Q,) bool.
    """
    rewards = _rewards(reward)
    return (rewards == rewards[:, :1]).all(dim=1)


def _rewards(reward: Any) -> Tensor:
    rewards = torch.as_tensor(reward, dtype=torch.float64)
    if rewards.dim() != 2 or not rewards.numel():
        raise ValueError(
            f"reward must be of shape (Q, G), one row of G answers a prompt; got {tuple(rewards.shape)}. "
            "One group alone is reward[None]"
        )
    if not rewards.isfinite().all():
        raise ValueError("reward must be finite, got NaN or infinity; what does the task's reward function return?")
    return rewards
