"""What a language model answers with: a text that it wrote (`Generation`), how probable it finds texts (`Scores`)."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import overload

from .decoding import FinishReason

__all__ = ["Generation", "Scores"]

_ENDINGS = {
    "stop": "it ended by itself",
    "length": "max_new_tokens reached",
    "context": "the context is full",
    "constraint": "the constraint is fulfilled",
}


@dataclass(frozen=True)
class Generation:
    """A text that a model wrote.

    Attributes:
        text: The continuation, without the prompt and without the stop text that ended it.
        prompt: What it continues.
        tokens: Ids of the new tokens.
        pieces: The new tokens in print.
        logprobs: Natural logarithm of the model's own probability for each, before temperature and filters.
        finish_reason: ``"stop"``, ``"length"``, ``"context"`` or ``"constraint"``: see `Generated`.
        prompt_tokens: Ids of the prompt.
    """

    text: str
    prompt: str
    tokens: tuple[int, ...]
    pieces: tuple[str, ...]
    logprobs: tuple[float, ...]
    finish_reason: FinishReason
    prompt_tokens: tuple[int, ...]

    @property
    def logprob(self) -> float:
        """Log-probability of the whole continuation: the sum of `logprobs`."""
        return sum(self.logprobs)

    def __str__(self) -> str:
        return self.text

    def __repr__(self) -> str:
        return f"Generation({self.text!r}, {len(self.tokens)} tokens, finish_reason={self.finish_reason!r})"

    def _repr_html_(self) -> str:
        return (
            "<div style='white-space:pre-wrap'>"
            f"<span style='opacity:.65'>{html.escape(self.prompt)}</span>"
            f"<strong>{html.escape(self.text)}</strong></div>"
            f"<small>{len(self.tokens)} tokens; {_ENDINGS[self.finish_reason]}</small>"
        )


@dataclass(frozen=True)
class Scores(Sequence[float]):
    """How probable a model finds each of several continuations; indexes and iterates like their log-probabilities.

    Attributes:
        prompt: What is continued.
        continuations: The candidates.
        logprobs: ln P(continuation | prompt) of each: the sum over its tokens.
        token_logprobs: The same, token by token.
    """

    prompt: str
    continuations: tuple[str, ...]
    logprobs: tuple[float, ...]
    token_logprobs: tuple[tuple[float, ...], ...]

    @property
    def best(self) -> str:
        """The most probable continuation. (Longer ones have more to pay: compare like with like.)"""
        return self.continuations[max(range(len(self)), key=self.logprobs.__getitem__)]

    @overload
    def __getitem__(self, index: int) -> float: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[float, ...]: ...
    def __getitem__(self, index: int | slice) -> float | tuple[float, ...]:
        return self.logprobs[index]

    def __len__(self) -> int:
        return len(self.logprobs)

    def __str__(self) -> str:
        ranked = sorted(zip(self.logprobs, self.continuations, strict=True), key=lambda pair: -pair[0])
        lines = [f"{logprob:9.4f}  {text!r}" for logprob, text in ranked[:8]]
        hidden = [f"           … and {len(self) - 8} less probable ones"] if len(self) > 8 else []
        return "\n".join(["ln P(continuation | prompt)", *lines, *hidden])

    __repr__ = __str__

    def _repr_html_(self) -> str:
        ranked = sorted(zip(self.logprobs, self.continuations, strict=True), key=lambda pair: -pair[0])
        rows = "".join(
            f"<tr><td style='text-align:left'>{html.escape(repr(text))}</td><td>{logprob:.4f}</td></tr>"
            for logprob, text in ranked
        )
        return f"<table><thead><tr><th>continuation</th><th>ln P</th></tr></thead><tbody>{rows}</tbody></table>"
