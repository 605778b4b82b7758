"""The checks of notebook 25: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from agentos_lab.rl import ReplayBuffer, q_target
from agentos_lab.teaching import check


def targets(reward, terminated, truncated, next_values, gamma):
    return q_target(reward, terminated, next_values, gamma)


def huber(delta):
    return F.smooth_l1_loss(torch.as_tensor(delta), torch.zeros(len(delta), dtype=torch.float64)).item()


def held(steps, capacity):
    ring, no = ReplayBuffer(capacity), np.zeros(1, bool)
    for step in range(steps):
        ring.add(np.array([step]), np.zeros(1, int), np.zeros(1), np.array([step + 1]), no, no)
    return ring.steps().obs.tolist() if steps else []


@pytest.mark.parametrize(
    ("name", "answer"), [("two_targets", (5.6, 2.9)), ("targets", targets), ("huber", huber), ("held", held)]
)
def test_a_right_answer_passes(name, answer):
    assert check(f"25.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("two_targets", (5.6, 6.5), "the copy says what the choice is worth"),
        ("two_targets", (6.5, 2.9), "not from the network that learns"),
        ("two_targets", (2.9, 5.6), "exchanged the two"),
        ("two_targets", (4.0, 1.0), "add the reward"),
        ("targets", lambda r, end, cut, v, gamma: targets(r, end | cut, cut, v, gamma), "still has a future"),
        ("targets", lambda r, end, cut, v, gamma: targets(r, end, cut, v, 1.0), "γ is missing"),
        ("targets", lambda r, end, cut, v, gamma: targets(r, end | cut, cut, v, 1.0), "Two faults are left"),
        ("targets", lambda r, end, cut, v, gamma: r + gamma * v.max(dim=1).values, "the reward alone"),
        ("targets", lambda r, end, cut, v, gamma: targets(r, cut, cut, v, gamma), "exchanged"),
        ("huber", lambda d: np.where(d <= 1, d**2 / 2, d - 0.5).mean(), "compare |δ| with 1"),
        ("huber", lambda d: np.where(abs(d) <= 1, d**2 / 2, abs(d)).mean(), "½ is missing"),
        ("huber", lambda d: np.where(abs(d) <= 1, d**2, abs(d) - 0.5).mean(), "δ²/2, not δ²"),
        ("huber", lambda d: (d**2 / 2).mean(), "in a straight line"),
        ("huber", lambda d: np.where(abs(d) > 1, d**2 / 2, abs(d) - 0.5).mean(), "for **small** errors"),
        ("huber", lambda d: huber(d) * len(d), "That is the sum"),
        ("held", lambda steps, capacity: sorted(held(steps, capacity)), "order of age"),
        ("held", lambda steps, capacity: list(range(steps))[:capacity], "takes the place of the oldest"),
        ("held", lambda steps, capacity: list(range(steps)), "Nothing is ever forgotten"),
        ("held", lambda steps, capacity: (held(steps, capacity) + [0] * capacity)[:capacity], "not in use yet"),
        ("two_targets", (5.6, 4.7), "**second** action"),
        ("two_targets", (6, 3), "discount is missing"),
        ("two_targets", (5.6, 2.5), "too small"),
        ("two_targets", (5.6, "2.9"), "Entry 2"),
        ("two_targets", 5.6, "A list with 2 entries"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"25.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
