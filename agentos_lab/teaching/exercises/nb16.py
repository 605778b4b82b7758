"""Checks and quiz of notebook 16, sampling and the cache."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "colder", "kept", "nucleus", "reusable", "tokens_read"]


@exercise(
    "kept",
    points=1,
    hints=(
        "Take the words from the best on, and add up until 0.7 is reached.",
        "0.5 is not enough. 0.5 + 0.25 is.",
    ),
    right="The word that crosses the line belongs to the nucleus: without it the nucleus would hold only 0.5.",
)
def kept(answer: Any) -> Problem | None:
    """How many of 0.5, 0.25, 0.125, 0.0625, 0.0625 the nucleus of 0.7 holds."""
    told = {
        1: "One word holds only 0.5. The nucleus must hold **at least** 0.7.",
        3: "Three words hold 0.875, and fewer hold 0.7 as well: the nucleus has the fewest.",
        0.75: "That is how much they hold together. How many words are they?",
    }
    return require_number(answer, 2, told=told, what="the number of words")


def _nucleus(probabilities: Tensor, p: float) -> Tensor:
    return probabilities.cumsum(dim=0) - probabilities < p


@exercise(
    "nucleus",
    points=2,
    hints=(
        "A word is kept if the nucleus is not full yet when its turn comes. How much do the words **before** it hold?",
        "That is the running sum without the word itself: `probabilities.cumsum(dim=0) - probabilities`.",
    ),
    right="The best word has nothing before it, so it is always kept: no cut can rule out everything.",
)
def nucleus(answer: Any) -> Problem | None:
    """A function of sorted probabilities (V,) and p that gives the mask (V,) of the nucleus."""
    mistakes = {
        "The word that crosses the line is still lost: compare the sum of the words **before** each one with p.": (
            lambda probabilities, p: probabilities.cumsum(dim=0) <= p
        ),
        "The word that crosses the line is still lost: `<` in place of `<=` only loses more.": (
            lambda probabilities, p: probabilities.cumsum(dim=0) < p
        ),
        "This keeps the tail and cuts the best words off.": lambda probabilities, p: probabilities.cumsum(dim=0) > p,
        "This compares each word's own probability with p; the nucleus looks at the running sum.": (
            lambda probabilities, p: probabilities >= p
        ),
        "One word too many: the nucleus is full when the words before hold exactly p.": (
            lambda probabilities, p: probabilities.cumsum(dim=0) - probabilities <= p
        ),
    }
    cases = [
        (torch.tensor([0.5, 0.25, 0.125, 0.125]), 0.6),
        (torch.tensor([0.95, 0.05]), 0.9),
        (torch.tensor([0.5, 0.25, 0.125, 0.125]), 0.75),
        (torch.tensor([0.5, 0.5]), 1.0),
    ]
    return compare_calls(answer, _nucleus, cases, mistakes=mistakes, what="the mask")


def _colder(probabilities: Tensor, temperature: float) -> Tensor:
    return (probabilities.log() / temperature).softmax(dim=-1)


@exercise(
    "colder",
    points=2,
    hints=(
        "The logarithm of a softmax is the logits, less a number that is the same for all. A softmax does not see it.",
        "So `probabilities.log()` will do as logits.",
    ),
    right="The same as raising each probability to the power 1/temperature and dividing by the sum.",
)
def colder(answer: Any) -> Problem | None:
    """A function of probabilities (V,) and a temperature that gives the probabilities (V,) at that temperature."""
    mistakes = {
        "You divide the probabilities; a temperature divides **logits**. Take the logarithm first.": (
            lambda p, temperature: (p / temperature).softmax(dim=-1)
        ),
        "The temperature cancels when probabilities are divided and made to add up to 1. It must act on logits.": (
            lambda p, temperature: (p / temperature) / (p / temperature).sum()
        ),
        "You multiply by the temperature: above 1 yours gets sharper, and it should get flatter.": (
            lambda p, temperature: (p.log() * temperature).softmax(dim=-1)
        ),
        "The result does not add up to 1: a softmax (or a division by the sum) is missing.": (
            lambda p, temperature: p ** (1 / temperature)
        ),
    }
    cases = [
        (torch.tensor([0.8, 0.2]), 2.0),
        (torch.tensor([0.8, 0.2]), 0.5),
        (torch.tensor([0.6, 0.3, 0.1]), 1.0),
    ]
    return compare_calls(answer, _colder, cases, mistakes=mistakes, what="the distribution")


def _tokens_read(prompt: int, new: int, use_cache: bool) -> int:
    return prompt + new - 1 if use_cache else sum(prompt + written for written in range(new))


@exercise(
    "tokens_read",
    points=2,
    hints=(
        "Without a cache the passes have the lengths prompt, prompt + 1, …: as many passes as new tokens.",
        "With a cache each token is read once; only the last new one never is.",
    ),
    right="A sum of lengths against a single length: T²/2 against T.",
)
def tokens_read(answer: Any) -> Problem | None:
    """A function of prompt, new and use_cache that counts the tokens that go through the model."""
    mistakes = {
        "With a cache you read the last new token as well; nothing is written after it, so nobody reads it.": (
            lambda prompt, new, use_cache: prompt + new if use_cache else _tokens_read(prompt, new, False)
        ),
        "Without a cache the first pass reads the prompt alone: the lengths begin with `prompt`, not `prompt + 1`.": (
            lambda prompt, new, use_cache: (
                _tokens_read(prompt, new, True) if use_cache else sum(prompt + i for i in range(1, new + 1))
            )
        ),
        "With a cache the prompt has to be read too, once.": (
            lambda prompt, new, use_cache: new if use_cache else _tokens_read(prompt, new, False)
        ),
        "Without a cache each pass reads the prompt **and** what has been written since.": (
            lambda prompt, new, use_cache: _tokens_read(prompt, new, True) if use_cache else prompt * new
        ),
    }
    cases = [(9, 24, True), (9, 24, False), (3, 1, False), (3, 2, False), (3, 2, True)]
    return compare_calls(answer, _tokens_read, cases, mistakes=mistakes, what="the number of tokens")


def _common(old: Sequence[int], new: Sequence[int]) -> int:
    same = 0
    while same < min(len(old), len(new)) and old[same] == new[same]:
        same += 1
    return same


def _reusable(old: Sequence[int], new: Sequence[int]) -> int:
    return min(_common(old, new), len(new) - 1)


@exercise(
    "reusable",
    points=3,
    hints=(
        "Walk along both lists while they agree; stop at the first difference.",
        "If all of `new` is in the cache already, one token less may be kept: `len(new) - 1` is the most.",
    ),
    right="The same few lines stand in every program that serves language models.",
)
def reusable(answer: Any) -> Problem | None:
    """A function of two lists of ids that gives the number of cells that can be kept."""
    mistakes = {
        "When all of `new` is in the cache you keep it all, and nothing is left to read: then there are no logits.": (
            _common
        ),
        "You count equal tokens everywhere. After the first difference nothing can be kept, equal or not.": (
            lambda old, new: min(sum(a == b for a, b in zip(old, new, strict=False)), len(new) - 1)
        ),
        "You always leave one equal token unread; only when **all** of `new` is there must one be read again.": (
            lambda old, new: max(_common(old, new) - 1, 0)
        ),
    }
    cases = [([5, 6, 7], [5, 6, 8]), ([5, 6, 7], [5, 6, 7]), ([5, 6, 7], [5, 9, 7, 1]), ([], [4]), ([5, 6], [5, 6, 7])]
    cases.append(([5, 6, 7, 8], [5, 6]))
    return compare_calls(answer, _reusable, cases, mistakes=mistakes, what="the number of cells")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Greedy decoding is caught in a circle. Why does it not find the way out?",
        (
            Option("The context is full.", "Some 80 tokens of 8,192 were used."),
            Option(
                "Each round makes the next one more probable, and greedy takes only the most probable.",
                "What has been said twice is expected a third time: 0.99 was the model's certainty.",
                right=True,
            ),
            Option("The model does not know another word.", "It gives probability to all 49,152; they are not taken."),
            Option("The temperature is too high.", "Greedy is temperature 0, the lowest there is."),
        ),
    ),
    Question(
        "Of two stories the model finds A much more probable than B. What follows?",
        (
            Option("A is the better story.", "The most probable text of this notebook repeated one sentence."),
            Option("A was written by a model.", "Likely, but not certain: a text of set phrases is probable as well."),
            Option(
                "A is easier for the model to foresee.",
                "That is all that a probability says. People write what is worth saying, not what is expected.",
                right=True,
            ),
            Option("B has mistakes.", "The other author's text had none, and was the least probable."),
        ),
    ),
    Question(
        "What does a KV cache change in the text that comes out?",
        (
            Option(
                "Nothing.",
                "Old keys and values are the same whether kept or computed again; only rounding differs.",
                right=True,
            ),
            Option("It gets a little worse, for it is an approximation.", "Nothing is left out or shortened."),
            Option("Old tokens count less.", "They are attended to as before, from the cache."),
            Option("It repeats less.", "Choosing the token is another matter; the cache gives the same logits."),
        ),
    ),
    Question(
        "Somebody corrects one word in the middle of a text that is in the cache. What must be read again?",
        (
            Option("That word.", "Later tokens attended to the old one, and carry it in their streams."),
            Option(
                "That word and everything after it.",
                "From layer 1 on their keys and values depend on all tokens before them.",
                right=True,
            ),
            Option("The whole text.", "What stands before the word never saw it: the mask."),
            Option("Nothing, rewinding is free.", "Rewinding only takes away the end; the rest has to be read anew."),
        ),
    ),
)
