"""The checks of notebook 23: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest

from agentos_lab.teaching import check


def gradient_loss(log_prob, weight):
    return -(log_prob * weight.detach()).mean()


def softmax_score(probabilities, action):
    score = -np.asarray(probabilities, dtype=float)
    score[action] += 1
    return score


def best_baseline(score, weight):
    return (score**2 * weight).mean() / (score**2).mean()


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("score_left", -0.8),
        ("gradient_loss", gradient_loss),
        ("softmax_score", softmax_score),
        ("best_baseline", best_baseline),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"23.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("score_left", 0.8, "has to go down"),
        ("score_left", 0.2, "the score of **right**"),
        ("score_left", -0.2, "of **right**"),
        ("gradient_loss", lambda log_prob, weight: (log_prob * weight).mean(), "The sign"),
        ("gradient_loss", lambda log_prob, weight: -(log_prob * weight).sum(), "A sum instead"),
        ("gradient_loss", lambda log_prob, weight: -(log_prob * weight).mean(), "still flows through the weight"),
        ("gradient_loss", lambda log_prob, weight: gradient_loss(log_prob.detach(), weight), "No gradient reaches"),
        ("gradient_loss", lambda log_prob, weight: -(log_prob.detach() * weight).mean(), "No gradient reaches"),
        ("softmax_score", lambda p, a: p[a] * softmax_score(p, a), "its **logarithm**"),
        ("softmax_score", lambda p, a: -softmax_score(p, a), "turned round"),
        ("softmax_score", lambda p, a: np.eye(len(p))[a] * (1 - p), "other actions' knobs"),
        ("softmax_score", lambda p, a: np.eye(len(p))[a], "first term alone"),
        ("best_baseline", lambda score, weight: weight.mean(), "mean return"),
        ("best_baseline", lambda score, weight: (score * weight).mean() / score.mean(), "square them"),
        ("best_baseline", lambda score, weight: (score**2 * weight).mean(), "Divide by"),
        ("score_left", -5, "The knob is θ"),
        ("score_left", -0.16, "**logarithm**"),
        ("score_left", "-0.8", "without quotes"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"23.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
