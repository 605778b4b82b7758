"""Checks and quiz of notebook 11, attention from scratch."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_law
from ..questions import Option, Question

__all__ = ["QUIZ", "asks_nothing", "attention", "causal_mask", "lost"]


def _mask(length: int) -> Tensor:
    return torch.ones(length, length, dtype=torch.bool).tril()


@exercise(
    "causal_mask",
    points=2,
    hints=(
        "Query t may look at key s when s is not later than t. Write that comparison for one pair first.",
        "`torch.arange(length)` gives the positions; compare a column of them with a row of them.",
    ),
    right="Each token sees itself and what came before it; with this mask nothing later can leak in.",
)
def causal_mask(answer: Any) -> Problem | None:
    """A function of the length that gives the (T, T) boolean mask, True where the query may look."""
    mistakes = {
        "Here each token looks at itself and the **later** ones: rows are queries, columns are keys, so the "
        "allowed part lies below the diagonal.": lambda n: _mask(n).T,
        "A token may not look at itself here. The causal mask forbids only what comes later.": lambda n: (
            _mask(n) & ~torch.eye(n, dtype=torch.bool)
        ),
        "True marks what may be seen; yours marks what is hidden.": lambda n: ~_mask(n),
    }
    return compare_calls(answer, _mask, [(2,), (3,), (1,), (6,)], mistakes=mistakes, what="the mask")


def _attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (T, S)
    return scores.softmax(dim=-1) @ v  # (T, d)


def _causal_attention(q: Tensor, k: Tensor, v: Tensor) -> Tensor:
    scores = q @ k.mT / q.shape[-1] ** 0.5  # (T, S)
    seen = torch.ones_like(scores, dtype=torch.bool).tril()
    return scores.masked_fill(~seen, -torch.inf).softmax(dim=-1) @ v


def _random(length: int, width: int) -> tuple[Tensor, Tensor, Tensor]:
    generator = torch.Generator().manual_seed(length)
    q, k, v = torch.randn(3, length, width, generator=generator).mul(3).round().div(2)
    return q, k, v


@exercise(
    "attention",
    points=3,
    hints=(
        "Three steps: scores, weights, mixture. Check the shape after each: (T, S), (T, S), (T, d).",
        "Scores are `q @ k.T / d ** 0.5`; the softmax runs over the keys, the last dimension.",
    ),
    right="Scores, softmax over the keys, mixture of the values: that is all of attention.",
)
def attention(answer: Any) -> Problem | None:
    """A function of q (T, d), k (S, d) and v (S, d) that gives the mixtures (T, d)."""
    mistakes = {
        "The scores are not divided by √d: the weights come out too sharp.": lambda q, k, v: (q @ k.mT).softmax(-1) @ v,
        "The scores are divided by d; the formula divides by its square root.": lambda q, k, v: (
            (q @ k.mT / q.shape[-1]).softmax(-1) @ v
        ),
        "Your softmax runs over the queries: make the **rows** add up to 1, with `dim=-1`.": lambda q, k, v: (
            (q @ k.mT / q.shape[-1] ** 0.5).softmax(0) @ v
        ),
        "The scores mix the values without a softmax: the weights of a row must add up to 1.": lambda q, k, v: (
            q @ k.mT / q.shape[-1] ** 0.5 @ v
        ),
        "The scores are divided by the root of the number of tokens; d is the width, `q.shape[-1]`.": lambda q, k, v: (
            (q @ k.mT / q.shape[0] ** 0.5).softmax(-1) @ v
        ),
        "There is no mask in this formula: every query may look at every key.": _causal_attention,
    }
    few, many = _random(3, 4), _random(5, 4)
    cases = [_random(2, 4), few, _random(5, 8), (few[0], *many[1:]), (many[0], *few[1:])]
    return compare_calls(answer, _attention, cases, mistakes=mistakes, what="the mixture") or require_law(
        answer,
        lambda mixed, q, k, v: bool((mixed <= v.max(0).values + 1e-4).all()),
        cases,
        "A mixture cannot exceed the largest value that it mixes.",
    )


@exercise(
    "asks_nothing",
    points=1,
    hints=(
        "All weights are equal when all scores are equal.",
        "A query that gives the same score with *every* key, whatever the keys are, can only be one vector.",
    ),
    right="A query of zeros asks nothing: all scores are 0, all weights equal, the output is the average.",
)
def asks_nothing(answer: Any) -> Problem | None:
    """The query (2,) that makes attention the plain average of the values."""
    if answer is Ellipsis:
        raise NotImplementedError("the query is still `...`")
    if not isinstance(answer, Tensor):
        return Problem(f"A tensor was expected, `torch.tensor([…, …])`; this is of type {type(answer).__name__}.")
    if answer.shape != (2,):
        return Problem(f"The query has the shape {tuple(answer.shape)}, expected (2,).")
    if not answer.isfinite().all():
        return Problem("Each entry of a query is a finite number.", yours=_list(answer))
    if (answer != 0).any():
        key = answer.float()
        weights = torch.stack((key, -key)).mv(key).softmax(dim=0)
        return Problem(
            "This query prefers some keys to others. It looks for something.",
            case=f"the keys {_list(key)} and {_list(-key)}",
            yours=f"weights {weights[0]:.2f} and {weights[1]:.2f}",
            expected="weights 0.50 and 0.50",
        )
    return None


def _list(vector: Tensor) -> str:
    return "(" + ", ".join(f"{number:g}" for number in vector.tolist()) + ")"


def _lost(scores: Tensor, mask: Tensor) -> Tensor:
    return 1 - (scores.softmax(dim=-1) * mask).sum(dim=-1)


@exercise(
    "lost",
    points=2,
    hints=(
        "Softmax first, over the whole row; then multiply by the mask; then see what is missing to 1.",
        "`(scores.softmax(dim=-1) * mask).sum(dim=-1)` is what is left.",
    ),
    right="Only the last row loses nothing: it may look everywhere, so the late mask takes nothing from it.",
)
def lost(answer: Any) -> Problem | None:
    """A function of scores (T, S) and mask (T, S) that gives the weight each row loses (T,)."""
    mistakes = {
        "That is what is **left**; what is lost is 1 minus it.": lambda s, m: (s.softmax(-1) * m).sum(-1),
        "Masked *before* the softmax nothing is lost: each row adds up to 1. Your colleague masks after it.": (
            lambda s, m: torch.zeros(len(s))
        ),
        "The sum runs over the keys, the last dimension: one number for each row.": (
            lambda s, m: 1 - (s.softmax(-1) * m).sum(0)
        ),
    }
    scores = [torch.zeros(2, 2), torch.zeros(4, 4), _random(4, 4)[0]]
    return compare_calls(answer, _lost, [(s, _mask(len(s))) for s in scores], mistakes=mistakes, what="the lost weight")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Why are the scores divided by √d?",
        (
            Option(
                "So that the weights of a row add up to 1.",
                "The softmax does that, with or without the division.",
            ),
            Option(
                "So that their spread does not grow with d, and no single key takes nearly everything.",
                "A sum of d products of unit variance has variance d; divided by √d it has variance 1 again.",
                right=True,
            ),
            Option("To make the product of the matrices cheaper.", "The division is one more operation, not fewer."),
            Option(
                "So that long texts get smaller scores.",
                "d is the width of a head, not the length of the text.",
            ),
        ),
    ),
    Question(
        "The causal mask is left out while a model is trained to predict the next token. What happens?",
        (
            Option(
                "In training it guesses nearly perfectly, and then it cannot write.",
                "Each position can look at the very token it must predict, and learns to copy it.",
                right=True,
            ),
            Option("It learns nothing.", "It learns something, all too easily: to copy what it was to guess."),
            Option(
                "Nothing; the positions already tell the order.",
                "Knowing the order does not forbid looking ahead.",
            ),
            Option("The attention weights no longer add up to 1.", "They do: the softmax runs over all keys instead."),
        ),
    ),
    Question(
        "Two tokens of a sentence change places, with neither positions nor a mask. What happens to the outputs?",
        (
            Option(
                "All of them change.",
                "Every token still mixes the same set of values, so its own output stays the same.",
            ),
            Option(
                "They change places too, and are otherwise the same.",
                "Attention sees a set: permuting its inputs permutes its outputs.",
                right=True,
            ),
            Option("Only those two change their values.", "They move with their tokens; the numbers stay."),
            Option("Nothing moves.", "Output t belongs to token t, so it moves with its token."),
        ),
    ),
    Question(
        "A weight of 0.9 from `it` to `cat` means that",
        (
            Option(
                "the model knows that `it` stands for `cat`.",
                "It is tempting to read it so, but a weight is only a share in one head's mixture.",
            ),
            Option(
                "nine tenths of this head's mixture at `it` is the value vector of `cat`.",
                "That is what the formula says; what the later layers make of it is another question.",
                right=True,
            ),
            Option(
                "`cat` is the likeliest next token.",
                "The next token is read off after all layers, at the end of the model.",
            ),
            Option(
                "the vectors of the two words are similar.",
                "The score compares a query with a key, two different projections of the vectors.",
            ),
        ),
    ),
)
