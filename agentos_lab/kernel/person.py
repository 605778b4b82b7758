"""The person: whom agents ask, and who allows or denies what the rules leave open."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import count
from typing import Any, Literal

from .process import Process
from .reply import Failed

__all__ = ["Person", "Question"]


@dataclass(frozen=True)
class Question:
    """Something that the person is asked.

    Attributes:
        number: To answer it by (`Kernel.answer`).
        pid, name: Who asks, or wants to do what needs permission.
        text: The question.
        options: Possible answers; empty: any.
        permission: Whether it is the kernel that asks, for an access rule.
    """

    number: int
    pid: str
    name: str
    text: str
    options: tuple[str, ...]
    permission: bool

    def __str__(self) -> str:
        choice = f" ({' | '.join(map(str, self.options))})" if self.options else ""
        return f"[{self.number}] {self.name} (process {self.pid}): {self.text}{choice}"


@dataclass
class Person:
    """The open questions, and who answers them.

    Attributes:
        answers: A function of a `Question`; ``"later"``: somebody calls `Kernel.answer`; None: nobody.
        questions: Those that are open, by number.
    """

    answers: Callable[[Question], Any] | Literal["later"] | None = None
    questions: dict[int, Question] = field(default_factory=dict)
    _numbers: Any = field(default_factory=lambda: count(1), repr=False)

    def ask(self, process: Process, text: str, options: Iterable[str], permission: bool) -> Question | Failed:
        """Open a question; the failure if there is nobody to answer it: what needs permission is denied."""
        if self.answers is None and permission:
            return Failed("AccessDenied", f"{text} needs a person's permission, and nobody is there to give it")
        if self.answers is None:
            return Failed("NobodyAnswers", "there is no person to ask; give Kernel(person=…) a function")
        question = Question(next(self._numbers), process.pid, process.name, text, tuple(options), permission)
        self.questions[question.number] = question
        return question

    def close(self, number: int) -> Question:
        """Take a question from the list; ValueError when it is not open."""
        if number not in self.questions:
            raise ValueError(f"there is no open question {number}; open are {list(self.questions) or 'none'}")
        return self.questions.pop(number)

    def withdraw(self, pid: str) -> None:
        """A process wants no answer any more."""
        self.questions = {number: each for number, each in self.questions.items() if each.pid != pid}
