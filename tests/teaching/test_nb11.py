"""The checks of notebook 11: the right answer passes, a typical wrong one is told what is wrong with it."""

import pytest
import torch

from agentos_lab.teaching import check


def masked_late(scores, mask):
    return 1 - (scores.softmax(dim=-1) * mask).sum(dim=-1)


def test_only_a_query_of_zeros_asks_nothing():
    assert check("11.asks_nothing", torch.zeros(2))
    assert "prefers some keys" in check("11.asks_nothing", torch.tensor([0.0, 1.0])).message


def test_the_causal_mask_without_tril():
    def mask(length):
        t = torch.arange(length)
        return t[:, None] >= t[None, :]

    assert check("11.causal_mask", mask)
    assert "**later** ones" in check("11.causal_mask", lambda n: mask(n).T).message
    assert "may not look at itself" in check("11.causal_mask", lambda n: mask(n) & ~torch.eye(n).bool()).message
    assert "what is hidden" in check("11.causal_mask", lambda n: ~mask(n)).message


def test_attention_for_one_head():
    assert check("11.attention", lambda q, k, v: (q @ k.T / q.shape[-1] ** 0.5).softmax(dim=-1) @ v)
    assert "not divided" in check("11.attention", lambda q, k, v: (q @ k.T).softmax(dim=-1) @ v).message
    late = check("11.attention", lambda q, k, v: (q @ k.T / q.shape[-1] ** 0.5).softmax(dim=0) @ v)
    assert "over the queries" in late.message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (lambda s, m: 1 - masked_late(s, m), "what is **left**"),
        (lambda s, m: torch.zeros(len(s)), "after it"),
        (lambda s, m: 1 - (s.softmax(-1) * m).sum(0), "over the keys"),
    ],
)
def test_the_weight_that_a_late_mask_loses(answer, told):
    assert check("11.lost", masked_late)
    assert told in check("11.lost", answer).message


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ([0, 0], "A tensor was expected"),
        (torch.zeros(1, 2), "the shape (1, 2), expected (2,)"),
        (torch.tensor([0.0, torch.nan]), "finite number"),
    ],
)
def test_the_form_of_the_query_is_looked_at(answer, told):
    result = check("11.asks_nothing", answer)
    assert told in result.message and "zero" not in str(result.problem)


def test_as_many_queries_as_keys_are_not_assumed():
    def with_length(q, k, v):
        return (q @ k.T / len(q) ** 0.5).softmax(dim=-1) @ v

    def causal(q, k, v):
        scores = q @ k.T / q.shape[-1] ** 0.5
        return scores.masked_fill(torch.ones_like(scores).triu(1).bool(), -torch.inf).softmax(dim=-1) @ v

    assert "d is the width" in check("11.attention", with_length).message
    assert "no mask in this formula" in check("11.attention", causal).message
    assert check("11.attention", torch.nn.functional.scaled_dot_product_attention)
