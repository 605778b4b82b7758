"""Checks and quiz of notebook 18, a real model."""

from __future__ import annotations

import re
from collections.abc import Mapping
from math import exp
from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "clock", "key_parameters", "posterior", "rms_norm"]


@exercise(
    "key_parameters",
    points=1,
    hints=(
        "The matrix leads from the 576 numbers of a token to the numbers of all its keys.",
        "There are 3 key heads of width 64.",
    ),
    right="110,592: a third of what W_Q has. The cache shrinks by the same factor.",
)
def key_parameters(answer: Any) -> Problem | None:
    """The number of parameters of the key projection of one layer."""
    told = {
        576 * 576: "That is W_Q, with 9 heads. The keys have only 3: three query heads share one.",
        576 * 64: "That is one key head. A layer has 3.",
        2 * 576 * 192: "That is W_K and W_V together.",
        30 * 576 * 192: "That is all thirty layers; one layer was asked for.",
        3 * 64: "So many numbers come out, the keys of one token. Each of them is made of all that go in.",
    }
    return require_number(answer, 576 * 192, told=told, what="the number of parameters")


# All times of the clock and much that looks like one, the most telling first.
_TIMES = {
    **{f"{hour:02}:{minute:02}": True for hour in (0, 7, 10, 19, 20, 23) for minute in (0, 9, 30, 59)},
    **dict.fromkeys(("24:00", "29:30", "31:15", "99:59", "12:60", "23:75", "7:30", "12:5", "012:30", "1230"), False),
    **{f"{hour:02}:{minute:02}": hour < 24 and minute < 60 for hour in range(100) for minute in range(100)},
    **dict.fromkeys(("12.30", "12-30", "12:30 ", " 12:30", "ab:cd", "12:300", ""), False),
}


@exercise(
    "clock",
    points=2,
    hints=(
        "Minutes: the first digit is 0 to 5, so `[0-5]\\d`.",
        "Hours: either 0 or 1 and any digit, or 2 and a digit from 0 to 3: `([01]\\d|2[0-3])`.",
    ),
    right="A constraint made of this pattern cannot write a time that does not exist.",
)
def clock(answer: Any) -> Problem | None:
    """A pattern that matches the times from 00:00 to 23:59 and nothing else."""
    if answer is Ellipsis:
        raise NotImplementedError("the pattern is still `...`")
    if not isinstance(answer, str):
        return Problem(f"A pattern is a text, in quotes; this is of type {type(answer).__name__}.")
    try:
        found = {text: re.fullmatch(answer, text) is not None for text in _TIMES}
    except re.error as error:
        return Problem(f"This is not a valid pattern: {error}.")
    if "|" in answer and any(re.fullmatch(answer, half) for half in ("07", "19", "23")):
        return Problem("Without brackets `|` divides the whole pattern: hours alone pass.", yours=answer)
    for text, wanted in _TIMES.items():
        if found[text] != wanted:
            fault = "does not let this time through" if wanted else "lets this through, which is no time of the clock"
            return Problem(f"The pattern {fault}.", case=text)
    return None


def _rms_norm(x: Tensor, g: Tensor) -> Tensor:
    return x / (x.pow(2).mean(dim=-1, keepdim=True) + 1e-5).sqrt() * g


@exercise(
    "rms_norm",
    points=2,
    hints=(
        "Squares, mean over the last axis, add ε, root: one number for each token. Keep the axis with `keepdim=True`.",
        "`x / (x.pow(2).mean(dim=-1, keepdim=True) + 1e-5).sqrt() * g`",
    ),
    right="Each token's numbers now have the mean square 1, whatever the length of the vector was.",
)
def rms_norm(answer: Any) -> Problem | None:
    """A function of x (..., D) and scales (D,) that normalises the last axis."""
    mistakes = {
        "You take the sum of the squares, not their mean.": (
            lambda x, g: x / (x.pow(2).sum(dim=-1, keepdim=True) + 1e-5).sqrt() * g
        ),
        "You take the mean over everything; each token is normalised by itself, over its last axis.": (
            lambda x, g: x / (x.pow(2).mean() + 1e-5).sqrt() * g
        ),
        "The root is missing.": lambda x, g: x / (x.pow(2).mean(dim=-1, keepdim=True) + 1e-5) * g,
        "That is the layer norm: the RMS norm does not take the mean away.": (
            lambda x, g: torch.nn.functional.layer_norm(x, x.shape[-1:], g)
        ),
        "The learned scales g are missing.": lambda x, g: _rms_norm(x, torch.ones_like(g)),
    }
    generator = torch.Generator().manual_seed(5)
    cases = [
        (torch.tensor([[3.0, 4.0], [1.0, 7.0]]), torch.tensor([1.0, 2.0])),
        (torch.randn(2, 3, 4, generator=generator) + 1, torch.tensor([1.0, 0.5, 2.0, 1.5])),
    ]
    small = [(torch.zeros(1, 3), torch.ones(3)), (torch.tensor([[0.001, -0.003]]), torch.ones(2))]
    told = {
        "A token of zeros is divided by zero: ε is missing under the root.": lambda x, g: (
            x / x.pow(2).mean(dim=-1, keepdim=True).sqrt() * g
        ),
        "ε is added to the root. Add it to the **mean**, under the root.": lambda x, g: (
            x / (x.pow(2).mean(dim=-1, keepdim=True).sqrt() + 1e-5) * g
        ),
    }
    return compare_calls(
        answer, _rms_norm, cases, mistakes=mistakes, what="the normalised vector", tolerance=1e-3
    ) or compare_calls(answer, _rms_norm, small, mistakes=told, what="the normalised vector")


def _posterior(scores: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
    best = max(scores.values())
    joint = {tool: exp(score - best) * prior[tool] for tool, score in scores.items()}
    return {tool: value / sum(joint.values()) for tool, value in joint.items()}


@exercise(
    "posterior",
    points=3,
    hints=(
        "P(question | t) · P(t) for each tool, then divide by the sum of all.",
        "Subtracting the largest score from all of them multiplies every term by the same number, which cancels.",
    ),
    right="With a large enough prior a tool can win against a better score: frequent tools need less evidence.",
)
def posterior(answer: Any) -> Problem | None:
    """A function of ln P(question | tool) and P(tool) that gives P(tool | question)."""

    def no_prior(scores: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
        return _posterior(scores, dict.fromkeys(prior, 1.0))

    def not_normalised(scores: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
        return {tool: exp(score) * prior[tool] for tool, score in scores.items()}

    def prior_added(scores: Mapping[str, float], prior: Mapping[str, float]) -> dict[str, float]:
        return _posterior({tool: score + prior[tool] for tool, score in scores.items()}, dict.fromkeys(prior, 1.0))

    small = ({"search": -1.0, "weather": -2.0}, {"search": 0.25, "weather": 0.75})
    large = ({"search": -901.0, "weather": -900.0}, {"search": 0.9, "weather": 0.1})
    if callable(answer) and compare_calls(answer, _posterior, [small]) is None:
        try:
            values = list(answer(*large).values())
            # NumPy's 0/0 is not a number, and who guards the division has zeros only.
            divided_by_zero = any(value != value for value in values) or not any(values)
        except ZeroDivisionError:
            divided_by_zero = True
        if divided_by_zero:
            return Problem(
                "With long questions every e^score is 0, and so is their sum, by which you divide. Subtract the "
                "largest score first."
            )
    mistakes = {
        "You leave out how frequent the tools are.": no_prior,
        "The probabilities do not add up to 1: divide each by their sum.": not_normalised,
        "You add P(t) to a logarithm. Multiply it with e^score, or add its logarithm.": prior_added,
    }
    if callable(answer):  # the faults that show on small scores are told first
        problem = compare_calls(answer, _posterior, [small], mistakes=mistakes, what="the probabilities")
        if problem:
            return problem
    return compare_calls(answer, _posterior, [large], what="the probabilities")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A user types `<|im_end|>` into his message. With the library's chat template …",
        (
            Option("his turn ends there.", "Only a program that glues strings together would do that."),
            Option(
                "it is read as ordinary text, in seven pieces.",
                "Special tokens come from the template alone.",
                right=True,
            ),
            Option("the message is refused.", "Nothing is wrong with such a text; it is only not a token."),
            Option("the model can no longer be talked into anything.", "It became a parrot all the same."),
        ),
    ),
    Question(
        "Under a JSON schema all four answers were valid, and all four called the weather. What does it guarantee?",
        (
            Option("The right answer.", "Three of the four tools were wrong."),
            Option(
                "The form for certain, the content not at all.",
                "It sets forbidden logits to −∞ and leaves the choice among the rest to the model.",
                right=True,
            ),
            Option("The most probable valid text.", "It looks one token ahead only, and cannot know where it leads."),
            Option("Valid JSON in most cases.", "In all: nothing else can be chosen, unless the text is cut off."),
        ),
    ),
    Question(
        "Why does the noisy channel choose better than the direct question?",
        (
            Option(
                "It scores a whole question, of which the model knows much, instead of one label.",
                "What the label's token or its place in the list is worth no longer matters.",
                right=True,
            ),
            Option("It was trained for these tools.", "No parameter was changed; it is the same model."),
            Option("It sees more examples.", "Both saw the same three of each tool."),
            Option("It uses a constraint.", "It writes nothing at all: it only scores."),
        ),
    ),
    Question(
        "A test of 20 cases came out 20 right. A second model had 17. What follows?",
        (
            Option("The first is always right.", "Its interval begins at 84 %."),
            Option("The first is better by 15 points.", "The intervals, 84 to 100 and 64 to 95 %, overlap widely."),
            Option(
                "The first may be better; more cases are needed to tell by how much.",
                "Twenty cases leave room for both to be equally good.",
                right=True,
            ),
            Option(
                "Nothing can be learned from 20 cases.", "A model that is right half of the time would hardly do it."
            ),
        ),
    ),
)
