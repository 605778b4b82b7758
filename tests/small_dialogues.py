"""A dialogue task with nine responses, small enough to learn in a test."""

from __future__ import annotations

from talking_policies import Guess, Table

from agentos_lab.rl.dialogue_learning import reinforce_dialogue

TASK = Guess()  # the best of the nine responses, (1, 1), is worth 2


SMALL = {"prompts": 4, "samples": 8, "lr": 0.1, "total_steps": 32 * 30, "anneal": False}


def learn(policy=None, task=TASK, reference=None, **settings):
    policy = Table(0) if policy is None else policy
    return reinforce_dialogue(policy, task, reference=reference, progress=False, **{**SMALL, **settings})


def probability_of_best(policy):
    return policy.log_prob((0,), (1, 1)).exp().item()
