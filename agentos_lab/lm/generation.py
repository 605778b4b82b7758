"""Generation: the loop that turns a predictor of the next token into a writer.

Read the prompt once, choose a token, read that token, choose the next. Prompts of different lengths share one batch:
they are padded on the right, and what the padding wrote into the cache is rewound away. Each row has its own random
numbers, so that what it says does not depend on who else is in the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal, overload

import torch
import torch.nn.functional as F
from torch import Tensor

from .gpt import GPT
from .kv_cache import KVCache
from .sampling import Sampling

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["FinishReason", "Generated", "NewToken", "generate", "next_logits", "score", "stream"]

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


def generate(
    model: GPT,
    prompts: Sequence[Sequence[int]] | Tensor,
    *,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    repetition_penalty: float = 1.0,
    seed: int | Sequence[int] = 0,
    generator: torch.Generator | None = None,
    stop_tokens: Sequence[int] = (),
    until: Callable[[Sequence[int]], bool] | None = None,
    constraint: Constraint | None = None,
    use_cache: bool = True,
) -> list[Generated]:
    """Continue every prompt of a batch; prompts may differ in length.

    Args:
        model: A causal model.
        prompts: Token ids, one list a prompt, or (B, T).
        max_new_tokens: Most tokens to add to each.
        temperature: 0 chooses the most probable token (greedy); see `next_token_distribution` for this and the next
            four.
        top_k: Keep the k most probable tokens.
        top_p: Keep the most probable tokens that hold this mass.
        min_p: Keep tokens of at least this fraction of the highest probability.
        repetition_penalty: Above 1 makes tokens of prompt and continuation less probable.
        seed: Row i draws from the seed ``seed + i``; a list gives each row its own.
        generator: Draws the rows' seeds instead.
        stop_tokens: Ids that end a row; the stop token itself is not among its tokens.
        until: Looks at a row's new tokens after each; True ends the row.
        constraint: Restricts which tokens may come; see `constraint.py`.
        use_cache: Whether to keep keys and values. Without, every token reads the whole text again: slower, the same
            text.

    Returns:
        One `Generated` a prompt, in order.

    Raises:
        ValueError: No prompt, an empty prompt, or a setting out of its range.
    """
    sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty)
    rows = _rows(model, prompts, sampling, max_new_tokens, seed, generator, stop_tokens, until, constraint)
    for _ in _decode(model, rows, use_cache):
        pass
    return [row.result() for row in rows]


def stream(
    model: GPT,
    prompt: Sequence[int],
    *,
    max_new_tokens: int,
    temperature: float = 1.0,
    top_k: int | None = None,
    top_p: float | None = None,
    min_p: float | None = None,
    repetition_penalty: float = 1.0,
    seed: int = 0,
    generator: torch.Generator | None = None,
    stop_tokens: Sequence[int] = (),
    until: Callable[[Sequence[int]], bool] | None = None,
    constraint: Constraint | None = None,
    use_cache: bool = True,
) -> Iterator[NewToken]:
    """Continue one prompt and hand out each token as soon as it is chosen; the arguments are those of `generate`.

    Stop iterating whenever you like: nothing is left running.
    """
    sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty)
    rows = _rows(model, [prompt], sampling, max_new_tokens, seed, generator, stop_tokens, until, constraint)
    return _decode(model, rows, use_cache)


@dataclass
class _Row:
    """One prompt on its way: what it has so far, and what decides its next token."""

    prompt: tuple[int, ...]
    sampling: Sampling
    generator: torch.Generator
    limit: int
    context: int
    stop_tokens: frozenset[int]
    until: Callable[[Sequence[int]], bool] | None
    constraint: Constraint | None
    state: Any  # of the constraint
    tokens: list[int] = field(default_factory=list)
    logprobs: list[float] = field(default_factory=list)
    finished: FinishReason | None = None

    @property
    def budget(self) -> int:
        """How many tokens may still come."""
        return min(self.limit, self.context - len(self.prompt)) - len(self.tokens)

    @property
    def text(self) -> list[int]:
        """Prompt and continuation."""
        return [*self.prompt, *self.tokens]

    def step(self, logits: Tensor) -> NewToken | None:
        """Choose the next token from its logits (V,); None when the row ends instead."""
        token = self.sampling.choose(self.allowed_only(logits), self.text, self.generator)
        if token in self.stop_tokens or (self.constraint is not None and token == self.constraint.eos):
            self.finished = "stop"
            return None
        self.tokens.append(token)
        self.logprobs.append(float(logits[token] - logits.logsumexp(dim=-1)))
        if self.constraint is not None:
            self.state = self.constraint.advance(self.state, token)
        self.finished = self.reason_to_end()
        return NewToken(token, self.logprobs[-1])

    def allowed_only(self, logits: Tensor) -> Tensor:
        """The logits with −∞ for what the constraint forbids."""
        if self.constraint is None:
            return logits
        allowed = self.constraint.allowed(self.state, self.budget)
        missing = logits.shape[-1] - allowed.shape[-1]  # a model may have more rows than its tokenizer has tokens
        return logits.masked_fill(~F.pad(allowed, (0, missing)).to(logits.device), -torch.inf)

    def reason_to_end(self) -> FinishReason | None:
        if self.until is not None and self.until(self.tokens):
            return "stop"
        if self.constraint is not None and self.constraint.is_complete(self.state):
            return "constraint"  # end-of-text is all that may follow: no need to ask the model
        if len(self.tokens) == self.limit:
            return "length"
        if len(self.prompt) + len(self.tokens) == self.context:
            return "context"
        return None

    def result(self) -> Generated:
        assert self.finished is not None
        return Generated(tuple(self.tokens), tuple(self.logprobs), self.finished, self.prompt)


def _rows(
    model: GPT,
    prompts: Sequence[Sequence[int]] | Tensor,
    sampling: Sampling,
    limit: int,
    seed: int | Sequence[int],
    generator: torch.Generator | None,
    stop_tokens: Sequence[int],
    until: Callable[[Sequence[int]], bool] | None,
    constraint: Constraint | None,
) -> list[_Row]:
    lists = prompts.tolist() if isinstance(prompts, Tensor) else [list(prompt) for prompt in prompts]
    context = model.config.context
    if not model.config.causal:
        raise ValueError("a masked model sees the future and cannot generate from left to right; use a causal one")
    if limit < 1:
        raise ValueError(f"max_new_tokens must be at least 1, got {limit}")
    for row, prompt in enumerate(lists):
        if not 0 < len(prompt) < context:
            raise ValueError(
                f"prompt {row} has {len(prompt)} tokens; the model needs at least 1 to go on from (its bos token, for "
                f"instance) and reads at most {context}, the last of which must be left for the answer"
            )
    start = None if constraint is None else constraint.start()
    seeds = _seeds(len(lists), seed, generator)
    return [
        _Row(
            tuple(prompt), sampling, torch.Generator().manual_seed(row_seed), limit, context,
            frozenset(stop_tokens), until, constraint, start,
        )
        for prompt, row_seed in zip(lists, seeds, strict=True)
    ]  # fmt: skip


def _seeds(count: int, seed: int | Sequence[int], generator: torch.Generator | None) -> list[int]:
    """One seed a row."""
    if generator is not None:
        return torch.randint(2**62, (count,), generator=generator, device=generator.device).tolist()
    seeds = [seed + row for row in range(count)] if isinstance(seed, int) else list(seed)
    if len(seeds) != count:
        raise ValueError(f"{count} prompts need one seed each, got {len(seeds)}")
    return seeds


def _decode(model: GPT, rows: list[_Row], use_cache: bool) -> Iterator[NewToken]:
    """Go on with all rows, a token each, until every one has finished."""
    live = rows
    cache = None
    if use_cache:
        longest = max(len(row.prompt) for row in rows) + rows[0].limit
        cache = model.new_cache(len(rows), min(longest, model.config.context))
    while live:
        logits = next_logits(model, [row.text for row in live], cache)  # (B, V)
        for row, scores in zip(live, logits, strict=True):
            new = row.step(scores)
            if new is not None:
                yield new
        going = [index for index, row in enumerate(live) if row.finished is None]
        if cache is not None and 0 < len(going) < len(live):
            cache.select(going)
        live = [live[index] for index in going]


@torch.inference_mode()
def next_logits(model: GPT, texts: Sequence[Sequence[int]], cache: KVCache | None = None) -> Tensor:
    """Score what comes next after each of several texts.

    Args:
        model: A causal model.
        texts: Whole texts, one list of token ids each; lengths may differ.
        cache: With a cache, only what each row has not read yet is read: the whole prompt at first, one token later.

    Returns:
        Logits (B, V), float32.
    """
    starts = [0] * len(texts) if cache is None else cache.lengths
    unread = [text[start:] for text, start in zip(texts, starts, strict=True)]
    counts = [len(part) for part in unread]
    longest = max(counts)
    tokens = torch.tensor([[*part, *[0] * (longest - len(part))] for part in unread], device=model.device)
    x = model.hidden_states(tokens, cache=cache)  # (B, T, D); what stands after a text cannot change it
    if cache is not None:
        cache.rewind([len(text) for text in texts])
    ends = torch.tensor(counts, device=model.device) - 1
    last = x[torch.arange(len(texts), device=model.device), ends]  # (B, D)
    return model.unembed(last).float()


@torch.inference_mode()
def score(model: GPT, prompt: Sequence[int], continuations: Sequence[Sequence[int]]) -> list[Tensor]:
    """How probable the model finds each of several continuations of one prompt.

    The prompt is read once; its keys and values are then shared by all continuations, which are read as one batch.

    Args:
        model: A causal model.
        prompt: Token ids, at least one.
        continuations: Token ids of each, at least one; lengths may differ.

    Returns:
        For each continuation, ln P(token | prompt, earlier tokens) of its tokens (n,); the sum is ln P(continuation).

    Raises:
        ValueError: Something is empty, or too long for the context.
    """
    longest = max((len(each) for each in continuations), default=0)
    if not prompt or not longest or not all(continuations):
        raise ValueError("score needs a prompt and at least one continuation, none of them empty")
    if len(prompt) + longest > model.config.context + 1:  # the last token is judged, not read
        raise ValueError(
            f"prompt ({len(prompt)} tokens) and longest continuation ({longest}) do not fit the context of "
            f"{model.config.context}; shorten the prompt"
        )
    rows = len(continuations)
    capacity = len(prompt) + longest - 1
    cache = model.new_cache(rows, capacity)
    if len(prompt) > 1:
        reading = model.new_cache(1, capacity)
        model.hidden_states(torch.tensor([prompt[:-1]], device=model.device), cache=reading)
        snapshot = reading.snapshot()
        for row in range(rows):
            cache.restore(row, snapshot)
    # Each token is judged by what stands before it: the prompt's last token, then the continuation but its last.
    before = [[prompt[-1], *each[:-1], *[0] * (longest - len(each))] for each in continuations]
    x = model.hidden_states(torch.tensor(before, device=model.device), cache=cache)  # (B, T, D)
    found = []
    for row, tokens in enumerate(continuations):  # row by row: B × T × V numbers at once could fill the memory
        logprobs = model.unembed(x[row, : len(tokens)]).float().log_softmax(dim=-1)  # (n, V)
        found.append(logprobs.gather(-1, torch.tensor(tokens, device=x.device)[:, None])[:, 0])
    return found
