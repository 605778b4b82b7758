"""One text on its way: every reason to stop, and what a step leaves behind."""

import pytest
import torch

from agentos_lab.lm.decoding import Decoding
from agentos_lab.lm.sampling import Sampling


def greedy(**settings) -> Decoding:
    fixed = {"prompt": (1, 2), "sampling": Sampling(temperature=0.0), "generator": torch.Generator()}
    return Decoding(**{**fixed, "max_new_tokens": 3, "context": 10, **settings})


def logits_for(token: int) -> torch.Tensor:
    return 5.0 * torch.nn.functional.one_hot(torch.tensor(token), 6).float()


def test_a_step_adds_the_token_and_its_log_probability():
    decoding = greedy()
    new = decoding.step(logits_for(4))
    assert new.token == 4 and decoding.text == [1, 2, 4]
    assert new.logprob == pytest.approx(float(logits_for(4).log_softmax(-1)[4]))


def test_log_probabilities_are_the_models_own_whatever_the_settings():
    decoding = greedy(sampling=Sampling(temperature=0.1, top_k=1, repetition_penalty=2.0))
    assert decoding.step(logits_for(4)).logprob == pytest.approx(float(logits_for(4).log_softmax(-1)[4]))


@pytest.mark.parametrize(
    ("settings", "reason", "length"),
    [
        ({}, "length", 3),
        ({"context": 4}, "context", 2),
        ({"context": 5}, "length", 3),
        ({"stop_tokens": frozenset({4})}, "stop", 0),
        ({"until": lambda tokens: len(tokens) == 2}, "stop", 2),
    ],
)
def test_each_way_to_end_has_its_reason(settings, reason, length):
    decoding = greedy(**settings)
    while decoding.finish_reason is None:
        decoding.step(logits_for(4))
    assert (decoding.finish_reason, len(decoding.tokens)) == (reason, length)
    assert decoding.result().tokens == (4,) * length


def test_an_unfinished_text_has_no_result():
    with pytest.raises(ValueError, match="not finished"):
        greedy().result()


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"prompt": ()}, "at least 1"),
        ({"prompt": (1,) * 10}, "fewer than 10"),
        ({"max_new_tokens": 0}, "max_new"),
        ({"max_new_tokens": 2.5}, "whole number"),
        ({"constraint": "a+"}, "made by regex, choices"),
    ],
)
def test_a_text_that_cannot_begin_says_why(settings, message):
    with pytest.raises(ValueError, match=message):
        greedy(**settings)


def test_a_copy_goes_its_own_way():
    original = greedy(sampling=Sampling(), generator=torch.Generator().manual_seed(1), max_new_tokens=9, context=20)
    copy = original.copy()
    even = torch.zeros(6)
    first = [original.step(even).token for _ in range(5)]
    assert copy.tokens == []
    assert [copy.step(even).token for _ in range(5)] == first
