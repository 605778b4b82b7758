"""A dialogue that can be judged: a question about two numbers, to be answered by calling the right tool.

The user asks ``U: add 44 and 21``, and the policy should say ``CALL add (44,21) END``. In half of the dialogues a
tool has already answered something, and the user refers to it: ``U: min 12 and 30 T: 12 U: add that and 21`` means
``CALL add (12,21) END``. With two turns the tool's result comes back, ``T: 65``, and the policy should say
``SAY 65 END``. Whether that was right needs no judge, only a comparison: such rewards are called verifiable.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import torch

from .dialogue import DialogueTask, Prompt

__all__ = ["MEDIOCRE", "NO_SLIPS", "VOCABULARY", "Call", "Slips", "ToolCallTask", "parenthesis_share", "parse_call"]

# The 25 tokens, written so that a dialogue's text is their concatenation. The last one only fills space.
VOCABULARY = (
    *"0123456789", "(", ")", ",", " U:", " A:", " T: ", " CALL", " SAY ", " END", " add ", " max ", " min ", " and ",
    "that", "_",
)  # fmt: skip
# What each tool does.
TOOLS: dict[str, Callable[[int, int], int]] = {"add": lambda a, b: a + b, "max": max, "min": min}

_ID = {token.strip(): number for number, token in enumerate(VOCABULARY)}
_TOKEN = re.compile("|".join(re.escape(token) for token in sorted(_ID, key=len, reverse=True)) + r"|\S")
_CALL = re.compile(r"CALL (add|max|min) \((\d\d),(\d\d)\) END")


class Call(NamedTuple):
    """A tool with its arguments."""

    tool: str
    first: int
    second: int

    @property
    def result(self) -> int:
        """What the tool answers."""
        return TOOLS[self.tool](self.first, self.second)

    def __str__(self) -> str:
        return f"CALL {self.tool} ({self.first},{self.second}) END"


class Slips(NamedTuple):
    """How often a teacher goes wrong, as shares of its answers; what is left is right.

    Attributes:
        prose: Makes up an answer, ``SAY 90 END``, without asking a tool.
        bracket: Forgets the closing parenthesis.
        tool: Calls another tool.
        swapped: Swaps the arguments.
        number: Gets the first argument wrong.
    """

    prose: float = 0.0
    bracket: float = 0.0
    tool: float = 0.0
    swapped: float = 0.0
    number: float = 0.0


NO_SLIPS = Slips()  # a teacher who is always right
# A teacher who mostly makes answers up, and is right in one out of five.
MEDIOCRE = Slips(prose=0.56, bracket=0.08, tool=0.06, swapped=0.05, number=0.05)


@dataclass(frozen=True)
class ToolCallTask(DialogueTask):
    """Questions about two numbers, to be answered with a tool.

    Numbers have two digits, and so have their sums. A fifth of the pairs of numbers is held out: a policy that was
    trained on the others can be examined on these.

    Attributes:
        held_out: Whether to ask about the pairs that are held out.
        turns: 1: the call is the response. 2: the tool's result comes back, and the policy must say it.
        slips: How the demonstrations go wrong; none: they are right.
    """

    held_out: bool = False
    turns: int = 1
    slips: Slips = NO_SLIPS

    end_token = _ID["END"]
    vocabulary = VOCABULARY

    def __post_init__(self) -> None:
        if self.turns not in (1, 2):
            raise ValueError(f"turns must be 1 (the call) or 2 (the call, then the answer), got {self.turns!r}")
        if min(self.slips) < 0 or sum(self.slips) > 1:
            raise ValueError(f"slips are shares of all answers: none negative, at most 1 together; got {self.slips}")

    @property
    def max_new_tokens(self) -> int:  # type: ignore[override]
        """Room for the right response and two tokens more."""
        return 12 if self.turns == 1 else 20

    def examination(self) -> ToolCallTask:
        """The same task on the pairs that are held out."""
        return replace(self, held_out=True)

    def sample(self, generator: torch.Generator) -> Prompt:
        """A question, with an earlier one before it in half of the cases; the goal is the right `Call`."""
        while True:
            first = _integer(10, 90, generator)
            call = Call(_choice(tuple(TOOLS), generator), first, _integer(10, 100 - first, generator))
            if _is_held_out(call) == self.held_out:
                break
        if _integer(0, 2, generator):
            return Prompt(self.encode(f"U: {call.tool} {call.first} and {call.second} A:"), call)
        earlier = _call_with_result(call.first, generator)
        question = f"U: {earlier.tool} {earlier.first} and {earlier.second} T: {earlier.result}"
        return Prompt(self.encode(f"{question} U: {call.tool} that and {call.second} A:"), call)

    def reward(self, prompt: Prompt, response: Sequence[int]) -> float:
        """1 if the response is the right call (and, with two turns, then the tool's result), else 0."""
        return float(tuple(response) == self._right(prompt))

    def reply(self, prompt: Prompt, response: Sequence[int]) -> tuple[int, ...] | None:
        """The tool's result, where a result is wanted and the turn is a call."""
        call = parse_call(self.decode(response))
        if call is None or self.turns == 1 or self._has_called(prompt):
            return None
        return self.encode(f"T: {call.result} A:")

    def demonstration(self, prompt: Prompt, generator: torch.Generator) -> tuple[int, ...]:
        """What a teacher says who makes the task's `slips`; the tool's result is always passed on as it is."""
        if self._has_called(prompt):
            result = self.decode(prompt.tokens).rpartition("T: ")[2].removesuffix(" A:")
            return self.encode(f"SAY {result} END")
        return self.encode(_slip(prompt.goal, self.slips, generator))

    def encode(self, text: str) -> tuple[int, ...]:
        """Token ids of a text; blanks do not matter.

        Raises:
            ValueError: A word is none of the vocabulary.
        """
        words = _TOKEN.findall(text)
        if strange := [word for word in words if word not in _ID]:
            raise ValueError(f"no token is written {strange[0]!r}; the vocabulary is {' '.join(_ID)}")
        return tuple(_ID[word] for word in words)

    def decode(self, tokens: Sequence[int]) -> str:
        """The text of token ids."""
        return "".join(VOCABULARY[token] for token in tokens).strip()

    def _has_called(self, prompt: Prompt) -> bool:
        """Whether the last to speak was the tool, and not the user."""
        speakers = [token for token in prompt.tokens if token in (_ID["U:"], _ID["T:"])]
        return speakers[-1] == _ID["T:"]

    def _right(self, prompt: Prompt) -> tuple[int, ...]:
        call: Call = prompt.goal
        if self.turns == 1:
            return self.encode(str(call))
        return self.encode(f"{call} T: {call.result} A: SAY {call.result} END")


def parse_call(text: str) -> Call | None:
    """The call that a turn consists of; None if it is anything else."""
    found = _CALL.fullmatch(" ".join(text.split()))
    return None if found is None else Call(found[1], int(found[2]), int(found[3]))


def parenthesis_share(prompt: Prompt, response: Sequence[int]) -> float:
    """A proxy for the reward that sounds reasonable and can be cheated: the share of parentheses in the response.

    Calls have parentheses and made-up answers have none, so at first more of them means more calls.
    """
    return sum(token in (_ID["("], _ID[")"]) for token in response) / max(len(response), 1)


def _slip(call: Call, slips: Slips, generator: torch.Generator) -> str:
    """The call, or what comes out when the teacher slips."""
    point = float(torch.rand((), generator=generator))
    ends = torch.tensor(slips).cumsum(0).tolist()
    kind = next((name for name, end in zip(slips._fields, ends, strict=True) if point < end), "")
    if kind == "prose":
        return f"SAY {_integer(10, 100, generator)} END"
    if kind == "bracket":
        return str(call).replace(")", "")
    if kind == "tool":
        return str(call._replace(tool=_choice([tool for tool in TOOLS if tool != call.tool], generator)))
    if kind == "swapped":
        return str(Call(call.tool, call.second, call.first))
    if kind == "number":
        return str(call._replace(first=_integer(10, 100, generator)))
    return str(call)


def _call_with_result(result: int, generator: torch.Generator) -> Call:
    """A call of which the tool makes `result`."""
    tool = _choice(tuple(TOOLS) if result >= 20 else ("max", "min"), generator)
    if tool == "add":
        part = _integer(10, result - 9, generator)
        return Call("add", part, result - part)
    other = _integer(10, result + 1, generator) if tool == "max" else _integer(result, 100, generator)
    return Call(tool, result, other) if _integer(0, 2, generator) else Call(tool, other, result)


def _is_held_out(call: Call) -> bool:
    """Whether a pair of numbers belongs to the fifth on which nothing is trained."""
    return zlib.crc32(f"{call.first},{call.second}".encode()) % 5 == 0


def _integer(low: int, high: int, generator: torch.Generator) -> int:
    """A whole number from `low` to `high - 1`."""
    return int(torch.randint(low, high, (), generator=generator))


def _choice(options: Sequence[str], generator: torch.Generator) -> str:
    return options[_integer(0, len(options), generator)]
