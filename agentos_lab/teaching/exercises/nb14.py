"""Checks and quiz of notebook 14, masked language models."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "between", "hide", "masked_loss", "unchanged"]


@exercise(
    "unchanged",
    points=1,
    hints=(
        "Two shares, one of the other: how many are chosen, and which part of those stays?",
        "15 % of 10,000 are chosen; 10 % of these stay as they are.",
    ),
    right="150: enough to make every visible token suspect.",
)
def unchanged(answer: Any) -> Problem | None:
    """How many of 10,000 tokens are asked for and left as they are."""
    told = {
        1500: "So many are **chosen**. Only a tenth of them stays as it is.",
        1000: "The 10 % are a share of the chosen tokens, not of all.",
        8500: "These are the tokens that nobody asks for.",
        8650: "So many look unchanged. Most of them are not asked for.",
        1200: "So many become the mask.",
        300: "That counts the swapped ones too.",
        0.015: "That is a share of the text. How many of 10,000 tokens are that?",
        1.5: "That is a share in percent. How many of 10,000 tokens are that?",
    }
    return require_number(answer, 150, told=told)


def _hide(tokens: Tensor, chosen: Tensor, mask_id: int) -> tuple[Tensor, Tensor]:
    return torch.where(chosen, mask_id, tokens), torch.where(chosen, tokens, -100)


@exercise(
    "hide",
    points=1,
    hints=(
        "A target of −100 asks nothing. Which places should have it?",
        "`torch.where(chosen, tokens, -100)`",
    ),
    right="Asked about the gaps alone, the model cannot copy the answer.",
)
def hide(answer: Any) -> Problem | None:
    """A function of tokens, chosen and mask_id that gives the text with gaps and the targets."""
    mistakes = {
        "The visible tokens are still asked for: where nothing was chosen, the target must be −100.": (
            lambda t, c, m: (torch.where(c, m, t), t)
        ),
        "It is the other way round: you ask for what is visible, and not for what is hidden.": (
            lambda t, c, m: (torch.where(c, m, t), torch.where(c, -100, t))
        ),
        "You ask for the mask. The target is the token that stood there before.": (
            lambda t, c, m: (torch.where(c, m, t), torch.where(c, m, -100))
        ),
    }
    cases = [
        (torch.tensor([3, 1, 2]), torch.tensor([False, True, False]), 9),
        (torch.tensor([0, 5, 5, 7]), torch.tensor([True, False, True, True]), 8),
        (torch.tensor([4, 4]), torch.tensor([False, False]), 9),
    ]
    return compare_calls(answer, _hide, cases, mistakes=mistakes, parts=("the text with gaps", "the targets"))


def _masked_loss(logits: Tensor, targets: Tensor) -> float:
    return float(F.cross_entropy(logits, targets))


def _asked(logits: Tensor, targets: Tensor) -> Tensor:
    """ln P of the right token at the places that are asked (M,)."""
    asked = targets != -100
    return logits.log_softmax(dim=-1)[asked].gather(1, targets[asked][:, None])[:, 0]


@exercise(
    "masked_loss",
    points=3,
    hints=(
        "Which places are asked? `targets != -100` picks their rows of `logits.log_softmax(dim=-1)`.",
        "From each row take the entry of its target (`gather`), average, and turn the sign.",
    ),
    right="The visible tokens cost nothing and earn nothing: only the gaps count.",
)
def masked_loss(answer: Any) -> Problem | None:
    """A function of logits (T, V) and targets (T,) that gives the loss."""
    mistakes = {
        "Divide by the number of **hidden** places, not by the length of the text.": (
            lambda z, t: -_asked(z, t).sum() / len(t)
        ),
        "That is the sum over the hidden places; the loss is their mean.": lambda z, t: -_asked(z, t).sum(),
        "A loss is never negative: it is **minus** the logarithm.": lambda z, t: _asked(z, t).mean(),
        "The visible places count here as if token 0 were asked there.": (
            lambda z, t: F.cross_entropy(z, torch.where(t == -100, 0, t))
        ),
        "You average the probabilities: take the logarithm first, then the mean.": (
            lambda z, t: -_asked(z, t).exp().mean().log()
        ),
        "−100 counts from the end, or is out of range: leave out the places where nothing is asked.": (
            lambda z, t: -z.log_softmax(-1).gather(1, t[:, None] % z.shape[1]).mean()
        ),
    }
    generator = torch.Generator().manual_seed(0)
    targets = ([1, -100], [-100, 2, 0], [3, 3, -100, 1, -100])
    cases = [(torch.randn(len(row), 7, generator=generator), torch.tensor(row)) for row in targets]
    return compare_calls(answer, _masked_loss, cases, mistakes=mistakes, what="the loss")


def _between(text: str, left: str, right: str) -> dict[str, float]:
    counts = _counts(text, left, right)
    return {letter: count / sum(counts.values()) for letter, count in counts.items()}


def _counts(text: str, left: str, right: str) -> Counter[str]:
    return Counter(b for a, b, c in zip(text, text[1:], text[2:], strict=False) if (a, c) == (left, right))


def _left_only(text: str, left: str, right: str) -> dict[str, float]:
    counts = Counter(b for a, b, _ in zip(text, text[1:], text[2:], strict=False) if a == left)
    return {letter: count / sum(counts.values()) for letter, count in counts.items()}


def _without_overlaps(text: str, left: str, right: str) -> dict[str, float]:
    counts = Counter(re.findall(f"{re.escape(left)}(.){re.escape(right)}", text))
    return {letter: count / sum(counts.values()) for letter, count in counts.items()}


def _of_all_places(text: str, left: str, right: str) -> dict[str, float]:
    return {letter: count / max(len(text) - 2, 1) for letter, count in _counts(text, left, right).items()}


@exercise(
    "between",
    points=3,
    hints=(
        "`zip(text, text[1:], text[2:])` walks over all neighbours of three.",
        "Count the middle one where the outer two are `left` and `right`; then divide by the sum of the counts.",
    ),
    right="That is what the small model finds first. Attention lets it go on to whole words.",
)
def between(answer: Any) -> Problem | None:
    """A function of text, left and right that gives the share of each letter between the two."""
    mistakes = {
        "These are counts. Divide by their sum, so that the shares add up to 1.": _counts,
        "You look at the left neighbour only, as a causal model would.": _left_only,
        "You look at the right neighbour only.": lambda t, a, b: _left_only(t[::-1], b, a),
        "A place is left out when it overlaps another one: look at **all** neighbours of three.": _without_overlaps,
        "You divide by all places of the text; only those between the two neighbours count.": _of_all_places,
    }
    cases = [
        ("cat", "c", "t"),
        ("cat cut cat", "c", "t"),
        ("cat can cut", "c", "t"),
        ("abcabd", "x", "y"),
        ("aaaa", "a", "a"),
        ("abaca", "a", "a"),
        ("cat hit", "c", "t"),
    ]
    return compare_calls(answer, _between, cases, mistakes=mistakes, what="the table")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Two-way attention is trained on the *next token*, without hiding anything. What happens?",
        (
            Option(
                "It learns faster, because it sees more.",
                "What it sees more is the answer. The loss falls; nothing useful is learned.",
            ),
            Option(
                "It copies the next token, which it can see.",
                "That is the leak of notebook 11. Whoever may look everywhere must be asked about something hidden.",
                right=True,
            ),
            Option("Nothing; the loss stays at ln V.", "Copying is easy to learn: the loss falls to almost nothing."),
        ),
    ),
    Question(
        "Why does one token in ten of the chosen ones stay unchanged?",
        (
            Option(
                "To make the task easier at the beginning.",
                "It is so from the first step to the last.",
            ),
            Option(
                "So that the model also has an opinion on tokens that it can see.",
                "Real text has no masks. A model asked at masks only would learn to ignore visible tokens.",
                right=True,
            ),
            Option(
                "To save masks: they are slower to compute.",
                "A mask is a token like any other.",
            ),
            Option(
                "Because a random token is sometimes the right one.",
                "That happens, rarely. The unchanged tenth is left on purpose.",
            ),
        ),
    ),
    Question(
        "A sentence has two gaps. Why can one not simply take the most probable token for each?",
        (
            Option(
                "One can, with a larger model.",
                "However good each answer is: it is given without knowledge of the other.",
            ),
            Option(
                "The two answers are given independently and may not fit each other.",
                "`h` + `e` + `s`: each letter is probable, and the word does not exist. Fill one gap, then ask again.",
                right=True,
            ),
            Option(
                "The model can only read one gap at a time.",
                "It reads and answers any number at once; that is how it was trained.",
            ),
            Option(
                "The second gap is in the future of the first.",
                "There is no future here: attention goes both ways.",
            ),
        ),
    ),
    Question(
        "Model A (causal) has perplexity 3.0 on a text, model B (masked) has pseudo-perplexity 2.0. What follows?",
        (
            Option(
                "B is the better model of this text.",
                "B was asked easier questions: each with everything else in sight.",
            ),
            Option("A is better: its number is larger.", "For both numbers, smaller means less surprised."),
            Option(
                "Nothing: the two numbers answer different questions.",
                "On the text `aa`, the perfect causal model has 1.41 and the perfect masked one 1.00.",
                right=True,
            ),
            Option(
                "B gives the text the higher probability.",
                "B gives no probability of a text at all: its factors do not multiply to one.",
            ),
        ),
    ),
)
