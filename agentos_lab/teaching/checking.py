"""Instant checks of exercises: `check` says what is wrong with an answer, not only that it is.

The checks of notebook 11 are functions in ``agentos_lab/teaching/exercises/nb11.py``, marked by `exercise`. A
check looks at the learner's answer and returns None when it is right, or a `Problem`.
"""

from __future__ import annotations

import html
import linecache
import re
import sys
import sysconfig
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from types import FunctionType, ModuleType
from typing import Any, Literal

from . import exercises
from .comparison import Problem
from .markup import chip, inline, panel, paragraph, plain

__all__ = ["CheckFailed", "CheckResult", "Exercise", "check", "exercise", "exercise_module"]

WORDS = {"right": "Right", "wrong": "Not yet", "open": "Not attempted yet"}
MARKS = {"right": "✓", "wrong": "✗", "open": "○"}
OPEN = "Write your answer in place of the `...` and run the cell again."

PACKAGE = str(Path(__file__).parents[1])
LIBRARIES = tuple({sysconfig.get_path(name) for name in ("stdlib", "platstdlib", "purelib", "platlib")})


@dataclass(frozen=True, repr=False)
class CheckResult:
    """The verdict on one answer; true exactly when the answer is right.

    Attributes:
        name: The exercise, e.g. ``"11.causal_mask"``.
        verdict: ``"right"``, ``"wrong"`` or ``"open"`` (not attempted yet).
        message: What was seen, in one or two sentences.
        problem: The case that shows what is wrong, if there is one.
        hints: From a nudge to nearly the answer.
    """

    name: str
    verdict: Literal["right", "wrong", "open"]
    message: str
    problem: Problem | None = None
    hints: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.verdict == "right"

    def require(self) -> None:
        """Raise `CheckFailed` unless the answer is right: the form for tests that are marked."""
        if not self:
            raise CheckFailed(self)

    def __str__(self) -> str:
        text = plain(f"{MARKS[self.verdict]} {self.name} · {WORDS[self.verdict]}. {self.message}")
        lines = [text.rstrip(), *(f"  {name}:{_indented(value)}" for name, value in self._evidence())]
        if self.hints:
            lines.append(f"  hint: {plain(self.hints[0])}")
        return "\n".join(lines)

    __repr__ = __str__

    def _evidence(self) -> list[tuple[str, str]]:
        found = self.problem
        rows = [("where", found.case), ("yours", found.yours), ("expected", found.expected)] if found else []
        return [(name, value) for name, value in rows if value]

    def _repr_html_(self) -> str:
        word = WORDS[self.verdict]
        parts = [paragraph(f"{chip(word, self.verdict)} {inline(self.message)}")]
        if evidence := self._evidence():
            cell = '<td style="text-align:left;vertical-align:top"><pre style="margin:0">{}</pre></td>'
            rows = (
                f'<tr><th scope="row" style="text-align:left;vertical-align:top">{name}</th>'
                f"{cell.format(html.escape(value))}</tr>"
                for name, value in evidence
            )
            parts.append(f"<table>{''.join(rows)}</table>")
        for number, hint in enumerate(self.hints, 1):
            parts.append(f"<details><summary>Hint {number}</summary>{paragraph(inline(hint))}</details>")
        return panel("".join(parts), self.verdict, f"Check of {self.name}: {word}")


class CheckFailed(AssertionError):
    """An answer that had to be right is not; the message is the check's, without a traceback in a notebook."""

    def __init__(self, result: CheckResult) -> None:
        self.result = result
        super().__init__(str(result))

    def __reduce__(self) -> tuple[type[CheckFailed], tuple[CheckResult]]:
        return type(self), (self.result,)

    def _render_traceback_(self) -> list[str]:
        return str(self.result).split("\n")


@dataclass(frozen=True)
class Exercise:
    """An exercise: its name in the notebook, its points, its hints, and the function that looks at an answer."""

    name: str
    look: Callable[[Any], Problem | None]
    points: float = 1
    hints: tuple[str, ...] = ()
    right: str = ""


def exercise(
    name: str, *, points: float = 1, hints: tuple[str, ...] = (), right: str = ""
) -> Callable[[Callable[[Any], Problem | None]], Exercise]:
    """Mark a function as the check of an exercise.

    Args:
        name: Its name in the notebook, without the number.
        points: What passing it is worth; the notebook's test cell says the same.
        hints: From a nudge to nearly the answer; shown folded, one below the other, with a wrong answer.
        right: What to say to a right answer: what has now been shown.
    """

    def mark(look: Callable[[Any], Problem | None]) -> Exercise:
        return Exercise(name, look, points, hints, right)

    return mark


def check(name: str | Exercise, answer: Any) -> CheckResult:
    """Say whether an answer is right and, if not, what is wrong with it.

    Args:
        name: Notebook's number and exercise, e.g. ``"11.causal_mask"``; or an `Exercise` of your own.
        answer: The learner's function, class or value. `...` and functions that are still `...` count as not
            attempted yet, and so does `NotImplementedError`.

    Returns:
        A `CheckResult`, true when the answer is right.

    Raises:
        ValueError: If there is no such exercise.
    """
    task = name if isinstance(name, Exercise) else _find(name)
    called = task.name if isinstance(name, Exercise) else name
    if answer is None or answer is Ellipsis or _is_stub(answer):
        return CheckResult(called, "open", OPEN)
    try:
        problem = task.look(answer)
    except NotImplementedError:
        return CheckResult(called, "open", OPEN)
    except Exception as error:
        problem = _learners_error(error, answer)
        if problem is None:
            raise
        if "ellipsis" in str(error).lower():
            return CheckResult(called, "open", f"A `...` is left to fill in. {problem.message}", problem)
    if problem is None:
        return CheckResult(called, "right", task.right)
    return CheckResult(called, "wrong", problem.message, problem, task.hints)


def exercise_module(number: str) -> ModuleType:
    """The module with the exercises and the quiz of notebook `number`, e.g. ``"11"``.

    Raises:
        ValueError: If that notebook has none.
    """
    known = sorted(module.name[2:] for module in iter_modules(exercises.__path__) if module.name[:2] == "nb")
    if number not in known:
        raise ValueError(f"there are no exercises for notebook {number!r}; there are for: {', '.join(known)}")
    return import_module(f"{exercises.__name__}.nb{number}")


def _find(name: str) -> Exercise:
    number, dot, short = name.partition(".")
    if not dot:
        raise ValueError(f"an exercise is named like '11.causal_mask' (notebook, dot, exercise), not {name!r}")
    tasks = {task.name: task for task in vars(exercise_module(number)).values() if isinstance(task, Exercise)}
    if short not in tasks:
        close = get_close_matches(short, tasks, n=1, cutoff=0.5)
        hint = f"did you mean '{number}.{close[0]}'?" if close else f"there are: {', '.join(tasks)}"
        raise ValueError(f"notebook {number} has no exercise {short!r}; {hint}")
    return tasks[short]


def _is_stub(answer: Any) -> bool:
    """Whether a function, or a method of a class, has no body but `...`, `pass` or a docstring."""

    def bare() -> None: ...

    def documented() -> None:
        """Say something."""

    members = vars(answer).values() if isinstance(answer, type) else [answer]
    bodies = {bare.__code__.co_code, documented.__code__.co_code}
    return any(
        isinstance(member, FunctionType)
        and member.__code__.co_code in bodies
        and all(constant in (None, ..., member.__doc__) for constant in member.__code__.co_consts)
        for member in members
    )


def _learners_error(error: Exception, answer: Any) -> Problem | None:
    """The error in the learner's own words and line; None when it did not come from the learner's code."""
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if _is_learners(frame.filename)]
    said = re.sub(r"0x[0-9a-fA-F]+", "0x…", str(error)) or "no message"
    kind = type(error).__name__
    if frames:
        line = linecache.getline(frames[-1].filename, frames[-1].lineno or 0).strip()
        return Problem(f"Your code stopped with {kind}: {said}", case=f"line {frames[-1].lineno}: {line}")
    name = getattr(answer, "__qualname__", "")
    if isinstance(error, TypeError) and name and said.startswith((f"{name}()", f"{name}.__init__()")):
        return Problem(f"Your code could not be called with the arguments of the exercise: {said}.")
    return None


def _is_learners(filename: str) -> bool:
    libraries = (PACKAGE, sys.prefix, *LIBRARIES)
    return not filename.startswith(("<frozen", "<__array_function__", *libraries))


def _indented(value: str) -> str:
    return f" {value}" if "\n" not in value else "\n    " + value.replace("\n", "\n    ")
