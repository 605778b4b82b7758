"""Replies: how the kernel answers a system call, success and failure alike.

Inside the kernel a failure is a value, `Failed`, that travels to its caller like any other reply and is written to the
journal like any other. Only at the agent's `await` does it become an exception. So no failing handler can leave its
caller waiting, and none can stop the kernel.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from agentos_lab.errors import AccessDenied, BudgetExceeded, ToolFailed

__all__ = [
    "Cancelled", "CoreFailed", "Deadlock", "Failed", "NobodyAnswers", "Ok", "ProcessFailed", "Reply", "StorageFailed",
]  # fmt: skip


class Cancelled(RuntimeError):
    """Somebody cancelled the process: it may tidy up, and should end."""


class CoreFailed(RuntimeError):
    """The language core could not serve a request, even alone and for a second time."""


class Deadlock(RuntimeError):
    """Processes wait for each other in a ring; the message names them."""


class NobodyAnswers(RuntimeError):
    """A person was asked and there is none, or nobody is left who could send the message that is waited for."""


class ProcessFailed(RuntimeError):
    """The process that was waited for ended with an error."""


class StorageFailed(RuntimeError):
    """What was to be kept could not be written, or what was asked for is not there."""


_ERRORS: dict[str, type[Exception]] = {
    error.__name__: error
    for error in (
        AccessDenied, BudgetExceeded, Cancelled, CoreFailed, Deadlock, NobodyAnswers, ProcessFailed, StorageFailed,
        ToolFailed, TypeError, ValueError,
    )
}  # fmt: skip


@dataclass(frozen=True)
class Ok:
    """It worked.

    Attributes:
        value: What the agent gets: JSON (text, numbers, lists, mappings, None).
    """

    value: Any = None


@dataclass(frozen=True)
class Failed:
    """It did not work.

    Attributes:
        kind: Name of the exception that the agent sees: ToolFailed, AccessDenied, BudgetExceeded, …
        message: What was wrong, where, and what to do.
    """

    kind: str
    message: str

    @classmethod
    def of(cls, error: BaseException) -> Failed:
        """The failure that an exception is, under the nearest name that agents know."""
        known = [base.__name__ for base in type(error).__mro__ if base.__name__ in _ERRORS]
        return cls(known[0] if known else type(error).__name__, message_of(error))

    def error(self) -> Exception:
        """The exception that is raised in the agent."""
        return _ERRORS.get(self.kind, RuntimeError)(self.message)


def message_of(error: BaseException) -> str:
    """What an error says of itself; an agent can make one that cannot even do that."""
    try:
        return str(error)
    except Exception:
        return "an error without words"


class Reply(str):
    """What the language core wrote: a text, with the tokens that it consists of.

    Attributes:
        tokens: Their ids.
        logprobs: Natural logarithm of the model's own probability for each.
        finish_reason: Why it ended: ``"stop"``, ``"length"``, ``"context"`` or ``"constraint"``.
    """

    tokens: tuple[int, ...]
    logprobs: tuple[float, ...]
    finish_reason: str

    def __new__(
        cls, text: str, tokens: tuple[int, ...] = (), logprobs: tuple[float, ...] = (), finish_reason: str = "stop"
    ) -> Reply:
        """Text and tokens together."""
        reply = super().__new__(cls, text)
        reply.tokens, reply.logprobs, reply.finish_reason = tuple(tokens), tuple(logprobs), finish_reason
        return reply
