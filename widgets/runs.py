"""Runs: a text with styled parts, the form that every sentence of a view has, in Python and in the browser.

``["Layer ", strong(3), ": ", code("cat"), " looks back."]`` reads "Layer 3: cat looks back.", with the number in weight
600 and the token in the code face. A `str` alone is a text without styles.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from .text_metrics import text_width

__all__ = ["Run", "Runs", "code", "counted", "plain", "rich", "runs_width", "strong", "wrap_runs"]

Run = tuple[str, str]  # (style, text); style is "" or some of "strong", "code", "quiet"
Runs = str | Sequence[Run | str]  # a text with styled parts; a str alone is plain


def strong(text: object) -> Run:
    """A run in weight 600."""
    return ("strong", str(text))


def code(text: object) -> Run:
    """A run in the code face, for tokens and code."""
    return ("code", str(text))


def counted(count: int, thing: str) -> str:
    """A number with its noun: "1 token", "2,300 tokens"."""
    return f"{count:,} {thing}{'' if count == 1 else 's'}"


def rich(runs: Runs) -> list[list[str]]:
    """A text with styled parts in the one form that JSON and JavaScript see: a list of [style, text]."""
    parts = [runs] if isinstance(runs, str) else runs
    return [["", part] if isinstance(part, str) else list(part) for part in parts]


def plain(runs: Runs | Sequence[Sequence[str]]) -> str:
    """A text with styled parts as one plain string."""
    return runs if isinstance(runs, str) else "".join(part if isinstance(part, str) else part[1] for part in runs)


def runs_width(runs: Runs, size: float = 13) -> float:
    """Width in pixels of a text with styled parts."""
    return sum(text_width(text, size, bold="strong" in style, mono="code" in style) for style, text in rich(runs))


def wrap_runs(runs: Runs, width: float, size: float = 13) -> list[list[Run]]:
    """Lines of at most `width` pixels, broken at blanks, every part in its style; a longer word gets its own line."""
    letters = [(style, letter) for style, text in rich(runs) for letter in text]
    lines: list[list[Run]] = []
    start, blank = 0, None  # where the line begins, and the last blank in it
    for at in range(len(letters)):
        if letters[at][1] == " ":
            blank = at
        if blank is not None and runs_width(letters[start : at + 1], size) > width:
            lines.append(letters[start:blank])
            start, blank = blank + 1, None
    return [_joined(line) for line in [*lines, letters[start:]]]


def _joined(letters: Sequence[Run]) -> list[Run]:
    """Neighbours of one style as one run."""
    groups = groupby(letters, key=lambda run: run[0])
    return [(style, "".join(text for _, text in group)) for style, group in groups]
