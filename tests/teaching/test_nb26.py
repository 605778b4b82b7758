"""The checks of notebook 26: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

from math import log

import pytest

from agentos_lab.rl import group_advantage
from agentos_lab.teaching import check


def own_loss(log_prob, own, advantage):
    return -(advantage[:, None] * log_prob * own).sum() / len(advantage)


def own_loss_as_given(log_prob, own, advantage):
    return -(advantage * log_prob.sum(dim=1)).mean()


def per_token(log_prob, own, advantage):
    return -(advantage * (log_prob * own).sum(dim=1) / own.sum(dim=1)).mean()


def lesson(p, size):
    return 1 - (p**size + (1 - p) ** size)


def rloo(rewards):
    return group_advantage([rewards], "rloo")[0].tolist()


def divergence(p, q):
    return sum(a * (log(a) - log(b)) for a, b in zip(p, q, strict=True) if a)


def careless_divergence(p, q):
    return sum(a * log(a / b) for a, b in zip(p, q, strict=True))


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("lone_mistake", -1),
        ("own_loss", own_loss),
        ("chance_of_a_lesson", lesson),
        ("rloo", rloo),
        ("divergence", divergence),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"26.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("lone_mistake", 1, "the sign is not"),
        ("lone_mistake", 0, "worse than that"),
        ("lone_mistake", group_advantage([[1.0] * 7 + [0.0]], "mean")[0, 7].item(), "leaves the answer itself out"),
        ("lone_mistake", group_advantage([[1.0] * 7 + [0.0]], "grpo")[0, 7].item(), "GRPO"),
        ("own_loss", own_loss_as_given, "tokens of others still count"),
        ("own_loss", per_token, "divide by the length"),
        ("own_loss", lambda log_prob, own, advantage: -own_loss(log_prob, own, advantage), "sign is lost"),
        ("chance_of_a_lesson", lambda p, size: 1 - (1 - p) ** size, "all **right** is not"),
        ("chance_of_a_lesson", lambda p, size: p**size + (1 - p) ** size, "**nothing**"),
        ("rloo", lambda rewards: group_advantage([rewards], "mean")[0].tolist(), "mean of **all**"),
        ("rloo", lambda rewards: [r - (sum(rewards) - r) / len(rewards) for r in rewards], "full number"),
        ("divergence", lambda p, q: divergence(q, p), "other direction"),
        ("divergence", lambda p, q: -divergence(p, q), "never negative"),
        ("divergence", lambda p, q: divergence(p, q) / log(2), "bits"),
        ("divergence", careless_divergence, "leave it out"),
        ("lone_mistake", 1 / 7, "of a right one"),
        ("lone_mistake", -7, "too small"),
        ("own_loss", lambda log_prob, own, advantage: 2 * own_loss(log_prob, own, advantage), "is 8, expected 4"),
        (
            "own_loss",
            lambda log_prob, own, advantage: len(own) * own_loss(log_prob, own, advantage),
            "sum over the dialogues",
        ),
        ("own_loss", lambda log_prob, own, advantage: own_loss(log_prob.detach(), own, advantage), "no gradient"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"26.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
