"""The checks of notebook 00: the right answer passes, a typical wrong one is told what is wrong with it."""

import math

import pytest

from agentos_lab.teaching import check

TEXT = "The sun rises in the"


@pytest.fixture
def loaded(smollm2, monkeypatch):
    """The model, loaded once for all checks."""
    monkeypatch.setattr("agentos_lab.lm.load_pretrained", {"smollm2-135m-instruct": smollm2}.__getitem__)
    return smollm2


@pytest.mark.parametrize(
    ("answer", "told"),
    [(math.log2(1000), "in **bits**"), (3.0, "base 10"), (0.001, "probability of one token"), (42.0, "expected")],
)
def test_the_surprise_of_a_blind_guess(answer, told):
    assert check("00.surprise", math.log(1000))
    assert check("00.surprise", 6.91)
    result = check("00.surprise", answer)
    assert not result and told in str(result.problem)


def test_a_continuation_without_chance(loaded):
    assert check("00.continuation", loaded.generate(TEXT, temperature=0, max_new_tokens=8))
    long = check("00.continuation", loaded.generate(TEXT, temperature=0, max_new_tokens=9))
    assert not long and "8 are allowed" in long.message
    drawn = check("00.continuation", loaded.generate(TEXT, temperature=3.0, max_new_tokens=8))
    assert not drawn and "some chance" in drawn.message
    assert "Keep what" in check("00.continuation", "the east").message


def test_the_probability_of_a_word(loaded):
    def right(text, word):
        return float(loaded.logits(text)[-1].softmax(dim=-1)[loaded.tokenizer.encode(word)[0]])

    def score(text, word):
        return float(loaded.logits(text)[-1][loaded.tokenizer.encode(word)[0]])

    def first_position(text, word):
        return float(loaded.logits(text)[0].softmax(dim=-1)[loaded.tokenizer.encode(word)[0]])

    assert check("00.probability_of", right)
    assert "**score**" in check("00.probability_of", score).message
    assert not check("00.probability_of", first_position)
    assert "A function" in check("00.probability_of", 0.5).message


@pytest.mark.parametrize("answer", ["6.91", True, None, [6.91]])
def test_the_surprise_is_a_number(answer):
    result = check("00.surprise", answer)
    assert not result and not (result.problem and result.problem.expected)


def test_a_short_text_without_chance_is_told_that_it_is_short(loaded):
    short = check("00.continuation", loaded.generate(TEXT, temperature=0, max_new_tokens=3))
    assert not short and "stops after 3 tokens" in short.message
