"""Quizzes: a few questions whose wrong options are the usual misconceptions, each answered with its reason.

A quiz is plain HTML that opens and closes by itself, so that it works on a web page without a kernel, by mouse
and by keyboard.
"""

from __future__ import annotations

from dataclasses import dataclass

from .checking import exercise_module
from .markup import chip, inline, panel, paragraph, plain

__all__ = ["Option", "Question", "Quiz", "quiz"]


@dataclass(frozen=True)
class Option:
    """One possible answer, and why it is right or wrong."""

    text: str
    reason: str
    right: bool = False


@dataclass(frozen=True)
class Question:
    """A question with its options, exactly one of them right.

    Raises:
        ValueError: If not exactly one option is right, or an option gives no reason.
    """

    text: str
    options: tuple[Option, ...]

    def __post_init__(self) -> None:
        if sum(option.right for option in self.options) != 1:
            raise ValueError(f"exactly one option of a question must be right: {self.text!r}")
        if silent := [option.text for option in self.options if not option.reason.strip()]:
            raise ValueError(f"each option needs its reason; none for {silent[0]!r} in {self.text!r}")


@dataclass(frozen=True, repr=False)
class Quiz:
    """The questions of one notebook; in a notebook each option opens to its reason."""

    name: str
    questions: tuple[Question, ...]

    def __str__(self) -> str:
        lines = [f"Quiz {self.name}: {len(self.questions)} questions"]
        for number, question in enumerate(self.questions, 1):
            lines.append(f"{number}. {plain(question.text)}")
            lines += [
                f"   {letter}) {plain(option.text)}"
                for letter, option in zip("ABCDEFGH", question.options, strict=False)
            ]
        return "\n".join(lines)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        parts = []
        for number, question in enumerate(self.questions, 1):
            options = "".join(
                f'<details style="margin:2px 0 2px 16px"><summary style="cursor:pointer">{letter}. '
                f"{inline(option.text)}</summary>{_verdict(option)}</details>"
                for letter, option in zip("ABCDEFGH", question.options, strict=False)
            )
            asked = f"<strong>{number}. {inline(question.text)}</strong>"
            parts.append(paragraph(asked, margin="16px 0 4px") + options)
        title = paragraph("Decide first, then open your option for its reason.")
        return panel(title + "".join(parts), "chosen", f"Quiz {self.name}")


def quiz(number: str) -> Quiz:
    """The quiz of a notebook, e.g. ``quiz("11")``.

    Raises:
        ValueError: If that notebook has no quiz.
    """
    questions = getattr(exercise_module(number), "QUIZ", None)
    if not questions:
        raise ValueError(f"notebook {number} has no quiz: its module of exercises defines no QUIZ")
    return Quiz(number, tuple(questions))


def _verdict(option: Option) -> str:
    word, kind = ("Right", "right") if option.right else ("Not this one", "wrong")
    return paragraph(f"{chip(word, kind)} {inline(option.reason)}", margin="4px 0 8px 16px")
