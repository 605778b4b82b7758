"""Losses against torch's and against counting; the 80/10/10 rule by statistics."""

import math

import pytest
import torch
import torch.nn.functional as F
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.objectives import (
    IGNORED,
    bits_per_byte,
    corrupt,
    cross_entropy,
    masked_language_loss,
    next_token_loss,
    perplexity,
)


def drawn(seed, *shape, high=7):
    return torch.randint(high, shape, generator=torch.Generator().manual_seed(seed))


def logits_of(seed, batch, length, vocabulary):
    return torch.randn(batch, length, vocabulary, generator=torch.Generator().manual_seed(seed))


@given(st.integers(0, 999), st.integers(1, 3), st.integers(2, 6))
def test_next_token_loss_is_the_mean_surprise_at_each_next_token(seed, batch, length):
    logits, tokens = logits_of(seed, batch, length, 7), drawn(seed, batch, length)
    surprises = [
        -math.log(logits[b, t].double().softmax(-1)[tokens[b, t + 1]]) for b in range(batch) for t in range(length - 1)
    ]
    assert next_token_loss(logits, tokens).item() == pytest.approx(sum(surprises) / len(surprises), rel=1e-5)


def test_one_token_more_than_logits_answers_the_last_one_too():
    logits, tokens = logits_of(0, 2, 5, 7), drawn(1, 2, 6)
    torch.testing.assert_close(
        next_token_loss(logits, tokens), F.cross_entropy(logits.reshape(-1, 7), tokens[:, 1:].reshape(-1))
    )
    assert not torch.isclose(next_token_loss(logits, tokens), next_token_loss(logits, tokens[:, :-1]))


def test_equal_scores_cost_ln_v_and_have_perplexity_v():
    loss = next_token_loss(torch.zeros(2, 5, 7), drawn(0, 2, 5))
    assert loss.item() == pytest.approx(math.log(7)) and perplexity(loss) == pytest.approx(7)


def test_masked_loss_asks_only_about_hidden_tokens():
    logits, targets = logits_of(0, 1, 4, 7), torch.tensor([[IGNORED, 3, IGNORED, 5]])
    expected = F.cross_entropy(logits[0, [1, 3]], torch.tensor([3, 5]))
    torch.testing.assert_close(masked_language_loss(logits, targets), expected)
    changed = logits.clone()
    changed[0, [0, 2]] += 100 * torch.arange(7.0)
    torch.testing.assert_close(masked_language_loss(changed, targets), expected)


def test_losses_of_bfloat16_logits_are_averaged_in_float32():
    logits, answers = logits_of(0, 4, 50, 7).bfloat16(), drawn(1, 4, 50)
    loss = cross_entropy(logits, answers)
    assert loss.dtype == torch.float32
    torch.testing.assert_close(loss, cross_entropy(logits.double(), answers).float())


@pytest.mark.parametrize(
    ("shape", "tokens", "message"),
    [
        ((2, 5, 7), (2, 7), r"got \(2, 5, 7\) and \(2, 7\)"),
        ((2, 5, 7), (3, 5), r"\(B, T\) or \(B, T\+1\)"),
        ((5, 7), (5, 7), r"logits \(B, T, V\)"),
        ((1, 1, 7), (1, 1), "no next one"),
    ],
)
def test_shapes_that_do_not_fit_are_named(shape, tokens, message):
    with pytest.raises(ValueError, match=message):
        next_token_loss(torch.zeros(shape), torch.zeros(tokens, dtype=torch.long))


def test_a_masked_loss_without_a_question_is_refused():
    with pytest.raises(ValueError, match="no token is hidden"):
        masked_language_loss(torch.zeros(1, 3, 7), torch.full((1, 3), IGNORED))
    with pytest.raises(ValueError, match=r"targets \(B, T\)"):
        masked_language_loss(torch.zeros(1, 3, 7), torch.zeros(1, 4, dtype=torch.long))


def test_corrupt_follows_the_80_10_10_rule():
    tokens = 5 + drawn(0, 400, 500, high=95)  # ids 5…99
    corrupted, targets = corrupt(tokens, 4, 100, special=(0, 1, 2, 3), generator=torch.Generator().manual_seed(0))
    chosen = targets != IGNORED
    assert torch.equal(targets[chosen], tokens[chosen]) and torch.equal(corrupted[~chosen], tokens[~chosen])
    count = int(chosen.sum())
    assert count / tokens.numel() == pytest.approx(0.15, abs=4 * (0.15 * 0.85 / tokens.numel()) ** 0.5)
    masked = (corrupted == 4) & chosen
    kept = (corrupted == tokens) & chosen
    # One random word in 95 is by chance the old one.
    for share, expected in ((masked, 0.8), (kept, 0.1 + 0.1 / 95)):
        deviation = (expected * (1 - expected) / count) ** 0.5
        assert int(share.sum()) / count == pytest.approx(expected, abs=4 * deviation)
    words = corrupted[chosen & ~masked & ~kept]
    assert words.min() == 5 and words.max() == 99  # never a special token
    expected_each = len(words) / 95
    assert (torch.bincount(words, minlength=100)[5:] - expected_each).abs().max() < 6 * expected_each**0.5


@given(st.integers(0, 999), st.floats(0.01, 1.0))
def test_special_tokens_are_never_hidden_and_the_seed_decides(seed, rate):
    tokens = drawn(seed, 3, 40, high=20)
    first, second = (
        corrupt(tokens, 19, 20, rate=rate, special=(0, 7), generator=torch.Generator().manual_seed(seed))
        for _ in range(2)
    )
    assert all(torch.equal(a, b) for a, b in zip(first, second, strict=True))
    corrupted, targets = first
    special = torch.isin(tokens, torch.tensor([0, 7, 19]))
    assert (targets[special] == IGNORED).all() and torch.equal(corrupted[special], tokens[special])


def test_rate_one_asks_about_every_ordinary_token():
    tokens = drawn(0, 2, 30, high=9)
    _, targets = corrupt(tokens, 9, 10, rate=1.0, generator=torch.Generator().manual_seed(0))
    assert torch.equal(targets, tokens)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"rate": 0.0}, r"in \(0, 1\]; got 0.0"),
        ({"rate": 1.5}, "got 1.5"),
        ({"mask_id": 10}, r"special ids must lie in \[0, 10\), got \[10\]"),
        ({"special": range(10)}, "all 10 tokens are special"),
    ],
)
def test_impossible_corruptions_are_refused(settings, message):
    with pytest.raises(ValueError, match=message):
        corrupt(drawn(0, 1, 5), **{"mask_id": 9, "vocab_size": 10, **settings})


def test_bits_per_byte_does_not_depend_on_how_the_text_was_cut():
    text = "ab" * 50
    by_character = bits_per_byte(math.log(2), tokens=100, text_bytes=len(text))  # one bit for each letter
    by_pair = bits_per_byte(2 * math.log(2), tokens=50, text_bytes=len(text))  # the same, told in pairs
    assert by_character == pytest.approx(1.0) and by_pair == pytest.approx(1.0)
    with pytest.raises(ValueError, match="must be positive"):
        bits_per_byte(1.0, tokens=0, text_bytes=10)


@pytest.mark.parametrize(("loss", "expected"), [(0.0, 1.0), (torch.tensor(1.0), math.e), (1e4, math.inf)])
def test_perplexity_of_a_diverged_model_is_infinite_and_no_error(loss, expected):
    assert perplexity(loss) == pytest.approx(expected)


def test_tokens_of_any_integer_type_can_be_answers():
    logits, tokens = logits_of(0, 2, 5, 7), drawn(1, 2, 5)
    assert torch.equal(next_token_loss(logits, tokens.int()), next_token_loss(logits, tokens))


def test_answers_that_are_no_token_ids_are_refused():
    with pytest.raises(ValueError, match=r"whole numbers; got torch\.float32"):
        next_token_loss(logits_of(0, 2, 5, 7), torch.zeros(2, 5))
