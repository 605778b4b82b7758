"""The checks of notebook 14: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import pytest
import torch

from agentos_lab.teaching import check


def hide(tokens, chosen, mask_id):
    return torch.where(chosen, mask_id, tokens), torch.where(chosen, tokens, -100)


def ask_the_visible(tokens, chosen, mask_id):
    return torch.where(chosen, mask_id, tokens), tokens


def ask_the_wrong_half(tokens, chosen, mask_id):
    return torch.where(chosen, mask_id, tokens), torch.where(chosen, -100, tokens)


def ask_for_the_mask(tokens, chosen, mask_id):
    return torch.where(chosen, mask_id, tokens), torch.where(chosen, mask_id, -100)


def asked_logprobs(logits, targets):
    rows = [row for row, target in enumerate(targets.tolist()) if target != -100]
    return torch.stack([logits[row].log_softmax(dim=0)[targets[row]] for row in rows])


def masked_loss(logits, targets):
    return -asked_logprobs(logits, targets).mean()


def neighbours(text):
    return zip(text, text[1:], text[2:], strict=False)


def counted(text, left, right):
    return Counter(b for a, b, c in neighbours(text) if (a, c) == (left, right))


def between(text, left, right):
    counts = counted(text, left, right)
    return {letter: count / counts.total() for letter, count in counts.items()}


def after(text, left, right):
    counts = Counter(b for a, b, _ in neighbours(text) if a == left)
    return {letter: count / counts.total() for letter, count in counts.items()}


def before(text, right):
    found = Counter(letter for letter, follower in pairwise(text) if follower == right)
    return {letter: count / found.total() for letter, count in found.items()}


def without_overlaps(text, left, right):
    found = Counter(re.findall(f"{left}(.){right}", text))
    return {letter: count / found.total() for letter, count in found.items()}


def of_all(text, left, right):
    return {letter: count / (len(text) - 2) for letter, count in counted(text, left, right).items()}


@pytest.mark.parametrize(
    ("name", "answer"),
    [("unchanged", 150), ("unchanged", 150.0), ("hide", hide), ("masked_loss", masked_loss), ("between", between)],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"14.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("unchanged", 1500, "**chosen**"),
        ("unchanged", 1000, "not of all"),
        ("unchanged", 8500, "nobody asks"),
        ("unchanged", 7, "too small"),
        ("hide", ask_the_visible, "still asked for"),
        ("hide", ask_the_wrong_half, "other way round"),
        ("hide", ask_for_the_mask, "ask for the mask"),
        ("masked_loss", lambda z, t: -asked_logprobs(z, t).sum() / len(t), "number of **hidden** places"),
        ("masked_loss", lambda z, t: -asked_logprobs(z, t).sum(), "the sum over"),
        ("masked_loss", lambda z, t: asked_logprobs(z, t).mean(), "never negative"),
        ("masked_loss", lambda z, t: -asked_logprobs(z, t).exp().mean().log(), "logarithm first"),
        ("between", counted, "These are counts"),
        ("between", after, "left neighbour only"),
        ("between", of_all, "all places"),
        ("unchanged", "150", "without quotes"),
        ("unchanged", 151, "too large"),
        ("masked_loss", lambda z, t: asked_logprobs(z, t).exp().mean().log().neg(), "You average the probabilities"),
        ("between", lambda text, left, right: before(text, right), "right neighbour only"),
        ("between", without_overlaps, "overlaps another one"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"14.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
