"""Dialogue as a decision process: the state is the history of the dialogue, the action a response of several tokens.

An environment of games asks for one number; a dialogue asks for a sentence. Still it is the same process: the history
h is the state, the response y = (y₁, …, yₙ) the action, and its probability is a product over tokens,

    ln π(y | h) = Σₜ ln π(yₜ | h, y₁ … yₜ₋₁),

so that the gradient of the whole action is a sum over its tokens. What a tool answers is part of the history and no
deed of the policy: such turns are read, and masked out of every sum.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import torch
from torch import Tensor

__all__ = ["DialogueTask", "Dialogues", "Prompt", "gather_dialogues"]


@dataclass(frozen=True)
class Prompt:
    """The state: a dialogue's history up to the point where the policy has to speak.

    Attributes:
        tokens: The history as token ids, at least one.
        goal: What a good response must achieve, for the task's eyes only; the policy sees nothing but the tokens.
    """

    tokens: tuple[int, ...]
    goal: Any = None

    def followed_by(self, tokens: Sequence[int]) -> Prompt:
        """The longer history after further tokens; the goal stays."""
        return Prompt((*self.tokens, *tokens), self.goal)


class DialogueTask(Protocol):
    """What a policy learns to do by talking. Any object with the three methods will do.

    A class that inherits from this protocol may also give the four members that have a default here; they are read
    from any other object too, if it has them.

    Attributes:
        end_token: The token with which the policy ends its turn; None: it talks until `max_new_tokens`.
        max_new_tokens: Most tokens after the prompt, the environment's turns included.
        vocabulary: How each token is written, to show dialogues; empty: as numbers.
    """

    end_token: int | None = None
    max_new_tokens: int = 32
    vocabulary: Sequence[str] = ()

    def sample(self, generator: torch.Generator) -> Prompt:
        """A new prompt, drawn with the generator's random numbers."""
        ...

    def reward(self, prompt: Prompt, response: tuple[int, ...]) -> float:
        """What the response is worth: a finite number, 1 for success where success can be told.

        Args:
            prompt: As `sample` made it.
            response: All tokens after the prompt, the environment's turns included.
        """
        ...

    def demonstration(self, prompt: Prompt, generator: torch.Generator) -> tuple[int, ...]:
        """A response to imitate, `end_token` included; where there are several turns, the next one."""
        ...

    def reply(self, prompt: Prompt, response: tuple[int, ...]) -> tuple[int, ...] | None:
        """What the environment says to the policy's turn, such as a tool's result; None ends the dialogue.

        Args:
            prompt: The history before the turn.
            response: The turn, up to and including `end_token`.
        """
        return None


@dataclass(frozen=True)
class Dialogues:
    """A batch of dialogues: histories with the responses that followed, padded on the right to one length.

    Attributes:
        prompts: The state that each began with (B).
        tokens: Token ids (B, T): prompt, then everything after it, then padding.
        own: (B, T) bool: which tokens the policy wrote. Prompt, environment's turns and padding are not its own.
        log_prob: ln of the probability with which each own token was chosen (B, T); 0 elsewhere.
        lengths: Tokens of each dialogue without padding (B).
    """

    prompts: tuple[Prompt, ...]
    tokens: Tensor
    own: Tensor
    log_prob: Tensor
    lengths: tuple[int, ...]

    def __len__(self) -> int:
        return len(self.prompts)

    @property
    def responses(self) -> tuple[tuple[int, ...], ...]:
        """What came after each prompt, the environment's turns included."""
        rows = self.tokens.tolist()
        return tuple(
            tuple(row[len(prompt.tokens) : length])
            for prompt, row, length in zip(self.prompts, rows, self.lengths, strict=True)
        )

    @property
    def own_lengths(self) -> Tensor:
        """How many tokens of each dialogue are the policy's own (B)."""
        return self.own.sum(dim=1)

    def first(self, count: int) -> Dialogues:
        """The first `count` dialogues, without padding that only the others need."""
        longest = max(self.lengths[:count])
        tokens, own, log_prob = (part[:count, :longest] for part in (self.tokens, self.own, self.log_prob))
        return Dialogues(self.prompts[:count], tokens, own, log_prob, self.lengths[:count])

    def rewards(self, reward: Callable[[Prompt, tuple[int, ...]], float]) -> Tensor:
        """What each dialogue earns (B), float64.

        Args:
            reward: A function of prompt and response, such as ``task.reward``.

        Raises:
            ValueError: A reward is no finite number.
        """
        responses = self.responses
        told = [reward(prompt, response) for prompt, response in zip(self.prompts, responses, strict=True)]
        earned = [_as_number(worth) for worth in told]
        rewards = torch.tensor(earned, dtype=torch.float64)
        if not rewards.isfinite().all():
            row = int((~rewards.isfinite()).nonzero()[0])
            raise ValueError(
                f"the reward of the response {responses[row]} is {told[row]!r}; a reward must be a finite "
                "number, 0 for instance where a response cannot be judged"
            )
        return rewards


def gather_dialogues(
    prompts: Sequence[Prompt],
    responses: Sequence[Sequence[int]],
    own: Sequence[Sequence[bool]],
    log_prob: Sequence[Sequence[float]] | None = None,
) -> Dialogues:
    """Put dialogues of different lengths into one batch.

    Args:
        prompts: The state that each began with (B).
        responses: Token ids after each prompt.
        own: Which of these the policy wrote.
        log_prob: With which log-probability, if that is known.

    Raises:
        ValueError: A prompt is empty.
    """
    for prompt in prompts:
        check_prompt(prompt)
    starts = [len(prompt.tokens) for prompt in prompts]
    lengths = [start + len(response) for start, response in zip(starts, responses, strict=True)]
    longest = max(lengths)

    def padded(heads: Iterable[Iterable[Any]], tails: Sequence[Sequence[Any]], filler: Any) -> Tensor:
        rows = ([*head, *tail] for head, tail in zip(heads, tails, strict=True))
        return torch.tensor([row + [filler] * (longest - len(row)) for row in rows])  # (B, T)

    tokens = padded((prompt.tokens for prompt in prompts), responses, 0)  # what is behind the end is never looked at
    mask = padded(([False] * start for start in starts), own, False)
    log_prob = [[0.0] * len(response) for response in responses] if log_prob is None else log_prob
    chosen = padded(([0.0] * start for start in starts), log_prob, 0.0) * mask
    return Dialogues(tuple(prompts), tokens, mask, chosen, tuple(lengths))


def _as_number(worth: Any) -> float:
    """A reward as a number; NaN for what is none, such as None or a text."""
    try:
        return math.nan if isinstance(worth, str) else float(worth)
    except (TypeError, ValueError, RuntimeError):  # RuntimeError: a tensor of several numbers
        return math.nan


def check_task(task: Any) -> None:
    """Refuse what gives no prompts or judges no responses.

    Raises:
        ValueError: That; it names the method that is missing.
    """
    for name in ("sample", "reward"):
        if not callable(getattr(task, name, None)):
            raise ValueError(f"a task has the methods of DialogueTask; {type(task).__name__} has no {name}")


def check_prompt(prompt: Any) -> None:
    """Refuse what is no prompt to go on from.

    Raises:
        ValueError: It is of another type, or empty.
    """
    if not isinstance(prompt, Prompt):
        raise ValueError(f"a task's sample must return a Prompt, got {type(prompt).__name__}; wrap it: Prompt(tokens)")
    if not prompt.tokens:
        raise ValueError("a prompt needs at least one token for the policy to go on from")
