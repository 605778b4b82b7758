r"""The notation of regular expressions, read into a tree (see `regular_expression`).

What may be written, and means what it means in Python's `re` with the flag ASCII:

    abc  \. \\ \n \t \r \f \v \xhh \uhhhh \Uhhhhhhhh     the characters themselves
    .  [a-z_]  [^"]  \d \w \s  \D \W \S                  one character of a class (`.` is all but newline)
    (…)  (?:…)  a|b  a*  a+  a?  a{3}  a{2,}  a{2,5}     grouping, alternatives, repetition

The whole text must match, so `^` and `$` are implied (and may stand at the ends). Back-references describe languages
that are not regular; lookaround, word boundaries and flags are left out to keep this short; lazy quantifiers choose
among several matches, and where the whole text must match there is no choice.
"""

from __future__ import annotations

from collections.abc import Callable

from agentos_lab.errors import ParseError

from .regular_expression import Alternation, Concatenation, Expression, Ranges, Repetition, characters, complement

__all__ = ["parse"]


def parse(pattern: str, encode: Callable[[Ranges], Expression] = characters, search: bool = False) -> Expression:
    r"""Read a regular expression (the subset in this module's docstring).

    Args:
        pattern: The pattern, e.g. ``r"-?\d+(\.\d+)?"``.
        encode: How one character of a class is written in bytes; JSON strings, which escape some, give their own.
        search: Let the match begin and end anywhere where `^` and `$` do not forbid it, as JSON Schema has it;
            by default the whole text must match.

    Raises:
        ParseError: Not in the subset; the message points at the character.
    """
    return _Parser(pattern, encode, search).parse()


_DIGIT = [(0x30, 0x39)]
_WORD = [(0x30, 0x39), (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
_SPACE = [(0x09, 0x0D), (0x20, 0x20)]
_CLASSES = {"d": _DIGIT, "w": _WORD, "s": _SPACE}
_CLASSES |= {name.upper(): complement(ranges) for name, ranges in _CLASSES.items()}
_CONTROLS = {"n": 0x0A, "t": 0x09, "r": 0x0D, "f": 0x0C, "v": 0x0B}
_HEXADECIMAL = {"x": 2, "u": 4, "U": 8}  # digits after \x, \u, \U
_DEEPEST = 100  # nested groups


class _Parser:
    """Recursive descent: alternatives, of branches, of repeated atoms."""

    def __init__(self, pattern: str, encode: Callable[[Ranges], Expression], search: bool) -> None:
        self.text, self.at, self.encode, self.search, self.depth = pattern, 0, encode, search, 0

    def parse(self) -> Expression:
        tree = self.alternatives()
        if self.at < len(self.text):
            raise self.error("this parenthesis closes nothing", r"\) for the character itself")
        return tree

    def error(self, message: str, expected: str = "", at: int | None = None) -> ParseError:
        return ParseError(message, self.text, self.at if at is None else at, expected)

    def peek(self, length: int = 1) -> str:
        return self.text[self.at : self.at + length]

    def accept(self, text: str) -> bool:
        found = self.text.startswith(text, self.at)
        self.at += len(text) * found
        return found

    def alternatives(self) -> Expression:
        options = [self.branch()]
        while self.accept("|"):
            options.append(self.branch())
        return options[0] if len(options) == 1 else Alternation(tuple(options))

    def branch(self) -> Expression:
        anything = Repetition(self.encode([(0, 0x10FFFF)]))
        outermost = self.depth == 0
        from_start = outermost and self.accept("^")
        parts, to_end = [], False
        while self.peek() not in ("", "|", ")"):
            if outermost and self.peek() == "$" and self.peek(2) in ("$", "$|"):
                to_end = self.accept("$")
            else:
                parts.append(self.repeated())
        before = [anything] if self.search and outermost and not from_start else []
        after = [anything] if self.search and outermost and not to_end else []
        return Concatenation((*before, *parts, *after))

    def repeated(self) -> Expression:
        atom = self.atom()
        start, counts = self.at, self.quantifier()
        if counts is None:
            return atom
        if self.peek() in ("?", "+"):
            raise self.error(
                "lazy and possessive quantifiers choose among matches; here there is no choice", "no second mark"
            )
        if self.peek() in ("*", "{"):
            raise self.error("a repetition of a repetition", "a group: (…)")
        if counts[1] is not None and counts[0] > counts[1]:
            raise self.error(f"the minimum {counts[0]} exceeds the maximum {counts[1]}", "{m,n} with m <= n", start)
        return Repetition(atom, *counts)

    def quantifier(self) -> tuple[int, int | None] | None:
        for mark, counts in {"*": (0, None), "+": (1, None), "?": (0, 1)}.items():
            if self.accept(mark):
                return counts
        if not self.accept("{"):
            return None
        start = self.at - 1
        least = self.digits()
        most = self.digits() if (comma := self.accept(",")) else least
        if not self.accept("}") or (not least and not most):
            raise self.error("not a repetition count", r"{3}, {2,} or {2,5}; \{ for the brace itself", start)
        return int(least or 0), int(most) if most else None if comma else int(least)

    def digits(self) -> str:
        start = self.at
        while self.peek() in tuple("0123456789"):
            self.at += 1
        return self.text[start : self.at]

    def atom(self) -> Expression:
        start = self.at
        if self.accept("("):
            return self.group(start)
        if self.accept("["):
            return self.encode(self.character_class(start))
        if self.accept("."):
            return self.encode(complement([(0x0A, 0x0A)]))
        if self.peek() in ("*", "+", "?", "{"):
            raise self.error("nothing to repeat", rf"\{self.peek()} for the character itself")
        if self.peek() in ("^", "$"):
            raise self.error(
                "an anchor in the middle can never match; the whole text is matched anyway",
                rf"\{self.peek()} for the character itself",
            )
        return self.encode(self.character())

    def group(self, start: int) -> Expression:
        if self.accept("?") and not self.accept(":"):
            raise self.error("lookaround, flags and named groups are not supported", "(?:…) or (…)", start)
        if self.depth == _DEEPEST:
            raise self.error(f"more than {_DEEPEST} groups inside each other")
        self.depth += 1
        inside = self.alternatives()
        self.depth -= 1
        if not self.accept(")"):
            raise self.error("this parenthesis is never closed", ")", start)
        return inside

    def character(self) -> list[tuple[int, int]]:
        """One character or escape, as ranges of code points."""
        start, c = self.at, self.peek()
        self.at += 1
        if c != "\\":
            if 0xD800 <= ord(c) <= 0xDFFF:
                raise self.error("a lone surrogate is not a character", at=start)
            return [(ord(c), ord(c))]
        escaped = self.peek()
        self.at += 1
        if escaped in _CLASSES:
            return _CLASSES[escaped]
        if escaped in _CONTROLS:
            return [(_CONTROLS[escaped], _CONTROLS[escaped])]
        if escaped in _HEXADECIMAL:
            return self.hexadecimal(_HEXADECIMAL[escaped], start)
        if not escaped or escaped.isalnum():
            known = r"\d \w \s \n \t \r \f \v \xhh \uhhhh, or \ before punctuation"
            raise self.error(f"the escape \\{escaped} is not supported", known, start)
        return [(ord(escaped), ord(escaped))]

    def hexadecimal(self, count: int, start: int) -> list[tuple[int, int]]:
        digits = self.peek(count)
        if len(digits) < count or not set(digits) <= set("0123456789abcdefABCDEF"):
            raise self.error("an incomplete escape", f"{count} hexadecimal digits", start)
        code = int(digits, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise self.error(f"there is no character with code {code:X}", at=start)
        self.at += count
        return [(code, code)]

    def character_class(self, start: int) -> list[tuple[int, int]]:
        negated, ranges, first = self.accept("^"), [], True
        while first or self.peek() != "]":  # a bracket right at the start is the character itself
            if self.peek() == "":
                raise self.error("this bracket is never closed", "]", start)
            first, here = False, self.at
            low = self.character()
            if self.peek() != "-" or self.peek(2) in ("-", "-]"):  # a hyphen at the end is itself
                ranges += low
                continue
            self.at += 1
            high = self.character()
            if low[0][0] != low[-1][1] or high[0][0] != high[-1][1] or low[0][0] > high[0][0]:
                raise self.error("a range needs two single characters in order", "e.g. a-z", here)
            ranges.append((low[0][0], high[0][0]))
        self.at += 1
        return complement(ranges) if negated else ranges
