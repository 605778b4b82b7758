"""Checks and quiz of notebook 13, training a GPT."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "blind_loss", "clip", "early_stop", "questions"]


@exercise(
    "blind_loss",
    points=1,
    hints=("It gives each of the 256 bytes the probability 1/256. What is −ln(1/256)?", "ln 256 = 8 · ln 2"),
    right="In bits it is 8: a model that knows nothing stores a byte as a byte.",
)
def blind_loss(answer: Any) -> Problem | None:
    """The loss of a blind model with 256 tokens, in nats."""
    told = {
        8.0: "That is the loss in **bits**: log₂ 256. Nats use the natural logarithm.",
        2.41: "That is log₁₀ 256. Nats use the natural logarithm.",
        256.0: "That is the perplexity, the number of choices. The loss is the logarithm of it.",
        1 / 256: "That is the probability of each byte. The loss is minus its logarithm.",
        -5.55: "The loss is **minus** the logarithm of a probability, so it is positive.",
        4.13: "That is ln 62, the loss for the characters of the stories.",
    }
    return require_number(answer, 5.5452, told=told, what="the loss", tolerance=0.0012)


def _questions(windows: Tensor) -> tuple[Tensor, Tensor]:
    return windows[:, :-1], windows[:, 1:]


@exercise(
    "questions",
    points=2,
    hints=(
        "What is the answer to the question at position t? The token at position t + 1 of the window.",
        "The answers are the window without its **first** token: `windows[:, 1:]`.",
    ),
    right="With the old line the model had only to copy what it read.",
)
def questions(answer: Any) -> Problem | None:
    """A function that makes inputs and answers of windows (B, T+1)."""
    mistakes = {
        "Inputs and answers are the same: the model is asked for what it has just read.": lambda w: (
            w[:, :-1],
            w[:, :-1],
        ),
        "You add 1 to the number of the token. The answer is the token that stands **next** in the window.": lambda w: (
            w[:, :-1],
            w[:, :-1] + 1,
        ),
        "The two are exchanged: this asks for the token **before**.": lambda w: (w[:, 1:], w[:, :-1]),
        "You cut along the batch; the time axis is the second one: `[:, …]`.": lambda w: (w[:-1], w[1:]),
        "The answers lie two ahead: a window has only one token more than there are questions.": lambda w: (
            w[:, :-2],
            w[:, 2:],
        ),
        "The last token has no answer here; leave it out of the inputs: (B, T), not (B, T+1).": lambda w: (
            w,
            w[:, 1:],
        ),
    }
    cases = [(torch.tensor([[1, 2, 3, 4]]),), (torch.arange(15).reshape(3, 5) % 4 * 3,)]
    parts = ("the inputs", "the answers")
    return compare_calls(answer, _questions, cases, mistakes=mistakes, what="inputs and answers", parts=parts)


def _clip(gradients: list[Tensor], longest: float = 1.0) -> list[Tensor]:
    length = sum(float((gradient**2).sum()) for gradient in gradients) ** 0.5
    factor = min(1.0, longest / length) if length else 1.0
    return [gradient * factor for gradient in gradients]


def _clip_each(gradients: list[Tensor], longest: float = 1.0) -> list[Tensor]:
    return [
        gradient * min(1.0, longest / float(gradient.norm())) if gradient.any() else gradient for gradient in gradients
    ]


def _stretch(gradients: list[Tensor], longest: float = 1.0) -> list[Tensor]:
    length = sum(float((gradient**2).sum()) for gradient in gradients) ** 0.5
    return [gradient * longest / length if length else gradient for gradient in gradients]


def _unrooted(gradients: list[Tensor], longest: float = 1.0) -> list[Tensor]:
    square = sum(float((gradient**2).sum()) for gradient in gradients)
    factor = min(1.0, longest / square) if square else 1.0
    return [gradient * factor for gradient in gradients]


@exercise(
    "clip",
    points=2,
    hints=(
        "First one number for all tensors: the root of the sum of all squares. Then one factor for all of them.",
        "The factor is `min(1.0, longest / length)`: it never lengthens. Mind a gradient of zeros.",
    ),
    right="One factor for all keeps the direction, which a limit for each tensor would bend.",
)
def clip(answer: Any) -> Problem | None:
    """A function of a list of gradients and a length that shortens them together."""
    mistakes = {
        "Each tensor is shortened by itself, which changes the direction of the whole; take **one** length for all.": (
            _clip_each
        ),
        "Short gradients are made **longer**: the factor must not exceed 1.": _stretch,
        "Each number is cut off by itself, which changes the direction; multiply all by one factor.": (
            lambda gradients, longest=1.0: [gradient.clamp(-longest, longest) for gradient in gradients]
        ),
        "The root is missing: you divide by the sum of the squares.": _unrooted,
    }
    zeros = [torch.zeros(2)]
    cases: list[tuple[Any, ...]] = [
        ([torch.tensor([3.0]), torch.tensor([4.0, 0.0])],),
        ([torch.tensor([0.3, 0.1]), torch.tensor([[0.2]])],),
        ([torch.tensor([6.0, 0.0]), torch.tensor([8.0])], 5.0),
        (zeros,),
        ([torch.tensor([3.0, 0.0, 4.0]), torch.tensor([0.0, 12.0])],),
    ]
    return compare_calls(answer, _clip, cases, mistakes=mistakes, what="the clipped gradients")


def _early_stop(losses: list[float], patience: int) -> int:
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best >= patience:
            break
    return best


def _stop_index(losses: list[float], patience: int) -> int:
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best >= patience:
            return index
    return len(losses) - 1


def _risen(losses: list[float], patience: int) -> int:
    best = worse = 0
    for index in range(1, len(losses)):
        worse = worse + 1 if losses[index] > losses[index - 1] else 0
        if losses[index] < losses[best]:
            best = index
        if worse >= patience:
            break
    return best


def _impatient(losses: list[float], patience: int) -> int:
    best = 0
    for index, loss in enumerate(losses):
        if loss < losses[best]:
            best = index
        elif index - best > patience:
            break
    return best


def _never_forgets(losses: list[float], patience: int) -> int:
    best = worse = 0
    for index, loss in enumerate(losses[1:], 1):
        if loss < losses[best]:
            best = index
        elif (worse := worse + 1) >= patience:
            break
    return best


def _ties_beat(losses: list[float], patience: int) -> int:
    best = 0
    for index, loss in enumerate(losses):
        if loss <= losses[best]:
            best = index
        elif index - best >= patience:
            break
    return best


@exercise(
    "early_stop",
    points=3,
    hints=(
        "Go through the losses and remember the index of the best one so far.",
        "Give up when `index - best` has reached the patience; return `best`, not `index`.",
    ),
    right="The last of a run is seldom the best of it.",
)
def early_stop(answer: Any) -> Problem | None:
    """A function of validation losses and a patience that gives the index of the best until giving up."""
    mistakes = {
        "It never gives up: this is the best of **all** losses.": lambda losses, patience: losses.index(min(losses)),
        "You return where it gives up; the model to keep is the best one **before**.": _stop_index,
        "Count how long the **best** has not been beaten; a loss may fall and still be worse than the best.": _risen,
        "It waits one evaluation too long: give up as soon as the best was not beaten `patience` times.": _impatient,
    }
    mistakes["A loss that is only as low as the best has not beaten it: `<`, not `<=`."] = _ties_beat
    mistakes["After a new best the count begins anew: `patience` times **in a row**."] = _never_forgets
    cases: list[tuple[Any, ...]] = [
        ([3.0, 2.0, 2.5, 2.6, 1.0], 2),
        ([3.0, 2.0, 2.5, 1.0], 2),
        ([3.0, 2.0, 2.5, 2.6, 2.7, 2.8, 1.0], 2),
        ([4.0, 2.0, 5.0, 3.0, 2.5, 1.0], 3),
        ([3.0, 2.0, 1.0], 1),
        ([5.0, 4.0, 4.0, 4.0, 1.0], 2),
        ([5.0, 4.0, 6.0, 3.0, 6.0, 2.0], 2),
        ([1.0], 5),
    ]
    return compare_calls(answer, _early_stop, cases, mistakes=mistakes, what="the index to keep")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A new model with 50,000 tokens shows a loss of 25 at its very first step. What does that say?",
        (
            Option("Nothing: every model begins high.", "It begins at ln V, and ln 50,000 is 10.8."),
            Option(
                "It is sure of wrong answers before it has learned anything: look for a mistake in the setup.",
                "A model that knows nothing pays ln V = 10.8. More means confident nonsense, for instance too large "
                "initial numbers.",
                right=True,
            ),
            Option("The learning rate is too large.", "Before the first step it has not been used yet."),
            Option("It needs more layers.", "How well it can learn in the end has nothing to do with the first loss."),
        ),
    ),
    Question(
        "Training loss 1.4, validation loss 1.5, both still falling. What is going on?",
        (
            Option("The model learns by heart; stop at once.", "Then the validation loss would rise."),
            Option(
                "All is well; go on.",
                "A small gap is normal: the training text has been seen before. A *rising* validation loss would be "
                "the sign.",
                right=True,
            ),
            Option("The validation text is too hard.", "A gap of 0.1 says no such thing."),
            Option("The learning rate is too small.", "Both losses fall; nothing here says so."),
        ),
    ),
    Question(
        "Model A pays 1.3 nats per character, model B 3.1 nats per token of 4.5 characters. Which is better?",
        (
            Option("Model A: 1.3 is less than 3.1", "They are not per the same thing: B guesses far longer pieces."),
            Option(
                "Model B, by bits per character", "A: 1.9 bits per character. B: 3.1 / ln 2 / 4.5 = 1.0.", right=True
            ),
            Option("They cannot be compared", "Per token they cannot; per character of the same text they can."),
            Option(
                "Model A, because characters are harder", "A guess at a character is easier: there are few of them."
            ),
        ),
    ),
    Question(
        "The loss jumps from 2.0 to 9.5 and stays high. What is the best thing to do?",
        (
            Option(
                "Wait: it will come back.", "What was learned is torn down; it may take as long as it took at first."
            ),
            Option("Lower the learning rate and go on from here.", "That keeps the ruins. Go back first."),
            Option(
                "Go back to the last checkpoint and continue with a smaller learning rate.",
                "The checkpoint still has what was learned, and shorter steps will not jump over the valley again.",
                right=True,
            ),
            Option("Use more training data.", "It was not the data that failed; the steps were too long."),
        ),
    ),
)
