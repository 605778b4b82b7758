"""Policies that talk, and are small enough to know everything about them."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import torch
from torch import Tensor, nn

from agentos_lab.rl.dialogue import Prompt
from agentos_lab.rl.tool_call_task import ToolCallTask


class Table(nn.Module):
    """Looks up the next token's scores by position and last token. Behind a prompt of one token, two tokens long,
    that is every distribution over responses that there is.

    Args:
        seed: Of the scores.
        length: Longest dialogue.
        size: Vocabulary V.
    """

    def __init__(self, seed: int = 0, length: int = 3, size: int = 3) -> None:
        super().__init__()
        scores = torch.randn(length, size, size, generator=torch.Generator().manual_seed(seed), dtype=torch.float64)
        self.scores = nn.Parameter(scores)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.scores[torch.arange(tokens.shape[1]), tokens]  # (B, T, V)

    def log_prob(self, prompt: Sequence[int], response: Sequence[int]) -> Tensor:
        """ln π(response | prompt), spelled out as a sum over tokens."""
        text = [*prompt, *response]
        steps = range(len(prompt), len(text))
        return sum(self.scores[t - 1, text[t - 1]].log_softmax(-1)[text[t]] for t in steps)


class Guess:
    """A task on `Table`: two tokens behind the prompt (0), worth what a list of nine numbers says."""

    max_new_tokens = 2
    worth = (0.0, 1.0, 0.25, 0.0, 2.0, 0.0, -1.0, 0.5, 0.0)
    responses = tuple(itertools.product(range(3), repeat=2))

    def sample(self, generator: torch.Generator) -> Prompt:
        return Prompt((0,))

    def reward(self, prompt: Prompt, response: tuple[int, ...]) -> float:
        return self.worth[self.responses.index(tuple(response))]

    def demonstration(self, prompt: Prompt, generator: torch.Generator) -> tuple[int, ...]:
        return (1, 1)


class Plain(nn.Module):
    """Another policy without its KV cache."""

    def __init__(self, policy: nn.Module) -> None:
        super().__init__()
        self.policy = policy

    def forward(self, tokens: Tensor) -> Tensor:
        return self.policy(tokens)


class Expert:
    """Says the right thing in a `ToolCallTask`, whoever else is in the batch."""

    def __init__(self, task: ToolCallTask) -> None:
        self.task = task

    def __call__(self, tokens: Tensor) -> Tensor:
        logits = torch.zeros(*tokens.shape, len(self.task.vocabulary))
        for row, column in itertools.product(range(tokens.shape[0]), range(tokens.shape[1])):
            logits[row, column, self.next_token(self.task.decode(tokens[row, : column + 1].tolist()))] = 50.0
        return logits

    def next_token(self, text: str) -> int:
        """What comes after a text that ends in the middle of our own turn; 0 where it does not."""
        history, mark, said = text.rpartition(" A:")
        if not mark:
            return 0
        if "CALL" in history:  # the tool has answered
            answer = f"SAY {history.rpartition('T: ')[2]} END"
        else:
            earlier, _, question = history.rpartition("U: ")
            tool, first, _, second = question.split()
            first = earlier.rpartition("T: ")[2].strip() if first == "that" else first
            answer = f"CALL {tool} ({first},{second}) END"
        rest = self.task.encode(answer)[len(self.task.encode(said)) :]
        return rest[0] if rest else 0
