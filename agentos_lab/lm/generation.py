"""Generation: the loop that turns a predictor of the next token into a writer.

Read the prompt once, choose a token, read that token, choose the next. Prompts of different lengths share one batch:
they are padded on the right, and what the padding wrote into the cache is rewound away. Each row has its own random
numbers, so that what it says does not depend on who else is in the batch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from .decoding import Decoding, Generated, NewToken
from .gpt import GPT, expect_model, without_dropout
from .kv_cache import KVCache
from .sampling import Sampling
from .vocabulary import as_ids

if TYPE_CHECKING:
    from .constraint import Constraint

__all__ = ["generate", "next_logits", "score", "stream"]


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
        ValueError: No prompt, an empty prompt, ids outside the vocabulary, or a setting out of its range.
    """
    sampling = Sampling(temperature, top_k, top_p, min_p, repetition_penalty)
    rows = _decodings(
        model, prompts, seed, generator, stop_tokens, sampling=sampling, max_new_tokens=max_new_tokens, until=until,
        constraint=constraint,
    )  # fmt: skip
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
    rows = _decodings(
        model, [prompt], seed, generator, stop_tokens, sampling=sampling, max_new_tokens=max_new_tokens, until=until,
        constraint=constraint,
    )  # fmt: skip
    return _decode(model, rows, use_cache)


def _decodings(
    model: GPT,
    prompts: Sequence[Sequence[int]] | Tensor,
    seed: int | Sequence[int],
    generator: torch.Generator | None,
    stop_tokens: Sequence[int],
    **settings: Any,
) -> list[Decoding]:
    """One `Decoding` a prompt, after a look at everything that was given."""
    expect_model(model)
    if not model.config.causal:
        raise ValueError("a masked model sees the future and cannot generate from left to right; use a causal one")
    if isinstance(stop_tokens, int):
        raise ValueError(f"stop_tokens is a list of ids; for a single one write [{stop_tokens}]")
    rows = [prompts] if isinstance(prompts, str) else list(prompts)
    if not rows or any(isinstance(row, (int, str)) or (isinstance(row, Tensor) and row.dim() != 1) for row in rows):
        raise ValueError(
            "prompts must be a batch of token ids: at least one list, or a tensor (B, T). A single prompt is [prompt]; "
            "a text is encoded first: tokenizer.encode(text)"
        )
    return [
        Decoding(
            tuple(as_ids(row, model.config.vocab_size)), generator=torch.Generator().manual_seed(seed),
            context=model.config.context, stop_tokens=frozenset(stop_tokens), **settings,
        )
        for row, seed in zip(rows, _seeds(len(rows), seed, generator), strict=True)
    ]  # fmt: skip


def _seeds(count: int, seed: int | Sequence[int], generator: torch.Generator | None) -> list[int]:
    """One seed a row."""
    if generator is not None:
        return torch.randint(2**62, (count,), generator=generator, device=generator.device).tolist()
    if not isinstance(seed, (int, Sequence)):
        raise ValueError(f"seed must be a whole number, or a list with one for each prompt; got {seed!r}")
    seeds = [seed + row for row in range(count)] if isinstance(seed, int) else list(seed)
    if len(seeds) != count:
        raise ValueError(f"{count} prompts need one seed each, got {len(seeds)}")
    return seeds


def _decode(model: GPT, rows: list[Decoding], use_cache: bool) -> Iterator[NewToken]:
    """Go on with all rows, a token each, until every one has finished."""
    live = rows
    cache = None
    if use_cache:
        longest = max(len(row.prompt) for row in rows) + rows[0].max_new_tokens
        cache = model.new_cache(len(rows), min(longest, model.config.context))
    while live:
        logits = next_logits(model, [row.text for row in live], cache)  # (B, V)
        for row, scores in zip(live, logits, strict=True):
            new = row.step(scores)
            if new is not None:
                yield new
        going = [index for index, row in enumerate(live) if row.finish_reason is None]
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
    with without_dropout(model):
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
        ValueError: Something is empty, too long for the context, or outside the vocabulary.
    """
    expect_model(model)
    prompt = as_ids(prompt, model.config.vocab_size)
    continuations = [as_ids(each, model.config.vocab_size) for each in continuations]
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
    # Each token is judged by what stands before it: the prompt's last token, then the continuation but its last.
    before = [[prompt[-1], *each[:-1], *[0] * (longest - len(each))] for each in continuations]
    with without_dropout(model):
        if len(prompt) > 1:
            reading = model.new_cache(1, capacity)
            model.hidden_states(torch.tensor([prompt[:-1]], device=model.device), cache=reading)
            snapshot = reading.snapshot()
            for row in range(rows):
                cache.restore(row, snapshot)
        x = model.hidden_states(torch.tensor(before, device=model.device), cache=cache)  # (B, T, D)
    found = []
    for row, tokens in enumerate(continuations):  # row by row: B × T × V numbers at once could fill the memory
        logprobs = model.unembed(x[row, : len(tokens)]).float().log_softmax(dim=-1)  # (n, V)
        found.append(logprobs.gather(-1, torch.tensor(tokens, device=x.device)[:, None])[:, 0])
    return found
