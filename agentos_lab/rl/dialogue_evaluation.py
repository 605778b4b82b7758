"""Examining a policy that talks: new prompts, sampled or greedy responses, and the task's own verdict."""

from __future__ import annotations

import torch

from .dialogue import DialogueTask, check_task
from .dialogue_sampling import TokenPolicy, sample_dialogues
from .evaluation import Evaluation
from .settings import check_count, check_seed

__all__ = ["evaluate_dialogue"]


def evaluate_dialogue(
    policy: TokenPolicy,
    task: DialogueTask,
    *,
    episodes: int = 200,
    greedy: bool = False,
    max_new_tokens: int | None = None,
    seed: int = 1,
) -> Evaluation:
    """Let a policy talk about new prompts, once each, and see what the task says.

    Args:
        policy: Scores next tokens.
        task: Draws the prompts and judges the responses.
        episodes: How many dialogues.
        greedy: Always the most probable token, instead of drawing: how good the policy is at its most certain.
        max_new_tokens: Most tokens after a prompt; None: as the task says.
        seed: Fixes prompts and responses. The prompts are the same for every policy.

    Returns:
        Mean reward with its standard error, and all rewards.
    """
    check_count("episodes", episodes)
    check_seed(seed)
    check_task(task)
    generator = torch.Generator().manual_seed(seed)
    prompts = [task.sample(generator) for _ in range(episodes)]
    dialogues = sample_dialogues(
        policy, task, prompts, greedy=greedy, max_new_tokens=max_new_tokens, generator=generator
    )
    rewards = dialogues.rewards(task.reward).tolist()
    return Evaluation.of(rewards, greedy=greedy, task=type(task).__name__)
