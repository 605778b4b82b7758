"""Rows of a batch know nothing of each other, in every family of models."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from small_models import every_family, loud

from agentos_lab.lm.generation import generate


@every_family
@given(seed=st.integers(0, 2**31), data=st.data())
@settings(max_examples=8)
def test_what_a_row_says_does_not_depend_on_its_neighbours(config, seed, data):
    model = loud(config)
    prompts = data.draw(st.lists(st.lists(st.integers(0, 30), min_size=1, max_size=8), min_size=1, max_size=5))
    chosen = {"max_new_tokens": 8, "top_k": 12, "stop_tokens": [3, 4]}
    together = generate(model, prompts, seed=seed, **chosen)
    for row, prompt in enumerate(prompts):
        (alone,) = generate(model, [prompt], seed=seed + row, **chosen)
        assert alone.tokens == together[row].tokens
        assert alone.finish_reason == together[row].finish_reason
        torch.testing.assert_close(torch.tensor(alone.logprobs), torch.tensor(together[row].logprobs))
