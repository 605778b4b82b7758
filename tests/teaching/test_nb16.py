"""The checks of notebook 16: the right answer passes, a typical wrong one is told what is wrong with it."""

from __future__ import annotations

import pytest
import torch

from agentos_lab.teaching import check


def nucleus(probabilities, p):
    return probabilities.cumsum(dim=0) - probabilities < p


def nucleus_as_given(probabilities, p):
    return probabilities.cumsum(dim=0) <= p


def colder(probabilities, temperature):
    powers = probabilities ** (1 / temperature)
    return powers / powers.sum()


def divided_probabilities(probabilities, temperature):
    return torch.softmax(probabilities / temperature, dim=0)


def tokens_read(prompt, new, use_cache):
    return prompt + new - 1 if use_cache else new * prompt + new * (new - 1) // 2


def reusable(old, new):
    for place, (one, other) in enumerate(zip(old, new[:-1], strict=False)):
        if one != other:
            return place
    return min(len(old), len(new) - 1)


def all_equal_tokens(old, new):
    return min(sum(one == other for one, other in zip(old, new, strict=False)), len(new) - 1)


def common_beginning(old, new):
    same = 0
    for one, other in zip(old, new, strict=False):
        if one != other:
            break
        same += 1
    return same


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("kept", 2),
        ("nucleus", nucleus),
        ("colder", colder),
        ("tokens_read", tokens_read),
        ("reusable", reusable),
    ],
)
def test_a_right_answer_passes(name, answer):
    assert check(f"16.{name}", answer)


@pytest.mark.parametrize(
    ("name", "answer", "said"),
    [
        ("kept", 1, "at least"),
        ("kept", 3, "the fewest"),
        ("kept", 5, "too large"),
        ("nucleus", nucleus_as_given, "**before**"),
        ("nucleus", lambda probabilities, p: probabilities >= p, "running sum"),
        ("nucleus", lambda probabilities, p: probabilities.cumsum(dim=0) > p, "keeps the tail"),
        ("nucleus", lambda probabilities, p: probabilities.cumsum(dim=0) - probabilities <= p, "One word too many"),
        ("colder", divided_probabilities, "Take the logarithm"),
        ("colder", lambda p, temperature: p ** (1 / temperature), "does not add up to 1"),
        ("colder", lambda p, temperature: (p.log() * temperature).softmax(dim=0), "flatter"),
        ("tokens_read", lambda prompt, new, cache: prompt + new if cache else tokens_read(prompt, new, False), "last"),
        ("tokens_read", lambda prompt, new, cache: new if cache else tokens_read(prompt, new, False), "the prompt has"),
        (
            "tokens_read",
            lambda prompt, new, cache: tokens_read(prompt, new, True) if cache else prompt * new,
            "since",
        ),
        ("reusable", common_beginning, "no logits"),
        ("reusable", all_equal_tokens, "first difference"),
        ("reusable", lambda old, new: max(common_beginning(old, new) - 1, 0), "always leave"),
        ("kept", 0.75, "How many words"),
        ("kept", True, "of type bool"),
    ],
)
def test_a_wrong_answer_is_told_why(name, answer, said):
    result = check(f"16.{name}", answer)
    assert result.verdict == "wrong"
    assert said in result.message
