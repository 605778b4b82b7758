"""Windows come from the text, in an order that the generator fixes."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from agentos_lab.lm.batches import all_windows, as_tokens, random_windows, split_tokens


@given(st.integers(1, 60), st.integers(1, 60), st.integers(0, 99))
def test_random_windows_are_pieces_of_the_text(size, length, seed):
    text = torch.arange(size)
    if length > size:
        with pytest.raises(ValueError, match=f"{size} tokens holds no window of {length}"):
            random_windows(text, 2, length, torch.Generator())
        return
    windows = random_windows(text, 5, length, torch.Generator().manual_seed(seed))
    assert windows.shape == (5, length)
    assert torch.equal(windows - windows[:, :1], torch.arange(length).expand(5, -1))


def test_every_start_is_drawn_including_first_and_last():
    windows = random_windows(torch.arange(10), 2000, 4, torch.Generator().manual_seed(0))
    assert torch.bincount(windows[:, 0]).min() > 200 and windows[:, 0].unique().tolist() == list(range(7))


@given(st.integers(1, 80), st.integers(1, 30), st.integers(1, 20))
def test_all_windows_cover_the_text_from_end_to_end_without_overlap(size, length, limit):
    if length > size:
        return
    windows = all_windows(torch.arange(size), length, limit)
    starts = windows[:, 0]
    assert len(windows) == max(1, min(limit, size // length)) and starts[0] == 0
    if len(windows) > 1:
        assert windows[-1, -1] == size - 1 and (starts.diff() >= length).all()


def test_validation_is_the_end_of_the_text_or_tokens_of_its_own():
    text = torch.arange(10)
    train, validation = split_tokens(text, 0.3, 10)
    assert train.tolist() == list(range(7)) and validation.tolist() == [7, 8, 9]
    train, validation = split_tokens(text, [1, 2], 10)
    assert len(train) == 10 and validation.tolist() == [1, 2]
    assert len(split_tokens(text, 0.0, 10)[1]) == 0
    with pytest.raises(ValueError, match=r"a share of the text in \[0, 1\).*got 1.5"):
        split_tokens(text, 1.5, 10)


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ([[1, 2]], r"one flat sequence.*\(1, 2\).*tokenizer.encode"),
        ([0.5], "one flat sequence"),
        ("some text", "encode the text first"),
        (["some", "text"], "one flat sequence of token ids.*encode one long text"),
        ([[1, 2], [3]], "one flat sequence of token ids.*encode one long text"),
        ([], "the text is empty"),
        ([1, 10], r"\[0, 10\), got 1 to 10"),
        ([-1, 3], "got -1 to 3"),
    ],
)
def test_what_is_no_text_is_refused(tokens, message):
    with pytest.raises(ValueError, match=message):
        as_tokens(tokens, 10)
