"""The few exceptions of our own; everywhere else bad input is a `ValueError` that says what, where and what to do."""

from __future__ import annotations

__all__ = ["AccessDenied", "BudgetExceeded", "IdentificationError", "ParseError", "ToolFailed"]


_LONGEST = 200  # characters of a line that a message shows


class ParseError(ValueError):
    """Text that does not follow its grammar; the message shows the line with a caret under the character.

    Args:
        message: What is wrong, e.g. ``"unbalanced parenthesis"``.
        text: The whole text that was read.
        position: Index into `text` (0-based) of the offending character; `len(text)` means the end.
        expected: What could have stood there, in words; may be empty.
    """

    def __init__(self, message: str, text: str, position: int, expected: str = "") -> None:
        self.message, self.text, self.position, self.expected = message, text, position, expected
        super().__init__(message)

    @property
    def line(self) -> int:
        """Line of the offending character, counted from 1."""
        return self.text.count("\n", 0, self.position) + 1

    @property
    def column(self) -> int:
        """Column of the offending character, counted from 1."""
        return self.position - (self.text.rfind("\n", 0, self.position) + 1) + 1

    def __str__(self) -> str:
        shown = self.text.split("\n")[self.line - 1].rstrip("\r")
        where = f"line {self.line}, column {self.column}"
        hint = f" (expected {self.expected})" if self.expected else ""
        place = self.column - 1
        if len(shown) > _LONGEST:  # the neighbourhood alone
            start = max(0, min(place - _LONGEST // 2, len(shown) - _LONGEST))
            end = start + _LONGEST
            shown = "…" * (start > 0) + shown[start:end] + "…" * (end < len(shown))
            place += (start > 0) - start
        before = "".join("\t" if character == "\t" else " " for character in shown[:place])
        return f"{self.message} at {where}{hint}\n    {shown}\n    {before}^"

    def __reduce__(self) -> tuple[type[ParseError], tuple[str, str, int, str]]:
        return type(self), (self.message, self.text, self.position, self.expected)


class IdentificationError(ValueError):
    """The estimand of a quantity that is not identifiable was asked for."""


class AccessDenied(PermissionError):
    """A process asked for something outside its privileges."""


class ToolFailed(RuntimeError):
    """A tool raised, returned rubbish, ran out of time or was killed; the message says which."""


class BudgetExceeded(RuntimeError):
    """A process used up its tokens, ticks, tool calls or memory."""
