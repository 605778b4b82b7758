"""Decoding: one text on its way, token by token.

What the model has to say about the next token is one thing; what is done with it is another: the sampling settings,
the random numbers, the constraint, and the many reasons to stop. A `Decoding` holds the second for one text, and knows
no model. `generation.py` drives a batch of them to the end, `serving.py` a token at a time in any order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, overload

import torch
from torch import Tensor

from .sampling import Sampling, keep_allowed

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["Decoding", "FinishReason", "Generated", "NewToken"]

# Why a text ended: its own end came, the wished length, the end of the context, or the constraint is fulfilled.
FinishReason = Literal["stop", "length", "context", "constraint"]


@dataclass(frozen=True)
class NewToken:
    """One generated token.

    Attributes:
        token: Its id.
        logprob: Natural logarithm of the model's own probability for it, before temperature, filters and constraint.
    """

    token: int
    logprob: float


@dataclass(frozen=True)
class Generated(Sequence[int]):
    """What was generated after one prompt; indexes and iterates like its list of tokens.

    Attributes:
        tokens: The new token ids, without the stop token.
        logprobs: Of each token, see `NewToken`.
        finish_reason: ``"stop"`` (a stop token or stop text came), ``"length"`` (`max_new_tokens` are there),
            ``"context"`` (the model can read no more), ``"constraint"`` (the constraint is fulfilled and allows no
            further token).
        prompt_tokens: The prompt that was continued.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish_reason: FinishReason
    prompt_tokens: tuple[int, ...]

    @overload
    def __getitem__(self, index: int) -> int: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[int, ...]: ...
    def __getitem__(self, index: int | slice) -> int | tuple[int, ...]:
        return self.tokens[index]

    def __len__(self) -> int:
        return len(self.tokens)

    def __str__(self) -> str:
        return f"{len(self)} tokens after a prompt of {len(self.prompt_tokens)}, finished by {self.finish_reason}"

    def __repr__(self) -> str:
        shown = ", ".join(map(str, self.tokens[:12])) + (", …" if len(self) > 12 else "")
        return f"Generated([{shown}], {len(self)} tokens, finish_reason={self.finish_reason!r})"


@dataclass
class Decoding:
    """One prompt and its continuation so far, and all that decides the next token but the model.

    Attributes:
        prompt: Token ids of what is continued.
        sampling: How to choose.
        generator: Source of the random numbers; its state moves by one draw a token (greedy: none).
        max_new_tokens: Most tokens to add.
        context: Most tokens of prompt and continuation together.
        stop_tokens: Ids that end the text.
        until: Looks at the new tokens after each; True ends the text.
        constraint: Restricts which tokens may come.
        tokens: The new tokens.
        logprobs: Of each, see `NewToken`.
        finish_reason: Why it ended, see `Generated`; None while it goes on.
        state: Of the constraint after `tokens`; None: found by reading them.
    """

    prompt: tuple[int, ...]
    sampling: Sampling
    generator: torch.Generator
    max_new_tokens: int
    context: int
    stop_tokens: frozenset[int] = frozenset()
    until: Callable[[Sequence[int]], bool] | None = None
    constraint: Constraint | None = None
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finish_reason: FinishReason | None = None
    state: Any = None

    def __post_init__(self) -> None:
        if not isinstance(self.max_new_tokens, int) or self.max_new_tokens < 1:
            raise ValueError(f"max_new_tokens must be a whole number of at least 1, got {self.max_new_tokens!r}")
        if not 0 < len(self.prompt) < self.context:
            raise ValueError(
                f"the prompt has {len(self.prompt)} tokens; at least 1 is needed to go on from (the tokenizer's bos "
                f"token, for instance) and fewer than {self.context}, the most that can be read"
            )
        if not hasattr(self.constraint, "allowed") and self.constraint is not None:
            raise ValueError(f"a constraint is made by regex, choices or json_schema, got {self.constraint!r}")
        if self.constraint is not None and self.state is None:
            self.state = self.constraint.start()
            for token in self.tokens:
                self.state = self.constraint.advance(self.state, token)

    def copy(self, **changes: Any) -> Decoding:
        """An independent copy, random numbers included, with some fields changed."""
        generator = torch.Generator(self.generator.device)
        generator.set_state(self.generator.get_state())
        own = {"generator": generator, "tokens": list(self.tokens), "logprobs": list(self.logprobs)}
        return replace(self, **{**own, **changes})

    @property
    def text(self) -> list[int]:
        """Prompt and continuation."""
        return [*self.prompt, *self.tokens]

    @property
    def budget(self) -> int:
        """How many tokens may still come."""
        return min(self.max_new_tokens, self.context - len(self.prompt)) - len(self.tokens)

    def step(self, logits: Tensor) -> NewToken | None:
        """Choose the next token from its logits (V,); None when the text ends instead."""
        token = self.sampling.choose(self.allowed_only(logits), self.text, self.generator)
        if token in self.stop_tokens or (self.constraint is not None and token == self.constraint.eos):
            self.finish_reason = "stop"
            return None
        self.tokens.append(token)
        self.logprobs.append(float(logits.log_softmax(dim=-1)[token]))
        if self.constraint is not None:
            self.state = self.constraint.advance(self.state, token)
        self.finish_reason = self.reason_to_end()
        return NewToken(token, self.logprobs[-1])

    def allowed_only(self, logits: Tensor) -> Tensor:
        """The logits with −∞ for what the constraint forbids."""
        if self.constraint is None:
            return logits
        return keep_allowed(logits, self.constraint.allowed(self.state, self.budget))

    def reason_to_end(self) -> FinishReason | None:
        """Why nothing may follow the last token; None if something may."""
        if self.until is not None and self.until(self.tokens):
            return "stop"
        if self.constraint is not None and self.constraint.is_complete(self.state):
            return "constraint"  # end-of-text is all that may follow: no need to ask the model
        if len(self.tokens) == self.max_new_tokens:
            return "length"
        return None if self.budget else "context"

    def result(self) -> Generated:
        """What was generated; ValueError while it goes on."""
        if self.finish_reason is None:
            raise ValueError(f"the text is not finished: {len(self.tokens)} tokens so far")
        return Generated(tuple(self.tokens), tuple(self.logprobs), self.finish_reason, self.prompt)
