"""What a model refuses to read, and what it says then."""

import pytest
import torch
from small_models import FAMILIES, text

from agentos_lab.lm import GPT


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        (torch.zeros(5, dtype=torch.long), r"shape \(B, T\).*tokens\[None\]"),
        (torch.zeros(1, 5), "must be integers"),
        (torch.zeros(1, 0, dtype=torch.long), "at least one token"),
        ([[1, 2]], r"tensor of integers \(B, T\), got list; .*torch.tensor\(\[ids\]\)"),
        ("some text", "got str; .*tokenizer.encode"),
        (torch.zeros(1, 5, dtype=torch.uint8), "int64 or int32"),
        (torch.zeros(1, 25, dtype=torch.long), "25 tokens do not fit the context of 24"),
        (torch.tensor([[3, 31]]), r"\[0, 31\), got 3 to 31; does the tokenizer belong"),
    ],
)
def test_bad_tokens_are_refused_with_the_reason(tokens, message):
    with pytest.raises(ValueError, match=message):
        GPT(FAMILIES["gpt2"], seed=0)(tokens)


def test_a_mask_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"tokens' shape \(2, 5\)"):
        GPT(FAMILIES["gpt2"], seed=0)(text(2, 5), mask=torch.ones(2, 4, dtype=torch.bool))


@pytest.mark.parametrize(
    ("positions", "message"),
    [
        ([0, 1, 2, 3, 4], "a tensor of integers"),
        (torch.arange(4), r"tokens' shape \(2, 5\)"),
        (torch.arange(22, 27), "learned positions 0 to 23, got 22 to 26"),
    ],
)
def test_positions_that_the_model_does_not_have_are_refused(positions, message):
    with pytest.raises(ValueError, match=message):
        GPT(FAMILIES["gpt2"], seed=0)(text(2, 5), positions=positions)
