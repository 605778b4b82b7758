"""Beam search: look for the most probable text, instead of the most probable next token again and again.

The greedy choice may lead into a corner where everything is improbable. Beam search keeps the k best beginnings
(*beams*), continues each by every token, and keeps the k best of those. It finds more probable texts than greedy
choice, not always the most probable one; and with a large model the most probable text is often dull (Holtzman et al.
2020, §4).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .decoding import FinishReason
from .generation import next_logits
from .gpt import GPT, expect_model
from .sampling import keep_allowed
from .vocabulary import as_ids

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["Beam", "beam_search"]


@dataclass(frozen=True)
class Beam:
    """One text that beam search found.

    Attributes:
        tokens: The new tokens, without the stop token.
        logprobs: ln P of each, given those before it; that of the stop token comes last, if one came.
        score: What beams are ranked by: ln P(text) / length^length_penalty, the stop token included in both.
        finish_reason: ``"stop"``, ``"length"``, ``"context"`` or ``"constraint"``, as in `Generated`.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    score: float
    finish_reason: FinishReason

    @property
    def logprob(self) -> float:
        """ln P of the whole text."""
        return sum(self.logprobs)

    def __str__(self) -> str:
        return f"{len(self.tokens)} tokens, ln P {self.logprob:.4f}, score {self.score:.4f}, {self.finish_reason}"

    def __repr__(self) -> str:
        return f"Beam({self})"


@dataclass(frozen=True)
class _Beginning:
    """A text that goes on: its tokens, ln P of each, and the constraint's state."""

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    state: Any


def beam_search(
    model: GPT,
    prompt: Sequence[int],
    *,
    max_new_tokens: int,
    beams: int = 4,
    length_penalty: float = 1.0,
    stop_tokens: Sequence[int] = (),
    constraint: Constraint | None = None,
) -> list[Beam]:
    """The most probable continuations that beam search finds.

    Args:
        model: A causal model.
        prompt: Token ids, at least one.
        max_new_tokens: Most tokens to add.
        beams: How many beginnings to keep, k.
        length_penalty: Exponent of the length by which ln P is divided. 0 ranks by probability alone, which favours
            short texts; 1 ranks by the mean over the tokens (Wu et al. 2016, §7, in its simplest form).
        stop_tokens: Ids that end a text.
        constraint: Restricts which tokens may come; see `constraint.py`.

    Returns:
        At most `beams` texts, the best first.

    Raises:
        ValueError: A number out of its range, or a prompt that is empty or not of this vocabulary.
    """
    expect_model(model)
    prompt = as_ids(prompt, model.config.vocab_size)
    room = model.config.context - len(prompt)
    if beams < 1 or max_new_tokens < 1 or not prompt or room < 1:
        raise ValueError(
            f"beams and max_new_tokens must be at least 1 (got {beams}, {max_new_tokens}), and the prompt must have "
            f"between 1 and {model.config.context - 1} tokens (got {len(prompt)})"
        )
    longest = min(max_new_tokens, room)
    out_of_room: FinishReason = "length" if max_new_tokens <= room else "context"
    cache = model.new_cache(1, len(prompt) + longest)
    going = [_Beginning((), (), None if constraint is None else constraint.start())]
    done: list[Beam] = []
    for length in range(1, longest + 1):
        logits = next_logits(model, [[*prompt, *each.tokens] for each in going], cache)  # (beams, V)
        rows, chosen, logprobs = _best(logits, going, 2 * beams, constraint, longest - length + 1)
        before, going, parents = going, [], []
        for rank, (row, token, logprob) in enumerate(zip(rows, chosen, logprobs, strict=True)):
            parent = before[row]
            path = (*parent.logprobs, logprob)
            score = sum(path) / length**length_penalty
            if token in stop_tokens or (constraint is not None and token == constraint.eos):
                if rank < beams:  # a worse end would not have survived as a beginning either
                    done.append(Beam(parent.tokens, path, score, "stop"))
                continue
            tokens = (*parent.tokens, token)
            state: Any = None if constraint is None else constraint.advance(parent.state, token)
            if constraint is not None and constraint.is_complete(state):
                done.append(Beam(tokens, path, score, "constraint"))
            elif length == longest:
                done.append(Beam(tokens, path, score, out_of_room))
            elif len(going) < beams:
                going.append(_Beginning(tokens, path, state))
                parents.append(row)
        done = sorted(done, key=lambda beam: -beam.score)[:beams]
        if not going or (len(done) == beams and _bound(going[0], longest, length_penalty) <= done[-1].score):
            break
        cache.select(parents)
    return done


def _best(
    logits: Tensor, going: Sequence[_Beginning], count: int, constraint: Constraint | None, budget: int
) -> tuple[list[int], list[int], list[float]]:
    """The `count` most probable continuations by one token: whose, which token, and its ln P."""
    logprobs = logits.log_softmax(dim=-1)  # (beams, V)
    reached = torch.tensor([sum(each.logprobs) for each in going], dtype=torch.float64, device=logits.device)
    totals = reached[:, None] + logprobs
    if constraint is not None:
        masks = torch.stack([constraint.allowed(each.state, budget) for each in going])
        totals = keep_allowed(totals, masks)
    values, flat = totals.flatten().topk(min(count, totals.numel()))
    possible = flat[values > -torch.inf]
    rows, tokens = possible // logits.shape[-1], possible % logits.shape[-1]
    return rows.tolist(), tokens.tolist(), logprobs[rows, tokens].tolist()


def _bound(beginning: _Beginning, longest: int, length_penalty: float) -> float:
    """The best score that this beginning could still reach: as if all further tokens were certain."""
    length = longest if length_penalty > 0 else len(beginning.tokens) + 1
    return sum(beginning.logprobs) / length**length_penalty
