"""Sampling dialogues: the policy speaks token by token, the environment answers, until somebody ends it.

All dialogues of a batch go on at the same time, one token each. Where the environment replies, its tokens stand in a
queue and are read one at a time instead of being drawn, so that no dialogue waits for another. A policy with a KV
cache reads each prompt once for all its samples, and then one token a step; one without reads all again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from .dialogue import Dialogues, DialogueTask, Prompt, check_prompt, gather_dialogues
from .settings import check_count

__all__ = ["TokenPolicy", "sample_dialogues"]


class TokenPolicy(Protocol):
    """Anything that scores next tokens: called with token ids (B, T), it returns logits (B, T, V).

    ``logits[b, t]`` scores what stands at t + 1 and must not depend on later tokens. If the policy has a method
    ``new_cache(batch, capacity)``, it is called with ``cache=`` while sampling, and the cache must know
    ``rewind(lengths)`` and ``select(rows)``.
    """

    def __call__(self, tokens: Tensor, /) -> Tensor:
        """Logits (B, T, V) of the next tokens."""
        ...


@torch.no_grad()
def sample_dialogues(
    policy: TokenPolicy,
    task: DialogueTask,
    prompts: Sequence[Prompt],
    *,
    samples: int = 1,
    greedy: bool = False,
    max_new_tokens: int | None = None,
    generator: torch.Generator | None = None,
) -> Dialogues:
    """Let the policy speak: every prompt `samples` times, to the end of each dialogue.

    Args:
        policy: Scores next tokens.
        task: Says where a turn ends and what the environment replies.
        prompts: Where the dialogues begin (Q).
        samples: How many to draw from each prompt (G).
        greedy: Take the most probable token instead of drawing one.
        max_new_tokens: Most tokens after the prompt; None: as the task says.
        generator: Source of the random numbers; greedy dialogues need none.

    Returns:
        Q·G dialogues; those of one prompt stand next to each other.

    Raises:
        ValueError: No prompt, no generator, or scores that are no numbers.
    """
    if not prompts:
        raise ValueError("there is no prompt to go on from; give at least one")
    for prompt in prompts:
        check_prompt(prompt)
    if generator is None and not greedy:
        raise ValueError("drawing tokens needs random numbers: give generator=torch.Generator().manual_seed(0)")
    limit = getattr(task, "max_new_tokens", DialogueTask.max_new_tokens) if max_new_tokens is None else max_new_tokens
    check_count("max_new_tokens", limit)
    check_count("samples", samples)
    speakers = [_Speaker(prompt, task, limit) for prompt in prompts for _ in range(samples)]
    reader = _Reader(policy, [prompt.tokens for prompt in prompts], samples, limit)
    live = speakers
    while True:
        log_prob = _log_probabilities(reader.logits)  # (n, V)
        chosen = log_prob.argmax(dim=-1) if greedy else torch.multinomial(log_prob.exp(), 1, generator=generator)[:, 0]
        told = log_prob.gather(-1, chosen[:, None])[:, 0].tolist()
        for speaker, token, value in zip(live, chosen.tolist(), told, strict=True):
            speaker.hear(token, value)
        going = [row for row, speaker in enumerate(live) if not speaker.ended]
        if not going:
            break
        live = [live[row] for row in going]
        reader.read(going, [speaker.response[-1] for speaker in live])
    return gather_dialogues(
        [speaker.prompt for speaker in speakers],
        [speaker.response for speaker in speakers],
        [speaker.own for speaker in speakers],
        [speaker.log_prob for speaker in speakers],
    )


class _Speaker:
    """One dialogue on its way: what was said after the prompt, by whom, and what the environment has yet to say."""

    def __init__(self, prompt: Prompt, task: DialogueTask, limit: int) -> None:
        self.prompt, self.task, self.limit = prompt, task, limit
        self.end = getattr(task, "end_token", None)
        self.response: list[int] = []
        self.own: list[bool] = []
        self.log_prob: list[float] = []
        self.waiting: deque[int] = deque()  # tokens of the environment that are still to be read
        self.turn = 0  # where the policy's current turn began in the response
        self.ended = False

    def hear(self, token: int, log_prob: float) -> None:
        """Go on by one token: the environment's next one if it is speaking, else the policy's choice."""
        own = not self.waiting
        self.response.append(token if own else self.waiting.popleft())
        self.own.append(own)
        self.log_prob.append(log_prob if own else 0.0)
        if own and token == self.end:
            self._end_turn()
        elif not own and not self.waiting:
            self.turn = len(self.response)
        self.ended = self.ended or len(self.response) >= self.limit

    def _end_turn(self) -> None:
        """The policy has finished its turn: the environment replies, or the dialogue is over."""
        history = self.prompt.followed_by(self.response[: self.turn])
        reply = reply_of(self.task, history, tuple(self.response[self.turn :]))
        self.waiting.extend(reply)
        self.ended = not reply


def reply_of(task: DialogueTask, prompt: Prompt, response: tuple[int, ...]) -> tuple[int, ...]:
    """The environment's reply to a turn; empty where the dialogue is over, and for tasks without replies."""
    reply = getattr(task, "reply", None)
    return () if reply is None else tuple(reply(prompt, response) or ())


class _Reader:
    """What the policy expects next in each row, with a KV cache if the policy has one.

    Args:
        policy: Scores next tokens.
        prompts: Token ids (Q).
        samples: Rows for each prompt.
        room: Tokens that may follow a prompt.
    """

    def __init__(self, policy: Any, prompts: Sequence[Sequence[int]], samples: int, room: int) -> None:
        self.policy, self.device = policy, device_of(policy)
        self.cache: Any = None
        rows = [row for row in range(len(prompts)) for _ in range(samples)]
        longest = max(map(len, prompts))
        context = getattr(getattr(policy, "config", None), "context", longest + room)
        if longest + room > context:
            raise ValueError(
                f"a prompt of {longest} tokens and {room} more do not fit the policy's context of {context}; "
                "set max_new_tokens lower, or make the policy with a longer context"
            )
        if hasattr(policy, "new_cache"):
            self.cache = policy.new_cache(len(prompts), longest + room)
        logits = self._last_logits(prompts)  # (Q, V)
        if self.cache is not None:
            self.cache.rewind([len(prompt) for prompt in prompts])  # what the padding wrote
            self.cache.select(rows)  # the samples of a prompt share what was read
        self.logits = logits[torch.tensor(rows)]  # (Q·G, V)
        self.texts = [list(prompts[row]) for row in rows]

    def read(self, rows: Sequence[int], tokens: Sequence[int]) -> None:
        """Keep some of the rows, and read one more token in each."""
        self.texts = [[*self.texts[row], token] for row, token in zip(rows, tokens, strict=True)]
        if self.cache is None:
            self.logits = self._last_logits(self.texts)
            return
        if len(rows) < len(self.logits):
            self.cache.select(rows)
        self.logits = self._last_logits([[token] for token in tokens])

    def _last_logits(self, texts: Sequence[Sequence[int]]) -> Tensor:
        """Scores of what follows the last token of each text (B, V), on the CPU."""
        longest = max(map(len, texts))
        tokens = torch.tensor([[*text, *[0] * (longest - len(text))] for text in texts], device=self.device)
        logits = self.policy(tokens) if self.cache is None else self.policy(tokens, cache=self.cache)  # (B, T, V)
        if logits.shape[:2] != tokens.shape or logits.dim() != 3:
            raise ValueError(
                f"a policy scores the next token after every token: for ids of shape {tuple(tokens.shape)} logits "
                f"(B, T, V), got {tuple(logits.shape)}"
            )
        ends = torch.tensor([len(text) - 1 for text in texts], device=self.device)
        return logits[torch.arange(len(texts), device=self.device), ends].float().cpu()


def check_trainable(policy: Any) -> None:
    """Refuse a policy that cannot learn, with a ValueError that says what to do."""
    if not isinstance(policy, nn.Module) or not any(each.requires_grad for each in policy.parameters()):
        raise ValueError(
            f"policy must be a torch module with parameters to train, got {type(policy).__name__}; if all are "
            "frozen, policy.requires_grad_(True) thaws them"
        )


def device_of(policy: Any) -> torch.device:
    """Where a policy computes; the CPU for one without parameters."""
    if not isinstance(policy, nn.Module):
        return torch.device("cpu")
    return next((parameter.device for parameter in policy.parameters()), torch.device("cpu"))


def _log_probabilities(logits: Tensor) -> Tensor:
    if not logits.amax(dim=-1).isfinite().all():
        raise ValueError(
            "the policy's scores are NaN or infinite: its parameters overflowed. Start again from the reference, "
            "with a smaller lr"
        )
    return logits.log_softmax(dim=-1)
