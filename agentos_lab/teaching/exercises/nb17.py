"""Checks and quiz of notebook 17, looking inside."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor

from ..checking import exercise
from ..comparison import Problem, compare_calls, is_number, require_list, require_number
from ..questions import Option, Question

__all__ = ["QUIZ", "double_head", "induction_score", "same_token_head", "when_row"]


@exercise(
    "when_row",
    points=1,
    hints=(
        "The two sentences begin alike. Which tokens differ, and who can look at them?",
        "What stands in the stream of `When` in the clean run, and what in the corrupt one? It is the same.",
    ),
    right="`When` stands before the changed word and cannot see it: both runs agree there, in every layer.",
)
def when_row(answer: Any) -> Problem | None:
    """The share restored by patching the first word at the last layer."""
    told = {1: "1 would mean that the first word decides the answer. Is its stream different in the two runs?"}
    return require_number(answer, 0.0, told=told, what="the restored share", tolerance=0.005)


@exercise(
    "same_token_head",
    points=1,
    hints=(
        "The earlier copy of the token at t is 25 places back. Where does the marked line look?",
        "`weights[:, :, t, t - 25]`; the head that leads is in layer 14.",
    ),
    right="Head 14.3 looks at the same token, 25 places back. So it finds out *that* the token was there. What came "
    "next is one place further, in another token's stream: for that it takes an induction head.",
)
def same_token_head(answer: Any) -> Problem | None:
    """Layer and number of the head that looks most at the earlier copy of its own token."""
    wrong: dict[tuple[float, ...], str] = {
        (18, 6): "That is the induction head, which looks one place **after** the earlier copy. Look at the copy.",
        (16, 0): "That is the head that looks at the token just before. The earlier copy is 25 places back.",
    }
    if problem := require_list(answer, 2, is_number, "a number: first the layer, then the head", what="the pair"):
        return problem
    pair = tuple(float(number) for number in answer)
    if pair == (14, 3):
        return None
    if pair == (3, 14):
        return Problem("The layer comes first.", yours=str(answer))
    more = "Another head leads. In the marked line, `t - 24` is one place after the earlier copy: which is the copy?"
    return Problem(wrong.get(pair, more), yours=str(answer))


def _double(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
    if (name, layer) != ("attention.heads", 5):
        return None
    return tensor * torch.tensor([1.0, 1.0, 2.0, 1.0]).view(1, 4, 1, 1)


@exercise(
    "double_head",
    points=2,
    hints=(
        "Ask for name **and** layer; copy the tensor with `clone()`; change `tensor[:, 2]`; return it.",
        "Everywhere else return None, which leaves the tensor as it is.",
    ),
    right="A head can be silenced, doubled or replaced: all by the same few lines.",
)
def double_head(answer: Any) -> Problem | None:
    """A probe that doubles head 2 of layer 5."""

    def effect(probe: Any) -> Any:
        def after(name: str, layer: int | None) -> Tensor:
            tensor = torch.arange(1.0, 9.0).reshape(1, 4, 2, 1)  # (B, H, T, d)
            changed = probe(name, layer, tensor)
            if not torch.equal(tensor, torch.arange(1.0, 9.0).reshape(1, 4, 2, 1)):
                return torch.full_like(tensor, torch.nan)
            return tensor if changed is None else changed

        after.__name__ = "double_head"
        return after

    cases = [("attention.heads", 5), ("attention.heads", 4), ("attention.weights", 5), ("logits", None)]
    if callable(answer):
        for case in cases:
            untouched = effect(answer)(*case)
            if isinstance(untouched, Tensor) and untouched.isnan().all():
                return Problem("You change the tensor that was handed in. Work on a copy: `tensor = tensor.clone()`.")

    def any_layer(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        return _double(name, 5, tensor)

    def any_site(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        return _double("attention.heads", layer, tensor)

    def token(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        return tensor * 2 if (name, layer) == ("attention.heads", 5) else None

    def head_before(name: str, layer: int | None, tensor: Tensor) -> Tensor | None:
        doubled = _double(name, layer, tensor.roll(1, 1))
        return None if doubled is None else doubled.roll(-1, 1)

    mistakes = {
        "It acts in every layer: ask whether `layer == 5`.": effect(any_layer),
        "It acts at every site of layer 5: ask whether the name is `attention.heads`.": effect(any_site),
        "Nothing is changed at head 2 of layer 5. Is the changed tensor returned? Here the name has no `blocks.5.`": (
            effect(lambda name, layer, tensor: None)
        ),
        "That is head 1: heads count from 0.": effect(head_before),
        "It doubles all heads. Heads are the second axis: `tensor[:, 2]`.": effect(token),
    }
    probed = effect(answer) if callable(answer) else answer
    return compare_calls(probed, effect(_double), cases, mistakes=mistakes, what="the tensor after your probe")


def _induction(weights: Tensor, period: int) -> Tensor:
    t = torch.arange(period, weights.shape[1])
    return weights[:, t, t - period + 1].mean(dim=-1)


@exercise(
    "induction_score",
    points=3,
    hints=(
        "Make `t = torch.arange(period, T)`; index rows and columns with two tensors at once: `weights[:, t, s]`.",
        "The columns are `t - period + 1`; then take the mean over the last axis.",
    ),
    right="With period 25 this is the table from which you read heads 18.6, 17.5, 17.3 and 17.4.",
)
def induction_score(answer: Any) -> Problem | None:
    """A function of weights (H, T, S) and the period that gives each head's score (H,)."""
    mistakes = {
        "You look at the earlier copy itself, `t - period`; the token to copy stands **one after** it.": (
            lambda w, p: w[:, torch.arange(p, w.shape[1]), torch.arange(p, w.shape[1]) - p].mean(-1)
        ),
        "The mean must run over positions and leave one number for each head.": (
            lambda w, p: w[:, torch.arange(p, w.shape[1]), torch.arange(p, w.shape[1]) - p + 1].mean()
        ),
        "Take the mean over the positions, not their sum.": (
            lambda w, p: w[:, torch.arange(p, w.shape[1]), torch.arange(p, w.shape[1]) - p + 1].sum(-1)
        ),
    }
    weights = torch.rand(2, 6, 6, generator=torch.Generator().manual_seed(3)).mul(10).round().div(10)
    return compare_calls(answer, _induction, [(weights, 3), (weights, 2)], mistakes=mistakes, what="the scores")


# Asked at the end of the notebook; each wrong option is a typical misconception.
QUIZ = (
    Question(
        "A head's picture shows a strong weight from `to` to `Mary`. What follows?",
        (
            Option("The head makes the model say Mary.", "It may carry her value on, and later layers may ignore it."),
            Option(
                "A question: would the answer change without the head?",
                "Only an intervention tells whether what the head fetches is used.",
                right=True,
            ),
            Option("Mary is the most important word.", "For one head at one place. Others look elsewhere."),
            Option("The model understands who drinks.", "A weight is a share in a mixture, not a thought."),
        ),
    ),
    Question(
        "The logit lens gives the answer rank 1,109 after layer 22. What does that show?",
        (
            Option(
                "Read with the last layer's table, the answer cannot be seen there yet.",
                "The information may already be there in a form this table does not read.",
                right=True,
            ),
            Option("The first 23 layers do nothing.", "Patch them and the answer changes: they prepare it."),
            Option("The model guesses at random until layer 22.", "It is not asked for an answer there at all."),
            Option("Layers 0 to 22 could be removed.", "What later layers read was written by them."),
        ),
    ),
    Question(
        "Patching the clean stream at one word restores the answer fully. What does that show?",
        (
            Option(
                "That this word's embedding holds the answer.", "By layer 10 its stream holds what was gathered too."
            ),
            Option(
                "That what decides passes through that place.",
                "The rest of the run was corrupt, so the difference came from there.",
                right=True,
            ),
            Option("That no other place matters.", "Other places may matter in ways that both runs share."),
            Option("That the layer's heads look at this word.", "It says nothing about who reads the place later."),
        ),
    ),
    Question(
        "Switching off head 17.5 alone hardly hurts copying; switching off four heads does. Why?",
        (
            Option("Head 17.5 is not an induction head.", "It gives 0.79 of its weight to the right place."),
            Option("Ablation did not work.", "With four heads the same instrument shows a large effect."),
            Option(
                "Several heads do the same work, and the others suffice.",
                "Backups hide the importance of each single head.",
                right=True,
            ),
            Option("Copying needs no heads.", "Without attention no information moves between positions."),
        ),
    ),
)
