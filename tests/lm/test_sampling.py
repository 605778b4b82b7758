"""Sampling filters: against transformers' own, and by the laws that they must obey."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor
from transformers import (
    LogitsProcessorList,
    MinPLogitsWarper,
    RepetitionPenaltyLogitsProcessor,
    TemperatureLogitsWarper,
    TopKLogitsWarper,
    TopPLogitsWarper,
)

from agentos_lab.lm.sampling import (
    Sampling,
    apply_temperature,
    draw,
    keep_allowed,
    keep_min_p,
    keep_top_k,
    keep_top_p,
    next_token_distribution,
    penalize_repetition,
)

INPUT_IDS = torch.tensor([[3, 1, 4, 1, 5]])


def random_logits(seed: int, size: int = 50, rows: int = 1) -> Tensor:
    return 4 * torch.randn(rows, size, generator=torch.Generator().manual_seed(seed))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (lambda x: apply_temperature(x, 0.7), TemperatureLogitsWarper(0.7)),
        (lambda x: keep_top_k(x, 7), TopKLogitsWarper(7)),
        (lambda x: keep_top_k(x, 1000), TopKLogitsWarper(1000)),
        (lambda x: keep_top_p(x, 0.3), TopPLogitsWarper(0.3)),
        (lambda x: keep_top_p(x, 0.95), TopPLogitsWarper(0.95)),
        (lambda x: keep_top_p(x, 1e-6), TopPLogitsWarper(1e-6)),
        (lambda x: keep_min_p(x, 0.1), MinPLogitsWarper(0.1)),
        (lambda x: keep_min_p(x, 1.0), MinPLogitsWarper(1.0)),
        (lambda x: penalize_repetition(x, INPUT_IDS[0], 1.3), RepetitionPenaltyLogitsProcessor(1.3)),
        (lambda x: penalize_repetition(x, INPUT_IDS[0], 0.5), RepetitionPenaltyLogitsProcessor(0.5)),
    ],
)
def test_each_filter_equals_that_of_transformers(ours, theirs, seed):
    logits = random_logits(seed)
    torch.testing.assert_close(ours(logits), theirs(INPUT_IDS, logits.clone()))


@pytest.mark.parametrize("seed", range(5))
def test_all_filters_together_come_in_the_order_of_transformers(seed):
    logits = random_logits(seed, size=3000)
    theirs = LogitsProcessorList(
        [
            RepetitionPenaltyLogitsProcessor(1.2),
            TemperatureLogitsWarper(0.8),
            TopKLogitsWarper(40),
            TopPLogitsWarper(0.9),
            MinPLogitsWarper(0.02),
        ]
    )
    ours = next_token_distribution(
        logits, temperature=0.8, top_k=40, top_p=0.9, min_p=0.02, repetition_penalty=1.2, previous=INPUT_IDS[0].tolist()
    )
    torch.testing.assert_close(ours, theirs(INPUT_IDS, logits.clone()).softmax(-1))


def test_a_nucleus_larger_than_the_first_look_is_found():
    logits = 0.01 * random_logits(0, size=5000)  # nearly even: the nucleus of 0.9 holds thousands of tokens
    torch.testing.assert_close(keep_top_p(logits, 0.9), TopPLogitsWarper(0.9)(INPUT_IDS, logits.clone()))


settings_of_sampling = {
    "temperature": st.floats(0.1, 5.0),
    "top_k": st.none() | st.integers(1, 60),
    "top_p": st.none() | st.floats(0.01, 1.0),
    "min_p": st.none() | st.floats(0.0, 1.0),
    "repetition_penalty": st.floats(0.5, 2.0),
}


@given(seed=st.integers(0, 2**31), settings=st.fixed_dictionaries(settings_of_sampling))
def test_whatever_the_settings_a_distribution_comes_out_that_holds_the_best_token(seed, settings):
    logits = random_logits(seed, rows=3)
    probabilities = next_token_distribution(logits, previous=[1, 2], **settings)
    torch.testing.assert_close(probabilities.sum(-1), torch.ones(3))
    assert (probabilities >= 0).all()
    best = penalize_repetition(logits, [1, 2], settings["repetition_penalty"]).argmax(-1, keepdim=True)
    assert (probabilities.gather(-1, best) > 0).all()


@given(seed=st.integers(0, 2**31))
def test_a_row_is_filtered_as_if_it_were_alone(seed):
    logits = random_logits(seed, rows=4)
    settings = {"temperature": 0.9, "top_k": 20, "top_p": 0.8, "min_p": 0.05}
    together = next_token_distribution(logits, **settings)
    alone = torch.stack([next_token_distribution(row, **settings) for row in logits])
    torch.testing.assert_close(together, alone)


def test_the_neutral_settings_change_nothing():
    logits = random_logits(1)
    neutral = next_token_distribution(logits, temperature=1.0, top_k=50, top_p=1.0, min_p=0.0, repetition_penalty=1.0)
    assert torch.equal(neutral, logits.softmax(-1))


def test_ties_with_the_last_token_kept_are_kept():
    logits = torch.tensor([3.0, 2.0, 2.0, 2.0, 1.0])
    assert keep_top_k(logits, 2).isfinite().tolist() == [True, True, True, True, False]
    even = torch.zeros(4)
    assert keep_top_p(even, 0.4).isfinite().all()


def test_temperature_zero_is_greedy_and_takes_the_lowest_id_of_equals():
    logits = torch.tensor([[1.0, 5.0, 5.0], [9.0, 0.0, 1.0]])
    assert next_token_distribution(logits, temperature=0.0).tolist() == [[0, 1, 0], [1, 0, 0]]


def test_draws_follow_the_distribution():
    probabilities = torch.tensor([0.5, 0.0, 0.3, 0.2])
    generator = torch.Generator().manual_seed(0)
    counts = torch.zeros(4)
    for _ in range(4000):
        counts[draw(probabilities, generator)] += 1
    assert counts[1] == 0
    expected = 4000 * probabilities[[0, 2, 3]]
    chi_square = ((counts[[0, 2, 3]] - expected) ** 2 / expected).sum()
    assert chi_square < 13.8  # two degrees of freedom: exceeded by chance once in a thousand


def test_a_draw_never_falls_on_an_impossible_token():
    probabilities = torch.zeros(1000)
    probabilities[123] = 1e-30
    assert all(draw(probabilities, torch.Generator().manual_seed(seed)) == 123 for seed in range(50))


def test_a_draw_takes_one_random_number_whatever_the_vocabulary():
    small, large = torch.Generator().manual_seed(7), torch.Generator().manual_seed(7)
    draw(torch.ones(2) / 2, small)
    draw(torch.ones(5000) / 5000, large)
    assert torch.equal(small.get_state(), large.get_state())


@pytest.mark.parametrize(
    ("settings", "name"),
    [
        ({"temperature": -1.0}, "temperature"),
        ({"temperature": float("nan")}, "temperature"),
        ({"temperature": float("inf")}, "temperature"),
        ({"top_k": 2.5}, "top_k"),
        ({"top_k": -3}, "top_k"),
        ({"top_k": 0}, "top_k"),
        ({"top_p": 0.0}, "top_p"),
        ({"top_p": 1.1}, "top_p"),
        ({"min_p": -0.1}, "min_p"),
        ({"repetition_penalty": 0.0}, "repetition_penalty"),
    ],
)
def test_a_setting_out_of_range_is_named(settings, name):
    with pytest.raises(ValueError, match=name):
        next_token_distribution(torch.zeros(5), **settings)
    with pytest.raises(ValueError, match=name):
        Sampling(**settings)
    with pytest.raises(ValueError, match=name):  # a greedy choice would not look at it
        Sampling(**{"temperature": 0.0, **settings})


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_broken_logits_are_refused(bad):
    logits = torch.zeros(5)
    logits[2] = bad
    with pytest.raises(ValueError, match="NaN"):
        next_token_distribution(logits)


def test_logits_that_rule_out_everything_are_refused():
    with pytest.raises(ValueError, match="every token"):
        next_token_distribution(torch.full((5,), -torch.inf))


def test_only_what_is_allowed_is_kept_and_rows_without_a_token_never_are():
    logits, allowed = torch.zeros(2, 5), torch.tensor([[True, False, True], [False, True, False]])
    kept = keep_allowed(logits, allowed) > -torch.inf
    assert kept.tolist() == [[True, False, True, False, False], [False, True, False, False, False]]
    with pytest.raises(ValueError, match="a vocabulary of 6 tokens, the model has 5"):
        keep_allowed(logits, torch.ones(2, 6, dtype=torch.bool))


@pytest.mark.parametrize("settings", [{"temperature": None}, {"temperature": "hot"}, {"top_p": "0.9"}])
def test_a_setting_that_is_no_number_is_named(settings):
    ((name, value),) = settings.items()
    with pytest.raises(ValueError, match=f"{name} must be a number, got {value!r}"):
        Sampling(**settings)
