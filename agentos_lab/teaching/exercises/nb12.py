"""Checks and quiz of notebook 12, the transformer."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "block_parameters", "first_number", "pre_norm", "rms_norm"]

Part = Callable[[Tensor], Tensor]


@exercise(
    "first_number",
    points=1,
    hints=(
        "The numbers are ten times those of (2, 4, 6, 8). What happens to the mean, and what to the spread?",
        "(20 − 50) / 22.36",
    ),
    right="A factor common to all numbers of a token is divided away again.",
)
def first_number(answer: Any) -> Problem | None:
    """The first number of (20, 40, 60, 80) after layer normalisation."""
    told = {
        1.34: "The size is right. 20 lies **below** the mean of 50.",
        -13.4: "The standard deviation has grown ten times too, so nothing is ten times larger afterwards.",
        -1.16: "The mean of the squared distances is taken over all four numbers, not over three.",
        -0.447: "That is the second of the four.",
        -30: "That is the distance from the mean. Divide it by the standard deviation.",
        -0.06: "You divide by the variance. Divide by its root, the standard deviation.",
    }
    return require_number(answer, -1.3416, told=told, what="the first number", tolerance=0.005)


def _rms_norm(x: Tensor, eps: float = 1e-5) -> Tensor:
    return x / (x.pow(2).mean(dim=-1, keepdim=True) + eps).sqrt()


@exercise(
    "rms_norm",
    points=2,
    hints=(
        "Square, mean over the last dimension (keep it, so that shapes fit), root, divide.",
        "`x.pow(2).mean(dim=-1, keepdim=True)` is the mean of the squares, (…, 1).",
    ),
    right="No mean is taken away: a token of four equal numbers stays, where layer norm would make it zero.",
)
def rms_norm(answer: Any) -> Problem | None:
    """A function of x (…, D) that divides each token by its root mean square."""
    mistakes = {
        "That is layer normalisation: RMS norm takes no mean away.": lambda x: (
            (x - x.mean(-1, keepdim=True)) / (x.var(-1, keepdim=True, correction=0) + 1e-5).sqrt()
        ),
        "You divide by the root of the **sum** of the squares; take their mean.": lambda x: (
            x / (x.pow(2).sum(-1, keepdim=True) + 1e-5).sqrt()
        ),
        "The mean runs over everything: each **token** has a scale of its own, so use `dim=-1, keepdim=True`.": (
            lambda x: x / (x.pow(2).mean() + 1e-5).sqrt()
        ),
        "The root is missing: you divide by the mean of the squares itself.": lambda x: (
            x / (x.pow(2).mean(-1, keepdim=True) + 1e-5)
        ),
    }
    with_eps = {
        "A token of zeros is divided by zero: add `eps` to the mean of the squares.": lambda x: _rms_norm(x, 0.0),
        "`eps` is added to the root. Add it to the **mean**, under the root.": lambda x: (
            x / (x.pow(2).mean(-1, keepdim=True).sqrt() + 1e-5)
        ),
    }
    cases = [(torch.tensor([[3.0, 4.0], [1.0, 7.0]]),), (torch.arange(12.0).reshape(2, 3, 2) - 5,)]
    small = [(torch.zeros(1, 3),), (torch.tensor([[0.001, -0.003]]),)]
    return compare_calls(answer, _rms_norm, cases, mistakes=mistakes, what="the normalised token") or compare_calls(
        answer, _rms_norm, small, mistakes=with_eps, what="the normalised token"
    )


def _parts() -> tuple[Any, ...]:
    """Stand-ins for attention, the feed-forward layer and the two normalisations, which a call shows by their names."""

    def attend(x: Tensor) -> Tensor:
        return 3 * x

    def think(x: Tensor) -> Tensor:
        return x * x

    def norm1(x: Tensor) -> Tensor:
        return x - x.mean()

    def norm2(x: Tensor) -> Tensor:
        return x / 2

    return attend, think, norm1, norm2


def _pre(x: Tensor, attend: Part, think: Part, norm1: Part, norm2: Part) -> Tensor:
    x = x + attend(norm1(x))
    return x + think(norm2(x))


@exercise(
    "pre_norm",
    points=2,
    hints=(
        "Each part reads a normalised copy; what it finds is added to the stream **itself**.",
        "`x = x + attend(norm1(x))`, and the same again for `think`.",
    ),
    right="The stream is read through a normalisation and never goes through one.",
)
def pre_norm(answer: Any) -> Problem | None:
    """A function of x and the parts of a block that runs it in pre-norm order."""

    def both(x: Tensor, attend: Part, think: Part, norm1: Part, norm2: Part) -> Tensor:
        x = norm1(x) + attend(norm1(x))
        return norm2(x) + think(norm2(x))

    def stale(x: Tensor, attend: Part, think: Part, norm1: Part, norm2: Part) -> Tensor:
        return x + attend(norm1(x)) + think(norm2(x))

    def post(x: Tensor, attend: Part, think: Part, norm1: Part, norm2: Part) -> Tensor:
        x = norm1(x + attend(x))
        return norm2(x + think(x))

    def afterwards(x: Tensor, attend: Part, think: Part, norm1: Part, norm2: Part) -> Tensor:
        x = x + norm1(attend(x))
        return x + norm2(think(x))

    mistakes = {
        "This is still post-norm: the sum goes through the normalisation.": post,
        "You add to the *normalised* stream; the stream itself must stay untouched.": both,
        "The feed-forward layer reads the stream as it was **before** attention wrote to it.": stale,
        "You normalise what each part has found. Normalise what it **reads**.": afterwards,
        "The stream is lost: what each part finds is **added** to it.": (
            lambda x, attend, think, norm1, norm2: think(norm2(attend(norm1(x))))
        ),
        "The two normalisations are exchanged: attention reads `norm1(x)`.": (
            lambda x, attend, think, norm1, norm2: _pre(x, attend, think, norm2, norm1)
        ),
    }
    cases = [(torch.tensor([1.0, 2.0, 6.0]), *_parts()), (torch.tensor([-2.0, 0.0, 5.0]), *_parts())]
    return compare_calls(answer, _pre, cases, mistakes=mistakes, what="the block's output")


def _block_parameters(width: int) -> int:
    return 12 * width * width + 13 * width


@exercise(
    "block_parameters",
    points=3,
    hints=(
        "A product from n to m numbers has n·m weights and m constants. A layer norm has D factors and D constants.",
        "Attention: D → 3D and D → D. Feed-forward: D → 4D and 4D → D. Two norms: 2 · 2D.",
    ),
    right="12 D² + 13 D: the squares decide. Twice the width is four times the parameters.",
)
def block_parameters(answer: Any) -> Problem | None:
    """A function of the width that gives the number of parameters of one GPT-2 block."""
    mistakes = {
        "All constants of the products are missing: each product adds one for every number that comes out.": lambda d: (
            12 * d * d + 4 * d
        ),
        "4 D are missing: that is what the two layer norms have, and also what the constants of attention are.": (
            lambda d: 12 * d * d + 9 * d
        ),
        "2 D are missing: there are **two** layer norms, each with a factor and a constant for each dimension.": (
            lambda d: 12 * d * d + 11 * d
        ),
        "The constants of the feed-forward layer are missing: 4 D and D.": lambda d: 12 * d * d + 8 * d,
        "The output projection of attention is missing: D → D.": lambda d: 11 * d * d + 12 * d,
        "Only the large products are counted: add their constants and the two layer norms.": lambda d: 12 * d * d,
    }
    cases = [(1,), (2,), (768,)]
    return compare_calls(answer, _block_parameters, cases, mistakes=mistakes, what="the number of parameters")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "Twelve layers of attention alone make all tokens alike. What keeps each token its own vector?",
        (
            Option("The softmax", "The softmax is what averages: it is part of the trouble."),
            Option(
                "The residual addition",
                "Each token keeps its vector and adds to it what it gathers; the norm keeps the scale in hand.",
                right=True,
            ),
            Option("The causal mask", "Masked averages are averages too; the tokens converge a little later."),
            Option("More heads", "Each head averages, and so does their mixture."),
        ),
    ),
    Question(
        "Where do tokens exchange information within a block?",
        (
            Option(
                "In attention alone", "It is the only part in which one token's row depends on another's.", right=True
            ),
            Option("In the feed-forward layer", "It works on each token by itself; nothing passes between rows."),
            Option("In the layer norms", "Mean and spread are taken over one token's own numbers."),
            Option("In all parts", "Norms and feed-forward layers would give the same if each token came alone."),
        ),
    ),
    Question(
        "What is touched by a normalisation in a pre-norm block?",
        (
            Option("The residual stream", "That is post-norm. In pre-norm the stream is only read and added to."),
            Option(
                "The copy that attention and the feed-forward layer read",
                "So the sum of all contributions, and the training signal, pass unchanged.",
                right=True,
            ),
            Option("The attention weights", "They are made by the softmax, whatever the order of the norms."),
            Option("The embedding table", "Only BERT normalises embeddings, and that is another switch."),
        ),
    ),
    Question(
        "A colleague removes the GELU from the feed-forward layers to save time. What is lost?",
        (
            Option(
                "Nothing; training will make up for it.", "No training can make one matrix do what two with a bend can."
            ),
            Option(
                "The layer becomes a single product, whatever its width.",
                "Two products in a row are one product: W₂(W₁x) = (W₂W₁)x.",
                right=True,
            ),
            Option("Half of the parameters", "All of them are still there; they have become useless."),
            Option("The tokens can no longer see each other.", "They do so in attention, which is unchanged."),
        ),
    ),
)
